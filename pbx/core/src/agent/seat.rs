//! A seat and the person who works it: the states of an agent and what moves him between them.

use super::{card::OPEN_CARD, spans};
use crate::{
    Engine, Wall,
    io::{Effect, SeatCfg, SeatEvent, Span},
    time::Mono,
    timers::Timer,
};
use hutong_api::{
    CallId, EndedBy, LeadId, Refusal, SeatId,
    live::{Quality, SeatState, SeatView},
};
use jiff::civil::Date;

/// An agent in a call may be out of reach so long before the callee is hung up.
pub(crate) const CALL_GRACE_MS: u64 = 10_000;
/// A signed-in agent may be out of reach so long before he is signed out.
pub(crate) const LOST_GRACE_MS: u64 = 30_000;
/// Offers missed in a row that make an agent 示忙.
const MISSES: u32 = 2;

#[derive(Debug)]
pub(crate) struct Seat {
    pub cfg: SeatCfg,
    pub online: bool,
    pub phone: bool,
    pub state: SeatState,
    pub reason: Option<String>,
    pub since: Wall,
    pub idle_since: Mono,
    /// In this state, by the process's own clock.
    pub since_mono: Mono,
    /// End of 话后.
    pub wrap_until: Option<(Mono, Wall)>,
    pub call: Option<CallId>,
    /// Asked for during a call, taken after it.
    pub after_call: Option<(SeatState, Option<String>)>,
    /// He dialled by hand while 示忙, and goes back to it.
    pub back_to_busy: Option<String>,
    /// What he was when he was lost.
    pub resume: Option<(SeatState, Option<String>)>,
    pub missed: u32,
    pub quality: Option<Quality>,
    pub today_calls: u32,
    pub today_talk_s: u32,
    pub today_wrap_ms: u64,
    pub span: Option<Span>,
    /// Where the next span begins at the earliest: the end of the last one.
    pub span_floor: Wall,
    pub shown: Option<SeatView>,
    /// The screen pop of his call or 话后, and how the call ended: for a page that comes anew.
    pub card: Vec<Effect>,
    /// 弹屏示忙: the card that is open.
    pub open_card: Option<CallId>,
    /// The last call whose record was saved, and the one whose record 话后 waits for.
    pub saved: Option<CallId>,
    pub owes: Option<CallId>,
    /// The row of a preview task he dialled last, with its round and attempts before that.
    pub last_row: Option<(LeadId, u32, u32)>,
    /// The span of 示忙 that is too long was told.
    pub long_told: bool,
    /// Seat fees are posted up to this day.
    pub fee_through: Option<Date>,
}

impl Seat {
    pub fn new(cfg: SeatCfg, now: Wall) -> Seat {
        Seat {
            cfg,
            online: false,
            phone: false,
            state: SeatState::SignedOut,
            reason: None,
            since: now,
            idle_since: Mono(0),
            since_mono: Mono(0),
            wrap_until: None,
            call: None,
            after_call: None,
            back_to_busy: None,
            resume: None,
            missed: 0,
            quality: None,
            today_calls: 0,
            today_talk_s: 0,
            today_wrap_ms: 0,
            span: None,
            span_floor: Wall(i64::MIN),
            shown: None,
            card: Vec::new(),
            open_card: None,
            saved: None,
            owes: None,
            last_row: None,
            long_told: false,
            fee_through: None,
        }
    }

    pub fn reachable(&self) -> bool {
        self.online && self.phone
    }

    pub fn signed_in(&self) -> bool {
        self.state != SeatState::SignedOut
    }

    pub fn in_call(&self) -> bool {
        self.call.is_some()
    }

    /// "name(extension)", as rows show a seat.
    pub fn title(&self) -> String {
        format!("{}({})", self.cfg.name, self.cfg.extension)
    }

    pub fn view(&self) -> SeatView {
        SeatView {
            seat: self.cfg.id,
            state: self.state,
            reason: self.reason.clone(),
            since: self.since.0,
            until: self.wrap_until.filter(|_| self.state == SeatState::WrapUp).map(|(_, wall)| wall.0),
            auto_answer: self.cfg.auto_answer,
            phone: self.phone,
            call: self.call,
            after_call: self.after_call.as_ref().map(|(state, _)| *state),
            today_calls: self.today_calls,
            today_talk_s: self.today_talk_s,
        }
    }
}

