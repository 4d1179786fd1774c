//! Opening for writing: pragmas, numbered migrations over `PRAGMA user_version`, a backup before an existing file is changed.

use super::{StoreError, now_ms, report};
use rusqlite::{Connection, backup};
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
    time::Duration,
};

/// data/sql, in order; the first brings an empty file to schema 1.
pub const MIGRATIONS: &[&str] = &[
    include_str!("../../../../data/sql/001.sql"),
    include_str!("../../../../data/sql/002.sql"),
    include_str!("../../../../data/sql/003.sql"),
    include_str!("../../../../data/sql/004.sql"),
    include_str!("../../../../data/sql/005.sql"),
    include_str!("../../../../data/sql/006.sql"),
    include_str!("../../../../data/sql/007.sql"),
    include_str!("../../../../data/sql/008.sql"),
    include_str!("../../../../data/sql/009.sql"),
    include_str!("../../../../data/sql/010.sql"),
    include_str!("../../../../data/sql/011.sql"),
    include_str!("../../../../data/sql/012.sql"),
    include_str!("../../../../data/sql/013.sql"),
    include_str!("../../../../data/sql/014.sql"),
    include_str!("../../../../data/sql/015.sql"),
];

/// Holds the index of a full-size list; more would break the memory promise of an import (X16).
const CACHE_KIB: i64 = 16_384;

/// The writer's connection, at the newest schema.
pub fn open_and_migrate(path: &Path) -> Result<Connection, StoreError> {
    create_private(path)?;
    let mut conn = Connection::open(path)?;
    configure(&conn)?;
    migrate(&mut conn, path, MIGRATIONS)?;
    report::make_once(&mut conn)?;
    Ok(conn)
}

/// Secrets (trunk passwords, hashes) lie in this file: its owner alone may read it. SQLite gives -wal and -shm the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let file = OpenOptions::new().create(true).read(true).write(true).truncate(false).mode(0o600).open(path)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    Ok(())
}

fn configure(conn: &Connection) -> Result<(), StoreError> {
    conn.busy_timeout(Duration::from_secs(5))?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::Other(format!("this file system cannot keep a write-ahead log (mode {mode})")));
    }
    conn.execute_batch(&format!(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY;
         PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -{CACHE_KIB};
         PRAGMA journal_size_limit = 16777216;"
    ))?;
    conn.set_prepared_statement_cache_capacity(256);
    Ok(())
}

fn migrate(conn: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), StoreError> {
    let found: u32 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let known = migrations.len() as u32;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if found == 0 && tables > 0 {
        return Err(StoreError::Other("this file is an SQLite database, but not of hutong".into()));
    }
    if found > 0 && found < known {
        back_up(conn, path, found)?;
    }
    for (at, sql) in migrations.iter().enumerate().skip(found as usize) {
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        tx.execute_batch(sql)?;
        tx.pragma_update(None, "user_version", at as u32 + 1)?;
        tx.commit()?;
    }
    Ok(())
}

