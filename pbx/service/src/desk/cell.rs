//! From a stored value to the text of a cell: translated, in company time, masked where the reader may not see numbers.

use super::{Who, deed};
use hutong_api::{
    CallState, Micro, Phone,
    board::{progress_percent, rate_text},
    catalogue::Permissions,
    texts::{fill, text},
};
use jiff::tz::TimeZone;
use rusqlite::types::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Typed by people about customers: numbers in it are hidden with 号码隐藏.
    Text,
    /// Our own words, as they are.
    Plain,
    /// A customer's telephone number.
    Phone,
    /// Epoch ms → yyyy-mm-dd hh:mm:ss.
    Time,
    /// Seconds → hh:mm:ss.
    Duration,
    /// Micro-yuan → three decimals.
    Money,
    /// 0/1 → 否/是.
    YesNo,
    /// 0/1 → "false"/"true", for forms.
    Flag,
    /// A code of `catalogue.choice.*`.
    Choice,
    /// A word of `call.<area>.*`.
    Call(&'static str),
    /// "@key" is a text key, anything else is itself.
    KeyOrText,
    /// As `Text`, but "@key" is a text key of ours (why somebody is on the blocklist).
    Reason,
    /// "rule|value|at|until" of a number → one sentence (X5).
    Why,
    /// "answered/dialled" → 接通率.
    Rate,
    /// "dialled/total" → 执行进度.
    Progress,
    /// "action object" of the audit → the button as it is called.
    Deed,
    /// "seats:4" of the audit → the page's title and the row.
    Object,
    /// A role's JSON words → every word it allows, with a comma between.
    Words,
    /// "micro/seconds" → price per increment with its unit (D1).
    Price,
}

/// A column or form field of a page: its id and the SQL expression behind it.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub id: &'a str,
    pub sql: &'a str,
    pub show: Show,
}

pub const fn cell<'a>(id: &'a str, show: Show, sql: &'a str) -> Cell<'a> {
    Cell { id, sql, show }
}

impl Show {
    pub fn cell(self, value: &Value, who: &Who) -> String {
        let raw = match value {
            Value::Null => return String::new(),
            Value::Integer(n) => n.to_string(),
            Value::Real(x) => x.to_string(),
            Value::Text(text) => text.clone(),
            Value::Blob(_) => return String::new(),
        };
        let number = || raw.parse::<i64>().unwrap_or_default();
        match self {
            Show::Reason => match raw.strip_prefix("@call.opt_out.") {
                Some(how) => text(who.lang, &format!("call.opt_out.{how}")).to_owned(),
                None => Show::Text.cell(value, who),
            },
            Show::Why => why(&raw, who),
            Show::Text if who.hide_numbers => scrub(&raw),
            Show::Text | Show::Plain => raw,
            Show::Phone if who.hide_numbers => mask(&raw),
            Show::Phone => raw,
            Show::Time => time(number(), &who.zone),
            Show::Duration => duration(number()),
            Show::Money => Micro(number()).to_string(),
            Show::YesNo => {
                text(who.lang, if number() != 0 { "catalogue.cell.yes" } else { "catalogue.cell.no" }).into()
            }
            Show::Flag => (number() != 0).to_string(),
            Show::Choice if raw.is_empty() => raw,
            Show::Choice => text(who.lang, &format!("catalogue.choice.{raw}")).to_owned(),
            Show::Call(area) => text(who.lang, &format!("call.{area}.{raw}")).to_owned(),
            Show::KeyOrText => raw.strip_prefix('@').map_or_else(|| raw.clone(), |key| text(who.lang, key).to_owned()),
            Show::Rate => pair(&raw, rate_text),
            Show::Progress => pair(&raw, |dialled, total| format!("{}%", progress_percent(dialled, total))),
            Show::Deed => {
                let (action, object) = raw.split_once(' ').unwrap_or((&raw, ""));
                deed::action(who.lang, action, object)
            }
            Show::Object => deed::object(who.lang, &raw),
            Show::Words => Permissions::from_json(&raw).list().join(","),
            Show::Price => price(&raw, who),
        }
    }
}

/// yyyy-mm-dd hh:mm:ss in the company's zone.
pub fn time(epoch_ms: i64, zone: &TimeZone) -> String {
    match jiff::Timestamp::from_millisecond(epoch_ms) {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => String::new(),
    }
}

