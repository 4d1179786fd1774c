//! The rules of a task: seeded ones for a day, and judged apart from the engine's own code.

use super::{
    model::{ZONE_MS, local_day, local_minute},
    rng::Rng,
};
use hutong_api::{CallState, Phone, board::IdleReason};
use hutong_core::{Wall, io::*};
use std::{cell::RefCell, collections::BTreeMap};

thread_local! {
    /// What the published file says of a day, looked up once.
    static KINDS: RefCell<BTreeMap<i64, Option<&'static str>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The first hundred numbers.
pub const WEST: &str = "099900000";

/// 08:30 of an ordinary Wednesday, mostly; else of a holiday, of a working Saturday, of an ordinary Saturday.
pub fn morning(rng: &mut Rng) -> i64 {
    // Days from 2026-06-10 to 06-19 (holiday), 10-10 (working), 06-13 (Saturday), 06-18 (the day before the holiday).
    let days = [0, 0, 0, 0, 9, 122, 3, 8][rng.range(0, 8) as usize];
    super::office::MORNING.0 + days * 86_400_000
}

pub fn any(rng: &mut Rng) -> TaskRules {
    let mut rules = TaskRules::default();
    if rng.percent(25) {
        rules.weekdays = [0b001_1111, 0b011_1111, 0b110_0000][rng.range(0, 3) as usize];
    }
    rules.skip_holidays = rng.percent(40);
    for _ in 0..[0, 0, 1, 3][rng.range(0, 4) as usize] {
        let (from, length) = (rng.range(480, 1300) as u16, rng.range(1, 900) as u16);
        rules.spans.push(DaySpan { days: rng.range(1, 128) as u8, from, to: (from + length) % 1440 });
    }
    if rng.percent(60) {
        let wait = |rng: &mut Rng| [0, 90, 600, 3_600][rng.range(0, 4) as usize];
        rules.redial = RedialCfg {
            attempts: rng.range(1, 5) as u32,
            busy_s: wait(rng),
            no_answer_s: wait(rng),
            unreachable_s: wait(rng),
            line_s: [0, 60, 60][rng.range(0, 3) as usize],
            gap_s: [0, 0, 1_200][rng.range(0, 3) as usize],
            also: if rng.percent(30) { vec![CallState::Rejected, CallState::Vacant] } else { Vec::new() },
            best_hour: rng.percent(20),
        };
    }
    rules
}

pub fn wait_s(cfg: &RedialCfg, state: CallState) -> u32 {
    match state {
        CallState::Busy => cfg.busy_s,
        CallState::NoAnswer => cfg.no_answer_s,
        CallState::Unreachable | CallState::PoweredOff => cfg.unreachable_s,
        state if cfg.also.contains(&state) => cfg.no_answer_s,
        _ => 0,
    }
}

pub fn later_min(limits: &LimitsCfg, phone: &Phone) -> i16 {
    let west = limits.areas.iter().find(|_| phone.as_str().starts_with(WEST));
    west.map_or(0, |area| area.later_min)
}

/// What closes the task at this moment, by walking each span from its start.
pub fn closed(cfg: &CampaignCfg, at: Wall) -> Option<IdleReason> {
    let minute = local_minute(at);
    if !runs(cfg, at, cfg.rules.skip_holidays) {
        let holiday = cfg.rules.skip_holidays && runs(cfg, at, false);
        return Some(if holiday { IdleReason::Holiday } else { IdleReason::OffHours });
    }
    match (within(cfg.rest, minute), (480..1320).contains(&minute)) {
        (true, _) => Some(IdleReason::Rest),
        (false, false) => Some(IdleReason::HardStop),
        (false, true) => None,
    }
}

fn runs(cfg: &CampaignCfg, at: Wall, by_calendar: bool) -> bool {
    let spans = cfg.rules.spans.iter().map(|s| (s.days, s.from, s.to));
    spans.chain([(cfg.rules.weekdays, cfg.run.0, cfg.run.1)]).any(|(days, from, to)| {
        if !within((from, to), local_minute(at)) {
            return false;
        }
        // A minute before its start belongs to the span that began the day before.
        let began = if local_minute(at) >= from { at } else { at.after_ms(-86_400_000) };
        day_of_week(began, by_calendar).is_some_and(|day| days >> day & 1 == 1)
    })
}

/// 0 = Monday; None on a holiday.
fn day_of_week(at: Wall, by_calendar: bool) -> Option<i64> {
    let day = (at.0 + ZONE_MS).div_euclid(86_400_000);
    // 1970-01-01 was a Thursday.
    let weekday = (day + 3).rem_euclid(7);
    if !by_calendar {
        return Some(weekday);
    }
    let word = KINDS.with_borrow_mut(|known| {
        *known.entry(day).or_insert_with(|| {
            let date = local_day(at);
            let line =
                include_str!("../../../../data/calendar/cn-2026.csv").lines().find(|line| line.starts_with(&date));
            line.and_then(|line| line.split(',').nth(1))
        })
    });
    match word {
        Some("holiday") => None,
        Some("workday") => Some(0),
        _ => Some(weekday),
    }
}

pub fn within(span: (u16, u16), minute: u16) -> bool {
    let length = (i32::from(span.1) - i32::from(span.0)).rem_euclid(1440);
    let length = if span == (0, 1440) { 1440 } else { length };
    (i32::from(minute) - i32::from(span.0)).rem_euclid(1440) < length
}
