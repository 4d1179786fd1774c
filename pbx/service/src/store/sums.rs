//! The figures of a company and whether they agree with each other: the summary of a demo, and later of `doctor`.

use super::{StoreError, verify_ledger};
use hutong_api::{CompanyId, Micro};
use rusqlite::{Connection, params};

/// Figures of one company at rest. `dialled` and `answered` count numbers, not attempts (D21).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// Rows of all imported files; what became of them follows.
    pub leads: u64,
    pub imported: u64,
    pub duplicates: u64,
    pub bad: u64,
    pub blocked: u64,
    pub dialled: u64,
    pub answered: u64,
    pub to_agent: u64,
    pub abandoned: u64,
    pub recordings: u64,
    pub cdrs: u64,
    pub top_ups: Micro,
    /// Positive: what calls and seats cost.
    pub charges: Micro,
    pub seat_fees: Micro,
    pub corrections: Micro,
    pub balance: Micro,
    /// What does not agree, in plain English for the log; empty = reconciled.
    pub faults: Vec<String>,
}

impl Sums {
    pub fn reconciled(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Reads one snapshot. Meant for a company at rest: a call that is up shows as a fault.
pub fn sums(conn: &Connection, company: CompanyId) -> Result<Sums, StoreError> {
    let tx = conn.unchecked_transaction()?;
    let mut sums = figures(&tx, company)?;
    sums.faults = faults(&tx, company, &sums)?;
    Ok(sums)
}

fn figures(conn: &Connection, company: CompanyId) -> Result<Sums, StoreError> {
    let one = |sql: &str| conn.query_row(sql, [company.0], |row| row.get::<_, i64>(0));
    let count = |sql: &str| one(sql).map(|n| u64::try_from(n).unwrap_or(0));
    let batches = |column: &str| {
        count(&format!(
            "SELECT coalesce(sum({column}), 0) FROM batch WHERE company_id = ?1 AND page = 'campaigns' AND state = 'visible'"
        ))
    };
    let calls = |what: &str, of: &str| count(&format!("SELECT count({what}) FROM cdr WHERE company_id = ?1 AND {of}"));
    let booked = |kind: &str| {
        let sql = format!(
            "SELECT coalesce(sum(CASE WHEN credit = 'balance' THEN amount ELSE -amount END), 0) FROM ledger
             WHERE company_id = ?1 AND kind = '{kind}'"
        );
        one(&sql).map(Micro)
    };
    Ok(Sums {
        leads: batches("rows")?,
        imported: batches("added")?,
        duplicates: batches("duplicate")?,
        bad: batches("bad")?,
        blocked: batches("blocked")?,
        dialled: calls("DISTINCT lead_id", "result <> 'not_sent'")?,
        answered: calls("DISTINCT lead_id", "answered IS NOT NULL")?,
        to_agent: calls("*", "result = 'to_agent'")?,
        abandoned: calls("*", "result = 'abandoned'")?,
        recordings: count("SELECT count(*) FROM recording WHERE company_id = ?1 AND verdict IN ('saved', 'salvaged')")?,
        cdrs: calls("*", "1")?,
        top_ups: booked("top_up")?,
        charges: -booked("call_charge")?,
        seat_fees: -booked("seat_fee")?,
        corrections: booked("correction")?,
        balance: Micro(one("SELECT balance FROM company WHERE id = ?1")?),
        faults: Vec::new(),
    })
}

/// Each statement counts rows (or sums units) that break an invariant of docs/rules.md; zero is right.
const CHECKS: &[(&str, &str)] = &[
    ("calls still open, with their holds", "SELECT count(*) FROM open_call WHERE company_id = ?1"),
    (
        "CDRs whose charge is not what the ledger booked for them",
        "SELECT count(*) FROM cdr d WHERE d.company_id = ?1 AND d.charge <> coalesce((SELECT sum(l.amount) FROM ledger l
         WHERE l.company_id = d.company_id AND l.key = 'call:' || d.call_id AND l.kind = 'call_charge'), 0)",
    ),
    (
        "call charges in the ledger without a CDR",
        "SELECT count(*) FROM ledger l WHERE l.company_id = ?1 AND l.kind = 'call_charge'
         AND NOT EXISTS (SELECT 1 FROM cdr d WHERE d.call_id = l.call_id)",
    ),
    (
        "answered CDRs without a recording that can be played",
        "SELECT count(*) FROM cdr d WHERE d.company_id = ?1 AND d.recorded
         AND NOT EXISTS (SELECT 1 FROM recording r WHERE r.call_id = d.call_id AND r.verdict IN ('saved', 'salvaged'))",
    ),
    (
        "imports whose rows did not each end in one of added, duplicate, bad, blocked",
        "SELECT count(*) FROM batch b WHERE b.company_id = ?1 AND b.state = 'visible' AND (
         b.rows <> b.added + b.duplicate + b.bad + b.blocked
         OR b.duplicate + b.bad + b.blocked <> (SELECT count(*) FROM reject r WHERE r.batch_id = b.id)
         OR b.added <> CASE b.page WHEN 'campaigns' THEN (SELECT count(*) FROM lead l WHERE l.batch_id = b.id)
                        WHEN 'customers' THEN (SELECT count(*) FROM customer c WHERE c.batch_id = b.id) ELSE b.added END)",
    ),
    (
        "numbers left in dialling, or done without a state",
        "SELECT count(*) FROM lead l WHERE l.company_id = ?1
         AND (l.phase = 'dialling' OR (l.phase = 'done' AND l.state IN ('not_called', 'calling')))",
    ),
    (
        "numbers dialled twice in one round with an answer",
        "SELECT count(*) FROM (SELECT 1 FROM cdr WHERE company_id = ?1 AND lead_id IS NOT NULL AND answered IS NOT NULL
         GROUP BY lead_id, round HAVING count(*) > 1)",
    ),
    (
        "calls or micro-yuan of tasks that the call report has otherwise than the CDRs",
        "SELECT abs(d.calls - r.calls) + abs(d.answered - r.answered) + abs(d.charge - r.charge) FROM
           (SELECT count(*) calls, count(answered) answered, coalesce(sum(charge), 0) charge FROM cdr
            WHERE company_id = ?1 AND campaign_id IS NOT NULL AND result <> 'not_sent') d,
           (SELECT coalesce(sum(calls), 0) calls, coalesce(sum(answered), 0) answered, coalesce(sum(charge), 0) charge
            FROM call_day WHERE company_id = ?1) r",
    ),
    (
        "campaigns with more answered than dialled, or more dialled than listed",
        "SELECT count(*) FROM campaign c WHERE c.company_id = ?1 AND c.deleted IS NULL
         AND NOT (c.answered <= c.dialled AND c.dialled <= c.total)",
    ),
];

fn faults(conn: &Connection, company: CompanyId, sums: &Sums) -> Result<Vec<String>, StoreError> {
    let mut faults = Vec::new();
    for (what, sql) in CHECKS {
        let found: i64 = conn.query_row(sql, params![company.0], |row| row.get(0))?;
        if found != 0 {
            faults.push(format!("{found} {what}"));
        }
    }
    let posted = sums.top_ups - sums.charges - sums.seat_fees + sums.corrections;
    if posted != sums.balance {
        faults.push(format!("balance {} is not the sum of its postings {}", sums.balance.0, posted.0));
    }
    let charged: i64 =
        conn.query_row("SELECT coalesce(sum(charge), 0) FROM cdr WHERE company_id = ?1", [company.0], |r| r.get(0))?;
    if charged != sums.charges.0 {
        faults.push(format!("CDRs charge {charged}, the ledger {}", sums.charges.0));
    }
    if let Err(bad) = verify_ledger(conn)? {
        faults.push(bad.to_string());
    }
    Ok(faults)
}
