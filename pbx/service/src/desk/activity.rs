//! Saving 业务记录 of a call and the customer's card beside it (F14, F15).

use super::{
    Answer, Saved, Who, card,
    form::{self, Values},
    now,
    page::{self, After},
    pages::{callbacks, customers},
    project_form,
};
use crate::store::limits;
use hutong_api::{
    CallId, OptOutHow, Phone, Refusal,
    catalogue::pages::{activities, customers::PAGE},
    page::ActivityRequest,
};
use hutong_core::{
    Wall,
    io::{BlockEntry, OptOut},
};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};
use std::collections::BTreeMap;

/// One row per 保存. A number nobody knows becomes a customer of the agent (F14). 勿再打 blocks the number at once.
pub fn save(tx: &Transaction<'_>, who: &Who, request: &ActivityRequest) -> Answer<Saved> {
    let (phone, name) = called(tx, who, request.call.0)?;
    if request.disposition == "do_not_call" && !request.callback_at.trim().is_empty() {
        return Err(Refusal::new("callback.refused").into());
    }
    let values = form::clean(
        &activities::PAGE,
        &[
            ("visit_type".to_owned(), request.visit_type.clone()),
            ("disposition".to_owned(), request.disposition.clone()),
            ("content".to_owned(), request.content.clone()),
        ]
        .into(),
        true,
        who.lang,
    )?;
    let more = project_form::of_call(tx, who.company, request.call, &phone)?;
    let more = project_form::answers(&more, &request.fields)?;
    let listed = card::listed(tx, who.company, request.call)?;
    let customer = customer(tx, who, &phone, (&name, listed), &request.card)?;
    let text = |id: &str| Value::Text(values.get(id).cloned().unwrap_or_default());
    let id = form::insert(
        tx,
        "activity",
        &[
            ("company_id", Value::Integer(who.company.0)),
            ("call_id", Value::Integer(request.call.0)),
            ("customer_id", Value::Integer(customer)),
            ("seat_id", Value::Integer(who.seat.0)),
            ("visit_type", text("visit_type")),
            ("disposition", text("disposition")),
            ("content", text("content")),
            ("extra", Value::Text(more)),
            ("created", Value::Integer(now())),
        ],
    )?;
    let promised = (request.callback_at.as_str(), request.content.as_str());
    let mut after: Vec<After> = callbacks::beside_call(tx, who, customer, promised)?.into_iter().collect();
    if request.disposition == "do_not_call" {
        after.extend(block(tx, who, &phone, request.call)?);
    }
    Ok(Saved { id, after })
}

/// Number and list name of a call that is, or was, this agent's.
fn called(tx: &Transaction<'_>, who: &Who, call: i64) -> Answer<(String, String)> {
    let sql = "SELECT phone, name, seat_id FROM open_call WHERE call_id = ?1 AND company_id = ?2
               UNION ALL SELECT phone, name, seat_id FROM cdr WHERE call_id = ?1 AND company_id = ?2";
    let found: Option<(String, String, Option<i64>)> = tx
        .prepare_cached(sql)?
        .query_row([call, who.company.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        None => Err(super::unknown()),
        Some((phone, name, Some(seat))) if seat == who.seat.0 => Ok((phone, name)),
        Some(_) => Err(Refusal::new("activity.other_call").into()),
    }
}

/// The customer of the number, updated with the card's changed fields, or a new one owned by the agent, with what the list
/// said of name and the rest, as the card showed it, unless something else was typed.
fn customer(
    tx: &Transaction<'_>,
    who: &Who,
    phone: &str,
    (name, listed): (&str, BTreeMap<&'static str, String>),
    typed: &BTreeMap<String, String>,
) -> Answer<i64> {
    let mut values: Values = page::clean(tx, who, &PAGE, typed, false)?;
    // The card belongs to the number that was called; another number is another customer.
    values.remove("mobile");
    customers::known(tx, who, &values)?;
    let mut columns = customers::changed(who, &values);
    let known: Option<i64> = tx
        .prepare_cached("SELECT id FROM customer WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL")?
        .query_row(params![who.company.0, phone], |row| row.get(0))
        .optional()?;
    columns.extend(customers::extra(tx, who, known, &values)?);
    match known {
        Some(id) => {
            if !columns.is_empty() {
                columns.push(("updated", Value::Integer(now())));
                form::update(tx, "customer", who.company.0, id, &columns)?;
            }
            Ok(id)
        }
        None => {
            if !values.contains_key("name") {
                columns.push(("name", Value::Text(name.to_owned())));
            }
            customers::add_names(tx, who, &listed)?;
            let untouched = listed.into_iter().filter(|(field, _)| !typed.contains_key(*field));
            columns.extend(untouched.map(|(field, value)| (field, Value::Text(value))));
            columns.push(("mobile", Value::Text(phone.to_owned())));
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("owner_id", Value::Integer(who.seat.0)));
            columns.push(("created", Value::Integer(now())));
            columns.push(("updated", Value::Integer(now())));
            Ok(form::insert(tx, "customer", &columns)?)
        }
    }
}

/// 勿再打 (X14): both ways and for good, with its proof; the engine drops a dial of him that has not left.
fn block(tx: &Transaction<'_>, who: &Who, phone: &str, call: CallId) -> Answer<Vec<After>> {
    let Some(phone) = Phone::from_digits(phone) else { return Ok(Vec::new()) };
    let entry = BlockEntry::number(who.company, phone.clone(), true);
    let (at, how, seat) = (Wall(now()), OptOutHow::Disposition, Some(who.seat));
    limits::opt_out(tx, &OptOut { company: who.company, phone, at, how, call, seat })?;
    Ok(vec![After::Block(entry)])
}
