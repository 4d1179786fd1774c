//! Identifiers. Every id is a positive integer, unique on one node; a company never sees another company's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, Default)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )*};
}

ids! {
    /// 公司: the tenant; every row carries it.
    CompanyId,
    /// 坐席: a seat and the person who works it. Its 坐席号 (extension) is a text beside this id.
    SeatId,
    RoleId,
    DepartmentId,
    /// 任务.
    CampaignId,
    /// 号码: one number of one campaign.
    LeadId,
    /// One import of rows into a campaign or the customer list; undo works on it.
    BatchId,
    CustomerId,
    /// 业务记录.
    ActivityId,
    /// 线路.
    TrunkId,
    /// 话术.
    ScriptId,
    /// 系统语音.
    PromptId,
    /// One call: from the decision to dial to its CDR. Minted by the engine.
    CallId,
    /// One trunk leg of a call. Minted by the engine.
    LegId,
}
