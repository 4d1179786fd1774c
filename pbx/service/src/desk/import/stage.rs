//! The second reading: rows go in chunks to the writer, each chunk one short transaction, into a batch nobody sees yet.

use super::{
    Goal, Task, blocking, blocks,
    customers::{self, Outcome},
    failed,
    fields::{self, Fields},
    numbers::{self, Numbers},
    plan::Plan,
    rejects,
};
use crate::store::StoreError;
use csv::StringRecord;
use hutong_api::{live::RefusalText, page::ImportStatus, page::RejectSample, *};
use hutong_core::{
    import::{BadNumber, Layout},
    io::{BlockEntry, Input},
};
use rusqlite::{Connection, Transaction, params};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, watch};

/// Rows of one transaction at most …
const CHUNK: usize = 4_000;
/// … and how long it may go on taking further rows: with the commit, which may take as long again on a busy disk, it stays below
/// the 50 ms of docs/rules.md.
const BUDGET: Duration = Duration::from_millis(15);
/// Rejects told at once, for the screen.
pub const SAMPLES: usize = 20;

/// A row as read, before the store has judged it.
struct Row {
    line: u32,
    record: StringRecord,
    number: Result<Phone, BadNumber>,
    /// The same number stood in this line already.
    twin: Option<u32>,
}

/// What became of a row.
enum Fate {
    Added,
    Duplicate(Refusal),
    /// A duplicate that changed the customer that was there.
    Updated(Refusal),
    Bad(Refusal),
    Blocked(Refusal),
}

/// What a chunk's transaction needs to know.
struct Target {
    company: CompanyId,
    batch: BatchId,
    goal: Goal,
    separator: u8,
    layout: Layout,
    desk: customers::Desk,
}

#[derive(Default)]
struct Tally {
    /// Rows of the chunk taken before the time was up.
    judged: usize,
    /// Those of a campaign that were added.
    numbers: Vec<(u64, i64)>,
    /// Those of the blocklist that were added: they bind once committed.
    blocks: Vec<BlockEntry>,
    updated: u32,
    added: u32,
    duplicate: u32,
    bad: u32,
    blocked: u32,
    rejects: Vec<RejectSample>,
}

struct Chunk {
    rows: Vec<Row>,
    bytes: u64,
}

pub async fn rows(
    task: &Task,
    batch: BatchId,
    (plan, fields): (Plan, Fields),
    say: &impl Fn(Input),
    progress: &watch::Sender<ImportStatus>,
) -> Result<(), Refusal> {
    let (store, company, seat) = (&task.store, task.company, task.seat);
    let people = move |conn: &Connection| Ok((customers::Owners::load(conn, company)?, customers::own(conn, seat)?));
    let (owners, owner) = store.read(people).await.map_err(failed)?;
    let (layout, separator) = (plan.layout.clone(), plan.separator);
    let deal = if task.how.owners.is_empty() { owner.into_iter().collect() } else { task.how.owners.clone() };
    let desk = customers::Desk {
        company,
        batch,
        layout: layout.clone(),
        fields,
        owners,
        existing: task.how.existing,
        reach: task.how.reach.clone(),
        deal,
        dealt: AtomicUsize::new(0),
    };
    let target = Arc::new(Target { company, batch, goal: task.goal, separator, layout, desk });
    let mut numbers = Numbers::default();
    // One chunk is read while another is being written.
    let (give, mut chunks) = mpsc::channel(1);
    let reader = tokio::spawn(blocking(move || read(&plan, &give)));
    while let Some(Chunk { mut rows, bytes }) = chunks.recv().await {
        let mut from = 0;
        while from < rows.len() {
            let (target, lang) = (target.clone(), task.lang);
            let work = move |tx: &Transaction<'_>| write(tx, &target, &rows[from..], lang).map(|tally| (rows, tally));
            let mut tally;
            (rows, tally) = store.write(work).await.map_err(|error| broken_off(task.goal, error))?;
            std::mem::take(&mut tally.blocks).into_iter().for_each(|entry| say(Input::Block(entry)));
            from += tally.judged;
            numbers.extend(&tally.numbers);
            tell(progress, tally, bytes);
        }
    }
    reader.await.unwrap_or_else(|_| Err(Refusal::new("import.failed")))?;
    match task.goal {
        Goal::Campaign { campaign, .. } => numbers.store(store, company, campaign).await.map_err(failed),
        Goal::Customers | Goal::Blocklist | Goal::Seats => Ok(()),
    }
}

/// Of the blocklist what is stored stays stored, and is said to.
fn broken_off(goal: Goal, error: StoreError) -> Refusal {
    let refusal = failed(error);
    if goal == Goal::Blocklist { Refusal::new("import.blocklist_partly") } else { refusal }
}

