//! A whole working day around the bare engine, in virtual time: a store that commits late, a carrier, callees, agents,
//! a supervisor, and crashes. Everything comes from one seed. What must hold is checked after every turn (checks.rs).

use super::{
    carrier::{self, Fate, Leg},
    checks::Checks,
    model::Model,
    office::*,
    rng::Rng,
};
use hutong_api::{
    board::CampaignStatus,
    live::{Command, SeatState, SeatView},
    *,
};
use hutong_core::{Engine, Mono, Now, Wall, io::*};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub struct Plan {
    pub seed: u64,
    pub seats: i64,
    pub leads: u32,
    pub hours: u64,
    pub crashes: bool,
    pub balance: Micro,
}

#[derive(Debug)]
enum Event {
    Commit,
    /// To the engine, unless its process died meanwhile.
    Input(u64, Box<Input>),
    Leg(LegId, LegEvent),
    /// The callee hangs up, unless the leg is over; only if still without an agent where `waiting`.
    CalleeLeaves {
        leg: LegId,
        waiting: bool,
    },
    Agent(usize),
    /// Reacts to an offered call.
    Offer(usize, CallId),
    Back(usize),
    Boss,
    Resume(CampaignId),
    Crash,
    Reboot,
}

#[derive(Debug)]
struct Pending {
    changes: Vec<Change>,
    effects: Vec<Effect>,
}

#[derive(Debug, Clone)]
pub struct Agent {
    pub seat: SeatId,
    pub online: bool,
    pub phone: bool,
    pub view: Option<SeatView>,
}

pub struct World {
    pub rng: Rng,
    plan: Plan,
    pub engine: Engine,
    up: bool,
    process: u64,
    /// Virtual milliseconds since the day began.
    pub t: u64,
    born: u64,
    wall_offset: i64,
    end: u64,
    queue: BTreeMap<(u64, u64), Event>,
    seq: u64,
    /// All changes applied at once, and only the committed ones.
    pub logical: Model,
    pub stored: Model,
    pending: VecDeque<Pending>,
    last_commit: u64,
    pub legs: BTreeMap<LegId, Leg>,
    cancelled: BTreeSet<LegId>,
    pub agents: Vec<Agent>,
    asked: BTreeSet<ReqId>,
    next_req: u64,
    pub storm: bool,
    pub trunk_up: bool,
    pub storage_ok: bool,
    pub paused_at: BTreeMap<CampaignId, u64>,
    pub checks: Checks,
    hash: Sha256,
    pub steps: u64,
    next_phone: u32,
    trace: bool,
}

/// What a day came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    pub hash: String,
    pub steps: u64,
    pub calls: usize,
    pub answered: usize,
    pub to_agent: usize,
    pub abandoned: usize,
    pub interrupted: usize,
    pub by_hand: usize,
    pub finished: usize,
}

pub fn run(plan: Plan) -> Outcome {
    let mut world = World::new(plan);
    world.run_day();
    world.close_day();
    world.outcome()
}

