//! Records that live work obeys, as values.

use crate::time::Wall;
use hutong_api::*;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Setting {
    Company(CompanyCfg),
    Trunk(TrunkCfg),
    Seat(SeatCfg),
    SeatGone { seat: SeatId },
    Script(ScriptCfg),
    Campaign(CampaignCfg),
    CampaignGone { campaign: CampaignId },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyCfg {
    pub id: CompanyId,
    /// 公司账号
    pub code: String,
    pub name: String,
    /// IANA zone, e.g. Asia/Shanghai.
    pub zone: String,
    /// 不限额: charges are booked, nothing is stopped.
    pub unlimited: bool,
    /// D16: hard stop 22:00–08:00 lifted in writing.
    pub hard_stop_lifted: bool,
    /// 软件费 per seat and month.
    pub seat_fee_month: Micro,
    /// Callee caps (docs/rules.md, "The dial decision"): per minute, hour, day. 0 = no cap (demo only).
    pub caps: [u32; 3],
    /// Text of the abandon notice etc.
    pub abandon_prompt: Option<PromptId>,
    pub demo: bool,
    /// D22: no task may start; people dial by hand and by preview.
    pub preview_only: bool,
    pub work: WorkCfg,
    pub callers: CallersCfg,
    pub limits: LimitsCfg,
    /// 转坐席配置 (F51): who takes the answered calls of which tasks.
    pub groups: Vec<AgentGroup>,
}

/// What a company sets about whom it calls, when, and for how much (X14, X15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsCfg {
    /// Most that calls may cost in a local day, 0 = no limit; and those a seat dials by hand.
    pub spend_day: Micro,
    pub spend_seat_day: Micro,
    /// The callee's key 9 is a refusal of further calls.
    pub opt_out_key: bool,
    /// Areas with a clock of their own; a number in none goes by the company's.
    pub areas: Vec<AreaCfg>,
    /// Its own holidays and working days, which win over the published ones.
    pub days: Vec<OwnDay>,
}

