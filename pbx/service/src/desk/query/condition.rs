//! Which rows: those of the company, within the person's reach, that the filters find.

use super::Source;
use super::walk::pruned;
use crate::desk::{Answer, Who, cell::is_digit, form};
use rusqlite::types::Value;
use std::collections::BTreeMap;

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

#[derive(Debug)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) params: Vec<Value>,
    /// It names one number, which an index finds.
    pub(super) exact: bool,
    /// An index may find the rows.
    pub(super) finds: bool,
    /// Texts are looked through.
    pub(super) scans: bool,
}

impl Condition {
    /// A plus keeps the planner from walking all rows in order where it can look up a few.
    pub(super) fn plus(&self) -> &'static str {
        if self.exact { "+" } else { "" }
    }
}

impl Source<'_> {
    pub(super) fn one(&self, who: &Who, id: i64) -> Answer<(String, Vec<Value>)> {
        let Condition { text, mut params, .. } = self.condition(who, &BTreeMap::new())?;
        params.push(Value::Integer(id));
        Ok((format!("{} = ?1 AND {text} AND {} = ?{}", self.company, self.id, params.len()), params))
    }

    /// Everything but the company itself, whose id is the first parameter.
    pub(super) fn condition(&self, who: &Who, filters: &BTreeMap<String, String>) -> Answer<Condition> {
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

/// A number is searched for as a whole when it is a mobile's length, or when the reader may not see numbers.
fn whole(digits: &str, who: &Who) -> bool {
    who.hide_numbers || (digits.len() == 11 && digits.starts_with('1'))
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
