//! 公告管理 (F98) and its receipts.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    page::After,
    query::{By, Source},
    unknown,
};
use hutong_api::{
    Refusal,
    catalogue::pages::notices::{PAGE, RECEIPTS as RECEIPTS_PAGE},
};
use rusqlite::{Transaction, params, types::Value};

/// Whom a notice `c` is meant for, as a set of seats: departments with those below them.
const READERS: &str = "(SELECT count(*) FROM notice_read r WHERE r.notice_id = c.id) || '/' || \
    (SELECT count(*) FROM seat s WHERE s.company_id = c.company_id AND s.deleted IS NULL AND s.enabled \
       AND (c.audience = 'everyone' OR s.department_id IN (WITH RECURSIVE below(id) AS \
         (SELECT department_id FROM notice_department WHERE notice_id = c.id \
          UNION SELECT d.id FROM department d JOIN below ON d.parent_id = below.id) SELECT id FROM below)))";

pub static SOURCE: Source = Source {
    time: Some("c.created"),
    from: "notice c LEFT JOIN seat a ON a.id = c.author_id",
    keep: "c.deleted IS NULL",
    cells: &[
        cell("title", Show::Text, "c.title"),
        cell("audience", Show::Choice, "c.audience"),
        cell(
            "departments",
            Show::Plain,
            "(SELECT group_concat(d.name, ' ') FROM notice_department n JOIN department d ON d.id = n.department_id \
             WHERE n.notice_id = c.id)",
        ),
        cell("from", Show::Time, "c.starts"),
        cell("to", Show::Time, "c.ends - 1000"),
        cell("urgent", Show::YesNo, "c.urgent"),
        cell("read", Show::Plain, READERS),
        cell("author", Show::Plain, "a.name || '(' || a.extension || ')'"),
        cell("created", Show::Time, "c.created"),
    ],
    filters: &[("title", By::Like(&["c.title"]))],
    form: &[
        cell("title", Show::Text, "c.title"),
        cell("body", Show::Text, "c.body"),
        cell("audience", Show::Plain, "c.audience"),
        cell(
            "departments",
            Show::Plain,
            "(SELECT group_concat(n.department_id, ',') FROM notice_department n WHERE n.notice_id = c.id)",
        ),
        cell("from", Show::Time, "c.starts"),
        cell("to", Show::Time, "c.ends - 1000"),
        cell("urgent", Show::Flag, "c.urgent"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

pub static RECEIPTS: Source = Source {
    time: Some("c.at"),
    from: "notice_read c LEFT JOIN notice n ON n.id = c.notice_id LEFT JOIN seat s ON s.id = c.seat_id \
           LEFT JOIN department d ON d.id = s.department_id",
    cells: &[
        cell("notice", Show::Text, "n.title"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("department", Show::Plain, "d.name"),
        cell("at", Show::Time, "c.at"),
    ],
    filters: &[
        ("notice", By::Is("c.notice_id")),
        ("department", By::Is("s.department_id")),
        ("from", By::From("c.at")),
        ("to", By::To("c.at")),
    ],
    ..Source::of(&RECEIPTS_PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns: Vec<(&str, Value)> = Vec::new();
    for name in ["title", "body", "audience"] {
        columns.extend(form::text_value(values, name).map(|text| (name, text)));
    }
    columns.extend(form::bit(values, "urgent").map(|bit| ("urgent", bit)));
    for (field, column, end) in [("from", "starts", false), ("to", "ends", true)] {
        let Some(typed) = values.get(field) else { continue };
        let at = match typed.as_str() {
            "" => None,
            typed => {
                Some(form::moment(typed, &who.zone, end).ok_or_else(|| form::bad(&PAGE, "field", field, who.lang))?)
            }
        };
        columns.push((column, at.map_or(Value::Null, Value::Integer)));
    }
    let id = match id {
        Some(id) => {
            form::update(tx, "notice", who.company.0, id, &columns)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("author_id", Value::Integer(who.seat.0)));
            columns.push(("created", Value::Integer(now())));
            form::insert(tx, "notice", &columns)?
        }
    };
    if let Some(departments) = values.get("departments") {
        address(tx, who, id, &form::ids(departments).unwrap_or_default())?;
    }
    complete(tx, id)?;
    Ok(Saved { id, after: vec![After::Changed { company: who.company, page: "notices" }] })
}

fn address(tx: &Transaction<'_>, who: &Who, id: i64, departments: &[i64]) -> Answer<()> {
    tx.execute("DELETE FROM notice_department WHERE notice_id = ?1", [id])?;
    for department in departments {
        let sql = "INSERT OR IGNORE INTO notice_department (notice_id, department_id, company_id)
                   SELECT ?1, id, company_id FROM department WHERE id = ?2 AND company_id = ?3";
        if tx.execute(sql, params![id, department, who.company.0])? == 0 {
            return Err(unknown());
        }
    }
    Ok(())
}

/// One that nobody could ever read is a mistake.
fn complete(tx: &Transaction<'_>, id: i64) -> Answer<()> {
    let sql =
        "SELECT audience = 'departments' AND NOT EXISTS (SELECT 1 FROM notice_department n WHERE n.notice_id = c.id),
                      ends IS NOT NULL AND ends <= coalesce(starts, created) FROM notice c WHERE id = ?1";
    let (nobody, never): (bool, bool) = tx.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match (nobody, never) {
        (true, _) => Err(Refusal::new("row.no_audience").into()),
        (_, true) => Err(Refusal::new("row.empty_span").into()),
        _ => Ok(()),
    }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::update(tx, "notice", who.company.0, id, &[("deleted", Value::Integer(now()))])?;
    Ok(Saved { id, after: vec![After::Changed { company: who.company, page: "notices" }] })
}
