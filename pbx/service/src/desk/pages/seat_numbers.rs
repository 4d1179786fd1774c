//! 分配号码, 分配X号, 转移号码 and the three counters of 坐席设置 (F81, F88–F90). A seat shows a number only over the trunk that owns it.

use super::seats::{SOURCE, setting};
use crate::desk::{
    Answer, Saved, Who,
    form::{self, Values},
    now,
    page::After,
    unknown,
};
use hutong_api::{Refusal, texts::fill};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// 可用 = 已用 + 未用, each counted for itself.
pub fn notes(conn: &Connection, who: &Who) -> Answer<Vec<String>> {
    let sql =
        "SELECT count(*), count(seat_id), count(*) FILTER (WHERE seat_id IS NULL) FROM number WHERE company_id = ?1";
    let counts: [i64; 3] = conn.query_row(sql, [who.company.0], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?;
    let said = |(key, count): (&str, i64)| {
        fill(who.lang, &format!("catalogue.seats.note.{key}"), &[("count", &count.to_string())])
    };
    Ok(["available", "used", "unused"].into_iter().zip(counts).map(said).collect())
}

/// 分配号码: numbers nobody has.
pub fn assign(tx: &Transaction<'_>, who: &Who, args: &Values) -> Answer<Saved> {
    let seat = Seat::asked(tx, who, args, "seat")?.ok_or_else(unknown)?;
    for id in form::ids(args.get("numbers").map_or("", String::as_str)).unwrap_or_default() {
        let number = Number::of(tx, who, id)?;
        match number.seat {
            Some(has) if has == seat.id => {}
            Some(has) => {
                let has = shown(tx, has)?;
                return Err(Refusal::new("row.number_assigned").with("number", number.number).with("seat", has).into());
            }
            None => number.give(tx, who, Some(&seat))?,
        }
    }
    Ok(Saved { id: seat.id, after: vec![setting(tx, seat.id)?] })
}

/// 转移号码: one number from its seat to another, or back to nobody.
pub fn transfer(tx: &Transaction<'_>, who: &Who, args: &Values) -> Answer<Saved> {
    let number = Number::of(tx, who, form::int(args, "number").unwrap_or_default())?;
    let to = Seat::asked(tx, who, args, "receiver")?;
    let from = number.seat;
    if let Some(from) = from {
        SOURCE.fact(tx, who, from)?;
    }
    number.give(tx, who, to.as_ref())?;
    let moved = [from, to.as_ref().map(|seat| seat.id)].into_iter().flatten();
    let after = moved.map(|seat| setting(tx, seat)).collect::<Answer<Vec<After>>>()?;
    Ok(Saved { id: number.id, after })
}

/// 分配X号: calls to X ring the seat's own phone, so it must have one.
pub fn assign_x(tx: &Transaction<'_>, who: &Who, args: &Values) -> Answer<Saved> {
    let id = form::int(args, "x_number").unwrap_or_default();
    let to = Seat::asked(tx, who, args, "receiver")?;
    if let Some(to) = &to {
        let mobile: String = tx.query_row("SELECT mobile FROM seat WHERE id = ?1", [to.id], |row| row.get(0))?;
        if mobile.is_empty() {
            return Err(Refusal::new("row.no_own_phone").with("seat", shown(tx, to.id)?).into());
        }
    }
    let sql = "UPDATE x_number SET seat_id = ?3 WHERE id = ?1 AND company_id = ?2";
    match tx.execute(sql, params![id, who.company.0, to.map(|seat| seat.id)])? {
        0 => Err(unknown()),
        _ => Ok(Saved::plain(id)),
    }
}

/// What a seat that goes leaves behind.
pub fn free(tx: &Transaction<'_>, who: &Who, seat: i64) -> Answer<()> {
    let mut statement = tx.prepare_cached("SELECT id FROM number WHERE seat_id = ?1")?;
    let ids = statement.query_map([seat], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for id in ids {
        Number::of(tx, who, id)?.give(tx, who, None)?;
    }
    tx.execute("UPDATE x_number SET seat_id = NULL WHERE seat_id = ?1", [seat])?;
    Ok(())
}

/// Refused when the seat has numbers of another trunk than its own.
pub fn fit(tx: &Transaction<'_>, seat: i64) -> Answer<()> {
    let sql = "SELECT t.name FROM number n JOIN seat s ON s.id = n.seat_id JOIN trunk t ON t.id = n.trunk_id
               WHERE n.seat_id = ?1 AND n.trunk_id IS NOT s.trunk_id LIMIT 1";
    match tx.query_row(sql, [seat], |row| row.get::<_, String>(0)).optional()? {
        Some(trunk) => Err(Refusal::new("row.number_of_other_trunk").with("trunk", trunk).into()),
        None => Ok(()),
    }
}

struct Seat {
    id: i64,
    trunk: Option<i64>,
}

impl Seat {
    /// The seat an action asked for, within reach; None where it was left empty.
    fn asked(tx: &Transaction<'_>, who: &Who, args: &Values, field: &str) -> Answer<Option<Seat>> {
        let Some(id) = form::int(args, field) else { return Ok(None) };
        SOURCE.fact(tx, who, id)?;
        let trunk = tx.query_row("SELECT trunk_id FROM seat WHERE id = ?1", [id], |row| row.get(0))?;
        Ok(Some(Seat { id, trunk }))
    }
}

struct Number {
    id: i64,
    trunk: i64,
    number: String,
    seat: Option<i64>,
}

impl Number {
    fn of(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Number> {
        let sql = "SELECT trunk_id, number, seat_id FROM number WHERE id = ?1 AND company_id = ?2";
        let found = tx.query_row(sql, params![id, who.company.0], |row| {
            Ok(Number { id, trunk: row.get(0)?, number: row.get(1)?, seat: row.get(2)? })
        });
        found.optional()?.ok_or_else(unknown)
    }

    /// A seat without a trunk of its own dials over the number's from now on.
    fn give(&self, tx: &Transaction<'_>, who: &Who, to: Option<&Seat>) -> Answer<()> {
        if let Some(Seat { id, trunk: None }) = to {
            tx.execute("UPDATE seat SET trunk_id = ?2 WHERE id = ?1", [*id, self.trunk])?;
        }
        let to = to.map(|seat| seat.id);
        let since = to.map(|_| now());
        tx.execute("UPDATE number SET seat_id = ?2, since = ?3 WHERE id = ?1", params![self.id, to, since])?;
        tx.execute(
            "INSERT INTO number_move (company_id, trunk_id, number, from_id, to_id, by_id, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![who.company.0, self.trunk, self.number, self.seat, to, who.seat.0, now()],
        )?;
        to.map_or(Ok(()), |seat| fit(tx, seat))
    }
}

/// name(extension), the display rule of F114.
pub fn shown(conn: &Connection, seat: i64) -> Answer<String> {
    let sql = "SELECT name || '(' || extension || ')' FROM seat WHERE id = ?1";
    Ok(conn.query_row(sql, [seat], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::sample::code;
    use crate::desk::{options, page, sample};
    use hutong_core::io::Setting;
    use std::collections::BTreeMap;

    fn tool(tx: &Transaction<'_>, action: &str, pairs: &[(&str, &str)]) -> Answer<Saved> {
        let args: BTreeMap<_, _> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        page::tool(tx, &sample::who(1, "admin"), "seats", action, &args)
    }

    fn callers(saved: &Saved) -> Vec<Vec<String>> {
        let seat = |after: &After| match after {
            After::Setting(setting) => match &**setting {
                Setting::Seat(cfg) => Some(cfg.callers.clone()),
                _ => None,
            },
            _ => None,
        };
        saved.after.iter().filter_map(seat).collect()
    }

    #[test]
    fn numbers_go_to_seats_move_and_come_back_and_the_counters_add_up() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        tx.execute("UPDATE trunk SET callers = '[\"05920000000\",\"05920000001\"]' WHERE id = 1", []).unwrap();
        let notes = |tx: &Transaction<'_>| notes(tx, &who).unwrap();
        assert_eq!(notes(&tx), ["可用号码: 2个", "已用号码: 0个", "未用号码: 2个"]);
        let free = options::options(&tx, &who, "seats", "numbers").unwrap();
        let (first, second) = (free[0].value.as_str(), free[1].value.as_str());
        let given = tool(&tx, "assign_numbers", &[("seat", "4"), ("numbers", first)]).unwrap();
        assert_eq!(callers(&given), [["05920000000"]]);
        assert_eq!(notes(&tx), ["可用号码: 2个", "已用号码: 1个", "未用号码: 1个"]);
        let trunk: i64 = tx.query_row("SELECT trunk_id FROM seat WHERE id = 4", [], |row| row.get(0)).unwrap();
        assert_eq!(trunk, 1, "it dials over the trunk that owns the number");
        let both = format!("{first},{second}");
        assert_eq!(code(tool(&tx, "assign_numbers", &[("seat", "3"), ("numbers", &both)])), "row.number_assigned");
        let moved = tool(&tx, "transfer_number", &[("number", first), ("receiver", "3")]).unwrap();
        assert_eq!(callers(&moved), [vec![], vec!["05920000000".to_owned()]]);
        tool(&tx, "transfer_number", &[("number", first)]).unwrap();
        assert_eq!(notes(&tx)[1], "已用号码: 0个");
        let history: Vec<(Option<i64>, Option<i64>)> = tx
            .prepare("SELECT from_id, to_id FROM number_move ORDER BY id")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .flatten()
            .collect();
        assert_eq!(history, [(None, Some(4)), (Some(4), Some(3)), (Some(3), None)]);
    }

    #[test]
    fn a_seat_shows_no_number_its_trunk_does_not_own() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        tx.execute_batch(
            "INSERT INTO trunk (id, company_id, name, host, channels, cps, increment_s, price, callers)
             VALUES (2, 1, '二线', 'h', 1, 1, 60, 1, '[\"05920000009\"]');
             UPDATE seat SET trunk_id = 1 WHERE id = 4",
        )
        .unwrap();
        let id = |number: &str| -> String {
            tx.query_row("SELECT id FROM number WHERE number = ?1", [number], |row| row.get::<_, i64>(0))
                .unwrap()
                .to_string()
        };
        let other = tool(&tx, "assign_numbers", &[("seat", "4"), ("numbers", &id("05920000009"))]);
        assert_eq!(code(other), "row.number_of_other_trunk");
        tx.execute("UPDATE number SET seat_id = NULL", []).unwrap();
        let first: i64 = tx.query_row("SELECT id FROM number WHERE trunk_id = 1", [], |row| row.get(0)).unwrap();
        tool(&tx, "assign_numbers", &[("seat", "4"), ("numbers", &first.to_string())]).unwrap();
        let away = BTreeMap::from([("trunk".to_owned(), "2".to_owned())]);
        assert_eq!(
            code(page::save(&tx, &sample::who(1, "admin"), "seats", Some(4), &away)),
            "row.number_of_other_trunk"
        );
        tx.execute("UPDATE trunk SET callers = '[]' WHERE id = 1", []).unwrap();
        let left: i64 = tx.query_row("SELECT count(*) FROM number WHERE seat_id = 4", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 0, "what the trunk lost, the seat lost");
        let foreign: i64 = tx.query_row("SELECT id FROM number WHERE company_id = 2", [], |row| row.get(0)).unwrap();
        let foreign = tool(&tx, "assign_numbers", &[("seat", "4"), ("numbers", &foreign.to_string())]);
        assert_eq!(code(foreign), "row.unknown");
    }

    #[test]
    fn an_x_number_needs_a_phone_behind_it() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        tx.execute_batch(
            "INSERT INTO x_number (id, company_id, number) VALUES (1, 1, '15400009901'), (2, 2, '15400009902')",
        )
        .unwrap();
        assert_eq!(code(tool(&tx, "assign_x", &[("x_number", "1"), ("receiver", "4")])), "row.no_own_phone");
        tx.execute("UPDATE seat SET mobile = '15400000044' WHERE id = 4", []).unwrap();
        tool(&tx, "assign_x", &[("x_number", "1"), ("receiver", "4")]).unwrap();
        let list = page::source("seats").unwrap().list(&tx, &sample::who(1, "admin"), &Default::default()).unwrap();
        let row = list.rows.iter().find(|row| row.id == 4).unwrap();
        assert_eq!(row.cells["x_number"], "15400009901");
        assert_eq!(code(tool(&tx, "assign_x", &[("x_number", "2"), ("receiver", "4")])), "row.unknown");
    }
}
