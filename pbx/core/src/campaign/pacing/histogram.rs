//! How long something lasts: a histogram that forgets slowly, over log-spaced bins, beginning from a guess.

use serde::{Deserialize, Serialize};

/// 1 s … about 50 min, each bin an eighth wider than the one before.
const BINS: usize = 72;
const RATIO: f64 = 1.12;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    weights: Vec<f64>,
    /// What one new duration leaves of everything before it.
    keep: f64,
}

impl Histogram {
    /// A log-normal guess worth `weight` durations; about `memory` durations are remembered. Seconds.
    pub fn new(mean: f64, cv: f64, weight: f64, memory: f64) -> Histogram {
        let s2 = libm::log(1.0 + cv * cv);
        let (mu, sd) = (libm::log(mean) - s2 / 2.0, libm::sqrt(s2));
        let below = |x: f64| {
            if x <= 0.0 { 0.0 } else { 0.5 * libm::erfc(-(libm::log(x) - mu) / sd / std::f64::consts::SQRT_2) }
        };
        let weights = (0..BINS).map(|i| weight * (below(edge(i + 1)) - below(edge(i))).max(1e-6)).collect();
        Histogram { weights, keep: 1.0 - 1.0 / memory }
    }

    pub fn add(&mut self, seconds: f64) {
        for weight in &mut self.weights {
            *weight *= self.keep;
        }
        let bin = (0..BINS).rfind(|i| edge(*i) <= seconds).unwrap_or(0);
        // Spread over the neighbours: few durations still give a smooth curve.
        self.weights[bin] += 0.5;
        self.weights[bin.saturating_sub(1)] += 0.25;
        self.weights[(bin + 1).min(BINS - 1)] += 0.25;
    }

    /// Chance to be over by 0, step, 2 step … seconds.
    pub fn over_by(&self, step: f64, count: usize) -> Vec<f64> {
        let total: f64 = self.weights.iter().sum();
        let (mut bin, mut before) = (0, 0.0);
        let at = |k: usize| {
            let x = k as f64 * step;
            while bin < BINS && edge(bin + 1) <= x {
                before += self.weights[bin];
                bin += 1;
            }
            let Some(weight) = self.weights.get(bin) else { return 1.0 };
            let (from, to) = (edge(bin), edge(bin + 1));
            (before + weight * (x - from) / (to - from)) / total
        };
        (0..count).map(at).collect()
    }
}

/// Where bin `i` begins.
fn edge(i: usize) -> f64 {
    if i == 0 { 0.0 } else { libm::pow(RATIO, (i - 1) as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_as_the_guess_and_becomes_what_it_hears() {
        let mut curve = Histogram::new(100.0, 1.0, 6.0, 250.0);
        let median = |c: &Histogram| c.over_by(1.0, 600).iter().position(|p| *p >= 0.5);
        assert!(matches!(median(&curve), Some(65..=75)), "a log-normal of mean 100 s and cv 1: {:?}", median(&curve));
        for _ in 0..400 {
            curve.add(20.0);
        }
        assert!(matches!(median(&curve), Some(17..=22)), "{:?}", median(&curve));
        let all = curve.over_by(1.0, 5_000);
        assert!(all.windows(2).all(|w| w[0] <= w[1]), "never falls");
        assert!((all[4_999] - 1.0).abs() < 1e-9);
    }
}
