//! One page's list: paged, filtered, sorted, always within the company and the person's reach.
//! `condition` says which rows, `walk` in what way they are gone through, `read` puts them together.

mod condition;
mod read;
#[cfg(test)]
mod tests;
mod walk;

pub use condition::By;
pub use read::Mark;

use super::{Answer, Saved, Who, bulk, cell::Cell, form::Values, overlay::Overlay};
use hutong_api::{Refusal, catalogue::Page};
use rusqlite::{Connection, Transaction};
use std::collections::BTreeMap;

pub const DEFAULT_SIZE: u32 = 30;
pub const MAX_SIZE: u32 = 200;
/// 共 N 条 counts so far; beyond it only whoever asks for the exact number pays for it.
pub const COUNTED: u32 = 10_000;

/// What a reader asks of a list.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// From 1; 0 reads as 1.
    pub page: u32,
    /// 0 = 30.
    pub size: u32,
    /// Column id, descending with a leading '-'.
    pub sort: Option<String>,
    pub filters: BTreeMap<String, String>,
    /// Count to the end, however many there are.
    pub exact: bool,
}

/// Writes a new row (`id` None) or changes one. `values` are clean; `typed` is what came, for what is no form field.
pub type Save = fn(&Transaction<'_>, &Who, Option<i64>, &Values, typed: &BTreeMap<String, String>) -> Answer<Saved>;
/// Does an action to one row within reach, with the clean values of what it asks.
pub type Act = fn(&Transaction<'_>, &Who, action: &str, id: i64, args: &Values) -> Answer<Saved>;
/// Does a toolbar action that concerns no row, with the clean values of what it asks.
pub type Tool = fn(&Transaction<'_>, &Who, action: &str, args: &Values) -> Answer<Saved>;
/// The page as a company has set it.
pub type Overlaid = fn(&Connection, &Who) -> Answer<Overlay>;
/// Sentences beside the toolbar.
pub type Notes = fn(&Connection, &Who) -> Answer<Vec<String>>;

/// The SQL behind a page. One file a page: `Source { …, ..Source::of(&PAGE) }`, listed in `pages::ALL`.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    pub page: &'static Page,
    /// Integer key.
    pub id: &'static str,
    /// The moment that, behind the company, has an index: the default order is newest first by it; None = by the key.
    pub time: Option<&'static str>,
    /// `LEFT JOIN`s that nothing in a condition needs are left out where rows are only found or counted.
    pub from: &'static str,
    pub company: &'static str,
    /// Rows that exist: "1", or a condition such as "c.deleted IS NULL".
    pub keep: &'static str,
    /// Seat id expression that owns a row, for reaches but All; None = the whole company's.
    pub owner: Option<Owner>,
    pub cells: &'a [Cell<'a>],
    pub filters: &'a [(&'a str, By<'a>)],
    /// The form's present values.
    pub form: &'a [Cell<'a>],
    /// A company's own columns, filters and fields; readers go by `page::with`.
    pub overlay: Option<Overlaid>,
    /// What `allows` decides by, e.g. a status.
    pub fact: &'static str,
    /// Whether a row of this fact takes this action now.
    pub allows: fn(fact: &str, action: &str) -> bool,
    pub save: Save,
    pub act: Act,
    /// An action on many rows, a chunk at a time; most pages act on each.
    pub many: bulk::Many,
    pub tool: Tool,
    pub notes: Notes,
}

/// Whose a row is.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    /// Condition with `{}` for a set of seat ids. It names columns only, so that an index can find or walk the rows.
    pub within: &'static str,
    /// The seat id a reach of Own is compared with; or, with `{}` for the seat, the whole condition.
    pub own: &'static str,
}

fn no_action<T>() -> Answer<T> {
    Err(Refusal::new("page.no_action").into())
}

impl<'a> Source<'a> {
    /// What most pages have: every row takes every action at any time, and nothing is written.
    pub const fn of(page: &'static Page) -> Source<'a> {
        Source {
            page,
            id: "c.id",
            time: None,
            from: "",
            company: "c.company_id",
            keep: "1",
            owner: None,
            cells: &[],
            filters: &[],
            form: &[],
            overlay: None,
            fact: "''",
            allows: |_, _| true,
            save: |_, _, _, _, _| no_action(),
            act: |_, _, _, _, _| no_action(),
            many: bulk::each,
            tool: |_, _, _, _| no_action(),
            notes: |_, _| Ok(Vec::new()),
        }
    }
}
