//! What people ask for. Permissions were checked by the shell; here only the state decides.

use crate::{
    Engine,
    io::{Actor, Change, Effect},
};
use hutong_api::{CallId, CompanyId, EndedBy, Refusal, SeatId, live::Command};

impl Engine {
    pub(crate) fn command(&mut self, who: &Actor, cmd: Command) -> Result<(), Refusal> {
        let me = who.seat;
        // Whoever does something is there, whatever he missed before.
        if let Some(seat) = self.seats.get_mut(&me).filter(|_| !by_itself(&cmd)) {
            seat.missed = 0;
        }
        match cmd {
            Command::Ping { quality } => self.measured(me, quality),
            Command::WatchBoard { .. } => Ok(()),
            // The shell's own: it touches nothing live.
            Command::Message { .. } | Command::AlarmAck { .. } => Err(Refusal::new("request.bad")),
            Command::SignIn => self.sign_in(me),
            Command::SignOut => {
                self.sign_out(me);
                Ok(())
            }
            Command::Busy { reason } => self.go_busy(me, reason),
            Command::Idle => self.go_idle(me),
            Command::WrapMore => self.wrap_more(me),
            Command::CardClosed { call } => {
                self.card_closed(me, call);
                Ok(())
            }
            Command::AutoAnswer { on } => self.auto_answer(me, on),
            Command::Dial { number } => self.quick_dial(me, &number),
            Command::Answer => self.accept(me),
            Command::Reject => self.reject(me),
            Command::HangUp => self.hang_up_own(me),
            Command::OptOut { call } => self.opt_out(me, call),
            Command::Dtmf { key } => self.send_key(me, key),
            Command::CampaignStart { campaign } => self.start_campaign(who.company, campaign, &who.name),
            Command::CampaignPause { campaign } => self.pause_campaign(who.company, campaign, &who.name),
            Command::CampaignRedial { campaign } => self.redial_campaign(who.company, campaign),
            Command::CampaignDelete { campaign } => self.may_delete(who.company, campaign),
            Command::ForceSignIn { seat } => self.forced(who, seat, "forced_in", |e| e.sign_in(seat)),
            Command::ForceSignOut { seat } => self.forced(who, seat, "forced_out", |e| {
                e.sign_out(seat);
                Ok(())
            }),
            Command::ForceIdle { seat } => self.forced(who, seat, "forced_idle", |e| e.force_idle(seat)),
            Command::HangUpCall { call } => self.hang_up_other(who, call),
        }
    }

    fn measured(&mut self, id: SeatId, quality: Option<hutong_api::live::Quality>) -> Result<(), Refusal> {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.quality = quality.or(seat.quality);
        }
        Ok(())
    }

    fn auto_answer(&mut self, id: SeatId, on: bool) -> Result<(), Refusal> {
        let seat = self.seats.get_mut(&id).ok_or(Refusal::new("agent.unknown"))?;
        if seat.cfg.auto_answer != on {
            seat.cfg.auto_answer = on;
            self.moved.insert(id);
            self.dirty.insert(seat.cfg.company);
            self.change(Change::AutoAnswer { seat: id, on });
        }
        Ok(())
    }

    fn hang_up_own(&mut self, id: SeatId) -> Result<(), Refusal> {
        if self.reject(id).is_ok() {
            return Ok(());
        }
        let call = self.seats.get(&id).and_then(|s| s.call).ok_or(Refusal::new("agent.no_call"))?;
        self.hang_up(call, EndedBy::Agent, None);
        Ok(())
    }

    fn send_key(&mut self, id: SeatId, key: char) -> Result<(), Refusal> {
        if !matches!(key, '0'..='9' | '*' | '#') {
            return Err(Refusal::new("call.bad_key").with("key", key));
        }
        let call = self.seats.get(&id).and_then(|s| s.call).and_then(|c| self.calls.get(&c));
        let talking = call.filter(|c| c.open.bridged.is_some()).ok_or(Refusal::new("agent.no_call"))?;
        let leg = talking.open.leg;
        self.effect(Effect::SendKey { leg, key });
        Ok(())
    }

    fn hang_up_other(&mut self, who: &Actor, id: CallId) -> Result<(), Refusal> {
        let call = self.calls.get(&id).filter(|c| c.open.company == who.company);
        let seat = call.ok_or(Refusal::new("call.unknown"))?.seat;
        self.hang_up(id, EndedBy::Supervisor, Some("call.fault.supervisor"));
        self.event(who.company, false, "hung_up", &[("by", &who.name)]);
        if let Some(seat) = seat {
            self.toast(seat, "call.hung_up_by", &who.name);
        }
        Ok(())
    }

    /// A supervisor acts on another's seat; the agent is told who did it.
    fn forced(
        &mut self,
        who: &Actor,
        seat: SeatId,
        event: &str,
        act: impl FnOnce(&mut Engine) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let title = self.seat_of(who.company, seat)?;
        act(self)?;
        self.event(who.company, false, event, &[("agent", &title), ("by", &who.name)]);
        let code = match event {
            "forced_in" => "agent.forced_in",
            "forced_out" => "agent.forced_out",
            _ => "agent.forced_idle",
        };
        self.toast(seat, code, &who.name);
        Ok(())
    }

    fn toast(&mut self, seat: SeatId, code: &'static str, by: &str) {
        self.effect(Effect::Toast { seat, refusal: Refusal::new(code).with("by", by) });
    }

    fn seat_of(&self, company: CompanyId, id: SeatId) -> Result<String, Refusal> {
        let seat = self.seats.get(&id).filter(|s| s.cfg.company == company);
        seat.map(|s| s.title()).ok_or(Refusal::new("agent.unknown"))
    }
}

/// Sent by a page nobody need sit at.
fn by_itself(cmd: &Command) -> bool {
    matches!(cmd, Command::Ping { .. } | Command::WatchBoard { .. })
}
