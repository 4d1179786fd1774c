//! The log: one line each, numbers masked. Whole SIP messages would carry numbers, so the libraries only warn.

use std::{
    fs::File,
    io::{self, IsTerminal},
    path::Path,
};
use tracing_subscriber::EnvFilter;

/// Every handshake of a browser offers extensions that DTLS 1.2 need not know; that is no warning.
const FILTER: &str = "info,rsipstack=warn,rtc=warn,rtc_dtls=error";

pub fn to_stderr() {
    let ansi = io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter()).with_ansi(ansi).with_writer(io::stderr).init();
}

/// Appends, for programs whose terminal shows something else.
pub fn to_file(path: &Path) -> io::Result<()> {
    let file = File::options().create(true).append(true).open(path)?;
    tracing_subscriber::fmt().with_env_filter(filter()).with_ansi(false).with_writer(file).init();
    Ok(())
}

fn filter() -> EnvFilter {
    EnvFilter::try_from_env("HUTONG_LOG").unwrap_or_else(|_| EnvFilter::new(FILTER))
}
