//! How many numbers to dial now: for an agent group, over every task that feeds it.
//!
//! A call is dialled while the chance that it would find nobody, if it is answered, is small enough for the abandon budget
//! (`budget`). What the list and the agents are like is learnt (`answers`, `rings`, `agents`); what is coming is reckoned from
//! the ages of calls and talks (`outlook`). Nothing here reads a clock: ages and elapsed times are arguments, in seconds.

mod agents;
mod answers;
mod budget;
pub mod floor;
mod histogram;
mod outlook;
mod rings;

pub use agents::{Handling, Residual};
pub use budget::Day;
pub use outlook::{Outlook, Ringing};
pub use rings::Curves;

use answers::Answers;
use budget::Budget;
use rings::Rings;
use serde::{Deserialize, Serialize};

/// Most calls one look may dial beside two: so many for each agent, and in all.
const AT_ONCE: (u32, u32) = (2, 30);

/// What a task has learnt of its list. Stored, so that a restart or the next day goes on from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Learnt {
    answers: Answers,
    rings: Rings,
    budget: Budget,
    /// Seconds from the answer until an agent is needed.
    greeting: f64,
}

impl Learnt {
    /// `cap`: the share of answered calls that may be abandoned, 0.03 = 3 %.
    pub fn new(cap: f64) -> Learnt {
        Learnt { answers: Answers::default(), rings: Rings::default(), budget: Budget::new(cap), greeting: 0.0 }
    }

    /// A call was answered `age` seconds after its dial.
    pub fn answered(&mut self, age: f64) {
        self.rings.answered(age);
        self.answers.learn(true, 1.0);
    }

    /// It ended by itself, or at our ring limit.
    pub fn failed(&mut self, age: f64) {
        self.rings.failed(age);
        self.answers.learn(false, 1.0);
    }

    /// We hung up before its time: it counts by the share of its ring.
    pub fn cancelled(&mut self, age: f64, curves: &Curves) {
        self.answers.learn(false, curves.answered_by(age));
    }

    /// A greeting played so long. `keep`: the share of what was thought before.
    pub fn greeted(&mut self, seconds: f64, keep: f64) {
        let keep = if self.greeting == 0.0 { 0.0 } else { keep };
        self.greeting = self.greeting * keep + seconds * (1.0 - keep);
    }

    pub fn greeting(&self) -> f64 {
        self.greeting
    }

    /// An answered call dialled at `risk` reached an agent in time, or not. `day` counts it already.
    pub fn outcome(&mut self, cap: f64, day: &Day, abandoned: bool, risk: f64) {
        self.budget.outcome(cap, day, abandoned, risk);
    }

    pub fn curves(&self) -> Curves {
        self.rings.curves()
    }

    /// The chance that a number is answered; before it, whether the list has changed is looked at. `ringing`: ages.
    pub fn chance(&mut self, curves: &Curves, ringing: impl Iterator<Item = f64>, day: &Day, answers: u32) -> f64 {
        let whole: f64 = ringing.map(|age| curves.answered_by(age)).sum();
        if answers > 30 {
            self.answers.remember(f64::from(answers) / day.elapsed.max(600.0));
        }
        self.answers.notice(whole);
        self.answers.chance(whole)
    }

    /// The most risk a call may carry now. `agents`: signed in.
    pub fn allowed(&mut self, cap: f64, day: &Day, agents: u32) -> f64 {
        self.budget.grow(cap, agents);
        self.budget.allowed(cap, day)
    }
}

/// The most calls one look may dial, whatever the risk: `agents` are those signed in.
pub fn at_once(agents: u32) -> u32 {
    (2 + AT_ONCE.0 * agents).min(AT_ONCE.1)
}
