//! The event pane's memory.

use super::StoreError;
use hutong_api::{
    CompanyId,
    board::{AlarmAck, EventRow},
};
use rusqlite::{Connection, params};

/// A company's last `limit` events, oldest first.
pub fn recent_events(conn: &Connection, company: CompanyId, limit: u32) -> Result<Vec<EventRow>, StoreError> {
    let sql = "SELECT at, alarm, text_key, args FROM event WHERE company_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
    let mut query = conn.prepare_cached(sql)?;
    let rows = query.query_map(params![company.0, limit], |row| {
        let args: String = row.get(3)?;
        Ok(EventRow {
            at: row.get(0)?,
            alarm: row.get(1)?,
            text_key: row.get(2)?,
            args: serde_json::from_str(&args).unwrap_or_default(),
        })
    })?;
    let mut events = rows.collect::<Result<Vec<_>, _>>()?;
    events.reverse();
    Ok(events)
}

/// Which of a company's last `limit` events are acknowledged, and by whom.
pub fn recent_acks(conn: &Connection, company: CompanyId, limit: u32) -> Result<Vec<AlarmAck>, StoreError> {
    let sql = "SELECT e.at, e.text_key, e.acked, coalesce(s.name || '(' || s.extension || ')', '')
               FROM (SELECT * FROM event WHERE company_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2) e
               LEFT JOIN seat s ON s.id = e.acked_by WHERE e.acked IS NOT NULL ORDER BY e.at, e.id";
    let mut query = conn.prepare_cached(sql)?;
    let rows = query.query_map(params![company.0, limit], |row| {
        Ok(AlarmAck { event_at: row.get(0)?, text_key: row.get(1)?, at: row.get(2)?, by: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::Store;
    use hutong_core::io::Change;

    #[test]
    fn the_last_events_come_back_oldest_first_and_only_ones_own() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let event =
            |at| EventRow { at, alarm: at == 3, text_key: format!("k{at}"), args: vec![("a".into(), "b".into())] };
        let mine = [1, 2, 3].map(|at| Change::Event { company: CompanyId(1), event: event(at) });
        let other = Change::Event { company: CompanyId(2), event: event(9) };
        store.submit_blocking(mine.into_iter().chain([other]).collect()).unwrap();
        let conn = crate::store::peek(dir.path()).unwrap();
        assert_eq!(recent_events(&conn, CompanyId(1), 2).unwrap(), [event(2), event(3)]);
    }
}
