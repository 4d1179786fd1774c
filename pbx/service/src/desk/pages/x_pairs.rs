//! X号码绑定 (D12, F89). A pair is written as asked, the carrier is asked, and only its word makes it bound: what it does not
//! answer is asked again with the same request id. Nothing here touches a call that is up.

use super::seats;
use crate::{
    carrier_x::{Bind, Outcome},
    desk::{
        After, Answer, Saved, Who,
        cell::{Show, cell},
        form::{self, Values},
        now,
        query::{By, Owner, Source},
    },
};
use hutong_api::{CompanyId, Refusal, catalogue::pages::x_pairs::PAGE, texts::text};
use hutong_core::import::number;
use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

const DAY_MS: i64 = 86_400_000;
/// Longest a pair may stand, in days.
pub const MOST_DAYS: i64 = 90;
/// Whoever wrote the pair asks at once; the clock takes over when that must have ended (the longest wait is 30 s).
const FIRST_LOOK_MS: i64 = 60_000;
/// Wait before asking again, doubled from the first to the last.
const AGAIN_MS: i64 = 30_000;
const LONGEST_AGAIN_MS: i64 = 1_800_000;
/// Pairs looked at in one round.
const ROUND: u32 = 100;

pub static SOURCE: Source = Source {
    time: Some("c.asked"),
    from: "x_pair c LEFT JOIN seat s ON s.id = c.seat_id LEFT JOIN customer k ON k.id = c.customer_id",
    owner: Some(Owner { within: "c.seat_id IN ({})", own: "c.seat_id" }),
    cells: &[
        cell("x", Show::Plain, "c.x"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("a", Show::Phone, "c.a"),
        cell("b", Show::Phone, "c.b"),
        cell("customer", Show::Text, "k.name"),
        cell("state", Show::Choice, "c.state"),
        cell("asked", Show::Time, "c.asked"),
        cell("bound_at", Show::Time, "c.bound_at"),
        cell("expires_at", Show::Time, "c.expires_at"),
        cell("unbound_at", Show::Time, "c.unbound_at"),
        cell("carrier_id", Show::Text, "c.carrier_id"),
        cell("said", Show::Text, "c.said"),
    ],
    filters: &[
        ("x", By::Like(&["c.x"])),
        ("seat", By::Is("c.seat_id")),
        ("b", By::Phone { of: &["c.b"], or: &[] }),
        ("state", By::Is("c.state")),
    ],
    fact: "c.state",
    allows: |state, _| matches!(state, "pair_asked" | "pair_bound"),
    save,
    act: |tx, who, _, id, _| release(tx, who, id),
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.x_pairs.note").to_owned()]),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, _: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let days = form::within(&PAGE, values, "days", 1, MOST_DAYS, who.lang)?.unwrap_or(30);
    let sql = "SELECT number FROM x_number WHERE id = ?1 AND company_id = ?2";
    let x: Option<String> =
        tx.query_row(sql, params![form::int(values, "x_number"), who.company.0], |row| row.get(0)).optional()?;
    let x = x.ok_or_else(crate::desk::unknown)?;
    let seat = form::int(values, "seat").unwrap_or_default();
    let a = own_phone(tx, who, seat)?;
    let (b, customer) = customer(tx, who, values.get("customer").map_or("", String::as_str))?;
    if b == a || b == x || a == x {
        return Err(Refusal::new("x_pair.same").into());
    }
    callable(tx, who.company, &b)?;
    let asked = now();
    let text = |text: &str| Value::Text(text.to_owned());
    let columns = [
        ("company_id", Value::Integer(who.company.0)),
        ("x", text(&x)),
        ("seat_id", Value::Integer(seat)),
        ("a", text(&a)),
        ("b", text(&b)),
        ("customer_id", customer.map_or(Value::Null, Value::Integer)),
        ("state", text("pair_asked")),
        ("request_id", text(&format!("{:032x}", rand::random::<u128>()))),
        ("asked", Value::Integer(asked)),
        ("expires_at", Value::Integer(asked + days * DAY_MS)),
        ("next_at", Value::Integer(asked + FIRST_LOOK_MS)),
        ("by_id", Value::Integer(who.seat.0)),
    ];
    let twice = "SELECT EXISTS (SELECT 1 FROM x_pair WHERE company_id = ?1 AND x = ?2 AND a = ?3 AND b = ?4
                 AND state IN ('pair_asked', 'pair_bound', 'pair_releasing'))";
    if tx.query_row(twice, params![who.company.0, x, a, b], |row| row.get(0))? {
        return Err(Refusal::new("x_pair.twice").with("x", x).into());
    }
    let id = form::insert(tx, "x_pair", &columns)?;
    Ok(Saved { id, after: vec![changed(who.company)] })
}

fn changed(company: CompanyId) -> After {
    After::Changed { company, page: PAGE.id }
}

