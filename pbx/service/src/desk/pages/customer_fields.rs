//! 客户资料-字段设置 (F26–F28): what is set here is every reader's page `customers` (desk/overlay.rs) from the next look on.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    page::After,
    query::Source,
    unknown,
};
use hutong_api::{
    Lang, Refusal,
    catalogue::pages::{customer_fields::PAGE, customers},
    texts::text,
};
use rusqlite::{Transaction, params, types::Value};

const MOST_FIELDS: i64 = 60;
const MOST_OPTIONS: usize = 100;
const LONGEST_OPTION: usize = 40;
/// 字段长度 of 长文本, and of everything else.
const LONGEST_LONG: i64 = 4_000;
const LONGEST: i64 = 500;

const NAME: &str = "coalesce(nullif(c.name, ''), '@catalogue.customer_fields.system.' || c.system)";

pub static SOURCE: Source = Source {
    from: "customer_field c",
    // The company's own order, the first on top.
    time: Some("-c.position"),
    cells: &[
        cell("name", Show::KeyOrText, NAME),
        cell("length", Show::Plain, "c.length"),
        cell("width", Show::Plain, "c.width"),
        cell("shown", Show::YesNo, "c.shown"),
        cell("popped", Show::YesNo, "c.popped"),
        cell("queried", Show::YesNo, "c.queried"),
        cell("position", Show::Plain, "c.position"),
        cell("kind", Show::Choice, "c.kind"),
        cell("heading", Show::Plain, "c.heading"),
    ],
    form: &[
        cell("kind", Show::Plain, "c.kind"),
        cell("name", Show::KeyOrText, NAME),
        cell("length", Show::Plain, "c.length"),
        cell("width", Show::Plain, "c.width"),
        cell("options", Show::Plain, "(SELECT group_concat(value, char(10)) FROM json_each(c.options))"),
        cell("shown", Show::Flag, "c.shown"),
        cell("popped", Show::Flag, "c.popped"),
        cell("queried", Show::Flag, "c.queried"),
        cell("position", Show::Plain, "c.position"),
        cell("heading", Show::Plain, "c.heading"),
    ],
    fact: "c.system",
    allows: |system, action| action != "delete" || system.is_empty(),
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let (system, kind) = match id {
        Some(id) => described(tx, who, id)?,
        None => (String::new(), values.get("kind").cloned().unwrap_or_default()),
    };
    if system == "mobile" && values.get("shown").is_some_and(|shown| shown == "false") {
        return Err(Refusal::new("field.always_shown").with("field", own_title(&system, who.lang)).into());
    }
    let mut columns = Vec::new();
    if let Some(name) = values.get("name") {
        columns.push(("name", Value::Text(free_name(name, &system)?)));
    }
    let longest = if kind == "field_long" { LONGEST_LONG } else { LONGEST };
    let shortest = i64::from(kind != "field_datetime" || system.is_empty());
    for (field, min, max) in [("length", shortest, longest), ("width", 40, 800), ("position", -9_999, 9_999)] {
        columns.extend(form::within(&PAGE, values, field, min, max, who.lang)?.map(|n| (field, Value::Integer(n))));
    }
    for field in ["shown", "popped", "queried"] {
        columns.extend(form::bit(values, field).map(|bit| (field, bit)));
    }
    columns.extend(form::text_value(values, "heading").map(|heading| ("heading", heading)));
    if system.is_empty() && (id.is_none() || values.contains_key("options")) {
        columns.push(("options", Value::Text(options(values, &kind)?)));
    }
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "customer_field", who.company.0, id, &columns), name)?;
            id
        }
        None => add(tx, who, columns, kind, name)?,
    };
    Ok(told(who, id))
}

/// A new field goes to the end unless it was given a place.
fn add(tx: &Transaction<'_>, who: &Who, mut columns: Vec<(&str, Value)>, kind: String, name: &str) -> Answer<i64> {
    let (fields, last): (i64, i64) = tx.query_row(
        "SELECT count(*), coalesce(max(position), 0) FROM customer_field WHERE company_id = ?1",
        [who.company.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if fields >= MOST_FIELDS {
        return Err(Refusal::new("field.too_many").with("max", MOST_FIELDS).into());
    }
    if !columns.iter().any(|(column, _)| *column == "position") {
        columns.push(("position", Value::Integer(last + 10)));
    }
    columns.push(("company_id", Value::Integer(who.company.0)));
    columns.push(("kind", Value::Text(kind)));
    form::unique(form::insert(tx, "customer_field", &columns), name)
}

/// What customers said in it stays in their rows (F26).
fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let (system, _) = described(tx, who, id)?;
    if !system.is_empty() {
        return Err(Refusal::new("field.system").with("field", own_title(&system, who.lang)).into());
    }
    tx.execute("DELETE FROM customer_field WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(told(who, id))
}

fn told(who: &Who, id: i64) -> Saved {
    Saved { id, after: vec![After::Changed { company: who.company, page: "customer_fields" }] }
}

fn described(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<(String, String)> {
    tx.query_row(
        "SELECT system, kind FROM customer_field WHERE id = ?1 AND company_id = ?2",
        params![id, who.company.0],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
    .map_err(|_| unknown())
}

fn own_title(system: &str, lang: Lang) -> &'static str {
    text(lang, &format!("catalogue.customer_fields.system.{system}"))
}

/// No second field may read like one there is, in whatever language. A system field under its own title keeps none of its own.
fn free_name(name: &str, system: &str) -> Answer<String> {
    for lang in [Lang::Zh, Lang::En] {
        if !system.is_empty() && own_title(system, lang) == name {
            return Ok(String::new());
        }
        let columns = customers::PAGE.columns.iter().map(|column| format!("col.{}", column.id));
        let fields = customers::PAGE.form.iter().map(|field| format!("field.{}", field.id));
        let taken = columns.chain(fields).any(|key| text(lang, &format!("catalogue.customers.{key}")) == name);
        if taken || ["recording_id", "recording_file"].iter().any(|one| own_title(one, lang) == name) {
            return Err(Refusal::new("field.taken").with("value", name).into());
        }
    }
    Ok(name.to_owned())
}

/// The options of 单选 and 多选: a line, or a comma, between any two.
pub fn options(values: &Values, kind: &str) -> Answer<String> {
    let chosen = matches!(kind, "field_one" | "field_several");
    let typed = values.get("options").map_or("", String::as_str);
    let mut options: Vec<&str> = Vec::new();
    for option in typed.split(['\n', ',', '，', ';', '；']).map(str::trim).filter(|option| !option.is_empty()) {
        if !options.contains(&option) {
            options.push(option);
        }
    }
    if !chosen {
        options.clear();
    } else if options.is_empty() {
        return Err(Refusal::new("field.no_options").into());
    } else if options.len() > MOST_OPTIONS || options.iter().any(|option| option.chars().count() > LONGEST_OPTION) {
        return Err(Refusal::new("field.many_options").with("max", MOST_OPTIONS).with("chars", LONGEST_OPTION).into());
    }
    Ok(serde_json::to_string(&options).unwrap_or_default())
}
