//! The recorder's verdicts (invariant 6): a row is begun when recording starts and settled once the file is closed.

use super::{StoreError, apply::run};
use hutong_api::{CallId, CompanyId};
use hutong_core::Wall;
use rusqlite::{Connection, params};

/// A recording that the dead process left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRecording {
    pub call: CallId,
    pub company: CompanyId,
    /// Below the data directory.
    pub path: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Saved,
    /// Cut short by a crash, its header repaired at the next start.
    Salvaged,
    Lost,
}

impl Verdict {
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Saved => "saved",
            Verdict::Salvaged => "salvaged",
            Verdict::Lost => "lost",
        }
    }
}

/// Where the recording of a call lies below the data directory: rec/YYYY/MM/DD/<call>.wav, by the UTC date of `began`
/// (a path must not depend on a zone that may be edited).
pub fn recording_path(call: CallId, began: Wall) -> String {
    let date = jiff::Timestamp::from_millisecond(began.0).unwrap_or_default();
    format!("rec/{}/{call}.wav", date.strftime("%Y/%m/%d"))
}

/// Told when recording starts, and again by the CDR; the first one wins.
pub fn recording_begun(conn: &Connection, company: CompanyId, call: CallId, path: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO recording (call_id, company_id, verdict, path) VALUES (?1, ?2, 'recording', ?3)
               ON CONFLICT (call_id) DO NOTHING";
    run(conn, sql, params![call.0, company.0, path]).map(drop)
}

/// The file is complete on disk. `gaps`: (from ms, length ms) lost to a stalled disk; `peaks` as page::Peaks needs them.
pub fn recording_closed(
    conn: &Connection,
    call: CallId,
    bytes: u64,
    millis: u64,
    gaps: &[(u64, u64)],
    peaks: Option<&[u8]>,
) -> Result<(), StoreError> {
    settle(conn, call, Verdict::Saved, bytes, millis, gaps, peaks)
}

/// The same for a file found open after a crash: salvaged, or lost.
pub fn recording_settled(
    conn: &Connection,
    call: CallId,
    verdict: Verdict,
    bytes: u64,
    millis: u64,
    peaks: Option<&[u8]>,
) -> Result<(), StoreError> {
    settle(conn, call, verdict, bytes, millis, &[], peaks)
}

/// What must be salvaged at start: ask before the engine is booted.
pub fn open_recordings(conn: &Connection) -> Result<Vec<OpenRecording>, StoreError> {
    let mut statement = conn.prepare("SELECT call_id, company_id, path FROM recording WHERE verdict = 'recording'")?;
    let rows = statement.query_map([], |row| {
        Ok(OpenRecording { call: CallId(row.get(0)?), company: CompanyId(row.get(1)?), path: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn settle(
    conn: &Connection,
    call: CallId,
    verdict: Verdict,
    bytes: u64,
    millis: u64,
    gaps: &[(u64, u64)],
    peaks: Option<&[u8]>,
) -> Result<(), StoreError> {
    let sql = "UPDATE recording SET verdict = ?2, bytes = ?3, millis = ?4, gaps = ?5, peaks = ?6 WHERE call_id = ?1";
    let gaps = serde_json::to_string(gaps).unwrap_or_default();
    let fits = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    match run(conn, sql, params![call.0, verdict.word(), fits(bytes), fits(millis), gaps, peaks])? {
        0 => Err(StoreError::Other(format!("no recording was begun for call {call}"))),
        _ => Ok(()),
    }
}
