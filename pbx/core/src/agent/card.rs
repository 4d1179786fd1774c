//! The card of a call as the agent works on it: 弹屏示忙 (F86) and the record that 话后 may wait for (F108).

use super::seat::Seat;
use crate::Engine;
use hutong_api::{CallId, Refusal, SeatId, live::SeatState};

/// The reason of 示忙 of a seat whose card is open. Nobody can choose it.
pub(crate) const OPEN_CARD: &str = "pop";

impl Seat {
    /// 示忙 only because a card is open.
    pub fn waits_for_card(&self) -> bool {
        self.state == SeatState::Busy && self.reason.as_deref() == Some(OPEN_CARD)
    }

    /// 示闲 is refused while a record is owed or a card open. During a call it is about what comes after.
    pub fn free_of_records(&self) -> Result<(), Refusal> {
        match self {
            _ if self.in_call() => Ok(()),
            Seat { owes: Some(_), .. } => Err(Refusal::new("agent.must_save")),
            Seat { open_card: Some(_), .. } => Err(Refusal::new("agent.card_open")),
            _ => Ok(()),
        }
    }
}

impl Engine {
    pub(crate) fn record_saved(&mut self, id: SeatId, call: CallId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.saved = Some(call);
        let owed = seat.owes == Some(call);
        self.card_closed(id, call);
        if owed {
            self.owes_nothing(id);
        }
    }

    /// The agent closed the card, or saved its record.
    pub(crate) fn card_closed(&mut self, id: SeatId, call: CallId) {
        let Some(seat) = self.seats.get_mut(&id).filter(|s| s.open_card == Some(call)) else { return };
        seat.open_card = None;
        if seat.resume.as_ref().is_some_and(|(_, reason)| reason.as_deref() == Some(OPEN_CARD)) {
            seat.resume = Some((SeatState::Idle, None));
        }
        if seat.waits_for_card() {
            self.rest(id);
        }
    }

    /// A call that went to another agent, or was never answered by this one, leaves nothing to write.
    pub(crate) fn forget_card(&mut self, id: SeatId) {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.open_card = None;
        }
    }

    /// A supervisor's word ends every wait.
    pub(crate) fn force_idle(&mut self, id: SeatId) -> Result<(), Refusal> {
        let seat = self.signed_in_seat(id)?;
        seat.open_card = None;
        seat.owes = None;
        self.go_idle(id)
    }
}
