//! 分配 (F18): customers dealt to seats, to one, evenly or by counts; whose they were is kept, and a batch can be taken back.

use super::{
    Answer, Reach, Who, audit,
    bulk::Run,
    form::{self, Values},
    now, unknown,
};
use crate::desk::pages::customers::SOURCE;
use hutong_api::Refusal;
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter, types::Value};

/// How long a batch can be taken back.
pub const UNDO_WITHIN_MS: i64 = 24 * 3_600_000;

/// Gives a chunk of customers away. Which seat a row falls to is settled by its place among all of them.
pub fn chunk(tx: &Transaction<'_>, who: &Who, ids: &[i64], args: &Values, run: &mut Run) -> Answer<()> {
    let shares = shares(tx, who, args, run.total)?;
    let batch = match run.batch {
        Some(batch) => batch,
        None => {
            let mode = Value::Text(args.get("mode").cloned().unwrap_or_default());
            let columns = [
                ("company_id", Value::Integer(who.company.0)),
                ("seat_id", Value::Integer(who.seat.0)),
                ("mode", mode),
                ("created", Value::Integer(now())),
            ];
            form::insert(tx, "assign_batch", &columns)?
        }
    };
    run.batch = Some(batch);
    run.undo = Some(format!("assign-{batch}"));
    for (at, &id) in ids.iter().enumerate() {
        let Some(seat) = turn(&shares, run.from + at) else { break };
        match SOURCE.fact(tx, who, id) {
            Ok(_) => {}
            Err(super::Fault::Refused(refusal)) => {
                run.refuse(id, refusal);
                continue;
            }
            Err(fault) => return Err(fault),
        }
        give(tx, who, id, Some(seat), &Why { kind: "assign", batch: Some(batch), by: Some(who.seat.0), reason: "" })?;
        if !run.all {
            audit::note(tx, who, &run.client, "assign", &format!("customers:{id}"), &format!("seats:{seat}"))?;
        }
        run.done += 1;
    }
    Ok(())
}

/// Why a customer's owner changes, for his history.
#[derive(Debug, Clone, Copy)]
pub struct Why<'a> {
    pub kind: &'static str,
    pub batch: Option<i64>,
    /// None = the recycle rule.
    pub by: Option<i64>,
    pub reason: &'a str,
}

/// Writes a customer's owner down, and whose he was.
pub fn give(tx: &Transaction<'_>, who: &Who, customer: i64, to: Option<i64>, why: &Why<'_>) -> Answer<()> {
    Ok(change(tx, who.company.0, customer, to, why)?)
}

/// The same where nobody asks.
pub fn change(
    tx: &Transaction<'_>,
    company: i64,
    customer: i64,
    to: Option<i64>,
    why: &Why<'_>,
) -> rusqlite::Result<()> {
    let at = now();
    tx.prepare_cached(
        "INSERT INTO owner_change (company_id, customer_id, batch_id, kind, from_id, to_id, by_id, at, reason)
         SELECT company_id, id, ?3, ?4, owner_id, ?5, ?6, ?7, ?8 FROM customer WHERE id = ?1 AND company_id = ?2",
    )?
    .execute(params![customer, company, why.batch, why.kind, to, why.by, at, why.reason])?;
    tx.prepare_cached("UPDATE customer SET owner_id = ?3, updated = ?4 WHERE id = ?1 AND company_id = ?2")?
        .execute(params![customer, company, to, at])?;
    Ok(())
}

/// Takes the next rows of a batch back, behind the change `after`: only customers who are still whose the batch made them.
/// None when there are no more.
pub fn undo(tx: &Transaction<'_>, who: &Who, batch: i64, after: i64, run: &mut Run) -> Answer<Option<i64>> {
    const ROWS: i64 = 200;
    if after == 0 {
        begin_undo(tx, who, batch)?;
    }
    let mut statement = tx.prepare_cached(
        "SELECT h.id, h.customer_id, h.from_id, c.owner_id IS h.to_id AND c.deleted IS NULL
         FROM owner_change h JOIN customer c ON c.id = h.customer_id
         WHERE h.batch_id = ?1 AND h.kind = 'assign' AND h.id > ?2 AND h.company_id = ?3 ORDER BY h.id LIMIT ?4",
    )?;
    type Back = (i64, i64, Option<i64>, bool);
    let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Back> {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    };
    let rows: Vec<Back> =
        statement.query_map(params![batch, after, who.company.0, ROWS], read)?.collect::<Result<_, _>>()?;
    for (_, customer, from, still) in &rows {
        if *still {
            let why = Why { kind: "undo", batch: Some(batch), by: Some(who.seat.0), reason: "" };
            give(tx, who, *customer, *from, &why)?;
            run.done += 1;
        } else {
            run.refuse(*customer, Refusal::new("assign.moved_on"));
        }
    }
    Ok(rows.last().map(|(id, ..)| *id))
}

