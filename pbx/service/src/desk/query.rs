//! One page's list: paged, filtered, sorted, always within the company and the person's reach.

use super::{
    Answer, Reach, Saved, Who, bulk,
    cell::{Cell, Show, is_digit},
    form::{self, Values},
    overlay::Overlay,
    unknown,
};
use hutong_api::{
    Refusal,
    catalogue::{Action, Page, Place},
    page::{ListReply, Row, RowReply},
};
use rusqlite::{Connection, Transaction, params_from_iter, types::Value};
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
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Any of the expressions contains it (own words: names of campaigns, scripts …).
    Like(&'a [&'a str]),
    /// The same over texts about customers; with 号码隐藏 no digits may be searched for.
    CustomerText(&'a [&'a str]),
    Is(&'a str),
    /// Several choices with commas between, this one among them.
    Among(&'a str),
    From(&'a str),
    To(&'a str),
    /// Part of a number, of a customer (`of`) or of ours (`or`). A whole mobile is looked up among customers' only; with
    /// 号码隐藏 nothing but a whole number is, or digits could be found out one by one.
    Phone {
        of: &'a [&'a str],
        or: &'a [&'a str],
    },
    /// Subquery around `{}`, matched by LIKE, over texts about customers.
    Within(&'a str),
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
    /// The seat id a reach of Own is compared with.
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

    /// Ids are found first, by an index and without joins, and only one page of rows is put together: with a million
    /// calls that is the difference between milliseconds and ten seconds.
    pub fn list(&self, conn: &Connection, who: &Who, query: &Query) -> Answer<ListReply> {
        let size = if query.size == 0 { DEFAULT_SIZE } else { query.size.min(MAX_SIZE) };
        let page = query.page.max(1);
        let found = self.condition(who, &query.filters)?;
        let total = self.count(conn, &found)?;
        let order = self.order(who, query, &found);
        let Condition { mut params, text, .. } = found;
        params.push(Value::Integer(size.into()));
        params.push(Value::Integer(i64::from(page - 1) * i64::from(size)));
        let from = pruned(self.from, &format!("{text} {order}"));
        let ids = format!(
            "{id} IN (SELECT {id} FROM {from} WHERE {company} AND {text} ORDER BY {order} LIMIT ?{limit} OFFSET ?{offset})",
            id = self.id,
            company = self.walk(who, query),
            limit = params.len() - 1,
            offset = params.len(),
        );
        let rows = self.rows(conn, who, &ids, &format!("ORDER BY {order}"), &params)?;
        let rows = rows.into_iter().map(|(row, _)| row).collect();
        Ok(ListReply { rows, total, page, size, more: false, notes: (self.notes)(conn, who)? })
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

    /// Counts in the order of time: the rows then come from the disk in the order they lie there.
    fn count(&self, conn: &Connection, found: &Condition) -> Answer<u64> {
        let from = pruned(self.from, &found.text);
        let condition = format!("{} = ?1 AND {}", self.company, found.text);
        let sql = match self.time {
            Some(_) if !found.exact => {
                let newest = self.newest("");
                format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {condition} ORDER BY {newest} LIMIT -1)")
            }
            _ => format!("SELECT count(*) FROM {from} WHERE {condition}"),
        };
        let total: i64 = conn.prepare_cached(&sql)?.query_row(params_from_iter(&found.params), |row| row.get(0))?;
        Ok(u64::try_from(total).unwrap_or_default())
    }

    /// The company's rows: by the key's own order where there is no better one and nothing to look up.
    fn walk(&self, who: &Who, query: &Query) -> String {
        let plus = self.time.is_none() && who.reach == Reach::All && query.filters.is_empty();
        format!("{}{} = ?1", if plus { "+" } else { "" }, self.company)
    }

    fn newest(&self, plus: &str) -> String {
        match self.time {
            Some(time) => format!("{plus}{time} DESC, {plus}{} DESC", self.id),
            None => format!("{} DESC", self.id),
        }
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

    /// Only columns of the page may be sorted by, and not by a number the reader may not see.
    fn order(&self, who: &Who, query: &Query, found: &Condition) -> String {
        let sort = query.sort.as_deref().unwrap_or_default();
        let (id, direction) = match sort.strip_prefix('-') {
            Some(id) => (id, "DESC"),
            None => (sort, "ASC"),
        };
        let hidden = |show: Show| who.hide_numbers && matches!(show, Show::Phone | Show::Text);
        match self.cells.iter().find(|cell| cell.id == id && !hidden(cell.show)) {
            Some(cell) if self.time == Some(cell.sql) => format!("{} {direction}, {} {direction}", cell.sql, self.id),
            Some(cell) => format!("{} {direction}, {} DESC", cell.sql, self.id),
            // A plus keeps the planner from walking all rows in order where it can look up a few.
            None => self.newest(if found.exact { "+" } else { "" }),
        }
    }

    fn one(&self, who: &Who, id: i64) -> Answer<(String, Vec<Value>)> {
        let Condition { text, mut params, .. } = self.condition(who, &BTreeMap::new())?;
        params.push(Value::Integer(id));
        Ok((format!("{} = ?1 AND {text} AND {} = ?{}", self.company, self.id, params.len()), params))
    }

    /// Everything but the company itself, whose id is the first parameter.
    fn condition(&self, who: &Who, filters: &BTreeMap<String, String>) -> Answer<Condition> {
        let mut params = vec![Value::Integer(who.company.0)];
        let mut parts = vec![self.keep.to_owned()];
        if let Some(owner) = &self.owner {
            parts.push(who.reaches(owner.within, owner.own, &mut params));
        }
        let mut exact = false;
        for (id, by) in self.filters {
            let value = filters.get(*id).map_or("", |value| value.trim());
            if !value.is_empty() {
                parts.push(by.condition(id, value, self.page, who, &mut params)?);
                exact |= matches!(by, By::Phone { .. }) && whole(&form::digits(value), who);
            }
        }
        Ok(Condition { text: parts.join(" AND "), params, exact })
    }
}

/// Where a chunk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    time: i64,
    id: i64,
}

#[derive(Debug)]
struct Condition {
    text: String,
    params: Vec<Value>,
    /// It names one number, which an index finds.
    exact: bool,
}

/// A number is searched for as a whole when it is a mobile's length, or when the reader may not see numbers.
fn whole(digits: &str, who: &Who) -> bool {
    who.hide_numbers || (digits.len() == 11 && digits.starts_with('1'))
}

/// `from` without the left joins whose alias `used` does not name. They join by a key, so no row is lost or doubled.
fn pruned(from: &str, used: &str) -> String {
    let mut joins = from.split(" LEFT JOIN ");
    let mut out = joins.next().unwrap_or_default().to_owned();
    for join in joins {
        if join.split_whitespace().nth(1).is_some_and(|alias| names(used, alias)) {
            out.push_str(" LEFT JOIN ");
            out.push_str(join);
        }
    }
    out
}

fn names(text: &str, alias: &str) -> bool {
    let column = format!("{alias}.");
    text.match_indices(&column).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

impl By<'_> {
    fn condition(&self, id: &str, value: &str, page: &Page, who: &Who, params: &mut Vec<Value>) -> Answer<String> {
        let mut bind = |value: Value| {
            params.push(value);
            format!("?{}", params.len())
        };
        // Even two digits at a time, a number in a note could be put together piece by piece.
        let digits = value.chars().filter(|c| is_digit(*c)).count();
        let probes = who.hide_numbers && (digits > 1 || value.chars().any(char::is_numeric));
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
            By::Among(expr) => {
                format!("instr(',' || {expr} || ',', ',' || {} || ',') > 0", bind(Value::Text(value.to_owned())))
            }
            By::From(expr) => {
                let at =
                    form::moment(value, &who.zone, false).ok_or_else(|| form::bad(page, "filter", id, who.lang))?;
                format!("{expr} >= {}", bind(Value::Integer(at)))
            }
            By::To(expr) => {
                let at = form::moment(value, &who.zone, true).ok_or_else(|| form::bad(page, "filter", id, who.lang))?;
                format!("{expr} < {}", bind(Value::Integer(at)))
            }
            By::Phone { of, or } => {
                let digits = form::digits(value);
                if whole(&digits, who) {
                    let at = bind(Value::Text(digits));
                    any(of, |expr| format!("{expr} = {at}"))
                } else {
                    let at = bind(Value::Text(contains(&digits)));
                    let all: Vec<&str> = of.iter().chain(or.iter()).copied().collect();
                    any(&all, |expr| format!("{expr} LIKE {at} ESCAPE '\\'"))
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
#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::{page, sample};
    use hutong_api::catalogue;

    #[test]
    fn joins_nobody_needs_are_left_out() {
        let from = "cdr c LEFT JOIN campaign k ON k.id = c.campaign_id LEFT JOIN seat s ON s.id = c.seat_id";
        assert_eq!(pruned(from, "c.company_id = ?1"), "cdr c");
        assert_eq!(pruned(from, "k.name LIKE ?2"), "cdr c LEFT JOIN campaign k ON k.id = c.campaign_id");
        assert_eq!(pruned(from, "(SELECT ss.id FROM seat ss)"), "cdr c");
        assert_eq!(pruned(from, "k.name = s.name"), from);
    }

    /// Lists must be answered from an index: a million calls are no reason to wait (F68).
    #[test]
    fn newest_calls_are_walked_in_order_and_counted_without_sorting() {
        let conn = sample::database();
        for reach in ["admin", "supervisor", "manager"] {
            let who = sample::who(1, reach);
            let source = page::source("calls").unwrap();
            let found = source.condition(&who, &BTreeMap::new()).unwrap();
            let order = source.order(&who, &Query::default(), &found);
            let from = pruned(source.from, &format!("{} {order}", found.text));
            assert_eq!(from, "cdr c", "{reach}");
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT c.call_id FROM {from} WHERE {} AND {} ORDER BY {order} LIMIT 30",
                source.walk(&who, &Query::default()),
                found.text
            );
            let mut statement = conn.prepare(&sql).unwrap();
            let plan: Vec<String> =
                statement.query_map(params_from_iter(&found.params), |row| row.get(3)).unwrap().flatten().collect();
            assert!(plan[0].contains("INDEX cdr_company"), "{plan:?}");
            assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
        }
    }

    /// A million customers: the newest are walked in the key's order, whatever the company has added.
    #[test]
    fn newest_customers_are_walked_in_order_with_a_companys_own_fields() {
        let conn = sample::database();
        let add = "INSERT INTO customer_field (company_id, name, kind, length, width, position) VALUES (1, '车牌', 'field_text', 9, 150, 15)";
        conn.execute(add, []).unwrap();
        let who = sample::who(1, "admin");
        let plan = page::with(&conn, &who, "customers", |source| {
            assert!(source.cells.iter().any(|cell| cell.sql.contains("json_extract")));
            let found = source.condition(&who, &BTreeMap::new())?;
            let order = source.order(&who, &Query::default(), &found);
            let from = pruned(source.from, &format!("{} {order}", found.text));
            let walk = source.walk(&who, &Query::default());
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT c.id FROM {from} WHERE {walk} AND {} ORDER BY {order} LIMIT 30",
                found.text
            );
            let mut statement = conn.prepare(&sql)?;
            let plan = statement.query_map(params_from_iter(&found.params), |row| row.get::<_, String>(3))?;
            Ok(plan.flatten().collect::<Vec<_>>())
        });
        let plan = plan.unwrap();
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
    }

    #[test]
    fn chunks_join_up_to_the_whole_list_on_every_page() {
        let conn = sample::database();
        let who = sample::who(1, "admin");
        for page in catalogue::all() {
            let source = page::source(page.id).unwrap();
            let all: Vec<i64> =
                source.list(&conn, &who, &Query::default()).unwrap().rows.iter().map(|r| r.id).collect();
            let (mut joined, mut after) = (Vec::new(), None);
            loop {
                let (rows, mark) = source.chunk(&conn, &who, &BTreeMap::new(), after, 2).unwrap();
                joined.extend(rows.iter().map(|row| row.id));
                match mark {
                    Some(_) => after = mark,
                    None => break,
                }
            }
            assert_eq!(joined, all, "{}", page.id);
        }
    }
}
