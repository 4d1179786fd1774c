//! What the engine hears and says: `Input` in; `Turn { changes, effects }` out (design.md §3).
//! The shell stores `changes` in one transaction, then does the effects that wait for it; the others it does at once.

use crate::time::{Mono, Wall};
use hutong_api::{
    board::{CampaignStatus, EventRow},
    live::{Command, Quality, SeatState, SeatView},
    *,
};
use serde::{Deserialize, Serialize};

/// Names a question so that its answer finds the person who asked. Minted by the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ReqId(pub u64);

/// Who asks. Permissions were checked by the shell; the engine checks state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub company: CompanyId,
    pub seat: SeatId,
    /// For events and audit: "name(extension)".
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Input {
    /// The first input of a process: what the store holds.
    Boot(Box<Boot>),
    /// `next_deadline` has come (or may have).
    Tick,
    Leg {
        leg: LegId,
        event: LegEvent,
    },
    Seat {
        seat: SeatId,
        event: SeatEvent,
    },
    Ask {
        req: ReqId,
        who: Actor,
        cmd: Command,
    },
    /// The answer to `Effect::LoadLeads`, exactly one for each: the first waiting numbers of the list whose time has come.
    /// `more`: further numbers wait that are not sent here, also those whose `not_before` lies ahead. No numbers and no more
    /// means the list is dialled. A store that cannot read answers with none and more.
    Hopper {
        campaign: CampaignId,
        leads: Vec<HopperLead>,
        more: bool,
    },
    /// A committed change of a record that live work obeys.
    Setting(Box<Setting>),
    /// An import or append became visible.
    LeadsAdded {
        campaign: CampaignId,
        added: u32,
    },
    /// `Change::Redial` was applied: so many numbers are 未呼叫 again.
    Redialled {
        campaign: CampaignId,
        leads: u32,
    },
    /// Box operator's top-up (positive) or correction (either sign). Answered by `Effect::Reply` after the commit.
    Money {
        req: ReqId,
        company: CompanyId,
        kind: LedgerKind,
        amount: Micro,
        by: String,
        note: String,
    },
    /// The SIP side's opinion of a trunk: answers OPTIONS (or is registered), or not and why.
    Trunk {
        trunk: TrunkId,
        up: bool,
        fault: Option<String>,
    },
    /// False: the disk is full or failing; no new dials until true.
    Storage {
        ok: bool,
    },
    /// 勿再打 and blocklist edits: acts on the next dial decision.
    Block(BlockEntry),
    Unblock {
        company: CompanyId,
        phone: Phone,
    },
}

/// What a trunk leg tells. `Ended` comes exactly once for every Dial, also for one never sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LegEvent {
    /// The INVITE is on the wire.
    Sent,
    /// 180, or 183 with `early_media`: the far end's audio may be heard.
    Ringing {
        early_media: bool,
    },
    Answered,
    /// The prompt of `Effect::Play` was played to its end.
    PlayEnded {
        prompt: PromptId,
    },
    /// DTMF from the callee.
    Key(char),
    Ended(LegEnd),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegEnd {
    pub how: LegEndHow,
    /// Final SIP status of the INVITE where there was one.
    pub sip: Option<u16>,
    /// Q.850 cause from a Reason header.
    pub q850: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LegEndHow {
    /// A final failure answer to the INVITE (see `sip`).
    Refused,
    /// BYE from the far end.
    FarHangUp,
    /// We sent BYE or CANCEL as told.
    WeHungUp,
    /// No answer to the INVITE at all (32 s), or media and dialog lost.
    Lost,
    /// Dropped before it was sent: stale `not_after`, hung up while waiting for the commit, or no such trunk.
    NotSent,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SeatEvent {
    /// The live socket opened / closed (logged in on a page / gone).
    Online,
    Offline,
    /// The standing media leg came up / went down.
    PhoneUp,
    PhoneDown,
    Quality(Quality),
}

/// A number ready to be dialled, in list order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopperLead {
    pub lead: LeadId,
    pub phone: Phone,
    /// 客户名称 of the row, may be empty.
    pub name: String,
    pub round: u32,
    /// Attempts used in this round.
    pub attempts: u32,
    /// It was answered in an earlier round (呼损), so it is already among the campaign's answered numbers (D21).
    pub answered_before: bool,
}

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
    /// 话后 seconds, 0 = none.
    pub wrap_s: u32,
    /// Callee caps (§4 of features.md): per minute, hour, day. 0 = no cap (demo only).
    pub caps: [u32; 3],
    /// Text of the abandon notice etc.
    pub abandon_prompt: Option<PromptId>,
    pub demo: bool,
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
    pub enabled: bool,
    pub auto_answer: bool,
    /// 号码隐藏
    pub hide_numbers: bool,
    /// The trunk of quick dial; None = the company's first.
    pub trunk: Option<TrunkId>,
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
    /// Ring limit in seconds, at least 15 (§4).
    pub ring_s: u32,
    /// 并发: most live legs of this campaign, 0 = the trunk's.
    pub channels: u32,
    /// Name of the creator as shown.
    pub creator: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockEntry {
    pub company: CompanyId,
    pub phone: Phone,
    /// 限制呼出 (or both): not dialled. 限制呼入 only: does not concern dialling.
    pub outbound: bool,
}

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
}

