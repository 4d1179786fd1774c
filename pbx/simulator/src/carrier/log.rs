//! The carrier's log: one JSON line per event, flushed at once, so that it outlives any kill.

use super::call::Call;
use std::{fs::File, io::Write, path::Path, time::SystemTime};

pub struct Log {
    file: Option<File>,
}

impl Log {
    pub fn open(path: Option<&Path>) -> std::io::Result<Log> {
        let file = path.map(|p| File::options().create(true).append(true).open(p)).transpose()?;
        Ok(Log { file })
    }

    /// `event`: invite, ringing, early, answer, cancel, bye_in, bye_out, key, rtp or end.
    pub fn call(&mut self, event: &str, call: &Call, code: Option<u16>) {
        let line = serde_json::json!({
            "at": epoch_ms(),
            "event": event,
            "call": call.call_id,
            "number": call.number,
            "caller": call.caller,
            "code": code,
            "packets_in": call.packets_in(),
            "packets_out": call.packets_out(),
            "heard_hz": call.heard_hz(),
            "lost": call.evenness().lost,
            "jitter_ms": call.evenness().jitter_ms,
            "late_ms": call.evenness().late_ms,
            "key": call.last_key(),
        });
        self.write(&line);
    }

    /// Something that does not parse.
    pub fn odd(&mut self, what: &str) {
        self.write(&serde_json::json!({ "at": epoch_ms(), "event": "odd", "what": what }));
    }

    fn write(&mut self, line: &serde_json::Value) {
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(format!("{line}\n").as_bytes())
        {
            eprintln!("carrier log: {error}");
            self.file = None;
        }
    }
}

fn epoch_ms() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64)
}