impl Default for LimitsCfg {
    fn default() -> LimitsCfg {
        let (areas, days) = (Vec::new(), Vec::new());
        LimitsCfg { spend_day: Micro::ZERO, spend_seat_day: Micro::ZERO, opt_out_key: true, areas, days }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaCfg {
    pub name: String,
    /// Beginnings of numbers: area codes, or of mobiles.
    pub prefixes: Vec<String>,
    /// How many minutes the day there runs behind the company's; below 0 ahead of it.
    pub later_min: i16,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnDay {
    /// Year, month, day.
    pub date: (i16, i8, i8),
    pub kind: DayKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    Holiday,
    /// 调休: worked although it is a weekend.
    Workday,
    /// As its day of the week, whatever is published.
    Plain,
}

impl DayKind {
    pub fn parse(word: &str) -> Option<DayKind> {
        match word.trim() {
            "holiday" => Some(DayKind::Holiday),
            "workday" => Some(DayKind::Workday),
            "plain" => Some(DayKind::Plain),
            _ => None,
        }
    }
}

/// Agents who take calls together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentGroup {
    pub id: i64,
    pub seats: Vec<SeatId>,
}

/// 呼叫轮询 (F105).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallersCfg {
    /// Number groups: id and numbers.
    pub groups: Vec<(i64, Vec<String>)>,
    pub rules: Vec<CallerRule>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerRule {
    pub target: CallerTarget,
    pub policy: CallerPolicy,
    /// How often each number may be shown in any hour and any day; 0 = no limit.
    pub per_hour: u32,
    pub per_day: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CallerTarget {
    Trunk(TrunkId),
    Group(i64),
    Campaign(CampaignId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerPolicy {
    RoundRobin,
    Random,
    LeastUsed,
    /// A number of the callee's area code; in turn where there is none.
    SameArea,
}

/// 系统设置 that the agents' work obeys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCfg {
    pub wrap: WrapCfg,
    /// Departments with a rule of their own; everybody else obeys `wrap`.
    pub wrap_of: Vec<(DepartmentId, WrapCfg)>,
    pub busy: Vec<BusyCfg>,
    /// Calls of a kind without a rule pop while it rings.
    pub pops: Vec<PopCfg>,
}

/// 弹屏设置 of one kind of calls (F103).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PopCfg {
    pub kind: PopKind,
    /// Not while it rings at the agent (or is dialled by him), but when the two talk.
    pub at_answer: bool,
    /// Empty = none. The shell fills it in.
    pub url: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PopKind {
    /// Also a campaign's.
    Outbound,
    Inbound,
    Preview,
}

impl From<CallKind> for PopKind {
    fn from(kind: CallKind) -> PopKind {
        match kind {
            CallKind::Outbound | CallKind::Campaign => PopKind::Outbound,
            CallKind::Preview => PopKind::Preview,
        }
    }
}

/// 话后设置 (F108).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapCfg {
    /// 0 = none.
    pub seconds: u32,
    /// What 再给时间 adds; 0 = not allowed.
    pub more_s: u32,
    /// It does not end, by itself or by the agent, before the record is saved.
    pub must_save: bool,
    /// Also after a call dialled by hand that nobody answered.
    pub after_failed: bool,
}

/// One reason of 示忙分类 (F107).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyCfg {
    pub code: String,
    pub enabled: bool,
    /// Longest span, 0 = no limit.
    pub max_minutes: u32,
    /// Most agents away for it at once, 0 = no limit.
    pub max_people: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrunkCfg {
    pub id: TrunkId,
    pub company: CompanyId,
    pub name: String,
    pub enabled: bool,
    /// The simulated carrier: exempt from hours (D16).
    pub simulated: bool,
    /// 并发 and calls per second.
    pub channels: u32,
    pub cps: u32,
    /// 计费模式 (s) and its price (D1).
    pub increment_s: u32,
    pub price: Micro,
    /// Caller numbers this trunk owns; used in turn.
    pub callers: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatCfg {
    pub id: SeatId,
    pub company: CompanyId,
    /// 坐席号
    pub extension: String,
    pub name: String,
    pub department: String,
    pub department_id: Option<DepartmentId>,
    pub enabled: bool,
    pub auto_answer: bool,
    /// 号码隐藏
    pub hide_numbers: bool,
    /// 弹屏示忙 (F86): no further call while a card is open.
    pub pop_busy: bool,
    /// The trunk of quick dial; None = the company's first.
    pub trunk: Option<TrunkId>,
    /// 分配号码 (F88): what its quick dial shows, where the trunk owns it; else whichever of the trunk's has its turn.
    #[serde(default)]
    pub callers: Vec<String>,
}

/// What runs when a callee answers. For now: an optional greeting, then to an agent (转人工).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptCfg {
    pub id: ScriptId,
    pub company: CompanyId,
    pub name: String,
    pub greeting: Option<PromptId>,
    pub to_agent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignCfg {
    pub id: CampaignId,
    pub company: CompanyId,
    pub name: String,
    pub script: ScriptId,
    pub trunk: TrunkId,
    /// 运行时间, 休息时间: minutes of the local day, [from, to). run 0..1440 = all day; rest with from == to = none.
    /// from > to runs over midnight.
    pub run: (u16, u16),
    pub rest: (u16, u16),
    /// Ring limit in seconds, at least 15 (docs/rules.md).
    pub ring_s: u32,
    /// 并发: most live legs of this campaign, 0 = the trunk's.
    pub channels: u32,
    /// Name of the creator as shown.
    pub creator: String,
    /// The numbers it shows, of `CallersCfg::groups`; None = all of its trunk's.
    pub number_group: Option<i64>,
    pub rules: TaskRules,
    pub pacing: PacingCfg,
    /// Of `CompanyCfg::groups`; None = everybody who is signed in.
    pub group: Option<i64>,
}

/// Every day of the week.
pub const EVERY_DAY: u8 = 0b111_1111;

/// 可选高级设置 of a task: when it dials beside 运行时间, and what becomes of a number that was not reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRules {
    /// The weekdays of `CampaignCfg::run`: bit 0 = Monday.
    pub weekdays: u8,
    /// Further spans; the task is open in any of them, but for its rest.
    pub spans: Vec<DaySpan>,
    /// Not on official holidays; 调休 working days are as a Monday.
    pub skip_holidays: bool,
    pub redial: RedialCfg,
}

impl Default for TaskRules {
    fn default() -> TaskRules {
        TaskRules { weekdays: EVERY_DAY, spans: Vec::new(), skip_holidays: false, redial: RedialCfg::default() }
    }
}

/// [from, to) minutes of the local day, on the days of the mask; from > to runs over midnight and belongs to the day it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySpan {
    pub days: u8,
    pub from: u16,
    pub to: u16,
}

/// 自动重呼 (F47, D14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedialCfg {
    /// Attempts of a number in one round; 1 = none but 任务重呼.
    pub attempts: u32,
    /// Seconds until the next try, by cause; 0 = this cause is not tried again by itself.
    pub busy_s: u32,
    pub no_answer_s: u32,
    /// 无法接通 and 关机.
    pub unreachable_s: u32,
    /// 线路故障, which uses no attempt.
    pub line_s: u32,
    /// Least seconds between two tries of a number, whatever the cause.
    pub gap_s: u32,
    /// The tick-boxes of D14: 拒接, 空号, 停机. For 任务重呼 too; by itself after `no_answer_s`.
    pub also: Vec<CallState>,
    /// The next try is in another part of the day than those before.
    pub best_hour: bool,
}

impl Default for RedialCfg {
    fn default() -> RedialCfg {
        RedialCfg {
            attempts: 1,
            busy_s: 300,
            no_answer_s: 7_200,
            unreachable_s: 7_200,
            line_s: 60,
            gap_s: 0,
            also: Vec::new(),
            best_hour: false,
        }
    }
}

/// How a task dials ahead of its agents (F43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacingCfg {
    pub mode: PacingMode,
    /// Calls on their way for each free agent, in tenths (power only).
    pub ratio_tenths: u32,
    /// Share of the answered calls that may be abandoned, in hundredths of a percent: 300 = 3 %. 0 = progressive.
    pub cap_bp: u32,
    pub clock: AbandonClock,
    /// Its share of the group's calls beside the group's other tasks, at least 1.
    pub weight: u32,
}

