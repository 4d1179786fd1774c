//! A callee refuses further calls (X14): in the same turn he is on the blocklist, in every task, queue and retry, a dial of him
//! that has not left is dropped, and the proof is stored before anything else is done.

use crate::{
    Engine,
    call::live::Stage,
    io::{BlockEntry, Change, Effect, OptOut},
};
use hutong_api::{CallId, CompanyId, EndedBy, OptOutHow, Phone, Refusal, SeatId};

/// The callee's key.
pub(crate) const KEY: char = '9';

impl Engine {
    /// A key of the callee: while greeting, queue, notice or talk.
    pub(crate) fn callee_pressed(&mut self, id: CallId, key: char) {
        let Some(call) = self.calls.get(&id).filter(|c| key == KEY && c.open.answered.is_some()) else { return };
        let (company, phone, seat) = (call.open.company, call.open.phone.clone(), call.seat);
        let (stage, told) = (call.stage, call.opted_out);
        let on = self.companies.get(&company).is_some_and(|c| c.cfg.limits.opt_out_key);
        if !on || told || stage == Stage::Ending {
            return;
        }
        if let Some(call) = self.calls.get_mut(&id) {
            call.opted_out = true;
        }
        self.refuse_calls(company, phone, id, OptOutHow::Key, seat);
        match seat.filter(|_| stage == Stage::Talking) {
            // The talk goes on; the agent hears what was asked.
            Some(seat) => self.effect(Effect::Toast { seat, refusal: Refusal::new("opt_out.by_key") }),
            None => self.hang_up(id, EndedBy::Callee, Some("call.fault.opted_out")),
        }
    }

    /// The agent's button: for the call he has, or whose card is still open.
    pub(crate) fn opt_out(&mut self, seat: SeatId, id: CallId) -> Result<(), Refusal> {
        let (company, phone) = self.called_by(seat, id).ok_or(Refusal::new("agent.no_call"))?;
        if let Some(call) = self.calls.get_mut(&id) {
            call.opted_out = true;
        }
        self.refuse_calls(company, phone, id, OptOutHow::Agent, Some(seat));
        Ok(())
    }

    fn called_by(&self, id: SeatId, call: CallId) -> Option<(CompanyId, Phone)> {
        let seat = self.seats.get(&id)?;
        if let Some(live) = self.calls.get(&call).filter(|c| c.seat == Some(id) || c.open.seat == Some(id)) {
            return Some((seat.cfg.company, live.open.phone.clone()));
        }
        let popped = |effect: &Effect| match effect {
            Effect::Pop { call: of, phone, .. } if *of == call => Some(phone.clone()),
            _ => None,
        };
        Some((seat.cfg.company, seat.card.iter().find_map(popped)?))
    }

    fn refuse_calls(&mut self, company: CompanyId, phone: Phone, call: CallId, how: OptOutHow, seat: Option<SeatId>) {
        let at = self.now.wall;
        self.change(Change::OptOut(OptOut { company, phone: phone.clone(), at, how, call, seat }));
        self.event(company, false, "opted_out", &[("number", &phone.masked())]);
        self.block(BlockEntry::number(company, phone, true));
        // Numbers held ready are looked at anew.
        self.dirty.insert(company);
    }
}
