//! Local time of a company, and whether a campaign may dial in a minute of its day (F40, F41, D16).

use super::holidays::Days;
use crate::{
    io::{DayKind, TaskRules},
    time::Wall,
};
use hutong_api::board::IdleReason;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The hard stop of D16, in minutes of the local day: 22:00–08:00.
pub const HARD_STOP: (u16, u16) = (22 * 60, 8 * 60);

const MINUTE_MS: i64 = 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalMoment {
    pub date: Date,
    /// 0..1440
    pub minute: u16,
}

/// A zone by its IANA name; an unknown one reads as China's, where the offices are.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).or_else(|_| TimeZone::get("Asia/Shanghai")).unwrap_or(TimeZone::UTC)
}

pub fn local(zone: &TimeZone, at: Wall) -> LocalMoment {
    let stamp = Timestamp::from_millisecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let civil = zone.to_datetime(stamp);
    LocalMoment { date: civil.date(), minute: civil.hour() as u16 * 60 + civil.minute() as u16 }
}

/// `minute` in `[from, to)`; from > to runs over midnight; equal ends hold nothing.
pub const fn inside(span: (u16, u16), minute: u16) -> bool {
    let (from, to) = span;
    if from <= to { from <= minute && minute < to } else { minute >= from || minute < to }
}

/// The hours of one task (F40, F41, X15), read with the company's days.
#[derive(Debug, Clone, Copy)]
pub struct Windows<'a> {
    pub run: (u16, u16),
    pub rest: (u16, u16),
    pub rules: &'a TaskRules,
    pub days: &'a Days,
    /// No hard stop: lifted in writing, or a simulated carrier (D16).
    pub exempt: bool,
}

impl Windows<'_> {
    /// What keeps the task from dialling in this minute.
    pub fn closed(&self, at: LocalMoment) -> Option<IdleReason> {
        if !self.runs(at, self.rules.skip_holidays) {
            // The same minute of an ordinary day would be open: only the holiday closes it.
            let holiday = self.rules.skip_holidays && self.runs(at, false);
            Some(if holiday { IdleReason::Holiday } else { IdleReason::OffHours })
        } else if inside(self.rest, at.minute) {
            Some(IdleReason::Rest)
        } else {
            self.hard_stop(at.minute)
        }
    }

    /// The union of 运行时间 and the further spans. What runs over midnight belongs to the day it began on.
    fn runs(&self, at: LocalMoment, by_calendar: bool) -> bool {
        let today = self.weekday(at.date, by_calendar);
        let yesterday = || self.weekday(at.date.yesterday().unwrap_or(at.date), by_calendar);
        let open = |days: u8, (from, to): (u16, u16)| {
            let on = |weekday: Option<u8>| weekday.is_some_and(|day| days & (1 << day) != 0);
            if from <= to {
                inside((from, to), at.minute) && on(today)
            } else {
                at.minute >= from && on(today) || at.minute < to && on(yesterday())
            }
        };
        open(self.rules.weekdays, self.run) || self.rules.spans.iter().any(|span| open(span.days, (span.from, span.to)))
    }

    /// 0 = Monday. None on a holiday that is skipped; a 调休 working day is as a Monday.
    fn weekday(&self, date: Date, by_calendar: bool) -> Option<u8> {
        match self.days.kind(date).filter(|_| by_calendar) {
            Some(DayKind::Holiday) => None,
            Some(DayKind::Workday) => Some(0),
            _ => Some(date.weekday().to_monday_zero_offset() as u8),
        }
    }

    fn hard_stop(&self, minute: u16) -> Option<IdleReason> {
        hard_stop(self.exempt, minute)
    }

    /// Open by the company's clock and by the callee's, which is `later_min` behind it.
    pub fn open_for(&self, zone: &TimeZone, at: Wall, later_min: i16) -> bool {
        let theirs = at.after_ms(-i64::from(later_min) * MINUTE_MS);
        self.closed(local(zone, at)).is_none() && (later_min == 0 || self.closed(local(zone, theirs)).is_none())
    }

    /// The first minute from `at` on that is open and that `fits`; none within `days`.
    pub fn next_open(
        &self,
        zone: &TimeZone,
        at: Wall,
        later_min: i16,
        days: i64,
        fits: impl Fn(LocalMoment) -> bool,
    ) -> Option<Wall> {
        let good = |at: Wall| self.open_for(zone, at, later_min) && fits(local(zone, at));
        if good(at) {
            return Some(at);
        }
        let first = at.0.div_euclid(MINUTE_MS) + 1;
        (first..first + days * 1440).map(|minute| Wall(minute * MINUTE_MS)).find(|at| good(*at))
    }

    /// When so many open minutes will have passed from `at` on; None where they do not fit in `days`.
    pub fn after_open(&self, zone: &TimeZone, at: Wall, minutes: usize, days: i64) -> Option<Wall> {
        let Some(last) = minutes.checked_sub(1) else { return Some(at) };
        let first = at.0.div_euclid(MINUTE_MS);
        let all = (first..first + days * 1440).map(|minute| Wall(minute * MINUTE_MS));
        let mut open = all.filter(|at| self.closed(local(zone, *at)).is_none());
        open.nth(last).map(|at| at.after_ms(MINUTE_MS))
    }
}

