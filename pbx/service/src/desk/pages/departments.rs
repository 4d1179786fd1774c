//! 部门管理 (F97): a tree without cycles; what has members or children stays.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown,
};
use hutong_api::{Refusal, catalogue::pages::departments::PAGE};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "department c LEFT JOIN department p ON p.id = c.parent_id",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("parent", Show::Plain, "p.name"),
        cell("description", Show::Plain, "c.description"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("description", Show::Plain, "c.description"),
        cell("parent", Show::Plain, "c.parent_id"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns: Vec<(&str, Value)> = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::text_value(values, "description").map(|text| ("description", text)));
    if values.contains_key("parent") {
        let parent = form::int(values, "parent");
        if let Some(parent) = parent {
            SOURCE.fact(tx, who, parent)?;
            not_below(tx, id, parent)?;
        }
        columns.push(("parent_id", parent.map_or(Value::Null, Value::Integer)));
    }
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "department", who.company.0, id, &columns), name)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            form::unique(form::insert(tx, "department", &columns), name)?
        }
    };
    Ok(Saved::plain(id))
}

fn not_below(tx: &Transaction<'_>, id: Option<i64>, parent: i64) -> Answer<()> {
    let Some(id) = id else { return Ok(()) };
    let below: i64 = tx.query_row(
        "WITH RECURSIVE below(id) AS (SELECT ?1 UNION SELECT d.id FROM department d JOIN below ON d.parent_id = below.id)
         SELECT count(*) FROM below WHERE id = ?2",
        params![id, parent],
        |row| row.get(0),
    )?;
    if below > 0 { Err(Refusal::new("field.cycle").into()) } else { Ok(()) }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let (name, used): (String, i64) = tx
        .query_row(
            "SELECT name, (SELECT count(*) FROM department d WHERE d.parent_id = c.id)
                        + (SELECT count(*) FROM seat s WHERE s.department_id = c.id AND s.deleted IS NULL)
             FROM department c WHERE id = ?1 AND company_id = ?2",
            params![id, who.company.0],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(|_| unknown())?;
    if used > 0 {
        return Err(Refusal::new("row.in_use").with("name", name).into());
    }
    tx.execute("DELETE FROM department WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved::plain(id))
}
