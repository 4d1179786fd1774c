//! 项目界面 (D9, F24): the further fields of 业务记录, by project.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    pages::{customer_fields, customers},
    query::{By, Source},
};
use hutong_api::catalogue::pages::project_fields::PAGE;
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "project_field c",
    cells: &[
        cell("project", Show::Plain, "c.project"),
        cell("name", Show::Plain, "c.name"),
        cell("kind", Show::Choice, "c.kind"),
        cell("options", Show::Plain, "(SELECT group_concat(value, '，') FROM json_each(c.options))"),
        cell("required", Show::YesNo, "c.required"),
        cell("position", Show::Plain, "c.position"),
    ],
    filters: &[("project", By::Is("c.project")), ("name", By::Like(&["c.name"]))],
    form: &[
        cell("project", Show::Plain, "c.project"),
        cell("kind", Show::Plain, "c.kind"),
        cell("name", Show::Plain, "c.name"),
        cell("options", Show::Plain, "(SELECT group_concat(value, char(10)) FROM json_each(c.options))"),
        cell("required", Show::Flag, "c.required"),
        cell("position", Show::Plain, "c.position"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    customers::known(tx, who, values)?;
    let kind = match id {
        Some(id) => {
            let sql = "SELECT kind FROM project_field WHERE id = ?1 AND company_id = ?2";
            tx.query_row(sql, params![id, who.company.0], |row| row.get(0))?
        }
        None => values.get("kind").cloned().unwrap_or_default(),
    };
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::bit(values, "required").map(|bit| ("required", bit)));
    columns.extend(form::int(values, "position").map(|n| ("position", Value::Integer(n))));
    if id.is_none() || values.contains_key("options") {
        columns.push(("options", Value::Text(customer_fields::options(values, &kind)?)));
    }
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "project_field", who.company.0, id, &columns), name)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("kind", Value::Text(kind)));
            columns.extend(form::text_value(values, "project").map(|project| ("project", project)));
            form::unique(form::insert(tx, "project_field", &columns), name)?
        }
    };
    Ok(Saved::plain(id))
}

/// What records say in it stays there.
fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    tx.execute("DELETE FROM project_field WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved::plain(id))
}
