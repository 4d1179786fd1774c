//! Before a seat is deleted, what it owns is handed over (F91). Calls and records keep its name.

use super::{seat_numbers::shown, seats::SOURCE};
use crate::desk::{
    Answer, Who,
    assign::{self, Why},
    cfg,
    form::{self, Values},
    page::After,
};
use hutong_api::Refusal;
use hutong_core::io::Setting;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Customers handed over in one transaction.
const CHUNK: u32 = 500;

/// The seat that takes over, where one was chosen: another, enabled, within reach.
pub fn heir(conn: &Connection, who: &Who, args: &Values, leaving: i64) -> Answer<Option<i64>> {
    let Some(heir) = form::int(args, "heir") else { return Ok(None) };
    SOURCE.fact(conn, who, heir)?;
    let sql = "SELECT 1 FROM seat WHERE id = ?1 AND enabled = 1 AND deleted IS NULL";
    match conn.query_row(sql, [heir], |_| Ok(())).optional()? {
        Some(()) if heir != leaving => Ok(Some(heir)),
        _ => Err(Refusal::new("row.no_heir").into()),
    }
}

/// Hands over some customers; false = there are none left.
pub fn hand_over(tx: &Transaction<'_>, who: &Who, leaving: i64, heir: i64) -> Answer<bool> {
    let sql = "SELECT id FROM customer WHERE company_id = ?1 AND owner_id = ?2 AND deleted IS NULL LIMIT ?3";
    let mut statement = tx.prepare_cached(sql)?;
    let ids = statement.query_map(params![who.company.0, leaving, CHUNK], |row| row.get(0))?;
    let ids = ids.collect::<Result<Vec<i64>, _>>()?;
    let why = Why { kind: "assign", batch: None, by: Some(who.seat.0), reason: "" };
    ids.iter().try_for_each(|id| assign::give(tx, who, *id, Some(heir), &why))?;
    Ok(ids.len() == CHUNK as usize)
}

/// Hands over the unfinished tasks, the promises to call again, and the last customers.
pub fn finish(tx: &Transaction<'_>, who: &Who, leaving: i64, heir: i64) -> Answer<Vec<After>> {
    hand_over(tx, who, leaving, heir)?;
    let sql = "UPDATE callback SET seat_id = ?3 WHERE company_id = ?1 AND seat_id = ?2 AND state = 'callback_waiting'";
    tx.execute(sql, params![who.company.0, leaving, heir])?;
    let sql = "UPDATE campaign SET creator_id = ?3 WHERE company_id = ?1 AND creator_id = ?2 AND deleted IS NULL
               AND status <> 'finished' RETURNING id";
    let mut statement = tx.prepare_cached(sql)?;
    let moved = statement.query_map(params![who.company.0, leaving, heir], |row| row.get(0))?;
    let moved = moved.collect::<Result<Vec<i64>, _>>()?;
    moved.into_iter().map(|id| Ok(After::Setting(Box::new(Setting::Campaign(cfg::campaign(tx, id)?))))).collect()
}

/// Refused while the seat owns anything.
pub fn owns_nothing(conn: &Connection, who: &Who, seat: i64) -> Answer<()> {
    let sql = "SELECT (SELECT count(*) FROM customer WHERE company_id = ?1 AND owner_id = ?2 AND deleted IS NULL),
                      (SELECT count(*) FROM campaign WHERE company_id = ?1 AND creator_id = ?2 AND deleted IS NULL
                       AND status <> 'finished'),
                      (SELECT count(*) FROM callback WHERE company_id = ?1 AND seat_id = ?2 AND state = 'callback_waiting')";
    let (customers, tasks, callbacks): (i64, i64, i64) =
        conn.query_row(sql, params![who.company.0, seat], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    if customers + tasks + callbacks == 0 {
        return Ok(());
    }
    let refusal = Refusal::new("row.owns").with("seat", shown(conn, seat)?);
    Err(refusal.with("customers", customers).with("tasks", tasks).with("callbacks", callbacks).into())
}
