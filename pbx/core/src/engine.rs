//! The one owner of everything live: takes inputs, runs due timers, lets companies dial, and hands out what follows.

use crate::{
    agent::seat::Seat,
    call::live::Call,
    campaign::{blocklist::Blocklist, callers::Shown, caps::Attempts, task::Task},
    company::Company,
    io::{Change, Effect, Input, ReqId, ScriptCfg, Turn},
    time::{Mono, Now, Wall},
    timers::{Timer, Timers},
    trunk::Trunk,
};
use hutong_api::{
    CallId, CampaignId, CompanyId, LegId, Phone, Refusal, ScriptId, SeatId, TrunkId,
    board::{BoardMsg, EventRow},
    live::SeatView,
};
use std::collections::{BTreeMap, BTreeSet};

/// Proof of life of the process and of its answered calls: what a crash can cost a bill at most.
pub(crate) const HEARTBEAT_MS: u64 = 5_000;
/// A jump of the wall clock against the monotonic one that is worth an alarm.
const WALL_JUMP_MS: i64 = 2_000;

#[derive(Debug)]
pub struct Engine {
    pub(crate) now: Now,
    pub(crate) turn: Turn,
    pub(crate) timers: Timers,
    pub(crate) companies: BTreeMap<CompanyId, Company>,
    pub(crate) trunks: BTreeMap<TrunkId, Trunk>,
    pub(crate) seats: BTreeMap<SeatId, Seat>,
    pub(crate) scripts: BTreeMap<ScriptId, ScriptCfg>,
    pub(crate) tasks: BTreeMap<CampaignId, Task>,
    pub(crate) calls: BTreeMap<CallId, Call>,
    pub(crate) legs: BTreeMap<LegId, CallId>,
    pub(crate) blocked: Blocklist,
    /// Callees with a live attempt.
    pub(crate) busy_phones: BTreeSet<(CompanyId, Phone)>,
    pub(crate) attempts: Attempts,
    pub(crate) shown: Shown,
    pub(crate) next_call: i64,
    pub(crate) next_leg: i64,
    pub(crate) storage_ok: bool,
    pub(crate) stopping: bool,
    /// Companies where something moved that dialling depends on.
    pub(crate) dirty: BTreeSet<CompanyId>,
    /// Seats whose view may have changed.
    pub(crate) moved: BTreeSet<SeatId>,
    /// Campaigns whose stored state may have changed.
    pub(crate) counted: BTreeSet<CampaignId>,
    heartbeats: u64,
}

impl Default for Engine {
    fn default() -> Engine {
        Engine::new()
    }
}

impl Engine {
    pub fn new() -> Engine {
        Engine {
            now: Now { mono: Mono(0), wall: Wall(0) },
            turn: Turn::default(),
            timers: Timers::default(),
            companies: BTreeMap::new(),
            trunks: BTreeMap::new(),
            seats: BTreeMap::new(),
            scripts: BTreeMap::new(),
            tasks: BTreeMap::new(),
            calls: BTreeMap::new(),
            legs: BTreeMap::new(),
            blocked: Blocklist::default(),
            busy_phones: BTreeSet::new(),
            attempts: Attempts::default(),
            shown: Shown::default(),
            next_call: 1,
            next_leg: 1,
            storage_ok: true,
            stopping: false,
            dirty: BTreeSet::new(),
            moved: BTreeSet::new(),
            counted: BTreeSet::new(),
            heartbeats: 0,
        }
    }

    /// Takes what happened; returns what must be stored and then done.
    pub fn handle(&mut self, now: Now, input: Input) -> Turn {
        let booting = matches!(input, Input::Boot(_));
        self.set_clock(now, booting);
        self.dispatch(input);
        while let Some(timer) = self.timers.pop_due(self.now.mono) {
            self.ring(timer);
        }
        while let Some(company) = self.dirty.pop_first() {
            self.serve_waiting(company);
            self.dial_company(company);
        }
        self.store_campaign_states();
        self.show_seats();
        std::mem::take(&mut self.turn)
    }

    /// When `Input::Tick` is next wanted.
    pub fn next_deadline(&self) -> Option<Mono> {
        self.timers.next()
    }

    /// The full board of a company (`seq` 0, no events: those come as effects).
    pub fn board(&self, company: CompanyId, now: Now) -> Option<BoardMsg> {
        self.draw_board(company, now)
    }

    pub fn seat_view(&self, seat: SeatId) -> Option<SeatView> {
        self.seats.get(&seat).map(|s| s.view())
    }