/// hh:mm:ss.
pub fn duration(seconds: i64) -> String {
    let s = seconds.max(0);
    format!("{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// A number as a seat with 号码隐藏 sees it, also where it is no well-formed number.
pub fn mask(number: &str) -> String {
    match Phone::from_digits(number) {
        Some(phone) => phone.masked(),
        None => scrub(number),
    }
}

/// Masks every run of seven or more digits inside a text, also runs broken by spaces, dashes or brackets and full-width digits.
pub fn scrub(text: &str) -> String {
    const SHORTEST: usize = 7;
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while at < chars.len() {
        let (end, digits) = run(&chars, at);
        if digits >= SHORTEST {
            out.push_str("****");
        } else if end > at {
            out.extend(&chars[at..end]);
        } else {
            out.push(chars[at]);
        }
        at = end.max(at + 1);
    }
    out
}

/// The run of digits and the separators between them that begins at `from`: its end and how many digits it has.
fn run(chars: &[char], from: usize) -> (usize, usize) {
    let (mut end, mut digits) = (from, 0);
    for (at, c) in chars.iter().enumerate().skip(from) {
        if is_digit(*c) {
            digits += 1;
            end = at + 1;
        } else if digits == 0 || !separates(*c) {
            break;
        }
    }
    (end, digits)
}

/// What people put between the digits of a number: space, punctuation and signs that are not seen.
fn separates(c: char) -> bool {
    const SIGNS: &str = "-.()（）_/\\,，、·‧•~～#+＋|｜:：;；'\"‐‑‒–—―−－．／[]【】";
    const UNSEEN: &str = "\u{ad}\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{2060}\u{feff}";
    c.is_whitespace() || c.is_control() || SIGNS.contains(c) || UNSEEN.contains(c) || bidi(c)
}

fn bidi(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A digit of any script, and the characters a number is spelt with in Chinese.
pub fn is_digit(c: char) -> bool {
    c.is_numeric() || "零一二三四五六七八九幺".contains(c)
}

fn pair(raw: &str, show: impl Fn(u32, u32) -> String) -> String {
    let (a, b) = raw.split_once('/').unwrap_or((raw, "0"));
    show(a.parse().unwrap_or_default(), b.parse().unwrap_or_default())
}

/// What a rule saw is a count, or the word of a call's state.
fn why(raw: &str, who: &Who) -> String {
    let mut parts = raw.split('|');
    let mut part = || parts.next().unwrap_or_default();
    let (rule, value, at, until) = (part(), part(), part(), part());
    let moment = |ms: &str| ms.parse().map_or_else(|_| String::new(), |ms| time(ms, &who.zone));
    let value = CallState::parse(value).map_or(value, |state| state.text(who.lang));
    let args = [("value", value), ("at", &moment(at)), ("until", &moment(until))];
    fill(who.lang, &format!("call.why.{rule}"), &args)
}

fn price(raw: &str, who: &Who) -> String {
    let (micro, seconds) = raw.split_once('/').unwrap_or((raw, "1"));
    let price = Micro(micro.parse().unwrap_or_default()).to_string();
    fill(who.lang, "catalogue.cell.rate", &[("price", &price), ("seconds", seconds)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_masks_read_as_written_down() {
        assert_eq!(duration(0), "00:00:00");
        assert_eq!(duration(151), "00:02:31");
        assert_eq!(duration(360_000), "100:00:00");
        assert_eq!(mask("15400000001"), "154****0001");
        assert_eq!(mask("95001"), "****01");
    }

    #[test]
    fn scrub_finds_numbers_however_they_are_written() {
        for number in [
            "15400000001",
            "154 0000 0001",
            "154-0000-0001",
            "１００００００００01",
            "(0592) 888-8888",
            "154/0000/0001",
            "154_0000,0001",
            "1 5 4 0 0 0 0 0 0 0 1",
            "154\u{200d}0000\u{202e}0001",
            "一五四零零零零零零零一",
            "①⑤④⓪⓪⓪⓪⓪⓪⓪①",
        ] {
            let out = scrub(&format!("打 {number} 找他"));
            assert_eq!(out.chars().filter(|c| is_digit(*c)).count(), 0, "{out}");
            assert!(out.starts_with("打 ") && out.ends_with("找他"), "{out}");
        }
        assert_eq!(scrub("3月12日 15:30 回访"), "3月12日 15:30 回访");
        assert_eq!(scrub("154****0001"), "154****0001", "what is masked already stays readable");
        assert_eq!(scrub("2026-06-10"), "****", "a date is the price of finding broken numbers");
    }
}
