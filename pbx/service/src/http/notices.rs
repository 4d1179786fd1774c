//! 公告 for their readers, and a supervisor's line of text to an agent's page.

use super::{
    caller::Caller,
    face::Face,
    problem::{Named, Problem},
};
use crate::desk::{Who, audit, notices, now, page, pages::callbacks};
use axum::{Json, extract::State, http::StatusCode};
use hutong_api::{Refusal, SeatId, live::ServerMsg, page::Notice};
use std::time::Duration;

/// Longest line of text, in characters.
const LONGEST: usize = 500;

pub async fn mine(State(face): State<Face>, caller: Caller) -> Result<Json<Vec<Notice>>, Problem> {
    Ok(Json(face.read(move |conn| notices::mine(conn, &caller)).await?))
}

pub async fn read(State(face): State<Face>, caller: Caller, Named(id): Named<i64>) -> Result<StatusCode, Problem> {
    face.write(move |tx| notices::read(tx, &caller, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Longest sleep of the clock below: a box whose time is set anew is not late by more.
const LONGEST_SLEEP: Duration = Duration::from_secs(3600);
/// And where the store did not answer.
const RETRY: Duration = Duration::from_secs(60);

/// Tells open pages of a notice when its time begins, and who promised to call again that it is time. Sleeps until the next one, or
/// until either changes.
pub async fn keep_announcing(face: Face) {
    let mut told = now();
    loop {
        let next = move |conn: &rusqlite::Connection| {
            let (notice, promise) = (notices::next(conn, told)?, callbacks::next(conn, told)?);
            Ok(notice.into_iter().chain(promise).min())
        };
        let wait = match face.read(next).await {
            Ok(Some(at)) => Duration::from_millis(u64::try_from(at - now()).unwrap_or_default()).min(LONGEST_SLEEP),
            Ok(None) => LONGEST_SLEEP,
            Err(_) => RETRY,
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = face.announce.notified() => {}
        }
        let until = now();
        if let Ok(companies) = face.read(move |conn| notices::begun(conn, told, until)).await {
            companies.into_iter().for_each(|company| face.sockets.tell_company(company, "notices"));
            remind(&face, told, until).await;
            told = until;
        }
    }
}

/// 预约回访 that falls due is told to whoever promised it.
async fn remind(face: &Face, told: i64, until: i64) {
    let due = face.read(move |conn| callbacks::fell_due(conn, told, until)).await.unwrap_or_default();
    for (company, seat, customer) in due {
        let refusal = Refusal::new("callback.due").with("customer", customer);
        face.sockets.toast(seat, &refusal);
        face.sockets.tell_company(company, "callbacks");
    }
}

/// Only to a page that is open: a line nobody reads must not look sent.
pub async fn message(face: &Face, who: &Who, client: &str, seat: SeatId, text: &str) -> Result<(), Problem> {
    if !who.may("seats.message") {
        return Err(Problem::new("permission.denied"));
    }
    let text: String = text.trim().chars().filter(|c| !c.is_control()).collect();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Refusal::new("request.text_length").with("max", LONGEST).into());
    }
    let reader = who.clone();
    face.read(move |conn| page::source("seats")?.fact(conn, &reader, seat.0)).await?;
    if !face.sockets.is_open(seat) {
        return Err(Problem::new("agent.offline"));
    }
    let (writer, from) = (who.clone(), client.to_owned());
    let text = face.write(move |tx| {
        let text = notices::message(tx, &writer, seat, &text)?;
        audit::note(tx, &writer, &from, "seats.message", &format!("seats:{seat}"), "")?;
        Ok(text)
    });
    face.sockets.send(seat, ServerMsg::Message { from: who.shown(), text: text.await?, at: now() });
    Ok(())
}
