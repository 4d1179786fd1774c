//! What a trunk leg tells, and what follows until it ends.

use super::live::{LONGEST_CALL_MS, OurEnd, Stage};
use crate::{
    Engine,
    billing::hold,
    io::{Change, Effect, LegEvent, Tone},
    timers::Timer,
};
use hutong_api::{CallId, CallKind, CallState, EndedBy, LegId, Refusal};

/// A greeting that never reports its end.
const GREETING_LIMIT_MS: u64 = 180_000;

impl Engine {
    /// Events of legs the engine does not know (any more) say nothing.
    pub(crate) fn leg_event(&mut self, leg: LegId, event: LegEvent) {
        let Some(id) = self.legs.get(&leg).copied() else { return };
        match event {
            LegEvent::Sent => self.note_sent(id),
            LegEvent::Ringing { early_media } => self.rings(id, early_media),
            LegEvent::Answered => self.answered(id),
            LegEvent::PlayEnded { .. } => self.prompt_ended(id),
            LegEvent::Key(key) => self.callee_pressed(id, key),
            LegEvent::Ended(end) => self.close(id, &end),
        }
    }

    /// The greeting or the notice is over.
    pub(crate) fn prompt_ended(&mut self, id: CallId) {
        match self.calls.get(&id).map(|c| c.stage) {
            Some(Stage::Script) => self.enter_queue(id),
            Some(Stage::Notice) => self.hang_up(id, EndedBy::System, Some("call.fault.no_agent")),
            _ => {}
        }
    }

    /// Ends the leg. The agent is free at once: he need not wait for the far end's last word.
    pub(crate) fn hang_up(&mut self, id: CallId, by: EndedBy, fault: Option<&'static str>) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id).filter(|c| c.end.is_none()) else { return };
        call.end = Some(OurEnd { by, fault });
        let leg = call.open.leg;
        let state = if call.open.answered.is_some() { CallState::Answered } else { CallState::NoAnswer };
        if call.seat.is_some() {
            self.effect(Effect::Unbridge { leg });
        }
        self.effect(Effect::HangUp { leg });
        self.leave_seat(id, state);
        self.disarm_call(id);
        if let Some(call) = self.calls.get_mut(&id) {
            call.enter(Stage::Ending, now);
            self.dirty.insert(call.open.company);
        }
    }

