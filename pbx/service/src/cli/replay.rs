//! `hutong replay`: does a bare engine decide as the service did?

use super::Desk;
use crate::shell::journal;
use hutong_api::Refusal;
use std::{fs::File, io::BufReader, path::PathBuf};

#[derive(Debug, Clone, clap::Args)]
pub struct ReplayArgs {
    /// Written by a service that ran with HUTONG_JOURNAL.
    pub journal: PathBuf,
}

/// # Errors
/// `replay.unreadable`, or `replay.differs` with the first line that does.
pub fn replay(args: &ReplayArgs, desk: &mut Desk<'_>) -> Result<(), Refusal> {
    let unreadable = |error| Refusal::new("replay.unreadable").with("file", args.journal.display()).with("why", error);
    let file = File::open(&args.journal).map_err(unreadable)?;
    let found = journal::replay(BufReader::new(file)).map_err(unreadable)?;
    if let Some((line, was, is)) = found.differs {
        return Err(Refusal::new("replay.differs").with("line", line).with("was", was).with("is", is));
    }
    desk.say("replayed", &[("inputs", &found.inputs.to_string()), ("dials", &found.dials.to_string())]);
    Ok(())
}
