//! One page's list: paged, filtered, sorted, always within the company and the person's reach.

use super::{
    Answer, Who,
    cell::{Cell, Show},
    form, unknown,
};
use hutong_api::{
    catalogue::{Action, Page, Place},
    page::{ListReply, Row, RowReply},
};
use rusqlite::{Connection, params_from_iter, types::Value};
use std::collections::BTreeMap;

pub const DEFAULT_SIZE: u32 = 30;
pub const MAX_SIZE: u32 = 200;

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
}

/// How a filter's value narrows the list.
#[derive(Debug)]
pub enum By {
    /// Any of the expressions contains it (own words: names of campaigns, scripts …).
    Like(&'static [&'static str]),
    /// The same over texts about customers; with 号码隐藏 no digits may be searched for.
    CustomerText(&'static [&'static str]),
    Is(&'static str),
    From(&'static str),
    To(&'static str),
    /// Part of a number; with 号码隐藏 only a whole number, or digits could be found out one by one.
    Phone(&'static [&'static str]),
    /// Subquery around `{}`, matched by LIKE, over texts about customers.
    Within(&'static str),
}

/// The SQL behind a page.
#[derive(Debug)]
pub struct Source {
    pub page: &'static Page,
    /// Integer key; the default order is newest first by it.
    pub id: &'static str,
    pub from: &'static str,
    pub company: &'static str,
    /// Rows that exist: "1", or a condition such as "c.deleted IS NULL".
    pub keep: &'static str,
    /// Seat id expression that owns a row, for reaches but All; None = the whole company's.
    pub owner: Option<Owner>,
    pub cells: &'static [Cell],
    pub filters: &'static [(&'static str, By)],
    /// The form's present values.
    pub form: &'static [Cell],
    /// What `allows` decides by, e.g. a status.
    pub fact: &'static str,
    /// Whether a row of this fact takes this action now.
    pub allows: fn(fact: &str, action: &str) -> bool,
}

#[derive(Debug)]
pub struct Owner {
    pub owner: &'static str,
    /// The same for a reach of Own, where an index may help.
    pub own: &'static str,
}

/// For pages whose rows take every action at any time.
pub fn always(_fact: &str, _action: &str) -> bool {
    true
}

impl Source {
    pub fn list(&self, conn: &Connection, who: &Who, query: &Query) -> Answer<ListReply> {
        let size = if query.size == 0 { DEFAULT_SIZE } else { query.size.min(MAX_SIZE) };
        let page = query.page.max(1);
        let (condition, mut params) = self.condition(who, &query.filters)?;
        let total: i64 = conn
            .prepare_cached(&format!("SELECT count(*) FROM {} WHERE {condition}", self.from))?
            .query_row(params_from_iter(&params), |row| row.get(0))?;
        params.push(Value::Integer(size.into()));
        params.push(Value::Integer(i64::from(page - 1) * i64::from(size)));
        let tail = format!("ORDER BY {} LIMIT ?{} OFFSET ?{}", self.order(who, query), params.len() - 1, params.len());
        let rows = self.rows(conn, who, &condition, &tail, &params)?;
        Ok(ListReply { rows, total: u64::try_from(total).unwrap_or_default(), page, size })
    }

    /// The next rows below `below` (None = from the newest), for exports of any length in constant memory.
    pub fn chunk(
        &self,
        conn: &Connection,
        who: &Who,
        filters: &BTreeMap<String, String>,
        below: Option<i64>,
        size: u32,
    ) -> Answer<Vec<Row>> {
        let (mut condition, mut params) = self.condition(who, filters)?;
        if let Some(below) = below {
            params.push(Value::Integer(below));
            condition = format!("{condition} AND {} < ?{}", self.id, params.len());
        }
        self.rows(conn, who, &condition, &format!("ORDER BY {} DESC LIMIT {size}", self.id), &params)
    }

    /// Refused as unknown unless the row is the company's and within reach. Returns its fact.
    pub fn fact(&self, conn: &Connection, who: &Who, id: i64) -> Answer<String> {
        let (condition, params) = self.one(who, id)?;
        let sql = format!("SELECT {} FROM {} WHERE {condition}", self.fact, self.from);
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

    fn rows(&self, conn: &Connection, who: &Who, condition: &str, tail: &str, params: &[Value]) -> Answer<Vec<Row>> {
        let cells = self.cells.iter().map(|cell| cell.sql).collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT {}, {}, {cells} FROM {} WHERE {condition} {tail}", self.id, self.fact, self.from);
        let mut statement = conn.prepare_cached(&sql)?;
        let mut found = statement.query(params_from_iter(params))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let fact = Show::Plain.cell(&row.get(1)?, who);
            let mut cells = BTreeMap::new();
            for (at, cell) in self.cells.iter().enumerate() {
                cells.insert(cell.id.to_owned(), cell.show.cell(&row.get(at + 2)?, who));
            }
            rows.push(Row { id: row.get(0)?, cells, actions: self.actions(who, &fact) });
        }
        Ok(rows)
    }

