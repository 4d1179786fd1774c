//! Moves the write-ahead log into the database file on a thread and connection of its own, so that no commit ever pays for it.

use super::{StoreError, writer::Jobs};
use rusqlite::Connection;
use std::{
    path::{Path, PathBuf},
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// How often the log is looked at, which costs nothing …
const LOOK: Duration = Duration::from_millis(100);
/// … and how many looks lie between two copies of a log that does not outgrow itself, or rests.
const STEADY: u32 = 10;
const RESTED: u32 = 300;
/// Below this a checkpoint is not worth its fsyncs, unless the log has rested for a while.
const WORTHWHILE: u64 = 4 << 20;
/// Pages (of 4 KiB) in the log above which it must be started over (RD5: at most 64 MiB).
const TOO_LONG: i64 = 4_096;
/// So few pages the writer copies itself …
const LITTLE: i64 = 512;
/// … or however many are left after so many passes.
const PASSES: u32 = 3;

/// Dropping it stops the thread.
pub struct Checkpointer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpointer {
    pub fn start(path: &Path, writer: Jobs) -> Result<Checkpointer, StoreError> {
        let conn = Connection::open(path)?;
        conn.execute_batch("PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;")?;
        let wal = PathBuf::from(format!("{}-wal", path.display()));
        let (stop, stopped) = channel::<()>();
        let work = move || {
            let (mut size, mut written, mut looks, mut heavy) = (0, None, 0, false);
            while stopped.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                let Ok(meta) = std::fs::metadata(&wal) else { continue };
                let grows = meta.len() > size && meta.len() >= WORTHWHILE;
                let changed = meta.modified().ok() != written;
                (size, looks) = (meta.len(), looks + 1);
                let steady = changed && size >= WORTHWHILE && looks >= STEADY;
                if grows || heavy || steady || (changed && looks >= RESTED) {
                    (written, looks) = (meta.modified().ok(), 0);
                    heavy = step(&conn, &writer);
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

/// Whether somebody writes as much as an import does. SQLite starts the log over at the first write that finds all of it copied and nobody
/// reading it; beside a writer who never rests that moment does not come, so he copies the last little himself, between two
/// transactions. Waiting for him with a lock (RESTART) would hold him out for as long as the disk likes.
fn step(conn: &Connection, writer: &Jobs) -> bool {
    let mut pages = copied(conn);
    if pages <= TOO_LONG {
        return false;
    }
    for _ in 0..PASSES {
        let before = std::mem::replace(&mut pages, copied(conn));
        if pages - before < LITTLE {
            break;
        }
    }
    writer.desk(Box::new(|conn| {
        copied(conn);
    }));
    true
}

/// Pages of the log that are in the database file now. Waits for nobody.
fn copied(conn: &Connection) -> i64 {
    let begun = Instant::now();
    let outcome = conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(2));
    let pages = outcome.unwrap_or_else(|error| {
        tracing::warn!(%error, "checkpoint postponed");
        0
    });
    tracing::debug!(pages, micros = begun.elapsed().as_micros() as u64, "checkpoint");
    pages
}
