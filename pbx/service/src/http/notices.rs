//! 公告 for their readers, and a supervisor's line of text to an agent's page.

use super::{
    caller::Caller,
    face::Face,
    problem::{Named, Problem},
};
use crate::desk::{Who, audit, notices, now, page};
use axum::{Json, extract::State, http::StatusCode};
use hutong_api::{Refusal, SeatId, live::ServerMsg, page::Notice};

/// Longest line of text, in characters.
const LONGEST: usize = 500;

pub async fn mine(State(face): State<Face>, caller: Caller) -> Result<Json<Vec<Notice>>, Problem> {
    Ok(Json(face.read(move |conn| notices::mine(conn, &caller)).await?))
}

pub async fn read(State(face): State<Face>, caller: Caller, Named(id): Named<i64>) -> Result<StatusCode, Problem> {
    face.write(move |tx| notices::read(tx, &caller, id)).await?;
    Ok(StatusCode::NO_CONTENT)
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
