//! 节假日历 (X15).

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    page::After,
    query::{By, Source},
    work,
};
use hutong_api::{Refusal, catalogue::pages::calendar_days::PAGE, texts};
use hutong_core::{campaign::holidays::parse_date, io::DayKind};
use rusqlite::{Transaction, params, types::Value};

/// Most lines pasted at once.
const MOST: usize = 2_000;
/// A choice is "day_" and the stored word.
const CHOICE: &str = "'day_' || c.kind";

pub static SOURCE: Source = Source {
    from: "calendar_day c",
    cells: &[
        cell("date", Show::Plain, "c.date"),
        cell("kind", Show::Choice, CHOICE),
        cell("name", Show::Plain, "c.name"),
    ],
    filters: &[("kind", By::Is(CHOICE))],
    form: &[
        cell("date", Show::Plain, "c.date"),
        cell("kind", Show::Plain, CHOICE),
        cell("name", Show::Plain, "c.name"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    tool: |tx, who, _, args| add_many(tx, who, args),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    for id in ["date", "name"] {
        columns.extend(form::text_value(values, id).map(|text| (id, text)));
    }
    let kind = values.get("kind").map(|kind| kind.trim_start_matches("day_").to_owned());
    columns.extend(kind.map(|kind| ("kind", Value::Text(kind))));
    let date = values.get("date").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "calendar_day", who.company.0, id, &columns), date)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            form::unique(form::insert(tx, "calendar_day", &columns), date)?
        }
    };
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// Lines as in data/calendar: date, kind (or 放假, 上班), name. A date that is there already gets what is said now. A line that
/// says no day is named, and nothing of the rest is taken: what was typed is still there to be mended.
fn add_many(tx: &Transaction<'_>, who: &Who, args: &Values) -> Answer<Saved> {
    let text = args.get("lines").map_or("", String::as_str);
    let said = |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.starts_with("date");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(said).collect();
    if lines.len() > MOST {
        return Err(Refusal::new("setting.too_many_lines").with("max", MOST).into());
    }
    let sql = "INSERT INTO calendar_day (company_id, date, kind, name) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (company_id, date) DO UPDATE SET kind = excluded.kind, name = excluded.name";
    for line in &lines {
        let Some((date, kind, name)) = day(line) else {
            return Err(Refusal::new("setting.bad_line")
                .with("line", line.chars().take(60).collect::<String>())
                .into());
        };
        tx.prepare_cached(sql)?.execute(params![who.company.0, date, kind, name])?;
    }
    let good = lines.len().to_string();
    let mut after = work::changed(tx, who.company, PAGE.id)?;
    after.push(After::Said(texts::fill(who.lang, "catalogue.calendar_days.added", &[("good", &good)])));
    Ok(Saved { id: 0, after })
}

fn day(line: &str) -> Option<(String, &'static str, String)> {
    let mut words = line.splitn(3, [',', '，', '\t', ' ', '　']).map(str::trim);
    let (year, month, day) = parse_date(words.next()?)?;
    let word = words.next()?;
    let kind = match (DayKind::parse(word), word) {
        (Some(DayKind::Holiday), _) | (_, "放假" | "节假日") => "holiday",
        (Some(DayKind::Workday), _) | (_, "上班" | "调休上班") => "workday",
        (Some(DayKind::Plain), _) | (_, "照常") => "plain",
        _ => return None,
    };
    Some((format!("{year:04}-{month:02}-{day:02}"), kind, words.next().unwrap_or_default().chars().take(40).collect()))
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    tx.execute("DELETE FROM calendar_day WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::{
        desk::{Fault, page, sample},
        store,
    };

    #[test]
    fn a_pasted_year_reaches_the_engine_and_a_bad_line_is_named() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let add = |text: &str| {
            page::tool(&tx, &who, "calendar_days", "add_many", &[("lines".to_owned(), text.to_owned())].into())
        };
        let saved = add("# 2031\ndate,kind,name\n2031-01-01,holiday,元旦\n2031-01-04 上班 元旦").unwrap();
        let Some(After::Said(said)) = saved.after.last() else { panic!("{saved:?}") };
        assert!(said.contains('2'), "{said}");
        for bad in ["2031-02-30,holiday,x", "2031-01-05,soon,x"] {
            let Err(Fault::Refused(refusal)) = add(&format!("2031-01-06,holiday,x\n{bad}")) else { panic!("{bad}") };
            assert_eq!((refusal.code.as_ref(), refusal.args["line"].as_str()), ("setting.bad_line", bad));
        }
        let limits = store::limits::limits(&tx, who.company).unwrap();
        let kinds: Vec<_> = limits.days.iter().map(|day| (day.date, day.kind)).collect();
        // The transaction of a refused one is the caller's to roll back.
        assert_eq!(kinds[..2], [((2031, 1, 1), DayKind::Holiday), ((2031, 1, 4), DayKind::Workday)]);
    }
}
