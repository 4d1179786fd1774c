//! 预约回访: the list, and what becomes of a promise to call again.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    page::After,
    query::{By, Owner, Source},
};
use hutong_api::{CompanyId, Refusal, SeatId, catalogue::pages::callbacks::PAGE};
use rusqlite::{Connection, Transaction, params, types::Value};

/// Further ahead nobody means it.
const FARTHEST_MS: i64 = 366 * 86_400_000;

pub static SOURCE: Source = Source {
    time: Some("c.rank"),
    from: "callback c JOIN customer k ON k.id = c.customer_id LEFT JOIN seat s ON s.id = c.seat_id",
    keep: "k.deleted IS NULL",
    owner: Some(Owner { within: "c.seat_id IN ({})", own: "c.seat_id" }),
    cells: &[
        cell("due", Show::Time, "c.due"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("customer", Show::Text, "k.name"),
        cell("phone", Show::Phone, "k.mobile"),
        cell("state", Show::Choice, "c.state"),
        cell("note", Show::Text, "c.note"),
        cell("created", Show::Time, "c.created"),
        cell("closed", Show::Time, "c.closed"),
    ],
    filters: &[
        ("state", By::Is("c.state")),
        ("seat", By::Is("c.seat_id")),
        ("phone", By::Phone { of: &["k.mobile"], or: &[] }),
        ("due_from", By::From("c.due")),
        ("due_to", By::To("c.due")),
    ],
    form: &[
        cell("due", Show::Time, "c.due"),
        cell("seat", Show::Plain, "c.seat_id"),
        cell("note", Show::Text, "c.note"),
    ],
    fact: "c.state",
    allows: |state, _| state == "callback_waiting",
    save,
    act: |tx, who, action, id, _| {
        stands(tx, who, id)?;
        let state = if action == "done" { "callback_done" } else { "callback_dropped" };
        let columns = [("state", Value::Text(state.to_owned())), ("closed", Value::Integer(now()))];
        form::update(tx, "callback", who.company.0, id, &columns)?;
        Ok(Saved { id, after: vec![changed(who.company)] })
    },
    ..Source::of(&PAGE)
};

fn changed(company: CompanyId) -> After {
    After::Changed { company, page: "callbacks" }
}

/// Only what stands is changed: a promise is made beside a call.
fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let Some(id) = id else { return Err(Refusal::new("page.no_action").into()) };
    stands(tx, who, id)?;
    let mut columns = Vec::new();
    if let Some(typed) = values.get("due") {
        columns.push(("due", Value::Integer(moment(who, typed)?)));
    }
    if let Some(seat) = form::int(values, "seat") {
        super::seats::SOURCE.fact(tx, who, seat)?;
        columns.push(("seat_id", Value::Integer(seat)));
    }
    columns.extend(form::text_value(values, "note").map(|note| ("note", note)));
    form::update(tx, "callback", who.company.0, id, &columns)?;
    Ok(Saved { id, after: vec![changed(who.company)] })
}

fn stands(conn: &Connection, who: &Who, id: i64) -> Answer<()> {
    match SOURCE.fact(conn, who, id)?.as_str() {
        "callback_waiting" => Ok(()),
        _ => Err(Refusal::new("callback.closed").into()),
    }
}

/// What was typed, in the company's zone: ahead, and within a year.
fn moment(who: &Who, typed: &str) -> Answer<i64> {
    let at = form::moment(typed, &who.zone, false).ok_or_else(|| form::bad(&PAGE, "field", "due", who.lang))?;
    let ahead = at - now();
    if (0..FARTHEST_MS).contains(&ahead) { Ok(at) } else { Err(Refusal::new("callback.when").into()) }
}

/// With the 业务记录 of a call: what was promised for today or before is kept, and a new promise is made where one is typed.
pub fn beside_call(
    tx: &Transaction<'_>,
    who: &Who,
    customer: i64,
    (typed, note): (&str, &str),
) -> Answer<Option<After>> {
    let at = if typed.trim().is_empty() { None } else { Some(moment(who, typed)?) };
    let done = "UPDATE callback SET state = 'callback_done', closed = ?3
                WHERE customer_id = ?1 AND company_id = ?2 AND state = 'callback_waiting' AND due < ?4";
    let tonight = super::super::home::midnight_after(who, now());
    let mut rows = tx.prepare_cached(done)?.execute(params![customer, who.company.0, now(), tonight])?;
    if let Some(at) = at {
        let make = "INSERT INTO callback (company_id, customer_id, seat_id, due, note, creator_id, created)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?3, ?6)";
        rows += tx.prepare_cached(make)?.execute(params![who.company.0, customer, who.seat.0, at, note, now()])?;
    }
    Ok((rows > 0).then(|| changed(who.company)))
}

/// The first moment behind `after` at which anything falls due.
pub fn next(conn: &Connection, after: i64) -> Answer<Option<i64>> {
    let sql = "SELECT min(due) FROM callback WHERE state = 'callback_waiting' AND due > ?1";
    Ok(conn.query_row(sql, [after], |row| row.get(0))?)
}

/// What fell due behind `after`, up to `until`: whose, and the customer's name.
pub fn fell_due(conn: &Connection, after: i64, until: i64) -> Answer<Vec<(CompanyId, SeatId, String)>> {
    let sql = "SELECT c.company_id, c.seat_id, k.name FROM callback c JOIN customer k ON k.id = c.customer_id
               WHERE c.state = 'callback_waiting' AND k.deleted IS NULL AND c.due > ?1 AND c.due <= ?2 ORDER BY c.due, c.id";
    let mut statement = conn.prepare_cached(sql)?;
    let found =
        statement.query_map([after, until], |row| Ok((CompanyId(row.get(0)?), SeatId(row.get(1)?), row.get(2)?)))?;
    Ok(found.collect::<Result<_, _>>()?)
}
