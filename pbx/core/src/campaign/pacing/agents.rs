//! How soon a busy agent is free again: the law of talks and of 话后, learnt by an agent group.

use super::histogram::Histogram;
use serde::{Deserialize, Serialize};

/// Durations remembered, talks and wrap-ups.
const MEMORY: (f64, f64) = (600.0, 400.0);
/// Ages of a talk in the table: so many, so many seconds apart. Longer talks are read as the last.
const AGES: usize = 300;
const AGE_STEP: f64 = 2.0;
/// Seconds ahead in the tables.
const AHEAD: usize = 96;
/// An age that nearly nothing reaches: the rest of such a talk, and of such a wrap-up, in seconds.
const REST: (f64, f64) = (60.0, 10.0);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Handling {
    talk: Histogram,
    wrap: Histogram,
}

/// Chances of being free, from `Handling`, ready to be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// By age of the talk, then seconds ahead: talk and wrap-up are over.
    talk: Vec<Vec<f64>>,
    /// Wrap-up over by so many seconds of age.
    wrap: Vec<f64>,
}

impl Default for Handling {
    fn default() -> Handling {
        Handling { talk: Histogram::new(100.0, 1.0, 6.0, MEMORY.0), wrap: Histogram::new(20.0, 0.8, 4.0, MEMORY.1) }
    }
}

impl Handling {
    /// Seconds.
    pub fn talked(&mut self, seconds: f64) {
        self.talk.add(seconds);
    }

    pub fn wrapped(&mut self, seconds: f64) {
        self.wrap.add(seconds);
    }

    pub fn residual(&self) -> Residual {
        let over = self.talk.over_by(AGE_STEP, AGES + AHEAD / AGE_STEP as usize + 2);
        let wrap = self.wrap.over_by(1.0, 256 + AHEAD);
        let row = |age: usize| (0..AHEAD).map(|ahead| free_by(&over, &wrap, age, ahead as f64)).collect();
        Residual { talk: (0..AGES).map(row).collect(), wrap }
    }
}

impl Residual {
    /// Chance that an agent who talks since `age` seconds is free, wrap-up included, `ahead` seconds on.
    pub fn talking(&self, age: f64, ahead: f64) -> f64 {
        let row = ((age / AGE_STEP) as usize).min(AGES - 1);
        self.talk.get(row).map_or(0.0, |row| between(row, ahead))
    }

    /// The same for one in 话后 since `age` seconds.
    pub fn wrapping(&self, age: f64, ahead: f64) -> f64 {
        let age = age.min(200.0);
        let still = 1.0 - between(&self.wrap, age);
        if still < 1e-3 {
            return 1.0 - libm::exp(-ahead / REST.1);
        }
        ((between(&self.wrap, age + ahead) - (1.0 - still)) / still).clamp(0.0, 1.0)
    }
}

/// The talk ends in each step ahead, and the wrap-up fits into the rest.
fn free_by(over: &[f64], wrap: &[f64], age: usize, ahead: f64) -> f64 {
    let still = 1.0 - over[age];
    if still < 1e-6 {
        return 1.0 - libm::exp(-ahead / REST.0);
    }
    let mut sum = 0.0;
    for step in 0..(ahead / AGE_STEP) as usize {
        let rest = ahead - (step as f64 + 0.5) * AGE_STEP;
        sum += (over[age + step + 1] - over[age + step]) * between(wrap, rest);
    }
    (sum / still).min(1.0)
}

fn between(curve: &[f64], x: f64) -> f64 {
    let cell = x.max(0.0) as usize;
    match (curve.get(cell), curve.get(cell + 1)) {
        (Some(from), Some(to)) => from + (to - from) * (x.max(0.0) - cell as f64),
        _ => curve.last().copied().unwrap_or(1.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_ahead_the_likelier_and_wrap_up_is_nearer_than_talk() {
        let residual = Handling::default().residual();
        for age in [0.0, 30.0, 300.0, 900.0] {
            let chances: Vec<f64> = (0..60).map(|a| residual.talking(age, f64::from(a))).collect();
            assert!(chances.windows(2).all(|w| w[0] <= w[1] + 1e-12), "{age}: {chances:?}");
            assert!(residual.wrapping(5.0, 20.0) > residual.talking(age, 20.0));
        }
    }
}
