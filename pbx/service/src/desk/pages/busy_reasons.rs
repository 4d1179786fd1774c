//! 示忙分类 (F107). The engine hears the company's rules, its agents' pages read their reasons again.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    work,
};
use hutong_api::{Refusal, catalogue::pages::busy_reasons::PAGE};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "busy_reason c",
    cells: &[
        cell("name", Show::KeyOrText, NAME),
        cell("code", Show::Plain, "c.code"),
        cell("colour", Show::Plain, "c.colour"),
        cell("max_minutes", Show::Plain, "c.max_minutes"),
        cell("max_people", Show::Plain, "c.max_people"),
        cell("sort", Show::Plain, "c.sort"),
        cell("enabled", Show::YesNo, "c.enabled"),
    ],
    filters: &[("name", By::Like(&["c.name", "c.code"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("code", Show::Plain, "c.code"),
        cell("colour", Show::Plain, "c.colour"),
        cell("max_minutes", Show::Plain, "c.max_minutes"),
        cell("max_people", Show::Plain, "c.max_people"),
        cell("sort", Show::Plain, "c.sort"),
        cell("enabled", Show::Flag, "c.enabled"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

/// A reason nobody renamed is a text of both languages.
pub const NAME: &str = "coalesce(nullif(c.name, ''), '@call.busy.' || c.code)";
/// Words the engine itself writes as a reason of 示忙.
const RESERVED: [&str; 2] = ["missed", "pop"];
const A_DAY: i64 = 24 * 60;

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    if let Some(colour) = values.get("colour") {
        if !is_colour(colour) {
            return Err(form::bad(&PAGE, "field", "colour", who.lang));
        }
        columns.push(("colour", Value::Text(colour.clone())));
    }
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    for (field, most) in [("max_minutes", A_DAY), ("max_people", 10_000), ("sort", 10_000)] {
        columns.extend(form::within(&PAGE, values, field, 0, most, who.lang)?.map(|n| (field, Value::Integer(n))));
    }
    columns.extend(form::bit(values, "enabled").map(|bit| ("enabled", bit)));
    let id = match id {
        Some(id) => {
            named(tx, who, id, values)?;
            form::update(tx, "busy_reason", who.company.0, id, &columns)?;
            id
        }
        None => add(tx, who, values, columns)?,
    };
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

fn add(tx: &Transaction<'_>, who: &Who, values: &Values, mut columns: Vec<(&'static str, Value)>) -> Answer<i64> {
    let name = values.get("name").map_or("", String::as_str);
    if name.is_empty() {
        return Err(form::missing(&PAGE, "name", who.lang));
    }
    let next = "SELECT 'reason' || (coalesce(max(id), 0) + 1) FROM busy_reason";
    let code = match values.get("code").filter(|code| !code.is_empty()) {
        Some(code) => code.clone(),
        None => tx.query_row(next, [], |row| row.get(0))?,
    };
    let word = code.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !word || RESERVED.contains(&code.as_str()) {
        return Err(form::bad(&PAGE, "field", "code", who.lang));
    }
    columns.push(("code", Value::Text(code.clone())));
    columns.push(("company_id", Value::Integer(who.company.0)));
    form::unique(form::insert(tx, "busy_reason", &columns), &code)
}

/// Only a reason that has a text of its own may go without a name.
fn named(tx: &Transaction<'_>, who: &Who, id: i64, values: &Values) -> Answer<()> {
    if values.get("name").is_none_or(|name| !name.is_empty()) {
        return Ok(());
    }
    let sql = "SELECT code IN (SELECT code FROM first_busy_reason) FROM busy_reason WHERE id = ?1 AND company_id = ?2";
    match tx.query_row(sql, params![id, who.company.0], |row| row.get(0))? {
        true => Ok(()),
        false => Err(form::missing(&PAGE, "name", who.lang)),
    }
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Spans of the past keep the code.
fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let sql = "SELECT count(*) FROM busy_reason WHERE company_id = ?1 AND enabled = 1 AND id <> ?2";
    let left: i64 = tx.query_row(sql, params![who.company.0, id], |row| row.get(0))?;
    if left == 0 {
        return Err(Refusal::new("setting.last_reason").into());
    }
    tx.execute("DELETE FROM busy_reason WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}
