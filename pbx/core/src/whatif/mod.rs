//! What if (X3): a task's day to come, played by the very engine that would dial it, with callees and agents drawn from what
//! was learnt of the real ones. No clock, no chance of its own: the seed is an argument, so the same question has one answer.

mod people;
mod play;
pub mod rows;

use crate::{
    campaign::pacing::{Handling, Learnt},
    io::{CampaignCfg, CompanyCfg, ScriptCfg, SeatCfg, TrunkCfg},
    time::Wall,
};
use hutong_api::Micro;

/// Days played, of which the answer is the mean.
pub const DAYS: u64 = 5;
/// The longest day.
pub const LONGEST_MS: u64 = 14 * 3_600_000;

/// The task as it would be, and what is known of its people.
#[derive(Debug, Clone)]
pub struct Question {
    pub company: CompanyCfg,
    pub trunk: TrunkCfg,
    pub script: ScriptCfg,
    pub campaign: CampaignCfg,
    /// One of the company's, as a pattern.
    pub seat: SeatCfg,
    pub agents: u32,
    /// Numbers not yet dialled.
    pub numbers: u32,
    /// When its agents sign in.
    pub from: Wall,
    /// Share of dials that a person answers.
    pub answer_rate: f64,
    /// Seconds of the greeting.
    pub greeting_s: f64,
    /// JSON of what the task and its agent group learnt; empty = nothing yet.
    pub learnt: String,
    pub crew: String,
}

/// Means over the days played.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answer {
    pub dialled: f64,
    pub answered: f64,
    pub served: f64,
    pub abandoned: f64,
    /// Share of their signed-in time that agents talk or wrap up.
    pub occupancy: f64,
    /// Seconds from the first dial to the end of the last call.
    pub seconds: f64,
    pub cost: Micro,
    /// Days on which the list was dialled through.
    pub finished: u32,
}

impl Answer {
    /// Share of the answered calls that found nobody in time.
    pub fn abandon_share(&self) -> f64 {
        if self.served + self.abandoned > 0.0 { self.abandoned / (self.served + self.abandoned) } else { 0.0 }
    }
}

pub fn answer(question: &Question, seed: u64) -> Answer {
    let handling: Handling = serde_json::from_str(&question.crew).unwrap_or_default();
    let learnt: Learnt = serde_json::from_str(&question.learnt).unwrap_or_else(|_| Learnt::new(0.03));
    let people = people::People::new(question, &learnt, &handling);
    let mut sum = Answer::default();
    for day in 0..DAYS {
        let played = play::Day::new(question, &people, seed.wrapping_add(day)).run();
        sum.dialled += played.dialled / DAYS as f64;
        sum.answered += played.answered / DAYS as f64;
        sum.served += played.served / DAYS as f64;
        sum.abandoned += played.abandoned / DAYS as f64;
        sum.occupancy += played.occupancy / DAYS as f64;
        sum.seconds += played.seconds / DAYS as f64;
        sum.cost += played.cost;
        sum.finished += played.finished;
    }
    Answer { cost: Micro(sum.cost.0 / DAYS as i64), ..sum }
}
