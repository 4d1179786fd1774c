//! A row's own file: the sound of 系统语音, taken as WAV or MP3 and given back as a line carries it.

use super::{
    caller::{Caller, Client},
    face::Face,
    problem::{Asked, Named, Problem},
};
use crate::desk::{
    audit, page,
    pages::prompts::{self, Sound},
    voice,
};
use axum::{
    Json,
    extract::{Multipart, State, multipart::MultipartError},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use hutong_api::{catalogue::pages::prompts::PAGE, page::Created};
use tokio::sync::Semaphore;

/// Decoding takes a processor for seconds; calls need the others.
static DECODING: Semaphore = Semaphore::const_new(1);

#[derive(Debug, Default, serde::Deserialize)]
pub struct Wish {
    version: Option<i64>,
}

/// Multipart with the part `file`: a new version, heard from the next call on.
pub async fn put(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, id)): Named<(String, i64)>,
    mut parts: Multipart,
) -> Result<Json<Created>, Problem> {
    permitted(&caller, &page, "upload")?;
    let who = caller.who.clone();
    face.read(move |conn| page::source(PAGE.id)?.fact(conn, &who, id).map(drop)).await?;
    let (file_name, file) = received(&mut parts).await?;
    let alaw = decoded(file).await?;
    let saved = face.write(move |tx| {
        let saved = prompts::upload(tx, &caller, id, &Sound { file_name, alaw })?;
        audit::note(tx, &caller, &client.0, "upload", &format!("{page}:{id}"), "")?;
        Ok(saved)
    });
    let saved = saved.await?;
    face.tell(saved.after);
    Ok(Json(saved.id.into()))
}

/// The newest version, or the one asked for.
pub async fn get(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, id)): Named<(String, i64)>,
    Asked(wish): Asked<Wish>,
) -> Result<Response, Problem> {
    permitted(&caller, &page, "play")?;
    if wish.version.is_some() {
        permitted(&caller, &page, "versions")?;
    }
    let who = caller.who.clone();
    let alaw = face.read(move |conn| prompts::sound(conn, &who, id, wish.version)).await?;
    face.audit(&caller, &client.0, "play", format!("{page}:{id}")).await?;
    let name = format!("inline; filename=\"{id}.wav\"");
    Ok(([(header::CONTENT_TYPE, "audio/wav".to_owned()), (header::CONTENT_DISPOSITION, name)], voice::wav(&alaw))
        .into_response())
}

/// Of all pages one has files; another's buttons of the same name mean something else.
fn permitted(caller: &Caller, page: &str, action: &str) -> Result<(), Problem> {
    page::permitted(caller, page, action)?;
    if page == PAGE.id { Ok(()) } else { Err(Problem::new("page.no_action")) }
}

async fn received(parts: &mut Multipart) -> Result<(String, Vec<u8>), Problem> {
    let bad = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => voice::too_large().into(),
        _ => Problem::new("request.bad"),
    };
    while let Some(mut field) = parts.next_field().await.map_err(bad)? {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(120).collect();
        let mut file = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(bad)? {
            if file.len() + chunk.len() > voice::LARGEST {
                return Err(voice::too_large().into());
            }
            file.extend_from_slice(&chunk);
        }
        return Ok((name, file));
    }
    Err(Problem::new("request.bad"))
}

async fn decoded(file: Vec<u8>) -> Result<Vec<u8>, Problem> {
    let _turn = DECODING.acquire().await.map_err(|_| Problem::new("service.stopping"))?;
    let decoding = tokio::task::spawn_blocking(move || voice::decode(file));
    // A decoder that gave up altogether did so over the file.
    Ok(decoding.await.map_err(|_| Problem::new("voice.bad_file"))??)
}
