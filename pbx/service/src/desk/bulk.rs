//! An action on many rows: a chunk a transaction, so that nobody waits for the store, and each row with its own answer.

use super::{After, Answer, Who, all_or_nothing, audit, form::Values, page};
use hutong_api::{
    Refusal,
    catalogue::{Page, Place},
};
use rusqlite::Transaction;

/// Rows of one transaction; well under the 50 ms a desk may take.
pub const CHUNK: usize = 200;
/// Refusals that are told one by one; more of them tell nobody more.
const MOST_TOLD: usize = 1_000;

/// How far an action has come.
#[derive(Debug, Clone, Default)]
pub struct Run {
    pub client: String,
    /// Done to all that were found: one audit row says so, not one a row.
    pub all: bool,
    /// Rows of all chunks together, and of those before this one.
    pub total: usize,
    pub from: usize,
    pub done: u32,
    pub refused: Vec<(i64, Refusal)>,
    /// What the rows' changes are kept under, where they can be undone together.
    pub batch: Option<i64>,
    pub undo: Option<String>,
    pub after: Vec<After>,
}

/// Does an action to a chunk of rows.
pub type Many =
    fn(&Transaction<'_>, &Who, &'static Page, action: &str, ids: &[i64], args: &Values, run: &mut Run) -> Answer<()>;

impl Run {
    pub fn refuse(&mut self, id: i64, refusal: Refusal) {
        if self.refused.len() < MOST_TOLD {
            self.refused.push((id, refusal));
        }
    }
}

/// The next chunk of an action on ticked rows, or on all that were found.
pub fn chunk(
    tx: &Transaction<'_>,
    who: &Who,
    page_id: &str,
    action: &str,
    ids: &[i64],
    args: &Values,
    run: &mut Run,
) -> Answer<()> {
    let (page, args) = page::asked(who, page_id, action, args, |place| place != Place::Toolbar)?;
    (page::source(page.id)?.many)(tx, who, page, action, ids, &args, run)?;
    run.from += ids.len();
    Ok(())
}

/// What most actions do: each row by itself, a refusal being that row's alone.
pub fn each(
    tx: &Transaction<'_>,
    who: &Who,
    page: &'static Page,
    action: &str,
    ids: &[i64],
    args: &Values,
    run: &mut Run,
) -> Answer<()> {
    let source = page::source(page.id)?;
    for &id in ids {
        let saved = all_or_nothing(tx, |tx| {
            source.fact(tx, who, id)?;
            let saved = (source.act)(tx, who, action, id, args)?;
            if !run.all {
                audit::note(tx, who, &run.client, action, &format!("{}:{id}", page.id), "")?;
            }
            Ok(saved)
        });
        match saved? {
            Ok(saved) => {
                run.done += 1;
                run.after.extend(saved.after);
            }
            Err(refusal) => run.refuse(id, refusal),
        }
    }
    Ok(())
}
