//! Files in: spooled to data_dir/import, handed to the desk's import, followed live or by asking.

use super::{
    caller::{Caller, Client},
    face::Face,
    hidden,
    problem::{Asked, Body, Named, Problem},
    seats::random_password,
};
use crate::desk::{
    Fault, Who, audit, cell,
    import::{self, Existing},
    imported, page, unknown,
};
use axum::{
    Json,
    extract::{Multipart, State, multipart::Field},
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::{
    BatchId, CampaignId, CompanyId, Refusal, SeatId,
    live::ServerMsg,
    page::{ActionReply, ImportLook, ImportStage, ImportStatus, ImportWish},
    texts::fill,
};
use rusqlite::{OptionalExtension, params_from_iter, types::Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
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
    known: Mutex<BTreeMap<BatchId, Running>>,
}

/// An import as whoever began it may ask about it.
#[derive(Debug)]
struct Running {
    seat: SeatId,
    status: watch::Receiver<ImportStatus>,
    /// Of the seats it made.
    passwords: Option<import::Passwords>,
}

impl Imports {
    fn remember(&self, batch: BatchId, running: Running) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        while known.len() >= REMEMBERED {
            known.pop_first();
        }
        known.insert(batch, running);
    }

    /// What is stored of it counts from now on.
    fn forget(&self, batch: BatchId) {
        self.known.lock().unwrap_or_else(|e| e.into_inner()).remove(&batch);
    }

    fn status(&self, batch: BatchId, seat: SeatId) -> Option<ImportStatus> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        known.get(&batch).filter(|running| running.seat == seat).map(|running| running.status.borrow().clone())
    }

    /// Once, and to whoever imported.
    fn take_passwords(&self, batch: BatchId, seat: SeatId) -> Vec<[String; 3]> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        let running = known.get(&batch).filter(|running| running.seat == seat && over(running.status.borrow().stage));
        running.and_then(|running| running.passwords.as_ref()).map_or_else(Vec::new, take)
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
    let file = Arc::new(Spooled(path));
    face.audit(&caller, &client.0, "import", format!("page:{page}")).await?;
    let wanted = Wanted { page, campaign: wish.campaign.map(CampaignId), sync_customers, file_name, file };
    Ok(Json(begin(face, &caller, wanted, import::How::default(), None).await))
}

/// A file to be imported, and where.
struct Wanted {
    page: String,
    campaign: Option<CampaignId>,
    sync_customers: bool,
    file_name: String,
    file: Arc<Spooled>,
}

/// Starts the import. What it was looked at for is forgotten once it is done; a refusal leaves it for another try.
async fn begin(face: Face, caller: &Caller, wanted: Wanted, how: import::How, look: Option<String>) -> ImportStatus {
    let Wanted { page, campaign, sync_customers, file_name, file } = wanted;
    let seats = (page == "seats").then(|| newcomers(&face, &caller.who));
    let passwords = seats.as_ref().map(|seats| seats.passwords.clone());
    let how = import::How { seats, ..how };
    let job = import::Job {
        store: face.app.store.clone(),
        shell: face.app.shell.clone(),
        company: caller.company,
        seat: caller.seat,
        page,
        campaign,
        sync_customers,
        path: file.0.clone(),
        file_name,
        lang: caller.lang,
        how,
    };
    let (progress, status) = watch::channel(import::not_begun());
    let looks = face.clone();
    tokio::spawn(async move {
        // A refusal is the last status told.
        if import::run(job, progress).await.is_ok()
            && let Some(look) = look
        {
            looks.looks.forget(&look);
        }
        drop(file);
    });
    follow(face, caller, status, passwords).await
}

/// How long passwords of new seats wait to be taken.
const PASSWORDS_KEPT: Duration = Duration::from_secs(3600);

fn newcomers(face: &Face, who: &Who) -> import::Newcomers {
    let gate = face.clone();
    let passwords = import::Passwords::default();
    let kept = passwords.clone();
    tokio::spawn(async move {
        tokio::time::sleep(PASSWORDS_KEPT).await;
        drop(take(&kept));
    });
    import::Newcomers {
        who: who.clone(),
        hash: Arc::new(move |password| {
            let face = gate.clone();
            Box::pin(async move { face.gate.hash(password).await.map_err(|problem| problem.0) })
        }),
        random: random_password,
        passwords,
    }
}

