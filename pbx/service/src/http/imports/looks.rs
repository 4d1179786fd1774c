//! Files looked at and not imported yet.

use super::{
    rights::may_look,
    spool::{Spooled, spool},
};
use crate::{
    desk::{Who, cell, import},
    http::{
        caller::Caller,
        face::Face,
        problem::{Named, Problem},
    },
};
use axum::{
    Json,
    extract::{Multipart, State},
};
use hutong_api::{CompanyId, SeatId, page::ImportLook};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// How long a file looked at is kept, how many a company may have, and how large they may be together.
const LOOK_KEPT: Duration = Duration::from_secs(3600);
const LOOKS: usize = 5;
const LOOKS_BYTES: u64 = 300 << 20;

/// Files looked at and not imported yet.
#[derive(Debug, Default)]
pub struct Looks {
    known: Mutex<BTreeMap<String, Kept>>,
}

#[derive(Debug, Clone)]
pub(super) struct Kept {
    company: CompanyId,
    seat: SeatId,
    page: String,
    pub(super) file: Arc<Spooled>,
    pub(super) file_name: String,
    bytes: u64,
    pub(super) columns: usize,
    pub(super) workbook: bool,
    at: Instant,
}

impl Looks {
    /// The oldest of the company go where there are too many.
    fn keep(&self, look: String, kept: Kept) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        let company = kept.company;
        known.insert(look, kept);
        known.retain(|_, kept| kept.at.elapsed() < LOOK_KEPT);
        loop {
            let of_company = || known.iter().filter(|(_, kept)| kept.company == company);
            let (count, bytes) = (of_company().count(), of_company().map(|(_, kept)| kept.bytes).sum::<u64>());
            let oldest = of_company().min_by_key(|(_, kept)| kept.at).map(|(look, _)| look.clone());
            match oldest {
                Some(oldest) if count > 1 && (count > LOOKS || bytes > LOOKS_BYTES) => drop(known.remove(&oldest)),
                _ => return,
            }
        }
    }

    pub(super) fn find(&self, look: &str, who: &Who, page: &str) -> Option<Kept> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        let theirs = |kept: &&Kept| kept.seat == who.seat && kept.page == page && kept.at.elapsed() < LOOK_KEPT;
        known.get(look).filter(theirs).cloned()
    }

    pub(super) fn forget(&self, look: &str) {
        self.known.lock().unwrap_or_else(|e| e.into_inner()).remove(look);
    }
}

/// Multipart with the part `file`: what it seems to be. Nothing is stored but the file itself, for an hour.
pub async fn look(
    State(face): State<Face>,
    caller: Caller,
    Named(page): Named<String>,
    mut parts: Multipart,
) -> Result<Json<ImportLook>, Problem> {
    may_look(&caller, &page)?;
    let (path, file_name) = spool(&face.app.config.data_dir, &mut parts).await?;
    let file = Spooled(path);
    let looked = import::look(&face.app.store, caller.company, &page, &file.0, caller.lang).await?;
    let workbook = looked.text.is_some();
    let file = looked.text.map_or(file, Spooled);
    let bytes = tokio::fs::metadata(&file.0).await.map_or(0, |file| file.len());
    let look = ImportLook { look: format!("{:032x}", rand::random::<u128>()), file_name, ..looked.look };
    let look = if caller.hide_numbers { hidden(look) } else { look };
    let kept = Kept {
        company: caller.company,
        seat: caller.seat,
        page,
        file: Arc::new(file),
        file_name: look.file_name.clone(),
        bytes,
        columns: look.columns.len(),
        workbook,
        at: Instant::now(),
    };
    face.looks.keep(look.look.clone(), kept);
    let (face, id) = (face.clone(), look.look.clone());
    tokio::spawn(async move {
        tokio::time::sleep(LOOK_KEPT).await;
        face.looks.forget(&id);
    });
    Ok(Json(look))
}

/// With 号码隐藏 nobody reads numbers out of the file he uploads, either (F87): it may be another's.
fn hidden(mut look: ImportLook) -> ImportLook {
    for cell in look.first.iter_mut().flatten().chain(look.columns.iter_mut().map(|column| &mut column.header)) {
        *cell = cell::scrub(cell);
    }
    look
}
