//! The abandon budget (X2): how much risk the next call may carry, so that the day keeps its cap.
//!
//! The threshold is steered by the risk foreseen for the calls that were answered, not by each abandon as it happens: abandons are
//! rare, so a threshold that follows them wanders. A slow calibration ties what was foreseen to what came true.

use serde::{Deserialize, Serialize};

/// How fast the threshold moves with one answered call.
const STEP: f64 = 0.03;
/// Bounds of the threshold.
const THRESHOLD: (f64, f64) = (1e-5, 0.6);
/// Abandons the first guess of the calibration is worth, and outcomes it remembers.
const CALIBRATION: (f64, f64) = (20.0, 3_000.0);
const CALIBRATION_BOUNDS: (f64, f64) = (0.5, 4.0);
/// Below so many outcomes the guess follows the size of the group.
const GUESS_UNTIL: u32 = 10;
/// The shares of the cap that the calls to come may carry.
const WANT: (f64, f64) = (0.15, 2.0);
/// Answered calls beside which those still to come are thought of.
const SOFT: f64 = 15.0;
/// A day so young says nothing of its own pace, in seconds.
const YOUNG: f64 = 600.0;
/// What a day without a past is thought to bring: answered calls an agent and hour.
const USUAL_PER_HOUR: f64 = 20.0;
/// What is left to risk when the ledger is spent.
const SPENT: f64 = 0.002;
/// What is left of the threshold when the ledger is nearly spent.
const LAST: f64 = 0.3;
/// How much of the rest of the day the ledger counts on.
const COUNT_ON: f64 = 0.6;

/// What carries over from day to day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    threshold: f64,
    /// Abandons that came, and that were foreseen.
    came: f64,
    foreseen: f64,
    outcomes: u32,
    /// Most agents signed in at once.
    agents: u32,
}

/// A day so far. Counts are answered calls that reached an agent and those that did not in time.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Day {
    pub served: u32,
    pub abandoned: u32,
    /// Seconds since the first dial, and until the last.
    pub elapsed: f64,
    pub left: f64,
    /// Served and abandoned in the thirty days before.
    pub before: (u32, u32),
}

impl Day {
    /// The rolling month, today included, is over its cap.
    fn over(&self, cap: f64) -> bool {
        let (served, abandoned) = (self.before.0 + self.served, self.before.1 + self.abandoned);
        self.before.0 + self.before.1 > 0 && f64::from(abandoned) > cap * f64::from(served + abandoned)
    }
}

impl Budget {
    pub fn new(cap: f64) -> Budget {
        let mut budget = Budget { threshold: 0.0, came: 0.0, foreseen: 0.0, outcomes: 0, agents: 0 };
        budget.grow(cap, 1);
        budget
    }

    /// The guess before the first outcomes: the more agents, the less a call risks for the same threshold.
    pub fn grow(&mut self, cap: f64, agents: u32) {
        if agents <= self.agents {
            return;
        }
        self.agents = agents;
        if self.outcomes < GUESS_UNTIL {
            let n = f64::from(agents);
            self.came = CALIBRATION.0;
            self.foreseen = CALIBRATION.0 / (1.25 + 0.25 * libm::log(n));
            self.threshold = 0.8 * cap * (1.7 * libm::pow(n, -0.35)).max(0.65);
        }
    }

    /// An answered call of foreseen risk `risk` was taken in time, or not. `day` counts it already.
    pub fn outcome(&mut self, cap: f64, day: &Day, abandoned: bool, risk: f64) {
        let keep = 1.0 - 1.0 / CALIBRATION.1;
        self.came = self.came * keep + f64::from(u8::from(abandoned));
        self.foreseen = self.foreseen * keep + risk;
        self.outcomes += 1;
        if day.elapsed > YOUNG && self.room(cap, day) < 0.0 {
            return;
        }
        let want = self.want(cap, day);
        if want > 0.0 {
            let step = STEP * (1.0 - self.calibration() * risk / want);
            self.threshold = (self.threshold * libm::exp(step)).clamp(THRESHOLD.0, THRESHOLD.1);
        }
    }

    /// The most risk a call may carry now. At a cap of 0 none: one call for each free agent.
    pub fn allowed(&self, cap: f64, day: &Day) -> f64 {
        if cap <= 0.0 {
            0.0
        } else if day.over(cap) || day.abandoned > 0 && self.room(cap, day) < 0.0 {
            (self.threshold / 10.0).min(SPENT)
        } else if day.abandoned > 0 {
            // The last one of the day is spent with care: two on their way at once would break the cap.
            self.threshold * (LAST + (1.0 - LAST) * self.room(cap, day)).min(1.0)
        } else {
            self.threshold
        }
    }

    /// How many times more abandons come than are foreseen.
    fn calibration(&self) -> f64 {
        (self.came / self.foreseen).clamp(CALIBRATION_BOUNDS.0, CALIBRATION_BOUNDS.1)
    }

    /// Abandons the day may still bring, those it already brought and one more taken off.
    fn room(&self, cap: f64, day: &Day) -> f64 {
        let n = f64::from(day.served + day.abandoned);
        let left = if day.elapsed > YOUNG { n / day.elapsed * day.left } else { 0.0 };
        let agents = f64::from(self.agents);
        let reserve = 1.0 + 0.01 * agents + 0.02 * (agents - 20.0).max(0.0);
        cap * (n + COUNT_ON * left) - f64::from(day.abandoned) - reserve
    }

    /// The share of the answered calls to come that may be abandoned, spending the day's allowance evenly.
    fn want(&self, cap: f64, day: &Day) -> f64 {
        let n = f64::from(day.served + day.abandoned);
        let agents = f64::from(self.agents);
        let whole = day.elapsed + day.left;
        let usual = agents * USUAL_PER_HOUR / 3_600.0 * whole;
        let left = ((n + 0.05 * usual) / (day.elapsed + 0.05 * whole).max(1.0) * day.left).max(0.0);
        let reserve = 0.8 + 0.02 * agents;
        let share = (cap * (n + left) - f64::from(day.abandoned) - reserve) / (left + SOFT);
        share.clamp(cap * WANT.0, cap * WANT.1)
    }
}
