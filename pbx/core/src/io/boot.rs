//! What the store holds when the process starts.

use super::*;
use crate::time::Wall;
use hutong_api::{board::CampaignStatus, *};
use serde::{Deserialize, Serialize};

/// What the store holds when the process starts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Boot {
    pub seed: u64,
    /// Above every id ever stored.
    pub next_call: i64,
    pub next_leg: i64,
    pub companies: Vec<CompanyBoot>,
    pub trunks: Vec<TrunkCfg>,
    pub seats: Vec<SeatCfg>,
    pub scripts: Vec<ScriptCfg>,
    pub campaigns: Vec<CampaignBoot>,
    pub blocklist: Vec<BlockEntry>,
    /// Attempts of the last 24 h that left the box, for callee caps.
    pub attempts: Vec<(CompanyId, Phone, Wall)>,
    /// Numbers shown in the last 24 h, for their budgets.
    pub shown: Vec<(CompanyId, String, Wall)>,
    /// Calls open when the last process died.
    pub open_calls: Vec<OpenCall>,
    /// Status spans open when the last process died.
    pub open_spans: Vec<Span>,
    /// The last moment the dead process is known to have lived (`Change::Alive` or any later stored moment).
    pub last_alive: Option<Wall>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyBoot {
    pub cfg: CompanyCfg,
    pub balance: Micro,
    /// Seat fees booked without money (invariant 2).
    pub owed: Micro,
    /// Seats whose fee of today (company time) is already posted.
    pub fees_posted_today: Vec<SeatId>,
    pub today: TodayBoot,
    /// What its agent groups learnt (`Change::Crew`); None = everybody.
    pub crews: Vec<(Option<i64>, String)>,
}

/// Since local midnight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayBoot {
    pub dialled: u32,
    pub answered: u32,
    pub to_agent: u32,
    pub abandoned: u32,
    pub charged: Micro,
    /// What of it each seat dialled by hand.
    pub by_hand: std::collections::BTreeMap<SeatId, Micro>,
    pub dialled_by_hour: Vec<u32>,
    pub answered_by_hour: Vec<u32>,
    /// Per seat: calls, talk seconds, wrap seconds.
    pub seats: Vec<(SeatId, u32, u32, u32)>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignBoot {
    pub cfg: CampaignCfg,
    /// As stored last, but `total` counted anew (rows not `Closed`): news of an append may have died with the process.
    pub state: CampaignState,
    /// What it learnt (`Change::Learnt`); empty = nothing yet.
    pub learnt: String,
    pub ledger: AbandonLedger,
}

/// Answered calls of a task that reached an agent in time, and that did not: what its abandon cap is held against.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbandonLedger {
    /// The first dial since local midnight.
    pub first: Option<Wall>,
    pub served: u32,
    pub abandoned: u32,
    /// The 30 days before today.
    pub served_before: u32,
    pub abandoned_before: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignState {
    pub status: CampaignStatus,
    pub round: u32,
    /// 总数, 已呼, 接通: numbers, not attempts (D13, D21).
    pub total: u32,
    pub dialled: u32,
    pub answered: u32,
    pub to_agent: u32,
    pub abandoned: u32,
}