fn take(passwords: &import::Passwords) -> Vec<[String; 3]> {
    std::mem::take(&mut *passwords.lock().unwrap_or_else(|e| e.into_inner()))
}

/// What the seats of a file may log in with: a file that is given once and kept nowhere.
pub async fn passwords(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(batch): Named<i64>,
) -> Result<Response, Problem> {
    page::permitted(&caller, "seats", "import")?;
    let who = caller.who.clone();
    face.read(move |conn| imported::within_reach(conn, &who, BatchId(batch))).await?;
    let rows = face.imports.take_passwords(BatchId(batch), caller.seat);
    if rows.is_empty() {
        return Err(Problem::new("import.passwords_gone"));
    }
    let file = import::passwords_csv(&rows, caller.lang)?;
    face.audit(&caller, &client.0, "export", format!("passwords:{batch}")).await?;
    let headers = [(header::CACHE_CONTROL, "no-store")];
    Ok((headers, csv_headers(&format!("passwords-{batch}.csv")), file).into_response())
}

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
struct Kept {
    company: CompanyId,
    seat: SeatId,
    page: String,
    file: Arc<Spooled>,
    file_name: String,
    bytes: u64,
    columns: usize,
    workbook: bool,
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

    fn find(&self, look: &str, who: &Who, page: &str) -> Option<Kept> {
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        let theirs = |kept: &&Kept| kept.seat == who.seat && kept.page == page && kept.at.elapsed() < LOOK_KEPT;
        known.get(look).filter(theirs).cloned()
    }

    fn forget(&self, look: &str) {
        self.known.lock().unwrap_or_else(|e| e.into_inner()).remove(look);
    }
}

/// An uploaded file; it goes with the last who needs it.
#[derive(Debug)]
struct Spooled(PathBuf);

