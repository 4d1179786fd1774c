//! Taking back a whole import within 24 hours. One small commit hides its rows; they are cleaned away behind it in chunks,
//! also after a crash. What people have worked on since stays.

use super::{Alone, Goal, clean, failed};
use crate::store::{Store, StoreError, now_ms};
use hutong_api::{BatchId, CampaignId, CompanyId, Refusal};
use hutong_core::io::Input;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// How long an import can be taken back.
pub const UNDO_MS: i64 = 24 * 3600 * 1000;
/// Rows of one transaction.
const CHUNK: usize = 500;

/// Customers of a batch that somebody changed since, or wrote a 业务记录 about.
pub(super) const TOUCHED: &str = "(c.updated <> c.created OR c.deleted IS NOT NULL
    OR EXISTS (SELECT 1 FROM activity a WHERE a.customer_id = c.id))";

/// What POST /api/undo takes for an import that can be undone.
pub(super) fn word(page: &str, batch: BatchId, added: u32, updated: u32) -> Option<String> {
    (!matches!(page, "blocklist" | "seats") && added + updated > 0).then(|| format!("import-{batch}"))
}

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    pub removed: u32,
    /// Customers that were there before and are as they were.
    pub restored: u32,
    /// Changed since by people.
    pub kept: u32,
}

struct Batch {
    goal: Goal,
    state: String,
    created: i64,
    added: u32,
}

/// Answers once the rows are hidden. Refusals: `row.unknown`, `import.not_undoable`, `import.undo_late`, `import.dialled`,
/// `import.undo_running`, `import.busy`.
pub async fn undo(
    store: &Store,
    company: CompanyId,
    batch: BatchId,
    tell: impl FnOnce(Input),
) -> Result<Undone, Refusal> {
    let found = store.read(move |conn| of(conn, company, batch)).await.map_err(failed)?;
    let found = found.ok_or(Refusal::new("row.unknown"))?;
    if found.state != "visible" || matches!(found.goal, Goal::Blocklist | Goal::Seats) {
        return Err(Refusal::new("import.not_undoable"));
    }
    if now_ms() >= found.created + UNDO_MS {
        return Err(Refusal::new("import.undo_late"));
    }
    let alone = Alone::take(store, company, found.goal).ok_or(Refusal::new("import.busy"))?;
    if let Some(campaign) = found.goal.campaign() {
        store.read(move |conn| Ok(undialled(conn, campaign, batch))).await.map_err(failed)?.map_err(
            |fault| match fault {
                Fault::Refused(refusal) => refusal,
                Fault::Store(error) => failed(error),
            },
        )?;
    }
    let (touched, mut undone) = store.read(move |conn| look_ahead(conn, batch)).await.map_err(failed)?;
    for chunk in touched.chunks(CHUNK) {
        let chunk = chunk.to_vec();
        store.write(move |tx| detach(tx, batch, &chunk)).await.map_err(failed)?;
    }
    let campaign = found.goal.campaign();
    if !store.write(move |tx| hide(tx, batch, campaign)).await.map_err(failed)? {
        return Err(Refusal::new("import.undo_running"));
    }
    if let Some(campaign) = campaign {
        undone.removed += found.added;
        tell(Input::LeadsRemoved { campaign, removed: found.added });
    }
    let store = store.clone();
    tokio::spawn(async move {
        // Nobody imports the same numbers while the old rows still hold their place.
        let _alone = alone;
        if let Err(error) = clear(&store, batch).await {
            tracing::error!(%error, %batch, "an undone import is not cleared; done at the next start");
        }
    });
    Ok(undone)
}

fn of(conn: &Connection, company: CompanyId, batch: BatchId) -> Result<Option<Batch>, StoreError> {
    let sql = "SELECT page, campaign_id, state, created, added FROM batch WHERE id = ?1 AND company_id = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        let page: String = row.get(0)?;
        let goal = Goal::of(&page, row.get::<_, Option<i64>>(1)?.map(CampaignId), false);
        let batch = |goal| Ok(Batch { goal, state: row.get(2)?, created: row.get(3)?, added: row.get(4)? });
        goal.map(batch).transpose()
    };
    Ok(conn.query_row(sql, params![batch.0, company.0], read).optional()?.flatten())
}

