//! When calls are answered, and when the others end: two curves a task learns of its own list.

use serde::{Deserialize, Serialize};

/// One-second cells; what lasts longer counts in the last.
pub const CELLS: usize = 64;
/// What one ring leaves of the earlier ones.
const KEEP: f64 = 0.997;

/// Ages are seconds since the dial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rings {
    answered: Vec<f64>,
    failed: Vec<f64>,
}

/// The curves as shares: `answered[i]` of the calls that are answered were so by second `i`.
#[derive(Debug, Clone, PartialEq)]
pub struct Curves {
    pub answered: Vec<f64>,
    pub failed: Vec<f64>,
}

impl Default for Rings {
    /// Answered around 8.5 s; busy and dead numbers at once, the rest after half a minute.
    fn default() -> Rings {
        let middle = |k: usize| k as f64 + 0.5;
        let bell = |x: f64| 6.0 * libm::exp(-libm::pow(libm::log(x / 8.5), 2.0) / (2.0 * 0.45 * 0.45)) / x;
        let early = |k: usize| if (2..=4).contains(&k) { 2.0 } else { 0.0 };
        let late = |k: usize| if (24..50).contains(&k) { 0.25 } else { 0.0 };
        Rings {
            answered: (0..CELLS).map(|k| bell(middle(k))).collect(),
            failed: (0..CELLS).map(|k| 0.2 + early(k) + late(k)).collect(),
        }
    }
}

impl Rings {
    pub fn answered(&mut self, age: f64) {
        learn(&mut self.answered, age);
    }

    pub fn failed(&mut self, age: f64) {
        learn(&mut self.failed, age);
    }

    pub fn curves(&self) -> Curves {
        Curves { answered: shares(&self.answered), failed: shares(&self.failed) }
    }
}

impl Curves {
    /// Share answered, of those that will be, by this age.
    pub fn answered_by(&self, age: f64) -> f64 {
        at(&self.answered, age)
    }

    pub fn failed_by(&self, age: f64) -> f64 {
        at(&self.failed, age)
    }

    /// The age by which this share of the answers has come.
    pub fn age_of(&self, share: f64) -> f64 {
        self.answered.iter().position(|v| *v >= share).unwrap_or(CELLS) as f64
    }
}

fn learn(cells: &mut [f64], age: f64) {
    for cell in cells.iter_mut() {
        *cell *= KEEP;
    }
    cells[(age.max(0.0) as usize).min(CELLS - 1)] += 1.0;
}

fn shares(cells: &[f64]) -> Vec<f64> {
    let total: f64 = cells.iter().sum();
    let mut sum = 0.0;
    let mut out = vec![0.0];
    for cell in cells {
        sum += cell / total;
        out.push(sum);
    }
    out
}

fn at(curve: &[f64], age: f64) -> f64 {
    let age = age.max(0.0);
    let cell = age as usize;
    match (curve.get(cell), curve.get(cell + 1)) {
        (Some(from), Some(to)) => from + (to - from) * (age - cell as f64),
        _ => 1.0,
    }
}
