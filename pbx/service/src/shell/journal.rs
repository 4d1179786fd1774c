//! The journal of a run: what the engine was told and what it said, line by line, where HUTONG_JOURNAL names a file.
//! `hutong replay` feeds it to a bare engine, which must say the same. It holds numbers: the file is its owner's alone.

use hutong_core::{
    Engine, Mono, Now, Wall,
    io::{Input, Turn},
};
use serde::{Deserialize, Serialize};
use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{self, BufRead, BufWriter, Write},
    os::unix::fs::OpenOptionsExt,
};

/// The file's name in the environment.
pub const VARIABLE: &str = "HUTONG_JOURNAL";

#[derive(Serialize)]
struct Line<'a> {
    now: (u64, i64),
    input: &'a Input,
    turn: &'a Turn,
}

#[derive(Deserialize)]
struct Read {
    now: (u64, i64),
    input: Input,
    turn: serde_json::Value,
}

/// Written behind the engine. A line that cannot be written ends the journal, never the service.
pub struct Journal(Option<BufWriter<File>>);

impl Journal {
    pub fn of_environment() -> Journal {
        Journal(std::env::var_os(VARIABLE).and_then(|path| create(&path)))
    }

    /// What is being told, as long as the engine has not taken it.
    pub fn begin(&self, input: &Input) -> Option<Input> {
        self.0.is_some().then(|| input.clone())
    }

    pub fn end(&mut self, now: Now, input: Option<Input>, turn: &Turn) {
        let (Some(out), Some(input)) = (self.0.as_mut(), input) else { return };
        let line = Line { now: (now.mono.0, now.wall.0), input: &input, turn };
        let written = serde_json::to_writer(&mut *out, &line).map_err(io::Error::from).and_then(|()| writeln!(out));
        if let Err(error) = written {
            tracing::error!(%error, "the journal ends here");
            self.0 = None;
        }
    }
}

fn create(path: &OsStr) -> Option<BufWriter<File>> {
    match OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path) {
        Ok(file) => Some(BufWriter::new(file)),
        Err(error) => {
            tracing::error!(%error, "no journal");
            None
        }
    }
}

/// What a replay found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    pub inputs: u64,
    pub dials: u64,
    /// The first line on which the engine said something else: its number, what stands there, what was said.
    pub differs: Option<(u64, String, String)>,
}

/// Feeds a journal to a bare engine and compares each turn. A last line cut short by a crash is passed over.
///
/// # Errors
/// The file cannot be read, or is no journal.
pub fn replay(journal: impl BufRead) -> io::Result<Replayed> {
    let (mut engine, mut found) = (Engine::new(), Replayed::default());
    let mut lines = journal.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line?;
        let Read { now, input, turn } = match serde_json::from_str(&line) {
            Ok(read) => read,
            Err(_) if lines.peek().is_none() => break,
            Err(error) => return Err(error.into()),
        };
        found.inputs += 1;
        let said = engine.handle(Now { mono: Mono(now.0), wall: Wall(now.1) }, input);
        found.dials += said.effects.iter().filter(|e| matches!(e, hutong_core::io::Effect::Dial(_))).count() as u64;
        let said = serde_json::to_value(&said)?;
        if said != turn {
            found.differs = Some((found.inputs, turn.to_string(), said.to_string()));
            break;
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_changed_word_is_found_and_a_torn_line_is_not_one() {
        let mut engine = Engine::new();
        let (mut text, now) = (String::new(), Now { mono: Mono(5), wall: Wall(5) });
        for input in [Input::Tick, Input::Stopping, Input::Tick] {
            let turn = engine.handle(now, input.clone());
            let line = Line { now: (5, 5), input: &input, turn: &turn };
            text += &format!("{}\n", serde_json::to_string(&line).unwrap());
        }
        let whole = replay(text.as_bytes()).unwrap();
        assert_eq!(whole, Replayed { inputs: 3, dials: 0, differs: None });
        let torn = replay(&text.as_bytes()[..text.len() - 9]).unwrap();
        assert_eq!(torn.inputs, 2);
        let changed = replay(text.replacen("\"changes\":[]", "\"changes\":[1]", 1).as_bytes()).unwrap();
        assert_eq!(changed.differs.unwrap().0, 1);
    }
}
