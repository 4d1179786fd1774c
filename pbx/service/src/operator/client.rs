//! The terminal's side: asks the service that runs on a data directory.

use super::{FILE, Reply, Request};
use crate::cli::work::Said;
use hutong_api::Refusal;
use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};

/// Longer than the service itself waits for a posting.
const ANSWER: Duration = Duration::from_secs(60);

/// None: nobody listens there. Once asked, no answer is `operator.no_answer`, never a second try: money may be posted.
pub fn send(data_dir: &Path, request: &Request) -> Option<Result<Said, Refusal>> {
    let stream = UnixStream::connect(data_dir.join(FILE)).ok()?;
    Some(ask(stream, request).unwrap_or(Err(Refusal::new("operator.no_answer"))))
}

fn ask(mut stream: UnixStream, request: &Request) -> Option<Result<Said, Refusal>> {
    stream.set_read_timeout(Some(ANSWER)).ok()?;
    let mut line = serde_json::to_vec(request).ok()?;
    line.push(b'\n');
    // A service that refuses early stops reading; its answer says why.
    let _ = stream.write_all(&line);
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).ok()?;
    match serde_json::from_str(&answer).ok()? {
        Reply::Said(said) => Some(Ok(said)),
        Reply::Refused(refusal) => Some(Err(refusal)),
    }
}
