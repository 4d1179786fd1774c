//! What the bots did, one JSON object a line: the agents' side of the truth, for tests to compare with the service's.

use hutong_api::CallId;
use serde_json::{Value, json};
use std::{
    fs::OpenOptions,
    io::{self, Write},
    path::Path,
    sync::Mutex,
    time::SystemTime,
};

pub struct Log {
    out: Mutex<Box<dyn Write + Send>>,
}

impl Log {
    /// Appends to `path`, or writes to standard output.
    pub fn open(path: Option<&Path>) -> io::Result<Log> {
        let out: Box<dyn Write + Send> = match path {
            Some(path) => Box::new(OpenOptions::new().create(true).append(true).open(path)?),
            None => Box::new(io::stdout()),
        };
        Ok(Log { out: Mutex::new(out) })
    }

    /// `seat` and `hz` let a recording's right channel be told apart.
    pub fn signed_in(&self, account: &str, seat: i64, hz: u32) {
        self.line("signed_in", account, json!({"seat": seat, "hz": hz}));
    }

    pub fn pop(&self, account: &str, call: CallId, name: &str) {
        self.line("pop", account, json!({"call": call, "name": name}));
    }

    pub fn talking(&self, account: &str, call: CallId) {
        self.line("talking", account, json!({"call": call}));
    }

    /// The dominant frequency of what the far end sent.
    pub fn heard(&self, account: &str, call: CallId, hz: u32) {
        self.line("heard_hz", account, json!({"call": call, "hz": hz}));
    }

    /// Packets of the far end that never came.
    pub fn missed(&self, account: &str, call: CallId, packets: u16) {
        self.line("missed", account, json!({"call": call, "packets": packets}));
    }

    pub fn call_over(&self, account: &str, call: CallId, state: &str, talk_s: u32) {
        self.line("call_over", account, json!({"call": call, "state": state, "talk_s": talk_s}));
    }

    pub fn saved(&self, account: &str, call: CallId, activity: i64) {
        self.line("saved", account, json!({"call": call, "activity": activity}));
    }

    pub fn refused(&self, account: &str, what: &str, code: &str) {
        self.line("refused", account, json!({"what": what, "code": code}));
    }

    /// The session ended; the bot will come back.
    pub fn lost(&self, account: &str, why: &str) {
        self.line("lost", account, json!({"why": why}));
    }

    fn line(&self, event: &str, account: &str, facts: Value) {
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
        let mut line = json!({"at": at, "event": event, "account": account});
        if let (Value::Object(line), Value::Object(facts)) = (&mut line, facts) {
            line.extend(facts);
        }
        let mut out = self.out.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A reader that went away is no reason to stop working.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }
}