/// A whole copy beside the database, on disk before the first statement of a migration runs.
fn back_up(conn: &Connection, path: &Path, schema: u32) -> Result<(), StoreError> {
    let dir = path.parent().unwrap_or(Path::new(".")).join("backup");
    fs::create_dir_all(&dir)?;
    let target = dir.join(format!("before-migration-schema{schema}-{}.db", now_ms()));
    create_private(&target)?;
    let mut copy = Connection::open(&target)?;
    backup::Backup::new(conn, &mut copy)?.run_to_completion(1024, Duration::ZERO, None)?;
    copy.close().map_err(|(_, error)| error)?;
    fs::File::open(&target)?.sync_all()?;
    fs::File::open(&dir)?.sync_all()?;
    tracing::info!(file = %target.display(), "backed up before the migration");
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_older_file_is_backed_up_and_brought_forward() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hutong.db");
        let old = ["CREATE TABLE a (x INTEGER);"];
        let new = [old[0], "ALTER TABLE a ADD COLUMN y INTEGER;"];
        let mut conn = Connection::open(&path).unwrap();
        configure(&conn).unwrap();
        migrate(&mut conn, &path, &old).unwrap();
        conn.execute("INSERT INTO a VALUES (7)", []).unwrap();
        assert!(!dir.path().join("backup").exists(), "a new file needs no backup");
        migrate(&mut conn, &path, &new).unwrap();
        migrate(&mut conn, &path, &new).unwrap();
        assert_eq!(conn.query_row("SELECT x, y FROM a", [], |r| Ok((r.get(0)?, r.get(1)?))), Ok((7, None::<i64>)));
        let copies: Vec<_> = fs::read_dir(dir.path().join("backup")).unwrap().collect();
        assert_eq!(copies.len(), 1, "one migration, one backup");
        let copy = Connection::open(copies[0].as_ref().unwrap().path()).unwrap();
        assert_eq!(copy.query_row("SELECT x FROM a", [], |r| r.get::<_, i64>(0)), Ok(7));
        assert_eq!(copy.query_row("PRAGMA user_version", [], |r| r.get::<_, u32>(0)), Ok(1));
    }

    /// A company made before its fields, pool and rules existed has them as a new one does.
    #[test]
    fn an_old_company_gets_what_a_new_one_starts_with() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hutong.db");
        let mut conn = Connection::open(&path).unwrap();
        configure(&conn).unwrap();
        migrate(&mut conn, &path, &MIGRATIONS[..1]).unwrap();
        conn.execute_batch(
            "INSERT INTO company (code, name, created) VALUES ('old', '老', 0);
             INSERT INTO role (company_id, code, name, built_in, scope, permissions)
               VALUES (1, 'agent', '', 1, 'own', '[\"customers.view\"]'), (1, 'own', 'x', 0, 'own', '[]');
             INSERT INTO customer (company_id, mobile, category, created, updated) VALUES (1, '15400000001', '老客户', 0, 0);",
        )
        .unwrap();
        migrate(&mut conn, &path, MIGRATIONS).unwrap();
        conn.execute_batch("INSERT INTO company (code, name, created) VALUES ('new', '新', 0)").unwrap();
        let counts = |company: i64| -> (i64, i64, i64) {
            let count = |table: &str| {
                let sql = format!("SELECT count(*) FROM {table} WHERE company_id = ?1");
                conn.query_row(&sql, [company], |row| row.get(0)).unwrap()
            };
            (count("customer_field"), count("pool_setting"), count("company_rule"))
        };
        assert_eq!((counts(1), counts(2)), ((12, 1, 1), (12, 1, 1)));
        let text = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(text("SELECT name FROM category WHERE company_id = 1"), "老客户");
        let words = text("SELECT permissions FROM role WHERE code = 'agent'");
        assert!(words.contains("\"customers.view\"") && words.contains("\"public_pool.claim\""), "{words}");
        assert_eq!(text("SELECT permissions FROM role WHERE code = 'own'"), "[]", "a company's own role is its own");
    }

    #[test]
    fn a_failed_migration_changes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hutong.db");
        let mut conn = Connection::open(&path).unwrap();
        migrate(&mut conn, &path, &["CREATE TABLE a (x INTEGER);"]).unwrap();
        let broken = ["CREATE TABLE a (x INTEGER);", "CREATE TABLE b (y INTEGER); CREATE TABLE nonsense"];
        migrate(&mut conn, &path, &broken).unwrap_err();
        let tables: u32 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |r| r.get(0)).unwrap();
        assert_eq!((tables, conn.query_row("PRAGMA user_version", [], |r| r.get::<_, u32>(0))), (1, Ok(1)));
    }

    #[test]
    fn a_newer_schema_and_a_foreign_file_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hutong.db");
        let conn = Connection::open(&path).unwrap();
        conn.pragma_update(None, "user_version", 99).unwrap();
        assert!(matches!(open_and_migrate(&path), Err(StoreError::Newer { found: 99, .. })));
        conn.pragma_update(None, "user_version", 0).unwrap();
        conn.execute_batch("CREATE TABLE someone_elses (x)").unwrap();
        assert!(matches!(open_and_migrate(&path), Err(StoreError::Other(_))));
    }
}
