//! 评价设置 (F110). Kept and checked; no survey is played yet.

use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown,
};
use hutong_api::{Refusal, catalogue::pages::survey_settings::PAGE, texts::text};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "survey_setting c LEFT JOIN department d ON d.id = c.department_id LEFT JOIN prompt p ON p.id = c.prompt_id",
    cells: &[
        cell("direction", Show::Choice, "c.direction"),
        cell("department", Show::KeyOrText, "coalesce(d.name, '@catalogue.cell.whole_company')"),
        cell("enabled", Show::YesNo, "c.enabled"),
        cell("prompt", Show::Plain, "p.name"),
        cell("keys", Show::Plain, "replace(c.keys, char(10), '; ')"),
        cell("tries", Show::Plain, "c.tries"),
        cell("timeout_s", Show::Plain, "c.timeout_s"),
        cell("min_talk_s", Show::Plain, "c.min_talk_s"),
        cell("how", Show::Choice, "c.how"),
    ],
    filters: &[("direction", By::Is("c.direction")), ("department", By::Is("c.department_id"))],
    form: &[
        cell("direction", Show::Plain, "c.direction"),
        cell("department", Show::Plain, "c.department_id"),
        cell("enabled", Show::Flag, "c.enabled"),
        cell("prompt", Show::Plain, "c.prompt_id"),
        cell("keys", Show::Plain, "c.keys"),
        cell("tries", Show::Plain, "c.tries"),
        cell("timeout_s", Show::Plain, "c.timeout_s"),
        cell("min_talk_s", Show::Plain, "c.min_talk_s"),
        cell("how", Show::Plain, "c.how"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.survey_settings.note").to_owned()]),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    if values.contains_key("prompt") {
        let prompt = chosen(tx, who, values, "prompt", "prompt")?;
        columns.push(("prompt_id", prompt.map_or(Value::Null, |(id, _)| Value::Integer(id))));
    }
    if let Some(lines) = values.get("keys") {
        columns.push(("keys", Value::Text(keys(lines)?)));
    }
    for (field, least, most) in [("tries", 1, 5), ("timeout_s", 1, 60), ("min_talk_s", 0, 3_600)] {
        let number = form::within(&PAGE, values, field, least, most, who.lang)?;
        columns.extend(number.map(|n| (field, Value::Integer(n))));
    }
    columns.extend(form::bit(values, "enabled").map(|bit| ("enabled", bit)));
    columns.extend(form::text_value(values, "how").map(|how| ("how", how)));
    let (of, name) = department(tx, who, values)?;
    if id.is_none() {
        columns.push(("department_id", of));
        columns.extend(form::text_value(values, "direction").map(|direction| ("direction", direction)));
    }
    let id = form::put(tx, who, "survey_setting", id, columns, &name)?;
    let sql = "SELECT enabled = 1 AND prompt_id IS NULL FROM survey_setting WHERE id = ?1 AND company_id = ?2";
    if tx.query_row(sql, params![id, who.company.0], |row| row.get(0))? {
        return Err(Refusal::new("setting.survey_prompt").into());
    }
    Ok(changed(who, id))
}

fn changed(who: &Who, id: i64) -> Saved {
    Saved { id, after: vec![After::Changed { company: who.company, page: PAGE.id }] }
}

/// The row of the company that a field names, with its name; None where the field is empty. Tables come from code.
pub fn chosen(
    tx: &Transaction<'_>,
    who: &Who,
    values: &Values,
    field: &str,
    table: &str,
) -> Answer<Option<(i64, String)>> {
    let Some(id) = form::int(values, field) else { return Ok(None) };
    let sql = format!("SELECT name FROM {table} WHERE id = ?1 AND company_id = ?2");
    let name = tx.query_row(&sql, params![id, who.company.0], |row| row.get(0)).optional()?;
    name.map(|name| Some((id, name))).ok_or_else(unknown)
}

/// The department a new setting is for, or the whole company, with its name.
pub fn department(tx: &Transaction<'_>, who: &Who, values: &Values) -> Answer<(Value, String)> {
    let department = chosen(tx, who, values, "department", "department")?;
    let whole = || text(who.lang, "catalogue.cell.whole_company").to_owned();
    Ok(department.map_or_else(|| (Value::Null, whole()), |(id, name)| (Value::Integer(id), name)))
}

/// Lines of a key and what it says, each key once; as stored, "1 满意".
fn keys(lines: &str) -> Answer<String> {
    const LONGEST: usize = 20;
    let mut out: Vec<(char, String)> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let bad = || Refusal::new("setting.survey_key").with("line", line);
        let key = line.chars().next().filter(|key| key.is_ascii_digit() || "*#".contains(*key)).ok_or_else(bad)?;
        let label = line.get(1..).unwrap_or_default();
        let spaced = label.starts_with(|c: char| c.is_whitespace() || "=:：＝".contains(c));
        let label = label.trim_start_matches(|c: char| c.is_whitespace() || "=:：＝".contains(c));
        if !spaced || label.is_empty() || label.chars().count() > LONGEST {
            return Err(bad().into());
        }
        if out.iter().any(|(taken, _)| *taken == key) {
            return Err(Refusal::new("setting.survey_key_twice").with("key", key).into());
        }
        out.push((key, label.to_owned()));
    }
    Ok(out.iter().map(|(key, label)| format!("{key} {label}")).collect::<Vec<_>>().join("\n"))
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::remove(tx, who, "survey_setting", id)?;
    Ok(changed(who, id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::desk::sample::{code, values};
    use crate::desk::{options, page, sample};

    #[test]
    fn a_survey_is_checked_and_never_enabled_without_its_prompt() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "survey_settings", id, &values(pairs));
        let offered = options::options(&tx, &who, "survey_settings", "prompt").unwrap();
        assert_eq!(offered.iter().map(|one| one.label.as_str()).collect::<Vec<_>>(), ["开场语"]);
        let made =
            save(None, &[("keys", "1 满意\n\n2：一般\n# 不满意"), ("prompt", "1"), ("enabled", "true")]).unwrap();
        let row = page::get(&tx, &who, "survey_settings", made.id).unwrap();
        assert_eq!(
            (row.values["keys"].as_str(), row.values["how"].as_str()),
            ("1 满意\n2 一般\n# 不满意", "survey_automatic")
        );
        assert_eq!(code(save(None, &[("keys", "1 a")])), "field.taken", "the company's is there");
        save(None, &[("keys", "1 a"), ("department", "2")]).unwrap();
        save(None, &[("keys", "1 a"), ("direction", "survey_inbound")]).unwrap();
        assert_eq!(code(save(None, &[("keys", "1 a"), ("department", "12")])), "row.unknown");
        assert_eq!(code(save(Some(made.id), &[("prompt", "11")])), "row.unknown");
        assert_eq!(code(save(Some(made.id), &[("tries", "6")])), "field.range");
        for bad in ["满意", "1", "12 满意", "a 满意", &format!("1 {}", "长".repeat(21))] {
            assert_eq!(code(save(Some(made.id), &[("keys", bad)])), "setting.survey_key", "{bad}");
        }
        assert_eq!(code(save(Some(made.id), &[("keys", "1 a\n1 b")])), "setting.survey_key_twice");
        tx.execute("DELETE FROM prompt WHERE id = 1", []).unwrap();
        let row = page::get(&tx, &who, "survey_settings", made.id).unwrap();
        assert_eq!(
            (row.values["prompt"].as_str(), row.values["enabled"].as_str()),
            ("", "false"),
            "off with its prompt"
        );
        assert_eq!(code(save(Some(made.id), &[("enabled", "true")])), "setting.survey_prompt");
    }
}