fn tell(progress: &watch::Sender<ImportStatus>, tally: Tally, bytes: u64) {
    progress.send_modify(|status| {
        status.bytes_read = bytes;
        status.added += tally.added;
        status.updated += tally.updated;
        status.duplicate += tally.duplicate;
        status.bad += tally.bad;
        status.blocked += tally.blocked;
        let room = SAMPLES.saturating_sub(status.samples.len());
        status.samples.extend(tally.rejects.into_iter().take(room));
    });
}

/// Makes the batch visible, unless its campaign was deleted meanwhile.
pub async fn show(task: &Task, batch: BatchId, plan: &Plan, status: &ImportStatus) -> Result<(), Refusal> {
    let (company, status) = (task.company, status.clone());
    let header = serde_json::to_string(&plan.layout.header).unwrap_or_default();
    let (goal, layout, columns) = (task.goal, plan.layout.clone(), task.how.columns.clone());
    let show = move |tx: &Transaction<'_>| {
        let mut sync_from = None;
        if let Goal::Campaign { campaign, sync_customers } = goal {
            if !campaign_exists(tx, company, campaign)? {
                return Ok(false);
            }
            sync_from = sync_customers.then_some(0i64);
        }
        let sql = "UPDATE batch SET state = 'visible', encoding = ?2, separator = ?3, rows = ?4, added = ?5,
                   duplicate = ?6, bad = ?7, blocked = ?8, header = ?9, sync_from = ?10, updated = ?11
                   WHERE id = ?1 AND state = 'staging'";
        if !columns.is_empty() {
            fields::remember(tx, company, goal.page(), &layout, &columns)?;
        }
        let ImportStatus { encoding, separator, rows, added, duplicate, bad, blocked, updated, .. } = status;
        let values =
            params![batch.0, encoding, separator, rows, added, duplicate, bad, blocked, header, sync_from, updated];
        Ok(tx.execute(sql, values)? == 1)
    };
    match task.store.write(show).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Refusal::new("import.no_campaign")),
        Err(error) => Err(failed(error)),
    }
}

pub fn campaign_exists(conn: &Connection, company: CompanyId, campaign: CampaignId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM campaign WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL)";
    Ok(conn.query_row(sql, params![campaign.0, company.0], |row| row.get(0))?)
}

/// Reads the file to its end; stops early when nobody takes the chunks any more.
fn read(plan: &Plan, give: &mpsc::Sender<Chunk>) -> Result<(), Refusal> {
    let run = || {
        let (mut rows, taken) = plan.open()?;
        let mut seen = HashMap::with_capacity(plan.rows as usize);
        let (mut chunk, mut records) = (Vec::with_capacity(CHUNK), 0);
        let mut record = StringRecord::new();
        while rows.next(&mut record)? {
            records += 1;
            if records <= plan.layout.skip {
                continue;
            }
            let line = u32::try_from(rows.line()).unwrap_or(u32::MAX);
            let number = plan.layout.number(&record);
            let twin = number.as_ref().ok().and_then(|phone| twin(&mut seen, phone, line));
            chunk.push(Row { line, record: std::mem::take(&mut record), number, twin });
            if chunk.len() == CHUNK {
                let rows = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
                if give.blocking_send(Chunk { rows, bytes: taken.load(Ordering::Relaxed) }).is_err() {
                    return Ok(());
                }
            }
        }
        drop(give.blocking_send(Chunk { rows: chunk, bytes: taken.load(Ordering::Relaxed) }));
        Ok(())
    };
    run().map_err(|fault: hutong_core::import::Fault| fault.refusal())
}

/// The line this number stood in before.
fn twin(seen: &mut HashMap<u64, u32>, phone: &Phone, line: u32) -> Option<u32> {
    match seen.entry(numbers::pack(phone)) {
        Entry::Occupied(first) => Some(*first.get()),
        Entry::Vacant(free) => {
            free.insert(line);
            None
        }
    }
}

fn write(tx: &Transaction<'_>, target: &Target, rows: &[Row], lang: Lang) -> Result<Tally, StoreError> {
    let mut tally = Tally::default();
    let blocklist = has_blocklist(tx, target)?;
    let begun = Instant::now();
    for row in rows {
        if begun.elapsed() > BUDGET {
            break;
        }
        tally.judged += 1;
        let (kind, count, refusal) = match judge(tx, target, row, blocklist, &mut tally)? {
            Fate::Added => {
                tally.added += 1;
                continue;
            }
            Fate::Duplicate(refusal) => ("duplicate", &mut tally.duplicate, refusal),
            Fate::Updated(refusal) => {
                tally.updated += 1;
                ("duplicate", &mut tally.duplicate, refusal)
            }
            Fate::Bad(refusal) => ("bad", &mut tally.bad, refusal),
            Fate::Blocked(refusal) => ("blocked", &mut tally.blocked, refusal),
        };
        *count += 1;
        let at = (target.company, target.batch, target.separator);
        reject(tx, at, (row.line, &row.record), kind, &refusal)?;
        if tally.rejects.len() < SAMPLES {
            tally.rejects.push(RejectSample {
                line: row.line,
                raw: target.layout.number_cell(&row.record).chars().take(40).collect(),
                kind: kind.into(),
                reason: RefusalText { code: refusal.code.to_string(), text: refusal.text(lang) },
            });
        }
    }
    Ok(tally)
}

