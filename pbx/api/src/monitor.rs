//! 任务监控 (F52): one task as it stands now. Titles and sentences are in the asker's language; no number is among them.

use crate::{CampaignId, board::CampaignStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskMonitor {
    pub id: CampaignId,
    pub name: String,
    pub status: CampaignStatus,
    /// Why it is not dialling now, or that it is.
    pub why: String,
    /// What it runs by: title and value.
    pub facts: Vec<(String, String)>,
    /// From the whole list down to those who talked with an agent.
    pub funnel: Vec<FunnelStage>,
    /// Why calls were not answered, the commonest first.
    pub causes: Vec<FailureCause>,
    /// Calls and answers of today by the company's hour, 24 each.
    pub calls_by_hour: Vec<u32>,
    pub answered_by_hour: Vec<u32>,
    pub pace: TaskPace,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FunnelStage {
    pub title: String,
    pub count: u32,
    /// Of the stage before, as "42.2%"; empty for the first.
    pub share: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FailureCause {
    pub title: String,
    /// SIP status, empty where there was none.
    pub sip: String,
    pub count: u32,
    /// Of all that failed.
    pub share: String,
    /// What happens to these numbers next.
    pub next: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaskPace {
    pub mode: String,
    /// Legs that are up by stage: title and count.
    pub legs: Vec<(String, u32)>,
    /// Agents of its group: signed in, and free.
    pub agents: u32,
    pub free: u32,
    /// Calls of the group on their way for each free agent, as "1.6"; "--" where nobody is free.
    pub per_agent: String,
    /// Answered calls of today that found nobody in time, and its cap, in hundredths of a percent.
    pub abandoned_bp: u32,
    pub cap_bp: u32,
    /// The same in a sentence, with the last thirty days.
    pub abandoned: String,
    /// How long its agents wait for a call.
    pub wait: String,
    /// When the list will be through (epoch ms), where that can be said, and from what it is reckoned.
    #[schema(required)]
    pub done_at: Option<i64>,
    pub eta: String,
}
