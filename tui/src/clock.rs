//! Times as people read them. Epoch milliseconds in, company time out.

use jiff::{Timestamp, tz::TimeZone};

/// hh:mm:ss of the day in `zone`.
pub fn time_of_day(at_ms: i64, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string(),
        Err(_) => "--:--:--".into(),
    }
}

/// mm-dd hh:mm in `zone`.
pub fn day_and_time(at_ms: i64, zone: &TimeZone) -> String {
    match Timestamp::from_millisecond(at_ms) {
        Ok(at) => at.to_zoned(zone.clone()).strftime("%m-%d %H:%M").to_string(),
        Err(_) => "--".into(),
    }
}

/// mm:ss, and h:mm:ss from an hour on; a negative span (clocks differ) is 00:00.
pub fn span(ms: i64) -> String {
    let s = ms.max(0) / 1000;
    if s < 3600 {
        format!("{:02}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    }
}

/// Hours and minutes for a day's sum: 1h18m, 42m, 9s.
pub fn sum(seconds: u32) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        _ => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_as_a_person_would() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        assert_eq!(time_of_day(1_781_058_225_000, &zone), "10:23:45");
        assert_eq!(time_of_day(i64::MAX, &zone), "--:--:--");
        assert_eq!((span(-5), span(133_000), span(3_600_000)), ("00:00".into(), "02:13".into(), "1:00:00".into()));
        assert_eq!((sum(9), sum(2520), sum(4680)), ("9s".into(), "42m".into(), "1h18m".into()));
    }
}
