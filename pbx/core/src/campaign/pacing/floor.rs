//! A floor of one task told by events: what `hutong pace` and the referee's days drive. The engine has books of its own and
//! asks the same questions.

use super::{Curves, Day, Handling, Learnt, Outlook, Residual, Ringing, at_once};
use std::collections::{BTreeMap, VecDeque};

/// The agents' curves are drawn anew so often, in seconds.
const REDRAW: f64 = 60.0;
/// Where nothing happened the floor is looked at again after so long.
const LOOK_AGAIN: f64 = 0.99;

/// Ids are the teller's own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    AgentReady {
        agent: i64,
    },
    AgentBusy {
        agent: i64,
    },
    AgentWrap {
        agent: i64,
    },
    AgentGone {
        agent: i64,
    },
    Started {
        call: i64,
    },
    /// By a person; `greeting` seconds play before he needs an agent.
    Answered {
        call: i64,
        greeting: f64,
    },
    Failed {
        call: i64,
        cancelled: bool,
    },
    Connected {
        call: i64,
    },
    Abandoned {
        call: i64,
    },
}

/// What is known before the day begins. Seconds; `cap` is a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    pub cap: f64,
    pub grace: f64,
    pub greeting: f64,
    pub shift: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Talk,
    Wrap,
    Gone,
}

#[derive(Debug)]
pub struct Floor {
    terms: Terms,
    learnt: Learnt,
    handling: Handling,
    residual: Residual,
    redraw_at: f64,
    agents: BTreeMap<i64, (State, f64)>,
    /// Since when a call rings, and at which risk it was dialled.
    ringing: BTreeMap<i64, (f64, f64)>,
    /// Answered: when it needs an agent, and that risk.
    answered: BTreeMap<i64, (f64, f64)>,
    /// Risks of what was decided but has not started yet.
    decided: VecDeque<f64>,
    answers: u32,
    served: u32,
    abandoned: u32,
    happened: bool,
    looked_at: f64,
}

impl Floor {
    pub fn new(terms: Terms) -> Floor {
        let handling = Handling::default();
        Floor {
            terms,
            learnt: Learnt::new(terms.cap),
            residual: handling.residual(),
            handling,
            redraw_at: REDRAW,
            agents: BTreeMap::new(),
            ringing: BTreeMap::new(),
            answered: BTreeMap::new(),
            decided: VecDeque::new(),
            answers: 0,
            served: 0,
            abandoned: 0,
            happened: true,
            looked_at: 0.0,
        }
    }

    pub fn tell(&mut self, t: f64, event: Event) {
        self.happened = true;
        match event {
            Event::AgentReady { agent } => self.agent(t, agent, State::Ready),
            Event::AgentBusy { agent } => self.agent(t, agent, State::Talk),
            Event::AgentWrap { agent } => self.agent(t, agent, State::Wrap),
            Event::AgentGone { agent } => self.agent(t, agent, State::Gone),
            Event::Started { call } => {
                let risk = self.decided.pop_front().unwrap_or(0.0);
                self.ringing.insert(call, (t, risk));
            }
            Event::Answered { call, greeting } => {
                let Some((since, risk)) = self.ringing.remove(&call) else { return };
                self.answers += 1;
                self.learnt.answered(t - since);
                self.answered.insert(call, (t + greeting, risk));
            }
            Event::Failed { call, cancelled } => self.failed(t, call, cancelled),
            Event::Connected { call } => self.outcome(t, call, false),
            Event::Abandoned { call } => self.outcome(t, call, true),
        }
    }

    /// How many calls to start now.
    pub fn dial(&mut self, t: f64) -> u32 {
        if !self.happened && t - self.looked_at < LOOK_AGAIN {
            return 0;
        }
        self.happened = false;
        self.looked_at = t;
        self.decided.clear();
        let count = self.agents.values().filter(|(state, _)| *state != State::Gone).count();
        if count == 0 {
            return 0;
        }
        if t >= self.redraw_at {
            self.redraw_at = t + REDRAW;
            self.residual = self.handling.residual();
        }
        let (curves, day) = (self.learnt.curves(), self.day(t));
        let ages = self.ringing.values().map(|(since, _)| t - since);
        let chance = self.learnt.chance(&curves, ages, &day, self.answers);
        let allowed = self.learnt.allowed(self.terms.cap, &day, count as u32);
        let mut outlook = self.outlook(t, &curves, chance, count);
        while (self.decided.len() as u32) < at_once(count as u32) {
            let risk = outlook.risk();
            if risk > allowed {
                break;
            }
            self.decided.push_back(risk);
            outlook.dialled(chance);
        }
        self.decided.len() as u32
    }

    fn outlook(&self, t: f64, curves: &Curves, chance: f64, agents: usize) -> Outlook {
        let Terms { greeting, grace, .. } = self.terms;
        let mut outlook = Outlook::new(curves, agents, greeting, grace);
        for (state, since) in self.agents.values() {
            match state {
                State::Talk => outlook.talking(&self.residual, t - since),
                State::Wrap => outlook.wrapping(&self.residual, t - since),
                State::Ready | State::Gone => {}
            }
        }
        for (since, _) in self.ringing.values() {
            outlook.ringing(&Ringing { age: t - since, chance, curves, greeting });
        }
        for (needs, _) in self.answered.values() {
            outlook.arriving(needs - t);
        }
        outlook
    }

    fn agent(&mut self, t: f64, agent: i64, to: State) {
        let before = self.agents.insert(agent, (to, t));
        match (before, to) {
            (Some((State::Talk, since)), State::Wrap) => self.handling.talked(t - since),
            (Some((State::Wrap, since)), State::Ready | State::Gone) => self.handling.wrapped(t - since),
            _ => {}
        }
    }

    fn failed(&mut self, t: f64, call: i64, cancelled: bool) {
        let Some((since, _)) = self.ringing.remove(&call) else {
            // Hung up in the greeting.
            self.answered.remove(&call);
            return;
        };
        if cancelled {
            let curves = self.learnt.curves();
            self.learnt.cancelled(t - since, &curves);
        } else {
            self.learnt.failed(t - since);
        }
    }

    fn outcome(&mut self, t: f64, call: i64, abandoned: bool) {
        let risk = self.answered.remove(&call).map_or(0.0, |(_, risk)| risk);
        if abandoned {
            self.abandoned += 1;
        } else {
            self.served += 1;
        }
        let day = self.day(t);
        self.learnt.outcome(self.terms.cap, &day, abandoned, risk);
    }

    fn day(&self, t: f64) -> Day {
        let left = (self.terms.shift - t).max(0.0);
        Day { served: self.served, abandoned: self.abandoned, elapsed: t, left, before: (0, 0) }
    }
}