impl Default for PacingCfg {
    fn default() -> PacingCfg {
        let mode = PacingMode::Predictive;
        PacingCfg { mode, ratio_tenths: 15, cap_bp: 300, clock: AbandonClock::GreetingEnd, weight: 1 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PacingMode {
    /// 预览: nothing is dialled by itself; agents look at a number, then dial it (F53).
    Preview,
    /// One call on its way for each free agent.
    Progressive,
    /// A fixed number of calls for each free agent.
    Power,
    /// As many as the abandon budget allows.
    Predictive,
}

impl PacingMode {
    /// May dial more numbers than agents are free.
    pub const fn dials_ahead(self) -> bool {
        matches!(self, PacingMode::Power | PacingMode::Predictive)
    }
}

/// Where the two seconds of D17 begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbandonClock {
    /// At the callee's answer: after a longer greeting the agent must be there at once.
    Connect,
    /// At the end of the greeting, or at the answer where there is none.
    GreetingEnd,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockEntry {
    pub company: CompanyId,
    pub phone: Phone,
    /// 限制呼出 (or both): not dialled. 限制呼入 only: does not concern dialling.
    pub outbound: bool,
    /// Every number that begins with `phone`.
    pub prefix: bool,
    /// It holds until then; None = for good.
    pub until: Option<Wall>,
}

impl BlockEntry {
    /// One number, for good.
    pub fn number(company: CompanyId, phone: Phone, outbound: bool) -> BlockEntry {
        BlockEntry { company, phone, outbound, prefix: false, until: None }
    }
}
