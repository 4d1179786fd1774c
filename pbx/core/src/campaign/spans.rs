//! Further spans of a task as people write them, one rule a line: "1-5 09:00~12:00 14:00~20:00", "周六 10:00~16:00".
//! Without days in front it is every day.

use crate::io::{DaySpan, EVERY_DAY};

/// The most a task may have.
pub const MOST: usize = 50;

/// None: it cannot be read, or there are too many.
pub fn parse(text: &str) -> Option<Vec<DaySpan>> {
    let mut out = Vec::new();
    for line in text.split(['\n', ';', '；']) {
        let (mut days, mut spans) = (0, Vec::new());
        for word in line.split([' ', '\t', ',', '，', '、', '\u{3000}']).filter(|word| !word.is_empty()) {
            match word.contains([':', '：']) {
                true => spans.push(span(word)?),
                false if spans.is_empty() => days |= weekdays(word)?,
                false => return None,
            }
        }
        if spans.is_empty() && days != 0 {
            return None;
        }
        let days = if days == 0 { EVERY_DAY } else { days };
        out.extend(spans.into_iter().map(|(from, to)| DaySpan { days, from, to }));
    }
    (out.len() <= MOST).then_some(out)
}

/// One rule a line, as `parse` reads it.
pub fn text(spans: &[DaySpan]) -> String {
    let mut lines: Vec<(u8, String)> = Vec::new();
    for span in spans {
        let clock = format!("{}~{}", clock(span.from), clock(span.to));
        match lines.last_mut().filter(|(days, _)| *days == span.days) {
            Some((_, line)) => *line = format!("{line} {clock}"),
            None => lines.push((span.days, format!("{} {clock}", days_text(span.days)))),
        }
    }
    lines.into_iter().map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// "hh:mm~hh:mm" → minutes of the day; 24:00 is the day's end. Equal ends hold no minute and are refused.
fn span(word: &str) -> Option<(u16, u16)> {
    let (from, to) = word.split_once(['~', '～', '-', '—'])?;
    let minute = |clock: &str| {
        let (h, m) = clock.split_once([':', '：'])?;
        let (h, m) = (h.parse::<u16>().ok()?, m.parse::<u16>().ok()?);
        (h <= 24 && m < 60 && h * 60 + m <= 1440).then_some(h * 60 + m)
    };
    let (from, to) = (minute(from)?, minute(to)?);
    (from != to && from < 1440 && (from, to) != (0, 0)).then_some((from, to))
}

/// "1-5", "6", "周一至周五", "周六", "工作日", "周末", "每天".
fn weekdays(word: &str) -> Option<u8> {
    match word {
        "工作日" => return Some(0b001_1111),
        "周末" => return Some(0b110_0000),
        "每天" => return Some(EVERY_DAY),
        _ => {}
    }
    let plain = word.replace("星期", "").replace(['周', '礼'], "").replace(['至', '到', '~', '～', '—'], "-");
    let day = |text: &str| match text {
        "1" | "一" => Some(0),
        "2" | "二" => Some(1),
        "3" | "三" => Some(2),
        "4" | "四" => Some(3),
        "5" | "五" => Some(4),
        "6" | "六" => Some(5),
        "7" | "日" | "天" => Some(6),
        _ => None,
    };
    let (from, to) = match plain.split_once('-') {
        Some((from, to)) => (day(from)?, day(to)?),
        None => (day(&plain)?, day(&plain)?),
    };
    // "六-一" goes over the weekend's end.
    let length = (to + 7 - from) % 7;
    Some((0..=length).fold(0, |mask, step| mask | 1 << ((from + step) % 7)))
}

fn days_text(days: u8) -> String {
    let on = |day: u8| days & (1 << day) != 0;
    let mut parts = Vec::new();
    let mut day = 0;
    while day < 7 {
        let first = day;
        while day < 7 && on(day) {
            day += 1;
        }
        match day - first {
            0 => day += 1,
            1 => parts.push((first + 1).to_string()),
            _ => parts.push(format!("{}-{day}", first + 1)),
        }
    }
    parts.join(",")
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_write_them_in_many_ways() {
        let one = |text: &str| parse(text).unwrap();
        let week = |days, from, to| DaySpan { days, from, to };
        let two = [week(0b001_1111, 540, 720), week(0b001_1111, 840, 1200)];
        for same in
            ["1-5 09:00~12:00 14:00~20:00", "周一至周五 09:00-12:00,14:00～20:00", "工作日 9:00~12:00、14:00~20:00"]
        {
            assert_eq!(one(same), two, "{same}");
        }
        assert_eq!(one("20:00~02:00"), [week(EVERY_DAY, 1200, 120)]);
        assert_eq!(one("周六,周日 10:00~16:00; 3 8:00~24:00"), [week(0b110_0000, 600, 960), week(0b100, 480, 1440)]);
        assert_eq!(one("六-一 10:00~11:00"), [week(0b110_0001, 600, 660)]);
        assert_eq!(one(" \n "), []);
        for bad in ["周八 10:00~11:00", "1-5", "10:00", "10:00~10:00", "25:00~26:00", "09:00~12:00 周一", "0:00~0:00"]
        {
            assert_eq!(parse(bad), None, "{bad}");
        }
        assert_eq!(parse(&"1 10:00~11:00\n".repeat(MOST + 1)), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(spans in proptest::collection::vec((1u8..128, 0u16..1440, 1u16..=1440), 0..10)) {
            let spans: Vec<_> = spans.into_iter().filter(|(_, from, to)| from != to)
                .map(|(days, from, to)| DaySpan { days, from, to }).collect();
            prop_assert_eq!(parse(&text(&spans)), Some(spans));
        }

        #[test]
        fn nothing_makes_it_panic(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
