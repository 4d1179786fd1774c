//! The log: one line each, numbers masked. Whole SIP messages would carry numbers, so the libraries only warn.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    sync::Mutex,
};
use tracing_subscriber::EnvFilter;

/// Every handshake of a browser offers extensions that DTLS 1.2 need not know; that is no warning.
const FILTER: &str = "info,rsipstack=warn,rtc=warn,rtc_dtls=error";

pub fn to_stderr() {
    tracing_subscriber::fmt().with_env_filter(filter()).with_ansi(false).with_writer(|| Plain(io::stderr())).init();
}

/// Appends, for programs whose terminal shows something else.
pub fn to_file(path: &Path) -> io::Result<()> {
    let file = File::options().create(true).append(true).open(path)?;
    tracing_subscriber::fmt().with_env_filter(filter()).with_ansi(false).with_writer(Mutex::new(Plain(file))).init();
    Ok(())
}

/// Writes each event as one line, whatever text of a stranger is in it: what moves a cursor, breaks a line or turns the
/// direction of reading is written as its code.
pub struct Plain<W>(pub W);

impl<W: Write> Write for Plain<W> {
    /// The subscriber writes an event at once, its line end last.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let (line, end) = text.strip_suffix('\n').map_or((&*text, ""), |line| (line, "\n"));
        self.0.write_all(format!("{}{end}", plain(line)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn plain(line: &str) -> String {
    let harms = |c: char| {
        c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    line.chars().map(|c| if harms(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env("HUTONG_LOG").unwrap_or_else(|_| EnvFilter::new(FILTER))
}
