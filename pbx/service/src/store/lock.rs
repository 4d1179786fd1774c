//! One process per data directory: an exclusive lock on a file in it, freed by the kernel however the process ends.

use super::StoreError;
use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::DirBuilderExt,
    path::Path,
};

pub const LOCK_FILE: &str = "hutong.lock";

/// Held as long as the database is open for writing.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Creates the directory where missing, for its owner alone. `StoreError::Locked` while another process holds it.
    pub fn take(data_dir: &Path) -> Result<DataLock, StoreError> {
        DirBuilder::new().recursive(true).mode(0o700).create(data_dir)?;
        let mut file =
            OpenOptions::new().create(true).read(true).write(true).truncate(false).open(data_dir.join(LOCK_FILE))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::Locked),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // The number is for people who wonder who holds it; nothing reads it back. A full disk must not stop a start.
        let _ = file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(DataLock { _file: file })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_second_taker_is_refused_until_the_first_lets_go() {
        let dir = tempfile::tempdir().unwrap();
        let first = DataLock::take(dir.path()).unwrap();
        assert!(matches!(DataLock::take(dir.path()), Err(StoreError::Locked)));
        drop(first);
        DataLock::take(dir.path()).unwrap();
    }
}
