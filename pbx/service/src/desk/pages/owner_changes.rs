//! 归属记录 (F18, F22), of the customers that the reader reaches now. Rows are only ever added.

use crate::desk::{
    Answer, Who,
    cell::{Show, cell, scrub, time},
    page,
    query::{By, Owner, Source},
};
use hutong_api::{
    catalogue::pages::owner_changes::PAGE,
    texts::{fill, text},
};
use rusqlite::{Connection, params};

pub static SOURCE: Source = Source {
    time: Some("c.at"),
    from: "owner_change c LEFT JOIN customer k ON k.id = c.customer_id LEFT JOIN seat f ON f.id = c.from_id \
           LEFT JOIN seat t ON t.id = c.to_id LEFT JOIN seat b ON b.id = c.by_id",
    keep: "EXISTS (SELECT 1 FROM customer_shown v WHERE v.id = c.customer_id)",
    owner: Some(Owner { within: "k.owner_id IN ({})", own: "k.owner_id" }),
    cells: &[
        cell("at", Show::Time, "c.at"),
        cell("customer", Show::Text, "k.name"),
        cell("mobile", Show::Phone, "k.mobile"),
        cell("kind", Show::Choice, "'own_' || c.kind"),
        cell("from", Show::KeyOrText, FROM),
        cell("to", Show::KeyOrText, TO),
        cell("by", Show::KeyOrText, BY),
        cell("reason", Show::Text, "c.reason"),
    ],
    filters: &[
        ("mobile", By::Phone { of: &["k.mobile", "k.landline"], or: &[] }),
        ("customer", By::CustomerText(&["k.name"])),
        ("kind", By::Is("'own_' || c.kind")),
        ("from", By::Is("c.from_id")),
        ("to", By::Is("c.to_id")),
        ("at_from", By::From("c.at")),
        ("at_to", By::To("c.at")),
    ],
    ..Source::of(&PAGE)
};

const FROM: &str = "coalesce(f.name || '(' || f.extension || ')', '@catalogue.owner_changes.pool')";
const TO: &str = "coalesce(t.name || '(' || t.extension || ')', '@catalogue.owner_changes.pool')";
const BY: &str = "coalesce(b.name || '(' || b.extension || ')', '@catalogue.owner_changes.rule')";
/// Changes told of one customer at once; the page has them all.
const MOST: u32 = 20;

/// The newest changes of one customer within reach, a line each, for its button in the list.
pub fn of_customer(conn: &Connection, who: &Who, customer: i64) -> Answer<String> {
    page::source("customers")?.fact(conn, who, customer)?;
    let sql = format!(
        "SELECT c.at, 'own_' || c.kind, {FROM}, {TO}, {BY}, c.reason FROM {} WHERE c.customer_id = ?1 AND c.company_id = ?2
         ORDER BY c.at DESC, c.id DESC LIMIT {MOST}",
        SOURCE.from
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![customer, who.company.0])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let shown = |at: usize, show: Show| Ok::<_, rusqlite::Error>(show.cell(&row.get(at)?, who));
        let reason: String = row.get(5)?;
        let args = [
            ("at", time(row.get(0)?, &who.zone)),
            ("kind", shown(1, Show::Choice)?),
            ("from", shown(2, Show::KeyOrText)?),
            ("to", shown(3, Show::KeyOrText)?),
            ("by", shown(4, Show::KeyOrText)?),
            ("reason", if who.hide_numbers { scrub(&reason) } else { reason }),
        ];
        let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
        lines.push(fill(who.lang, "catalogue.owner_changes.line", &args).trim_end().to_owned());
    }
    if lines.is_empty() {
        lines.push(text(who.lang, "catalogue.owner_changes.none").to_owned());
    }
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::{Query, sample};

    #[test]
    fn the_history_of_a_customer_is_for_who_reaches_him_now() {
        let conn = sample::database();
        conn.execute_batch(
            "INSERT INTO customer (id, company_id, mobile, name, owner_id, created, updated) VALUES (2, 1, '15400000007', '乙', 3, 0, 0);
             INSERT INTO owner_change (id, company_id, customer_id, kind, from_id, to_id, by_id, at, reason) VALUES
               (1, 1, 1, 'assign', 3, 4, 1, 1000, ''), (2, 1, 1, 'recycle', 4, NULL, NULL, 2000, '回拨 15400000001'),
               (3, 1, 2, 'claim', NULL, 3, 3, 3000, '');",
        )
        .unwrap();
        let ids = |who: &Who| -> Vec<i64> {
            let list = page::source("owner_changes").unwrap().list(&conn, who, &Query::default()).unwrap();
            list.rows.iter().map(|row| row.id).collect()
        };
        assert_eq!(ids(&sample::who(1, "admin")), [3, 2, 1]);
        assert_eq!(ids(&sample::who(1, "agent")), [2, 1], "his customer's whole history, and no other's");
        let mut agent = sample::who(1, "agent");
        assert!(of_customer(&conn, &agent, 2).is_err() && of_customer(&conn, &agent, 11).is_err());
        let lines = of_customer(&conn, &agent, 1).unwrap();
        let lines: Vec<&str> = lines.lines().collect();
        assert!(lines.len() == 2 && lines[0].contains("公共池") && lines[0].contains("15400000001"), "{lines:?}");
        assert!(lines[1].contains("supervisor(8003)") && lines[1].contains("agent(8004)"), "{lines:?}");
        agent.hide_numbers = true;
        assert!(!of_customer(&conn, &agent, 1).unwrap().contains("15400000001"));
    }
}
