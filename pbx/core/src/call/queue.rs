//! From the answer to the agent: offers, the bridge, and the two seconds of D17.

use super::live::Stage;
use crate::{
    Engine,
    io::{AbandonClock, Change, Effect, PopKind, Tone},
    time::Mono,
    timers::Timer,
};
use hutong_api::{CallId, CallState, CompanyId, EndedBy, Refusal, SeatId, live::SeatState};

/// D17: the agent is bridged within so long of the greeting's end, or the callee hears the abandon notice.
pub(crate) const IN_TIME_MS: u64 = 2_000;
/// A notice that never reports its end.
const NOTICE_LIMIT_MS: u64 = 60_000;
/// An offer that went to another or ran out sooner is no miss: nobody answers that fast.
const FAIR_RING_MS: u64 = 1_000;
/// A callee who hung up sooner did not wait for the agent.
pub(crate) const FAIR_WAIT_MS: u64 = 3_000;

impl Engine {
    /// The greeting is over: an agent is due now.
    pub(crate) fn enter_queue(&mut self, id: CallId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.enter(Stage::Queued, now);
        call.queued_at = Some(now.mono);
        self.dirty.insert(call.open.company);
        self.timers.disarm(Timer::Prompt(id));
        let until = self.in_time_until(id);
        self.timers.arm(Timer::Queue(id), until);
        self.learn_greeting(id);
    }

    /// When an answer stops being in time: by its task's clock, but never before the greeting is over.
    fn in_time_until(&self, id: CallId) -> Mono {
        let now = self.now.mono;
        let Some(call) = self.calls.get(&id) else { return now };
        let task = call.open.campaign.and_then(|c| self.tasks.get(&c));
        let from = match task.map(|t| t.cfg.pacing.clock) {
            Some(AbandonClock::Connect) => call.open.answered.map_or(now, |at| call.mono(at)),
            _ => now,
        };
        // Whoever is free takes it first: waiting callees are served at the end of this very turn.
        from.after_ms(IN_TIME_MS).max(now.after_ms(1))
    }

    /// At the answer: an agent who must accept by hand hears of it while the greeting plays.
    pub(crate) fn offer_early(&mut self, id: CallId) {
        let next = self.longest_idle(id, None, &[]);
        if let Some(seat) = next.filter(|s| self.seats.get(s).is_some_and(|s| !s.cfg.auto_answer)) {
            self.offer(id, seat);
        }
    }

    /// Waiting callees get free agents, longest wait first.
    pub(crate) fn serve_waiting(&mut self, company: CompanyId) {
        let mut waiting: Vec<(Option<Mono>, CallId)> = self
            .calls
            .values()
            .filter(|c| c.stage == Stage::Queued && c.open.company == company)
            .map(|c| (c.queued_at, c.open.call))
            .collect();
        waiting.sort_unstable();
        for (_, call) in waiting {
            self.assign(call);
        }
    }

    /// Command::Answer: taken at once, or at the end of the greeting.
    pub(crate) fn accept(&mut self, seat: SeatId) -> Result<(), Refusal> {
        let call = self.offered_to(seat).ok_or(Refusal::new("agent.no_offer"))?;
        if let Some(call) = self.calls.get_mut(&call) {
            call.accepted = true;
            self.dirty.insert(call.open.company);
        }
        Ok(())
    }

    pub(crate) fn reject(&mut self, seat: SeatId) -> Result<(), Refusal> {
        let call = self.offered_to(seat).ok_or(Refusal::new("agent.no_offer"))?;
        self.withdraw(call);
        Ok(())
    }

    /// Two seconds are over and no agent came: 呼损.
    pub(crate) fn nobody_came(&mut self, id: CallId) {
        let now = self.now;
        if self.calls.get(&id).is_none_or(|c| c.stage != Stage::Queued) {
            return;
        }
        self.count_miss(id, FAIR_RING_MS);
        self.withdraw(id);
        self.count_abandoned(id);
        let Some(call) = self.calls.get_mut(&id) else { return };
        let (leg, company) = (call.open.leg, call.open.company);
        match self.companies.get(&company).and_then(|c| c.cfg.abandon_prompt) {
            Some(prompt) => {
                call.enter(Stage::Notice, now);
                self.timers.arm(Timer::Prompt(id), now.mono.after_ms(NOTICE_LIMIT_MS));
                self.effect(Effect::Play { leg, prompt });
            }
            None => self.hang_up(id, EndedBy::System, Some("call.fault.no_agent")),
        }
    }

    /// The agent's leg came back: his call's audio goes through again.
    pub(crate) fn bridge_again(&mut self, seat: SeatId) {
        let call = self.seats.get(&seat).and_then(|s| s.call).and_then(|id| self.calls.get(&id));
        let Some(call) = call else { return };
        if call.stage == Stage::Talking || (call.stage == Stage::Ringing && call.early_media) {
            let leg = call.open.leg;
            self.effect(Effect::Bridge { leg, seat });
        }
    }

