//! `hutong pace --stdio`: the dialler's pacing for a referee. Events come as JSON lines, each tick is answered with how many
//! calls to start: decided by the very code that the service dials with.

use hutong_core::campaign::pacing::floor::{Event, Floor, Terms};
use serde::Deserialize;
use serde_json::json;
use std::io::{self, BufRead, Write};

#[derive(Debug, Clone, clap::Args)]
pub struct PaceArgs {
    #[arg(long, required = true)]
    pub stdio: bool,
}

/// One line in; unknown fields are the referee's own. Times in seconds.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Line {
    Init { shift_s: f64, eps: f64, patience_s: f64, prompt_s: (f64, f64) },
    AgentReady { t: f64, agent: i64 },
    AgentBusy { t: f64, agent: i64 },
    AgentWrap { t: f64, agent: i64 },
    AgentGone { t: f64, agent: i64 },
    CallStarted { t: f64, call: i64 },
    CallAnswered { t: f64, call: i64, prompt: f64 },
    CallFailed { t: f64, call: i64, reason: String },
    CallConnected { t: f64, call: i64 },
    CallAbandoned { t: f64, call: i64 },
    CallEnded {},
    Tick { t: f64 },
    End {},
}

/// Plays until `end` or the end of input. A line that makes no sense is an error with its number.
pub fn pace(input: impl BufRead, mut out: impl Write) -> io::Result<()> {
    let mut floor: Option<Floor> = None;
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let bad = |why: &dyn std::fmt::Display| {
            io::Error::new(io::ErrorKind::InvalidData, format!("line {}: {why}", number + 1))
        };
        let line: Line = serde_json::from_str(&line).map_err(|error| bad(&error))?;
        match (line, &mut floor) {
            (Line::Init { shift_s, eps, patience_s, prompt_s }, _) => {
                let greeting = (prompt_s.0 + prompt_s.1) / 2.0;
                floor = Some(Floor::new(Terms { cap: eps, grace: patience_s, greeting, shift: shift_s }));
            }
            (Line::End {}, _) => break,
            (_, None) => return Err(bad(&"init comes first")),
            (Line::Tick { t }, Some(floor)) => {
                writeln!(out, "{}", json!({"dial": floor.dial(t)}))?;
                out.flush()?;
            }
            (line, Some(floor)) => {
                if let Some((t, event)) = event(line) {
                    floor.tell(t, event);
                }
            }
        }
    }
    Ok(())
}

fn event(line: Line) -> Option<(f64, Event)> {
    Some(match line {
        Line::AgentReady { t, agent } => (t, Event::AgentReady { agent }),
        Line::AgentBusy { t, agent } => (t, Event::AgentBusy { agent }),
        Line::AgentWrap { t, agent } => (t, Event::AgentWrap { agent }),
        Line::AgentGone { t, agent } => (t, Event::AgentGone { agent }),
        Line::CallStarted { t, call } => (t, Event::Started { call }),
        Line::CallAnswered { t, call, prompt } => (t, Event::Answered { call, greeting: prompt }),
        Line::CallFailed { t, call, reason } => (t, Event::Failed { call, cancelled: reason == "cancelled" }),
        Line::CallConnected { t, call } => (t, Event::Connected { call }),
        Line::CallAbandoned { t, call } => (t, Event::Abandoned { call }),
        Line::Init { .. } | Line::CallEnded {} | Line::Tick { .. } | Line::End {} => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn play(lines: &str) -> io::Result<String> {
        let mut out = Vec::new();
        pace(lines.as_bytes(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    const INIT: &str = r#"{"type":"init","v":1,"t":0,"tick":0.5,"shift_s":28800,"trunks":18,"eps":0.03,"patience_s":2.0,"min_ring_s":15.0,"prompt_s":[0,0]}"#;

    #[test]
    fn it_dials_for_a_ready_agent_and_not_without_one() {
        let ready = r#"{"type":"agent_ready","t":1.0,"agent":0}"#;
        let out = play(&format!(
            "{INIT}\n{{\"type\":\"tick\",\"t\":0.5}}\n{ready}\n{{\"type\":\"tick\",\"t\":1.5}}\n{{\"type\":\"end\",\"t\":2}}\n"
        ));
        assert_eq!(out.unwrap(), "{\"dial\":0}\n{\"dial\":1}\n");
    }

    #[test]
    fn nonsense_is_refused_with_its_line() {
        for (lines, number) in [("{\"type\":\"tick\",\"t\":1}\n".to_owned(), 1), (format!("{INIT}\nhello\n"), 2)] {
            let error = play(&lines).unwrap_err().to_string();
            assert!(error.contains(&format!("line {number}")), "{error}");
        }
    }
}
