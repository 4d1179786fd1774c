//! A call that is up.

use crate::{
    billing::hold::Hold,
    io::{HopperLead, OpenCall},
    time::{Mono, Now, Wall},
};
use hutong_api::{EndedBy, SeatId, board::CallStage};

/// Longest call, so that a forgotten line cannot run all night (docs/rules.md).
pub(crate) const LONGEST_CALL_MS: u64 = 2 * 3_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Dialling,
    Ringing,
    /// The greeting plays.
    Script,
    /// Waits for an agent, at most two seconds (D17).
    Queued,
    /// The abandon notice plays.
    Notice,
    Talking,
    /// We hung up (or the agent left); the leg's end is awaited.
    Ending,
}

#[derive(Debug)]
pub(crate) struct Call {
    pub open: OpenCall,
    /// The list row, of a campaign's call.
    pub row: Option<HopperLead>,
    pub stage: Stage,
    pub stage_since: Wall,
    /// The moment of the dial; the call's own clock runs on from it, whatever the wall clock does.
    pub born: Now,
    pub hold: Hold,
    /// Offered to, being dialled by, or talking with.
    pub seat: Option<SeatId>,
    /// The offered seat said yes.
    pub accepted: bool,
    /// Since when the offer rings.
    pub offered_at: Option<Mono>,
    /// Seats that had their chance.
    pub declined: Vec<SeatId>,
    /// It left the box.
    pub sent: bool,
    pub queued_at: Option<Mono>,
    /// Its campaign counted it among 已呼.
    pub counted: bool,
    pub abandoned: bool,
    /// The callee refused further calls.
    pub opted_out: bool,
    /// Early media is heard by the dialling agent.
    pub early_media: bool,
    pub talk_ended: Option<Wall>,
    pub end: Option<OurEnd>,
    /// The chance, foreseen at its dial, that an answer finds nobody.
    pub risk: f64,
}

/// We hung up: for whom, and the text key of the cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OurEnd {
    pub by: EndedBy,
    pub fault: Option<&'static str>,
}

impl Call {
    pub fn new(open: OpenCall, row: Option<HopperLead>, hold: Hold, seat: Option<SeatId>, now: Now) -> Call {
        Call {
            counted: row.as_ref().is_some_and(|row| row.attempts > 0),
            open,
            row,
            stage: Stage::Dialling,
            stage_since: now.wall,
            born: now,
            hold,
            seat,
            accepted: false,
            offered_at: None,
            declined: Vec::new(),
            sent: false,
            queued_at: None,
            abandoned: false,
            opted_out: false,
            early_media: false,
            talk_ended: None,
            end: None,
            risk: 0.0,
        }
    }

    /// Wall time by the call's own clock: a jump of the wall clock never lengthens or shortens a call.
    pub fn wall(&self, now: Mono) -> Wall {
        self.born.wall.after_ms(now.0.saturating_sub(self.born.mono.0) as i64)
    }

    /// The monotonic moment of a wall moment of this call.
    pub fn mono(&self, at: Wall) -> Mono {
        self.born.mono.after_ms(u64::try_from(at.0 - self.born.wall.0).unwrap_or(0))
    }

    pub fn enter(&mut self, stage: Stage, now: Now) {
        self.stage = stage;
        self.stage_since = self.wall(now.mono);
    }

    /// On its way to an agent nobody has chosen yet.
    pub fn seeks_agent(&self) -> bool {
        self.open.campaign.is_some()
            && !self.open.kind.by_hand()
            && self.seat.is_none()
            && matches!(self.stage, Stage::Dialling | Stage::Ringing | Stage::Script | Stage::Queued)
    }

    pub fn board_stage(&self) -> CallStage {
        match self.stage {
            Stage::Dialling => CallStage::Dialling,
            Stage::Ringing => CallStage::Ringing,
            Stage::Script | Stage::Notice => CallStage::Script,
            Stage::Queued => CallStage::Queued,
            Stage::Talking => CallStage::Talking,
            Stage::Ending if self.open.bridged.is_some() => CallStage::Talking,
            Stage::Ending if self.open.answered.is_some() => CallStage::Script,
            Stage::Ending => CallStage::Ringing,
        }
    }
}
