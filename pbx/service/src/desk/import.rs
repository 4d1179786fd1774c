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
