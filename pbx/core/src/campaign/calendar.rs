//! Local time of a company, and whether a campaign may dial in a minute of its day (F40, F41, D16).

use crate::time::Wall;
use hutong_api::board::IdleReason;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The hard stop of D16, in minutes of the local day: 22:00–08:00.
pub const HARD_STOP: (u16, u16) = (22 * 60, 8 * 60);

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

/// What keeps a campaign from dialling in this minute. `exempt`: no hard stop (lifted in writing, or a simulated carrier).
pub const fn closed(run: (u16, u16), rest: (u16, u16), exempt: bool, minute: u16) -> Option<IdleReason> {
    if !inside(run, minute) {
        Some(IdleReason::OffHours)
    } else if inside(rest, minute) {
        Some(IdleReason::Rest)
    } else if !exempt && inside(HARD_STOP, minute) {
        Some(IdleReason::HardStop)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    const fn at(hour: u16, minute: u16) -> u16 {
        hour * 60 + minute
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
