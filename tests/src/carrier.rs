//! The simulated carrier's own log: what really happened on the wire, whatever the service believes.
//! One JSON object a line; the log survives the service, and the carrier goes on writing while the service is dead.

use anyhow::Context;
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// One line.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    /// Epoch ms.
    pub at: i64,
    /// Call-ID of the dialog.
    #[serde(default)]
    pub call: String,
    pub event: String,
    /// Dialled digits.
    #[serde(default)]
    pub number: Option<String>,
    #[serde(default)]
    pub hz: Option<u32>,
    #[serde(default)]
    pub by: Option<String>,
}

/// A dialog as the carrier saw it.
#[derive(Debug, Clone, Default)]
pub struct Call {
    pub number: String,
    pub invited: i64,
    pub answered: Option<i64>,
    pub ended: Option<i64>,
    /// "caller" or "callee".
    pub ended_by: Option<String>,
    /// The callee's own tone, Hz.
    pub tone: Option<u32>,
    /// Tones the callee heard, Hz, as they came.
    pub heard: Vec<u32>,
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
        let call = calls.entry(line.call.clone()).or_default();
        match line.event.as_str() {
            "invite" => {
                call.number = line.number.unwrap_or_default();
                call.invited = line.at;
            }
            "answered" => {
                call.answered = Some(line.at);
                call.tone = line.hz;
            }
            "heard" => call.heard.extend(line.hz),
            "ended" => {
                call.ended = Some(line.at);
                call.ended_by = line.by;
            }
            _ => {}
        }
    }
    Ok(calls)
}
