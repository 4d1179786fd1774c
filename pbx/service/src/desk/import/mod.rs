//! Import of numbers into a campaign, or of customers (F19, F34, F35, X16). A file is read twice: once to find
//! every fault that refuses it whole, before anything is stored, and once to stage its rows in chunks under a batch that is
//! not visible. One small commit makes the batch visible; a refusal or a crash leaves nothing behind.

mod blocks;
mod clean;
mod customers;
mod fields;
mod look;
mod names;
mod numbers;
mod plan;
mod rejects;
mod seats;
mod stage;
#[cfg(test)]
mod tests;
mod undo;
mod workbook;

pub use clean::clean_staging;
pub use look::{Looked, look};
pub use numbers::known as in_campaign;
pub use rejects::{passwords_csv, rejects_csv, template};
pub use seats::{Newcomers, Passwords};
pub use stage::{is_blocked, reject};
pub use undo::{UNDO_MS, undo};

use crate::{
    desk::preview,
    shell::Shell,
    store::{Store, StoreError, now_ms},
};
use fields::Fields;
use hutong_api::{live::RefusalText, page::ImportStage, page::ImportStatus, *};
use hutong_core::{import::sheet::separator_word, io::Input};
use plan::{Columns, Plan};
use rusqlite::{Connection, OptionalExtension, params};
use std::{collections::BTreeSet, path::PathBuf};
use tokio::sync::watch;

/// A file on disk to be imported. The caller removes it afterwards.
#[derive(Clone)]
pub struct Job {
    pub store: Store,
    pub shell: Shell,
    pub company: CompanyId,
    /// Who imports.
    pub seat: SeatId,
    /// "campaigns": numbers of `campaign`, 追加 included (F45); "customers"; "blocklist"; "seats".
    pub page: String,
    pub campaign: Option<CampaignId>,
    /// 同步到客户资料: numbers also become customers; who is one already keeps his owner and whatever is filled in.
    pub sync_customers: bool,
    pub path: PathBuf,
    /// As the person named it.
    pub file_name: String,
    pub lang: Lang,
    pub how: How,
}

/// What the person wishes of an import beyond the file itself.
#[derive(Debug, Clone, Default)]
pub struct How {
    /// Field id of each column in order, "" = ignored. Empty = as found.
    pub columns: Vec<String>,
    pub existing: Existing,
    /// New customers whose row names no owner are dealt to these evenly.
    pub owners: Vec<SeatId>,
    /// Whose customers the person may change; None = everybody's and nobody's.
    pub reach: Option<BTreeSet<SeatId>>,
    /// The file is the text of a workbook, made by a look.
    pub workbook: bool,
    /// How seats are made of a file; only of one of seats.
    pub seats: Option<Newcomers>,
}

/// What becomes of customers that are there already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Existing {
    /// They stay as they are.
    #[default]
    Skip,
    /// What is empty is filled.
    Merge,
    /// What the row has replaces what is there; blank cells erase nothing.
    Overwrite,
}

impl Existing {
    pub fn parse(word: &str) -> Option<Existing> {
        match word {
            "" | "skip" => Some(Existing::Skip),
            "merge" => Some(Existing::Merge),
            "overwrite" => Some(Existing::Overwrite),
            _ => None,
        }
    }
}

/// What rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    Campaign {
        campaign: CampaignId,
        sync_customers: bool,
    },
    Customers,
    /// Numbers of 黑名单库. They bind as they come: it has no half-way state that somebody could dial in.
    Blocklist,
    /// Seats with new passwords (F80).
    Seats,
}

impl Goal {
    fn of(page: &str, campaign: Option<CampaignId>, sync_customers: bool) -> Option<Goal> {
        match (page, campaign) {
            ("campaigns" | "preview_tasks", Some(campaign)) => Some(Goal::Campaign { campaign, sync_customers }),
            ("customers", _) => Some(Goal::Customers),
            ("blocklist", _) => Some(Goal::Blocklist),
            ("seats", _) => Some(Goal::Seats),
            _ => None,
        }
    }

    fn page(self) -> &'static str {
        match self {
            Goal::Campaign { .. } => "campaigns",
            Goal::Customers => "customers",
            Goal::Blocklist => "blocklist",
            Goal::Seats => "seats",
        }
    }

    fn campaign(self) -> Option<CampaignId> {
        match self {
            Goal::Campaign { campaign, .. } => Some(campaign),
            Goal::Customers | Goal::Blocklist | Goal::Seats => None,
        }
    }
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
    how: How,
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
        passwords: false,
    }
}

/// Runs the whole import and tells its progress; the last status told is the one returned. Refusals: `import.*`. To be
/// spawned: a future dropped half way leaves its staged rows to the next import or start. Live work hears of new numbers
/// once they are visible (`Input::LeadsAdded`).
pub async fn run(job: Job, progress: watch::Sender<ImportStatus>) -> Result<ImportStatus, Refusal> {
    let Job { store, shell, company, seat, page, campaign, sync_customers, path, file_name, lang, how } = job;
    let Some(goal) = Goal::of(&page, campaign, sync_customers) else {
        return refused(&Refusal::new("import.no_campaign"), lang, &progress);
    };
    let task = Task { store, company, seat, goal, path, file_name, lang, how };
    run_telling(&task, &|input| shell.input(input), &progress).await
}