    fn actions(&self, who: &Who, fact: &str) -> Vec<String> {
        let fits = |action: &&Action| {
            action.place == Place::Row && who.may(&self.page.word(action.id)) && (self.allows)(fact, action.id)
        };
        self.page.actions.iter().filter(fits).map(|action| action.id.to_owned()).collect()
    }

    /// Only columns of the page may be sorted by, and not by a number the reader may not see.
    fn order(&self, who: &Who, query: &Query) -> String {
        let sort = query.sort.as_deref().unwrap_or_default();
        let (id, direction) = match sort.strip_prefix('-') {
            Some(id) => (id, "DESC"),
            None => (sort, "ASC"),
        };
        let hidden = |show: Show| who.hide_numbers && matches!(show, Show::Phone | Show::Text);
        match self.cells.iter().find(|cell| cell.id == id && !hidden(cell.show)) {
            Some(cell) => format!("{} {direction}, {} DESC", cell.sql, self.id),
            None => format!("{} DESC", self.id),
        }
    }

    fn one(&self, who: &Who, id: i64) -> Answer<(String, Vec<Value>)> {
        let (condition, mut params) = self.condition(who, &BTreeMap::new())?;
        params.push(Value::Integer(id));
        Ok((format!("{condition} AND {} = ?{}", self.id, params.len()), params))
    }

    fn condition(&self, who: &Who, filters: &BTreeMap<String, String>) -> Answer<(String, Vec<Value>)> {
        let mut params = vec![Value::Integer(who.company.0)];
        let mut parts = vec![format!("{} = ?1", self.company), self.keep.to_owned()];
        if let Some(owner) = &self.owner {
            parts.push(who.reaches(owner.owner, owner.own, &mut params));
        }
        for (id, by) in self.filters {
            let value = filters.get(*id).map_or("", |value| value.trim());
            if !value.is_empty() {
                parts.push(by.condition(id, value, self.page, who, &mut params)?);
            }
        }
        Ok((parts.join(" AND "), params))
    }
}

impl By {
    fn condition(&self, id: &str, value: &str, page: &Page, who: &Who, params: &mut Vec<Value>) -> Answer<String> {
        let mut bind = |value: Value| {
            params.push(value);
            format!("?{}", params.len())
        };
        let probes = who.hide_numbers && value.chars().filter(char::is_ascii_digit).count() > 4;
        Ok(match self {
            By::CustomerText(_) | By::Within(_) if probes => "0".to_owned(),
            By::Like(exprs) | By::CustomerText(exprs) => {
                let at = bind(Value::Text(contains(value)));
                any(exprs, |expr| format!("{expr} LIKE {at} ESCAPE '\\'"))
            }
            By::Within(query) => {
                let at = bind(Value::Text(contains(value)));
                query.replace("{}", &format!("LIKE {at} ESCAPE '\\'"))
            }
            By::Is(expr) => match value.parse() {
                Ok(number) => format!("{expr} = {}", bind(Value::Integer(number))),
                Err(_) => format!("{expr} = {}", bind(Value::Text(value.to_owned()))),
            },
            By::From(expr) => {
                let at =
                    form::moment(value, &who.zone, false).ok_or_else(|| form::bad(page, "filter", id, who.lang))?;
                format!("{expr} >= {}", bind(Value::Integer(at)))
            }
            By::To(expr) => {
                let at = form::moment(value, &who.zone, true).ok_or_else(|| form::bad(page, "filter", id, who.lang))?;
                format!("{expr} < {}", bind(Value::Integer(at)))
            }
            By::Phone(exprs) => {
                let digits = form::digits(value);
                if who.hide_numbers || digits.len() >= 11 {
                    let at = bind(Value::Text(digits));
                    any(exprs, |expr| format!("{expr} = {at}"))
                } else {
                    let at = bind(Value::Text(contains(&digits)));
                    any(exprs, |expr| format!("{expr} LIKE {at} ESCAPE '\\'"))
                }
            }
        })
    }
}

fn any(exprs: &[&str], one: impl Fn(&str) -> String) -> String {
    format!("({})", exprs.iter().map(|expr| one(expr)).collect::<Vec<_>>().join(" OR "))
}

fn contains(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}
