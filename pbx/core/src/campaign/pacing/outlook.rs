//! The next seconds of an agent group: how likely a call dialled now, if it is answered, finds nobody free.
//!
//! Every busy agent, every ringing call and every call in its greeting is a chance of its own; how many of them come true by a
//! moment is a sum of independent chances, whose law is kept whole (no normal approximation).

use super::{agents::Residual, rings::Curves};

/// Moments looked at.
const MOMENTS: usize = 20;
/// Share of the answers that should fall within them.
const REACH: f64 = 0.985;
/// A ringing call less likely than this to be answered is left out.
const UNLIKELY: f64 = 2e-3;

/// For calls of one task: its answers choose the moments, its greeting moves them.
#[derive(Debug, Clone)]
pub struct Outlook {
    /// Seconds from now to each moment.
    moments: Vec<f64>,
    /// Share of the task's answers that come between one moment and the next.
    weights: Vec<f64>,
    /// Chance that a call dialled now has been answered by then, if it is answered at all.
    fresh: Vec<f64>,
    /// Seconds between an answer and the need for an agent, and the time he may take.
    greeting: f64,
    grace: f64,
    /// For each moment the law of how many agents are taken: 0, 1 … up to all of them or more.
    taken: Vec<Vec<f64>>,
}

/// A ringing call: its own task's chance and curves.
#[derive(Debug, Clone, Copy)]
pub struct Ringing<'a> {
    pub age: f64,
    pub chance: f64,
    pub curves: &'a Curves,
    pub greeting: f64,
}

impl Outlook {
    /// `agents`: free ones and those whose state is told next. Seconds.
    pub fn new(curves: &Curves, agents: usize, greeting: f64, grace: f64) -> Outlook {
        let step = (curves.age_of(REACH) / MOMENTS as f64).clamp(1.0, 3.0);
        let moments: Vec<f64> = (1..=MOMENTS).map(|i| i as f64 * step).collect();
        let fresh: Vec<f64> = moments.iter().map(|m| curves.answered_by(*m)).collect();
        let mut before = 0.0;
        let mut weights: Vec<f64> = fresh.iter().map(|v| v - std::mem::replace(&mut before, *v)).collect();
        if let Some(last) = weights.last_mut() {
            *last += 1.0 - before;
        }
        let mut none = vec![0.0; agents + 1];
        none[0] = 1.0;
        let taken = vec![none; MOMENTS];
        Outlook { moments, weights, fresh, greeting, grace, taken }
    }

    pub fn talking(&mut self, residual: &Residual, age: f64) {
        self.each(|ahead| 1.0 - residual.talking(age, ahead), true);
    }

    pub fn wrapping(&mut self, residual: &Residual, age: f64) {
        self.each(|ahead| 1.0 - residual.wrapping(age, ahead), true);
    }

    pub fn ringing(&mut self, call: &Ringing) {
        let Ringing { age, chance, curves, greeting } = *call;
        let unanswered = 1.0 - curves.answered_by(age);
        let alive = chance * unanswered + (1.0 - chance) * (1.0 - curves.failed_by(age));
        if alive < 1e-9 || chance * unanswered / alive < UNLIKELY {
            return;
        }
        let from = curves.answered_by(age);
        let ahead = self.greeting - greeting;
        let come = |m: f64| chance / alive * (curves.answered_by(age + m + ahead) - from).max(0.0);
        self.each(come, false);
    }

    /// A call that will want an agent in `left` seconds (waiting already: 0).
    pub fn arriving(&mut self, left: f64) {
        let greeting = self.greeting;
        self.each(|m| if left <= m + greeting { 1.0 } else { 0.0 }, false);
    }

    /// One more call dialled now.
    pub fn dialled(&mut self, chance: f64) {
        for (taken, fresh) in self.taken.iter_mut().zip(&self.fresh) {
            add(taken, chance * fresh);
        }
    }

    /// The chance that a call dialled now finds all agents taken at the moment it needs one, if it is answered.
    pub fn risk(&self) -> f64 {
        self.taken.iter().zip(&self.weights).map(|(taken, weight)| weight * taken.last().unwrap_or(&1.0)).sum()
    }

    /// `chance` of each moment; an agent's is asked for the moment the new call would need him at the latest.
    fn each(&mut self, chance: impl Fn(f64) -> f64, agent: bool) {
        let late = if agent { self.greeting + self.grace } else { 0.0 };
        for (taken, moment) in self.taken.iter_mut().zip(&self.moments) {
            add(taken, chance(moment + late));
        }
    }
}

/// One more independent chance. The last entry holds "all or more", reached only by what really can reach it.
fn add(taken: &mut [f64], chance: f64) {
    if chance <= 0.0 {
        return;
    }
    let chance = chance.min(1.0);
    let all = taken.len() - 1;
    for i in (0..=all).rev() {
        let stays = if i == all { taken[i] } else { taken[i] * (1.0 - chance) };
        taken[i] = stays + if i > 0 { taken[i - 1] * chance } else { 0.0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::pacing::{agents::Handling, rings::Rings};

    fn ringing(curves: &Curves, age: f64) -> Ringing<'_> {
        Ringing { age, chance: 0.3, curves, greeting: 0.0 }
    }

    #[test]
    fn a_call_for_a_free_agent_carries_no_risk_at_all() {
        let (curves, residual) = (Rings::default().curves(), Handling::default().residual());
        let mut outlook = Outlook::new(&curves, 3, 0.0, 2.0);
        outlook.talking(&residual, 10.0);
        outlook.ringing(&ringing(&curves, 3.0));
        assert_eq!(outlook.risk(), 0.0, "three agents, one talks, one call rings");
        outlook.dialled(0.3);
        assert!(outlook.risk() > 0.0);
    }

    #[test]
    fn more_on_the_way_more_risk_and_wrap_up_less_than_talk() {
        let (curves, residual) = (Rings::default().curves(), Handling::default().residual());
        let floor = |talks: usize, rings: usize| {
            let mut outlook = Outlook::new(&curves, 4, 0.0, 2.0);
            for _ in 0..talks {
                outlook.talking(&residual, 5.0);
            }
            for _ in talks..4 {
                outlook.wrapping(&residual, 5.0);
            }
            for _ in 0..rings {
                outlook.ringing(&ringing(&curves, 4.0));
            }
            outlook.risk()
        };
        assert!(floor(4, 1) > floor(3, 1) && floor(3, 2) > floor(3, 1));
    }

    #[test]
    fn the_greeting_is_time_to_find_an_agent() {
        let (curves, residual) = (Rings::default().curves(), Handling::default().residual());
        let risk = |greeting: f64| {
            let mut outlook = Outlook::new(&curves, 1, greeting, 2.0);
            outlook.wrapping(&residual, 2.0);
            outlook.risk()
        };
        assert!(risk(10.0) < risk(0.0) / 2.0, "{} {}", risk(10.0), risk(0.0));
    }
}