impl Drop for Spooled {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// What a killed process left of uploads.
pub fn clear(data_dir: &Path) {
    let Ok(files) = std::fs::read_dir(data_dir.join("import")) else { return };
    for path in files.flatten().map(|file| file.path()) {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            drop(std::fs::remove_file(path));
        }
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

fn may_look(caller: &Caller, page: &str) -> Result<(), Problem> {
    match page {
        "customers" | "blocklist" | "seats" => Ok(page::permitted(caller, page, "import").map(drop)?),
        "campaigns" => {
            let allowed = page::permitted(caller, page, "append").or_else(|_| page::permitted(caller, page, "add"));
            Ok(allowed.map(drop)?)
        }
        _ => Err(Problem::new("page.no_action")),
    }
}

/// Imports a file looked at before, as the person wishes.
pub async fn run(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(page): Named<String>,
    Body(wish): Body<ImportWish>,
) -> Result<Json<ImportStatus>, Problem> {
    let campaign = wish.campaign.map(|campaign| campaign.0);
    allowed(&face, &caller, &page, campaign).await?;
    let kept = face.looks.find(&wish.look, &caller, &page).ok_or_else(|| Problem::new("import.look_gone"))?;
    if !wish.columns.is_empty() && wish.columns.len() != kept.columns {
        return Err(Problem::new("import.columns_differ"));
    }
    let existing = Existing::parse(&wish.existing).ok_or_else(|| Problem::new("import.existing"))?;
    if existing != Existing::Skip {
        page::permitted(&caller, "customers", "edit")?;
    }
    let reach = reach(&face, &caller.who).await?;
    let owners = owners(&face, caller.company, wish.owners, reach.clone()).await?;
    let sync_customers = wish.sync || campaign_syncs(&face, campaign).await?;
    face.audit(&caller, &client.0, "import", format!("page:{page}")).await?;
    let how = import::How { columns: wish.columns, existing, owners, reach, workbook: kept.workbook, seats: None };
    let wanted = Wanted { page, campaign: wish.campaign, sync_customers, file_name: kept.file_name, file: kept.file };
    Ok(Json(begin(face, &caller, wanted, how, Some(wish.look)).await))
}

/// The seats whose customers the person manages; None = everybody's.
async fn reach(face: &Face, who: &Who) -> Result<Option<BTreeSet<SeatId>>, Problem> {
    if who.reach == crate::desk::Reach::All {
        return Ok(None);
    }
    let who = who.clone();
    let found = face.read(move |conn| {
        let mut params = vec![Value::Integer(who.company.0)];
        let within = who.reaches("id IN ({})", "id", &mut params);
        let mut statement = conn.prepare(&format!("SELECT id FROM seat WHERE company_id = ?1 AND {within}"))?;
        let seats = statement.query_map(params_from_iter(params), |row| Ok(SeatId(row.get(0)?)))?;
        Ok(seats.collect::<Result<_, _>>()?)
    });
    Ok(Some(found.await?))
}

/// Those chosen, each once, if all of them are seats the person manages.
async fn owners(
    face: &Face,
    company: CompanyId,
    chosen: Vec<SeatId>,
    reach: Option<BTreeSet<SeatId>>,
) -> Result<Vec<SeatId>, Problem> {
    let mut owners = Vec::new();
    for seat in chosen {
        if !owners.contains(&seat) {
            owners.push(seat);
        }
    }
    let asked = owners.clone();
    let known = face.read(move |conn| {
        let sql = "SELECT EXISTS (SELECT 1 FROM seat WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL)";
        let mut statement = conn.prepare(sql)?;
        for seat in &asked {
            let there: bool = statement.query_row([seat.0, company.0], |row| row.get(0))?;
            if !there || reach.as_ref().is_some_and(|reach| !reach.contains(seat)) {
                return Err(Refusal::new("import.owner_unknown").into());
            }
        }
        Ok(())
    });
    known.await?;
    Ok(owners)
}

/// By whoever may undo imports within reach, or who made this one and may import there.
pub async fn undo_batch(face: &Face, caller: &Caller, client: &str, batch: BatchId) -> Result<ActionReply, Problem> {
    let who = caller.who.clone();
    let allowed = face.read(move |conn| {
        imported::within_reach(conn, &who, batch)?;
        let sql = "SELECT page, seat_id FROM batch WHERE id = ?1";
        let found: Option<(String, i64)> =
            conn.query_row(sql, [batch.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let (page, seat) = found.ok_or_else(unknown)?;
        let word = if page == "campaigns" { "campaigns.append".to_owned() } else { format!("{page}.import") };
        match who.may("imports.undo") || (seat == who.seat.0 && who.may(&word)) {
            true => Ok(()),
            false => Err(Fault::from(Refusal::new("permission.denied").with("word", "imports.undo"))),
        }
    });
    allowed.await?;
    let shell = face.app.shell.clone();
    let undone = import::undo(&face.app.store, caller.company, batch, |input| shell.input(input)).await?;
    face.imports.forget(batch);
    let detail = format!("removed {} restored {} kept {}", undone.removed, undone.restored, undone.kept);
    let (who, client) = (caller.who.clone(), client.to_owned());
    face.write(move |tx| audit::note(tx, &who, &client, "undo", &format!("imports:{batch}"), &detail)).await?;
    let args = [
        ("removed", undone.removed.to_string()),
        ("restored", undone.restored.to_string()),
        ("kept", undone.kept.to_string()),
    ];
    let args = args.each_ref().map(|(name, value)| (*name, value.as_str()));
    let text = fill(caller.lang, "import.undone", &args);
    Ok(ActionReply { done: undone.removed + undone.restored, text: Some(text), ..ActionReply::default() })
}

/// Who may import where: customers by their word; numbers by `append`, or by `add` into a campaign of one's own making.
async fn allowed(face: &Face, caller: &Caller, page: &str, campaign: Option<i64>) -> Result<(), Problem> {
    match (page, campaign) {
        ("customers" | "blocklist" | "seats", _) => Ok(page::permitted(caller, page, "import").map(drop)?),
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
async fn follow(
    face: Face,
    caller: &Caller,
    mut status: watch::Receiver<ImportStatus>,
    passwords: Option<import::Passwords>,
) -> ImportStatus {
    let (seat, hide) = (caller.seat, caller.hide_numbers);
    let named = |status: &ImportStatus| status.batch.0 != 0 || over(status.stage);
    drop(tokio::time::timeout(PATIENCE, status.wait_for(named)).await);
    let first = shown(status.borrow().clone(), hide);
    if first.batch.0 != 0 {
        face.imports.remember(first.batch, Running { seat, status: status.clone(), passwords });
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
