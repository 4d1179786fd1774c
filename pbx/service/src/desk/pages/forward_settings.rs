//! 转移设置 (F106). Kept and checked; nothing follows it while no inbound calls are taken.

use super::seats;
use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Owner, Source},
    unknown,
};
use hutong_api::{Refusal, catalogue::pages::forward_settings::PAGE, texts::text};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "forward_setting c LEFT JOIN seat s ON s.id = c.seat_id LEFT JOIN seat t ON t.id = c.to_seat_id \
           LEFT JOIN department d ON d.id = c.to_department_id",
    owner: Some(Owner { within: "c.seat_id IN ({})", own: "c.seat_id" }),
    cells: &[
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("moment", Show::Choice, "c.moment"),
        cell("seconds", Show::Plain, "CASE WHEN c.moment = 'forward_no_answer' THEN c.seconds END"),
        cell("to", Show::Text, "coalesce(t.name || '(' || t.extension || ')', d.name, c.to_mobile)"),
        cell("enabled", Show::YesNo, "c.enabled"),
    ],
    filters: &[("seat", By::Is("c.seat_id")), ("moment", By::Is("c.moment"))],
    form: &[
        cell("seat", Show::Plain, "c.seat_id"),
        cell("moment", Show::Plain, "c.moment"),
        cell("seconds", Show::Plain, "c.seconds"),
        cell("to_seat", Show::Plain, "c.to_seat_id"),
        cell("to_department", Show::Plain, "c.to_department_id"),
        cell("to_mobile", Show::Phone, "c.to_mobile"),
        cell("enabled", Show::Flag, "c.enabled"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.forward_settings.note").to_owned()]),
    ..Source::of(&PAGE)
};

/// Whose calls go where.
#[derive(Default)]
struct Forward {
    seat: i64,
    to_seat: Option<i64>,
    to_department: Option<i64>,
    to_mobile: Option<String>,
    enabled: bool,
}

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut rule = match id {
        Some(id) => stored(tx, who, id)?,
        None => Forward::default(),
    };
    if id.is_none() {
        rule.seat = form::int(values, "seat").ok_or_else(unknown)?;
        seats::SOURCE.fact(tx, who, rule.seat)?;
    }
    rule.take(tx, who, values)?;
    if rule.enabled && comes_back(tx, who, id, &rule)? {
        return Err(Refusal::new("setting.forward_loop").into());
    }
    let mut columns = vec![
        ("to_seat_id", rule.to_seat.map_or(Value::Null, Value::Integer)),
        ("to_department_id", rule.to_department.map_or(Value::Null, Value::Integer)),
        ("to_mobile", rule.to_mobile.map_or(Value::Null, Value::Text)),
        ("enabled", Value::Integer(rule.enabled.into())),
    ];
    columns.extend(form::text_value(values, "moment").map(|moment| ("moment", moment)));
    let seconds = form::within(&PAGE, values, "seconds", 1, 300, who.lang)?;
    columns.extend(seconds.map(|n| ("seconds", Value::Integer(n))));
    let moment = values.get("moment").map_or("", |code| text(who.lang, &format!("catalogue.choice.{code}")));
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "forward_setting", who.company.0, id, &columns), moment)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("seat_id", Value::Integer(rule.seat)));
            form::unique(form::insert(tx, "forward_setting", &columns), moment)?
        }
    };
    Ok(changed(who, id))
}

fn changed(who: &Who, id: i64) -> Saved {
    Saved { id, after: vec![After::Changed { company: who.company, page: PAGE.id }] }
}

fn stored(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Forward> {
    let sql = "SELECT seat_id, to_seat_id, to_department_id, to_mobile, enabled FROM forward_setting
               WHERE id = ?1 AND company_id = ?2";
    let found = tx.query_row(sql, params![id, who.company.0], |row| {
        let (seat, to_seat, to_department) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Forward { seat, to_seat, to_department, to_mobile: row.get(3)?, enabled: row.get(4)? })
    });
    found.optional()?.ok_or_else(unknown)
}

