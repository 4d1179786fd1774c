//! STUB until the store's import is merged: keeps the shape only. The merge takes the other file.

use crate::{
    shell::Shell,
    store::{Store, StoreError},
};
use hutong_api::{
    BatchId, CampaignId, CompanyId, Lang, Refusal, SeatId,
    page::{ImportStage, ImportStatus},
};
use rusqlite::Connection;
use std::path::PathBuf;
use tokio::sync::watch;

#[derive(Clone)]
pub struct Job {
    pub store: Store,
    pub shell: Shell,
    pub company: CompanyId,
    pub seat: SeatId,
    pub page: String,
    pub campaign: Option<CampaignId>,
    pub sync_customers: bool,
    pub path: PathBuf,
    pub file_name: String,
    pub lang: Lang,
}

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
    }
}

pub async fn run(_job: Job, progress: watch::Sender<ImportStatus>) -> Result<ImportStatus, Refusal> {
    progress.send_modify(|status| status.stage = ImportStage::Done);
    Ok(progress.borrow().clone())
}

pub fn status(_: &Connection, _: CompanyId, _: BatchId) -> Result<Option<ImportStatus>, StoreError> {
    Ok(None)
}

pub fn rejects_csv(
    _: &Connection,
    _: CompanyId,
    _: BatchId,
    _: Lang,
    _show: &dyn Fn(String) -> String,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(None)
}

pub fn template(_page: &str, _lang: Lang) -> Option<Vec<u8>> {
    Some(Vec::new())
}
