//! SQLite: one writer thread, a pool of readers. SQL lives only here and in desk.

mod apply;
pub(crate) mod boot;
mod checkpoint;
mod events;
pub mod leads;
mod ledger;
pub(crate) mod limits;
pub mod lock;
pub(crate) mod migrate;
pub mod office;
mod pool;
mod recordings;
pub(crate) mod report;
mod sums;
mod trunks;
mod writer;

pub use events::{recent_acks, recent_events};
pub use leads::{Leads, load_leads, redialled};
pub use ledger::{BadRow, verify_ledger};
pub use recordings::{
    OpenRecording, Verdict, open_recordings, recording_begun, recording_closed, recording_path, recording_settled,
};
pub use sums::{Sums, sums};
pub use trunks::{dialog_of, prompts, save_dialog, sip_trunks};
pub use writer::leave;

use hutong_core::io::{Boot, Change};
use rusqlite::{Connection, Transaction};
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

/// The database's name below the data directory.
pub const FILE: &str = "hutong.db";

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the disk is full")]
    Full,
    #[error("the database was written by a newer hutong (schema {found}, known {known})")]
    Newer { found: u32, known: u32 },
    #[error("another process works on this data directory")]
    Locked,
    #[error("the writer is gone")]
    Gone,
    #[error("{0}")]
    Other(String),
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> StoreError {
        match error.kind() {
            std::io::ErrorKind::StorageFull => StoreError::Full,
            _ => StoreError::Other(error.to_string()),
        }
    }
}

/// Told on the writer thread once a turn is committed, or was refused whole.
pub type Done = Box<dyn FnOnce(Result<&Connection, &StoreError>) + Send>;

/// The handle. The last one dropped lets the writer finish what was submitted, then frees the data directory.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

/// Fields are dropped in this order: the checkpointer lets the writer go, and the lock goes last.
struct Inner {
    _checkpointer: checkpoint::Checkpointer,
    writer: writer::Writer,
    pool: pool::Pool,
    imports: Mutex<BTreeSet<(i64, i64)>>,
    data_dir: PathBuf,
    _lock: lock::DataLock,
}

impl Store {
    /// Opens or creates `data_dir/hutong.db`, migrates it (after an automatic backup), starts the writer.
    /// Errors: `Locked` while another process has this directory open, `Newer` for a later schema.
    pub fn open(data_dir: &Path) -> Result<Store, StoreError> {
        let lock = lock::DataLock::take(data_dir)?;
        let path = data_dir.join(FILE);
        let conn = migrate::open_and_migrate(&path)?;
        let writer = writer::Writer::start(conn)?;
        let jobs = writer.jobs().ok_or(StoreError::Gone)?;
        let inner = Inner {
            pool: pool::Pool::new(&path),
            _checkpointer: checkpoint::Checkpointer::start(&path, jobs)?,
            writer,
            imports: Mutex::default(),
            data_dir: data_dir.to_owned(),
            _lock: lock,
        };
        Ok(Store { inner: Arc::new(inner) })
    }

    /// What the engine starts from.
    pub fn boot(&self) -> Result<Boot, StoreError> {
        let conn = self.inner.pool.take()?;
        boot::load(&conn, now_ms())
    }

    /// The engine's lane: applies one turn's changes in one transaction (several turns may share a commit) and then calls
    /// `done` on the writer thread, in submission order, with the connection (LoadLeads is answered from there).
    /// An error means that nothing of this turn was stored; other turns of the same commit are not touched by it.
    pub fn submit(&self, changes: Vec<Change>, done: Done) {
        self.inner.writer.turn(changes, done);
    }

    /// The desk's lane: at most 50 ms of work in one transaction, behind waiting turns.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.inner.writer.desk(Box::new(move |conn| drop(tell.send(writer::transact(conn, work)))));
        told.await.unwrap_or(Err(StoreError::Gone))
    }

    /// `write` for programs without a runtime (init, admin commands).
    pub fn write_blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = std::sync::mpsc::channel();
        self.inner.writer.desk(Box::new(move |conn| drop(tell.send(writer::transact(conn, work)))));
        told.recv().unwrap_or(Err(StoreError::Gone))
    }

    /// `submit` for programs without an engine; waits for the commit.
    pub fn submit_blocking(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        let (tell, told) = std::sync::mpsc::channel();
        let done = move |outcome: Result<&Connection, &StoreError>| {
            drop(tell.send(outcome.map(drop).map_err(|error| match error {
                StoreError::Full => StoreError::Full,
                StoreError::Gone => StoreError::Gone,
                other => StoreError::Other(other.to_string()),
            })));
        };
        self.submit(changes, Box::new(done));
        told.recv().unwrap_or(Err(StoreError::Gone))
    }

    /// A read-only connection of the pool, on a blocking thread.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.inner.clone();
        let run = move || work(&*inner.pool.take()?);
        match tokio::task::spawn_blocking(run).await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::Other("a reader panicked".into())),
        }
    }

    pub fn data_dir(&self) -> &Path {
        &self.inner.data_dir
    }

    /// Imports now running: (company, campaign or 0).
    pub(crate) fn imports(&self) -> MutexGuard<'_, BTreeSet<(i64, i64)>> {
        self.inner.imports.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// A read-only look at a data directory that may be in use by a running service.
pub fn peek(data_dir: &Path) -> Result<Connection, StoreError> {
    pool::open_reader(&data_dir.join(FILE))
}

/// Epoch milliseconds.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The stable word of a serde unit variant (`SeatState`, `LeadPhase`, `LedgerKind` …).
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The value of a stored word; a foreign word is a damaged row.
pub(crate) fn from_word<T: serde::de::DeserializeOwned>(word: String) -> rusqlite::Result<T> {
    serde_json::from_value(serde_json::Value::String(word)).map_err(damaged)
}

pub(crate) fn damaged(error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}

#[cfg(test)]
mod tests;
