//! How an import gets on, pushed to the seat's socket and told to whoever asks.

use crate::{
    desk::{import, imported},
    http::{
        caller::Caller,
        face::Face,
        hidden,
        problem::{Named, Problem},
    },
};
use axum::{Json, extract::State};
use hutong_api::{
    BatchId, SeatId,
    live::ServerMsg,
    page::{ImportStage, ImportStatus},
};
use std::{collections::BTreeMap, sync::Mutex, time::Duration};
use tokio::sync::watch;

/// Finished imports remembered for asking.
const REMEMBERED: usize = 200;
/// How long the answer to the upload waits for the batch to have a number.
const PATIENCE: Duration = Duration::from_secs(20);

/// Imports of this process by batch.
#[derive(Debug, Default)]
pub struct Imports {
    known: Mutex<BTreeMap<BatchId, Running>>,
}

/// An import as whoever began it may ask about it.
#[derive(Debug)]
struct Running {
    seat: SeatId,
    status: watch::Receiver<ImportStatus>,
    /// Of the seats it made.
    passwords: Option<import::Passwords>,
}

impl Imports {
    fn remember(&self, batch: BatchId, running: Running) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        while known.len() >= REMEMBERED {
            known.pop_first();
        }
        known.insert(batch, running);
    }

    /// What is stored of it counts from now on.
    pub(super) fn forget(&self, batch: BatchId) {
        self.known.lock().unwrap_or_else(|e| e.into_inner()).remove(&batch);
    }

    fn status(&self, batch: BatchId, seat: SeatId) -> Option<ImportStatus> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        known.get(&batch).filter(|running| running.seat == seat).map(|running| running.status.borrow().clone())
    }

    /// Once, and to whoever imported.
    pub(super) fn take_passwords(&self, batch: BatchId, seat: SeatId) -> Vec<[String; 3]> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        let running = known.get(&batch).filter(|running| running.seat == seat && over(running.status.borrow().stage));
        running.and_then(|running| running.passwords.as_ref()).map_or_else(Vec::new, super::passwords::take)
    }
}

/// Remembers the import once it has a number and pushes its progress to the seat's socket.
pub(super) async fn follow(
    face: Face,
    caller: &Caller,
    mut status: watch::Receiver<ImportStatus>,
    passwords: Option<import::Passwords>,
) -> ImportStatus {
    let (seat, hide) = (caller.seat, caller.hide_numbers);
    let named = |status: &ImportStatus| status.batch.0 != 0 || over(status.stage);
    drop(tokio::time::timeout(PATIENCE, status.wait_for(named)).await);
    let first = shown(status.borrow().clone(), hide);
    if first.batch.0 != 0 {
        face.imports.remember(first.batch, Running { seat, status: status.clone(), passwords });
    }
    tokio::spawn(async move {
        loop {
            let now = shown(status.borrow_and_update().clone(), hide);
            let ended = over(now.stage);
            face.sockets.send(seat, ServerMsg::Import(now));
            if ended || status.changed().await.is_err() {
                return;
            }
        }
    });
    first
}

/// As the asker may see it (F87).
fn shown(status: ImportStatus, hide: bool) -> ImportStatus {
    if hide { hidden::import(status) } else { status }
}

fn over(stage: ImportStage) -> bool {
    matches!(stage, ImportStage::Done | ImportStage::Refused)
}

pub async fn status(
    State(face): State<Face>,
    caller: Caller,
    Named(batch): Named<i64>,
) -> Result<Json<ImportStatus>, Problem> {
    if let Some(status) = face.imports.status(BatchId(batch), caller.seat) {
        return Ok(Json(shown(status, caller.hide_numbers)));
    }
    let found = face.read(move |conn| {
        imported::within_reach(conn, &caller, BatchId(batch))?;
        Ok(import::status(conn, caller.company, BatchId(batch))?)
    });
    found.await?.map(Json).ok_or_else(|| Problem::new("row.unknown"))
}
