//! Acknowledging alarms: the first to do it is kept, and every console hears of it.

use super::{Answer, Who, now, unknown};
use crate::store;
use hutong_api::board::AlarmAck;
use rusqlite::{Transaction, params};

/// Of the company's newest `shown` events, acknowledges the alarms of moment `at` and kind `text_key`; without a kind all up to
/// that moment. Returns whatever is acknowledged among those shown. An alarm acknowledged before stays its first reader's.
pub fn acknowledge(
    tx: &Transaction<'_>,
    who: &Who,
    at: i64,
    text_key: Option<&str>,
    shown: u32,
) -> Answer<Vec<AlarmAck>> {
    let meant = "alarm AND (CASE WHEN ?3 IS NULL THEN at <= ?2 ELSE at = ?2 AND text_key = ?3 END)
        AND id IN (SELECT id FROM event WHERE company_id = ?1 ORDER BY at DESC, id DESC LIMIT ?4)";
    let there: bool = tx.query_row(
        &format!("SELECT EXISTS (SELECT 1 FROM event WHERE {meant})"),
        params![who.company.0, at, text_key, shown],
        |row| row.get(0),
    )?;
    if text_key.is_some() && !there {
        return Err(unknown());
    }
    tx.execute(
        &format!("UPDATE event SET acked = ?5, acked_by = ?6 WHERE acked IS NULL AND {meant}"),
        params![who.company.0, at, text_key, shown, now(), who.seat.0],
    )?;
    Ok(store::recent_acks(tx, who.company, shown)?)
}
