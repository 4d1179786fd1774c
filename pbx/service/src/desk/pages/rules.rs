//! Pages of one row a company: 公共池设置 (F22) and 外呼合规 (D22).

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    now,
    page::After,
    query::Source,
};
use hutong_api::catalogue::pages::{company_rules, pool_settings};
use hutong_core::io::Setting;
use rusqlite::{Transaction, types::Value};

const MOST_CLAIMS: i64 = 100_000;
const MOST_DAYS: i64 = 3_650;

pub static POOL_SETTINGS: Source = Source {
    from: "pool_setting c LEFT JOIN seat s ON s.id = c.by_id",
    cells: &[
        cell("claims_per_day", Show::Plain, "c.claims_per_day"),
        cell("recycle_days", Show::Plain, "c.recycle_days"),
        cell("updated", Show::Time, "c.updated"),
        cell("by", Show::Plain, BY),
    ],
    form: &[
        cell("claims_per_day", Show::Plain, "c.claims_per_day"),
        cell("recycle_days", Show::Plain, "c.recycle_days"),
    ],
    save: |tx, who, id, values, _| save_pool(tx, who, id, values),
    ..Source::of(&pool_settings::PAGE)
};

pub static COMPANY_RULES: Source = Source {
    from: "company_rule c LEFT JOIN seat s ON s.id = c.by_id",
    cells: &[
        cell("preview_only", Show::YesNo, "c.preview_only"),
        cell("opt_out_key", Show::YesNo, "c.opt_out_key"),
        cell("note", Show::Plain, "c.note"),
        cell("updated", Show::Time, "c.updated"),
        cell("by", Show::Plain, BY),
    ],
    form: &[
        cell("preview_only", Show::Flag, "c.preview_only"),
        cell("opt_out_key", Show::Flag, "c.opt_out_key"),
        cell("note", Show::Plain, "c.note"),
    ],
    save: |tx, who, id, values, _| save_rules(tx, who, id, values),
    ..Source::of(&company_rules::PAGE)
};

const BY: &str = "s.name || '(' || s.extension || ')'";

fn save_pool(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    for (field, most) in [("claims_per_day", MOST_CLAIMS), ("recycle_days", MOST_DAYS)] {
        let number = form::within(&pool_settings::PAGE, values, field, 0, most, who.lang)?;
        columns.extend(number.map(|n| (field, Value::Integer(n))));
    }
    write(tx, who, "pool_setting", id, columns).map(Saved::plain)
}

/// The engine refuses to start tasks from the next command on.
fn save_rules(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    for field in ["preview_only", "opt_out_key"] {
        columns.extend(form::bit(values, field).map(|bit| (field, bit)));
    }
    columns.extend(form::text_value(values, "note").map(|note| ("note", note)));
    let id = write(tx, who, "company_rule", id, columns)?;
    let setting = Setting::Company(cfg::company(tx, who.company)?);
    Ok(Saved { id, after: vec![After::Setting(Box::new(setting))] })
}

fn write(
    tx: &Transaction<'_>,
    who: &Who,
    table: &str,
    id: Option<i64>,
    mut columns: Vec<(&'static str, Value)>,
) -> Answer<i64> {
    let id = id.ok_or_else(crate::desk::unknown)?;
    columns.push(("updated", Value::Integer(now())));
    columns.push(("by_id", Value::Integer(who.seat.0)));
    form::update(tx, table, who.company.0, id, &columns)?;
    Ok(id)
}
