//! A page's list as a file (F21): CSV, or a workbook with text cells. Rows are read in chunks by key, so that any length takes
//! the same memory and no read lasts.

use super::{
    caller::{Caller, Client},
    face::Face,
    lookups,
    pages::query,
    problem::{Asked, Named, Problem},
};
use crate::{
    desk::{self, Who, audit, cell, csv_out, page, query::Mark, xlsx_out::Book},
    store::StoreError,
};
use axum::{
    body::{Body as Bytes, Bytes as Chunk},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::{catalogue::ColumnView, page::Row};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use tokio::{io::AsyncReadExt, sync::mpsc};

/// Rows read at once.
const CHUNK: u32 = 500;
/// Bytes of a finished file sent at once.
const PIECE: usize = 64 << 10;

type Rows = (Vec<Row>, Option<Mark>);

/// What is exported for whom.
struct Export {
    face: Face,
    who: Who,
    client: String,
    page: &'static str,
    columns: Vec<ColumnView>,
    filters: BTreeMap<String, String>,
}

pub async fn export(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(page): Named<String>,
    Asked(asked): Asked<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let described = page::permitted(&caller, &page, "export")?;
    let xlsx = asked.iter().any(|(key, value)| key == "format" && value == "xlsx");
    let filters = query(asked)?.filters;
    lookups::filters(&face, &caller, &page, &filters).await?;
    let who = caller.who.clone();
    let columns = face.read(move |conn| page::columns(conn, &who, described.id)).await?;
    let export = Export { face, who: caller.who, client: client.0, page: described.id, columns, filters };
    // A bad filter is refused before the first byte is sent.
    let first = export.chunk(None).await?;
    let kind = if xlsx { "xlsx" } else { "csv" };
    export.note("export", kind.to_owned()).await?;
    let at = cell::time(desk::now(), &export.who.zone).replace([' ', ':'], "-");
    let name = format!("{}-{at}.{kind}", export.page);
    let (media, body) = match xlsx {
        true => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook(export, first).await?),
        false => ("text/csv; charset=utf-8", csv(export, first)),
    };
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, body).into_response())
}

impl Export {
    async fn chunk(&self, after: Option<Mark>) -> Result<Rows, Problem> {
        let (who, page, filters) = (self.who.clone(), self.page, self.filters.clone());
        self.face
            .read(move |conn| page::with(conn, &who, page, |source| source.chunk(conn, &who, &filters, after, CHUNK)))
            .await
    }

    async fn note(&self, action: &'static str, detail: String) -> Result<(), Problem> {
        let (who, client, object) = (self.who.clone(), self.client.clone(), format!("page:{}", self.page));
        self.face.write(move |tx| audit::note(tx, &who, &client, action, &object, &detail)).await
    }

    /// How many rows left the service, whether or not the reader took them all.
    async fn done(&self, kind: &str, rows: u64) {
        if let Err(problem) = self.note("exported", format!("{kind} {rows}")).await {
            tracing::error!(code = %problem.0.code, page = self.page, rows, "an export's count is not in the audit log");
        }
    }
}

fn csv(export: Export, first: Rows) -> Bytes {
    let (to, from) = mpsc::channel::<Result<Chunk, std::io::Error>>(2);
    tokio::spawn(async move {
        let mut text = csv_out::header(&export.columns);
        let ((mut rows, mut last), mut count) = (first, 0);
        let whole = loop {
            rows.iter().for_each(|row| text.push_str(&csv_out::row(&export.columns, row)));
            count += rows.len() as u64;
            if to.send(Ok(Chunk::from(std::mem::take(&mut text)))).await.is_err() {
                break true;
            }
            let Some(mark) = last.filter(|_| rows.len() == CHUNK as usize) else { break true };
            (rows, last) = match export.chunk(Some(mark)).await {
                Ok(next) => next,
                Err(_) => break false,
            };
        };
        export.done("csv", count).await;
        if !whole {
            // The connection is cut, so that half a file is not taken for a whole one.
            drop(to.send(Err(std::io::ErrorKind::Other.into())).await);
        }
    });
    Bytes::from_stream(futures_util::stream::unfold(from, |mut from| async { Some((from.recv().await?, from)) }))
}

/// Written whole, opened, taken off the disk's list, then sent: nothing stays behind, however the sending ends.
async fn workbook(export: Export, first: Rows) -> Result<Bytes, Problem> {
    let dir = directory(&export.face.app.config.data_dir);
    tokio::fs::create_dir_all(&dir).await.map_err(|error| Problem::from(StoreError::from(error)))?;
    let path = Spooled(dir.join(format!("{:032x}.xlsx", rand::random::<u128>())));
    let (give, mut take) = mpsc::channel::<Vec<Row>>(2);
    let (columns, target) = (export.columns.clone(), path.0.clone());
    let writer = tokio::task::spawn_blocking(move || {
        let mut book = Book::new(&dir, columns)?;
        while let Some(rows) = take.blocking_recv() {
            for row in &rows {
                book.row(row)?;
            }
        }
        book.save(&target)
    });
    let ((mut rows, mut last), mut count) = (first, 0);
    loop {
        let full = rows.len() == CHUNK as usize;
        count += rows.len() as u64;
        // A writer that failed says why below.
        if give.send(std::mem::take(&mut rows)).await.is_err() {
            break;
        }
        let Some(mark) = last.filter(|_| full) else { break };
        (rows, last) = export.chunk(Some(mark)).await?;
    }
    drop(give);
    writer.await.unwrap_or_else(|_| Err(StoreError::Other("the workbook's writer panicked".into())))?;
    let file = tokio::fs::File::open(&path.0).await.map_err(|error| Problem::from(StoreError::from(error)))?;
    drop(path);
    export.done("xlsx", count).await;
    let pieces = futures_util::stream::unfold(file, |mut file| async {
        let mut piece = Vec::with_capacity(PIECE);
        match (&mut file).take(PIECE as u64).read_to_end(&mut piece).await {
            Ok(0) => None,
            Ok(_) => Some((Ok(Chunk::from(piece)), file)),
            Err(error) => Some((Err(error), file)),
        }
    });
    Ok(Bytes::from_stream(pieces))
}

fn directory(data_dir: &Path) -> PathBuf {
    data_dir.join("export")
}

/// What a killed process left there.
pub fn clear(data_dir: &Path) {
    drop(std::fs::remove_dir_all(directory(data_dir)));
}

/// A file that goes with its name's owner.
struct Spooled(PathBuf);

impl Drop for Spooled {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}
