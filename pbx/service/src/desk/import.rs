//! STUB until the store's import is merged: keeps the shape only. The merge takes the other file.

use crate::{shell::Shell, store::Store};
use hutong_api::{CampaignId, CompanyId, Lang, SeatId, page::ImportStatus};
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

pub async fn run(_job: Job, progress: watch::Sender<ImportStatus>) {
    progress.send_modify(|status| status.stage = hutong_api::page::ImportStage::Done);
}

pub async fn clean_staging(_store: &Store) -> anyhow::Result<()> {
    Ok(())
}

pub fn begun() -> ImportStatus {
    ImportStatus { batch: hutong_api::BatchId(0), stage: hutong_api::page::ImportStage::Reading, encoding: String::new(), separator: String::new(), bytes_read: 0, bytes_total: 0, rows: 0, added: 0, duplicate: 0, bad: 0, blocked: 0, samples: Vec::new(), refusal: None }
}