/// In this order, so that each row has one fate: bad, blocked, duplicate, added.
fn judge(
    tx: &Transaction<'_>,
    target: &Target,
    row: &Row,
    blocklist: bool,
    tally: &mut Tally,
) -> Result<Fate, StoreError> {
    let phone = match &row.number {
        Ok(phone) => phone,
        Err(bad) => return Ok(Fate::Bad(bad.refusal())),
    };
    if blocklist && is_blocked(tx, target.company, phone)? {
        return Ok(Fate::Blocked(Refusal::new("import.blocked")));
    }
    if let Some(line) = row.twin {
        return Ok(Fate::Duplicate(Refusal::new("import.twice_in_file").with("line", line)));
    }
    match target.goal {
        Goal::Campaign { campaign, .. } => {
            if numbers::known(tx, campaign, phone)? {
                return Ok(Fate::Duplicate(Refusal::new("import.in_campaign")));
            }
            tally.numbers.push((numbers::pack(phone), add_lead(tx, target, campaign, row, phone)?));
            Ok(Fate::Added)
        }
        Goal::Customers => match customers::add(tx, &target.desk, (&row.record, phone))? {
            Ok(Outcome::Added) => Ok(Fate::Added),
            Ok(Outcome::Known) => Ok(Fate::Duplicate(Refusal::new("import.is_customer"))),
            Ok(Outcome::Updated) => Ok(Fate::Updated(Refusal::new("import.updated_customer"))),
            Err(refusal) => Ok(Fate::Bad(refusal)),
        },
        Goal::Blocklist => match blocks::add(tx, target.company, &target.layout, (&row.record, phone))? {
            Ok(Some(entry)) => {
                tally.blocks.push(entry);
                Ok(Fate::Added)
            }
            Ok(None) => Ok(Fate::Duplicate(Refusal::new("import.in_blocklist"))),
            Err(refusal) => Ok(Fate::Bad(refusal)),
        },
        // Rows without a number have a way of their own (`seats`).
        Goal::Seats => Ok(Fate::Bad(Refusal::new("import.failed"))),
    }
}

fn add_lead(
    tx: &Transaction<'_>,
    target: &Target,
    campaign: CampaignId,
    row: &Row,
    phone: &Phone,
) -> Result<i64, StoreError> {
    let sql =
        "INSERT INTO lead (company_id, campaign_id, batch_id, phone, name, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Target { company, batch, layout, .. } = target;
    let (name, extra) = (layout.name(&row.record), layout.extra(&row.record));
    let values = params![company.0, campaign.0, batch.0, phone.as_str(), name, extra];
    Ok(tx.prepare_cached(sql)?.insert(values)?)
}

/// A customer may be known though he is not to be called: the blocklist binds numbers to dial only.
fn has_blocklist(tx: &Transaction<'_>, target: &Target) -> Result<bool, StoreError> {
    if !matches!(target.goal, Goal::Campaign { .. }) {
        return Ok(false);
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM blocklist WHERE company_id = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([target.company.0], |row| row.get(0))?)
}

pub fn is_blocked(tx: &Transaction<'_>, company: CompanyId, phone: &Phone) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM blocklist WHERE company_id = ?1 AND phone = ?2 AND direction <> 'inbound'
                 AND coalesce(expires, ?3) >= ?3)
               OR EXISTS (SELECT 1 FROM blocklist WHERE company_id = ?1 AND prefix = 1 AND direction <> 'inbound'
                 AND coalesce(expires, ?3) >= ?3 AND substr(?2, 1, length(phone) - 1) || '*' = phone)";
    Ok(tx.prepare_cached(sql)?.query_row(params![company.0, phone.as_str(), crate::desk::now()], |row| row.get(0))?)
}

/// Keeps a row that was not added, with why.
pub fn reject(
    tx: &Transaction<'_>,
    (company, batch, separator): (CompanyId, BatchId, u8),
    (line, record): (u32, &StringRecord),
    kind: &str,
    refusal: &Refusal,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO reject (batch_id, line, company_id, kind, code, args, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let args = serde_json::to_string(&refusal.args).unwrap_or_default();
    let raw = rejects::raw(record, separator)?;
    let values = params![batch.0, line, company.0, kind, refusal.code, args, raw];
    tx.prepare_cached(sql)?.execute(values)?;
    Ok(())
}