impl Forward {
    /// What the form says over what is stored; then exactly one aim is left, and it is the company's.
    fn take(&mut self, tx: &Transaction<'_>, who: &Who, values: &Values) -> Answer<()> {
        if values.contains_key("to_seat") {
            self.to_seat = form::int(values, "to_seat");
        }
        if values.contains_key("to_department") {
            self.to_department = form::int(values, "to_department");
        }
        // A masked number stands for "unchanged".
        if let Some(number) =
            values.get("to_mobile").filter(|number| !(number.contains('*') && self.to_mobile.is_some()))
        {
            self.to_mobile = (!number.is_empty()).then(|| number.clone());
        }
        if let Some(flag) = values.get("enabled") {
            self.enabled = flag == "true";
        }
        let aims = [self.to_seat.is_some(), self.to_department.is_some(), self.to_mobile.is_some()];
        if aims.into_iter().filter(|aim| *aim).count() != 1 {
            return Err(Refusal::new("setting.one_forward").into());
        }
        if self.to_mobile.as_deref().is_some_and(|number| !mobile(number)) {
            return Err(Refusal::new("setting.forward_mobile").into());
        }
        let ours = [
            (self.to_seat, "SELECT 1 FROM seat WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL"),
            (self.to_department, "SELECT 1 FROM department WHERE id = ?1 AND company_id = ?2"),
        ];
        for (aim, sql) in ours {
            if let Some(aim) = aim {
                tx.query_row(sql, params![aim, who.company.0], |_| Ok(())).optional()?.ok_or_else(unknown)?;
            }
        }
        Ok(())
    }
}

/// Of the mainland: 11 digits, the first two 13 to 19.
fn mobile(number: &str) -> bool {
    let digits = number.as_bytes();
    let second = |digit: &u8| (b'3'..=b'9').contains(digit);
    digits.len() == 11
        && digits.iter().all(u8::is_ascii_digit)
        && digits[0] == b'1'
        && digits.get(1).is_some_and(second)
}

