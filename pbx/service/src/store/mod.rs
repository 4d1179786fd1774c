//! SQLite: one writer thread, a pool of readers. SQL lives only here and in desk.

use hutong_core::io::{Boot, Change};
use rusqlite::{Connection, Transaction};
use std::path::Path;

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("sqlite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the disk is full")]
    Full,
    #[error("the database was written by a newer hutong (schema {found}, known {known})")]
    Newer { found: u32, known: u32 },
    #[error("the writer is gone")]
    Gone,
    #[error("{0}")]
    Other(String),
}

#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens or creates `data_dir/hutong.db`, migrates it (after an automatic backup), starts the writer.
    pub fn open(_data_dir: &Path) -> Result<Store, StoreError> {
        Err(StoreError::Gone)
    }

    /// What the engine starts from.
    pub fn boot(&self) -> Result<Boot, StoreError> {
        Err(StoreError::Gone)
    }

    /// The engine's lane: applies one turn's changes in one transaction (several turns may share a commit) and then calls
    /// `done` on the writer thread, in submission order, with the connection (LoadLeads is answered from there).
    pub fn submit(&self, _changes: Vec<Change>, _done: Box<dyn FnOnce(Result<&Connection, &StoreError>) + Send>) {}

    /// The desk's lane: at most 50 ms of work in one transaction, behind waiting turns.
    pub async fn write<T: Send + 'static>(
        &self,
        _work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Err(StoreError::Gone)
    }

    /// A read-only connection of the pool, on a blocking thread.
    pub async fn read<T: Send + 'static>(
        &self,
        _work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        Err(StoreError::Gone)
    }
}
