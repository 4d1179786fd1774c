//! 示忙分类 (F107): which reasons there are, how many may be away for one at once, and how long.

use super::seat::Seat;
use crate::{Engine, io::BusyCfg, timers::Timer};
use hutong_api::{CompanyId, Refusal, SeatId, live::SeatState};

impl Engine {
    pub(crate) fn go_busy(&mut self, id: SeatId, reason: String) -> Result<(), Refusal> {
        let seat = self.signed_in_seat(id)?;
        if !seat.in_call() && seat.owes.is_some() {
            return Err(Refusal::new("agent.must_save"));
        }
        let company = seat.cfg.company;
        let rule = self.busy_rule(company, &reason).filter(|rule| rule.enabled);
        let most = rule.ok_or(Refusal::new("agent.busy_unknown"))?.max_people;
        if most > 0 && self.others_away(company, &reason, id) >= most {
            return Err(Refusal::new("agent.busy_full").with("max", most));
        }
        self.now_or_after_call(id, SeatState::Busy, Some(reason));
        Ok(())
    }

    /// Sees to it that a span of 示忙 longer than its reason allows is told.
    pub(crate) fn watch_busy(&mut self, id: SeatId) {
        self.timers.disarm(Timer::Busy(id));
        let Some(seat) = self.seats.get(&id).filter(|s| s.state == SeatState::Busy && !s.long_told) else { return };
        let Some(minutes) = self.busy_minutes(seat) else { return };
        let gone = u64::try_from(self.now.wall.0 - seat.since.0).unwrap_or(0);
        let left = (u64::from(minutes) * 60_000).saturating_sub(gone);
        self.timers.arm(Timer::Busy(id), self.now.mono.after_ms(left));
    }

    /// To the board and to the agent himself, once.
    pub(crate) fn busy_too_long(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get(&id).filter(|s| s.state == SeatState::Busy) else { return };
        let Some(minutes) = self.busy_minutes(seat) else { return };
        let (company, title, shown) = (seat.cfg.company, seat.title(), minutes.to_string());
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.long_told = true;
        }
        self.event(company, true, "busy_long", &[("agent", &title), ("minutes", &shown)]);
        let refusal = Refusal::new("agent.busy_long").with("minutes", minutes);
        self.effect(crate::io::Effect::Toast { seat: id, refusal });
    }

    fn busy_minutes(&self, seat: &Seat) -> Option<u32> {
        let rule = self.busy_rule(seat.cfg.company, seat.reason.as_deref()?)?;
        Some(rule.max_minutes).filter(|minutes| *minutes > 0)
    }

    fn busy_rule(&self, company: CompanyId, code: &str) -> Option<&BusyCfg> {
        self.companies.get(&company)?.cfg.work.busy.iter().find(|rule| rule.code == code)
    }

    /// Also those who will be away after their call, or are lost or dialling out of it: each comes back to the reason.
    fn others_away(&self, company: CompanyId, code: &str, but: SeatId) -> u32 {
        let is = |reason: &Option<String>| reason.as_deref() == Some(code);
        let away = |seat: &&Seat| {
            let now = seat.state == SeatState::Busy && is(&seat.reason);
            let soon = [&seat.after_call, &seat.resume].into_iter().flatten();
            now || is(&seat.back_to_busy) || soon.into_iter().any(|(state, r)| *state == SeatState::Busy && is(r))
        };
        let seats = self.companies.get(&company).map(|c| c.seats.iter()).into_iter().flatten();
        seats.filter(|id| **id != but).filter_map(|id| self.seats.get(id)).filter(away).count() as u32
    }
}