/// Since local midnight.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TodayBoot {
    pub dialled: u32,
    pub answered: u32,
    pub to_agent: u32,
    pub abandoned: u32,
    pub charged: Micro,
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

/// Must be stored. All changes of one turn are one transaction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// The intent row with its hold, before anything is dialled.
    OpenCall(OpenCall),
    CallAnswered {
        call: CallId,
        at: Wall,
    },
    CallBridged {
        call: CallId,
        seat: SeatId,
        at: Wall,
    },
    /// The call was alive at `at`; written every 5 s while answered.
    CallProven {
        call: CallId,
        at: Wall,
    },
    CallHold {
        call: CallId,
        held: Micro,
    },
    /// The CDR; removes the open row, releases its hold, and (below) books its charge.
    CloseCall(Box<Cdr>),
    Ledger(LedgerEntry),
    Lead(LeadChange),
    Campaign {
        campaign: CampaignId,
        state: CampaignState,
    },
    /// Numbers of the campaign whose last state or result is one of these become 未呼叫 of `round`; `Input::Redialled` follows.
    Redial {
        campaign: CampaignId,
        round: u32,
        states: Vec<CallState>,
        abandoned: bool,
    },
    /// Upsert by (seat, from). `to` None = still open.
    Span(Span),
    Event {
        company: CompanyId,
        event: EventRow,
    },
    AutoAnswer {
        seat: SeatId,
        on: bool,
    },
    Alive {
        at: Wall,
    },
}

/// A call that is up, as stored: enough to close, charge and clear it after a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCall {
    pub call: CallId,
    pub leg: LegId,
    pub company: CompanyId,
    pub kind: CallKind,
    pub campaign: Option<CampaignId>,
    pub lead: Option<LeadId>,
    pub round: u32,
    pub trunk: TrunkId,
    pub seat: Option<SeatId>,
    pub phone: Phone,
    pub name: String,
    /// Caller number shown.
    pub caller: String,
    pub started: Wall,
    pub answered: Option<Wall>,
    pub bridged: Option<Wall>,
    pub proven: Option<Wall>,
    pub held: Micro,
    pub increment_s: u32,
    pub price: Micro,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cdr {
    pub open: OpenCall,
    pub ended: Wall,
    pub state: CallState,
    pub result: CallResult,
    pub by: EndedBy,
    pub sip: Option<u16>,
    pub q850: Option<u16>,
    /// Text key of 失败原因, `call.fault.*`; None when answered and talked.
    pub fault: Option<String>,
    /// 计费时长 and 接听时长 in seconds.
    pub billable_s: u32,
    pub talk_s: u32,
    pub charge: Micro,
    /// It was answered, so a recording was begun; the recorder's verdict follows in the store.
    pub recorded: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    TopUp,
    CallCharge,
    SeatFee,
    /// A seat fee the balance could not pay: recorded, taken first from the next top-up. A negative amount is one paid since:
    /// a SeatFee of the same amount stands beside it. Its sum is what is owed.
    SeatFeeOwed,
    Correction,
}