enum Fault {
    Refused(Refusal),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Fault {
    fn from(error: E) -> Fault {
        Fault::Store(error.into())
    }
}

/// A number that was dialled has call records and charges: its list stays.
fn undialled(conn: &Connection, campaign: CampaignId, batch: BatchId) -> Result<(), Fault> {
    if running(conn, campaign)? {
        return Err(Fault::Refused(Refusal::new("import.undo_running")));
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM lead WHERE batch_id = ?1
               AND (phase <> 'waiting' OR attempts > 0 OR last_call IS NOT NULL OR result IS NOT NULL))";
    match conn.query_row(sql, [batch.0], |row| row.get(0))? {
        true => Err(Fault::Refused(Refusal::new("import.dialled"))),
        false => Ok(()),
    }
}

/// A running campaign holds some of its numbers ready, and they may be dialled any moment.
fn running(conn: &Connection, campaign: CampaignId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM campaign WHERE id = ?1 AND status = 'running')";
    conn.query_row(sql, [campaign.0], |row| row.get(0))
}

/// The customers that stay, and what will have been done.
fn look_ahead(conn: &Connection, batch: BatchId) -> Result<(Vec<i64>, Undone), StoreError> {
    let sql = format!("SELECT c.id, c.deleted IS NULL FROM customer c WHERE c.batch_id = ?1 AND {TOUCHED}");
    let mut statement = conn.prepare(&sql)?;
    let touched: Vec<(i64, bool)> =
        statement.query_map([batch.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let all: u32 = conn.query_row("SELECT count(*) FROM customer WHERE batch_id = ?1", [batch.0], |row| row.get(0))?;
    let sql = "SELECT count(*), coalesce(sum(c.updated = b.at), 0) FROM import_before b JOIN customer c ON c.id = b.customer_id
               WHERE b.batch_id = ?1";
    let (before, as_left): (u32, u32) = conn.query_row(sql, [batch.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let kept = touched.iter().filter(|(_, there)| *there).count() as u32;
    let undone = Undone { removed: all - touched.len() as u32, restored: as_left, kept: kept + (before - as_left) };
    Ok((touched.into_iter().map(|(id, _)| id).collect(), undone))
}

/// The customer no longer belongs to the import.
fn detach(tx: &Transaction<'_>, batch: BatchId, ids: &[i64]) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached("UPDATE customer SET batch_id = NULL WHERE id = ?1 AND batch_id = ?2")?;
    for id in ids {
        statement.execute(params![id, batch.0])?;
    }
    Ok(())
}

fn hide(tx: &Transaction<'_>, batch: BatchId, campaign: Option<CampaignId>) -> Result<bool, StoreError> {
    if let Some(campaign) = campaign
        && running(tx, campaign)?
    {
        return Ok(false);
    }
    let sql = "UPDATE batch SET state = 'undone', clearing = 1, sync_from = NULL WHERE id = ?1 AND state = 'visible'";
    Ok(tx.execute(sql, [batch.0])? == 1)
}

/// Undone imports that a crash left half cleared.
pub(super) fn unfinished(conn: &Connection) -> Result<Vec<BatchId>, StoreError> {
    let mut statement = conn.prepare("SELECT id FROM batch WHERE state = 'undone' AND clearing = 1")?;
    let ids = statement.query_map([], |row| Ok(BatchId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// Takes the hidden rows away. Whom somebody changed in the last moment comes back instead.
pub(super) async fn clear(store: &Store, batch: BatchId) -> Result<(), StoreError> {
    clean::restore(store, batch).await?;
    while store.write(move |tx| clear_customers(tx, batch)).await? {}
    let sql = "DELETE FROM lead WHERE id IN (SELECT id FROM lead WHERE batch_id = ?1 LIMIT ?2)";
    while store.write(move |tx| Ok(tx.prepare_cached(sql)?.execute(params![batch.0, CHUNK as i64])?)).await? > 0 {}
    store.write(move |tx| Ok(tx.execute("UPDATE batch SET clearing = 0 WHERE id = ?1", [batch.0])?)).await?;
    Ok(())
}

/// True while there may be more.
fn clear_customers(tx: &Transaction<'_>, batch: BatchId) -> Result<bool, StoreError> {
    let sql = format!("SELECT c.id, {TOUCHED} FROM customer c WHERE c.batch_id = ?1 LIMIT ?2");
    let rows: Vec<(i64, bool)> = tx
        .prepare_cached(&sql)?
        .query_map(params![batch.0, CHUNK as i64], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let kept: Vec<i64> = rows.iter().filter(|(_, touched)| *touched).map(|(id, _)| *id).collect();
    detach(tx, batch, &kept)?;
    let mut delete = tx.prepare_cached("DELETE FROM customer WHERE id = ?1 AND batch_id = ?2")?;
    for (id, _) in rows.iter().filter(|(_, touched)| !touched) {
        delete.execute(params![id, batch.0])?;
    }
    Ok(rows.len() == CHUNK)
}
