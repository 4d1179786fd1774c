//! 高级配置 (F50). The caps of one callee lie in the company's row; the rest in one of its own.

use super::campaigns::redial_columns;
use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    query::Source,
    work,
};
use hutong_api::{CompanyId, Micro, Refusal, catalogue::pages::campaign_defaults::PAGE};
use rusqlite::{Connection, OptionalExtension, Transaction, types::Value};
use std::collections::BTreeMap;

pub static SOURCE: Source = Source {
    from: "campaign_default c JOIN company k ON k.id = c.company_id LEFT JOIN seat s ON s.id = c.by_id",
    cells: &[
        cell("run", Show::Plain, "c.run"),
        cell("rest", Show::Plain, "c.rest"),
        cell("ring_s", Show::Plain, "c.ring_s"),
        cell("attempts", Show::Plain, "c.attempts"),
        cell("caps", Show::Plain, "k.cap_minute || ' / ' || k.cap_hour || ' / ' || k.cap_day"),
        cell("spend_day", Show::Money, "c.spend_day"),
        cell("updated", Show::Time, "c.updated"),
        cell("by", Show::Plain, "s.name || '(' || s.extension || ')'"),
    ],
    form: &[
        cell("run", Show::Plain, "c.run"),
        cell("rest", Show::Plain, "c.rest"),
        cell("weekdays", Show::Plain, "c.weekdays"),
        cell("holidays", Show::Plain, "c.holidays"),
        cell("ring_s", Show::Plain, "c.ring_s"),
        cell("channels", Show::Plain, "c.channels"),
        cell("attempts", Show::Plain, "c.attempts"),
        cell("wait_busy", Show::Plain, "c.wait_busy"),
        cell("wait_no_answer", Show::Plain, "c.wait_no_answer"),
        cell("wait_unreachable", Show::Plain, "c.wait_unreachable"),
        cell("wait_line", Show::Plain, "c.wait_line"),
        cell("gap", Show::Plain, "c.gap"),
        cell("redial_also", Show::Plain, "c.redial_also"),
        cell("best_hour", Show::Flag, "c.best_hour"),
        cell("cap_minute", Show::Plain, "k.cap_minute"),
        cell("cap_hour", Show::Plain, "k.cap_hour"),
        cell("cap_day", Show::Plain, "k.cap_day"),
        cell("spend_day", Show::Money, "c.spend_day"),
        cell("spend_seat_day", Show::Money, "c.spend_seat_day"),
    ],
    save,
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let id = id.ok_or_else(crate::desk::unknown)?;
    let mut columns = redial_columns(&PAGE, who, values)?;
    for field in ["run", "rest"] {
        columns.extend(form::text_value(values, field).map(|text| (field, text)));
    }
    if values.get("run").and_then(|text| form::span(text)).is_some_and(|(from, to)| from == to) {
        return Err(Refusal::new("campaign.no_hours").into());
    }
    for field in ["spend_day", "spend_seat_day"] {
        if let Some(text) = values.get(field) {
            let amount = Micro::parse_yuan(text).filter(|amount| *amount >= Micro::ZERO);
            let amount = amount.ok_or_else(|| form::bad(&PAGE, "field", field, who.lang))?;
            columns.push((field, Value::Integer(amount.0)));
        }
    }
    columns.push(("updated", Value::Integer(now())));
    columns.push(("by_id", Value::Integer(who.seat.0)));
    form::update(tx, "campaign_default", who.company.0, id, &columns)?;
    caps(tx, who, values)?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

/// 1 to 5 a minute and so on: a company may be stricter than the trade's figures or looser, but never without a cap.
fn caps(tx: &Transaction<'_>, who: &Who, values: &Values) -> Answer<()> {
    for (field, most) in [("cap_minute", 5), ("cap_hour", 20), ("cap_day", 50)] {
        let least = if demo(tx, who.company)? { 0 } else { 1 };
        if let Some(cap) = form::within(&PAGE, values, field, least, most, who.lang)? {
            tx.execute(&format!("UPDATE company SET {field} = ?1 WHERE id = ?2"), [cap, who.company.0])?;
        }
    }
    Ok(())
}

fn demo(tx: &Transaction<'_>, company: CompanyId) -> Answer<bool> {
    Ok(tx.query_row("SELECT demo FROM company WHERE id = ?1", [company.0], |row| row.get(0))?)
}

/// What a new task of the company starts with, by field of `campaigns`.
pub fn of_new_tasks(conn: &Connection, company: CompanyId) -> Answer<BTreeMap<&'static str, String>> {
    const FIELDS: [&str; 14] = [
        "run",
        "rest",
        "weekdays",
        "holidays",
        "ring_s",
        "channels",
        "attempts",
        "wait_busy",
        "wait_no_answer",
        "wait_unreachable",
        "wait_line",
        "gap",
        "redial_also",
        "best_hour",
    ];
    let columns = FIELDS.map(|field| match field {
        "best_hour" => "CASE best_hour WHEN 0 THEN 'false' ELSE 'true' END".to_owned(),
        field => format!("CAST({field} AS TEXT)"),
    });
    let sql = format!("SELECT {} FROM campaign_default WHERE company_id = ?1", columns.join(", "));
    let read = |row: &rusqlite::Row<'_>| {
        FIELDS.iter().enumerate().map(|(at, field)| Ok((*field, row.get(at)?))).collect::<rusqlite::Result<_>>()
    };
    let found = conn.prepare_cached(&sql)?.query_row([company.0], read).optional()?;
    Ok(found.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::desk::sample::values;
    use crate::desk::{
        Fault,
        page::{self, After},
        query::Query,
        sample,
    };
    use hutong_core::io::{DaySpan, Setting, TaskRules};

    fn rules(saved: &Saved) -> TaskRules {
        let [After::Setting(setting)] = saved.after.as_slice() else { panic!("{saved:?}") };
        let Setting::Campaign(cfg) = &**setting else { panic!("{setting:?}") };
        cfg.rules.clone()
    }

    #[test]
    fn a_new_task_starts_with_the_company_s_defaults_and_keeps_what_it_says_itself() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let id = tx.query_row("SELECT id FROM campaign_default WHERE company_id = 1", [], |r| r.get(0)).unwrap();
        let said = [("attempts", "3"), ("wait_busy", "10"), ("weekdays", "1,2"), ("holidays", "holidays_skip")];
        let limits = [("cap_day", "7"), ("spend_day", "12.5"), ("spend_seat_day", "0")];
        let all: Vec<_> = said.into_iter().chain(limits).collect();
        let saved = page::save(&tx, &who, "campaign_defaults", Some(id), &values(&all)).unwrap();
        let [After::Setting(setting), After::Changed { .. }] = saved.after.as_slice() else { panic!("{saved:?}") };
        let Setting::Company(cfg) = &**setting else { panic!("{setting:?}") };
        assert_eq!((cfg.caps[2], cfg.limits.spend_day), (7, Micro(12_500_000)));
        let form = [("name", "新"), ("script", "1"), ("trunk", "1"), ("spans", "周六 10:00~16:00"), ("wait_busy", "1")];
        let made = rules(&page::save(&tx, &who, "campaigns", None, &values(&form)).unwrap());
        assert_eq!((made.weekdays, made.skip_holidays), (0b11, true));
        assert_eq!((made.redial.attempts, made.redial.busy_s), (3, 60));
        assert_eq!(made.spans, [DaySpan { days: 0b010_0000, from: 600, to: 960 }]);
        let shown = page::views(&tx, &who).unwrap();
        let form = &shown.iter().find(|view| view.id == "campaigns").unwrap().form;
        assert_eq!(form.iter().find(|field| field.id == "attempts").unwrap().default, "3");
        for bad in [("spans", "周八 10:00~11:00"), ("attempts", "0"), ("wait_busy", "99999")] {
            let form = [("name", "坏"), ("script", "1"), ("trunk", "1"), bad];
            let answer = page::save(&tx, &who, "campaigns", None, &values(&form));
            assert!(matches!(answer, Err(Fault::Refused(r)) if r.code.starts_with("field.")), "{bad:?}");
        }
        let none = page::save(&tx, &who, "campaign_defaults", Some(id), &values(&[("cap_day", "0")]));
        assert!(matches!(none, Err(Fault::Refused(r)) if r.code == "field.range"), "never without a cap");
    }

    #[test]
    fn a_number_says_why_it_waits() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        tx.execute_batch(
            "INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
               VALUES (900, 1, 'campaigns', 1, 'visible', 'a.csv', 1, 0);
             INSERT INTO lead (company_id, campaign_id, batch_id, phone, state, not_before, why, why_value, why_at)
               VALUES (1, 1, 900, '15400000033', 'busy', 1893456000000, 'retry', 'busy', 1893455000000);",
        )
        .unwrap();
        let filters = values(&[("phone", "15400000033")]);
        let source = page::source("task_numbers").unwrap();
        let list = source.list(&tx, &who, &Query { filters, ..Query::default() }).unwrap();
        assert_eq!(list.rows[0].cells["why"], "忙，自动重呼，2030-01-01 08:00:00 后再呼");
    }
}
