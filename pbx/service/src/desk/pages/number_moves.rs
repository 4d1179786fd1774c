//! 号码记录 (F90): every 分配号码 and 转移号码. Rows are only ever added.

use crate::desk::{
    Answer, Who,
    cell::{Show, cell, time},
    page,
    query::{By, Source},
};
use hutong_api::{
    catalogue::pages::number_moves::PAGE,
    texts::{fill, text},
};
use rusqlite::{Connection, params};

pub static SOURCE: Source = Source {
    time: Some("c.at"),
    from: "number_move c LEFT JOIN trunk l ON l.id = c.trunk_id LEFT JOIN seat f ON f.id = c.from_id \
           LEFT JOIN seat t ON t.id = c.to_id LEFT JOIN seat b ON b.id = c.by_id",
    cells: &[
        cell("at", Show::Time, "c.at"),
        cell("number", Show::Plain, "c.number"),
        cell("trunk", Show::Plain, "l.name"),
        cell("from", Show::KeyOrText, FROM),
        cell("to", Show::KeyOrText, TO),
        cell("by", Show::Plain, "b.name || '(' || b.extension || ')'"),
    ],
    filters: &[
        ("number", By::Like(&["c.number"])),
        ("from", By::Is("c.from_id")),
        ("to", By::Is("c.to_id")),
        ("at_from", By::From("c.at")),
        ("at_to", By::To("c.at")),
    ],
    ..Source::of(&PAGE)
};

const FROM: &str = "coalesce(f.name || '(' || f.extension || ')', '@catalogue.number_moves.nobody')";
const TO: &str = "coalesce(t.name || '(' || t.extension || ')', '@catalogue.number_moves.nobody')";
/// Moves told of one seat at once; the page has them all.
const MOST: u32 = 20;

/// The newest moves to or from a seat within reach, a line each, for its button in the list.
pub fn of_seat(conn: &Connection, who: &Who, seat: i64) -> Answer<String> {
    page::source("seats")?.fact(conn, who, seat)?;
    let sql = format!(
        "SELECT c.at, c.number, {FROM}, {TO} FROM {} WHERE c.company_id = ?2 AND (c.from_id = ?1 OR c.to_id = ?1)
         ORDER BY c.at DESC, c.id DESC LIMIT {MOST}",
        SOURCE.from
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![seat, who.company.0])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let seat = |at: usize| Ok::<_, rusqlite::Error>(Show::KeyOrText.cell(&row.get(at)?, who));
        let args =
            [("at", time(row.get(0)?, &who.zone)), ("number", row.get(1)?), ("from", seat(2)?), ("to", seat(3)?)];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        lines.push(fill(who.lang, "catalogue.number_moves.line", &args));
    }
    if lines.is_empty() {
        lines.push(text(who.lang, "catalogue.number_moves.none").to_owned());
    }
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::{Query, sample};

    #[test]
    fn who_had_which_number_when_is_read_by_page_and_by_seat() {
        let conn = sample::database();
        conn.execute_batch(
            "INSERT INTO number_move (id, company_id, trunk_id, number, from_id, to_id, by_id, at) VALUES
               (1, 1, 1, '05920000000', NULL, 4, 1, 1000), (2, 1, 1, '05920000000', 4, 3, 1, 2000),
               (11, 2, 11, '05920000009', NULL, 14, 11, 3000);",
        )
        .unwrap();
        let admin = sample::who(1, "admin");
        let list = page::source("number_moves").unwrap().list(&conn, &admin, &Query::default()).unwrap();
        assert_eq!(list.rows.iter().map(|row| row.id).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((list.rows[1].cells["from"].as_str(), list.rows[1].cells["to"].as_str()), ("无", "agent(8004)"));
        let of = |seat| of_seat(&conn, &admin, seat);
        assert_eq!((of(4).unwrap().lines().count(), of(3).unwrap().lines().count()), (2, 1));
        assert_eq!(of(2).unwrap(), "没有号码记录。");
        assert!(of(14).is_err(), "another company's");
    }
}
