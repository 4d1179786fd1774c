//! The filter line of 客户资料: `谢`, `138`, `归属人:8004 分类:意向 更新>06-01`.

use crate::state::State;
use hutong_api::{
    catalogue::{FilterView, Kind, PageView},
    page::Choice,
};
use std::collections::BTreeMap;

/// The page's filters, or a sentence that says which word is not understood.
pub fn parse(state: &State, view: &PageView, text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut out = BTreeMap::new();
    for word in text.split_whitespace() {
        let (filter, value) = match word.char_indices().skip(1).find(|(_, c)| ":：=><＞＜".contains(*c)) {
            Some((at, op)) => named(state, view, &word[..at], op, &word[at + op.len_utf8()..])?,
            None => bare(view, word).ok_or_else(|| state.fill("query.none", &[("word", word)]))?,
        };
        out.insert(filter, value);
    }
    Ok(out)
}

/// A number is looked for among numbers, anything else among names.
fn bare(view: &PageView, word: &str) -> Option<(String, String)> {
    let number = word.chars().all(|c| c.is_ascii_digit() || "+-*".contains(c));
    let kind = if number { Kind::Phone } else { Kind::Text };
    let named = view.filters.iter().find(|f| f.id == "name" && f.kind == kind);
    let filter = named.or_else(|| view.filters.iter().find(|f| f.kind == kind))?;
    Some((filter.id.clone(), word.to_owned()))
}

fn named(state: &State, view: &PageView, name: &str, op: char, value: &str) -> Result<(String, String), String> {
    let end = match op {
        '>' | '＞' => "_from",
        '<' | '＜' => "_to",
        _ => "",
    };
    let fits = |f: &&FilterView| f.id.ends_with(end) && (end.is_empty() || date(f.kind));
    let known = || view.filters.iter().filter(fits);
    let name_is = |f: &&FilterView| f.title.eq_ignore_ascii_case(name) || f.id == name;
    let holds = |f: &&FilterView| f.title.to_lowercase().contains(&name.to_lowercase()) || f.id.starts_with(name);
    let Some(filter) = known().find(name_is).or_else(|| known().find(holds)) else {
        let titles: Vec<&str> = view.filters.iter().map(|f| f.title.as_str()).collect();
        return Err(state.fill("query.unknown", &[("word", name), ("known", &titles.join("、"))]));
    };
    let value = match filter.kind {
        Kind::Select | Kind::Choices | Kind::YesNo => choice(state, view, filter, value)?,
        kind if date(kind) => {
            let day = day(state, value).ok_or_else(|| state.fill("query.date", &[("word", value)]))?;
            match (kind, end) {
                (Kind::Date, _) => day,
                (_, "_to") => format!("{day} 23:59:59"),
                _ => format!("{day} 00:00:00"),
            }
        }
        _ => value.to_owned(),
    };
    Ok((filter.id.clone(), value))
}

fn date(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::DateTime)
}

fn choice(state: &State, view: &PageView, filter: &FilterView, value: &str) -> Result<String, String> {
    let yes_no = super::pages::yes_no(state);
    let choices: &[Choice] = match state.options.get(&(view.id.clone(), filter.id.clone())) {
        Some(fetched) => fetched,
        None if filter.kind == Kind::YesNo => &yes_no,
        None => &filter.choices,
    };
    let lower = value.to_lowercase();
    let exact = choices.iter().find(|c| c.label == value || c.value == value);
    let mut likely = choices.iter().filter(|c| c.label.to_lowercase().contains(&lower));
    match (exact, likely.next(), likely.next()) {
        (Some(found), _, _) | (None, Some(found), None) => Ok(found.value.clone()),
        (None, Some(a), Some(b)) => {
            let both = format!("{}、{}", a.label, b.label);
            Err(state.fill("query.several", &[("word", value), ("found", &both)]))
        }
        _ => Err(state.fill("query.choice", &[("word", value), ("filter", &filter.title)])),
    }
}

/// `06-01` is of this year.
fn day(state: &State, value: &str) -> Option<String> {
    let year = jiff::Timestamp::from_millisecond(state.service_now()).ok()?.to_zoned(state.zone.clone()).year();
    let parts: Vec<i16> = value.split(['-', '/', '.']).map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let date = match parts[..] {
        [month, day] => jiff::civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?),
        [year, month, day] => jiff::civil::Date::new(year, month.try_into().ok()?, day.try_into().ok()?),
        _ => return None,
    };
    Some(date.ok()?.to_string())
}
