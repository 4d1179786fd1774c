//! Files in: spooled to data_dir/import, handed to the desk's import, followed live or by asking.

use super::{
    caller::{Caller, Client},
    face::Face,
    hidden,
    problem::{Asked, Named, Problem},
};
use crate::desk::{cell, import, imported, page};
use axum::{
    Json,
    extract::{Multipart, State, multipart::Field},
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::{
    BatchId, CampaignId, Refusal, SeatId,
    live::ServerMsg,
    page::{ImportStage, ImportStatus},
};
use rusqlite::OptionalExtension;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Duration,
};
use tokio::{io::AsyncWriteExt, sync::watch};

/// Largest file taken, in bytes.
pub const LARGEST: usize = 100 << 20;
/// Finished imports remembered for asking.
const REMEMBERED: usize = 200;
/// How long the answer to the upload waits for the batch to have a number.
const PATIENCE: Duration = Duration::from_secs(20);

/// Imports of this process by batch.
#[derive(Debug, Default)]
pub struct Imports {
    known: Mutex<BTreeMap<BatchId, (SeatId, watch::Receiver<ImportStatus>)>>,
}

impl Imports {
    fn remember(&self, batch: BatchId, seat: SeatId, status: watch::Receiver<ImportStatus>) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        while known.len() >= REMEMBERED {
            known.pop_first();
        }
        known.insert(batch, (seat, status));
    }

    fn status(&self, batch: BatchId, seat: SeatId) -> Option<ImportStatus> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        known.get(&batch).filter(|(by, _)| *by == seat).map(|(_, status)| status.borrow().clone())
    }
}

#[derive(Debug, Default, serde::Deserialize)]
pub struct Wish {
    campaign: Option<i64>,
    #[serde(default)]
    sync: bool,
}

/// Multipart with the part `file`. Answers as soon as the batch has a number, or was refused.
pub async fn upload(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(page): Named<String>,
    Asked(wish): Asked<Wish>,
    mut parts: Multipart,
) -> Result<Json<ImportStatus>, Problem> {
    allowed(&face, &caller, &page, wish.campaign).await?;
    let sync_customers = wish.sync || campaign_syncs(&face, wish.campaign).await?;
    let (path, file_name) = spool(&face.app.config.data_dir, &mut parts).await?;
    face.audit(&caller, &client.0, "import", format!("page:{page}")).await?;
    let job = import::Job {
        store: face.app.store.clone(),
        shell: face.app.shell.clone(),
        company: caller.company,
        seat: caller.seat,
        page,
        campaign: wish.campaign.map(CampaignId),
        sync_customers,
        path: path.clone(),
        file_name,
        lang: caller.lang,
    };
    let (progress, status) = watch::channel(import::not_begun());
    tokio::spawn(async move {
        // A refusal is the last status told.
        drop(import::run(job, progress).await);
        drop(tokio::fs::remove_file(path).await);
    });
    Ok(Json(follow(face, &caller, status).await))
}

/// Who may import where: customers by their word; numbers by `append`, or by `add` into a campaign of one's own making.
async fn allowed(face: &Face, caller: &Caller, page: &str, campaign: Option<i64>) -> Result<(), Problem> {
    match (page, campaign) {
        ("customers", _) => Ok(page::permitted(caller, "customers", "import").map(drop)?),
        ("campaigns", Some(id)) => {
            page::permitted(caller, page, "append").or_else(|_| page::permitted(caller, page, "add"))?;
            let who = caller.who.clone();
            face.read(move |conn| page::source("campaigns")?.fact(conn, &who, id).map(drop)).await
        }
        _ => Err(Problem::new("page.no_action")),
    }
}

/// 同步到客户资料 ticked when the campaign was made holds for whatever is appended later.
async fn campaign_syncs(face: &Face, campaign: Option<i64>) -> Result<bool, Problem> {
    let Some(id) = campaign else { return Ok(false) };
    let sql = "SELECT sync_customers FROM campaign WHERE id = ?1";
    face.read(move |conn| Ok(conn.query_row(sql, [id], |row| row.get(0)).optional()?.unwrap_or(false))).await
}