impl World {
    pub fn new(plan: Plan) -> World {
        let mut rng = Rng::new(plan.seed);
        let mut model = office(plan.seats, plan.leads);
        let books = model.companies.get_mut(&COMPANY).unwrap();
        books.cfg.seat_fee_month = Micro(rng.range(0, 3) as i64 * 3_100_007);
        books.cfg.wrap_s = [0, 5, 20][rng.range(0, 3) as usize];
        books.cfg.abandon_prompt = rng.percent(80).then_some(NOTICE);
        books.cfg.unlimited = rng.percent(10);
        let top_up = |amount| LedgerEntry { amount, key: "topup:plan".into(), ..books.ledger[0].clone() };
        let entry = top_up(plan.balance - Micro::yuan(100));
        model.apply(&[Change::Ledger(entry)]);
        let task = model.campaigns.get_mut(&CampaignId(1)).unwrap();
        task.cfg.rest = if rng.percent(50) { (600, 615) } else { (720, 720) };
        task.cfg.run = if rng.percent(50) { (8 * 60 + 40, 20 * 60) } else { (0, 1440) };
        task.cfg.channels = [0, 0, 3][rng.range(0, 3) as usize];
        let second = CampaignState { total: 20, ..task.state };
        model.campaigns.insert(CampaignId(2), CampaignBoot { cfg: campaign(2), state: second });
        // Some callees are in both lists.
        let phones: Vec<Phone> = (1..=10).chain(900_000..900_010).map(phone).collect();
        model.add_rows(CampaignId(2), &phones);
        for seat in model.seats.values_mut() {
            seat.auto_answer = rng.percent(75);
        }
        if rng.percent(30) {
            model.scripts.get_mut(&ScriptId(1)).unwrap().greeting = None;
        }
        let trunk = model.trunks.get_mut(&TRUNK).unwrap();
        trunk.channels = rng.range(2, 20) as u32;
        trunk.cps = rng.range(1, 10) as u32;
        trunk.increment_s = [1, 6, 60, 90][rng.range(0, 4) as usize];
        trunk.price = Micro([0, 10_000, 150_001][rng.range(0, 3) as usize]);
        let seats = model.seats.keys().map(|s| Agent { seat: *s, online: false, phone: false, view: None }).collect();
        World {
            rng,
            engine: Engine::new(),
            up: false,
            process: 0,
            t: 0,
            born: 0,
            wall_offset: MORNING.0,
            end: plan.hours * 3_600_000,
            plan,
            queue: BTreeMap::new(),
            seq: 0,
            logical: model.clone(),
            stored: model,
            pending: VecDeque::new(),
            last_commit: 0,
            legs: BTreeMap::new(),
            cancelled: BTreeSet::new(),
            agents: seats,
            asked: BTreeSet::new(),
            next_req: 0,
            storm: false,
            trunk_up: true,
            storage_ok: true,
            paused_at: BTreeMap::new(),
            checks: Checks::default(),
            hash: Sha256::new(),
            steps: 0,
            next_phone: 500_000,
            trace: std::env::var_os("HUTONG_TRACE").is_some(),
        }
    }

    pub fn wall(&self) -> Wall {
        Wall(self.wall_offset + self.t as i64)
    }

    fn now(&self) -> Now {
        Now { mono: Mono(self.t - self.born + 1_000), wall: self.wall() }
    }

    fn run_day(&mut self) {
        self.reboot();
        for agent in 0..self.agents.len() {
            let at = self.rng.range(1_000, 120_000);
            self.later(at, Event::Back(agent));
            self.later(at + 30_000, Event::Agent(agent));
        }
        self.later(5_000, Event::Boss);
        if self.plan.crashes {
            let at = self.rng.range(60_000, 5_400_000);
            self.later(at, Event::Crash);
        }
        let end = self.end;
        self.run_until(end);
    }

    /// Everybody goes home; then nothing may be left open, reserved or unpaid.
    fn close_day(&mut self) {
        if !self.up {
            self.reboot();
        }
        self.queue
            .retain(|_, e| matches!(e, Event::Commit | Event::Input(..) | Event::Leg(..) | Event::CalleeLeaves { .. }));
        for campaign in [1, 2] {
            self.ask(None, Command::CampaignPause { campaign: CampaignId(campaign) });
        }
        let quiet = self.t + 1_200_000;
        self.run_until(quiet);
        for call in self.logical.open.keys().copied().collect::<Vec<_>>() {
            self.ask(None, Command::HangUpCall { call });
        }
        for seat in 0..self.agents.len() {
            self.ask(Some(seat), Command::SignOut);
        }
        let quiet = self.t + 60_000;
        self.run_until(quiet);
        while !self.pending.is_empty() {
            self.commit();
        }
        assert!(self.asked.is_empty(), "unanswered: {:?}", self.asked);
        assert!(self.stored.open.is_empty(), "calls left open: {:?}", self.stored.open);
        assert!(self.legs.values().all(|l| l.over), "the carrier has a leg the engine forgot");
        assert!(self.stored.spans.values().all(|s| s.to.is_some()), "a span left open");
        let board = self.engine.board(COMPANY, self.now()).unwrap();
        assert_eq!(board.totals.unwrap().held, Micro::ZERO, "reservations at rest");
        self.stored.recount();
        // Each INVITE the carrier saw has its CDR, and the same answer to "was it answered".
        for leg in self.legs.values() {
            let cdr = &self.stored.cdrs[&leg.call];
            let interrupted = cdr.result == CallResult::Interrupted;
            assert!(interrupted || leg.answered_at.is_some() == (cdr.state == CallState::Answered), "{leg:?} {cdr:?}");
        }
    }

