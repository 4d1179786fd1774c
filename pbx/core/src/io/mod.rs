//! What the engine hears and says: `Input` in; `Turn { changes, effects }` out (docs/rules.md).
//! The shell stores `changes` in one transaction, then does the effects that wait for it; the others it does at once.

mod boot;
mod change;
mod config;
mod effect;

pub use boot::*;
pub use change::*;
pub use config::*;
pub use effect::*;

use hutong_api::{
    live::{Command, Quality},
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
    /// 点拨 (F59): the store gave this row to the seat that asks. Answered as `Ask` is.
    PreviewDial {
        req: ReqId,
        who: Actor,
        campaign: CampaignId,
        row: HopperLead,
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
    /// A whole import was taken back before any of its numbers was dialled.
    LeadsRemoved {
        campaign: CampaignId,
        removed: u32,
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
    /// The process is about to end: no new dials from here on.
    Stopping,
    /// 业务记录 of this call was saved by its agent.
    Saved {
        seat: SeatId,
        call: CallId,
    },
    /// 勿再打 and blocklist edits: acts on the next dial decision.
    Block(BlockEntry),
    Unblock {
        company: CompanyId,
        phone: Phone,
        prefix: bool,
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
    /// Parts of the day in which they were (campaign::retry).
    pub bands: u8,
    /// It was answered in an earlier round (呼损), so it is already among the campaign's answered numbers (D21).
    pub answered_before: bool,
}

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    pub changes: Vec<Change>,
    pub effects: Vec<Effect>,
}
