//! A trunk (线路) as the dial decision sees it: up or not, room, calls per second, and the back-off after its faults.

use crate::{io::TrunkCfg, time::Mono};
use hutong_api::board::IdleReason;
use std::collections::VecDeque;

/// Longest pause between probes of a faulty trunk.
const LONGEST_BACKOFF_MS: u64 = 60_000;

#[derive(Debug)]
pub(crate) struct Trunk {
    pub cfg: TrunkCfg,
    /// The SIP side's opinion. Up until told otherwise, so that a trunk that is not probed still dials.
    pub up: bool,
    pub fault: Option<String>,
    /// Legs that are up, and those of them not answered yet.
    pub live: u32,
    pub unanswered: u32,
    pub attempts: u32,
    pub answers: u32,
    pub pdd_sum_ms: u64,
    pub pdd_count: u32,
    /// Departures of the last second.
    recent: VecDeque<Mono>,
    /// Faults in a row, each after the pause the one before had earned.
    faults: u32,
    retry_at: Mono,
    /// The fault was "no room", not "broken".
    full: bool,
}

impl Trunk {
    pub fn new(cfg: TrunkCfg) -> Trunk {
        Trunk {
            cfg,
            up: true,
            fault: None,
            live: 0,
            unanswered: 0,
            attempts: 0,
            answers: 0,
            pdd_sum_ms: 0,
            pdd_count: 0,
            recent: VecDeque::new(),
            faults: 0,
            retry_at: Mono(0),
            full: false,
        }
    }

    /// Why no call may leave now, and when to look again where that is known.
    pub fn obstacle(&mut self, now: Mono) -> Option<(IdleReason, Option<Mono>)> {
        if !self.usable() {
            return Some((IdleReason::TrunkDown, None));
        }
        if self.faults > 0 {
            let reason = if self.full { IdleReason::ChannelsFull } else { IdleReason::TrunkDown };
            if now < self.retry_at {
                return Some((reason, Some(self.retry_at)));
            }
            // One probe at a time until a call gets through.
            if self.unanswered > 0 {
                return Some((reason, None));
            }
        }
        if self.live >= self.cfg.channels {
            return Some((IdleReason::ChannelsFull, None));
        }
        while self.recent.front().is_some_and(|t| t.after_ms(1000) <= now) {
            self.recent.pop_front();
        }
        if self.recent.len() >= self.cfg.cps.max(1) as usize {
            return Some((IdleReason::ChannelsFull, self.recent.front().map(|t| t.after_ms(1000))));
        }
        None
    }

    /// For a call dialled by hand: as above, but a person may probe a faulty trunk.
    pub fn obstacle_by_hand(&mut self, now: Mono) -> Option<IdleReason> {
        let faults = std::mem::take(&mut self.faults);
        let obstacle = self.obstacle(now);
        self.faults = faults;
        obstacle.map(|(reason, _)| reason)
    }

    pub fn usable(&self) -> bool {
        self.cfg.enabled && self.up
    }

    /// A leg leaves.
    pub fn depart(&mut self, now: Mono) {
        self.recent.push_back(now);
        self.live += 1;
        self.unanswered += 1;
    }

    pub fn fault(&mut self, now: Mono, full: bool) {
        if now < self.retry_at {
            return;
        }
        self.faults += 1;
        self.full = full;
        self.retry_at = now.after_ms((1000u64 << self.faults.min(6)).min(LONGEST_BACKOFF_MS));
    }

    pub fn works(&mut self) {
        self.faults = 0;
        self.fault = None;
        self.retry_at = Mono(0);
    }

    pub fn faults(&self) -> u32 {
        self.faults
    }

    pub fn retry_at(&self) -> Mono {
        self.retry_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hutong_api::{CompanyId, Micro, TrunkId};

    fn trunk() -> Trunk {
        Trunk::new(TrunkCfg {
            id: TrunkId(1),
            company: CompanyId(1),
            name: "t".into(),
            enabled: true,
            simulated: false,
            channels: 3,
            cps: 2,
            increment_s: 60,
            price: Micro(1),
            callers: vec!["a".into(), "b".into()],
        })
    }

    #[test]
    fn calls_leave_within_rate_and_room() {
        let mut t = trunk();
        t.depart(Mono(0));
        t.depart(Mono(10));
        assert_eq!(t.obstacle(Mono(20)), Some((IdleReason::ChannelsFull, Some(Mono(1000)))));
        assert_eq!(t.obstacle(Mono(1000)), None);
        t.depart(Mono(1000));
        assert_eq!(t.obstacle(Mono(9000)), Some((IdleReason::ChannelsFull, None)));
    }

    #[test]
    fn a_faulty_trunk_is_probed_with_one_call_after_growing_pauses() {
        let mut t = trunk();
        t.fault(Mono(0), false);
        t.fault(Mono(1), false);
        assert_eq!((t.faults(), t.obstacle(Mono(1))), (1, Some((IdleReason::TrunkDown, Some(Mono(2000))))));
        assert_eq!(t.obstacle(Mono(2000)), None);
        t.depart(Mono(2000));
        assert_eq!(t.obstacle(Mono(4000)), Some((IdleReason::TrunkDown, None)));
        t.fault(Mono(4000), true);
        assert_eq!(t.obstacle(Mono(7999)), Some((IdleReason::ChannelsFull, Some(Mono(8000)))));
        t.works();
        assert_eq!(t.obstacle(Mono(7999)), None);
    }
}
