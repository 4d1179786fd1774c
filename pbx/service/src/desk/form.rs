//! A form's values as typed, checked against the catalogue before any SQL.

use super::{Answer, Fault, Who, options};
use hutong_api::{
    Lang, Phone, Refusal,
    catalogue::{Field, FieldView, Kind, Page, field_view},
    texts::text,
};
use hutong_core::import::number;
use jiff::{civil, tz::TimeZone};
use rusqlite::{Transaction, params, params_from_iter, types::Value};
use std::collections::BTreeMap;

/// Field id → cleaned value.
pub type Values = BTreeMap<String, String>;

const LONGEST: usize = 4000;
/// Every permission word there is, and more pages to come.
const LONGEST_WORDS: usize = 32_000;

/// Checks required fields, lengths, kinds and choices. A new row gets the defaults; an edit keeps what is not sent,
/// and fixed fields as they are. Values of fields the page does not have are dropped.
pub fn clean(page: &Page, typed: &BTreeMap<String, String>, new: bool, lang: Lang) -> Answer<Values> {
    clean_fields(page, page.form, typed, new, lang)
}

/// The same for other fields than the form's: what an action of the page asks.
pub fn clean_fields(
    page: &Page,
    fields: &[Field],
    typed: &BTreeMap<String, String>,
    new: bool,
    lang: Lang,
) -> Answer<Values> {
    let views: Vec<FieldView> = fields.iter().map(|field| field_view(page, field, lang)).collect();
    clean_views(&views, typed, new)
}

/// The same for fields as one reader sees them: a company's own are described nowhere else.
pub fn clean_views(fields: &[FieldView], typed: &BTreeMap<String, String>, new: bool) -> Answer<Values> {
    let mut out = Values::new();
    for field in fields.iter().filter(|f| f.kind != Kind::File && (new || !f.fixed)) {
        let value = match typed.get(&field.id) {
            Some(value) => tidy(value, field.kind),
            None if new => field.default.clone(),
            None => continue,
        };
        let value = if value.is_empty() && new { field.default.clone() } else { value };
        check(field, &value)?;
        let value = if value.is_empty() { value } else { parse(field, value)? };
        out.insert(field.id.clone(), value);
    }
    Ok(out)
}

fn check(field: &FieldView, value: &str) -> Answer<()> {
    let refusal = |code| Refusal::new(code).with("field", &field.title);
    if value.is_empty() && field.required {
        return Err(refusal("field.required").into());
    }
    let max = match (field.max_chars, field.kind) {
        (0, Kind::Permissions) => LONGEST_WORDS,
        (0, _) => LONGEST,
        (max, _) => max.into(),
    };
    if value.chars().count() > max {
        return Err(refusal("field.too_long").with("max", max).into());
    }
    let known = |value: &str| field.choices.is_empty() || field.choices.iter().any(|choice| choice.value == value);
    let chosen = field.kind == Kind::Choices;
    if !value.is_empty() && !(if chosen { value.split(',').all(known) } else { known(value) }) {
        return Err(refusal("field.choice").into());
    }
    Ok(())
}

/// The stored form of a value of this kind.
fn parse(field: &FieldView, value: String) -> Answer<String> {
    let rows = field.choices.is_empty() && !options::by_name(field.options_from.as_deref());
    let parsed = match field.kind {
        Kind::Number => value.parse::<i64>().ok().map(|n| n.to_string()),
        Kind::YesNo => flag(&value).map(|yes| yes.to_string()),
        Kind::Span => span(&value).map(|_| value),
        // A masked number stands for "unchanged"; the page's own code drops it.
        Kind::Phone if value.contains('*') => Some(value),
        Kind::Phone => {
            let phone = number::clean(&value).map_err(|_| Refusal::new("field.phone").with("field", &field.title))?;
            Some(phone.to_string())
        }
        Kind::Select if rows => value.parse::<i64>().ok().map(|n| n.to_string()),
        Kind::Choices if rows => ids(&value).map(|_| value),
        Kind::Date => value.parse::<civil::Date>().ok().map(|date| date.to_string()),
        Kind::DateTime => date_time(&value),
        _ => Some(value),
    };
    parsed.ok_or_else(|| Refusal::new("field.bad").with("field", &field.title).into())
}

/// A telephone number as typed into a form or the dial box.
pub fn number(page: &Page, field: &str, typed: &str, lang: Lang) -> Answer<Phone> {
    number::clean(typed)
        .map_err(|_| Refusal::new("field.phone").with("field", title(page, "field", field, lang)).into())
}

/// Part of a number as typed into a filter: separators off, +86 and 0086 off, full-width digits narrowed.
pub fn digits(typed: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '＋' => '+',
        c => c,
    };
    let dropped = |c: &char| !c.is_whitespace() && !"-.()（）\u{200b}\u{202d}\u{202c}\u{feff}".contains(*c);
    let text: String = typed.chars().map(narrow).filter(dropped).collect();
    let national = text.strip_prefix("+86").or_else(|| text.strip_prefix("0086")).unwrap_or(&text);
    match national.strip_prefix("86") {
        Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile.to_owned(),
        _ => national.to_owned(),
    }
}