/// Once, in time, by whom it was made or by one who sees the whole company.
fn begin_undo(tx: &Transaction<'_>, who: &Who, batch: i64) -> Answer<()> {
    let found: Option<(i64, i64, Option<i64>)> = tx
        .query_row(
            "SELECT seat_id, created, undone FROM assign_batch WHERE id = ?1 AND company_id = ?2",
            params![batch, who.company.0],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    match found {
        Some((seat, ..)) if seat != who.seat.0 && who.reach != Reach::All => Err(unknown()),
        None => Err(unknown()),
        Some((_, _, Some(_))) => Err(Refusal::new("undo.done").into()),
        Some((_, created, _)) if now() - created > UNDO_WITHIN_MS => Err(Refusal::new("undo.late").into()),
        Some(_) => {
            tx.execute("UPDATE assign_batch SET undone = ?2 WHERE id = ?1", [batch, now()])?;
            Ok(())
        }
    }
}

/// Seats with how many of `total` each gets, in order.
fn shares(tx: &Transaction<'_>, who: &Who, args: &Values, total: usize) -> Answer<Vec<(i64, usize)>> {
    let mode = args.get("mode").map_or("", String::as_str);
    let mut seats = args.get("seats").and_then(|seats| form::ids(seats)).unwrap_or_default();
    let mut seen = std::collections::BTreeSet::new();
    seats.retain(|seat| seen.insert(*seat));
    let counts = match mode {
        "assign_counts" => counts(tx, who, args.get("counts").map_or("", String::as_str), &mut seats)?,
        "assign_one" if seats.len() > 1 => return Err(Refusal::new("assign.one_seat").into()),
        _ => evenly(total, seats.len()),
    };
    if seats.is_empty() {
        return Err(Refusal::new("assign.no_seat").into());
    }
    for seat in &seats {
        within_reach(tx, who, "s.id", Value::Integer(*seat))?;
    }
    if counts.iter().sum::<usize>() > total {
        return Err(Refusal::new("assign.too_many").with("total", total).into());
    }
    Ok(seats.into_iter().zip(counts).collect())
}

/// "8004:30, 8005:20", or "30, 20" in the order of the seats. What is left over stays whose it is.
fn counts(tx: &Transaction<'_>, who: &Who, typed: &str, seats: &mut Vec<i64>) -> Answer<Vec<usize>> {
    let bad = || Refusal::new("assign.bad_counts");
    let parts: Vec<&str> =
        typed.split([',', '，', ';', '；', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let number = |text: &str| text.trim().parse::<u32>().map(|n| n as usize).map_err(|_| bad());
    if parts.iter().any(|part| part.contains([':', '：'])) {
        let mut named = Vec::new();
        let mut counts = Vec::new();
        for part in parts {
            let (extension, count) = part.split_once([':', '：']).ok_or_else(bad)?;
            let seat = within_reach(tx, who, "s.extension", Value::Text(extension.trim().to_owned()))?;
            if named.contains(&seat) {
                return Err(bad().into());
            }
            named.push(seat);
            counts.push(number(count)?);
        }
        *seats = named;
        return Ok(counts);
    }
    let counts: Vec<usize> = parts.into_iter().map(number).collect::<Result<_, _>>()?;
    if counts.is_empty() || counts.len() != seats.len() { Err(bad().into()) } else { Ok(counts) }
}

/// A seat of the company that takes customers and that this person reaches.
fn within_reach(tx: &Transaction<'_>, who: &Who, column: &str, value: Value) -> Answer<i64> {
    let mut params = vec![Value::Integer(who.company.0), value];
    let reach = who.reaches("s.id IN ({})", "s.id", &mut params);
    let sql = format!(
        "SELECT s.id FROM seat s WHERE s.company_id = ?1 AND {column} = ?2 AND s.deleted IS NULL AND s.enabled = 1 AND {reach}"
    );
    let found: Option<i64> = tx.query_row(&sql, params_from_iter(params), |row| row.get(0)).optional()?;
    found.ok_or_else(|| Refusal::new("assign.no_seat").into())
}

/// Shares that differ by one at most, and sum up.
fn evenly(total: usize, seats: usize) -> Vec<usize> {
    (0..seats).map(|at| total / seats + usize::from(at < total % seats)).collect()
}

/// Whose turn a place is.
fn turn(shares: &[(i64, usize)], mut place: usize) -> Option<i64> {
    for (seat, count) in shares {
        if place < *count {
            return Some(*seat);
        }
        place -= count;
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_even_deal_differs_by_one_at_most_and_gives_every_row_once(total in 0_usize..5_000, seats in 1_usize..60) {
            let counts = evenly(total, seats);
            prop_assert_eq!(counts.iter().sum::<usize>(), total);
            prop_assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 1);
            let shares: Vec<(i64, usize)> = (1..).zip(counts.iter().copied()).collect();
            let mut dealt = vec![0_usize; seats];
            for place in 0..total {
                dealt[turn(&shares, place).unwrap() as usize - 1] += 1;
            }
            prop_assert_eq!(dealt, counts);
            prop_assert_eq!(turn(&shares, total), None);
        }
    }
}
