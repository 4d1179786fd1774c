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
    /// A text about customers inside a JSON object, which is only taken apart where the object has the words at all.
    InJson {
        json: &'a str,
        text: &'a str,
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
        let numbers = self.filters.iter().filter(|(_, by)| matches!(by, By::Phone { .. }));
        let typed = numbers.filter_map(|(id, _)| filters.get(*id)).map(|typed| form::digits(typed));
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

    /// Whatever has to look at most rows goes through the table by its key, backwards: by any index each row would cost a
    /// search of its own. What an index can find or order is left to the planner.
    fn walk(&self, who: &Who, query: &Query, found: &Condition) -> Walk {
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
        let (mut exact, mut finds, mut scans) = (false, false, false);
        for (id, by) in self.filters {
            let value = filters.get(*id).map_or("", |value| value.trim());
            if !value.is_empty() {
                parts.push(by.condition(id, value, self, who, &mut params)?);
                let number = matches!(by, By::Phone { .. }) && whole(&form::digits(value), who);
                exact |= number;
                finds |= number || matches!(by, By::Is(_) | By::From(_) | By::To(_));
                scans |= !number
                    && matches!(
                        by,
                        By::Like(_) | By::CustomerText(_) | By::InJson { .. } | By::Among(_) | By::Phone { .. }
                    );
            }
        }
        Ok(Condition { text: parts.join(" AND "), params, exact, finds, scans })
    }
}

impl Source<'_> {
    /// Rows with this whole number in one of the columns: each column is looked up by an index of its own, which the planner
    /// does not do for columns joined by OR.
    fn numbered(&self, of: &[&str], at: &str) -> String {
        let one = |expr: &&str| {
            let condition = format!("{} = ?1 AND {} AND {expr} = {at} AND {expr} <> ''", self.company, self.keep);
            format!("SELECT {} FROM {} WHERE {condition}", self.id, pruned(self.from, &condition))
        };
        match of {
            [expr] => format!("({expr} = {at})"),
            _ => format!("{} IN ({})", self.id, of.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ")),
        }
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
    /// An index may find the rows.
    finds: bool,
    /// Texts are looked through.
    scans: bool,
}

impl Condition {
    /// A plus keeps the planner from walking all rows in order where it can look up a few.
    fn plus(&self) -> &'static str {
        if self.exact { "+" } else { "" }
    }
}

/// The way through the rows.
#[derive(Debug)]
struct Walk {
    order: String,
    company: String,
    by_key: bool,
    /// Newest first.
    natural: bool,
}

/// A number is searched for as a whole when it is a mobile's length, or when the reader may not see numbers.
fn whole(digits: &str, who: &Who) -> bool {
    who.hide_numbers || (digits.len() == 11 && digits.starts_with('1'))
}