/// The real phone of a seat within reach: 移动电话, else 固定电话. 400 and 95 numbers cannot call out through X.
fn own_phone(tx: &Transaction<'_>, who: &Who, seat: i64) -> Answer<String> {
    seats::SOURCE.fact(tx, who, seat)?;
    let sql = "SELECT coalesce(nullif(mobile, ''), landline), name || '(' || extension || ')' FROM seat WHERE id = ?1";
    let (phone, name): (String, String) = tx.query_row(sql, [seat], |row| Ok((row.get(0)?, row.get(1)?)))?;
    match number::clean(&phone) {
        Ok(phone) if super::x_numbers::line(phone.as_str()) => Ok(phone.to_string()),
        _ => Err(Refusal::new("x_pair.own_phone").with("seat", name).into()),
    }
}

/// A number as typed, or the one customer within reach of this name.
fn customer(tx: &Transaction<'_>, who: &Who, typed: &str) -> Answer<(String, Option<i64>)> {
    let mut values = vec![Value::Integer(who.company.0), Value::Text(typed.trim().to_owned())];
    let reach = who.reaches("c.owner_id IN ({})", "c.owner_id", &mut values);
    if let Ok(phone) = number::clean(typed) {
        // With 号码隐藏 no name answers for a number: it would be a look-up.
        values[1] = Value::Text(phone.to_string());
        let sql = format!("SELECT id FROM customer_shown c WHERE company_id = ?1 AND mobile = ?2 AND {reach}");
        let known = tx.query_row(&sql, rusqlite::params_from_iter(&values), |row| row.get(0)).optional()?;
        return Ok((phone.to_string(), known.filter(|_| !who.hide_numbers)));
    }
    let sql = format!(
        "SELECT id, coalesce(nullif(mobile, ''), landline) FROM customer_shown c WHERE company_id = ?1 AND name = ?2 AND {reach} LIMIT 2"
    );
    let mut statement = tx.prepare_cached(&sql)?;
    let found = statement.query_map(rusqlite::params_from_iter(&values), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, String)> = found.collect::<Result<_, _>>()?;
    match found.as_slice() {
        [(id, phone)] if !phone.is_empty() => Ok((phone.clone(), Some(*id))),
        _ => Err(Refusal::new("x_pair.customer").with("count", found.len()).into()),
    }
}

/// A refusal to be called holds for a call by hand too (docs/rules.md).
fn callable(tx: &Transaction<'_>, company: CompanyId, b: &str) -> Answer<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blocklist WHERE company_id = ?1 AND direction <> 'inbound'
                 AND (expires IS NULL OR expires > ?3)
                 AND (phone = ?2 OR (prefix AND substr(?2, 1, length(phone) - 1) || '*' = phone)))
               OR EXISTS (SELECT 1 FROM customer_shown WHERE company_id = ?1 AND mobile = ?2 AND consent = 'consent_refused')";
    match tx.query_row(sql, params![company.0, b, now()], |row| row.get(0))? {
        true => Err(Refusal::new("x_pair.blocked").into()),
        false => Ok(()),
    }
}

/// 解绑: asked of the carrier from now on until it answers.
fn release(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let sql = "UPDATE x_pair SET state = 'pair_releasing', tries = 0, next_at = ?3, said = ''
               WHERE id = ?1 AND company_id = ?2 AND state IN ('pair_asked', 'pair_bound')";
    match tx.execute(sql, params![id, who.company.0, now() + FIRST_LOOK_MS])? {
        0 => Err(Refusal::new("x_pair.over").into()),
        _ => Ok(Saved { id, after: vec![changed(who.company)] }),
    }
}

/// What a pair needs of the carrier now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Bind(Bind),
    Unbind(String),
    /// Its time is over; the carrier ended it by itself.
    Ended,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    Bind(Outcome<String>),
    Unbind(Outcome<()>),
    Ended,
}

