//! Passwords of seats made from a file: handed out once, kept nowhere (F80).

use super::csv_headers;
use crate::{
    desk::{Who, import, page},
    http::{
        caller::{Caller, Client},
        face::Face,
        problem::{Named, Problem},
        seats::random_password,
    },
};
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::BatchId;
use std::{sync::Arc, time::Duration};

/// How long passwords of new seats wait to be taken.
const PASSWORDS_KEPT: Duration = Duration::from_secs(3600);

pub(super) fn newcomers(face: &Face, who: &Who) -> import::Newcomers {
    let gate = face.clone();
    let passwords = import::Passwords::default();
    let kept = passwords.clone();
    tokio::spawn(async move {
        tokio::time::sleep(PASSWORDS_KEPT).await;
        drop(take(&kept));
    });
    import::Newcomers {
        who: who.clone(),
        hash: Arc::new(move |password| {
            let face = gate.clone();
            Box::pin(async move { face.gate.hash(password).await.map_err(|problem| problem.0) })
        }),
        random: random_password,
        passwords,
    }
}

pub(super) fn take(passwords: &import::Passwords) -> Vec<[String; 3]> {
    std::mem::take(&mut *passwords.lock().unwrap_or_else(|e| e.into_inner()))
}

/// What the seats of a file may log in with: a file that is given once and kept nowhere.
pub async fn passwords(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(batch): Named<i64>,
) -> Result<Response, Problem> {
    page::permitted(&caller, "seats", "import")?;
    let who = caller.who.clone();
    face.read(move |conn| crate::desk::imported::within_reach(conn, &who, BatchId(batch))).await?;
    let rows = face.imports.take_passwords(BatchId(batch), caller.seat);
    if rows.is_empty() {
        return Err(Problem::new("import.passwords_gone"));
    }
    let file = import::passwords_csv(&rows, caller.lang)?;
    face.audit(&caller, &client.0, "export", format!("passwords:{batch}")).await?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((headers, csv_headers(&format!("passwords-{batch}.csv")), file).into_response())
}
