//! 客户资料 (F16–F21): an agent sees his own; a number is one customer of the company.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    query::{By, Owner, Source},
};
use hutong_api::{Refusal, catalogue::pages::customers::PAGE};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    time: Some("c.created"),
    from: "customer c LEFT JOIN seat s ON s.id = c.owner_id",
    keep: "c.deleted IS NULL AND (c.batch_id IS NULL OR c.batch_id IN (SELECT id FROM batch WHERE state = 'visible'))",
    owner: Some(Owner { within: "c.owner_id IN ({})", own: "c.owner_id" }),
    cells: &[
        cell("mobile", Show::Phone, "c.mobile"),
        cell("name", Show::Text, "c.name"),
        cell("landline", Show::Phone, "c.landline"),
        cell("organisation", Show::Text, "c.organisation"),
        cell("category", Show::Text, "c.category"),
        cell("owner", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("project", Show::Text, "c.project"),
        cell("address", Show::Text, "c.address"),
        cell("created", Show::Time, "c.created"),
        cell("updated", Show::Time, "c.updated"),
        cell("note", Show::Text, "c.note"),
    ],
    filters: &[
        ("mobile", By::Phone { of: &["c.mobile", "c.landline"], or: &[] }),
        ("name", By::CustomerText(&["c.name"])),
        ("organisation", By::CustomerText(&["c.organisation"])),
        ("category", By::CustomerText(&["c.category"])),
        ("owner", By::Is("c.owner_id")),
        ("created_from", By::From("c.created")),
        ("created_to", By::To("c.created")),
    ],
    form: &[
        cell("mobile", Show::Phone, "c.mobile"),
        cell("name", Show::Text, "c.name"),
        cell("landline", Show::Phone, "c.landline"),
        cell("organisation", Show::Text, "c.organisation"),
        cell("category", Show::Text, "c.category"),
        cell("project", Show::Text, "c.project"),
        cell("address", Show::Text, "c.address"),
        cell("note", Show::Text, "c.note"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

pub const COLUMNS: &[&str] = &["mobile", "name", "landline", "organisation", "category", "project", "address", "note"];

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = changed(who, values);
    if let Some(mobile) = values.get("mobile").filter(|_| columns.iter().any(|(name, _)| *name == "mobile")) {
        free(tx, who, id, mobile)?;
    }
    columns.push(("updated", Value::Integer(now())));
    let id = match id {
        Some(id) => {
            form::update(tx, "customer", who.company.0, id, &columns)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("owner_id", Value::Integer(who.seat.0)));
            columns.push(("created", Value::Integer(now())));
            form::insert(tx, "customer", &columns)?
        }
    };
    Ok(Saved::plain(id))
}

/// What is really changed: a seat that was shown stars sends them back, and they stand for "as it was".
pub fn changed(who: &Who, values: &Values) -> Vec<(&'static str, Value)> {
    let masked = |value: &str| who.hide_numbers && value.contains("****");
    let column = |name: &&'static str| {
        let value = values.get(*name).filter(|value| !masked(value))?;
        Some((*name, Value::Text(value.clone())))
    };
    COLUMNS.iter().filter_map(column).collect()
}

/// Says who owns a number that is a customer already (F17).
fn free(tx: &Transaction<'_>, who: &Who, id: Option<i64>, mobile: &str) -> Answer<()> {
    let owner: Option<Option<String>> = tx
        .prepare_cached(
            "SELECT s.name || '(' || s.extension || ')' FROM customer c LEFT JOIN seat s ON s.id = c.owner_id
             WHERE c.company_id = ?1 AND c.mobile = ?2 AND c.deleted IS NULL AND c.id IS NOT ?3",
        )?
        .query_row(params![who.company.0, mobile, id], |row| row.get(0))
        .optional()?;
    match owner {
        None => Ok(()),
        Some(owner) => Err(Refusal::new("field.owned")
            .with("value", Show::Phone.cell(&Value::Text(mobile.to_owned()), who))
            .with("owner", owner.unwrap_or_else(|| "-".into()))
            .into()),
    }
}

/// Recordings and call records stay (F20).
fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::update(tx, "customer", who.company.0, id, &[("deleted", Value::Integer(now()))])?;
    Ok(Saved::plain(id))
}
