//! What must be done.

use super::ReqId;
use crate::time::Mono;
use hutong_api::{board::EventRow, live::SeatView, *};
use serde::{Deserialize, Serialize};

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