/// One posting. Double entry and the hash chain are made by the store from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    pub company: CompanyId,
    pub at: Wall,
    pub kind: LedgerKind,
    /// What it adds to the balance: negative for charges and fees. (SeatFeeOwed: what is owed, balance untouched.)
    pub amount: Micro,
    /// Unique: "call:17", "fee:3:2026-06-10", "owed:3:2026-06-10", "topup:<wall ms>:<req>", "correction:…", "fee_late:…",
    /// "owed_paid:…"; a second posting of a key is a fault.
    pub key: String,
    pub call: Option<CallId>,
    pub seat: Option<SeatId>,
    pub by: String,
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadChange {
    pub lead: LeadId,
    pub campaign: CampaignId,
    pub phase: LeadPhase,
    pub state: CallState,
    pub result: Option<CallResult>,
    pub attempts: u32,
    pub round: u32,
    /// Not to be loaded before.
    pub not_before: Option<Wall>,
    pub call: Option<CallId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadPhase {
    /// 未呼叫 (or waiting for `not_before`).
    Waiting,
    /// A call of it is open.
    Dialling,
    /// Final in this round.
    Done,
    /// Closed without ever being dialled (blocked, opted out): left 总数 (D13).
    Closed,
}

/// A stretch of one seat's status (F76).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub company: CompanyId,
    pub seat: SeatId,
    pub state: SeatState,
    pub reason: Option<String>,
    pub from: Wall,
    pub to: Option<Wall>,
}

/// Must be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Waits for the commit.
    Dial(Dial),
    /// BYE or CANCEL, whichever fits.
    HangUp {
        leg: LegId,
    },
    /// Audio both ways between a trunk leg and a seat's standing leg. Before the answer it is the carrier's early media, one way.
    Bridge {
        leg: LegId,
        seat: SeatId,
    },
    Unbridge {
        leg: LegId,
    },
    /// To the callee; `LegEvent::PlayEnded` follows unless stopped.
    Play {
        leg: LegId,
        prompt: PromptId,
    },
    StopPlay {
        leg: LegId,
    },
    /// To the agent.
    Tone {
        seat: SeatId,
        tone: Tone,
    },
    /// From the answer on; ends with the leg.
    Record {
        leg: LegId,
        call: CallId,
    },
    SendKey {
        leg: LegId,
        key: char,
    },
    Pop {
        seat: SeatId,
        call: CallId,
        kind: CallKind,
        campaign: Option<CampaignId>,
        lead: Option<LeadId>,
        phone: Phone,
        name: String,
    },
    CallOver {
        seat: SeatId,
        call: CallId,
        state: CallState,
        talk_s: u32,
    },
    /// The seat's own state, whenever it changed.
    Seat(SeatView),
    /// Asked of the writer, behind the changes of this and earlier turns.
    LoadLeads {
        campaign: CampaignId,
        want: u32,
    },
    /// After a crash: clear what this leg left at the far end (BYE or CANCEL from the stored dialog).
    Clear {
        leg: LegId,
    },
    /// Waits for the commit when the turn has changes.
    Reply {
        req: ReqId,
        refusal: Option<Refusal>,
    },
    /// To everyone watching the company's board.
    Event {
        company: CompanyId,
        event: EventRow,
    },
    /// To one seat's page.
    Toast {
        seat: SeatId,
        refusal: Refusal,
    },
}

impl Effect {
    pub fn waits_for_commit(&self) -> bool {
        matches!(self, Effect::Dial(_) | Effect::LoadLeads { .. } | Effect::Reply { .. })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    Silence,
    /// 450 Hz, 1 s on, 4 s off.
    RingBack,
    /// Two short beeps before an auto-answered call's audio.
    Beep,
    /// One second of busy tone.
    Busy,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dial {
    pub leg: LegId,
    pub call: CallId,
    pub company: CompanyId,
    pub trunk: TrunkId,
    pub phone: Phone,
    pub caller: String,
    /// Dropped (Ended NotSent) when it would leave later than this.
    pub not_after: Mono,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub changes: Vec<Change>,
    pub effects: Vec<Effect>,
}
