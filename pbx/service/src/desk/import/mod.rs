//! Import of numbers into a campaign, or of customers (F19, F34, F35, X16). A file is read twice: once to find
//! every fault that refuses it whole, before anything is stored, and once to stage its rows in chunks under a batch that is
//! not visible. One small commit makes the batch visible; a refusal or a crash leaves nothing behind.

mod clean;
mod customers;
mod numbers;
mod plan;
mod rejects;
mod stage;
#[cfg(test)]
mod tests;

pub use clean::clean_staging;
pub use rejects::{rejects_csv, template};

use crate::{
    shell::Shell,
    store::{Store, StoreError, now_ms},
};
use hutong_api::{live::RefusalText, page::ImportStage, page::ImportStatus, *};
use hutong_core::{import::sheet::separator_word, io::Input};
use plan::Plan;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::PathBuf;
use tokio::sync::watch;

/// A file on disk to be imported. The caller removes it afterwards.
#[derive(Clone)]
pub struct Job {
    pub store: Store,
    pub shell: Shell,
    pub company: CompanyId,
    /// Who imports.
    pub seat: SeatId,
    /// "campaigns": numbers of `campaign`, 追加 included (F45); "customers".
    pub page: String,
    pub campaign: Option<CampaignId>,
    /// 同步到客户资料: numbers also become customers; who is one already keeps his owner and whatever is filled in.
    pub sync_customers: bool,
    pub path: PathBuf,
    /// As the person named it.
    pub file_name: String,
    pub lang: Lang,
}

/// What rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Campaign { campaign: CampaignId, sync_customers: bool },
    Customers,
}

/// A job without what hears of it.
struct Task {
    store: Store,
    company: CompanyId,
    seat: SeatId,
    goal: Goal,
    path: PathBuf,
    file_name: String,
    lang: Lang,
}

/// The value for a new `watch` channel; batch 0 until the import has one.
pub fn not_begun() -> ImportStatus {
    ImportStatus {
        batch: BatchId(0),
        stage: ImportStage::Reading,
        encoding: String::new(),
        separator: String::new(),
        bytes_read: 0,
        bytes_total: 0,
        rows: 0,
        added: 0,
        duplicate: 0,
        bad: 0,
        blocked: 0,
        samples: Vec::new(),
        refusal: None,
        undo: None,
        updated: 0,
    }
}

/// Runs the whole import and tells its progress; the last status told is the one returned. Refusals: `import.*`. To be
/// spawned: a future dropped half way leaves its staged rows to the next import or start. Live work hears of new numbers
/// once they are visible (`Input::LeadsAdded`).
pub async fn run(job: Job, progress: watch::Sender<ImportStatus>) -> Result<ImportStatus, Refusal> {
    let Job { store, shell, company, seat, page, campaign, sync_customers, path, file_name, lang } = job;
    let goal = match (page.as_str(), campaign) {
        ("campaigns", Some(campaign)) => Goal::Campaign { campaign, sync_customers },
        ("customers", _) => Goal::Customers,
        _ => return refused(&Refusal::new("import.no_campaign"), lang, &progress),
    };
    let task = Task { store, company, seat, goal, path, file_name, lang };
    run_telling(&task, |input| shell.input(input), &progress).await
}

async fn run_telling(
    task: &Task,
    tell: impl FnOnce(Input),
    progress: &watch::Sender<ImportStatus>,
) -> Result<ImportStatus, Refusal> {
    match whole(task, tell, progress).await {
        Ok(()) => Ok(progress.borrow().clone()),
        Err(refusal) => refused(&refusal, task.lang, progress),
    }
}

fn refused(refusal: &Refusal, lang: Lang, progress: &watch::Sender<ImportStatus>) -> Result<ImportStatus, Refusal> {
    let text = RefusalText { code: refusal.code.to_string(), text: refusal.text(lang) };
    progress.send_modify(|status| {
        *status = ImportStatus {
            batch: status.batch,
            stage: ImportStage::Refused,
            encoding: std::mem::take(&mut status.encoding),
            separator: std::mem::take(&mut status.separator),
            refusal: Some(text),
            ..not_begun()
        };
    });
    Err(refusal.clone())
}

/// The stored state of an import, for whoever asks after it is over; None where the company has no such batch.
pub fn status(conn: &Connection, company: CompanyId, batch: BatchId) -> Result<Option<ImportStatus>, StoreError> {
    let sql = "SELECT state, encoding, separator, rows, added, duplicate, bad, blocked FROM batch
               WHERE id = ?1 AND company_id = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        let stage = match row.get_ref(0)?.as_str()? {
            "staging" => ImportStage::Storing,
            "refused" => ImportStage::Refused,
            _ => ImportStage::Done,
        };
        Ok(ImportStatus {
            batch,
            stage,
            encoding: row.get(1)?,
            separator: row.get(2)?,
            rows: row.get(3)?,
            added: row.get(4)?,
            duplicate: row.get(5)?,
            bad: row.get(6)?,
            blocked: row.get(7)?,
            ..not_begun()
        })
    };
    Ok(conn.query_row(sql, params![batch.0, company.0], read).optional()?)
}

