//! The live board: one snapshot per company, then numbered deltas that replace whole sections (docs/rules.md).

use crate::{live::SeatState, *};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// `seq` counts up by one per message of a socket. `full` carries every section and starts over;
/// otherwise only changed sections are present. A reader that sees a gap asks WatchBoard again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BoardMsg {
    pub seq: u64,
    pub full: bool,
    /// Epoch ms of the service.
    pub at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub totals: Option<Totals>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub campaigns: Option<Vec<CampaignRow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trunks: Option<Vec<TrunkRow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub calls: Option<Vec<CallRow>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seats: Option<Vec<SeatRow>>,
    /// New events, oldest first (a full message: the last 100).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub events: Option<Vec<EventRow>>,
    /// Which of the shown alarms are acknowledged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acks: Option<Vec<AlarmAck>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    pub company: String,
    pub demo: bool,
    pub balance: Micro,
    /// Reserved by calls that are up.
    pub held: Micro,
    pub unlimited: bool,
    /// Since local midnight.
    pub dialled: u32,
    pub answered: u32,
    pub to_agent: u32,
    pub abandoned: u32,
    pub charged: Micro,
    /// Live trunk legs and the sum of the trunks' channels.
    pub channels: u32,
    pub channels_max: u32,
    /// Attempts and answers per hour of the local day, 24 each.
    pub dialled_by_hour: Vec<u32>,
    pub answered_by_hour: Vec<u32>,
    /// Longest-waiting answered callee without agent, in ms; count of such.
    pub queued: u32,
    pub queued_oldest_ms: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CampaignStatus {
    /// 就绪
    Ready,
    /// 运行中
    Running,
    /// 暂停中
    Paused,
    /// 完成
    Finished,
}

impl CampaignStatus {
    pub const fn word(self) -> &'static str {
        match self {
            CampaignStatus::Ready => "ready",
            CampaignStatus::Running => "running",
            CampaignStatus::Paused => "paused",
            CampaignStatus::Finished => "finished",
        }
    }

    pub fn parse(word: &str) -> Option<CampaignStatus> {
        use CampaignStatus::*;
        [Ready, Running, Paused, Finished].into_iter().find(|s| s.word() == word)
    }

    /// Text key, `call.campaign.*`.
    pub fn key(self) -> String {
        format!("call.campaign.{}", self.word())
    }
}

/// Why a running campaign is not dialling this second: exactly one (invariant 7). Texts `call.idle.*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdleReason {
    /// It is dialling: calls in flight.
    Dialling,
    /// Not 运行中.
    NotRunning,
    OffHours,
    /// An official holiday that the task skips (X15).
    Holiday,
    Rest,
    /// Hard stop hours (D16).
    HardStop,
    /// Nobody of the group is signed in.
    NoAgent,
    /// All signed-in agents are occupied or already have a call on its way.
    AgentsOccupied,
    ChannelsFull,
    TrunkDown,
    /// Each number that could be shown has used up its hour or day (呼叫轮询).
    NumbersSpent,
    NoBalance,
    /// The company has spent what it allows itself for a day.
    SpendCap,
    /// Only numbers waiting for their time or cap are left.
    Waiting,
    /// The list is dialled; calls are still up.
    Finishing,
    /// Loading the next numbers.
    Loading,
    /// The disk is full or failing: no new dials.
    Storage,
    /// 预览: its agents dial, one number at a time.
    ByHand,
}

impl IdleReason {
    pub fn key(self) -> String {
        let word = serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        format!("call.idle.{word}")
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CampaignRow {
    pub id: CampaignId,
    pub name: String,
    pub status: CampaignStatus,
    pub why: IdleReason,
    /// 总数, 已呼, 接通 (D13, D21), to agent, 呼损.
    pub total: u32,
    pub dialled: u32,
    pub answered: u32,
    pub to_agent: u32,
    pub abandoned: u32,
    /// Live legs now.
    pub in_flight: u32,
    pub round: u32,
    pub pace: PaceRow,
}

/// What a task's pacing sees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaceRow {
    /// Agents of its group: signed in, and free.
    pub agents: u32,
    pub free: u32,
    /// Calls of the group's tasks that no agent has yet.
    pub flights: u32,
    /// Answered calls that reached an agent in time and that did not, today and in the thirty days before (X2).
    pub served: u32,
    pub lost: u32,
    pub served_before: u32,
    pub lost_before: u32,
}

impl CampaignRow {
    /// 执行进度: whole percent, rounded; 0 of 0 is 0 (F30).
    pub fn progress_percent(&self) -> u32 {
        progress_percent(self.dialled, self.total)
    }

