//! Who may look back at an import.

use super::{Answer, Who, unknown};
use hutong_api::BatchId;
use rusqlite::{Connection, OptionalExtension, params_from_iter, types::Value};

/// Unknown unless the import was made in this company, within reach.
pub fn within_reach(conn: &Connection, who: &Who, batch: BatchId) -> Answer<()> {
    let mut params = vec![Value::Integer(who.company.0), Value::Integer(batch.0)];
    let reach = who.reaches("seat_id IN ({})", "seat_id", &mut params);
    let sql = format!("SELECT 1 FROM batch WHERE company_id = ?1 AND id = ?2 AND {reach}");
    let found: Option<i64> = conn.query_row(&sql, params_from_iter(params), |row| row.get(0)).optional()?;
    found.map(drop).ok_or_else(unknown)
}
