//! 话后 (F108): how long, whether it may be prolonged, and whether the record must be saved first.

use crate::{Engine, io::WrapCfg, timers::Timer};
use hutong_api::{CallId, CompanyId, Refusal, SeatId, live::SeatState};

impl Engine {
    /// The rule of the seat's department, else the company's.
    pub(crate) fn wrap_rule(&self, id: SeatId) -> WrapCfg {
        let Some(seat) = self.seats.get(&id) else { return WrapCfg::default() };
        let Some(company) = self.companies.get(&seat.cfg.company) else { return WrapCfg::default() };
        let work = &company.cfg.work;
        let own = work.wrap_of.iter().find(|(department, _)| Some(*department) == seat.cfg.department_id);
        own.map_or(work.wrap, |(_, rule)| *rule)
    }

    /// Without seconds it only waits for the record that is owed.
    pub(crate) fn begin_wrap(&mut self, id: SeatId, seconds: u32, owes: Option<CallId>) {
        let now = self.now;
        let ms = u64::from(seconds) * 1000;
        let until = (seconds > 0).then(|| (now.mono.after_ms(ms), now.wall.after_ms(ms as i64)));
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.wrap_until = until;
        }
        self.set_state(id, SeatState::WrapUp, None);
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.owes = owes;
        }
        if let Some((until, _)) = until {
            self.timers.arm(Timer::Wrap(id), until);
        }
    }

    /// 再给时间. A 话后 that waits for its record has no end to move.
    pub(crate) fn wrap_more(&mut self, id: SeatId) -> Result<(), Refusal> {
        let more = u64::from(self.wrap_rule(id).more_s) * 1000;
        let seat = self.signed_in_seat(id)?;
        if seat.state != SeatState::WrapUp {
            return Err(Refusal::new("agent.not_in_wrap_up"));
        }
        if more == 0 {
            return Err(Refusal::new("agent.no_more_wrap"));
        }
        if let Some((mono, wall)) = seat.wrap_until {
            let until = mono.after_ms(more);
            seat.wrap_until = Some((until, wall.after_ms(more as i64)));
            self.timers.arm(Timer::Wrap(id), until);
            self.moved.insert(id);
        }
        Ok(())
    }

    pub(crate) fn wrap_over(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id).filter(|s| s.state == SeatState::WrapUp) else { return };
        if seat.owes.is_none() {
            return self.rest(id);
        }
        seat.wrap_until = None;
        self.moved.insert(id);
        self.effect(crate::io::Effect::Toast { seat: id, refusal: Refusal::new("agent.must_save") });
    }

    /// A rule that no longer asks for the record lets those go who only waited for it.
    pub(crate) fn wrap_rules_changed(&mut self, company: CompanyId) {
        let seats = self.companies.get(&company).map(|c| c.seats.clone()).unwrap_or_default();
        for id in seats {
            if !self.wrap_rule(id).must_save {
                self.owes_nothing(id);
            }
            self.watch_busy(id);
        }
    }

    /// The record is there, or no longer asked for.
    pub(crate) fn owes_nothing(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id).filter(|s| s.owes.is_some()) else { return };
        seat.owes = None;
        if seat.state == SeatState::WrapUp && seat.wrap_until.is_none() {
            self.rest(id);
        }
    }
}