    fn outcome(self) -> Outcome {
        let cdrs = || self.stored.cdrs.values();
        let of = |r: CallResult| cdrs().filter(|c| c.result == r).count();
        Outcome {
            hash: self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect(),
            steps: self.steps,
            calls: cdrs().count(),
            answered: cdrs().filter(|c| c.open.answered.is_some()).count(),
            to_agent: of(CallResult::ToAgent),
            abandoned: of(CallResult::Abandoned),
            interrupted: of(CallResult::Interrupted),
            by_hand: cdrs().filter(|c| c.open.kind == CallKind::Outbound).count(),
            finished: self.stored.campaigns.values().filter(|c| c.state.status == CampaignStatus::Finished).count(),
        }
    }

    fn run_until(&mut self, end: u64) {
        loop {
            let event = self.queue.first_key_value().map(|((at, _), _)| *at);
            let due = self.engine.next_deadline().filter(|_| self.up).map(|m| (m.0 + self.born).saturating_sub(1_000));
            let next = event.into_iter().chain(due).min().unwrap_or(end);
            if next > end {
                self.t = end;
                return;
            }
            self.t = self.t.max(next);
            if due.is_some_and(|d| d <= self.t) {
                self.give(Input::Tick);
            } else if let Some((_, event)) = self.queue.pop_first() {
                self.happen(event);
            }
        }
    }