/// Pairs to be looked at now, the most overdue first.
pub fn due(conn: &Connection, at: i64) -> Answer<Vec<i64>> {
    let sql = "SELECT id FROM x_pair WHERE next_at <= ?1 AND state IN ('pair_asked', 'pair_bound', 'pair_releasing')
               ORDER BY next_at LIMIT ?2";
    let mut statement = conn.prepare_cached(sql)?;
    let ids = statement.query_map(params![at, ROUND], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// None: nothing is to be asked about it.
pub fn ask(conn: &Connection, id: i64, at: i64) -> Answer<Option<Ask>> {
    let sql = "SELECT state, x, a, b, expires_at, request_id, carrier_id FROM x_pair WHERE id = ?1";
    let found = conn.query_row(sql, [id], |row| {
        let (state, carrier_id): (String, String) = (row.get(0)?, row.get(6)?);
        let expires: i64 = row.get(4)?;
        let bind =
            Bind { x: row.get(1)?, a: row.get(2)?, b: row.get(3)?, expires_at: utc(expires), request_id: row.get(5)? };
        Ok((state, expires, bind, carrier_id))
    });
    Ok(found.optional()?.and_then(|(state, expires, bind, carrier_id)| match state.as_str() {
        "pair_asked" | "pair_bound" | "pair_releasing" if expires <= at => Some(Ask::Ended),
        "pair_asked" => Some(Ask::Bind(bind)),
        // Whether it was bound is not known: the same request says so, and what to unbind.
        "pair_releasing" if carrier_id.is_empty() => Some(Ask::Bind(bind)),
        "pair_releasing" => Some(Ask::Unbind(carrier_id)),
        _ => None,
    }))
}

fn utc(epoch_ms: i64) -> String {
    let second = jiff::Timestamp::from_second(epoch_ms / 1000);
    second.map_or_else(|_| String::new(), |at| at.to_string())
}

/// Writes down what came of it. True where something more is to be asked at once.
pub fn answered(tx: &Transaction<'_>, id: i64, came: &Answered, at: i64) -> Answer<bool> {
    const LIVE: &str = "id = ?1 AND state IN ('pair_asked', 'pair_bound', 'pair_releasing')";
    match came {
        Answered::Bind(Outcome::Done(carrier_id)) => {
            // Meanwhile somebody may have wished it unbound.
            let sql = "UPDATE x_pair SET carrier_id = ?2, tries = 0, said = '',
                         bound_at = coalesce(bound_at, CASE state WHEN 'pair_asked' THEN ?3 END),
                         next_at = CASE state WHEN 'pair_asked' THEN expires_at ELSE ?3 END,
                         state = CASE state WHEN 'pair_asked' THEN 'pair_bound' ELSE state END
                       WHERE id = ?1 AND state IN ('pair_asked', 'pair_releasing')";
            tx.execute(sql, params![id, carrier_id, at])?;
            let sql = "SELECT state = 'pair_releasing' FROM x_pair WHERE id = ?1";
            return Ok(tx.query_row(sql, [id], |row| row.get(0))?);
        }
        Answered::Bind(Outcome::Refused(words)) => {
            let sql = "UPDATE x_pair SET state = 'pair_failed', said = ?2 WHERE id = ?1 AND state IN ('pair_asked', 'pair_releasing')";
            tx.execute(sql, params![id, words])?;
        }
        Answered::Unbind(Outcome::Done(())) => {
            let sql =
                "UPDATE x_pair SET state = 'pair_unbound', unbound_at = ?2 WHERE id = ?1 AND state = 'pair_releasing'";
            tx.execute(sql, params![id, at])?;
        }
        Answered::Unbind(Outcome::Refused(words)) => {
            let sql = "UPDATE x_pair SET state = 'pair_bound', said = ?2, tries = 0, next_at = expires_at
                       WHERE id = ?1 AND state = 'pair_releasing'";
            tx.execute(sql, params![id, words])?;
        }
        Answered::Bind(Outcome::Silent) | Answered::Unbind(Outcome::Silent) => {
            let sql = format!(
                "UPDATE x_pair SET tries = tries + 1, next_at = min(?2 + min({AGAIN_MS} << min(tries, 10), {LONGEST_AGAIN_MS}), expires_at)
                 WHERE {LIVE}"
            );
            tx.execute(&sql, params![id, at])?;
        }
        Answered::Ended => {
            let sql = format!("UPDATE x_pair SET state = 'pair_ended', unbound_at = expires_at WHERE {LIVE}");
            tx.execute(&sql, [id])?;
        }
    }
    Ok(false)
}

/// The pair as it stands: its company, its state, the carrier's words.
pub fn stands(conn: &Connection, id: i64) -> Answer<(CompanyId, String, String)> {
    let sql = "SELECT company_id, state, said FROM x_pair WHERE id = ?1";
    Ok(conn.query_row(sql, [id], |row| Ok((CompanyId(row.get(0)?), row.get(1)?, row.get(2)?)))?)
}

/// Refused while the carrier still has pairs of it.
pub fn free(tx: &Transaction<'_>, who: &Who, x_number: i64) -> Answer<()> {
    let sql = "SELECT x.number FROM x_number x JOIN x_pair p ON p.company_id = x.company_id AND p.x = x.number
               WHERE x.id = ?1 AND x.company_id = ?2 AND p.state IN ('pair_asked', 'pair_bound', 'pair_releasing') LIMIT 1";
    let bound: Option<String> = tx.query_row(sql, params![x_number, who.company.0], |row| row.get(0)).optional()?;
    match bound {
        Some(number) => Err(Refusal::new("x_pair.still_bound").with("x", number).into()),
        None => Ok(()),
    }
}
