//! The rows of a list, of an export and of a form.

use super::{
    COUNTED, DEFAULT_SIZE, MAX_SIZE, Query, Source,
    condition::Condition,
    walk::{Walk, pruned},
};
use crate::desk::{Answer, Who, cell::Show, unknown};
use hutong_api::{
    Refusal,
    catalogue::{Action, Kind, Place},
    page::{ListReply, Row, RowReply},
};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::collections::BTreeMap;

/// Where a chunk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    time: i64,
    id: i64,
}

impl Source<'_> {
    /// Ids are found first, by an index and without joins, and only one page of rows is put together: with a million
    /// calls that is the difference between milliseconds and ten seconds.
    pub fn list(&self, conn: &Connection, who: &Who, query: &Query) -> Answer<ListReply> {
        let size = if query.size == 0 { DEFAULT_SIZE } else { query.size.min(MAX_SIZE) };
        let page = query.page.max(1);
        let found = self.condition(who, &query.filters)?;
        let walk = self.walk(who, query, &found);
        let offset = u64::from(page - 1) * u64::from(size);
        let (mut ids, counted) = if walk.natural && offset + u64::from(size) <= COUNTED.into() {
            // One walk finds the page and counts.
            let mut ids = self.found(conn, &walk, &found, COUNTED + 1, 0)?;
            let counted = ids.len() as u64;
            ids.truncate((offset + u64::from(size)) as usize);
            (ids.split_off(ids.len().min(offset as usize)), counted)
        } else {
            let counted = self.count(conn, &walk, &found, i64::from(COUNTED) + 1)?;
            let deep = !walk.natural && counted > COUNTED.into() && offset + u64::from(size) > COUNTED.into();
            if deep {
                return Err(Refusal::new("list.sorted_too_far").with("rows", COUNTED).into());
            }
            (self.found(conn, &walk, &found, size, offset)?, counted)
        };
        ids.truncate(size as usize);
        let more = counted > COUNTED.into();
        let (total, more) = match (more, query.exact) {
            (true, true) => (self.count(conn, &walk, &found, -1)?, false),
            (true, false) => (COUNTED.into(), true),
            (false, _) => (counted, false),
        };
        let rows = self.put_together(conn, who, &ids)?;
        Ok(ListReply { rows, total, page, size, more, notes: (self.notes)(conn, who)? })
    }

    fn found(&self, conn: &Connection, walk: &Walk, found: &Condition, limit: u32, offset: u64) -> Answer<Vec<i64>> {
        let (text, order) = (&found.text, &walk.order);
        let from = pruned(self.from, &format!("{text} {order}"));
        let mut params = found.params.clone();
        params.push(Value::Integer(limit.into()));
        params.push(Value::Integer(i64::try_from(offset).unwrap_or(i64::MAX)));
        let sql = format!(
            "SELECT {id} FROM {from} WHERE {company} AND {text} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset}",
            id = self.id,
            company = walk.company,
            limit = params.len() - 1,
            offset = params.len(),
        );
        let mut statement = conn.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(&params), |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(ids)
    }

    /// The rows of these ids, in their order. The plus keeps the planner from any way but by the key.
    fn put_together(&self, conn: &Connection, who: &Who, ids: &[i64]) -> Answer<Vec<Row>> {
        let list = serde_json::to_string(ids).unwrap_or_default();
        let condition = format!("+{} = ?1 AND {} IN (SELECT value FROM json_each(?2))", self.company, self.id);
        let params = [Value::Integer(who.company.0), Value::Text(list)];
        let found = self.rows(conn, who, &condition, "", &params)?;
        let mut by_id: BTreeMap<i64, Row> = found.into_iter().map(|(row, _)| (row.id, row)).collect();
        Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
    }

    /// The next rows behind `after` (None = from the newest), for exports of any length in constant memory.
    pub fn chunk(
        &self,
        conn: &Connection,
        who: &Who,
        filters: &BTreeMap<String, String>,
        after: Option<Mark>,
        size: u32,
    ) -> Answer<(Vec<Row>, Option<Mark>)> {
        let Condition { mut params, text, .. } = self.condition(who, filters)?;
        let mut condition = format!("{} = ?1 AND {text}", self.company);
        if let Some(Mark { time, id }) = after {
            params.push(Value::Integer(time));
            params.push(Value::Integer(id));
            let (time, last) = (params.len() - 1, params.len());
            condition = match self.time {
                Some(column) => format!("{condition} AND ({column}, {}) < (?{time}, ?{last})", self.id),
                None => format!("{condition} AND {} < ?{last} AND ?{time} = 0", self.id),
            };
        }
        let tail = format!("ORDER BY {} LIMIT {size}", self.newest(""));
        let rows = self.rows(conn, who, &condition, &tail, &params)?;
        let last = rows.last().map(|(_, mark)| *mark);
        Ok((rows.into_iter().map(|(row, _)| row).collect(), last))
    }

    /// The ids of every row found, the oldest first, for an action on all of them. A filter the page does not have is refused:
    /// left out, it would hit rows that nobody meant.
    pub fn ids(&self, conn: &Connection, who: &Who, filters: &BTreeMap<String, String>) -> Answer<Vec<i64>> {
        let known = |id: &str| self.filters.iter().any(|(known, _)| *known == id);
        if filters.iter().any(|(id, value)| !known(id) && !value.trim().is_empty()) {
            return Err(Refusal::new("request.bad").into());
        }
        let Condition { params, text, .. } = self.condition(who, filters)?;
        let from = pruned(self.from, &text);
        let sql = format!("SELECT {id} FROM {from} WHERE {} = ?1 AND {text} ORDER BY {id}", self.company, id = self.id);
        let mut statement = conn.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(&params), |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The whole numbers that filters ask for, for a reader who may not search by a part of one.
    pub fn looked_up(&self, filters: &BTreeMap<String, String>) -> Vec<String> {
        let numbers = self.filters.iter().filter(|(_, by)| matches!(by, super::By::Phone { .. }));
        let typed = numbers.filter_map(|(id, _)| filters.get(*id)).map(|typed| crate::desk::form::digits(typed));
        typed.filter(|digits| !digits.is_empty()).collect()
    }

    /// Counts up to `limit` (-1 = to the end) in the order that rows are walked in, so that they come from the disk in the
    /// order they lie there.
    fn count(&self, conn: &Connection, walk: &Walk, found: &Condition, limit: i64) -> Answer<u64> {
        let text = &found.text;
        let order = if walk.by_key { format!("{} DESC", self.id) } else { self.newest(found.plus()) };
        let from = pruned(self.from, &format!("{text} {order}"));
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {} AND {text} ORDER BY {order} LIMIT {limit})",
            walk.company
        );
        let total: i64 = conn.prepare_cached(&sql)?.query_row(params_from_iter(&found.params), |row| row.get(0))?;
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// Refused as unknown unless the row is the company's and within reach. Returns its fact.
    pub fn fact(&self, conn: &Connection, who: &Who, id: i64) -> Answer<String> {
        let (condition, params) = self.one(who, id)?;
        let from = pruned(self.from, &format!("{condition} {}", self.fact));
        let sql = format!("SELECT {} FROM {from} WHERE {condition}", self.fact);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(&params))?;
        match rows.next()? {
            Some(row) => Ok(Show::Plain.cell(&row.get(0)?, who)),
            None => Err(unknown()),
        }
    }

    pub fn get(&self, conn: &Connection, who: &Who, id: i64) -> Answer<RowReply> {
        let (condition, params) = self.one(who, id)?;
        let fields = self.form.iter().map(|cell| cell.sql).collect::<Vec<_>>().join(", ");
        let fields = if fields.is_empty() { "1" } else { &fields };
        let mut statement = conn.prepare_cached(&format!("SELECT {fields} FROM {} WHERE {condition}", self.from))?;
        let mut rows = statement.query(params_from_iter(&params))?;
        let row = rows.next()?.ok_or_else(unknown)?;
        let mut values = BTreeMap::new();
        for (at, cell) in self.form.iter().enumerate() {
            values.insert(cell.id.to_owned(), cell.show.cell(&row.get(at)?, who));
        }
        Ok(RowReply { id, values })
    }

    /// The telephone numbers among the cells of one row within reach.
    pub fn numbers(&self, conn: &Connection, who: &Who, id: i64) -> Answer<BTreeMap<String, String>> {
        let (condition, params) = self.one(who, id)?;
        let (row, _) = self.rows(conn, who, &condition, "", &params)?.pop().ok_or_else(unknown)?;
        let phone = |id: &str| self.page.columns.iter().any(|column| column.id == id && column.kind == Kind::Phone);
        Ok(row.cells.into_iter().filter(|(id, _)| phone(id)).collect())
    }

    fn rows(
        &self,
        conn: &Connection,
        who: &Who,
        condition: &str,
        tail: &str,
        params: &[Value],
    ) -> Answer<Vec<(Row, Mark)>> {
        const BEFORE_CELLS: usize = 3;
        let cells = self.cells.iter().map(|cell| cell.sql).collect::<Vec<_>>().join(", ");
        let (id, time) = (self.id, self.time.unwrap_or("0"));
        let sql = format!("SELECT {id}, {}, {time}, {cells} FROM {} WHERE {condition} {tail}", self.fact, self.from);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(params))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let fact = Show::Plain.cell(&row.get(1)?, who);
            let mut cells = BTreeMap::new();
            for (at, cell) in self.cells.iter().enumerate() {
                cells.insert(cell.id.to_owned(), cell.show.cell(&row.get(at + BEFORE_CELLS)?, who));
            }
            let id = row.get(0)?;
            rows.push((Row { id, cells, actions: self.actions(who, &fact) }, Mark { time: row.get(2)?, id }));
        }
        Ok(rows)
    }

    fn actions(&self, who: &Who, fact: &str) -> Vec<String> {
        let fits = |action: &&Action| {
            action.place == Place::Row && who.may(&self.page.word(action.id)) && (self.allows)(fact, action.id)
        };
        self.page.actions.iter().filter(fits).map(|action| action.id.to_owned()).collect()
    }
}
