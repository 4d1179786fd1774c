//! One's own password: the old one is asked for, so that a page left open is not enough.

use super::{
    caller::{Caller, Client},
    face::Face,
    login::LONGEST,
    problem::{Body, Problem},
};
use crate::desk::{access, audit};
use axum::{extract::State, http::StatusCode};
use hutong_api::{Refusal, page::PasswordChange};
use std::time::Instant;

pub async fn change(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Body(wish): Body<PasswordChange>,
) -> Result<StatusCode, Problem> {
    let PasswordChange { old, new } = wish;
    let key = format!("{}/{}", caller.company_code, caller.account).to_lowercase();
    face.gate.check(&key, &client.0, Instant::now())?;
    let seat = caller.seat;
    let hash = face.read(move |conn| access::password_hash(conn, seat)).await?;
    if old.len() > LONGEST || !face.gate.verify(old.clone(), Some(hash)).await? {
        face.gate.wrong(&key, &client.0, Instant::now());
        return Err(Problem::new("field.old_password"));
    }
    face.gate.right(&key, &client.0);
    if new.chars().count() < access::SHORTEST_PASSWORD || new.len() > LONGEST {
        return Err(Refusal::new("field.short_password").with("min", access::SHORTEST_PASSWORD).into());
    }
    if new == old {
        return Err(Problem::new("field.same_password"));
    }
    let hash = face.gate.hash(new).await?;
    face.write(move |tx| {
        access::set_password(tx, &caller.who, &caller.token, &hash)?;
        audit::note(tx, &caller, &client.0, "password", &format!("seat:{seat}"), "")
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}