impl Engine {
    pub(crate) fn seat_event(&mut self, id: SeatId, event: SeatEvent) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let was_reachable = seat.reachable();
        let mut phone_back = false;
        match event {
            SeatEvent::Online => {
                seat.online = true;
                seat.shown = None;
                self.turn.effects.extend(seat.card.iter().cloned());
            }
            SeatEvent::Offline => seat.online = false,
            SeatEvent::PhoneUp => {
                seat.phone = true;
                phone_back = true;
            }
            SeatEvent::PhoneDown => seat.phone = false,
            SeatEvent::Quality(quality) => seat.quality = Some(quality),
        }
        let (reachable, in_call) = (seat.reachable(), seat.in_call());
        self.moved.insert(id);
        if phone_back && in_call {
            self.bridge_again(id);
        }
        match (was_reachable, reachable, in_call) {
            (true, false, true) => self.timers.arm(Timer::Phone(id), self.now.mono.after_ms(CALL_GRACE_MS)),
            (false, true, true) => self.timers.disarm(Timer::Phone(id)),
            (true, false, false) => self.lose(id),
            (false, true, false) => self.regain(id),
            _ => {}
        }
    }

    /// Every change of a seat's state goes through here: its span, its view, its company's dialling.
    pub(crate) fn set_state(&mut self, id: SeatId, state: SeatState, reason: Option<String>) {
        self.learn_handling(id, state);
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.since_mono = self.now.mono;
        if seat.state == SeatState::WrapUp {
            seat.today_wrap_ms += u64::try_from(self.now.wall.0 - seat.since.0).unwrap_or(0);
            self.timers.disarm(Timer::Wrap(id));
        }
        if seat.state == SeatState::Lost {
            self.timers.disarm(Timer::Lost(id));
        }
        let next = (seat.cfg.company, id, state, reason.clone());
        seat.span =
            spans::turn_over(seat.span.take(), next, self.now.wall, &mut seat.span_floor, &mut self.turn.changes);
        seat.since = seat.span_floor;
        seat.state = state;
        seat.reason = reason;
        seat.long_told = false;
        if !matches!(state, SeatState::WrapUp | SeatState::Lost) {
            seat.owes = None;
        }
        let with_card = matches!(state, SeatState::Ringing | SeatState::Talking | SeatState::WrapUp | SeatState::Lost);
        if !with_card && !seat.waits_for_card() {
            seat.card.clear();
        }
        match state {
            SeatState::Idle => seat.idle_since = self.now.mono,
            SeatState::SignedOut => {
                seat.after_call = None;
                seat.back_to_busy = None;
                seat.resume = None;
                seat.missed = 0;
                seat.open_card = None;
            }
            _ => {}
        }
        self.moved.insert(id);
        self.dirty.insert(seat.cfg.company);
        self.watch_busy(id);
    }

    pub(crate) fn sign_in(&mut self, id: SeatId) -> Result<(), Refusal> {
        let seat = self.seats.get(&id).ok_or(Refusal::new("agent.unknown"))?;
        if !seat.cfg.enabled {
            return Err(Refusal::new("agent.disabled"));
        }
        if seat.signed_in() && seat.state != SeatState::Lost {
            return Ok(());
        }
        if !seat.online {
            return Err(Refusal::new("agent.offline"));
        }
        if !seat.phone {
            return Err(Refusal::new("agent.no_microphone"));
        }
        match seat.state {
            SeatState::Lost => self.regain(id),
            _ => self.set_state(id, SeatState::Idle, None),
        }
        Ok(())
    }

    /// At once, or after the call.
    pub(crate) fn sign_out(&mut self, id: SeatId) {
        self.now_or_after_call(id, SeatState::SignedOut, None);
    }

    /// 示闲: ends 示忙 and 话后, or what was asked for after the call.
    pub(crate) fn go_idle(&mut self, id: SeatId) -> Result<(), Refusal> {
        let seat = self.signed_in_seat(id)?;
        seat.free_of_records()?;
        seat.after_call = None;
        seat.back_to_busy = None;
        seat.missed = 0;
        if seat.state == SeatState::Lost {
            seat.resume = Some((SeatState::Idle, None));
        } else if !seat.in_call() && seat.state != SeatState::Idle {
            self.set_state(id, SeatState::Idle, None);
        }
        self.moved.insert(id);
        Ok(())
    }

    /// The seat takes a call, offered, dialled or bridged.
    pub(crate) fn occupy(&mut self, id: SeatId, call: CallId, state: SeatState) {
        if let Some(seat) = self.seats.get_mut(&id) {
            seat.call = Some(call);
        }
        self.set_state(id, state, None);
    }

    /// The seat's call left it. `wrap`: 话后 is due.
    pub(crate) fn release(&mut self, id: SeatId, wrap: bool) {
        let rule = self.wrap_rule(id);
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let call = seat.call.take();
        self.timers.disarm(Timer::Phone(id));
        let owes = call.filter(|call| wrap && rule.must_save && seat.saved != Some(*call));
        match seat.after_call.take() {
            Some((SeatState::SignedOut, _)) => return self.set_state(id, SeatState::SignedOut, None),
            asked if owes.is_some() => {
                seat.after_call = asked;
                self.begin_wrap(id, rule.seconds, owes);
            }
            Some((state, reason)) => self.set_state(id, state, reason),
            None if wrap && rule.seconds > 0 => self.begin_wrap(id, rule.seconds, None),
            None => self.rest(id),
        }
        if self.seats.get(&id).is_some_and(|s| !s.reachable()) {
            self.lose(id);
        }
    }

    /// An offer was not taken; after some in a row the agent counts as away.
    pub(crate) fn missed_offer(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        seat.missed += 1;
        if seat.missed >= MISSES && seat.after_call.is_none() {
            seat.missed = 0;
            seat.after_call = Some((SeatState::Busy, Some("missed".into())));
            self.effect(Effect::Toast { seat: id, refusal: Refusal::new("agent.missed") });
        }
    }

    pub(crate) fn lost_for_good(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get(&id).filter(|s| s.state == SeatState::Lost) else { return };
        let (company, title) = (seat.cfg.company, seat.title());
        self.set_state(id, SeatState::SignedOut, None);
        self.event(company, true, "agent_lost", &[("agent", &title)]);
    }

    pub(crate) fn agent_gone_in_call(&mut self, id: SeatId) {
        if let Some(call) = self.seats.get(&id).and_then(|s| s.call) {
            self.hang_up(call, EndedBy::System, Some("call.fault.agent_lost"));
        }
    }

    pub(crate) fn signed_in_seat(&mut self, id: SeatId) -> Result<&mut Seat, Refusal> {
        let seat = self.seats.get_mut(&id).ok_or(Refusal::new("agent.unknown"))?;
        if seat.signed_in() { Ok(seat) } else { Err(Refusal::new("agent.not_signed_in")) }
    }

    pub(crate) fn now_or_after_call(&mut self, id: SeatId, state: SeatState, reason: Option<String>) {
        let Some(seat) = self.seats.get_mut(&id).filter(|s| s.signed_in()) else { return };
        self.moved.insert(id);
        seat.back_to_busy = None;
        if seat.in_call() {
            seat.after_call = Some((state, reason));
        } else if seat.state == SeatState::Lost && state != SeatState::SignedOut {
            seat.resume = Some((state, reason));
        } else if (seat.state, &seat.reason) != (state, &reason) {
            self.set_state(id, state, reason);
        }
    }

    /// What was asked for meanwhile; 示忙 again for one who dialled by hand while busy, or whose card is open; else idle.
    pub(crate) fn rest(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        let asked = seat.after_call.take();
        let busy = seat.back_to_busy.take().or_else(|| seat.open_card.map(|_| OPEN_CARD.to_owned()));
        match (asked, busy) {
            (Some((state, reason)), _) => self.set_state(id, state, reason),
            (None, Some(reason)) => self.set_state(id, SeatState::Busy, Some(reason)),
            (None, None) => self.set_state(id, SeatState::Idle, None),
        }
    }

    fn lose(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id) else { return };
        if !seat.signed_in() || seat.state == SeatState::Lost {
            return;
        }
        seat.resume = Some((seat.state, seat.reason.clone()));
        self.set_state(id, SeatState::Lost, None);
        self.timers.arm(Timer::Lost(id), self.now.mono.after_ms(LOST_GRACE_MS));
    }

    fn regain(&mut self, id: SeatId) {
        let Some(seat) = self.seats.get_mut(&id).filter(|s| s.state == SeatState::Lost) else { return };
        let wrap_left = seat.wrap_until.filter(|(until, _)| *until > self.now.mono);
        match (seat.resume.take(), wrap_left) {
            (Some((SeatState::WrapUp, _)), Some((until, _))) => {
                self.set_state(id, SeatState::WrapUp, None);
                self.timers.arm(Timer::Wrap(id), until);
            }
            // Before its time is over or after it, the record is still owed.
            (Some((SeatState::WrapUp, _)), None) if seat.owes.is_some() => {
                seat.wrap_until = None;
                self.set_state(id, SeatState::WrapUp, None);
            }
            (Some((SeatState::Busy, reason)), _) => self.set_state(id, SeatState::Busy, reason),
            _ => self.rest(id),
        }
    }
}
