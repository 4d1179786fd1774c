//! 任务监控: the engine's part comes from the board, which is fresh whether or not somebody watches it.

use super::{
    caller::Caller,
    face::Face,
    problem::{Named, Problem},
};
use crate::desk::monitor::{Seen, monitor};
use axum::{Json, extract::State};
use hutong_api::{CampaignId, board::BoardMsg, monitor::TaskMonitor};
use std::time::Duration;
use tokio::time::timeout;

/// A board that nobody watched is built within one turn of the engine.
const PATIENCE: Duration = Duration::from_secs(2);

pub async fn task(
    State(face): State<Face>,
    caller: Caller,
    Named(id): Named<i64>,
) -> Result<Json<TaskMonitor>, Problem> {
    caller.needs("campaigns.monitor")?;
    let board = fresh(&face, &caller).await?;
    let seen = Seen::of(&board, CampaignId(id)).ok_or_else(|| Problem::new("row.unknown"))?;
    Ok(Json(face.read(move |conn| monitor(conn, &caller, &seen)).await?))
}

/// The company's board as it is now.
async fn fresh(face: &Face, caller: &Caller) -> Result<BoardMsg, Problem> {
    let mut board = face.app.shell.board(caller.company);
    board.mark_unchanged();
    // One is built for every newcomer.
    match timeout(PATIENCE, board.changed()).await {
        Ok(Ok(())) => Ok(board.borrow().clone()),
        _ => Err(Problem::new("request.busy")),
    }
}
