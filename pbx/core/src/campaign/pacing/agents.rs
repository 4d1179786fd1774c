//! How soon a busy agent is free again: the law of talks and of 话后, learnt by an agent group.

use super::histogram::Histogram;
use serde::{Deserialize, Serialize};

/// Durations remembered, talks and wrap-ups.
const MEMORY: (f64, f64) = (600.0, 400.0);
/// Ages of a talk in the table: so many, so many seconds apart. Longer talks are read as the last.
const AGES: usize = 300;
const AGE_STEP: f64 = 2.0;
/// Looked ahead so many of these steps.
const AHEAD: usize = 48;
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
    /// By age of the talk, then steps ahead: talk and wrap-up are over.
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

    /// Chances that a talk, and a wrap-up, is over by each of so many seconds.
    pub fn over_by(&self, seconds: usize) -> (Vec<f64>, Vec<f64>) {
        (self.talk.over_by(1.0, seconds), self.wrap.over_by(1.0, seconds))
    }

    pub fn residual(&self) -> Residual {
        let over = self.talk.over_by(AGE_STEP, AGES + AHEAD + 1);
        let wrap = self.wrap.over_by(1.0, 256 + AHEAD * AGE_STEP as usize);
        // A talk that ends within a step ends in its middle; so much of the wrap-up fits into the rest.
        let fits: Vec<f64> = (0..AHEAD).map(|step| between(&wrap, (step as f64 + 0.5) * AGE_STEP)).collect();
        let row = |age: usize| (0..AHEAD).map(|ahead| free_by(&over, &fits, age, ahead)).collect();
        Residual { talk: (0..AGES).map(row).collect(), wrap }
    }
}

impl Residual {
    /// Chance that an agent who talks since `age` seconds is free, wrap-up included, `ahead` seconds on.
    pub fn talking(&self, age: f64, ahead: f64) -> f64 {
        let row = ((age / AGE_STEP) as usize).min(AGES - 1);
        self.talk.get(row).map_or(0.0, |row| between(row, ahead / AGE_STEP))
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

/// The talk ends in one of the steps ahead, and the wrap-up fits into those left.
fn free_by(over: &[f64], fits: &[f64], age: usize, ahead: usize) -> f64 {
    let still = 1.0 - over[age];
    if still < 1e-6 {
        return 1.0 - libm::exp(-(ahead as f64) * AGE_STEP / REST.0);
    }
    let ends = over[age..=age + ahead].windows(2).map(|w| w[1] - w[0]);
    let sum: f64 = ends.zip(fits[..ahead].iter().rev()).map(|(end, fit)| end * fit).sum();
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
