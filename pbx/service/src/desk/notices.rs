//! Notices as their readers get them, and the lines of text a supervisor sends.

use super::{
    Answer, Who,
    cell::{Show, scrub},
    now, unknown,
};
use hutong_api::{CompanyId, SeatId, page::Notice};
use rusqlite::{Connection, Transaction, params, types::Value};

/// Of notice `n`: up at ?3 and meant for seat ?2 of company ?1.
const MINE: &str = "n.company_id = ?1 AND n.deleted IS NULL AND coalesce(n.starts, 0) <= ?3 AND (n.ends IS NULL OR n.ends > ?3)
    AND (n.audience = 'everyone' OR EXISTS (SELECT 1 FROM notice_department a WHERE a.notice_id = n.id AND a.department_id IN
      (WITH RECURSIVE up(id) AS (SELECT department_id FROM seat WHERE id = ?2
       UNION SELECT d.parent_id FROM department d JOIN up ON d.id = up.id) SELECT id FROM up)))";
const MOST: u32 = 100;

/// The newest first.
pub fn mine(conn: &Connection, who: &Who) -> Answer<Vec<Notice>> {
    let sql = format!(
        "SELECT n.id, n.title, n.body, n.urgent, EXISTS (SELECT 1 FROM notice_read r WHERE r.notice_id = n.id AND r.seat_id = ?2),
                coalesce(s.name || '(' || s.extension || ')', ''), coalesce(n.starts, n.created)
         FROM notice n LEFT JOIN seat s ON s.id = n.author_id WHERE {MINE} ORDER BY 7 DESC, 1 DESC LIMIT {MOST}"
    );
    let shown = |text: String| Show::Text.cell(&Value::Text(text), who);
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map(params![who.company.0, who.seat.0, now()], |row| {
        Ok(Notice {
            id: row.get(0)?,
            title: shown(row.get(1)?),
            body: shown(row.get(2)?),
            urgent: row.get(3)?,
            read: row.get(4)?,
            by: row.get(5)?,
            at: row.get(6)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first moment behind `after` at which any company's notice begins.
pub fn next(conn: &Connection, after: i64) -> Answer<Option<i64>> {
    let sql = "SELECT min(starts) FROM notice WHERE deleted IS NULL AND starts > ?1";
    Ok(conn.query_row(sql, [after], |row| row.get(0))?)
}

/// Whose notices began behind `after`, up to `until`.
pub fn begun(conn: &Connection, after: i64, until: i64) -> Answer<Vec<CompanyId>> {
    let sql = "SELECT DISTINCT company_id FROM notice WHERE deleted IS NULL AND starts > ?1 AND starts <= ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let found = statement.query_map([after, until], |row| row.get(0).map(CompanyId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The first reading counts.
pub fn read(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<()> {
    let sql = format!("SELECT count(*) FROM notice n WHERE {MINE} AND n.id = ?4");
    let found: i64 = tx.query_row(&sql, params![who.company.0, who.seat.0, now(), id], |row| row.get(0))?;
    if found == 0 {
        return Err(unknown());
    }
    tx.execute(
        "INSERT OR IGNORE INTO notice_read (company_id, notice_id, seat_id, at) VALUES (?1, ?2, ?3, ?4)",
        params![who.company.0, id, who.seat.0, now()],
    )?;
    Ok(())
}

/// Keeps a line of text, without the numbers that may be in it; returns it as its reader may see it.
pub fn message(tx: &Transaction<'_>, who: &Who, to: SeatId, text: &str) -> Answer<String> {
    let hides: bool = tx.query_row("SELECT hide_numbers FROM seat WHERE id = ?1", [to.0], |row| row.get(0))?;
    let kept = scrub(text);
    tx.execute(
        "INSERT INTO message (company_id, at, from_id, to_id, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![who.company.0, now(), who.seat.0, to.0, kept],
    )?;
    Ok(if hides { kept } else { text.to_owned() })
}
