//! The books: append-only double entry with a hash chain (docs/rules.md).

use super::{StoreError, apply::run, word};
use hutong_core::io::{LedgerEntry, LedgerKind};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The first row of the ledger that is not as it was written, and why. Id 0: rows are missing at the end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("ledger row {id}: {why}")]
pub struct BadRow {
    pub id: i64,
    pub why: String,
}

/// What the hash covers, as one JSON array in this order.
#[derive(Debug, Serialize)]
struct Canonical<'a>(
    i64,
    i64,
    i64,
    &'a str,
    &'a str,
    &'a str,
    i64,
    &'a str,
    Option<i64>,
    Option<i64>,
    &'a str,
    &'a str,
    i64,
);

/// Books one posting: the row, the chain, and the company's balance (or what it owes) in the same transaction.
/// A key posted before is a fault; so is an amount that does not fit 64 bits.
pub fn post(conn: &Connection, entry: &LedgerEntry) -> Result<(), StoreError> {
    let sql = "SELECT balance, owed FROM company WHERE id = ?1";
    let (balance, owed): (i64, i64) = conn
        .prepare_cached(sql)?
        .query_row([entry.company.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or_else(|| StoreError::Other(format!("no company {}", entry.company)))?;
    let sum = |have: i64| {
        have.checked_add(entry.amount.0)
            .ok_or_else(|| StoreError::Other(format!("posting {:?} does not fit", entry.key)))
    };
    let (balance, owed) = match entry.kind {
        LedgerKind::SeatFeeOwed => (balance, sum(owed)?),
        _ => (sum(balance)?, owed),
    };
    run(conn, "UPDATE company SET balance = ?2, owed = ?3 WHERE id = ?1", params![entry.company.0, balance, owed])?;
    insert(conn, entry, balance)
}

fn insert(conn: &Connection, entry: &LedgerEntry, balance: i64) -> Result<(), StoreError> {
    let last = "SELECT id, hash FROM ledger ORDER BY id DESC LIMIT 1";
    let last: Option<(i64, Vec<u8>)> =
        conn.prepare_cached(last)?.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (id, previous) = last.map_or((1, Vec::new()), |(id, hash)| (id + 1, hash));
    let (debit, credit) = accounts(entry.kind, entry.amount.0);
    let amount = i64::try_from(entry.amount.0.unsigned_abs())
        .map_err(|_| StoreError::Other(format!("posting {:?} does not fit", entry.key)))?;
    let kind = word(&entry.kind);
    let (call, seat) = (entry.call.map(|id| id.0), entry.seat.map(|id| id.0));
    let row = Canonical(
        id,
        entry.company.0,
        entry.at.0,
        &kind,
        debit,
        credit,
        amount,
        &entry.key,
        call,
        seat,
        &entry.by,
        &entry.note,
        balance,
    );
    let sql = "INSERT INTO ledger (id, company_id, at, kind, debit, credit, amount, key, call_id, seat_id, by, note,
               balance_after, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
    let values = params![
        row.0,
        row.1,
        row.2,
        row.3,
        row.4,
        row.5,
        row.6,
        row.7,
        row.8,
        row.9,
        row.10,
        row.11,
        row.12,
        chain(&previous, &row)
    ];
    run(conn, sql, values).map(drop)
}

/// Debit and credit account of a positive amount; a negative one moves the other way.
fn accounts(kind: LedgerKind, amount: i64) -> (&'static str, &'static str) {
    let (from, to) = match kind {
        LedgerKind::TopUp => ("cash", "balance"),
        LedgerKind::CallCharge => ("call_revenue", "balance"),
        LedgerKind::SeatFee => ("fee_revenue", "balance"),
        LedgerKind::SeatFeeOwed => ("fee_owed", "fee_revenue"),
        LedgerKind::Correction => ("adjustment", "balance"),
    };
    if amount < 0 { (to, from) } else { (from, to) }
}

fn chain(previous: &[u8], row: &Canonical<'_>) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(serde_json::to_vec(row).unwrap_or_default());
    hash.finalize().to_vec()
}

/// Walks the whole chain: ids without a hole, every hash right, every balance following from the one before, and the
/// companies' balances those of their last rows. `Ok(Err(row))` names the first bad row.
pub fn verify_ledger(conn: &Connection) -> Result<Result<(), BadRow>, StoreError> {
    let sql =
        "SELECT id, company_id, at, kind, debit, credit, amount, key, call_id, seat_id, by, note, balance_after, hash
               FROM ledger ORDER BY id";
    let mut balances = std::collections::BTreeMap::<i64, i64>::new();
    let mut previous = Vec::new();
    let mut expected = 1;
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, company, amount, after): (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(6)?, row.get(12)?);
        let bad = |id, why: &str| Ok(Err(BadRow { id, why: why.into() }));
        if id != expected {
            return bad(expected, "missing");
        }
        let text = |column| {
            row.get_ref(column).map_err(StoreError::from)?.as_str().map_err(|e| StoreError::Other(e.to_string()))
        };
        let (debit, credit) = (text(4)?, text(5)?);
        let facts = Canonical(
            id,
            company,
            row.get(2)?,
            text(3)?,
            debit,
            credit,
            amount,
            text(7)?,
            row.get(8)?,
            row.get(9)?,
            text(10)?,
            text(11)?,
            after,
        );
        let stored: Vec<u8> = row.get(13)?;
        if chain(&previous, &facts) != stored {
            return bad(id, "its hash does not fit what it says");
        }
        let moved = i64::from(credit == "balance") * amount - i64::from(debit == "balance") * amount;
        let balance = balances.entry(company).or_default();
        *balance += moved;
        if *balance != after {
            return bad(id, "its balance does not follow from the rows before");
        }
        previous = stored;
        expected += 1;
    }
    let mut companies = conn.prepare("SELECT id, balance FROM company")?;
    for company in companies.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))? {
        let (id, balance) = company?;
        if balance != balances.get(&id).copied().unwrap_or(0) {
            let why = format!("company {id} has {balance}, which is not the sum of its rows");
            return Ok(Err(BadRow { id: 0, why }));
        }
    }
    Ok(Ok(()))
}
