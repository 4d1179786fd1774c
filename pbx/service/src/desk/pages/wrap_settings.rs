//! 话后设置 (F108). The company's own row is always there.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown, work,
};
use hutong_api::{Refusal, catalogue::pages::wrap_settings::PAGE};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "wrap_setting c LEFT JOIN department d ON d.id = c.department_id",
    cells: &[
        cell("department", Show::KeyOrText, "coalesce(d.name, '@catalogue.cell.whole_company')"),
        cell("seconds", Show::Plain, "c.seconds"),
        cell("more_s", Show::Plain, "c.more_s"),
        cell("must_save", Show::YesNo, "c.must_save"),
        cell("after_failed", Show::YesNo, "c.after_failed"),
    ],
    filters: &[("department", By::Is("c.department_id"))],
    form: &[
        cell("department", Show::Plain, "c.department_id"),
        cell("seconds", Show::Plain, "c.seconds"),
        cell("more_s", Show::Plain, "c.more_s"),
        cell("must_save", Show::Flag, "c.must_save"),
        cell("after_failed", Show::Flag, "c.after_failed"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    for (field, most) in [("seconds", 3_600), ("more_s", 3_600)] {
        columns.extend(form::within(&PAGE, values, field, 0, most, who.lang)?.map(|n| (field, Value::Integer(n))));
    }
    for field in ["must_save", "after_failed"] {
        columns.extend(form::bit(values, field).map(|bit| (field, bit)));
    }
    let id = match id {
        Some(id) => {
            form::update(tx, "wrap_setting", who.company.0, id, &columns)?;
            id
        }
        None => add(tx, who, values, columns)?,
    };
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

fn add(tx: &Transaction<'_>, who: &Who, values: &Values, mut columns: Vec<(&'static str, Value)>) -> Answer<i64> {
    let department = form::int(values, "department").ok_or_else(|| form::missing(&PAGE, "department", who.lang))?;
    let sql = "SELECT name FROM department WHERE id = ?1 AND company_id = ?2";
    let name: Option<String> = tx.query_row(sql, params![department, who.company.0], |row| row.get(0)).optional()?;
    let name = name.ok_or_else(unknown)?;
    columns.push(("department_id", Value::Integer(department)));
    columns.push(("company_id", Value::Integer(who.company.0)));
    form::unique(form::insert(tx, "wrap_setting", &columns), &name)
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let sql = "DELETE FROM wrap_setting WHERE id = ?1 AND company_id = ?2 AND department_id IS NOT NULL";
    match tx.execute(sql, params![id, who.company.0])? {
        0 => Err(Refusal::new("setting.company_row").into()),
        _ => Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? }),
    }
}
