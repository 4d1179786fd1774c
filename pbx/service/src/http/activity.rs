//! 保存 and 保存并空闲 beside a call.

use super::{
    caller::Caller,
    face::Face,
    problem::{Body, Problem},
};
use crate::desk::activity;
use axum::{Json, extract::State};
use hutong_api::{
    live::Command,
    page::{ActivityRequest, Created},
};
use hutong_core::io::Input;

pub async fn save(
    State(face): State<Face>,
    caller: Caller,
    Body(request): Body<ActivityRequest>,
) -> Result<Json<Created>, Problem> {
    caller.needs("seat.work")?;
    let call = request.call;
    let (who, then_idle) = (caller.who.clone(), request.then_idle);
    let saved = face.write(move |tx| activity::save(tx, &who, &request)).await?;
    face.tell(saved.after);
    face.app.shell.input(Input::Saved { seat: caller.seat, call });
    if then_idle {
        // The record is saved whatever the engine says to this; the seat's own view tells the agent.
        if let Err(refusal) = face.app.shell.ask(caller.actor(), Command::Idle).await {
            tracing::info!(seat = caller.seat.0, code = %refusal.code, "idle after saving refused");
        }
    }
    Ok(Json(saved.id.into()))
}