    /// The agent's part of the call is over.
    pub(crate) fn leave_seat(&mut self, id: CallId, state: CallState) {
        let mono = self.now.mono;
        let Some(call) = self.calls.get(&id) else { return };
        let offer = call.open.kind == CallKind::Campaign && call.open.bridged.is_none();
        if offer && call.end.is_none() {
            self.count_miss(id, super::queue::FAIR_WAIT_MS);
        }
        let Some(call) = self.calls.get_mut(&id) else { return };
        let at = call.wall(mono);
        let Some(seat) = call.seat.take() else { return };
        let by_hand = call.open.kind.by_hand();
        let talked = call.open.bridged.is_some();
        let talk_s = call.open.bridged.map_or(0, |from| super::cdr::whole_seconds(from, at));
        if call.open.bridged.is_some() {
            call.talk_ended = Some(at);
        } else if !by_hand {
            self.effect(Effect::Tone { seat, tone: Tone::Silence });
        }
        let wrap = talked || by_hand && self.wrap_rule(seat).after_failed;
        // The callee answered, but not this agent.
        let state = if offer { CallState::NoAnswer } else { state };
        let over = Effect::CallOver { seat, call: id, state, talk_s };
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.today_talk_s += talk_s;
            seat.card.push(over.clone());
        }
        self.effect(over);
        if offer {
            self.forget_card(seat);
        }
        self.release(seat, wrap);
    }

    pub(crate) fn disarm_call(&mut self, id: CallId) {
        for timer in [Timer::Ring, Timer::Prompt, Timer::Queue, Timer::Hold, Timer::Cut, Timer::Longest] {
            self.timers.disarm(timer(id));
        }
    }

    pub(crate) fn cut_longest(&mut self, id: CallId) {
        self.hang_up(id, EndedBy::System, Some("call.fault.longest"));
    }

    pub(crate) fn cut_for_money(&mut self, id: CallId) {
        self.hang_up(id, EndedBy::System, Some("call.fault.money"));
    }

    /// Every answered call was alive now.
    pub(crate) fn prove_calls(&mut self) {
        let now = self.now.mono;
        let mut unpaid = Vec::new();
        for (id, call) in self.calls.iter_mut().filter(|(_, c)| c.open.answered.is_some()) {
            let at = call.wall(now);
            call.open.proven = Some(at);
            self.turn.changes.push(Change::CallProven { call: *id, at });
            unpaid.extend(self.timers.is_armed(Timer::Cut(*id)).then_some(*id));
        }
        for call in unpaid {
            self.renew_hold(call);
        }
    }

    /// Thirty seconds before the reserved money ends: reserve more, or warn and cut when it ends.
    pub(crate) fn renew_hold(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(&id) else { return };
        let (Some(answered), Some(company)) = (call.open.answered, self.companies.get_mut(&call.open.company)) else {
            return;
        };
        let next = hold::renewed(call.hold, call.open.increment_s, call.open.price);
        let more = next.amount - call.hold.amount;
        if company.can_reserve(more) {
            company.held += more;
            call.hold = next;
            call.open.held = next.amount;
            self.timers.disarm(Timer::Cut(id));
            self.change(Change::CallHold { call: id, held: next.amount });
            self.arm_renewal(id);
        } else if !self.timers.is_armed(Timer::Cut(id)) {
            let end = call.mono(answered).after_ms(u64::from(call.hold.covers_s) * 1000);
            let (seat, company) = (call.seat, call.open.company);
            self.timers.arm(Timer::Cut(id), end);
            if let Some(seat) = seat {
                self.effect(Effect::Tone { seat, tone: Tone::Beep });
                self.effect(Effect::Toast { seat, refusal: Refusal::new("call.money_ends") });
            }
            self.event(company, true, "money_ends", &[]);
        }
    }

    fn rings(&mut self, id: CallId, early_media: bool) {
        self.note_sent(id);
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id) else { return };
        let first = call.stage == Stage::Dialling;
        let (leg, seat) = (call.open.leg, call.seat);
        if first {
            call.enter(Stage::Ringing, now);
            if let Some(trunk) = self.trunks.get_mut(&call.open.trunk) {
                trunk.pdd_sum_ms += now.mono.0 - call.born.mono.0;
                trunk.pdd_count += 1;
                trunk.works();
            }
        }
        let by_hand = call.open.kind.by_hand();
        let begins_media = early_media && by_hand && !call.early_media && call.stage == Stage::Ringing;
        call.early_media |= begins_media;
        if first {
            self.arm_ring_limit(id, now.mono);
        }
        // Only a call dialled by hand has its agent this early.
        let Some(seat) = seat else { return };
        if begins_media {
            self.effect(Effect::Tone { seat, tone: Tone::Silence });
            self.effect(Effect::Bridge { leg, seat });
        } else if first {
            self.effect(Effect::Tone { seat, tone: Tone::RingBack });
        }
    }

    fn answered(&mut self, id: CallId) {
        self.note_sent(id);
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id).filter(|c| c.open.answered.is_none()) else { return };
        let at = call.wall(now.mono);
        call.open.answered = Some(at);
        let (leg, seat, by_hand) = (call.open.leg, call.seat, call.open.kind.by_hand());
        if let Some(trunk) = self.trunks.get_mut(&call.open.trunk) {
            trunk.unanswered -= 1;
            trunk.answers += 1;
            trunk.works();
        }
        if let Some(company) = self.companies.get_mut(&call.open.company) {
            company.count_answered(now);
        }
        let crossed = call.end.is_some();
        self.dirty.insert(call.open.company);
        self.change(Change::CallAnswered { call: id, at });
        self.effect(Effect::Record { leg, call: id });
        self.count_answer(id);
        self.learn_answer(id);
        self.timers.disarm(Timer::Ring(id));
        if crossed {
            // Our CANCEL crossed his answer: he said hello to nobody.
            if !by_hand {
                self.count_abandoned(id);
            }
            return self.effect(Effect::HangUp { leg });
        }
        self.arm_renewal(id);
        self.timers.arm(Timer::Longest(id), now.mono.after_ms(LONGEST_CALL_MS));
        match (by_hand, seat) {
            (false, _) => self.run_script(id),
            (true, Some(seat)) => {
                self.effect(Effect::Tone { seat, tone: Tone::Silence });
                self.talk(id, seat);
            }
            (true, None) => self.hang_up(id, EndedBy::System, None),
        }
    }

    fn run_script(&mut self, id: CallId) {
        let now = self.now;
        let Some(call) = self.calls.get_mut(&id) else { return };
        let leg = call.open.leg;
        let task = call.open.campaign.and_then(|c| self.tasks.get(&c));
        let greeting = task.and_then(|t| self.scripts.get(&t.cfg.script)).and_then(|s| s.greeting);
        let Some(prompt) = greeting else { return self.enter_queue(id) };
        call.enter(Stage::Script, now);
        self.timers.arm(Timer::Prompt(id), now.mono.after_ms(GREETING_LIMIT_MS));
        self.effect(Effect::Play { leg, prompt });
        self.offer_early(id);
    }

    fn arm_renewal(&mut self, id: CallId) {
        let Some(call) = self.calls.get(&id).filter(|c| c.open.price.0 > 0) else { return };
        let Some(answered) = call.open.answered else { return };
        let after_s = u64::from(call.hold.covers_s.saturating_sub(hold::AHEAD_S));
        self.timers.arm(Timer::Hold(id), call.mono(answered).after_ms(after_s * 1000));
    }
}
