//! What a task learns from its calls for pacing, and the abandon ledger its cap is held against (X2).

use super::pacing::{Curves, Day, Learnt};
use crate::{
    Engine,
    call::cause,
    io::{AbandonLedger, Change, LegEnd, LegEndHow, PacingCfg},
    time::{Mono, Wall},
};
use hutong_api::{CallId, CompanyId};
use jiff::civil::Date;

/// What one greeting leaves of the earlier ones.
const GREETING_KEEP: f64 = 0.8;

/// A task's own part of pacing.
#[derive(Debug)]
pub(crate) struct Pace {
    pub learnt: Learnt,
    pub curves: Curves,
    pub ledger: AbandonLedger,
    /// The local day of the ledger.
    pub day: Option<Date>,
    /// The chance that a number is answered, as last reckoned.
    pub chance: f64,
    /// Since this process began.
    pub answers: u32,
    /// Learnt something since it was stored.
    pub unsaved: bool,
    /// How far it has dialled by its weight beside the group's other tasks.
    pub turn: u64,
    /// Open seconds left of the day, and when that was reckoned.
    pub left: Option<(Mono, f64)>,
}

/// The cap as a share.
pub(crate) fn cap(cfg: PacingCfg) -> f64 {
    f64::from(cfg.cap_bp) / 10_000.0
}

impl Pace {
    pub fn from_stored(cfg: PacingCfg, stored: &str, ledger: AbandonLedger) -> Pace {
        let learnt: Learnt = serde_json::from_str(stored).unwrap_or_else(|_| Learnt::new(cap(cfg)));
        let curves = learnt.curves();
        let chance = 0.5;
        Pace { learnt, curves, ledger, chance, day: None, answers: 0, unsaved: false, turn: 0, left: None }
    }

    /// The day as the budget sees it. `left`: open seconds of the day to come.
    pub fn day(&self, now: Wall, left: f64) -> Day {
        let AbandonLedger { first, served, abandoned, served_before, abandoned_before } = self.ledger;
        let elapsed = first.map_or(0.0, |at| (now.0 - at.0).max(0) as f64 / 1000.0);
        Day { served, abandoned, elapsed, left, before: (served_before, abandoned_before) }
    }

    /// The ledger as it is on this local day: yesterday joins the thirty before it.
    pub fn ledger_of(&self, today: Date) -> AbandonLedger {
        let AbandonLedger { served, abandoned, served_before, abandoned_before, .. } = self.ledger;
        match self.day {
            Some(day) if day != today => AbandonLedger {
                served_before: served_before + served,
                abandoned_before: abandoned_before + abandoned,
                ..AbandonLedger::default()
            },
            _ => self.ledger,
        }
    }

    fn turn_day(&mut self, today: Date) {
        self.ledger = self.ledger_of(today);
        self.day = Some(today);
    }
}

impl Engine {
    pub(crate) fn learn_answer(&mut self, id: CallId) {
        let now = self.now.mono;
        let Some((pace, age)) = self.pace_of(id, now) else { return };
        pace.learnt.answered(age);
        pace.curves = pace.learnt.curves();
        pace.answers += 1;
        pace.unsaved = true;
    }

    /// A call that ended unanswered. Faults of the line say nothing of the list.
    pub(crate) fn learn_failure(&mut self, id: CallId, end: &LegEnd) {
        let now = self.now.mono;
        let Some(call) = self.calls.get(&id).filter(|c| c.open.answered.is_none()) else { return };
        if end.how == LegEndHow::NotSent || !cause::ending(end).uses_attempt {
            return;
        }
        // Hung up before its time: by a pause, a block, a lock.
        let early = call.end.is_some_and(|end| end.fault != Some("call.fault.no_answer"));
        let Some((pace, age)) = self.pace_of(id, now) else { return };
        if early {
            pace.learnt.cancelled(age, &pace.curves);
        } else {
            pace.learnt.failed(age);
            pace.curves = pace.learnt.curves();
        }
        pace.unsaved = true;
    }

    pub(crate) fn learn_greeting(&mut self, id: CallId) {
        let now = self.now.mono;
        let Some(call) = self.calls.get(&id) else { return };
        let Some(answered) = call.open.answered.map(|at| call.mono(at)) else { return };
        let seconds = now.0.saturating_sub(answered.0) as f64 / 1000.0;
        if let Some((pace, _)) = self.pace_of(id, now) {
            pace.learnt.greeted(seconds, GREETING_KEEP);
        }
    }

    /// An answered call of a task got its agent in time, or did not.
    pub(crate) fn learn_outcome(&mut self, id: CallId, abandoned: bool) {
        let now = self.now;
        let Some(call) = self.calls.get(&id) else { return };
        let (risk, company) = (call.risk, call.open.company);
        self.turn_task_days(company);
        let Some((pace, _)) = self.pace_of(id, now.mono) else { return };
        if abandoned {
            pace.ledger.abandoned += 1;
        } else {
            pace.ledger.served += 1;
        }
        let day = pace.day(now.wall, pace.left.map_or(0.0, |(_, left)| left));
        let task = self.calls.get(&id).and_then(|c| c.open.campaign).and_then(|c| self.tasks.get_mut(&c));
        let Some(task) = task else { return };
        task.pace.learnt.outcome(cap(task.cfg.pacing), &day, abandoned, risk);
        task.pace.unsaved = true;
    }

    pub(crate) fn turn_task_days(&mut self, id: CompanyId) {
        let Some(company) = self.companies.get(&id) else { return };
        let today = company.local(self.now.wall).date;
        for campaign in &company.running {
            if let Some(task) = self.tasks.get_mut(campaign) {
                task.pace.turn_day(today);
            }
        }
    }

    /// Once a minute: what was learnt since goes to the store.
    pub(crate) fn keep_learnt(&mut self) {
        for task in self.tasks.values_mut().filter(|t| t.pace.unsaved) {
            task.pace.unsaved = false;
            if let Ok(state) = serde_json::to_string(&task.pace.learnt) {
                self.turn.changes.push(Change::Learnt { campaign: task.cfg.id, state });
            }
        }
        for (id, company) in &mut self.companies {
            for (group, crew) in &mut company.crews {
                if let Some(state) = crew.unsaved() {
                    self.turn.changes.push(Change::Crew { company: *id, group: *group, state });
                }
            }
        }
    }

    /// The pace of the call's task, and the call's age in seconds. What agents dial by hand teaches nothing of dialling ahead.
    fn pace_of(&mut self, id: CallId, now: Mono) -> Option<(&mut Pace, f64)> {
        let call = self.calls.get(&id).filter(|c| !c.open.kind.by_hand())?;
        let age = now.0.saturating_sub(call.born.mono.0) as f64 / 1000.0;
        let task = self.tasks.get_mut(&call.open.campaign?)?;
        Some((&mut task.pace, age))
    }
}
