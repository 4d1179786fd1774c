//! 客户资料 (F16–F21): an agent sees his own; a number is one customer of the company.

use crate::desk::{
    After, Answer, Saved, Who, assign, bulk,
    cell::{Show, cell},
    form::{self, Values},
    now,
    overlay::Overlay,
    pool, preview,
    query::{By, Owner, Source},
};
use hutong_api::{CampaignId, Refusal, catalogue::pages::customers::PAGE, texts::text};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};
use std::collections::BTreeMap;

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
        ("category", By::Is("c.category <> '' AND c.category")),
        ("project", By::Is("c.project <> '' AND c.project")),
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
        cell("consent", Show::Plain, "c.consent"),
        cell("consent_source", Show::Text, "c.consent_source"),
        cell("consent_on", Show::Plain, "c.consent_on"),
        cell("consent_text", Show::Text, "c.consent_text"),
    ],
    overlay: Some(Overlay::load),
    save,
    act: |tx, who, action, id, args| match action {
        "release" => pool::release(tx, who, id, args),
        "preview" => into_preview(tx, who, id, args),
        _ => delete(tx, who, id),
    },
    many: |tx, who, page, action, ids, args, run| match action {
        "assign" => assign::chunk(tx, who, ids, args, run),
        _ => bulk::each(tx, who, page, action, ids, args, run),
    },
    ..Source::of(&PAGE)
};

/// 客户列表导入 (F54): the customer's number goes into a preview task.
fn into_preview(tx: &Transaction<'_>, who: &Who, id: i64, args: &Values) -> Answer<Saved> {
    let campaign = CampaignId(form::int(args, "campaign").unwrap_or_default());
    super::preview_tasks::SOURCE.fact(tx, who, campaign.0)?;
    preview::add_customer(tx, who, campaign, id)?;
    Ok(Saved { id, after: vec![After::Leads { campaign, added: 1 }] })
}

pub const COLUMNS: &[&str] = &[
    "mobile",
    "name",
    "landline",
    "organisation",
    "category",
    "project",
    "address",
    "note",
    "consent",
    "consent_source",
    "consent_on",
    "consent_text",
];

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    known(tx, who, values)?;
    let mut columns = changed(who, values);
    if let Some(mobile) = values.get("mobile").filter(|_| columns.iter().any(|(name, _)| *name == "mobile")) {
        free(tx, who, id, mobile)?;
    }
    columns.extend(extra(tx, who, id, values)?);
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
    let column = |name: &&'static str| {
        let value = values.get(*name).filter(|value| !masked(who, value))?;
        Some((*name, Value::Text(value.clone())))
    };
    COLUMNS.iter().filter_map(column).collect()
}

/// The values of added fields beside those the customer (`id`) has; None where nothing of them was sent.
pub fn extra(
    tx: &Transaction<'_>,
    who: &Who,
    id: Option<i64>,
    values: &Values,
) -> Answer<Option<(&'static str, Value)>> {
    let own = |id: &str| id.strip_prefix('f').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    let sent = || values.iter().filter(|(id, value)| own(id) && !masked(who, value));
    if sent().next().is_none() {
        return Ok(None);
    }
    let sql = "SELECT extra FROM customer WHERE id = ?1 AND company_id = ?2";
    let there: Option<String> =
        tx.prepare_cached(sql)?.query_row(params![id, who.company.0], |row| row.get(0)).optional()?;
    let mut extra: Values = there.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    for (id, value) in sent() {
        match value.is_empty() {
            true => extra.remove(id),
            false => extra.insert(id.clone(), value.clone()),
        };
    }
    Ok(Some(("extra", Value::Text(serde_json::to_string(&extra).unwrap_or_else(|_| "{}".into())))))
}

fn masked(who: &Who, value: &str) -> bool {
    who.hide_numbers && value.contains("****")
}

/// A form may only choose 客户分类 and 归属项目 that are there; an import brings its own.
pub fn known(tx: &Transaction<'_>, who: &Who, values: &Values) -> Answer<()> {
    for (field, table) in [("category", "category"), ("project", "project")] {
        let Some(name) = values.get(field).filter(|name| !name.is_empty()) else { continue };
        let sql = format!("SELECT count(*) FROM {table} WHERE company_id = ?1 AND name = ?2");
        let found: i64 = tx.prepare_cached(&sql)?.query_row(params![who.company.0, name], |row| row.get(0))?;
        if found == 0 {
            let title = text(who.lang, &format!("catalogue.customers.field.{field}"));
            return Err(Refusal::new("field.choice").with("field", title).into());
        }
    }
    Ok(())
}

/// Makes the names that a list's row brings choosable.
pub fn add_names(tx: &Transaction<'_>, who: &Who, listed: &BTreeMap<&'static str, String>) -> Answer<()> {
    for table in ["category", "project"] {
        if let Some(name) = listed.get(table).filter(|name| !name.is_empty()) {
            let sql = format!("INSERT INTO {table} (company_id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
            tx.prepare_cached(&sql)?.execute(params![who.company.0, name])?;
        }
    }
    Ok(())
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