async fn run_telling(
    task: &Task,
    tell: &impl Fn(Input),
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
    let sql =
        "SELECT state, encoding, separator, rows, added, duplicate, bad, blocked, updated, page, created FROM batch
               WHERE id = ?1 AND company_id = ?2";
    let read = |row: &rusqlite::Row<'_>| {
        let stage = match row.get_ref(0)?.as_str()? {
            "staging" => ImportStage::Storing,
            "refused" => ImportStage::Refused,
            _ => ImportStage::Done,
        };
        let (added, updated, created): (u32, u32, i64) = (row.get(4)?, row.get(8)?, row.get(10)?);
        let fresh = row.get_ref(0)?.as_str()? == "visible" && now_ms() < created + UNDO_MS;
        Ok(ImportStatus {
            batch,
            stage,
            undo: undo::word(row.get_ref(9)?.as_str()?, batch, added, updated).filter(|_| fresh),
            updated,
            encoding: row.get(1)?,
            separator: row.get(2)?,
            rows: row.get(3)?,
            added,
            duplicate: row.get(5)?,
            bad: row.get(6)?,
            blocked: row.get(7)?,
            ..not_begun()
        })
    };
    Ok(conn.query_row(sql, params![batch.0, company.0], read).optional()?)
}

async fn whole(task: &Task, tell: &impl Fn(Input), progress: &watch::Sender<ImportStatus>) -> Result<(), Refusal> {
    let (store, goal) = (&task.store, task.goal);
    let _alone = Alone::take(store, task.company, goal).ok_or(Refusal::new("import.busy"))?;
    let batch = begin(task).await?;
    progress.send_modify(|status| status.batch = batch);
    match fill(task, batch, tell, progress).await {
        Ok(added) => {
            if let Goal::Campaign { campaign, .. } = goal
                && added > 0
            {
                // What a preview task's seats do not take themselves is dealt to them.
                while store.write(move |tx| preview::deal(tx, campaign)).await.map_err(failed)? {}
                tell(Input::LeadsAdded { campaign, added });
            }
            // Visible already: what is still to be copied is copied now or, after a crash, at the next start.
            let copied = customers::sync(store, batch).await;
            if let Err(error) = copied {
                tracing::error!(%error, %batch, "customers of an import not copied; tried again at the next start");
            }
            if matches!(goal, Goal::Customers | Goal::Campaign { sync_customers: true, .. })
                && let Err(error) = names::learn(store, task.company).await
            {
                tracing::error!(%error, %batch, "names of an import not learnt; tried again at the next start");
            }
            progress.send_modify(|status| {
                status.undo = undo::word(goal.page(), batch, status.added, status.updated);
                status.stage = ImportStage::Done;
            });
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
    let (page, campaign) = (task.goal.page(), task.goal.campaign());
    let bytes = tokio::fs::metadata(&task.path).await.map_or(0, |file| file.len() as i64);
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
        let sql = "INSERT INTO batch (company_id, page, campaign_id, state, file_name, seat_id, created, bytes)
                   VALUES (?1, ?2, ?3, 'staging', ?4, ?5, ?6, ?7)";
        tx.execute(sql, params![company.0, page, campaign.map(|id| id.0), file_name, seat.0, now_ms(), bytes])?;
        Ok(Some(BatchId(tx.last_insert_rowid())))
    };
    store.write(make).await.map_err(failed)?.ok_or(Refusal::new("import.no_campaign"))
}

/// Checks, stages, shows. Returns the numbers added.
async fn fill(
    task: &Task,
    batch: BatchId,
    tell: &impl Fn(Input),
    progress: &watch::Sender<ImportStatus>,
) -> Result<u32, Refusal> {
    let (company, goal) = (task.company, task.goal);
    let fields = task.store.read(move |conn| Fields::load(conn, company, goal)).await.map_err(failed)?;
    let plan = blocking({
        let (path, progress, fields) = (task.path.clone(), progress.clone(), fields.clone());
        let (columns, workbook) = (task.how.columns.clone(), task.how.workbook);
        move || {
            let columns = match columns.is_empty() {
                true => Columns::Found(&fields),
                false => Columns::Assigned(&fields, fields.of_ids(goal, &columns)?),
            };
            Plan::check(&path, workbook, columns, &progress)
        }
    })
    .await?;
    progress.send_modify(|status| {
        status.stage = ImportStage::Storing;
        status.bytes_read = 0;
        status.encoding = plan.word().into();
        status.separator = separator_word(plan.separator).into();
    });
    match goal {
        Goal::Seats => seats::rows(task, batch, plan.clone(), tell, progress).await?,
        _ => stage::rows(task, batch, (plan.clone(), fields), tell, progress).await?,
    }
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

/// One import, or the undoing of one, at a time for each campaign, and for each company's customers, blocklist and seats.
struct Alone {
    store: Store,
    key: (i64, i64),
}

impl Alone {
    fn take(store: &Store, company: CompanyId, goal: Goal) -> Option<Alone> {
        let campaign = match goal {
            Goal::Campaign { campaign, .. } => campaign.0,
            Goal::Customers => 0,
            Goal::Blocklist => -1,
            Goal::Seats => -2,
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
