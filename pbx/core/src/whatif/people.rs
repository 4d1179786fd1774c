//! Callees and agents drawn from what was learnt.

use super::Question;
use crate::campaign::pacing::{Curves, Handling, Learnt};

/// Longest talk and wrap-up drawn, in seconds.
const LONGEST: usize = 1_800;

#[derive(Debug)]
pub(super) struct People {
    chance: f64,
    rings: Curves,
    /// Chance that a talk, a wrap-up is over by each second.
    talk: Vec<f64>,
    wrap: Vec<f64>,
}

/// splitmix64.
#[derive(Debug)]
pub(super) struct Dice(u64);

#[derive(Debug, Clone, Copy)]
pub(super) struct Callee {
    pub answers: bool,
    /// From the dial to his answer, or to his network's refusal.
    pub ring_ms: u64,
}

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// 0..1
    pub fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl People {
    pub fn new(question: &Question, learnt: &Learnt, handling: &Handling) -> People {
        let (talk, wrap) = handling.over_by(LONGEST);
        People { chance: question.answer_rate.clamp(0.0, 1.0), rings: learnt.curves(), talk, wrap }
    }

    pub fn callee(&self, dice: &mut Dice) -> Callee {
        let answers = dice.unit() < self.chance;
        let curve = if answers { &self.rings.answered } else { &self.rings.failed };
        Callee { answers, ring_ms: drawn(curve, dice.unit()).max(1_000) }
    }

    pub fn talk_ms(&self, dice: &mut Dice) -> u64 {
        drawn(&self.talk, dice.unit()).max(1_000)
    }

    pub fn wrap_ms(&self, dice: &mut Dice) -> u64 {
        drawn(&self.wrap, dice.unit())
    }
}

/// The moment by which this share of a curve over seconds is reached.
fn drawn(curve: &[f64], share: f64) -> u64 {
    let next = curve.iter().position(|v| *v > share).unwrap_or(curve.len() - 1).max(1);
    let (from, to) = (curve[next - 1], curve[next]);
    let part = if to > from { ((share - from) / (to - from)).clamp(0.0, 1.0) } else { 0.5 };
    ((next as f64 - 1.0 + part) * 1000.0) as u64
}
