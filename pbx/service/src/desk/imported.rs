//! Looking back at imports: their counts, and the rows that were not taken.

use super::{Answer, Who, cell, csv_out, unknown};
use hutong_api::{
    BatchId, Refusal,
    live::RefusalText,
    page::{ImportStage, ImportStatus, RejectSample},
};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

/// Rejects read at once.
const CHUNK: u32 = 2_000;
/// Rejects shown on the screen.
const SAMPLES: u32 = 20;

/// An import of this person, or of anyone for a reach over the company.
pub fn status(conn: &Connection, who: &Who, batch: i64) -> Answer<ImportStatus> {
    mine(conn, who, batch)?;
    let sql = "SELECT state, encoding, separator, rows, added, duplicate, bad, blocked FROM batch WHERE id = ?1";
    let mut status = conn.query_row(sql, [batch], |row| {
        let state: String = row.get(0)?;
        Ok(ImportStatus {
            batch: BatchId(batch),
            stage: match state.as_str() {
                "staging" => ImportStage::Storing,
                "refused" => ImportStage::Refused,
                _ => ImportStage::Done,
            },
            encoding: row.get(1)?,
            separator: row.get(2)?,
            bytes_read: 0,
            bytes_total: 0,
            rows: row.get(3)?,
            added: row.get(4)?,
            duplicate: row.get(5)?,
            bad: row.get(6)?,
            blocked: row.get(7)?,
            samples: Vec::new(),
            refusal: None,
        })
    })?;
    status.samples = read(conn, who, batch, 0, SAMPLES)?;
    Ok(status)
}

/// A part of the rejects file behind line `after`, and the last line in it unless it is the end.
pub fn rejects(conn: &Connection, who: &Who, batch: i64, after: u32) -> Answer<(String, Option<u32>)> {
    mine(conn, who, batch)?;
    let rows = read(conn, who, batch, after, CHUNK)?;
    let separator =
        conn.query_row("SELECT separator FROM batch WHERE id = ?1", [batch], |row| row.get::<_, String>(0))?;
    let text = rows.iter().map(|row| rejected(row, &separator)).collect();
    Ok((text, rows.last().map(|row| row.line).filter(|_| rows.len() == CHUNK as usize)))
}

/// The row's own cells in their own order, so that it can be mended and imported again; line and reason stand behind them.
fn rejected(row: &RejectSample, separator: &str) -> String {
    let separator = if separator == "tab" { b'\t' } else { separator.bytes().next().unwrap_or(b',') };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(row.raw.as_bytes());
    let cells: Vec<String> =
        reader.records().flatten().flat_map(|r| r.iter().map(csv_out::cell).collect::<Vec<_>>()).collect();
    format!("{},{},{}\r\n", cells.join(","), row.line, csv_out::cell(&row.reason.text))
}

fn mine(conn: &Connection, who: &Who, batch: i64) -> Answer<()> {
    let mut params = vec![rusqlite::types::Value::Integer(batch), rusqlite::types::Value::Integer(who.company.0)];
    let reach = who.reaches("seat_id", "seat_id", &mut params);
    let sql = format!("SELECT 1 FROM batch WHERE id = ?1 AND company_id = ?2 AND {reach}");
    let found: Option<i64> = conn.query_row(&sql, rusqlite::params_from_iter(params), |row| row.get(0)).optional()?;
    found.map(drop).ok_or_else(unknown)
}

fn read(conn: &Connection, who: &Who, batch: i64, after: u32, most: u32) -> Answer<Vec<RejectSample>> {
    let sql = "SELECT line, kind, code, args, raw FROM reject WHERE batch_id = ?1 AND line > ?2 ORDER BY line LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map(params![batch, after, most], |row| {
        let (code, args): (String, String) = (row.get(2)?, row.get(3)?);
        let args: BTreeMap<String, String> = serde_json::from_str(&args).unwrap_or_default();
        let refusal = Refusal { code: code.into(), args };
        let (raw, text): (String, String) = (row.get(4)?, refusal.text(who.lang));
        let hide = |text: String| if who.hide_numbers { cell::scrub(&text) } else { text };
        Ok(RejectSample {
            line: row.get(0)?,
            kind: row.get(1)?,
            raw: hide(raw),
            reason: RefusalText { code: refusal.code.into_owned(), text: hide(text) },
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
