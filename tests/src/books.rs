//! The database, read-only, while the service runs or after it died.

use anyhow::{Context, ensure};
use rusqlite::{Connection, OpenFlags, params};
use std::path::{Path, PathBuf};

pub struct Books {
    db: Connection,
    data: PathBuf,
}

/// An answered call as its CDR tells it. Times in epoch ms.
#[derive(Debug, Clone)]
pub struct Answered {
    pub call: i64,
    pub phone: String,
    pub seat: Option<i64>,
    pub answered: i64,
    pub bridged: Option<i64>,
    pub ended: i64,
    pub talk_s: i64,
    pub recording: Option<(String, PathBuf)>,
}

/// Money in micro-yuan, from the ledger's postings alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Money {
    pub top_ups: i64,
    pub charges: i64,
    pub seat_fees: i64,
    pub corrections: i64,
}

impl Money {
    /// Invariant 2 of ARCHITECTURE.md.
    pub fn balance(&self) -> i64 {
        self.top_ups - self.charges - self.seat_fees + self.corrections
    }
}

impl Books {
    pub fn open(data: &Path) -> anyhow::Result<Books> {
        let path = data.join("hutong.db");
        let db = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
            .with_context(|| path.display().to_string())?;
        db.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(Books { db, data: data.into() })
    }

    /// One integer of a query.
    pub fn count(&self, sql: &str) -> anyhow::Result<i64> {
        self.db.query_row(sql, [], |row| row.get(0)).with_context(|| sql.to_owned())
    }

    /// First column of every row.
    pub fn texts(&self, sql: &str) -> anyhow::Result<Vec<String>> {
        let mut query = self.db.prepare(sql)?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What each row of every import became.
    pub fn fates(&self) -> anyhow::Result<crate::leads::Fates> {
        let sum = |column: &str| -> anyhow::Result<u64> {
            let sql = format!("SELECT COALESCE(SUM({column}), 0) FROM batch WHERE state = 'visible'");
            Ok(self.count(&sql)? as u64)
        };
        let (added, duplicate) = (sum("added")?, sum("duplicate")?);
        Ok(crate::leads::Fates { added, duplicate, bad: sum("bad")?, blocked: sum("blocked")? })
    }

    pub fn answered(&self) -> anyhow::Result<Vec<Answered>> {
        let mut query = self.db.prepare(
            "SELECT c.call_id, c.phone, c.seat_id, c.answered, c.bridged, c.ended, c.talk_s, r.verdict, r.path
             FROM cdr c LEFT JOIN recording r USING (call_id) WHERE c.answered IS NOT NULL ORDER BY c.call_id",
        )?;
        let rows = query.query_map([], |row| {
            let (verdict, path): (Option<String>, Option<String>) = (row.get(7)?, row.get(8)?);
            Ok(Answered {
                call: row.get(0)?,
                phone: row.get(1)?,
                seat: row.get(2)?,
                answered: row.get(3)?,
                bridged: row.get(4)?,
                ended: row.get(5)?,
                talk_s: row.get(6)?,
                recording: verdict.zip(path.map(|path| self.data.join(path))),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sums of the ledger by what moved the balance.
    pub fn money(&self) -> anyhow::Result<Money> {
        let moved = |account: &str| -> anyhow::Result<i64> {
            let sql = "SELECT COALESCE(SUM(CASE WHEN credit = 'balance' THEN amount ELSE -amount END), 0) FROM ledger
                       WHERE (debit = 'balance' AND credit = ?1) OR (credit = 'balance' AND debit = ?1)";
            Ok(self.db.query_row(sql, params![account], |row| row.get(0))?)
        };
        Ok(Money {
            top_ups: moved("cash")?,
            charges: -moved("call_revenue")?,
            seat_fees: -moved("fee_revenue")?,
            corrections: moved("adjustment")?,
        })
    }

    /// What must hold of a store at rest, and also of one whose service was killed at any moment and started again.
    ///
    /// # Errors
    /// Names the first thing that does not hold.
    pub fn audit(&self) -> anyhow::Result<()> {
        ensure!(self.texts("PRAGMA integrity_check")? == ["ok"], "the file itself is damaged");
        let balance = self.count("SELECT SUM(balance) FROM company")?;
        let money = self.money()?;
        ensure!(money.balance() == balance, "the ledger says {money:?}, the company's balance is {balance}");
        ensure!(balance >= 0, "balance {balance} is below zero");
        let charged = self.count("SELECT COALESCE(SUM(charge), 0) FROM cdr")?;
        ensure!(charged == money.charges, "CDRs charge {charged}, the ledger {}", money.charges);
        for (what, sql) in BROKEN {
            let found = self.count(sql)?;
            ensure!(found == 0, "{found} × {what}");
        }
        Ok(())
    }
}

/// Each counts what must not exist.
const BROKEN: &[(&str, &str)] = &[
    (
        "call charged otherwise than its CDR says",
        "SELECT COUNT(*) FROM cdr c WHERE c.charge !=
           (SELECT COALESCE(SUM(l.amount), 0) FROM ledger l WHERE l.call_id = c.call_id AND l.credit = 'call_revenue')",
    ),
    (
        "answered call billed for other seconds than it was up, rounded up",
        "SELECT COUNT(*) FROM cdr WHERE answered IS NOT NULL AND result != 'interrupted'
           AND (billable_s + increment_s - 1) / increment_s
             != (MAX(1, (ended - answered + 999) / 1000) + increment_s - 1) / increment_s",
    ),
    ("call billed that was not answered", "SELECT COUNT(*) FROM cdr WHERE answered IS NULL AND charge != 0"),
    (
        "charge other than started increments × price",
        "SELECT COUNT(*) FROM cdr WHERE charge != (billable_s + increment_s - 1) / increment_s * price",
    ),
    (
        // A fault of the line uses up no attempt; nobody's telephone rang.
        "number dialled twice in one round",
        "SELECT COUNT(*) FROM (SELECT 1 FROM cdr WHERE lead_id IS NOT NULL AND result != 'not_sent' AND state != 'line_fault'
           GROUP BY lead_id, round HAVING COUNT(*) > 1)",
    ),
    ("call both open and ended", "SELECT COUNT(*) FROM open_call JOIN cdr USING (call_id)"),
    (
        "answered call without a recording's verdict",
        "SELECT COUNT(*) FROM cdr LEFT JOIN recording USING (call_id) WHERE answered IS NOT NULL AND verdict IS NULL",
    ),
    (
        "recording without a call",
        "SELECT COUNT(*) FROM recording WHERE call_id NOT IN
       (SELECT call_id FROM cdr UNION SELECT call_id FROM open_call)",
    ),
    (
        "campaign with 已呼 > 总数 or 接通 > 已呼",
        "SELECT COUNT(*) FROM campaign WHERE dialled > total OR answered > dialled",
    ),
    (
        "status spans that overlap",
        "SELECT COUNT(*) FROM seat_span a JOIN seat_span b ON a.seat_id = b.seat_id AND a.started < b.started
           WHERE a.ended IS NULL OR a.ended > b.started",
    ),
    (
        "import whose rows do not add up",
        "SELECT COUNT(*) FROM batch WHERE state = 'visible'
       AND rows != added + duplicate + bad + blocked",
    ),
    (
        "import with other rejects than it counts",
        "SELECT COUNT(*) FROM batch b WHERE state = 'visible' AND duplicate + bad + blocked !=
           (SELECT COUNT(*) FROM reject r WHERE r.batch_id = b.id)",
    ),
];
