//! What must be stored.

use super::CampaignState;
use crate::time::Wall;
use hutong_api::{board::EventRow, live::SeatState, *};
use serde::{Deserialize, Serialize};

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
    /// The callee refused further calls: his blocklist entry, both ways and for good, and the proof.
    OptOut(OptOut),
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
    /// What pacing learnt of a task's list, once a minute while it learns (JSON of `pacing::Learnt`).
    Learnt {
        campaign: CampaignId,
        state: String,
    },
    /// The same of an agent group's talks (JSON of `pacing::Handling`); None = everybody.
    Crew {
        company: CompanyId,
        group: Option<i64>,
        state: String,
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
    /// Attempts of the number in this round before this one.
    pub tries: u32,
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
    /// Parts of the day in which it was tried this round, a bit each (campaign::retry).
    pub bands: u8,
    /// None: as it was (a number being dialled).
    pub why: Option<Why>,
}

/// Why a number is where it is, since when (X5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    pub rule: WhyRule,
    /// What the rule saw: a count, or the word of a `CallState`.
    pub value: String,
    pub at: Wall,
}

/// A refusal of further calls (X14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptOut {
    pub company: CompanyId,
    pub phone: Phone,
    pub at: Wall,
    pub how: OptOutHow,
    pub call: CallId,
    /// The agent who had the call, or pressed the button.
    pub seat: Option<SeatId>,
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