    /// Agent and callee hear each other from here on.
    pub(crate) fn talk(&mut self, id: CallId, seat: SeatId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id) else { return };
        let at = call.wall(now.mono);
        call.seat = Some(seat);
        call.open.seat = Some(seat);
        call.open.bridged = Some(at);
        call.enter(Stage::Talking, now);
        let (leg, company) = (call.open.leg, call.open.company);
        self.timers.disarm(Timer::Queue(id));
        if !self.popped(id, seat) {
            self.pop(id, seat);
        }
        self.effect(Effect::Bridge { leg, seat });
        self.change(Change::CallBridged { call: id, seat, at });
        self.occupy(seat, id, SeatState::Talking);
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.today_calls += 1;
            seat.missed = 0;
        }
        if let Some(company) = self.companies.get_mut(&company) {
            company.today.to_agent += 1;
        }
        self.count_to_agent(id);
        self.learn_outcome(id, false);
    }

    /// Where the company wants the card while it rings; else it comes with the talk.
    pub(crate) fn pop_ringing(&mut self, id: CallId, seat: SeatId) {
        let Some(open) = self.calls.get(&id).map(|c| &c.open) else { return };
        let rules = self.companies.get(&open.company).map(|c| c.cfg.work.pops.iter()).into_iter().flatten();
        let kind = PopKind::from(open.kind);
        if !rules.into_iter().any(|rule| rule.kind == kind && rule.at_answer) {
            self.pop(id, seat);
        }
    }

    fn popped(&self, id: CallId, seat: SeatId) -> bool {
        let is = |effect: &Effect| matches!(effect, Effect::Pop { call, .. } if *call == id);
        self.seats.get(&seat).is_some_and(|s| s.card.iter().any(is))
    }

    pub(crate) fn pop(&mut self, id: CallId, seat: SeatId) {
        let Some(call) = self.calls.get(&id) else { return };
        let open = &call.open;
        let pop = Effect::Pop {
            seat,
            call: id,
            kind: open.kind,
            campaign: open.campaign,
            lead: open.lead,
            phone: open.phone.clone(),
            name: open.name.clone(),
        };
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.card = vec![pop.clone()];
            seat.open_card = seat.cfg.pop_busy.then_some(id);
        }
        self.effect(pop);
    }

    fn assign(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id) else { return };
        let offered = call.seat;
        if let Some(seat) = offered.filter(|_| call.accepted) {
            return self.connect(id, seat, false);
        }
        if let Some(seat) = self.longest_idle(id, Some(true), &[]) {
            self.count_miss(id, FAIR_RING_MS);
            self.withdraw(id);
            return self.connect(id, seat, true);
        }
        if offered.is_none() {
            let declined = self.calls.get(&id).map(|c| c.declined.clone()).unwrap_or_default();
            if let Some(seat) = self.longest_idle(id, Some(false), &declined) {
                self.offer(id, seat);
            }
        }
    }

    /// The screen pop goes out no later than the audio, the beep between them.
    fn connect(&mut self, id: CallId, seat: SeatId, unseen: bool) {
        if unseen {
            self.pop(id, seat);
            self.effect(Effect::Tone { seat, tone: Tone::Beep });
        } else {
            self.effect(Effect::Tone { seat, tone: Tone::Silence });
        }
        self.talk(id, seat);
    }

    fn offer(&mut self, id: CallId, seat: SeatId) {
        let now = self.now.mono;
        let Some(call) = self.calls.get_mut(&id) else { return };
        call.seat = Some(seat);
        call.accepted = false;
        call.offered_at = Some(now);
        self.pop_ringing(id, seat);
        self.effect(Effect::Tone { seat, tone: Tone::RingBack });
        self.occupy(seat, id, SeatState::Ringing);
    }

    /// The offer is over for this seat and this call.
    fn withdraw(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let Some(seat) = call.seat.take() else { return };
        call.accepted = false;
        call.declined.push(seat);
        self.dirty.insert(call.open.company);
        self.effect(Effect::Tone { seat, tone: Tone::Silence });
        self.effect(Effect::CallOver { seat, call: id, state: CallState::NoAnswer, talk_s: 0 });
        self.forget_card(seat);
        self.release(seat, false);
    }

    /// Counts a miss of the seat whose offer ends without his word, if it rang for `fair_ms`.
    pub(crate) fn count_miss(&mut self, id: CallId, fair_ms: u64) {
        let Some(call) = self.calls.get(&id).filter(|c| !c.accepted) else { return };
        let (Some(seat), Some(from)) = (call.seat, call.offered_at) else { return };
        if self.now.mono >= from.after_ms(fair_ms) {
            self.missed_offer(seat);
        }
    }

    fn offered_to(&self, seat: SeatId) -> Option<CallId> {
        let call = self.seats.get(&seat)?.call?;
        let waits = |s: Stage| matches!(s, Stage::Script | Stage::Queued);
        self.calls.get(&call).filter(|c| c.seat == Some(seat) && waits(c.stage)).map(|c| c.open.call)
    }
}
