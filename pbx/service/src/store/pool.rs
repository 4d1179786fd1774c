//! Read-only connections, opened when first needed and kept. Readers see the last commit and never wait for the writer.

use super::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::{
    ops::Deref,
    path::{Path, PathBuf},
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

const READERS: usize = 4;

pub struct Pool {
    path: PathBuf,
    idle: Mutex<Idle>,
    freed: Condvar,
}

#[derive(Default)]
struct Idle {
    open: usize,
    conns: Vec<Connection>,
}

impl Pool {
    pub fn new(path: &Path) -> Pool {
        Pool { path: path.to_owned(), idle: Mutex::default(), freed: Condvar::new() }
    }

    /// Waits while all are in use. Blocks its thread.
    pub fn take(&self) -> Result<Reader<'_>, StoreError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let all_busy = |idle: &mut Idle| idle.conns.is_empty() && idle.open >= READERS;
        let mut idle = self.freed.wait_while(idle, all_busy).unwrap_or_else(PoisonError::into_inner);
        if let Some(conn) = idle.conns.pop() {
            return Ok(Reader { pool: self, conn: Some(conn) });
        }
        let conn = open_reader(&self.path)?;
        idle.open += 1;
        Ok(Reader { pool: self, conn: Some(conn) })
    }
}

pub fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.execute_batch("PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(conn)
}

/// Goes back to the pool when dropped, also by a panic.
pub struct Reader<'a> {
    pool: &'a Pool,
    conn: Option<Connection>,
}

impl Deref for Reader<'_> {
    type Target = Connection;
    #[allow(clippy::expect_used)] // Only Drop takes it.
    fn deref(&self) -> &Connection {
        self.conn.as_ref().expect("a reader has its connection until it is dropped")
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut idle = self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner);
        match self.conn.take() {
            // A transaction left open would pin the write-ahead log for ever.
            Some(conn) if conn.is_autocommit() => idle.conns.push(conn),
            _ => idle.open -= 1,
        }
        self.pool.freed.notify_one();
    }
}
