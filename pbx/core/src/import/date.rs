//! Dates as offices write them. Nothing is guessed: what names no day for certain is none.

use jiff::civil::{Date, DateTime, Time};

/// 2026/6/10, 2026-06-10, 2026.6.10, 2026年6月10日, 20260610, and the 46183 of a spreadsheet → yyyy-mm-dd.
///
/// ```
/// use hutong_core::import::date::date;
/// assert_eq!(date("2026年6月10日").as_deref(), Some("2026-06-10"));
/// ```
pub fn date(cell: &str) -> Option<String> {
    day(cell.trim()).map(|day| day.to_string())
}

/// The same, with a time of day behind a space or a T where there is one → yyyy-mm-dd hh:mm:ss.
pub fn moment(cell: &str) -> Option<String> {
    let cell = cell.trim().replace('：', ":");
    let (day_text, time_text) = match cell.split_once([' ', 'T']) {
        Some((day, time)) => (day, time.trim()),
        None => (cell.as_str(), "00:00:00"),
    };
    let mut parts = time_text.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() {
        return None;
    }
    let at = DateTime::from_parts(day(day_text)?, Time::new(hour, minute, second, 0).ok()?);
    Some(at.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn day(cell: &str) -> Option<Date> {
    let numbers = cell.bytes().all(|byte| byte.is_ascii_digit());
    match cell.len() {
        8 if numbers => of(cell.get(..4)?, cell.get(4..6)?, cell.get(6..)?),
        5 if numbers => serial(cell.parse().ok()?),
        _ => {
            let plain = cell.strip_suffix('日').unwrap_or(cell);
            let mut parts = plain.split(['/', '-', '.', '年', '月']);
            let day = of(parts.next()?, parts.next()?, parts.next()?);
            if parts.next().is_some() { None } else { day }
        }
    }
}

fn of(year: &str, month: &str, day: &str) -> Option<Date> {
    let year: i16 = year.trim().parse().ok().filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()
}

/// Days since 30 December 1899, between 1954 and 2119: a smaller or larger number is none that somebody meant as a day.
fn serial(days: i32) -> Option<Date> {
    let days = Some(days).filter(|days| (20_000..=80_000).contains(days))?;
    Date::new(1899, 12, 30).ok()?.checked_add(jiff::Span::new().days(days)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_offices_write() {
        for cell in ["2026/6/10", "2026-06-10", "2026.6.10", " 2026年6月10日", "20260610", "46183"] {
            assert_eq!(date(cell).as_deref(), Some("2026-06-10"), "{cell}");
        }
        for cell in ["", "6/10", "10/6/2026", "2026-13-01", "2026-02-30", "123", "99999", "2026/6/10/1", "明天"] {
            assert_eq!(date(cell), None, "{cell}");
        }
        assert_eq!(moment("2026/6/10 9:05").as_deref(), Some("2026-06-10 09:05:00"));
        assert_eq!(moment("2026-06-10T11:19:45").as_deref(), Some("2026-06-10 11:19:45"));
        assert_eq!(moment("46183").as_deref(), Some("2026-06-10 00:00:00"));
        assert_eq!(moment("2026-06-10 25:00"), None);
    }
}
