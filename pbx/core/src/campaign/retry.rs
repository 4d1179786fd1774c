//! 自动重呼 (F47): when a number that was not reached is tried again, and why not.

use crate::{
    io::{RedialCfg, Why},
    time::Wall,
};
use hutong_api::{CallState, WhyRule};

/// Parts of the day: before noon, noon to two, afternoon, evening. A bit each in `HopperLead::bands`.
pub fn band(minute: u16) -> u8 {
    match minute {
        0..720 => 1,
        720..840 => 2,
        840..1080 => 4,
        _ => 8,
    }
}
pub const ALL_BANDS: u8 = 15;
/// How far ahead another part of the day is looked for.
pub const LOOK_DAYS: i64 = 3;

/// One try that used an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    pub state: CallState,
    /// Attempts of this round, with this one.
    pub used: u32,
    pub began: Wall,
    pub ended: Wall,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Not before then.
    Again(Wall),
    /// Final in this round.
    Done,
}

/// What becomes of the number by cause, attempts and gap. Another part of the day is looked for by whoever knows the hours.
pub fn next(cfg: &RedialCfg, tried: Try) -> (Next, Why) {
    let why = |rule, value: String| Why { rule, value, at: tried.ended };
    let wait_s = wait_s(cfg, tried.state);
    if wait_s == 0 || cfg.attempts <= 1 {
        return (Next::Done, why(WhyRule::Cause, tried.state.word().into()));
    }
    if tried.used >= cfg.attempts {
        return (Next::Done, why(WhyRule::Attempts, tried.used.to_string()));
    }
    let after = |at: Wall, s: u32| at.after_ms(i64::from(s) * 1000);
    let at = after(tried.ended, wait_s).max(after(tried.began, cfg.gap_s));
    (Next::Again(at), why(WhyRule::Retry, tried.state.word().into()))
}

/// Seconds to wait after this cause; 0 = never by itself.
pub fn wait_s(cfg: &RedialCfg, state: CallState) -> u32 {
    match state {
        CallState::Busy => cfg.busy_s,
        CallState::NoAnswer | CallState::TimedOut => cfg.no_answer_s,
        CallState::Unreachable | CallState::PoweredOff => cfg.unreachable_s,
        CallState::LineFault => cfg.line_s,
        CallState::Rejected | CallState::Vacant | CallState::Suspended if cfg.also.contains(&state) => cfg.no_answer_s,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cfg() -> RedialCfg {
        RedialCfg { attempts: 3, ..RedialCfg::default() }
    }

    fn tried(state: CallState, used: u32) -> Try {
        Try { state, used, began: Wall(0), ended: Wall(20_000) }
    }

    #[test]
    fn each_cause_has_its_wait() {
        let at = |state| next(&cfg(), tried(state, 1)).0;
        assert_eq!(at(CallState::Busy), Next::Again(Wall(320_000)));
        assert_eq!(at(CallState::NoAnswer), Next::Again(Wall(7_220_000)));
        assert_eq!(at(CallState::PoweredOff), Next::Again(Wall(7_220_000)));
        for never in
            [CallState::Rejected, CallState::Vacant, CallState::Suspended, CallState::Blocked, CallState::Answered]
        {
            assert_eq!(at(never), Next::Done, "{never:?}");
        }
        let ticked = RedialCfg { also: vec![CallState::Rejected], ..cfg() };
        assert_eq!(next(&ticked, tried(CallState::Rejected, 1)).0, Next::Again(Wall(7_220_000)));
        assert_eq!(next(&ticked, tried(CallState::Vacant, 1)).0, Next::Done);
        let far = RedialCfg { gap_s: 86_400, ..cfg() };
        assert_eq!(next(&far, tried(CallState::Busy, 1)).0, Next::Again(Wall(86_400_000)), "the gap is longer");
    }

    #[test]
    fn the_reason_says_what_ended_it() {
        let rule = |cfg: &RedialCfg, state, used| next(cfg, tried(state, used)).1.rule;
        assert_eq!(rule(&cfg(), CallState::Busy, 2), WhyRule::Retry);
        assert_eq!(rule(&cfg(), CallState::Busy, 3), WhyRule::Attempts);
        assert_eq!(rule(&cfg(), CallState::Vacant, 1), WhyRule::Cause);
        assert_eq!(rule(&RedialCfg::default(), CallState::Busy, 1), WhyRule::Cause, "off");
    }

    proptest! {
        #[test]
        fn never_more_attempts_nor_sooner_than_said(
            attempts in 1u32..8, busy_s in 0u32..9_000, gap_s in 0u32..9_000, used in 1u32..10, state in 0..CallState::ALL.len()
        ) {
            let cfg = RedialCfg { attempts, busy_s, gap_s, ..RedialCfg::default() };
            let (state, began, ended) = (CallState::ALL[state], Wall(1_000_000), Wall(1_030_000));
            if let (Next::Again(at), _) = next(&cfg, Try { state, used, began, ended }) {
                prop_assert!(used < attempts && wait_s(&cfg, state) > 0);
                prop_assert!(at.0 >= ended.0 + i64::from(wait_s(&cfg, state)) * 1000);
                prop_assert!(at.0 >= began.0 + i64::from(gap_s) * 1000);
            }
        }
    }
}
