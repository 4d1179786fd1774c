//! How many whole numbers a seat with 号码隐藏 has looked up today (F87).

use super::{Answer, Who, cell, now};
use rusqlite::{Transaction, params};

/// One more on the company's day; false where there were `most` already.
pub fn count(tx: &Transaction<'_>, who: &Who, most: u32) -> Answer<bool> {
    let today: String = cell::time(now(), &who.zone).chars().take(10).collect();
    let sql = "INSERT INTO number_lookup (seat_id, company_id, day, count) VALUES (?1, ?2, ?3, 1)
               ON CONFLICT (seat_id) DO UPDATE SET count = CASE WHEN day = ?3 THEN count + 1 ELSE 1 END, day = ?3
               WHERE day <> ?3 OR count < ?4";
    Ok(tx.prepare_cached(sql)?.execute(params![who.seat.0, who.company.0, today, most])? == 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::sample;

    #[test]
    fn a_day_has_so_many_look_ups_and_the_next_as_many_again() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "agent");
        let took = |seats: u32| (0..seats).filter(|_| count(&tx, &who, 3).unwrap()).count();
        assert_eq!(took(5), 3);
        assert!(count(&tx, &sample::who(1, "supervisor"), 3).unwrap(), "another seat has its own");
        tx.execute("UPDATE number_lookup SET day = '2026-01-01'", []).unwrap();
        assert_eq!(took(5), 3);
    }
}