    fn dispatch(&mut self, input: Input) {
        match input {
            Input::Boot(boot) => self.boot(*boot),
            Input::Tick => {}
            Input::Leg { leg, event } => self.leg_event(leg, event),
            Input::Seat { seat, event } => self.seat_event(seat, event),
            Input::Ask { req, who, cmd } => {
                let refusal = self.command(&who, cmd).err();
                self.reply(req, refusal);
            }
            Input::PreviewDial { req, who, campaign, row } => {
                let refusal = self.preview_dial(&who, campaign, row).err();
                self.reply(req, refusal);
            }
            Input::Hopper { campaign, leads, more } => self.hopper_filled(campaign, leads, more),
            Input::Setting(setting) => self.apply_setting(*setting),
            Input::LeadsRemoved { campaign, removed } => self.leads_removed(campaign, removed),
            Input::LeadsAdded { campaign, added } => self.leads_added(campaign, added),
            Input::Redialled { campaign, leads } => self.redialled(campaign, leads),
            Input::Money { req, company, kind, amount, by, note } => {
                let refusal = self.money(req, company, kind, amount, by, note).err();
                self.reply(req, refusal);
            }
            Input::Trunk { trunk, up, fault } => self.trunk_told(trunk, up, fault),
            Input::Storage { ok } => self.storage_told(ok),
            Input::Stopping => {
                self.stopping = true;
                self.dirty.extend(self.companies.keys());
            }
            Input::Saved { seat, call } => self.record_saved(seat, call),
            Input::Block(entry) => self.block(entry),
            Input::Unblock { company, phone, prefix } => self.blocked.remove(company, phone, prefix),
        }
    }

    fn ring(&mut self, timer: Timer) {
        match timer {
            Timer::Heartbeat => self.heartbeat(),
            Timer::Ring(call) => self.ring_limit(call),
            Timer::Prompt(call) => self.prompt_ended(call),
            Timer::Queue(call) => self.nobody_came(call),
            Timer::Hold(call) => self.renew_hold(call),
            Timer::Cut(call) => self.cut_for_money(call),
            Timer::Longest(call) => self.cut_longest(call),
            Timer::Phone(seat) => self.agent_gone_in_call(seat),
            Timer::Lost(seat) => self.lost_for_good(seat),
            Timer::Wrap(seat) => self.wrap_over(seat),
            Timer::Busy(seat) => self.busy_too_long(seat),
            Timer::Trunk(trunk) => self.trunk_again(trunk),
            Timer::Load(campaign) => self.look_again(campaign),
            Timer::Pace(company) => drop(self.dirty.insert(company)),
        }
    }

    fn heartbeat(&mut self) {
        self.heartbeats += 1;
        self.timers.arm(Timer::Heartbeat, self.now.mono.after_ms(HEARTBEAT_MS));
        self.turn.changes.push(Change::Alive { at: self.now.wall });
        self.prove_calls();
        for company in self.companies.keys().copied().collect::<Vec<_>>() {
            self.turn_day(company);
            self.dirty.insert(company);
        }
        // Every minute.
        if self.heartbeats.is_multiple_of(12) {
            self.keep_learnt();
        }
        // Every hour or so.
        if self.heartbeats.is_multiple_of(720) {
            self.attempts.prune(self.now.wall);
            self.shown.prune(self.now.wall);
        }
    }

    fn set_clock(&mut self, now: Now, booting: bool) {
        let jump = (now.wall.0 - self.now.wall.0) - (now.mono.0 as i64 - self.now.mono.0 as i64);
        let jumped = !booting && jump.abs() > WALL_JUMP_MS && !self.companies.is_empty();
        self.now = Now { mono: now.mono.max(self.now.mono), wall: now.wall };
        if jumped {
            let seconds = (jump / 1000).to_string();
            for company in self.companies.keys().copied().collect::<Vec<_>>() {
                self.event(company, true, "wall_jump", &[("seconds", &seconds)]);
                self.dirty.insert(company);
            }
        }
    }

    fn storage_told(&mut self, ok: bool) {
        if self.storage_ok == ok {
            return;
        }
        self.storage_ok = ok;
        for company in self.companies.keys().copied().collect::<Vec<_>>() {
            self.event(company, !ok, if ok { "storage_ok" } else { "storage_bad" }, &[]);
            self.dirty.insert(company);
        }
    }

    fn reply(&mut self, req: ReqId, refusal: Option<Refusal>) {
        self.effect(Effect::Reply { req, refusal });
    }

    pub(crate) fn effect(&mut self, effect: Effect) {
        self.turn.effects.push(effect);
    }

    pub(crate) fn change(&mut self, change: Change) {
        self.turn.changes.push(change);
    }

    /// A line of the event pane, stored and shown. `name` is the last part of its text key.
    pub(crate) fn event(&mut self, company: CompanyId, alarm: bool, name: &str, args: &[(&str, &str)]) {
        let args = args.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let event = EventRow { at: self.now.wall.0, alarm, text_key: format!("call.event.{name}"), args };
        self.change(Change::Event { company, event: event.clone() });
        self.effect(Effect::Event { company, event });
    }

    /// Seats whose view changed hear of it, once per turn.
    fn show_seats(&mut self) {
        while let Some(id) = self.moved.pop_first() {
            let Some(seat) = self.seats.get_mut(&id) else { continue };
            let view = seat.view();
            if seat.shown.as_ref() != Some(&view) {
                seat.shown = Some(view.clone());
                self.turn.effects.push(Effect::Seat(view));
            }
        }
    }

    fn store_campaign_states(&mut self) {
        while let Some(campaign) = self.counted.pop_first() {
            let Some(task) = self.tasks.get_mut(&campaign) else { continue };
            if task.stored != task.state {
                task.stored = task.state;
                self.turn.changes.push(Change::Campaign { campaign, state: task.state });
            }
        }
    }
}
