//! How likely a number of this list is answered: learnt with decay, quick to notice that the list has changed.

use serde::{Deserialize, Serialize};

/// Too high on purpose until the list has spoken: a cold start is cautious.
const GUESS: f64 = 0.5;
const GUESS_CALLS: f64 = 6.0;
/// Calls the quick memory holds.
const QUICK: f64 = 40.0;
/// Calls the slow memory holds at first, and at most.
const SLOW: (f64, f64) = (150.0, 2_000.0);
/// Later the slow memory holds about so many seconds of dialling.
const SLOW_SECONDS: f64 = 900.0;
/// Deviations between the two memories that mean another list.
const JUMP: f64 = 2.5;
const BOUNDS: (f64, f64) = (0.01, 0.97);

/// Answers and the calls they came of. A call that still rings counts by the share of answers that would have come by now, so
/// that answers, which come early, are not over-counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Answers {
    slow: (f64, f64),
    quick: (f64, f64),
    memory: f64,
}

impl Default for Answers {
    fn default() -> Answers {
        let all = GUESS_CALLS;
        Answers { slow: (GUESS * all, all), quick: (GUESS * all / 2.0, all / 2.0), memory: SLOW.0 }
    }
}

impl Answers {
    /// A call ended its ring. `weight`: 1, or the share of its ring it was given when we hung up ourselves.
    pub fn learn(&mut self, answered: bool, weight: f64) {
        let answer = f64::from(u8::from(answered));
        let mix = |(a, e): (f64, f64), memory: f64| {
            let keep = 1.0 - 1.0 / memory;
            (a * keep + answer, e * keep + weight)
        };
        self.slow = mix(self.slow, self.memory);
        self.quick = mix(self.quick, QUICK);
    }

    /// Remembers a quarter of an hour of dialling. `per_second`: answers, over the day so far.
    pub fn remember(&mut self, per_second: f64) {
        let (answers, calls) = self.slow;
        self.memory = (per_second / (answers / calls).max(0.05) * SLOW_SECONDS).clamp(SLOW.0, SLOW.1);
    }

    /// Forgets the old list when the last calls contradict it. `ringing`: what still rings, in whole calls.
    pub fn notice(&mut self, ringing: f64) {
        let (slow, quick) = (self.slow.0 / (self.slow.1 + ringing), self.quick_chance(ringing));
        let deviation = libm::sqrt((slow * (1.0 - slow)).max(1e-4) / self.quick.1.max(4.0));
        if (quick - slow).abs() > JUMP * deviation {
            self.slow = self.quick;
        }
    }

    pub fn chance(&self, ringing: f64) -> f64 {
        (self.slow.0 / (self.slow.1 + ringing)).clamp(BOUNDS.0, BOUNDS.1)
    }

    fn quick_chance(&self, ringing: f64) -> f64 {
        let share = (self.quick.1 / self.slow.1.max(1e-9)).min(1.0);
        self.quick.0 / (self.quick.1 + ringing * share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(answers: &mut Answers, calls: u32, every: u32) {
        for i in 0..calls {
            answers.learn(i % every == 0, 1.0);
            answers.notice(0.0);
        }
    }

    #[test]
    fn it_learns_the_list_and_notices_another_one() {
        let mut answers = Answers::default();
        assert!(answers.chance(0.0) >= 0.5, "careful at first");
        hear(&mut answers, 400, 4);
        assert!((answers.chance(0.0) - 0.25).abs() < 0.06, "{}", answers.chance(0.0));
        hear(&mut answers, 40, 1);
        assert!(
            answers.chance(0.0) > 0.6,
            "a better list is noticed within some tens of calls: {}",
            answers.chance(0.0)
        );
    }

    #[test]
    fn what_still_rings_is_counted_in_part() {
        let mut answers = Answers::default();
        hear(&mut answers, 100, 2);
        assert!(answers.chance(30.0) < answers.chance(0.0));
    }
}
