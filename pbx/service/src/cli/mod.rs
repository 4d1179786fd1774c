//! The box operator's commands: `hutong init` and `hutong admin`. They take the data directory for themselves; while a
//! service has it, admin commands are sent to that service and init is refused.

pub mod admin;
pub mod catalogue;
pub mod init;
pub mod pace;
pub mod replay;
#[cfg(test)]
mod tests;
pub mod work;

pub use admin::{AdminArgs, admin};
pub use catalogue::{CatalogueArgs, catalogue};
pub use init::{InitArgs, init};
pub use pace::{PaceArgs, pace};
pub use replay::{ReplayArgs, replay};

use crate::store::{Store, StoreError, office::OfficeError};
use hutong_api::{
    Lang, Refusal,
    texts::{fill, text},
};
use std::{io::Write, path::Path};

/// Asks one question and waits for the line; None at the end of input.
pub type Ask<'a> = &'a mut dyn FnMut(&str) -> Option<String>;

/// Makes A-law of a WAV file, or says why not.
pub type WavToAlaw<'a> = &'a dyn Fn(&[u8]) -> Result<Vec<u8>, String>;

/// What a command writes to, and asks. A terminal in the binary, a buffer in tests.
pub struct Desk<'a> {
    pub lang: Lang,
    pub out: &'a mut dyn Write,
    /// None where there is no terminal.
    pub ask: Option<Ask<'a>>,
}

impl Desk<'_> {
    fn say(&mut self, key: &str, args: &[(&str, &str)]) {
        // A closed pipe must not turn a done deed into a failure.
        drop(writeln!(self.out, "{}", fill(self.lang, &format!("cli.{key}"), args)));
    }

    fn question(&mut self, key: &str) -> Option<String> {
        let words = text(self.lang, &format!("cli.{key}"));
        self.ask.as_mut().and_then(|ask| ask(words)).map(|line| line.trim().to_owned())
    }
}

/// The language of this terminal: English where the locale says so, else Chinese.
pub fn terminal_lang() -> Lang {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("HUTONG_LANG").or_else(|| set("LC_ALL")).or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"));
    Lang::parse(&locale.unwrap_or_default())
}

/// Puts help texts from data/texts (`cli.about.<command>`, `cli.arg.<argument>`) into a clap command and all below it.
pub fn localised(command: clap::Command, lang: Lang) -> clap::Command {
    let words = |key: String| Some(text(lang, &key)).filter(|found| *found != key);
    let about = words(format!("cli.about.{}", command.get_name().replace('-', "_")));
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    let command = command.mut_args(|arg| match words(format!("cli.arg.{}", arg.get_id())) {
        Some(help) => arg.help(help),
        None => arg,
    });
    command.mut_subcommands(|inner| localised(inner, lang))
}

fn open(data_dir: &Path) -> Result<Store, Refusal> {
    Store::open(data_dir).map_err(|error| store(&error))
}

fn store(error: &StoreError) -> Refusal {
    match error {
        StoreError::Locked => Refusal::new("service.running"),
        StoreError::Full => Refusal::new("service.disk_full"),
        StoreError::Newer { found, known } => {
            Refusal::new("service.newer_schema").with("found", found).with("known", known)
        }
        other => Refusal::new("service.store").with("why", other),
    }
}

fn office(error: OfficeError) -> Refusal {
    match error {
        OfficeError::Taken(what) => Refusal::new("cli.taken").with("what", what),
        OfficeError::Unknown(what) => Refusal::new("cli.unknown").with("what", what),
        OfficeError::Store(error) => store(&error),
    }
}

/// Runs office work in one transaction.
fn write<T: Send + 'static>(
    into: &Store,
    work: impl FnOnce(&rusqlite::Connection) -> Result<T, OfficeError> + Send + 'static,
) -> Result<T, Refusal> {
    // The refusal rides beside the store's own error, so that a refused command is rolled back.
    let (tell, told) = std::sync::mpsc::channel();
    let outcome = into.write_blocking(move |tx| {
        work(tx).map_err(|error| {
            let text = StoreError::Other(error.to_string());
            drop(tell.send(error));
            text
        })
    });
    outcome.map_err(|error| told.try_recv().map_or_else(|_| store(&error), office))
}

/// Who sits at the box, for the ledger.
fn os_user() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("SUDO_USER").or_else(|| set("USER")).or_else(|| set("LOGNAME")).unwrap_or_else(|| "root".into())
}
