//! Which file a call's recording is. Only by call id, and only of calls within reach.

use super::{Answer, Who, page, pages::calls::OWNER, unknown};
use hutong_api::Refusal;
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};
use std::path::{Component, Path, PathBuf};

/// A recording that can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Below the data directory.
    pub path: PathBuf,
}

pub fn find(conn: &Connection, who: &Who, call: i64) -> Answer<Recording> {
    page::source("calls")?.fact(conn, who, call)?;
    let sql = "SELECT path FROM recording WHERE call_id = ?1 AND company_id = ?2 AND verdict IN ('saved', 'salvaged')";
    let path: Option<String> = conn.query_row(sql, [call, who.company.0], |row| row.get(0)).optional()?;
    let path = PathBuf::from(path.ok_or_else(|| super::Fault::from(Refusal::new("recording.none")))?);
    if plain(&path) { Ok(Recording { path }) } else { Err(unknown()) }
}

/// Unknown unless the call is up in this company and within reach.
pub fn open_call(conn: &Connection, who: &Who, call: i64) -> Answer<()> {
    let mut params = vec![Value::Integer(who.company.0), Value::Integer(call)];
    let reach = who.reaches(OWNER.within, OWNER.own, &mut params);
    let sql = format!("SELECT 1 FROM open_call c WHERE c.company_id = ?1 AND c.call_id = ?2 AND {reach}");
    let found: Option<i64> = conn.query_row(&sql, params_from_iter(params), |row| row.get(0)).optional()?;
    found.map(drop).ok_or_else(unknown)
}

/// No root, no drive, no "..": such a path stays below the directory it is joined to.
fn plain(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_never_leaves_the_data_directory() {
        assert!(plain(Path::new("rec/2026/06/10/17.wav")));
        for path in ["/etc/passwd", "../hutong.db", "rec/../../x", ""] {
            assert!(!plain(Path::new(path)), "{path}");
        }
    }
}