/// `from` without the left joins whose alias `used` does not name. They join by a key, so no row is lost or doubled.
fn pruned(from: &str, used: &str) -> String {
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

impl By<'_> {
    fn condition(
        &self,
        id: &str,
        value: &str,
        source: &Source<'_>,
        who: &Who,
        params: &mut Vec<Value>,
    ) -> Answer<String> {
        let page = source.page;
        let mut bind = |value: Value| {
            params.push(value);
            format!("?{}", params.len())
        };
        // Even two digits at a time, a number in a note could be put together piece by piece.
        let digits = value.chars().filter(|c| is_digit(*c)).count();
        let probes = who.hide_numbers && (digits > 1 || value.chars().any(char::is_numeric));
        Ok(match self {
            By::CustomerText(_) | By::InJson { .. } | By::Within(_) if probes => "0".to_owned(),
            By::Like(exprs) | By::CustomerText(exprs) => {
                let at = bind(Value::Text(contains(value)));
                any(exprs, |expr| format!("{expr} LIKE {at} ESCAPE '\\'"))
            }
            By::InJson { json, text } => {
                let at = bind(Value::Text(contains(value)));
                // Quotes and backslashes are written otherwise there.
                let rough =
                    if value.contains(['"', '\\']) { "1".into() } else { format!("{json} LIKE {at} ESCAPE '\\'") };
                format!("({rough} AND {text} LIKE {at} ESCAPE '\\')")
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
                    source.numbered(of, &at)
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
        let chain = "a x LEFT JOIN seat s ON s.id = x.seat_id LEFT JOIN department d ON d.id = s.department_id";
        assert_eq!(pruned(chain, "d.name"), chain);
    }

    /// Lists must be answered from an index: a million calls are no reason to wait (F68).
    #[test]
    fn newest_calls_are_walked_in_order_and_counted_without_sorting() {
        let conn = sample::database();
        for reach in ["admin", "supervisor", "manager"] {
            let who = sample::who(1, reach);
            let source = page::source("calls").unwrap();
            let found = source.condition(&who, &BTreeMap::new()).unwrap();
            let walk = source.walk(&who, &Query::default(), &found);
            let order = &walk.order;
            let from = pruned(source.from, &format!("{} {order}", found.text));
            assert_eq!(from, "cdr c", "{reach}");
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT c.call_id FROM {from} WHERE {} AND {} ORDER BY {order} LIMIT 30",
                walk.company, found.text
            );
            let mut statement = conn.prepare(&sql).unwrap();
            let plan: Vec<String> =
                statement.query_map(params_from_iter(&found.params), |row| row.get(3)).unwrap().flatten().collect();
            assert!(plan[0].contains("INDEX cdr_company"), "{plan:?}");
            assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
        }
    }

    /// A million customers: the newest are walked in order, whatever the company has added.
    #[test]
    fn newest_customers_are_walked_in_order_with_a_companys_own_fields() {
        let conn = sample::database();
        let add = "INSERT INTO customer_field (company_id, name, kind, length, width, position) VALUES (1, '车牌', 'field_text', 9, 150, 15)";
        conn.execute(add, []).unwrap();
        let who = sample::who(1, "admin");
        let plan = page::with(&conn, &who, "customers", |source| {
            assert!(source.cells.iter().any(|cell| cell.sql.contains("json_extract")));
            let found = source.condition(&who, &BTreeMap::new())?;
            let Walk { order, company, .. } = source.walk(&who, &Query::default(), &found);
            let from = pruned(source.from, &format!("{} {order}", found.text));
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT c.id FROM {from} WHERE {company} AND {} ORDER BY {order} LIMIT 30",
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

    fn many(conn: &Connection, rows: u32) {
        let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
            INSERT INTO customer (company_id, mobile, name, category, owner_id, created, updated)
            SELECT 1, 15400100000 + i, 'n' || i, 'c' || i % 7, 4, 1000 + i / 10, 0 FROM n";
        conn.execute(sql, [rows]).unwrap();
    }

    fn asked(sort: Option<&str>, filters: &[(&str, &str)]) -> Query {
        let filters = filters.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
        Query { sort: sort.map(str::to_owned), filters, ..Query::default() }
    }

    #[test]
    fn rows_are_counted_up_to_ten_thousand_unless_asked_exactly() {
        let conn = sample::database();
        many(&conn, 10_005);
        let (who, source) = (sample::who(1, "admin"), page::source("customers").unwrap());
        let list = |query: &Query| source.list(&conn, &who, query).unwrap();
        let first = list(&Query::default());
        assert_eq!((first.total, first.more, first.rows.len()), (10_000, true, 30));
        assert_eq!(first.rows[0].cells["name"], "n10005");
        let exact = list(&Query { exact: true, ..Query::default() });
        assert_eq!((exact.total, exact.more), (10_006, false));
        let few = list(&asked(None, &[("name", "n1234")]));
        assert_eq!((few.total, few.more), (1, false));
        // Pages join up, also behind what one walk looks at.
        let at = |page, size| list(&Query { page, size, ..Query::default() }).rows;
        let name = |row: &Row| row.cells["name"].clone();
        assert_eq!(name(&at(333, 30)[29]), name(&at(9_990, 1)[0]));
        assert_eq!(at(10_006, 1).len(), 1);
        assert_eq!(at(10_007, 1).len(), 0);
        assert_eq!(list(&asked(Some("name"), &[])).rows[0].cells["name"], "=甲");
        let far = Query { page: 51, size: 200, ..asked(Some("name"), &[]) };
        match source.list(&conn, &who, &far) {
            Err(crate::desk::Fault::Refused(refusal)) => assert_eq!(refusal.code, "list.sorted_too_far"),
            other => panic!("{other:?}"),
        }
        let by_time = Query { page: 51, size: 200, ..asked(Some("created"), &[]) };
        assert!(source.list(&conn, &who, &by_time).is_err(), "oldest first is a sort as any other");
        assert_eq!(list(&Query { page: 51, size: 200, ..asked(Some("-created"), &[]) }).rows.len(), 6);
    }

    /// The ways that keep a million customers below the figures of the bench.
    #[test]
    fn filters_of_customers_go_by_their_index_and_texts_by_the_key() {
        let conn = sample::database();
        let source = page::source("customers").unwrap();
        let plan = |role: &str, query: &Query| {
            let who = sample::who(1, role);
            let found = source.condition(&who, &query.filters).unwrap();
            let walk = source.walk(&who, query, &found);
            let from = pruned(source.from, &format!("{} {}", found.text, walk.order));
            let sql = format!(
                "EXPLAIN QUERY PLAN SELECT c.id FROM {from} WHERE {} AND {} ORDER BY {} LIMIT 30",
                walk.company, found.text, walk.order
            );
            let mut statement = conn.prepare(&sql).unwrap();
            let plan: Vec<String> =
                statement.query_map(params_from_iter(&found.params), |row| row.get(3)).unwrap().flatten().collect();
            plan.join("\n")
        };
        let sorts = |plan: &str| plan.contains("TEMP B-TREE");
        for (filter, index) in [
            (None, "customer_created"),
            (Some(("created_from", "2026-06-10")), "customer_created"),
            (Some(("owner", "4")), "customer_owner"),
            (Some(("category", "意向")), "customer_category"),
            (Some(("project", "项目")), "customer_project"),
        ] {
            let plan = plan("admin", &asked(None, filter.as_slice()));
            assert!(plan.contains(&format!("INDEX {index} ")) && !sorts(&plan), "{filter:?}: {plan}");
        }
        let number = plan("admin", &asked(None, &[("mobile", "15400000001")]));
        assert!(number.contains("customer_mobile") && number.contains("customer_landline"), "{number}");
        for filter in [("name", "甲"), ("organisation", "x"), ("mobile", "0001")] {
            let plan = plan("admin", &asked(None, &[filter]));
            assert!(plan.starts_with("SCAN c") && !plan.starts_with("SCAN c USING") && !sorts(&plan), "{plan}");
        }
        let own = plan("agent", &asked(None, &[("name", "甲")]));
        assert!(own.contains("INDEX customer_owner ") && !sorts(&own), "{own}");
    }
}
