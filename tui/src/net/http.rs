//! The HTTP requests.

use super::{Shared, lock, query_string, tls::PinConnector};
use crate::{
    event::{About, Deed, NetEvent, Request},
    words,
};
use hutong_api::{live::RefusalText, page::*};
use serde::de::DeserializeOwned;
use std::{
    fs::File,
    io::{self, Cursor, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use ureq::{
    Agent, Body, SendBody,
    http::Response,
    unversioned::{
        resolver::DefaultResolver,
        transport::{Connector, TcpConnector},
    },
};

/// A recording of this size lasts three hours.
const MOST_WAV_BYTES: u64 = 200 << 20;
const BOUNDARY: &str = "hutong-console-7f3a9c51d2e84b06";

pub fn agent(tls: Arc<rustls::ClientConfig>) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_per_read(Some(Duration::from_secs(120)))
        .timeout_per_write(Some(Duration::from_secs(60)))
        .build();
    let connector = ().chain(TcpConnector::default()).chain(PinConnector(tls));
    Agent::with_parts(config, connector, DefaultResolver::default())
}

/// What went wrong with a request: the service's own words, or none at all.
pub enum Fault {
    Refused(RefusalText),
    /// 401: the session is gone.
    Session(RefusalText),
    Silent(String),
}

pub fn login(shared: &Shared, login: &LoginRequest) -> Result<Session, Fault> {
    let answer = shared.agent.post(shared.url("/api/login")).send_json(login);
    read(answer)
}

pub fn logout(shared: &Shared, token: Option<String>) {
    if let Some(token) = token {
        let request = shared.agent.post(shared.url("/api/logout")).header("Authorization", format!("Bearer {token}"));
        drop(request.send_empty());
    }
}

/// Does one request and reports what came of it.
pub fn serve(shared: &Shared, request: Request) {
    let about = about(&request);
    let refusal = match work(shared, request) {
        Ok(event) => return shared.emit(event),
        // The live socket notices a lost session and logs in again; the person repeats what he asked.
        Err(Fault::Refused(refusal) | Fault::Session(refusal)) => refusal,
        Err(Fault::Silent(why)) => local(shared, "error.network", &why),
    };
    shared.emit(NetEvent::Refused { about, refusal });
}

/// Reports a failure on this side, in the session's language.
pub fn refuse(shared: &Shared, key: &str, why: &str) {
    shared.emit(NetEvent::Refused { about: About::Other, refusal: local(shared, key, why) });
}

fn about(request: &Request) -> About {
    match request {
        Request::List { page, .. } => About::List(page.clone()),
        Request::Save { .. } | Request::Action(_) => About::Save,
        Request::Upload { .. } | Request::RunImport { .. } => About::Upload,
        Request::Look { .. } => About::Look,
        Request::Peaks(call) | Request::Recording(call) => About::Recording(*call),
        Request::Monitor(_) => About::Monitor,
        _ => About::Other,
    }
}

fn local(shared: &Shared, key: &str, why: &str) -> RefusalText {
    let lang = *lock(&shared.lang);
    RefusalText { code: format!("console.{key}"), text: words::fill(lang, key, &[("why", why)]) }
}

fn work(shared: &Shared, request: Request) -> Result<NetEvent, Fault> {
    Ok(match request {
        Request::Catalogue => NetEvent::Catalogue(get(shared, "/api/catalogue")?),
        Request::List { page, tag, query } => {
            let reply = get(shared, &format!("/api/p/{page}?{}", query_string(&query)))?;
            NetEvent::List { page, tag, reply }
        }
        Request::Row { page, id } => {
            let reply = get(shared, &format!("/api/p/{page}/{id}"))?;
            NetEvent::Row { page, reply }
        }
        Request::Numbers { page, id } => {
            let reply = post(shared, &format!("/api/numbers/{page}/{id}"), &())?;
            NetEvent::Numbers { page, reply }
        }
        Request::Monitor(id) => NetEvent::Monitor(get(shared, &format!("/api/monitor/{id}"))?),
        Request::Notices => NetEvent::Notices(get(shared, "/api/notices")?),
        Request::NoticeRead(id) => {
            let to = shared.url(&format!("/api/notices/{id}/read"));
            checked(shared.agent.post(to).header("Authorization", bearer(shared)).send_empty())?;
            NetEvent::NoticeRead
        }
        Request::Options { page, field } => {
            let choices = get(shared, &format!("/api/p/{page}/options/{field}"))?;
            NetEvent::Options { page, field, choices }
        }
        Request::Save { page, id, values } => {
            let path = id.map_or_else(|| format!("/api/p/{page}"), |id| format!("/api/p/{page}/{id}"));
            let created: Created = post(shared, &path, &values)?;
            NetEvent::Saved { page, id: created.id }
        }
        Request::Action(Deed { page, action, ids, args, all, filters }) => {
            let body = ActionRequest { ids, args, all, filters };
            let reply = post(shared, &format!("/api/p/{page}/action/{action}"), &body)?;
            NetEvent::ActionDone { page, reply }
        }
        Request::Undo(id) => NetEvent::Undone(post(shared, &format!("/api/undo/{id}"), &())?),
        Request::Permissions => NetEvent::Permissions(get(shared, "/api/permissions")?),
        Request::Look { page, path } => {
            NetEvent::Looked(send_file(shared, &format!("/api/import/{page}/look"), &path)?)
        }
        Request::RunImport { page, wish } => NetEvent::Import(post(shared, &format!("/api/import/{page}/run"), &wish)?),
        Request::RowFile { page, id, path } => {
            let created: Created = send_file(shared, &format!("/api/file/{page}/{id}"), &path)?;
            NetEvent::Saved { page, id: created.id }
        }
        Request::Speak(lang) => {
            let body = std::collections::BTreeMap::from([("lang", lang)]);
            let session: Session = post(shared, "/api/me", &body)?;
            *lock(&shared.lang) = session.lang;
            NetEvent::Spoken(Box::new(session))
        }
        Request::PollImport(batch) => NetEvent::Import(get(shared, &format!("/api/import/{batch}"))?),
        Request::Upload { page, campaign, sync, path } => {
            NetEvent::Import(upload(shared, &page, campaign, sync, &path)?)
        }
        Request::Download { path, into } => NetEvent::FileSaved(download(shared, &path, &into)?),
        Request::Peaks(call) => {
            let peaks = get(shared, &format!("/api/recording/{call}/peaks"))?;
            NetEvent::Peaks { call, peaks }
        }
        Request::Recording(call) => NetEvent::Recording { call, wav: whole(shared, call)? },
        Request::Login { .. }
        | Request::Trust(_)
        | Request::Logout
        | Request::Send { .. }
        | Request::Audio(_)
        | Request::Redraw => return Err(Fault::Silent("not an HTTP request".into())),
    })
}

fn bearer(shared: &Shared) -> String {
    format!("Bearer {}", lock(&shared.token).as_deref().unwrap_or_default())
}

fn get<T: DeserializeOwned>(shared: &Shared, path: &str) -> Result<T, Fault> {
    read(shared.agent.get(shared.url(path)).header("Authorization", bearer(shared)).call())
}

fn post<T: DeserializeOwned>(shared: &Shared, path: &str, body: &impl serde::Serialize) -> Result<T, Fault> {
    read(shared.agent.post(shared.url(path)).header("Authorization", bearer(shared)).send_json(body))
}

fn read<T: DeserializeOwned>(answer: Result<Response<Body>, ureq::Error>) -> Result<T, Fault> {
    let mut response = checked(answer)?;
    response.body_mut().read_json().map_err(|e| Fault::Silent(e.to_string()))
}

/// The answer, if the service did what was asked.
fn checked(answer: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, Fault> {
    let mut response = answer.map_err(|e| Fault::Silent(e.to_string()))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let words = response.body_mut().read_json::<RefusalText>();
    let refusal =
        words.unwrap_or_else(|_| RefusalText { code: format!("http.{}", status.as_u16()), text: status.to_string() });
    Err(if status.as_u16() == 401 { Fault::Session(refusal) } else { Fault::Refused(refusal) })
}

fn whole(shared: &Shared, call: i64) -> Result<Vec<u8>, Fault> {
    let path = format!("/api/recording/{call}");
    let mut response = checked(shared.agent.get(shared.url(&path)).header("Authorization", bearer(shared)).call())?;
    let body = response.body_mut().with_config().limit(MOST_WAV_BYTES);
    body.read_to_vec().map_err(|e| Fault::Silent(e.to_string()))
}

fn upload(shared: &Shared, page: &str, campaign: Option<i64>, sync: bool, path: &Path) -> Result<ImportStatus, Fault> {
    let query = campaign.map_or_else(String::new, |id| format!("?campaign={id}&sync={sync}"));
    send_file(shared, &format!("/api/import/{page}{query}"), path)
}

/// A file of this machine as the part `file` of a form.
fn send_file<T: DeserializeOwned>(shared: &Shared, to: &str, path: &Path) -> Result<T, Fault> {
    let unreadable = |e: io::Error| Fault::Refused(local(shared, "error.file", &format!("{}: {e}", path.display())));
    let path_of = expand(path);
    let file = File::open(&path_of).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err(unreadable(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    let name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().replace(['"', '\r', '\n'], "_"));
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    let body = Cursor::new(head.into_bytes()).chain(file).chain(Cursor::new(tail.into_bytes()));
    let request = shared
        .agent
        .post(shared.url(to))
        .header("Authorization", bearer(shared))
        .header("Content-Type", format!("multipart/form-data; boundary={BOUNDARY}"));
    read(request.send(SendBody::from_owned_reader(body)))
}

/// `~/` as a shell would read it.
fn expand(path: &Path) -> PathBuf {
    match (path.strip_prefix("~"), std::env::var_os("HOME")) {
        (Ok(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => path.to_owned(),
    }
}

/// Into a file that did not exist before.
fn download(shared: &Shared, path: &str, into: &Path) -> Result<PathBuf, Fault> {
    let mut response = checked(shared.agent.get(shared.url(path)).header("Authorization", bearer(shared)).call())?;
    let failed = |e: io::Error| Fault::Refused(local(shared, "error.save", &format!("{}: {e}", into.display())));
    let (mut file, into) = fresh(&expand(into)).map_err(failed)?;
    io::copy(&mut response.body_mut().as_reader(), &mut file).map_err(failed)?;
    Ok(into)
}

fn fresh(path: &Path) -> io::Result<(File, PathBuf)> {
    let (stem, end) = (path.file_stem().unwrap_or_default(), path.extension().unwrap_or_default());
    for n in 1..1000 {
        let name = format!("{}-{n}.{}", stem.to_string_lossy(), end.to_string_lossy());
        let path = if n == 1 { path.to_owned() } else { path.with_file_name(name) };
        // Passwords and numbers of customers are for whoever saved them.
        match File::options().write(true).create_new(true).mode(0o600).open(&path) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            other => return other.map(|file| (file, path)),
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}
