//! One catalogue page as it stands on screen.

use super::cursor::Cursor;
use hutong_api::page::Row;
use std::collections::{BTreeMap, BTreeSet};

pub struct PageScreen {
    pub cursor: Cursor,
    pub rows: Vec<Row>,
    pub total: u64,
    /// From 1.
    pub page: u32,
    pub size: u32,
    /// Number of the newest request; older answers are dropped.
    pub tag: u64,
    pub loading: bool,
    /// Local epoch ms of the last answer.
    pub loaded_at: i64,
    pub filters: BTreeMap<String, String>,
    /// The filter line they came from.
    pub typed: String,
    /// First column shown after the pinned one.
    pub shift: usize,
    /// Rows ticked, on whatever leaf they stand.
    pub marked: BTreeSet<i64>,
    /// Every row that the filters find is meant.
    pub all: bool,
    /// `total` stopped counting; see `exact`.
    pub more: bool,
    /// The whole is to be counted, however long that takes.
    pub exact: bool,
    pub notes: Vec<String>,
}

impl Default for PageScreen {
    fn default() -> PageScreen {
        PageScreen {
            cursor: Cursor::default(),
            rows: Vec::new(),
            total: 0,
            page: 1,
            size: 30,
            tag: 0,
            loading: false,
            loaded_at: 0,
            filters: BTreeMap::new(),
            typed: String::new(),
            shift: 0,
            marked: BTreeSet::new(),
            all: false,
            more: false,
            exact: false,
            notes: Vec::new(),
        }
    }
}

impl PageScreen {
    pub fn ids(&self) -> Vec<i64> {
        self.rows.iter().map(|r| r.id).collect()
    }

    pub fn chosen(&self) -> Option<&Row> {
        self.rows.get(self.cursor.at)
    }

    pub fn pages(&self) -> u32 {
        (self.total.div_ceil(u64::from(self.size.max(1))).max(1)).min(u64::from(u32::MAX)) as u32
    }

    /// The query of its list request: page, size, then the filters that are set.
    pub fn query(&self) -> Vec<(String, String)> {
        let mut query = vec![("page".into(), self.page.to_string()), ("size".into(), self.size.to_string())];
        query.extend(self.set_filters().into_iter().map(|(k, v)| (format!("q.{k}"), v)));
        if self.exact {
            query.push(("exact".into(), "1".into()));
        }
        query
    }

    pub fn set_filters(&self) -> BTreeMap<String, String> {
        self.filters.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// Other rows are found from now on: nothing stays ticked that is not seen.
    pub fn refilter(&mut self, filters: BTreeMap<String, String>) {
        self.filters = filters;
        self.typed.clear();
        self.page = 1;
        self.unmark();
        self.exact = false;
    }

    pub fn unmark(&mut self) {
        self.marked.clear();
        self.all = false;
    }

    /// How many rows an action on what is ticked would touch; 0 = only the chosen one.
    pub fn meant(&self) -> u64 {
        if self.all { self.total } else { self.marked.len() as u64 }
    }
}
