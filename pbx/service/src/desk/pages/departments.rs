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
    from: "department c",
    cells: &[
        cell("outline", Show::Plain, OUTLINE),
        cell("name", Show::Plain, "c.name"),
        cell("path", Show::Plain, PATH),
        cell("seats", Show::Plain, "(SELECT count(*) FROM seat s WHERE s.department_id = c.id AND s.deleted IS NULL)"),
        cell("description", Show::Plain, "c.description"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("description", Show::Plain, "c.description"),
        cell("parent", Show::Plain, "c.parent_id"),
        cell("place", Show::Plain, "c.place"),
    ],
    save,
    act,
    ..Source::of(&PAGE)
};

/// 01.02: its place among those of one parent, behind the parent's. In the order of this text the tree reads from top to bottom.
const OUTLINE: &str = "(WITH RECURSIVE up(parent, code, step) AS (
    SELECT c.parent_id, printf('%02d', (SELECT count(*) FROM department s WHERE s.company_id = c.company_id
      AND s.parent_id IS c.parent_id AND (s.place, s.name, s.id) <= (c.place, c.name, c.id))), 0
    UNION ALL
    SELECT p.parent_id, printf('%02d', (SELECT count(*) FROM department s WHERE s.company_id = p.company_id
      AND s.parent_id IS p.parent_id AND (s.place, s.name, s.id) <= (p.place, p.name, p.id))) || '.' || up.code, up.step + 1
    FROM up JOIN department p ON p.id = up.parent WHERE up.step < 50)
  SELECT code FROM up ORDER BY step DESC LIMIT 1)";
/// 上级 / 本部门.
const PATH: &str = "(WITH RECURSIVE up(parent, path, step) AS (
    SELECT c.parent_id, c.name, 0
    UNION ALL
    SELECT p.parent_id, p.name || ' / ' || up.path, up.step + 1 FROM up JOIN department p ON p.id = up.parent WHERE up.step < 50)
  SELECT path FROM up ORDER BY step DESC LIMIT 1)";

fn act(tx: &Transaction<'_>, who: &Who, action: &str, id: i64, args: &Values) -> Answer<Saved> {
    match action {
        "add_below" => {
            let mut values = args.clone();
            values.insert("parent".to_owned(), id.to_string());
            save(tx, who, None, &values, &Values::new())
        }
        "delete" => delete(tx, who, id),
        _ => Err(Refusal::new("page.no_action").into()),
    }
}

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns: Vec<(&str, Value)> = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::text_value(values, "description").map(|text| ("description", text)));
    columns.extend(form::within(&PAGE, values, "place", 0, 9_999, who.lang)?.map(|n| ("place", Value::Integer(n))));
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
    tx.execute("DELETE FROM notice_department WHERE department_id = ?1", [id])?;
    tx.execute("DELETE FROM department WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved::plain(id))
}
