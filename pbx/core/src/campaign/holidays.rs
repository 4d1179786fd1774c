//! Official holidays and 调休 working days (X15): the published years, and what a company says of its own days.

use crate::io::{DayKind, OwnDay};
use jiff::civil::Date;
use std::{collections::BTreeMap, sync::LazyLock};

/// data/calendar: one file a year; a new year is a new file here.
const YEARS: &[&str] =
    &[include_str!("../../../../data/calendar/cn-2025.csv"), include_str!("../../../../data/calendar/cn-2026.csv")];

static PUBLISHED: LazyLock<BTreeMap<Date, DayKind>> =
    LazyLock::new(|| YEARS.iter().flat_map(|text| read(text)).collect());

/// The days of a company: its own say first, then what is published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    own: BTreeMap<Date, DayKind>,
}

impl Days {
    pub fn new(own: &[OwnDay]) -> Days {
        let date = |day: &OwnDay| Date::new(day.date.0, day.date.1, day.date.2).ok();
        Days { own: own.iter().filter_map(|day| Some((date(day)?, day.kind))).collect() }
    }

    /// None: an ordinary day of the week.
    pub fn kind(&self, date: Date) -> Option<DayKind> {
        let found = self.own.get(&date).or_else(|| PUBLISHED.get(&date)).copied();
        found.filter(|kind| *kind != DayKind::Plain)
    }

    /// Whether anything is known of this year; else only the days of the week count.
    pub fn knows(&self, year: i16) -> bool {
        let has = |days: &BTreeMap<Date, DayKind>| days.keys().any(|date| date.year() == year);
        has(&self.own) || has(&PUBLISHED)
    }
}

/// "2026-10-10" as an own day's date.
pub fn parse_date(text: &str) -> Option<(i16, i8, i8)> {
    let date: Date = text.trim().parse().ok()?;
    Some((date.year(), date.month(), date.day()))
}

/// Lines of date, kind, name; what does not parse is left out, a test holds the shipped files to having none.
fn read(text: &'static str) -> impl Iterator<Item = (Date, DayKind)> {
    let rows = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes()).into_records();
    rows.filter_map(|row| {
        let row = row.ok()?;
        Some((row.get(0)?.parse().ok()?, DayKind::parse(row.get(1)?)?))
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_published_years_read_whole() {
        for (text, year, holidays, workdays) in [(YEARS[0], 2025, 28, 5), (YEARS[1], 2026, 33, 6)] {
            let rows: Vec<_> = read(text).collect();
            let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).count();
            assert_eq!(rows.len(), lines, "{year}");
            assert!(rows.iter().all(|(date, _)| date.year() == year));
            let of = |kind| rows.iter().filter(|row| row.1 == kind).count();
            assert_eq!((of(DayKind::Holiday), of(DayKind::Workday)), (holidays, workdays), "{year}");
            // A 调休 working day is a Saturday or a Sunday, or it would not need saying.
            for (date, _) in rows.iter().filter(|row| row.1 == DayKind::Workday) {
                assert!(date.weekday().to_monday_zero_offset() >= 5, "{date}");
            }
        }
    }

    #[test]
    fn a_company_s_own_word_wins_and_an_unknown_year_is_known_as_such() {
        let day = |text: &str, kind| OwnDay { date: parse_date(text).unwrap(), kind };
        let date = |text: &str| text.parse::<Date>().unwrap();
        let none = Days::default();
        assert_eq!(none.kind(date("2026-10-10")), Some(DayKind::Workday));
        assert_eq!(none.kind(date("2026-10-01")), Some(DayKind::Holiday));
        assert_eq!(none.kind(date("2026-10-12")), None);
        assert!(none.knows(2026) && !none.knows(2031));
        let own = Days::new(&[day("2026-10-01", DayKind::Plain), day("2031-01-01", DayKind::Holiday)]);
        assert_eq!(own.kind(date("2026-10-01")), None, "dialled all the same");
        assert_eq!(own.kind(date("2031-01-01")), Some(DayKind::Holiday));
        assert!(own.knows(2031));
    }
}
