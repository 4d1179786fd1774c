//! The simulated carrier's own log: what really happened on the wire, whatever the service believes.
//! One JSON object a line; the carrier goes on writing while the service is dead.

use anyhow::Context;
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

#[derive(Debug, Deserialize)]
struct Line {
    at: i64,
    event: String,
    /// Call-ID; absent in lines that are about no call.
    #[serde(default)]
    call: String,
    #[serde(default)]
    number: String,
    code: Option<u16>,
    heard_hz: Option<u32>,
    #[serde(default)]
    packets_in: u64,
    #[serde(default)]
    lost: u64,
    #[serde(default)]
    jitter_ms: f64,
    #[serde(default)]
    late_ms: f64,
}

/// A dialog as the carrier saw it. Times in epoch ms.
#[derive(Debug, Clone, Default)]
pub struct Call {
    pub number: String,
    pub invited: i64,
    pub answered: Option<i64>,
    pub ended: Option<i64>,
    /// The service said BYE or CANCEL.
    pub ended_by_service: bool,
    /// Status of its end, where it was not answered.
    pub code: Option<u16>,
    /// Tones the callee heard, to the next 50 Hz, as they came.
    pub heard: Vec<u32>,
    /// RTP packets that came to the callee, and those that never came.
    pub packets: u64,
    pub lost: u64,
    /// The largest interarrival jitter of the call (RFC 3550), and the most that one packet came late.
    pub jitter_ms: f64,
    pub late_ms: f64,
}

/// All dialogs by Call-ID. An unfinished last line is left out.
///
/// # Errors
/// No log, or a line that is none.
pub fn calls(log: &Path) -> anyhow::Result<BTreeMap<String, Call>> {
    let text = std::fs::read_to_string(log).with_context(|| log.display().to_string())?;
    let mut calls = BTreeMap::<String, Call>::new();
    for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
        let line: Line = serde_json::from_str(line).with_context(|| format!("{}: {line}", log.display()))?;
        if line.call.is_empty() {
            continue;
        }
        let call = calls.entry(line.call).or_default();
        if call.heard.last() != line.heard_hz.as_ref() {
            call.heard.extend(line.heard_hz);
        }
        (call.packets, call.lost) = (line.packets_in, line.lost);
        (call.jitter_ms, call.late_ms) = (line.jitter_ms, line.late_ms);
        match line.event.as_str() {
            "invite" => (call.number, call.invited) = (line.number, line.at),
            "answer" => call.answered = Some(line.at),
            "bye_in" | "cancel" => call.ended_by_service = true,
            "end" => (call.ended, call.code) = (Some(line.at), line.code),
            _ => {}
        }
    }
    Ok(calls)
}

/// Tones a callee may speak with: its own pitch (by its last four digits), or a voicemail's beeps.
pub fn pitches(number: &str) -> [u32; 2] {
    let last: u32 = number.get(number.len().saturating_sub(4)..).and_then(|last| last.parse().ok()).unwrap_or(0);
    [500 + 50 * (last % 21), 450]
}