pub fn missing(page: &Page, field: &str, lang: Lang) -> Fault {
    Refusal::new("field.required").with("field", title(page, "field", field, lang)).into()
}

pub fn bad(page: &Page, part: &str, id: &str, lang: Lang) -> Fault {
    Refusal::new("field.bad").with("field", title(page, part, id, lang)).into()
}

pub fn title(page: &Page, part: &str, id: &str, lang: Lang) -> &'static str {
    text(lang, &format!("catalogue.{}.{part}.{id}", page.id))
}

fn tidy(value: &str, kind: Kind) -> String {
    match kind {
        Kind::Password => value.to_owned(),
        Kind::LongText => value.trim().chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect(),
        _ => value.trim().chars().filter(|c| !c.is_control()).collect(),
    }
}

/// yyyy-mm-dd hh:mm:ss of a moment typed with or without its clock.
fn date_time(text: &str) -> Option<String> {
    let at = moment(text, &TimeZone::UTC, false)?;
    Some(jiff::Timestamp::from_millisecond(at).ok()?.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// The row ids of a `Choices` value.
pub fn ids(value: &str) -> Option<Vec<i64>> {
    value.split(',').filter(|one| !one.is_empty()).map(|one| one.trim().parse().ok()).collect()
}

pub fn flag(value: &str) -> Option<bool> {
    match value {
        "true" | "1" | "yes" | "是" => Some(true),
        "false" | "0" | "no" | "否" => Some(false),
        _ => None,
    }
}

/// "hh:mm~hh:mm" → minutes of the day; 24:00 is the day's end.
pub fn span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once(['~', '～', '-'])?;
    let minute = |clock: &str| {
        let (h, m) = clock.trim().split_once([':', '：'])?;
        let (h, m) = (h.parse::<u16>().ok()?, m.parse::<u16>().ok()?);
        (m < 60 && h * 60 + m <= 1440 && h <= 24).then_some(h * 60 + m)
    };
    Some((minute(from)?, minute(to)?))
}

/// "yyyy-mm-dd" or "yyyy-mm-dd hh:mm[:ss]" in company time → epoch ms. As an end it is exclusive: the next day, minute or second.
pub fn moment(text: &str, zone: &TimeZone, end: bool) -> Option<i64> {
    let text = text.trim().replace(['T', '/'], " ").replace("  ", " ");
    let (date, clock) = text.split_once(' ').map_or((text.as_str(), None), |(d, c)| (d, Some(c.trim())));
    let date: civil::Date = date.parse().ok()?;
    let (time, step) = match clock {
        None | Some("") => (civil::Time::midnight(), jiff::Span::new().days(1)),
        Some(clock) => {
            let step = if clock.len() > 5 { jiff::Span::new().seconds(1) } else { jiff::Span::new().minutes(1) };
            (clock.parse().ok()?, step)
        }
    };
    let at = date.to_datetime(time);
    let at = if end { at.checked_add(step).ok()? } else { at };
    Some(at.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// Writes the given columns of one row of the company. Column names come from code, never from outside.
pub fn update(
    tx: &Transaction<'_>,
    table: &str,
    company: i64,
    id: i64,
    columns: &[(&str, Value)],
) -> rusqlite::Result<()> {
    if columns.is_empty() {
        return Ok(());
    }
    let sets: Vec<String> = columns.iter().enumerate().map(|(at, (name, _))| format!("{name} = ?{}", at + 3)).collect();
    let sql = format!("UPDATE {table} SET {} WHERE id = ?1 AND company_id = ?2", sets.join(", "));
    let params = [Value::Integer(id), Value::Integer(company)];
    tx.prepare_cached(&sql)?.execute(params_from_iter(params.iter().chain(columns.iter().map(|(_, v)| v))))?;
    Ok(())
}

/// Writes a new row; returns its id.
pub fn insert(tx: &Transaction<'_>, table: &str, columns: &[(&str, Value)]) -> rusqlite::Result<i64> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let marks: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", "));
    tx.prepare_cached(&sql)?.execute(params_from_iter(columns.iter().map(|(_, value)| value)))?;
    Ok(tx.last_insert_rowid())
}

/// Writes a row of the company's, a new one where `id` is None; what breaks a UNIQUE rule is refused under `name`.
pub fn put(
    tx: &Transaction<'_>,
    who: &Who,
    table: &str,
    id: Option<i64>,
    mut columns: Vec<(&str, Value)>,
    name: &str,
) -> Answer<i64> {
    let company = who.company.0;
    match id {
        Some(id) => unique(update(tx, table, company, id, &columns), name).map(|()| id),
        None => {
            columns.push(("company_id", Value::Integer(company)));
            unique(insert(tx, table, &columns), name)
        }
    }
}

/// Deletes a row of the company's.
pub fn remove(tx: &Transaction<'_>, who: &Who, table: &str, id: i64) -> Answer<()> {
    tx.execute(&format!("DELETE FROM {table} WHERE id = ?1 AND company_id = ?2"), params![id, who.company.0])?;
    Ok(())
}

/// The same, but what is in use stays: `used` is SQL that counts what needs the row `c`.
pub fn remove_unused(tx: &Transaction<'_>, who: &Who, table: &str, id: i64, used: &str) -> Answer<()> {
    let sql = format!("SELECT name, {used} FROM {table} c WHERE id = ?1 AND company_id = ?2");
    let (name, used): (String, i64) =
        tx.query_row(&sql, params![id, who.company.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if used > 0 {
        return Err(Refusal::new("row.in_use").with("name", name).into());
    }
    remove(tx, who, table, id)
}

/// Turns a broken UNIQUE rule into the refusal "exists already".
pub fn unique<T>(result: rusqlite::Result<T>, value: &str) -> Answer<T> {
    result.map_err(|error| match &error {
        rusqlite::Error::SqliteFailure(e, _) if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE => {
            Refusal::new("field.taken").with("value", value).into()
        }
        _ => error.into(),
    })
}

pub fn text_value(values: &Values, id: &str) -> Option<Value> {
    values.get(id).map(|value| Value::Text(value.clone()))
}

pub fn int(values: &Values, id: &str) -> Option<i64> {
    values.get(id).and_then(|value| value.parse().ok())
}

/// A flag as SQLite stores it.
pub fn bit(values: &Values, id: &str) -> Option<Value> {
    values.get(id).map(|value| Value::Integer((value == "true").into()))
}

/// A number within its limits, or the refusal that names them.
pub fn within(page: &Page, values: &Values, id: &str, min: i64, max: i64, lang: Lang) -> Answer<Option<i64>> {
    match int(values, id) {
        Some(n) if !(min..=max).contains(&n) => Err(Refusal::new("field.range")
            .with("field", title(page, "field", id, lang))
            .with("min", min)
            .with("max", max)
            .into()),
        n => Ok(n),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use hutong_api::catalogue::pages::{campaigns, customers};

    fn typed(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn code(answer: Answer<Values>) -> String {
        match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_new_row_is_checked_and_gets_defaults() {
        let new = |pairs: &[(&str, &str)]| clean(&campaigns::PAGE, &typed(pairs), true, Lang::Zh);
        assert_eq!(code(new(&[])), "field.required");
        let good = new(&[("name", " cs "), ("script", "1"), ("trunk", "2"), ("other", "x")]).unwrap();
        assert_eq!((good["name"].as_str(), good["run"].as_str(), good["ring_s"].as_str()), ("cs", "09:00~20:00", "30"));
        assert!(!good.contains_key("file") && !good.contains_key("other"));
        let long = "长".repeat(41);
        assert_eq!(code(new(&[("name", &long), ("script", "1"), ("trunk", "2")])), "field.too_long");
        assert_eq!(code(new(&[("name", "a"), ("script", "x"), ("trunk", "2")])), "field.bad");
        assert_eq!(code(new(&[("name", "a"), ("script", "1"), ("trunk", "2"), ("run", "25:00~26:00")])), "field.bad");
    }

    #[test]
    fn an_edit_keeps_what_is_not_sent() {
        let edit = clean(&customers::PAGE, &typed(&[("name", "甲")]), false, Lang::Zh).unwrap();
        assert_eq!(edit.len(), 1);
        assert_eq!(code(clean(&customers::PAGE, &typed(&[("mobile", "")]), false, Lang::Zh)), "field.required");
        assert_eq!(code(clean(&customers::PAGE, &typed(&[("mobile", "12a")]), false, Lang::Zh)), "field.phone");
    }

    #[test]
    fn numbers_spans_and_moments() {
        for typed in
            ["+86 154 0000 0001", "0086-15400000001", "86 15400000001", "１５４０００００００１", "(154)0000-0001"]
        {
            assert_eq!(digits(typed), "15400000001", "{typed}");
        }
        assert_eq!(span("08:00~20:00"), Some((480, 1200)));
        assert_eq!(span("00:00~24:00"), Some((0, 1440)));
        assert_eq!(span("00:00~24:01"), None);
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let day = moment("2026-06-10", &zone, false).unwrap();
        assert_eq!(moment("2026-06-10", &zone, true).unwrap() - day, 86_400_000);
        assert_eq!(moment("2026-06-10 00:00:01", &zone, false).unwrap() - day, 1_000);
        assert_eq!(moment("2026-06-10T00:01", &zone, true).unwrap() - day, 120_000);
        assert_eq!(moment("soon", &zone, true), None);
    }
}