async fn whole(task: &Task, tell: impl FnOnce(Input), progress: &watch::Sender<ImportStatus>) -> Result<(), Refusal> {
    let (store, goal) = (&task.store, task.goal);
    let _alone = Alone::take(store, task.company, goal).ok_or(Refusal::new("import.busy"))?;
    let batch = begin(task).await?;
    progress.send_modify(|status| status.batch = batch);
    match fill(task, batch, progress).await {
        Ok(added) => {
            if let Goal::Campaign { campaign, .. } = goal
                && added > 0
            {
                tell(Input::LeadsAdded { campaign, added });
            }
            // Visible already: what is still to be copied is copied now or, after a crash, at the next start.
            let copied = customers::sync(store, batch).await;
            if let Err(error) = copied {
                tracing::error!(%error, %batch, "customers of an import not copied; tried again at the next start");
            }
            progress.send_modify(|status| status.stage = ImportStage::Done);
            Ok(())
        }
        Err(refusal) => {
            if let Err(error) = clean::discard(store, batch).await {
                tracing::error!(%error, %batch, "a refused import is not cleared; done at the next start");
            }
            Err(refusal)
        }
    }
}

/// The batch row, in state 'staging'. What a failed clean-up left of this campaign goes first: it would make duplicates.
async fn begin(task: &Task) -> Result<BatchId, Refusal> {
    let store = &task.store;
    let (company, seat, file_name) = (task.company, task.seat, task.file_name.clone());
    let (page, campaign) = match task.goal {
        Goal::Campaign { campaign, .. } => ("campaigns", Some(campaign)),
        Goal::Customers => ("customers", None),
    };
    let left = store.read(move |conn| clean::leftovers(conn, company, page, campaign)).await.map_err(failed)?;
    for batch in left {
        clean::discard(store, batch).await.map_err(failed)?;
    }
    let make = move |tx: &rusqlite::Transaction<'_>| {
        if let Some(campaign) = campaign
            && !stage::campaign_exists(tx, company, campaign)?
        {
            return Ok(None);
        }
        let sql = "INSERT INTO batch (company_id, page, campaign_id, state, file_name, seat_id, created)
                   VALUES (?1, ?2, ?3, 'staging', ?4, ?5, ?6)";
        tx.execute(sql, params![company.0, page, campaign.map(|id| id.0), file_name, seat.0, now_ms()])?;
        Ok(Some(BatchId(tx.last_insert_rowid())))
    };
    store.write(make).await.map_err(failed)?.ok_or(Refusal::new("import.no_campaign"))
}

/// Checks, stages, shows. Returns the numbers added.
async fn fill(task: &Task, batch: BatchId, progress: &watch::Sender<ImportStatus>) -> Result<u32, Refusal> {
    let plan = blocking({
        let (path, progress) = (task.path.clone(), progress.clone());
        move || Plan::check(&path, &progress)
    })
    .await?;
    progress.send_modify(|status| {
        status.stage = ImportStage::Storing;
        status.bytes_read = 0;
        status.encoding = plan.encoding.word().into();
        status.separator = separator_word(plan.separator).into();
    });
    stage::rows(task, batch, plan.clone(), progress).await?;
    let status = progress.borrow().clone();
    let counted = status.added + status.duplicate + status.bad + status.blocked;
    if counted != plan.rows {
        tracing::error!(%batch, counted, rows = plan.rows, "the file changed while it was imported");
        return Err(Refusal::new("import.failed"));
    }
    stage::show(task, batch, &plan, &status).await?;
    Ok(status.added)
}

/// Runs file work off the async threads.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "import");
        Err(Refusal::new("import.failed"))
    })
}

/// What a person is told of a store that would not store.
fn failed(error: StoreError) -> Refusal {
    tracing::error!(%error, "import");
    match error {
        StoreError::Full => Refusal::new("import.disk_full"),
        _ => Refusal::new("import.failed"),
    }
}

/// One import at a time for each campaign, and for each company's customers.
struct Alone {
    store: Store,
    key: (i64, i64),
}

impl Alone {
    fn take(store: &Store, company: CompanyId, goal: Goal) -> Option<Alone> {
        let campaign = match goal {
            Goal::Campaign { campaign, .. } => campaign.0,
            Goal::Customers => 0,
        };
        let key = (company.0, campaign);
        store.imports().insert(key).then(|| Alone { store: store.clone(), key })
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.store.imports().remove(&self.key);
    }
}
