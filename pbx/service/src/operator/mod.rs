//! The box operator's door into a running service (docs/rules.md): a Unix socket in the data directory, for root and the
//! service's own user. One JSON line asks, one JSON line answers, then both close.

mod client;
#[cfg(test)]
mod tests;

pub use client::send;

use crate::{
    cli::{
        admin::{AdminCommand, PROMPT_BYTES},
        work::{self, By, Said},
    },
    shell::Shell,
    store::Store,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hutong_api::Refusal;
use serde::{Deserialize, Serialize};
use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    task::JoinHandle,
};

/// The socket's name below the data directory.
pub const FILE: &str = "hutong.sock";

/// Base64 makes four bytes of three; the rest of a request is small.
const REQUEST_BYTES: u64 = PROMPT_BYTES / 3 * 4 + (64 << 10);
/// How long a caller may take to say what it wants.
const READ: Duration = Duration::from_secs(10);
/// How long a posting may take; a full disk holds it back for as long as it is full.
const ANSWER: Duration = Duration::from_secs(30);
/// A pause after a failed accept (no file handles left, as a rule).
const ACCEPT_AGAIN: Duration = Duration::from_millis(200);
/// Longest name of an OS user taken into the books.
const USER_CHARS: usize = 64;

/// What the terminal sends. No Debug: a trunk's password may be in it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Request {
    company: Option<String>,
    user: String,
    command: AdminCommand,
    /// A prompt's audio: base64 of 8 kHz mono A-law.
    #[serde(default)]
    alaw: String,
}

impl Request {
    pub fn new(company: Option<String>, user: String, command: AdminCommand, alaw: &[u8]) -> Request {
        Request { company, user, command, alaw: STANDARD.encode(alaw) }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Reply {
    Said(Said),
    Refused(Refusal),
}

/// The open door. Dropped, it is closed; what was asked already is still done.
pub struct Operator {
    task: JoinHandle<()>,
    path: PathBuf,
}

impl Operator {
    /// The store is open, so the data directory is ours and a socket found there is a dead process's.
    pub fn start(store: Store, shell: Shell) -> std::io::Result<Operator> {
        let path = store.data_dir().join(FILE);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&path)?;
        // Whoever slipped in before this is still asked for its user id.
        std::fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        Ok(Operator { task: tokio::spawn(listen(listener, store, shell)), path })
    }
}

impl Drop for Operator {
    fn drop(&mut self) {
        self.task.abort();
        // The next start removes it otherwise.
        let _ = std::fs::remove_file(&self.path);
    }
}

async fn listen(listener: UnixListener, store: Store, shell: Shell) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream, store.clone(), shell.clone()))),
            Err(error) => {
                tracing::warn!(%error, "the operator's socket");
                tokio::time::sleep(ACCEPT_AGAIN).await;
            }
        }
    }
}

async fn serve(mut stream: UnixStream, store: Store, shell: Shell) {
    let reply = match hear(&mut stream, store, shell).await {
        Ok(said) => Reply::Said(said),
        Err(refusal) => Reply::Refused(refusal),
    };
    let Ok(mut line) = serde_json::to_vec(&reply) else { return };
    line.push(b'\n');
    // Whoever asked may have gone; the deed is done all the same.
    let _ = stream.write_all(&line).await;
}

async fn hear(stream: &mut UnixStream, store: Store, shell: Shell) -> Result<Said, Refusal> {
    let uid = stream.peer_cred().map_err(|_| Refusal::new("operator.stranger"))?.uid();
    if uid != 0 && uid != rustix::process::geteuid().as_raw() {
        tracing::warn!(uid, "a stranger at the operator's socket");
        return Err(Refusal::new("operator.stranger"));
    }
    let mut line = Vec::new();
    let mut reader = BufReader::new(stream).take(REQUEST_BYTES);
    let read = tokio::time::timeout(READ, reader.read_until(b'\n', &mut line)).await;
    let whole = matches!(read, Ok(Ok(_))) && line.last() == Some(&b'\n');
    let request = if whole { serde_json::from_slice(&line).ok() } else { None };
    run(store, shell, request.ok_or(Refusal::new("operator.bad_request"))?, uid).await
}

async fn run(store: Store, shell: Shell, request: Request, uid: u32) -> Result<Said, Refusal> {
    let Request { company: code, user, command, alaw } = request;
    let by = By { user: user.chars().take(USER_CHARS).collect(), detail: format!("uid {uid}") };
    let alaw = STANDARD.decode(alaw).map_err(|_| Refusal::new("operator.bad_request"))?;
    let look = store.clone();
    let company = blocking(move || work::company(&look, code)).await?;
    let Some(money) = work::money(&command)? else {
        let done = blocking(move || work::run(&store, company, &command, alaw, &by)).await?;
        done.inputs.into_iter().for_each(|input| shell.input(input));
        if done.trunks {
            shell.trunks_changed();
        }
        if done.prompts {
            shell.prompts_changed();
        }
        return Ok(done.said);
    };
    // Goes on when nobody waits any longer, so that what is posted late is noted too.
    let posting = tokio::spawn(async move {
        shell.money(company, money.kind, money.amount, by.user.clone(), money.note.clone()).await?;
        blocking(move || work::booked(&store, company, &money, &by)).await
    });
    match tokio::time::timeout(ANSWER, posting).await {
        Ok(Ok(answer)) => answer,
        _ => Err(Refusal::new("operator.no_answer")),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Refusal> + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Refusal::new("operator.no_answer")))
}
