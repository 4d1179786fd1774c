//! The desk: plain records behind the catalogue's pages, straight from http to SQLite (docs/rules.md, "Two lanes").
//! Every function takes a connection and the person who asks, and never sees another company's rows.
//! What live work must hear of is returned as `After` and told once the transaction is committed.

pub mod access;
pub mod activity;
pub mod alarms;
pub mod assign;
pub mod audit;
pub mod bulk;
pub mod card;
pub mod cell;
pub mod cfg;
pub mod csv_out;
pub mod deed;
pub mod dialled;
pub mod dry_run;
pub mod foresight;
pub mod form;
pub mod home;
pub mod import;
pub mod imported;
pub mod lookups;
pub mod monitor;
pub mod notices;
pub mod options;
pub mod overlay;
pub mod page;
pub mod pages;
pub mod pool;
pub mod preview;
pub mod project_form;
pub mod query;
pub mod recording;
#[cfg(test)]
pub mod sample;
pub mod voice;
pub mod who;
pub mod work;
pub mod xlsx_out;

pub use page::{After, Saved};
pub use query::Query;
pub use who::{Reach, Who};

use crate::store::StoreError;
use hutong_api::Refusal;

/// Why the desk did not do it: a refusal for the person, or a fault of the store.
#[derive(Debug)]
pub enum Fault {
    Refused(Refusal),
    Store(StoreError),
}

pub type Answer<T> = Result<T, Fault>;

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Fault {
        Fault::Refused(refusal)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        Fault::Store(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Store(StoreError::Sqlite(error))
    }
}

/// Runs desk work inside the store's transaction so that a refusal leaves nothing behind, and is not a store fault.
pub fn all_or_nothing<T>(
    tx: &rusqlite::Transaction<'_>,
    work: impl FnOnce(&rusqlite::Transaction<'_>) -> Answer<T>,
) -> Result<Result<T, Refusal>, StoreError> {
    tx.execute_batch("SAVEPOINT desk")?;
    match work(tx) {
        Ok(value) => {
            tx.execute_batch("RELEASE desk")?;
            Ok(Ok(value))
        }
        Err(Fault::Refused(refusal)) => {
            tx.execute_batch("ROLLBACK TO desk; RELEASE desk")?;
            Ok(Err(refusal))
        }
        Err(Fault::Store(error)) => Err(error),
    }
}

/// The refusal of a row that is not there, or not yours: nobody learns which.
pub fn unknown() -> Fault {
    Refusal::new("row.unknown").into()
}

/// Epoch milliseconds now.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
