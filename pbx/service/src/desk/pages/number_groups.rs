//! 号码组 (F105).

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    work,
};
use hutong_api::{Refusal, catalogue::pages::number_groups::PAGE};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "number_group c",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("numbers", Show::Plain, "(SELECT group_concat(value, ' ') FROM json_each(c.numbers))"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("numbers", Show::Plain, "(SELECT group_concat(value, char(10)) FROM json_each(c.numbers))"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    if let Some(text) = values.get("numbers") {
        let numbers = owned(tx, who, text)?;
        columns.push(("numbers", Value::Text(serde_json::to_string(&numbers).unwrap_or_default())));
    }
    let id = form::put(tx, who, "number_group", id, columns, values.get("name").map_or("", String::as_str))?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// One number a line; each must be one that a trunk of the company may show.
fn owned(tx: &Transaction<'_>, who: &Who, text: &str) -> Answer<Vec<String>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM trunk t, json_each(t.callers) n WHERE t.company_id = ?1 AND n.value = ?2)";
    let mut numbers: Vec<String> = Vec::new();
    for line in text.split(['\n', ',', '，']).map(str::trim).filter(|line| !line.is_empty()) {
        let number = form::digits(line);
        let ours: bool = tx.prepare_cached(sql)?.query_row(params![who.company.0, number], |row| row.get(0))?;
        if !ours {
            return Err(Refusal::new("setting.not_our_number").with("number", line).into());
        }
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    if numbers.is_empty() { Err(form::missing(&PAGE, "numbers", who.lang)) } else { Ok(numbers) }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    const USED: &str = "(SELECT count(*) FROM campaign k WHERE k.number_group = c.id AND k.deleted IS NULL)
                        + (SELECT count(*) FROM caller_rotation r WHERE r.group_id = c.id)";
    form::remove_unused(tx, who, "number_group", id, USED)?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}