    fn later(&mut self, ms: u64, event: Event) {
        self.seq += 1;
        self.queue.insert((self.t + ms, self.seq), event);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Commit => self.commit(),
            Event::Input(process, input) if process == self.process && self.up => self.give(*input),
            Event::Input(..) => {}
            Event::Leg(leg, event) => self.leg(leg, event),
            Event::CalleeLeaves { leg, waiting } => self.callee_leaves(leg, waiting),
            Event::Agent(agent) => self.agent_acts(agent),
            Event::Offer(agent, call) => self.agent_is_offered(agent, call),
            Event::Back(agent) => self.agent_comes(agent),
            Event::Boss => self.boss_acts(),
            Event::Resume(campaign) => self.start(campaign),
            Event::Crash => self.crash(),
            Event::Reboot => self.reboot(),
        }
    }

    // --- the shell ---

    pub fn give(&mut self, input: Input) {
        if !self.up {
            return;
        }
        if self.trace {
            eprintln!("{} {:?}", self.t, input);
        }
        let turn = self.engine.handle(self.now(), input);
        self.steps += 1;
        if !turn.changes.is_empty() || !turn.effects.is_empty() {
            self.hash.update(self.t.to_le_bytes());
            self.hash.update(serde_json::to_vec(&turn).unwrap());
        }
        if self.trace {
            eprintln!("    {:?}\n    {:?}", turn.changes, turn.effects);
        }
        self.logical.apply(&turn.changes);
        Checks::turn(self, &turn);
        let (waiting, at_once): (Vec<_>, Vec<_>) = turn.effects.into_iter().partition(Effect::waits_for_commit);
        for effect in at_once {
            self.act(effect);
        }
        if !turn.changes.is_empty() || !waiting.is_empty() {
            // Mostly fast; now and then a disk that stalls for longer than a dial may wait.
            let lag = if self.rng.percent(1) { self.rng.range(500, 2_500) } else { self.rng.range(0, 25) };
            let at = (self.t + lag).max(self.last_commit);
            self.last_commit = at;
            self.later(at - self.t, Event::Commit);
            self.pending.push_back(Pending { changes: turn.changes, effects: waiting });
        }
    }

    fn commit(&mut self) {
        let Some(pending) = self.pending.pop_front() else { return };
        let told = self.stored.apply(&pending.changes);
        for input in told {
            self.later(1, Event::Input(self.process, Box::new(input)));
        }
        for effect in pending.effects {
            self.act(effect);
        }
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::Dial(dial) => self.dial(dial),
            Effect::LoadLeads { campaign, want } => {
                let input = self.stored.load(campaign, want, self.wall());
                let lag = self.rng.range(1, 60);
                self.later(lag, Event::Input(self.process, Box::new(input)));
            }
            Effect::Reply { req, .. } => assert!(self.asked.remove(&req), "a second reply to {req:?}"),
            Effect::HangUp { leg } => self.hang_up(leg),
            Effect::Clear { leg } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.over = true;
                }
            }
            Effect::Bridge { leg, seat } => self.bridge(leg, seat),
            Effect::Unbridge { leg } => {
                if let Some(leg) = self.legs.get_mut(&leg) {
                    leg.bridged = None;
                }
            }
            Effect::Play { leg, prompt } => {
                let ms = if prompt == GREETING { 4_000 } else { 5_000 };
                self.later(ms, Event::Leg(leg, LegEvent::PlayEnded { prompt }));
            }
            Effect::Seat(view) => self.seat_shown(view),
            _ => {}
        }
    }

    fn crash(&mut self) {
        if !self.up {
            return;
        }
        // Some turns made it to the disk with what follows from them, perhaps one more without; the rest never was.
        let whole = self.rng.range(0, self.pending.len() as u64 + 1);
        for _ in 0..whole {
            self.commit();
        }
        if let Some(next) = self.pending.pop_front().filter(|_| self.rng.percent(50)) {
            self.stored.apply(&next.changes);
        }
        self.pending.clear();
        self.up = false;
        self.process += 1;
        self.logical = self.stored.clone();
        self.queue.retain(|_, e| !matches!(e, Event::Commit | Event::Input(..)));
        self.asked.clear();
        self.cancelled.clear();
        for agent in &mut self.agents {
            (agent.online, agent.phone, agent.view) = (false, false, None);
        }
        let down = if self.rng.percent(10) { self.rng.range(60_000, 1_800_000) } else { self.rng.range(500, 15_000) };
        self.later(down, Event::Reboot);
        let next = self.rng.range(60_000, 7_200_000);
        self.later(down + next, Event::Crash);
    }

    fn reboot(&mut self) {
        self.engine = Engine::new();
        self.up = true;
        self.born = self.t;
        self.last_commit = self.t;
        self.trunk_up = true;
        self.storage_ok = true;
        self.checks.new_process(&self.stored);
        let boot = self.stored.boot(self.wall());
        self.give(Input::Boot(Box::new(boot)));
        let left: Vec<_> = self.legs.values().filter(|l| !l.over && l.process < self.process).collect();
        assert!(left.is_empty(), "not cleared after the crash: {left:?}");
        assert!(self.logical.open.is_empty());
        if self.process > 0 {
            for agent in 0..self.agents.len() {
                let at = self.rng.range(1_000, 20_000);
                self.later(at, Event::Back(agent));
            }
        }
    }

    pub fn ask(&mut self, agent: Option<usize>, cmd: Command) {
        if !self.up {
            return;
        }
        self.next_req += 1;
        let req = ReqId(self.next_req);
        self.asked.insert(req);
        let seat = agent.map_or(SeatId(999), |a| self.agents[a].seat);
        let who = Actor { company: COMPANY, seat, name: "who".into() };
        self.give(Input::Ask { req, who, cmd });
    }

    // --- the carrier ---

    fn dial(&mut self, dial: Dial) {
        let stale = self.now().mono > dial.not_after;
        if stale || self.cancelled.remove(&dial.leg) {
            let end = carrier::end(LegEndHow::NotSent, None, None);
            return self.later(
                1,
                Event::Input(self.process, Box::new(Input::Leg { leg: dial.leg, event: LegEvent::Ended(end) })),
            );
        }
        Checks::invite(self.t, &self.paused_at, &self.stored, &dial);
        let fate = carrier::fate(&mut self.rng, self.storm);
        let leg = Leg {
            call: dial.call,
            company: dial.company,
            phone: dial.phone,
            fate,
            sent_at: self.t,
            answered_at: None,
            greeted_at: None,
            bridged: None,
            bridged_at: None,
            over: false,
            process: self.process,
        };
        assert!(self.legs.insert(dial.leg, leg).is_none(), "a leg id used twice");
        let id = dial.leg;
        self.later(1, Event::Leg(id, LegEvent::Sent));
        let early_media = self.rng.percent(30);
        let rings = Event::Leg(id, LegEvent::Ringing { early_media });
        match fate {
            Fate::Answer { ring_ms, .. } | Fate::Fleeting { ring_ms, .. } => {
                self.later(1_000, rings);
                self.later(1_000 + ring_ms, Event::Leg(id, LegEvent::Answered));
            }
            Fate::RingsOn => self.later(1_500, rings),
            Fate::Fails { after_ms, rings: does, sip, q850 } => {
                if does {
                    self.later(300, rings);
                }
                let end = carrier::end(LegEndHow::Refused, Some(sip), q850);
                self.later(after_ms, Event::Leg(id, LegEvent::Ended(end)));
            }
            Fate::Silence => {
                let end = carrier::end(LegEndHow::Lost, None, None);
                self.later(32_000, Event::Leg(id, LegEvent::Ended(end)));
            }
        }
    }

    fn leg(&mut self, id: LegId, event: LegEvent) {
        let t = self.t;
        let Some(leg) = self.legs.get_mut(&id).filter(|l| !l.over) else {
            // The far end of a dead process's leg: nobody listens, or nobody knows it.
            return self.give(Input::Leg { leg: id, event });
        };
        match &event {
            LegEvent::Answered => {
                leg.answered_at = Some(t);
                match leg.fate {
                    Fate::Fleeting { stay_ms, .. } => {
                        self.later(stay_ms, Event::CalleeLeaves { leg: id, waiting: false })
                    }
                    _ => self.later(14_000, Event::CalleeLeaves { leg: id, waiting: true }),
                }
            }
            LegEvent::PlayEnded { prompt } if *prompt == GREETING => leg.greeted_at = Some(t),
            LegEvent::Ended(_) => leg.over = true,
            _ => {}
        }
        self.give(Input::Leg { leg: id, event });
    }

    fn callee_leaves(&mut self, id: LegId, waiting: bool) {
        let Some(leg) = self.legs.get(&id).filter(|l| !l.over) else { return };
        if !(waiting && leg.bridged_at.is_some()) {
            let end = carrier::end(LegEndHow::FarHangUp, None, None);
            self.leg(id, LegEvent::Ended(end));
        }
    }

    fn hang_up(&mut self, id: LegId) {
        let Some(leg) = self.legs.get(&id) else {
            self.cancelled.insert(id);
            return;
        };
        if leg.over {
            return;
        }
        let answered = leg.answered_at.is_some();
        let ms = self.rng.range(5, 250);
        if !answered && self.rng.percent(8) {
            // The callee picks up while the CANCEL is on its way.
            self.later(ms / 2, Event::Leg(id, LegEvent::Answered));
        }
        let end = carrier::end(LegEndHow::WeHungUp, (!answered).then_some(487), None);
        self.later(ms, Event::Leg(id, LegEvent::Ended(end)));
    }

    fn bridge(&mut self, id: LegId, seat: SeatId) {
        let t = self.t;
        let Some(leg) = self.legs.get_mut(&id).filter(|l| !l.over) else { return };
        leg.bridged = Some(seat);
        if leg.answered_at.is_some() && leg.bridged_at.is_none() {
            leg.bridged_at = Some(t);
            if let Fate::Answer { talk_ms, .. } = leg.fate {
                self.later(talk_ms, Event::CalleeLeaves { leg: id, waiting: false });
            }
        }
    }

    // --- the agents ---

    fn seat_shown(&mut self, view: SeatView) {
        let Some(at) = self.agents.iter().position(|a| a.seat == view.seat) else { return };
        let offered = (view.state == SeatState::Ringing).then_some(view.call).flatten();
        let news = self.agents[at].view.as_ref().and_then(|v| v.call) != offered;
        self.agents[at].view = Some(view);
        if let Some(call) = offered.filter(|_| news) {
            let ms = self.rng.range(200, 4_000);
            self.later(ms, Event::Offer(at, call));
        }
    }

    fn agent_is_offered(&mut self, at: usize, call: CallId) {
        if self.agents[at].view.as_ref().and_then(|v| v.call) != Some(call) {
            return;
        }
        match self.rng.range(0, 10) {
            0..=6 => self.ask(Some(at), Command::Answer),
            7 => self.ask(Some(at), Command::Reject),
            _ => {}
        }
    }

    fn agent_comes(&mut self, at: usize) {
        if !self.up {
            return;
        }
        let seat = self.agents[at].seat;
        for (is, event) in [(self.agents[at].online, SeatEvent::Online), (self.agents[at].phone, SeatEvent::PhoneUp)] {
            if !is {
                self.agent_now(at, &event);
                self.give(Input::Seat { seat, event });
            }
        }
        self.ask(Some(at), Command::SignIn);
    }

    fn agent_now(&mut self, at: usize, event: &SeatEvent) {
        match event {
            SeatEvent::Online => self.agents[at].online = true,
            SeatEvent::Offline => self.agents[at].online = false,
            SeatEvent::PhoneUp => self.agents[at].phone = true,
            SeatEvent::PhoneDown => self.agents[at].phone = false,
            SeatEvent::Quality(_) => {}
        }
    }

    /// The page is closed, or loses its network, for a while.
    fn agent_drops(&mut self, at: usize) {
        let seat = self.agents[at].seat;
        let events: &[SeatEvent] = match self.rng.range(0, 3) {
            0 => &[SeatEvent::Offline],
            1 => &[SeatEvent::PhoneDown],
            _ => &[SeatEvent::Offline, SeatEvent::PhoneDown],
        };
        for event in events {
            self.agent_now(at, event);
            self.give(Input::Seat { seat, event: event.clone() });
        }
        let ms = self.rng.range(500, 50_000);
        self.later(ms, Event::Back(at));
    }

    fn agent_acts(&mut self, at: usize) {
        let wait = self.rng.range(3_000, 60_000);
        self.later(wait, Event::Agent(at));
        let Some(view) = self.agents[at].view.clone().filter(|_| self.up) else { return };
        let roll = self.rng.range(0, 100);
        let number =
            phone(if self.rng.percent(30) { 1 + (roll as u32 % 20) } else { 700_000 + self.next_req as u32 % 90_000 });
        let dial = Command::Dial { number: number.as_str().to_owned() };
        let busy = Command::Busy { reason: "break".into() };
        let cmd = match (view.state, roll) {
            (_, 0..=2) => return self.agent_drops(at),
            (SeatState::SignedOut, 3..=60) => return self.agent_comes(at),
            (SeatState::Idle, 3..=6) => busy,
            (SeatState::Idle, 7..=10) => dial,
            (SeatState::Idle, 11..=12) => Command::SignOut,
            (SeatState::Idle | SeatState::WrapUp, 13..=14) => Command::AutoAnswer { on: self.rng.percent(60) },
            (SeatState::Busy, 3..=50) => Command::Idle,
            (SeatState::Busy, 51..=55) => dial,
            (SeatState::Talking | SeatState::Ringing, 3..=14) => Command::HangUp,
            (SeatState::Talking, 15..=17) => Command::Dtmf { key: '5' },
            (SeatState::Talking, 18..=20) => busy,
            (SeatState::Talking, 21..=22) => Command::SignOut,
            (SeatState::Talking, 23) => Command::Idle,
            (SeatState::WrapUp, 15..=50) => Command::Idle,
            (SeatState::WrapUp, 51..=60) => Command::WrapMore,
            (_, 98) => dial,
            (_, 99) => Command::Answer,
            _ => Command::Ping { quality: None },
        };
        self.ask(Some(at), cmd);
    }

    // --- the supervisor and the box ---

    fn boss_acts(&mut self) {
        let wait = self.rng.range(10_000, 240_000);
        self.later(wait, Event::Boss);
        if !self.up {
            return;
        }
        let campaign = CampaignId(self.rng.range(1, 3) as i64);
        let status = self.logical.campaigns[&campaign].state.status;
        let seat = self.agents[self.rng.range(0, self.agents.len() as u64) as usize].seat;
        match self.rng.range(0, 40) {
            0..=9 if status != CampaignStatus::Finished => self.start(campaign),
            0..=5 => self.ask(None, Command::CampaignRedial { campaign }),
            6..=7 => self.append(campaign),
            10..=11 => {
                self.ask(None, Command::CampaignPause { campaign });
                if self.logical.campaigns[&campaign].state.status == CampaignStatus::Paused {
                    self.paused_at.entry(campaign).or_insert(self.t);
                }
                self.later(20_000, Event::Resume(campaign));
            }
            12 => self.append(campaign),
            14..=17 => self.block(),
            18 => self.unblock(),
            19..=20 => self.money(),
            21 => self.ask(None, Command::ForceSignOut { seat }),
            22 => self.ask(None, Command::ForceIdle { seat }),
            23 => self.ask(None, Command::ForceSignIn { seat }),
            24..=25 => {
                let call = self.logical.open.keys().next().copied().unwrap_or(CallId(7));
                self.ask(None, Command::HangUpCall { call });
            }
            26 => self.storm = self.rng.percent(40),
            27..=28 => {
                self.trunk_up = self.rng.percent(75);
                let fault = (!self.trunk_up).then(|| "408".to_owned());
                self.give(Input::Trunk { trunk: TRUNK, up: self.trunk_up, fault });
            }
            29..=30 => {
                self.storage_ok = self.rng.percent(75);
                self.give(Input::Storage { ok: self.storage_ok });
            }
            31 => self.change_campaign(campaign),
            32 => self.change_seat(seat),
            33 if self.rng.percent(30) => self.wall_offset += self.rng.range(0, 40_000) as i64 - 10_000,
            34 => self.ask(None, Command::CampaignDelete { campaign }),
            35 => self.give(Input::LeadsAdded { campaign: CampaignId(77), added: 3 }),
            _ => self.storm = false,
        }
    }

    fn start(&mut self, campaign: CampaignId) {
        self.paused_at.remove(&campaign);
        self.ask(None, Command::CampaignStart { campaign });
    }

    /// An import becomes visible; its news reaches the engine a moment later, or never when it dies.
    fn append(&mut self, campaign: CampaignId) {
        let count = self.rng.range(1, 30) as u32;
        let phones: Vec<Phone> = (self.next_phone..self.next_phone + count).map(phone).collect();
        self.next_phone += count;
        let added = self.stored.add_rows(campaign, &phones);
        self.logical.add_rows(campaign, &phones);
        self.later(2, Event::Input(self.process, Box::new(Input::LeadsAdded { campaign, added })));
    }

    fn block(&mut self) {
        let live = self.logical.open.values().next_back().map(|o| o.phone.clone());
        let any = phone(self.rng.range(1, 60) as u32);
        let phone = live.filter(|_| self.rng.percent(40)).unwrap_or(any);
        for model in [&mut self.stored, &mut self.logical] {
            model.blocklist.insert((COMPANY, phone.clone()));
        }
        self.give(Input::Block(BlockEntry { company: COMPANY, phone, outbound: true }));
    }

    fn unblock(&mut self) {
        let Some(entry) = self.stored.blocklist.first().cloned() else { return };
        for model in [&mut self.stored, &mut self.logical] {
            model.blocklist.remove(&entry);
        }
        self.give(Input::Unblock { company: entry.0, phone: entry.1 });
    }

    fn money(&mut self) {
        self.next_req += 1;
        let req = ReqId(self.next_req);
        self.asked.insert(req);
        let up = self.rng.percent(70);
        let kind = if up { LedgerKind::TopUp } else { LedgerKind::Correction };
        let amount = Micro(self.rng.range(0, 4_000_000) as i64 - if up { 0 } else { 3_000_000 });
        self.give(Input::Money { req, company: COMPANY, kind, amount, by: "box".into(), note: String::new() });
    }

    fn change_campaign(&mut self, id: CampaignId) {
        let minute = super::model::local_minute(self.wall());
        let mut cfg = self.stored.campaigns[&id].cfg.clone();
        cfg.rest = if self.rng.percent(50) { (minute + 1, (minute + 6).min(1439)) } else { (720, 720) };
        cfg.channels = self.rng.range(0, 6) as u32;
        for model in [&mut self.stored, &mut self.logical] {
            model.campaigns.get_mut(&id).unwrap().cfg = cfg.clone();
        }
        self.give(Input::Setting(Box::new(Setting::Campaign(cfg))));
    }

    fn change_seat(&mut self, id: SeatId) {
        let mut cfg = self.stored.seats[&id].clone();
        cfg.auto_answer = self.logical.seats[&id].auto_answer;
        cfg.enabled = !cfg.enabled || self.rng.percent(50);
        for model in [&mut self.stored, &mut self.logical] {
            model.seats.insert(id, cfg.clone());
        }
        self.give(Input::Setting(Box::new(Setting::Seat(cfg))));
    }
}
