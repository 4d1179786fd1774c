//! One catalogue page as it stands on screen.

use super::cursor::Cursor;
use hutong_api::page::Row;
use std::collections::BTreeMap;

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
    /// First column shown after the pinned one.
    pub shift: usize,
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
            shift: 0,
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
        query.extend(self.filters.iter().filter(|(_, v)| !v.is_empty()).map(|(k, v)| (format!("q.{k}"), v.clone())));
        query
    }
}
