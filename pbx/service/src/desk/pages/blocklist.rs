//! 黑名单库 (F104): what is saved here binds the next dial decision.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    page::After,
    query::{By, Source},
};
use hutong_api::{Phone, catalogue::pages::blocklist::PAGE};
use hutong_core::io::BlockEntry;
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "blocklist c",
    cells: &[
        cell("phone", Show::Phone, "c.phone"),
        cell("created", Show::Time, "c.created"),
        cell("direction", Show::Choice, "c.direction"),
        cell("reason", Show::Text, "c.reason"),
    ],
    filters: &[("phone", By::Phone { of: &["c.phone"], or: &[] }), ("direction", By::Is("c.direction"))],
    form: &[
        cell("phone", Show::Phone, "c.phone"),
        cell("direction", Show::Plain, "c.direction"),
        cell("reason", Show::Text, "c.reason"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let before = id.map(|id| entry(tx, who, id)).transpose()?;
    let masked = |value: &&String| who.hide_numbers && value.contains('*');
    let mut columns = Vec::new();
    for name in ["phone", "direction", "reason"] {
        let value = values.get(name).filter(|value| !masked(value));
        columns.extend(value.map(|value| (name, Value::Text(value.clone()))));
    }
    let phone = values.get("phone").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "blocklist", who.company.0, id, &columns), phone)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("created", Value::Integer(now())));
            form::unique(form::insert(tx, "blocklist", &columns), phone)?
        }
    };
    let entry = entry(tx, who, id)?;
    let moved = before.filter(|before| before.phone != entry.phone);
    let unblock = moved.map(|before| After::Unblock { company: who.company, phone: before.phone });
    Ok(Saved { id, after: unblock.into_iter().chain([After::Block(entry)]).collect() })
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let gone = entry(tx, who, id)?;
    tx.execute("DELETE FROM blocklist WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: vec![After::Unblock { company: who.company, phone: gone.phone }] })
}

fn entry(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<BlockEntry> {
    let (phone, direction): (String, String) = tx.query_row(
        "SELECT phone, direction FROM blocklist WHERE id = ?1 AND company_id = ?2",
        params![id, who.company.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let phone = Phone::from_digits(&phone).ok_or_else(crate::desk::unknown)?;
    Ok(BlockEntry { company: who.company, phone, outbound: direction != "inbound" })
}