    /// 接通率 as the manual writes it: two decimals, trailing zeros cut, "0%" when none dialled (F30, D4).
    pub fn connect_rate(&self) -> String {
        rate_text(self.answered, self.dialled)
    }
}

/// `dialled ÷ total` in whole percent, rounded half up; 0 of 0 is 0 (F30).
pub fn progress_percent(dialled: u32, total: u32) -> u32 {
    if total == 0 {
        return 0;
    }
    (f64::from(dialled) * 100.0 / f64::from(total)).round() as u32
}

/// `part ÷ whole` in percent, two decimals (half up), trailing zeros cut: "2.78%", "72%", "0%".
pub fn rate_text(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "0%".into();
    }
    let hundredths = (u64::from(part) * 10_000 * 2 + u64::from(whole)) / (u64::from(whole) * 2);
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrunkRow {
    pub id: TrunkId,
    pub name: String,
    pub up: bool,
    pub simulated: bool,
    pub channels: u32,
    pub channels_max: u32,
    /// Today's attempts and answers; mean INVITE → 180/183 in ms.
    pub attempts: u32,
    pub answers: u32,
    pub pdd_ms: u32,
    /// Last fault, a text key or SIP code with reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub fault: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallStage {
    Dialling,
    Ringing,
    /// The script's prompt plays.
    Script,
    /// Answered, waiting for an agent.
    Queued,
    Talking,
}

impl CallStage {
    /// Text key, `call.stage.*`.
    pub const fn key(self) -> &'static str {
        match self {
            CallStage::Dialling => "call.stage.dialling",
            CallStage::Ringing => "call.stage.ringing",
            CallStage::Script => "call.stage.script",
            CallStage::Queued => "call.stage.queued",
            CallStage::Talking => "call.stage.talking",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CallRow {
    pub id: CallId,
    pub kind: CallKind,
    pub stage: CallStage,
    /// Epoch ms when this stage began.
    pub since: i64,
    #[schema(required)]
    pub seat: Option<SeatId>,
    #[schema(required)]
    pub campaign: Option<String>,
    pub trunk: String,
    /// Masked.
    pub number: String,
    /// 客户名称 of the list row or customer.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SeatRow {
    pub id: SeatId,
    /// 坐席号.
    pub extension: String,
    pub name: String,
    pub department: String,
    pub state: SeatState,
    #[schema(required)]
    pub reason: Option<String>,
    pub since: i64,
    #[schema(required)]
    pub campaign: Option<String>,
    #[schema(required)]
    pub call: Option<CallId>,
    pub auto_answer: bool,
    pub today_calls: u32,
    pub today_talk_s: u32,
    pub today_wrap_s: u32,
    #[schema(required)]
    pub quality: Option<live::Quality>,
}

/// One line of the event pane. `text_key` is filled with `args`, so each reader sees his own language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct EventRow {
    pub at: i64,
    pub alarm: bool,
    /// `call.event.*`
    pub text_key: String,
    pub args: Vec<(String, String)>,
}

/// An alarm that somebody has acknowledged. Alarms of one kind in the same millisecond are one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct AlarmAck {
    /// `at` and `text_key` of its `EventRow`.
    pub event_at: i64,
    pub text_key: String,
    /// name(extension)
    pub by: String,
    /// Epoch ms.
    pub at: i64,
}

impl AlarmAck {
    pub fn is_of(&self, event: &EventRow) -> bool {
        self.event_at == event.at && self.text_key == event.text_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The golden rows of the manual (F30).
    #[test]
    fn progress_and_rate_read_as_in_the_manual() {
        for (dialled, total, answered, progress, rate) in [
            (36, 1242, 1, 3, "2.78%"),
            (0, 0, 0, 0, "0%"),
            (7, 7, 6, 100, "85.71%"),
            (50, 50, 36, 100, "72%"),
            (10, 10, 7, 100, "70%"),
            (41, 41, 26, 100, "63.41%"),
            (1, 1, 1, 100, "100%"),
            (0, 3, 0, 0, "0%"),
        ] {
            let row = CampaignRow {
                id: CampaignId(1),
                name: String::new(),
                status: CampaignStatus::Running,
                why: IdleReason::Dialling,
                total,
                dialled,
                answered,
                to_agent: 0,
                abandoned: 0,
                in_flight: 0,
                round: 1,
                pace: PaceRow::default(),
            };
            assert_eq!((row.progress_percent(), row.connect_rate().as_str()), (progress, rate));
        }
    }
}
