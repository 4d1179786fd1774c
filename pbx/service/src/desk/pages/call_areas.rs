//! 地区时段 (X15).

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    work,
};
use hutong_api::{Refusal, catalogue::pages::call_areas::PAGE};
use rusqlite::{Transaction, types::Value};

/// A place runs at most half a day before or behind the company.
const MOST_MIN: i64 = 720;
const MOST_PREFIXES: usize = 5_000;

pub static SOURCE: Source = Source {
    from: "call_area c",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("prefixes", Show::Plain, "c.prefixes"),
        cell("later_min", Show::Plain, "c.later_min"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("prefixes", Show::Plain, "c.prefixes"),
        cell("later_min", Show::Plain, "c.later_min"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    if let Some(text) = values.get("prefixes") {
        columns.push(("prefixes", Value::Text(prefixes(text, who)?)));
    }
    let later = form::within(&PAGE, values, "later_min", -MOST_MIN, MOST_MIN, who.lang)?;
    columns.extend(later.map(|minutes| ("later_min", Value::Integer(minutes))));
    let id = form::put(tx, who, "call_area", id, columns, values.get("name").map_or("", String::as_str))?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// Beginnings of numbers with a space between, each once.
fn prefixes(text: &str, who: &Who) -> Answer<String> {
    let words =
        text.split([' ', '\n', '\t', ',', '，', '、', ';', '；']).map(form::digits).filter(|word| !word.is_empty());
    let mut out: Vec<String> = words.collect();
    out.sort_unstable();
    out.dedup();
    let good = |word: &String| (2..=11).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    if out.len() > MOST_PREFIXES {
        return Err(Refusal::new("setting.too_many_lines").with("max", MOST_PREFIXES).into());
    }
    match !out.is_empty() && out.iter().all(good) {
        true => Ok(out.join(" ")),
        false => Err(form::bad(&PAGE, "field", "prefixes", who.lang)),
    }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::remove(tx, who, "call_area", id)?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}
