//! The engine's deadlines: one per (kind, subject), the soonest first.

use crate::time::Mono;
use hutong_api::{CallId, CampaignId, CompanyId, SeatId, TrunkId};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Proof of life, day change, opening hours.
    Heartbeat,
    /// Nobody answered in time.
    Ring(CallId),
    /// A prompt that never reports its end.
    Prompt(CallId),
    /// The two seconds of D17.
    Queue(CallId),
    /// Renewal of the reserved money.
    Hold(CallId),
    /// The reserved money ends and could not be renewed.
    Cut(CallId),
    /// Longest call.
    Longest(CallId),
    /// An agent in a call is out of reach.
    Phone(SeatId),
    /// A signed-in agent without a call is out of reach.
    Lost(SeatId),
    Wrap(SeatId),
    /// 示忙 has lasted as long as its reason allows.
    Busy(SeatId),
    /// Calls per second or back-off of a trunk allow the next dial.
    Trunk(TrunkId),
    /// Look again for numbers whose time has come.
    Load(CampaignId),
    /// The risk of one more call falls as talks and rings grow older.
    Pace(CompanyId),
}

#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(Mono, Timer)>,
    due: BTreeMap<Timer, Mono>,
}

impl Timers {
    /// Replaces an earlier deadline of the same timer.
    pub fn arm(&mut self, timer: Timer, at: Mono) {
        if let Some(old) = self.due.insert(timer, at) {
            self.queue.remove(&(old, timer));
        }
        self.queue.insert((at, timer));
    }

    pub fn disarm(&mut self, timer: Timer) {
        if let Some(old) = self.due.remove(&timer) {
            self.queue.remove(&(old, timer));
        }
    }

    pub fn is_armed(&self, timer: Timer) -> bool {
        self.due.contains_key(&timer)
    }

    pub fn next(&self) -> Option<Mono> {
        self.queue.first().map(|(at, _)| *at)
    }

    /// Takes the soonest timer that is due.
    pub fn pop_due(&mut self, now: Mono) -> Option<Timer> {
        let (at, timer) = *self.queue.first()?;
        if at > now {
            return None;
        }
        self.disarm(timer);
        Some(timer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_rings_once_at_its_last_deadline() {
        let mut timers = Timers::default();
        timers.arm(Timer::Heartbeat, Mono(5));
        timers.arm(Timer::Heartbeat, Mono(9));
        timers.arm(Timer::Wrap(SeatId(1)), Mono(7));
        assert_eq!(timers.pop_due(Mono(6)), None);
        assert_eq!(timers.pop_due(Mono(9)), Some(Timer::Wrap(SeatId(1))));
        assert_eq!(timers.pop_due(Mono(9)), Some(Timer::Heartbeat));
        assert_eq!((timers.pop_due(Mono(99)), timers.next()), (None, None));
    }
}