/// Whether a call could go from seat to seat and reach the first again, whatever the moments: each may fail in turn.
fn comes_back(tx: &Transaction<'_>, who: &Who, id: Option<i64>, rule: &Forward) -> Answer<bool> {
    let Some(to) = rule.to_seat else { return Ok(false) };
    let sql = "WITH RECURSIVE chain (seat) AS (
                 SELECT ?1 UNION
                 SELECT f.to_seat_id FROM forward_setting f JOIN chain ON f.seat_id = chain.seat
                 WHERE f.company_id = ?2 AND f.enabled = 1 AND f.to_seat_id IS NOT NULL AND f.id IS NOT ?3)
               SELECT EXISTS (SELECT 1 FROM chain WHERE seat = ?4)";
    Ok(tx.query_row(sql, params![to, who.company.0, id, rule.seat], |row| row.get(0))?)
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    tx.execute("DELETE FROM forward_setting WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(changed(who, id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::sample::values;
    use crate::desk::{Fault, page, sample};

    fn code(answer: Answer<Saved>) -> String {
        match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            Ok(_) => "ok".into(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_forward_that_would_come_back_is_refused() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "forward_settings", id, &values(pairs));
        save(None, &[("seat", "3"), ("to_seat", "4"), ("moment", "forward_busy")]).unwrap();
        let second = save(None, &[("seat", "4"), ("to_seat", "5")]).unwrap();
        assert_eq!(code(save(None, &[("seat", "5"), ("to_seat", "5")])), "setting.forward_loop", "to itself");
        assert_eq!(code(save(None, &[("seat", "5"), ("to_seat", "3")])), "setting.forward_loop", "over two");
        let off = save(None, &[("seat", "5"), ("to_seat", "3"), ("enabled", "false")]).unwrap();
        assert_eq!(code(save(Some(off.id), &[("enabled", "true")])), "setting.forward_loop");
        save(Some(second.id), &[("enabled", "false")]).unwrap();
        assert_eq!(code(save(Some(off.id), &[("enabled", "true")])), "ok", "the chain is cut");
        assert_eq!(code(save(Some(second.id), &[("to_seat", ""), ("to_department", "2"), ("enabled", "true")])), "ok");
    }

    #[test]
    fn a_forward_has_one_aim_of_the_company_and_a_mobile_is_one() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let mut who = sample::who(1, "admin");
        let save = |who: &Who, id, pairs: &[(&str, &str)]| page::save(&tx, who, "forward_settings", id, &values(pairs));
        let refused = |pairs: &[(&str, &str)]| code(save(&who, None, pairs));
        assert_eq!(refused(&[("seat", "4")]), "setting.one_forward");
        assert_eq!(refused(&[("seat", "4"), ("to_seat", "3"), ("to_department", "1")]), "setting.one_forward");
        assert_eq!(refused(&[("seat", "14"), ("to_seat", "3")]), "row.unknown");
        assert_eq!(refused(&[("seat", "4"), ("to_seat", "13")]), "row.unknown");
        assert_eq!(refused(&[("seat", "4"), ("to_department", "12")]), "row.unknown");
        for bad in ["4000000000", "95000", "154****0001"] {
            assert_eq!(refused(&[("seat", "4"), ("to_mobile", bad)]), "setting.forward_mobile", "{bad}");
        }
        assert_eq!(refused(&[("seat", "4"), ("to_mobile", "154")]), "field.phone");
        assert_eq!(refused(&[("seat", "4"), ("to_seat", "3"), ("seconds", "0")]), "field.range");
        let made = save(&who, None, &[("seat", "4"), ("to_mobile", "+86 154-0000-0009")]).unwrap();
        assert_eq!(made.after, [After::Changed { company: who.company, page: "forward_settings" }]);
        assert_eq!(refused(&[("seat", "4"), ("to_seat", "3")]), "field.taken", "twice for one moment");
        who.hide_numbers = true;
        let row = page::get(&tx, &who, "forward_settings", made.id).unwrap();
        assert_eq!(row.values["to_mobile"], "154****0009");
        save(&who, Some(made.id), &[("to_mobile", "154****0009"), ("seconds", "30")]).unwrap();
        let kept = "SELECT to_mobile FROM forward_setting WHERE seconds = 30";
        assert_eq!(tx.query_row(kept, [], |row| row.get::<_, String>(0)).unwrap(), "15400000009");
        tx.execute("UPDATE seat SET deleted = 1 WHERE id = 4", []).unwrap();
        assert_eq!(code(page::act(&tx, &who, "forward_settings", "delete", made.id, &values(&[]))), "row.unknown");
    }

    #[test]
    fn rows_of_another_company_or_beyond_reach_are_unknown() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        tx.execute_batch(
            "INSERT INTO forward_setting (id, company_id, seat_id, moment, seconds, to_department_id)
               VALUES (11, 2, 14, 'forward_busy', 20, 11), (2, 1, 2, 'forward_busy', 20, 1), (4, 1, 4, 'forward_busy', 20, 1);
             INSERT INTO survey_setting (id, company_id, direction, keys, tries, timeout_s, min_talk_s, how)
               VALUES (11, 2, 'survey_outbound', '1 a', 1, 1, 1, 'survey_automatic');
             INSERT INTO hold_music (id, company_id, prompt_id) VALUES (11, 2, 1);
             INSERT INTO x_number (id, company_id, number) VALUES (11, 2, '15400009911');",
        )
        .unwrap();
        let admin = sample::who(1, "admin");
        for id in ["forward_settings", "survey_settings", "hold_music", "x_numbers"] {
            assert_eq!(code(page::act(&tx, &admin, id, "delete", 11, &values(&[]))), "row.unknown", "{id}");
            assert_eq!(code(page::save(&tx, &admin, id, Some(11), &values(&[]))), "row.unknown", "{id}");
            assert!(page::get(&tx, &admin, id, 11).is_err(), "{id}");
        }
        let mut agent = sample::who(1, "agent");
        agent.permissions = admin.permissions.clone();
        page::get(&tx, &agent, "forward_settings", 4).unwrap();
        assert_eq!(code(page::save(&tx, &agent, "forward_settings", Some(2), &values(&[]))), "row.unknown");
        let others = values(&[("seat", "2"), ("to_seat", "4")]);
        assert_eq!(code(page::save(&tx, &agent, "forward_settings", None, &others)), "row.unknown");
    }
}
