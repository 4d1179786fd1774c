//! The way through the rows: by which index and in which order, so that a million of them are no reason to wait.

use super::{Query, Source, condition::Condition};
use crate::desk::{Reach, Who, cell::Show};

/// The way through the rows.
#[derive(Debug)]
pub(super) struct Walk {
    pub(super) order: String,
    pub(super) company: String,
    pub(super) by_key: bool,
    /// Newest first.
    pub(super) natural: bool,
}

impl Source<'_> {
    /// Whatever has to look at most rows goes through the table by its key, backwards: by any index each row would cost a
    /// search of its own. What an index can find or order is left to the planner.
    pub(super) fn walk(&self, who: &Who, query: &Query, found: &Condition) -> Walk {
        let sorted = self.sorted(who, query);
        let nothing_found = found.scans || (sorted.is_some() && !found.finds);
        let plain = self.time.is_none() && query.filters.is_empty() && sorted.is_none() && who.reach == Reach::All;
        let by_key = plain || (nothing_found && !found.finds && who.reach != Reach::Own);
        let order = match &sorted {
            Some(order) => order.clone(),
            None if by_key => format!("{} DESC", self.id),
            None => self.newest(found.plus()),
        };
        let company = format!("{}{} = ?1", if by_key { "+" } else { "" }, self.company);
        Walk { order, company, by_key, natural: sorted.is_none() }
    }

    pub(super) fn newest(&self, plus: &str) -> String {
        match self.time {
            Some(time) => format!("{plus}{time} DESC, {plus}{} DESC", self.id),
            None => format!("{} DESC", self.id),
        }
    }

    /// Only columns of the page may be sorted by, and not by a number the reader may not see. None = newest first.
    fn sorted(&self, who: &Who, query: &Query) -> Option<String> {
        let sort = query.sort.as_deref().unwrap_or_default();
        let (id, direction) = match sort.strip_prefix('-') {
            Some(id) => (id, "DESC"),
            None => (sort, "ASC"),
        };
        let hidden = |show: Show| who.hide_numbers && matches!(show, Show::Phone | Show::Text);
        let cell = self.cells.iter().find(|cell| cell.id == id && !hidden(cell.show))?;
        match self.time == Some(cell.sql) {
            true if direction == "DESC" => None,
            true => Some(format!("{} ASC, {} ASC", cell.sql, self.id)),
            false => Some(format!("{} {direction}, {} DESC", cell.sql, self.id)),
        }
    }
}

/// `from` without the left joins whose alias `used` does not name. They join by a key, so no row is lost or doubled.
pub(super) fn pruned(from: &str, used: &str) -> String {
    let mut joins: Vec<&str> = from.split(" LEFT JOIN ").collect();
    let first = joins.remove(0).to_owned();
    let (mut used, mut kept) = (used.to_owned(), Vec::new());
    // A join may stand on an earlier one, so the last is looked at first.
    for join in joins.into_iter().rev() {
        if join.split_whitespace().nth(1).is_some_and(|alias| names(&used, alias)) {
            used.push_str(join);
            kept.push(join);
        }
    }
    kept.into_iter().rev().fold(first, |from, join| format!("{from} LEFT JOIN {join}"))
}

fn names(text: &str, alias: &str) -> bool {
    let column = format!("{alias}.");
    text.match_indices(&column).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}