/// D16.
pub const fn hard_stop(exempt: bool, minute: u16) -> Option<IdleReason> {
    if !exempt && inside(HARD_STOP, minute) { Some(IdleReason::HardStop) } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::io::DaySpan;
    use proptest::prelude::*;

    const fn at(hour: u16, minute: u16) -> u16 {
        hour * 60 + minute
    }

    /// A Wednesday.
    fn closed(run: (u16, u16), rest: (u16, u16), exempt: bool, minute: u16) -> Option<IdleReason> {
        on("2026-06-10", run, rest, exempt, minute, &TaskRules::default())
    }

    fn on(
        date: &str,
        run: (u16, u16),
        rest: (u16, u16),
        exempt: bool,
        minute: u16,
        rules: &TaskRules,
    ) -> Option<IdleReason> {
        let windows = Windows { run, rest, rules, days: &Days::default(), exempt };
        windows.closed(LocalMoment { date: date.parse().unwrap(), minute })
    }

    const DAY: (u16, u16) = (540, 1200);
    const NO_REST: (u16, u16) = (720, 720);

    /// 10:00 of the published days: open or not, as the notices say.
    #[test]
    fn the_published_years() {
        let rules = TaskRules { weekdays: 0b001_1111, skip_holidays: true, ..TaskRules::default() };
        let ten = |date: &str| on(date, DAY, NO_REST, false, 600, &rules);
        for open in ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2025-10-09", "2026-01-04"] {
            assert_eq!(ten(open), None, "{open}");
        }
        for open in ["2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2026-10-08", "2026-02-24"] {
            assert_eq!(ten(open), None, "{open}");
        }
        for holiday in ["2025-01-01", "2025-01-28", "2025-02-04", "2025-05-05", "2025-06-02", "2025-10-08"] {
            assert_eq!(ten(holiday), Some(IdleReason::Holiday), "{holiday}");
        }
        for holiday in
            ["2026-01-01", "2026-02-16", "2026-02-23", "2026-04-06", "2026-06-19", "2026-09-25", "2026-10-07"]
        {
            assert_eq!(ten(holiday), Some(IdleReason::Holiday), "{holiday}");
        }
        // A weekend inside a holiday would be closed anyway, and so it says.
        assert_eq!(ten("2026-10-04"), Some(IdleReason::OffHours));
        assert_eq!(ten("2026-10-17"), Some(IdleReason::OffHours), "an ordinary Saturday");
        // Whoever dials on holidays knows days of the week only.
        let dial = TaskRules { skip_holidays: false, ..rules.clone() };
        assert_eq!(on("2026-10-01", DAY, NO_REST, false, 600, &dial), None);
        assert_eq!(on("2026-10-10", DAY, NO_REST, false, 600, &dial), Some(IdleReason::OffHours));
        // A year nobody published: days of the week.
        assert_eq!(ten("2031-10-01"), None);
        assert_eq!(ten("2031-10-04"), Some(IdleReason::OffHours));
    }

    #[test]
    fn further_spans_by_weekday_and_over_midnight() {
        let spans =
            vec![DaySpan { days: 0b010_0000, from: 600, to: 960 }, DaySpan { days: 0b001_0000, from: 1200, to: 120 }];
        let rules = TaskRules { weekdays: 0b001_1111, spans, ..TaskRules::default() };
        let open = |date: &str, minute| on(date, DAY, NO_REST, true, minute, &rules).is_none();
        assert!(open("2026-06-13", 600) && !open("2026-06-13", 960), "Saturday's own hours");
        assert!(open("2026-06-12", 1439) && open("2026-06-13", 119), "Friday's night ends on Saturday");
        assert!(!open("2026-06-13", 120) && !open("2026-06-12", 119), "Thursday has no night");
        assert!(!open("2026-06-14", 600));
    }

    #[test]
    fn the_callee_s_clock_binds_too_and_the_next_opening_is_found() {
        let rules = TaskRules::default();
        let windows = Windows { run: DAY, rest: NO_REST, rules: &rules, days: &Days::default(), exempt: false };
        let zone = zone("Asia/Shanghai");
        let at = |clock: &str| Wall(format!("2026-06-10T{clock}+08:00").parse::<Timestamp>().unwrap().as_millisecond());
        assert!(windows.open_for(&zone, at("09:00:00"), 0) && !windows.open_for(&zone, at("09:00:00"), 120));
        assert!(windows.open_for(&zone, at("11:00:00"), 120));
        assert!(!windows.open_for(&zone, at("20:00:00"), 120), "the agents have gone home");
        let any = |_: LocalMoment| true;
        assert_eq!(windows.next_open(&zone, at("09:30:30"), 120, 1, any), Some(at("11:00:00")));
        assert_eq!(windows.next_open(&zone, at("10:00:07"), 0, 1, any), Some(at("10:00:07")));
        assert_eq!(windows.next_open(&zone, at("10:00:00"), 720, 1, any), None, "never both");
    }

    #[test]
    fn open_minutes_are_counted_past_the_rest_and_the_night() {
        let rules = TaskRules::default();
        let rest = (at(12, 0), at(14, 0));
        let windows = Windows { run: DAY, rest, rules: &rules, days: &Days::default(), exempt: false };
        let zone = zone("Asia/Shanghai");
        let moment = |text: &str| Wall(format!("{text}:00+08:00").parse::<Timestamp>().unwrap().as_millisecond());
        let after = |minutes| windows.after_open(&zone, moment("2026-06-10T11:30"), minutes, 3);
        assert_eq!(after(0), Some(moment("2026-06-10T11:30")));
        assert_eq!(after(30), Some(moment("2026-06-10T12:00")), "just before the rest");
        assert_eq!(after(31), Some(moment("2026-06-10T14:01")));
        assert_eq!(after(30 + 360 + 1), Some(moment("2026-06-11T09:01")), "the next morning");
        assert_eq!(after(10_000), None);
    }

    #[test]
    fn windows_of_the_manual() {
        let day = (at(8, 0), at(20, 0));
        let none = (at(12, 0), at(12, 0));
        assert_eq!(closed(day, none, false, at(7, 59)), Some(IdleReason::OffHours));
        assert_eq!(closed(day, none, false, at(8, 0)), None);
        assert_eq!(closed(day, none, false, at(12, 0)), None, "12:00~12:00 is no rest");
        assert_eq!(closed(day, (at(12, 0), at(14, 0)), false, at(13, 59)), Some(IdleReason::Rest));
        assert_eq!(closed(day, (at(12, 0), at(14, 0)), false, at(14, 0)), None, "the end is exclusive");
        assert_eq!(closed(day, (at(4, 0), at(5, 0)), false, at(9, 0)), None, "a rest outside the run window");
        assert_eq!(closed(day, none, false, at(20, 0)), Some(IdleReason::OffHours));
    }

    #[test]
    fn hard_stop_binds_unless_lifted() {
        let all = (0, 1440);
        assert_eq!(closed(all, (0, 0), false, at(21, 59)), None);
        assert_eq!(closed(all, (0, 0), false, at(22, 0)), Some(IdleReason::HardStop));
        assert_eq!(closed(all, (0, 0), false, at(7, 59)), Some(IdleReason::HardStop));
        assert_eq!(closed(all, (0, 0), true, at(3, 0)), None);
        assert_eq!(closed((at(20, 0), at(9, 0)), (0, 0), true, at(3, 0)), None, "over midnight");
        assert_eq!(closed((at(20, 0), at(9, 0)), (0, 0), true, at(9, 0)), Some(IdleReason::OffHours));
    }

    #[test]
    fn the_company_s_own_clock() {
        // 2026-06-10 00:00:00 UTC is 08:00 in Shanghai and still the 9th in New York.
        let at = Wall(1_781_049_600_000);
        let shanghai = local(&zone("Asia/Shanghai"), at);
        assert_eq!((shanghai.date.to_string().as_str(), shanghai.minute), ("2026-06-10", 480));
        let york = local(&zone("America/New_York"), at);
        assert_eq!((york.date.to_string().as_str(), york.minute), ("2026-06-09", 1200));
        assert_eq!(local(&zone("no/such"), at), shanghai);
    }

    proptest! {
        /// Written apart: a minute is open when some span that holds it began on a day that may begin it.
        #[test]
        fn open_minutes_lie_in_a_span_and_in_nothing_that_closes(
            run in (0u16..1440, 0u16..=1440), rest in (0u16..1440, 0u16..=1440), weekdays in 0u8..128,
            spans in proptest::collection::vec((0u8..128, 0u16..1440, 0u16..=1440), 0..4),
            skip_holidays: bool, exempt: bool, day in 0i64..730, minute in 0u16..1440,
        ) {
            let spans: Vec<_> = spans.into_iter().map(|(days, from, to)| DaySpan { days, from, to }).collect();
            let rules = TaskRules { weekdays, spans: spans.clone(), skip_holidays, ..TaskRules::default() };
            let days = Days::default();
            let windows = Windows { run, rest, rules: &rules, days: &days, exempt };
            let date = Date::constant(2025, 1, 1).checked_add(jiff::Span::new().days(day)).unwrap();
            let found = windows.closed(LocalMoment { date, minute });
            let may_begin = |date: Date, mask: u8| {
                let kind = days.kind(date).filter(|_| skip_holidays);
                let bit = if kind == Some(DayKind::Workday) { 0 } else { date.weekday().to_monday_zero_offset() };
                kind != Some(DayKind::Holiday) && mask >> bit & 1 == 1
            };
            let mut open = false;
            for (mask, from, to) in spans.iter().map(|s| (s.days, s.from, s.to)).chain([(weekdays, run.0, run.1)]) {
                // Minutes from the midnight before `date`; a span that begins yesterday may reach into today.
                let length = if from <= to { to - from } else { to + 1440 - from };
                for (began, start) in [(date, from), (date.yesterday().unwrap(), from.wrapping_sub(1440))] {
                    open |= minute.wrapping_sub(start) < length && may_begin(began, mask);
                }
            }
            let resting = inside(rest, minute);
            let stopped = !exempt && !(480..1320).contains(&minute);
            prop_assert_eq!(found.is_none(), open && !resting && !stopped);
            let hours = matches!(found, Some(IdleReason::OffHours | IdleReason::Holiday));
            prop_assert_eq!(hours, !open);
            prop_assert!(found != Some(IdleReason::Holiday) || skip_holidays);
        }

        /// Counting minute by minute from `from` until `to` gives the same set.
        #[test]
        fn inside_is_the_walk_from_start_to_end(from in 0u16..1440, to in 0u16..=1440, minute in 0u16..1440) {
            let mut walked = false;
            let mut m = from;
            while m != to % 1440 || (to == 1440 && from == 0 && m == from && !walked) {
                if m == minute { walked = true; }
                m = (m + 1) % 1440;
                if m == from { break; }
            }
            let whole_day = from == 0 && to == 1440;
            prop_assert_eq!(inside((from, to), minute), walked || whole_day);
        }

        #[test]
        fn never_open_in_the_hard_stop(run in (0u16..1440, 0u16..=1440), rest in (0u16..1440, 0u16..=1440), minute in 0u16..1440) {
            if closed(run, rest, false, minute).is_none() {
                prop_assert!((480..1320).contains(&minute));
            }
        }
    }
}
