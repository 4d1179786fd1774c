//! Moves the write-ahead log into the database file on a thread and connection of its own, so that no commit ever pays for it.

use super::StoreError;
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::Duration,
};

const EVERY: Duration = Duration::from_secs(1);
/// Below this a checkpoint is not worth its fsyncs, unless the log has rested for a while.
const WORTHWHILE: u64 = 4 << 20;
/// Pages (of 4 KiB) in the log above which it must be started over, even if the writer has to wait a moment
/// (RD5: at most 64 MiB).
const TOO_LONG: i64 = 8_192;
/// So few pages are copied with the writer held out …
const LITTLE: i64 = 512;
/// … or however many are left after so many passes.
const PASSES: u32 = 5;

/// Dropping it stops the thread.
pub struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub fn start(path: &Path) -> Result<Checkpointer, StoreError> {
        let conn = Connection::open(path)?;
        // Short on purpose: starting the log over holds the writer out while it waits for readers.
        conn.busy_timeout(Duration::from_millis(20))?;
        conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
        let wal = PathBuf::from(format!("{}-wal", path.display()));
        let (stop, stopped) = channel::<()>();
        let work = move || {
            let mut rest = 0;
            while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let size = std::fs::metadata(&wal).map_or(0, |meta| meta.len());
                rest = if size >= WORTHWHILE { 0 } else { rest + 1 };
                if size >= WORTHWHILE || rest % 30 == 29 {
                    step(&conn);
                }
            }
        };
        let thread = std::thread::Builder::new().name("store-checkpoint".into()).spawn(work)?;
        Ok(Checkpointer { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// Starting the log over copies what is left with the writer held out: so first all but a little is copied beside it.
fn step(conn: &Connection) {
    let outcome = copied(conn, "PASSIVE").and_then(|mut pages| {
        for _ in 0..PASSES {
            if pages <= TOO_LONG {
                return Ok(());
            }
            let before = std::mem::replace(&mut pages, copied(conn, "PASSIVE")?);
            if pages - before < LITTLE {
                break;
            }
        }
        copied(conn, "RESTART").map(drop)
    });
    if let Err(error) = outcome {
        tracing::warn!(%error, "checkpoint postponed");
    }
}

/// Pages of the log that are in the database file now.
fn copied(conn: &Connection, mode: &str) -> rusqlite::Result<i64> {
    conn.query_row(&format!("PRAGMA wal_checkpoint({mode})"), [], |row| row.get(2))
}
