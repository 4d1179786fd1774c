//! Files in: spooled to data_dir/import, handed to the desk's import, followed live or by asking.

mod follow;
mod looks;
mod passwords;
mod rights;
mod spool;
mod undo;

pub use passwords::passwords;

pub use follow::{Imports, status};
pub use looks::{Looks, look};
pub use spool::{LARGEST, clear};
pub use undo::undo_batch;

use super::{
    caller::{Caller, Client},
    face::Face,
    problem::{Asked, Body, Named, Problem},
};
use crate::desk::{
    cell,
    import::{self, Existing},
    imported, page,
};
use axum::{
    Json,
    extract::{Multipart, State},
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::{
    BatchId, CampaignId,
    page::{ImportStatus, ImportWish},
};
use spool::{Spooled, spool};
use std::sync::Arc;
use tokio::sync::watch;

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
    rights::allowed(&face, &caller, &page, wish.campaign).await?;
    let sync_customers = wish.sync || rights::campaign_syncs(&face, wish.campaign).await?;
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
    let seats = (page == "seats").then(|| passwords::newcomers(&face, &caller.who));
    let made = seats.as_ref().map(|seats| seats.passwords.clone());
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
    follow::follow(face, caller, status, made).await
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
    rights::allowed(&face, &caller, &page, campaign).await?;
    let kept = face.looks.find(&wish.look, &caller, &page).ok_or_else(|| Problem::new("import.look_gone"))?;
    if !wish.columns.is_empty() && wish.columns.len() != kept.columns {
        return Err(Problem::new("import.columns_differ"));
    }
    let existing = Existing::parse(&wish.existing).ok_or_else(|| Problem::new("import.existing"))?;
    if existing != Existing::Skip {
        page::permitted(&caller, "customers", "edit")?;
    }
    let reach = rights::reach(&face, &caller.who).await?;
    let owners = rights::owners(&face, caller.company, wish.owners, reach.clone()).await?;
    let sync_customers = wish.sync || rights::campaign_syncs(&face, campaign).await?;
    face.audit(&caller, &client.0, "import", format!("page:{page}")).await?;
    let how = import::How { columns: wish.columns, existing, owners, reach, workbook: kept.workbook, seats: None };
    let wanted = Wanted { page, campaign: wish.campaign, sync_customers, file_name: kept.file_name, file: kept.file };
    Ok(Json(begin(face, &caller, wanted, how, Some(wish.look)).await))
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

pub(super) fn csv_headers(name: &str) -> [(header::HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ]
}