async fn spool(data_dir: &Path, parts: &mut Multipart) -> Result<(PathBuf, String), Problem> {
    let bad = |_| Problem::new("request.bad");
    while let Some(mut field) = parts.next_field().await.map_err(bad)? {
        if field.name() == Some("file") {
            let name: String =
                field.file_name().unwrap_or("file.csv").chars().filter(|c| !c.is_control()).take(120).collect();
            let dir = data_dir.join("import");
            let path = dir.join(format!("{:032x}.csv", rand::random::<u128>()));
            return match write(&dir, &path, &mut field).await {
                Ok(()) => Ok((path, name)),
                Err(problem) => {
                    drop(tokio::fs::remove_file(&path).await);
                    Err(problem)
                }
            };
        }
    }
    Err(Problem::new("request.bad"))
}

async fn write(dir: &Path, path: &Path, field: &mut Field<'_>) -> Result<(), Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(match error.kind() {
            std::io::ErrorKind::StorageFull => "request.storage_full",
            _ => "request.failed",
        })
    };
    let too_large = || Problem::from(Refusal::new("request.too_large").with("max", LARGEST >> 20));
    tokio::fs::create_dir_all(dir).await.map_err(failed)?;
    let mut file = tokio::fs::File::create_new(path).await.map_err(failed)?;
    let mut size = 0;
    while let Some(chunk) = field.chunk().await.map_err(|_| too_large())? {
        size += chunk.len();
        if size > LARGEST {
            return Err(too_large());
        }
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)
}

/// Remembers the import once it has a number and pushes its progress to the seat's socket.
async fn follow(face: Face, caller: &Caller, mut status: watch::Receiver<ImportStatus>) -> ImportStatus {
    let (seat, hide) = (caller.seat, caller.hide_numbers);
    let named = |status: &ImportStatus| status.batch.0 != 0 || over(status.stage);
    drop(tokio::time::timeout(PATIENCE, status.wait_for(named)).await);
    let first = shown(status.borrow().clone(), hide);
    if first.batch.0 != 0 {
        face.imports.remember(first.batch, seat, status.clone());
    }
    tokio::spawn(async move {
        loop {
            let now = shown(status.borrow_and_update().clone(), hide);
            let ended = over(now.stage);
            face.sockets.send(seat, ServerMsg::Import(now));
            if ended || status.changed().await.is_err() {
                return;
            }
        }
    });
    first
}

/// As the asker may see it (F87).
fn shown(status: ImportStatus, hide: bool) -> ImportStatus {
    if hide { hidden::import(status) } else { status }
}

fn over(stage: ImportStage) -> bool {
    matches!(stage, ImportStage::Done | ImportStage::Refused)
}

pub async fn status(
    State(face): State<Face>,
    caller: Caller,
    Named(batch): Named<i64>,
) -> Result<Json<ImportStatus>, Problem> {
    if let Some(status) = face.imports.status(BatchId(batch), caller.seat) {
        return Ok(Json(shown(status, caller.hide_numbers)));
    }
    let found = face.read(move |conn| {
        imported::within_reach(conn, &caller, BatchId(batch))?;
        Ok(import::status(conn, caller.company, BatchId(batch))?)
    });
    found.await?.map(Json).ok_or_else(|| Problem::new("row.unknown"))
}

/// The original rows with line and reason, to be mended and imported again.
pub async fn rejects(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(batch): Named<i64>,
) -> Result<Response, Problem> {
    let who = caller.who.clone();
    let found = face.read(move |conn| {
        imported::within_reach(conn, &who, BatchId(batch))?;
        let show = |text: String| if who.hide_numbers { cell::scrub(&text) } else { text };
        Ok(import::rejects_csv(conn, who.company, BatchId(batch), who.lang, &show)?)
    });
    let file = found.await?.ok_or_else(|| Problem::new("row.unknown"))?;
    face.audit(&caller, &client.0, "export", format!("rejects:{batch}")).await?;
    Ok((csv_headers(&format!("rejects-{batch}.csv")), file).into_response())
}

pub async fn template(caller: Caller, Named(page): Named<String>) -> Result<Response, Problem> {
    page::permitted(&caller, &page, "view")?;
    let file = import::template(&page, caller.lang).ok_or_else(|| Problem::new("page.unknown"))?;
    Ok((csv_headers(&format!("{page}-template.csv")), file).into_response())
}

fn csv_headers(name: &str) -> [(header::HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ]
}
