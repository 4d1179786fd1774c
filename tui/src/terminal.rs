//! The terminal: taken over, and given back whatever happens.

use anyhow::Context;
use ratatui::{
    Terminal,
    backend::CrosstermBackend,
    crossterm::{
        cursor::{self, MoveToColumn},
        event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
        execute,
        style::Print,
        terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
    },
};
use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Stdout},
    os::fd::OwnedFd,
    path::PathBuf,
    sync::Mutex,
};

pub type Screen = Terminal<CrosstermBackend<Stdout>>;

/// stderr as it was: the sound library writes to it, which would tear the screen.
static STDERR: Mutex<Option<OwnedFd>> = Mutex::new(None);

/// Dropping it gives the terminal back; a panic does too.
pub struct Taken;

pub fn take() -> anyhow::Result<(Screen, Taken)> {
    anyhow::ensure!(io::stdout().is_terminal(), "hutong-console needs a terminal (or --once WxH)");
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        give_back();
        before(info);
    }));
    enable_raw_mode().context("terminal")?;
    let taken = Taken;
    silence_stderr();
    execute!(io::stdout(), EnterAlternateScreen, EnableMouseCapture, EnableBracketedPaste)?;
    Ok((Terminal::new(CrosstermBackend::new(io::stdout()))?, taken))
}

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    let mut out = io::stdout();
    drop(execute!(out, DisableBracketedPaste, DisableMouseCapture, LeaveAlternateScreen, cursor::Show));
    drop(disable_raw_mode());
    if let Some(stderr) = STDERR.lock().unwrap_or_else(|e| e.into_inner()).take() {
        let _ = rustix::stdio::dup2_stderr(stderr);
    }
}

/// Sends what libraries print into ~/.local/state/hutong/console.log.
fn silence_stderr() {
    let Ok(log) = log_file() else { return };
    if let Ok(kept) = rustix::io::dup(rustix::stdio::stderr())
        && rustix::stdio::dup2_stderr(log).is_ok()
    {
        *STDERR.lock().unwrap_or_else(|e| e.into_inner()) = Some(kept);
    }
}

fn log_file() -> io::Result<File> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    let state = state.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state")));
    if let Some(dir) = state.map(|dir| dir.join("hutong"))
        && std::fs::create_dir_all(&dir).is_ok()
        && let Ok(file) = OpenOptions::new().create(true).append(true).open(dir.join("console.log"))
    {
        return Ok(file);
    }
    OpenOptions::new().write(true).open("/dev/null")
}

/// True where the terminal draws box characters (East-Asian-Ambiguous) two columns wide: frames would break there.
pub fn ambiguous_is_wide() -> bool {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() || enable_raw_mode().is_err() {
        return false;
    }
    let asked = execute!(io::stdout(), MoveToColumn(0), Print("─"));
    let column = asked.and_then(|()| cursor::position()).map_or(1, |(column, _)| column);
    drop(execute!(io::stdout(), MoveToColumn(0), Clear(ClearType::CurrentLine)));
    drop(disable_raw_mode());
    column >= 2
}
