//! A whole working day around the bare engine, in virtual time: a store that commits late, a carrier, callees, agents,
//! a supervisor, and crashes. Everything comes from one seed. What must hold is checked after every turn (checks.rs).

use super::{
    carrier::{self, Fate, Leg},
    checks::Checks,
    model::Model,
    office::*,
    rng::Rng,
    rules,
};
use hutong_api::{
    board::CampaignStatus,
    live::{Command, SeatView},
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
pub enum Event {
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
pub struct Pending {
    changes: Vec<Change>,
    effects: Vec<Effect>,
}

#[derive(Debug, Clone)]
pub struct Agent {
    pub seat: SeatId,
    pub online: bool,
    pub phone: bool,
    pub view: Option<SeatView>,
    /// The call he had last.
    pub call: Option<CallId>,
}

pub struct World {
    pub rng: Rng,
    pub plan: Plan,
    pub engine: Engine,
    pub up: bool,
    pub process: u64,
    /// Virtual milliseconds since the day began.
    pub t: u64,
    pub born: u64,
    pub wall_offset: i64,
    pub end: u64,
    pub queue: BTreeMap<(u64, u64), Event>,
    pub seq: u64,
    /// All changes applied at once, and only the committed ones.
    pub logical: Model,
    pub stored: Model,
    pub pending: VecDeque<Pending>,
    pub last_commit: u64,
    pub legs: BTreeMap<LegId, Leg>,
    pub cancelled: BTreeSet<LegId>,
    pub agents: Vec<Agent>,
    pub asked: BTreeSet<ReqId>,
    pub next_req: u64,
    pub storm: bool,
    pub trunk_up: bool,
    pub storage_ok: bool,
    pub paused_at: BTreeMap<CampaignId, u64>,
    pub checks: Checks,
    pub hash: Sha256,
    pub steps: u64,
    pub next_phone: u32,
    pub trace: bool,
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
    pub previewed: usize,
    pub finished: usize,
    pub opted_out: usize,
    /// Numbers dialled more than once in a round, and those that waited for their area.
    pub retried: usize,
    pub waited_for_area: usize,
}

pub fn run(plan: Plan) -> Outcome {
    let mut world = World::new(plan);
    world.run_day();
    world.close_day();
    world.outcome()
}

/// What the company allows itself, and where some of its callees are.
fn books_limits(model: &mut Model, rng: &mut Rng) {
    let cfg = &mut model.companies.get_mut(&COMPANY).unwrap().cfg;
    cfg.caps = [[1, 5, 5], [1, 5, 5], [1, 3, 4], [2, 5, 9]][rng.range(0, 4) as usize];
    cfg.limits.spend_day = [Micro::ZERO, Micro::ZERO, Micro::ZERO, Micro::yuan(4)][rng.range(0, 4) as usize];
    cfg.limits.spend_seat_day = [Micro::ZERO, Micro::yuan(1)][rng.range(0, 2) as usize];
    cfg.limits.opt_out_key = rng.percent(80);
    if rng.percent(30) {
        let later_min = [60, 120, -30][rng.range(0, 3) as usize];
        cfg.limits.areas = vec![AreaCfg { name: "west".into(), prefixes: vec![rules::WEST.into()], later_min }];
    }
}

impl World {
    pub fn new(plan: Plan) -> World {
        let mut rng = Rng::new(plan.seed);
        let mut model = office(plan.seats, plan.leads);
        let books = model.companies.get_mut(&COMPANY).unwrap();
        books.cfg.seat_fee_month = Micro(rng.range(0, 3) as i64 * 3_100_007);
        books.cfg.work.wrap.seconds = [0, 5, 20][rng.range(0, 3) as usize];
        let at_answer = rng.percent(40);
        books.cfg.work.pops = vec![PopCfg { kind: PopKind::Outbound, at_answer, url: String::new() }];
        let policies =
            [CallerPolicy::RoundRobin, CallerPolicy::Random, CallerPolicy::LeastUsed, CallerPolicy::SameArea];
        let policy = policies[rng.range(0, 4) as usize];
        let rule = CallerRule { target: CallerTarget::Trunk(TRUNK), policy, per_hour: 0, per_day: 0 };
        books.cfg.callers.rules = vec![rule];
        books.cfg.work.wrap.must_save = rng.percent(30);
        books.cfg.work.wrap.after_failed = rng.percent(50);
        books.cfg.work.busy[0].max_people = rng.range(0, 3) as u32;
        books.cfg.work.busy[0].max_minutes = rng.range(0, 3) as u32;
        books.cfg.abandon_prompt = rng.percent(80).then_some(NOTICE);
        books.cfg.unlimited = rng.percent(10);
        let top_up = |amount| LedgerEntry { amount, key: "topup:plan".into(), ..books.ledger[0].clone() };
        let entry = top_up(plan.balance - Micro::yuan(100));
        model.apply(&[Change::Ledger(entry)]);
        let task = model.campaigns.get_mut(&CampaignId(1)).unwrap();
        task.cfg.rest = if rng.percent(50) { (600, 615) } else { (720, 720) };
        task.cfg.run = if rng.percent(50) { (8 * 60 + 40, 20 * 60) } else { (0, 1440) };
        task.cfg.channels = [0, 0, 3][rng.range(0, 3) as usize];
        task.cfg.rules = rules::any(&mut rng);
        books_limits(&mut model, &mut rng);
        let task = &model.campaigns[&CampaignId(1)];
        let second = CampaignState { total: 20, ..task.state };
        model.campaigns.insert(CampaignId(2), boot(campaign(2), second));
        let split = plan.seats > 1 && rng.percent(30);
        if split {
            let half: Vec<SeatId> = (1..=plan.seats / 2).map(SeatId).collect();
            let rest: Vec<SeatId> = (1..=plan.seats).map(SeatId).filter(|s| !half.contains(s)).collect();
            let groups = [half, rest].into_iter().zip(1..).map(|(seats, id)| AgentGroup { id, seats });
            model.companies.get_mut(&COMPANY).unwrap().cfg.groups = groups.collect();
        }
        // Dialling ahead needs its abandon notice.
        let notice = model.companies[&COMPANY].cfg.abandon_prompt.is_some();
        let modes = [PacingMode::Progressive, PacingMode::Predictive, PacingMode::Predictive, PacingMode::Power];
        for (id, task) in &mut model.campaigns {
            let mode = modes[rng.range(0, 4) as usize];
            task.cfg.pacing.mode = if notice { mode } else { PacingMode::Progressive };
            task.cfg.pacing.cap_bp = [0, 100, 300][rng.range(0, 3) as usize];
            task.cfg.pacing.clock = [AbandonClock::GreetingEnd, AbandonClock::Connect][rng.range(0, 2) as usize];
            task.cfg.pacing.weight = rng.range(1, 5) as u32;
            task.cfg.group = split.then_some(id.0);
        }
        if rng.percent(40) {
            model.campaigns.get_mut(&CampaignId(2)).unwrap().cfg.pacing.mode = PacingMode::Preview;
        }
        // Some callees are in both lists.
        let phones: Vec<Phone> = (1..=10).chain(900_000..900_010).map(phone).collect();
        model.add_rows(CampaignId(2), &phones);
        for seat in model.seats.values_mut() {
            seat.auto_answer = rng.percent(75);
            seat.pop_busy = rng.percent(25);
        }
        if rng.percent(30) {
            model.scripts.get_mut(&ScriptId(1)).unwrap().greeting = None;
        }
        let trunk = model.trunks.get_mut(&TRUNK).unwrap();
        trunk.channels = rng.range(2, 20) as u32;
        trunk.cps = rng.range(1, 10) as u32;
        trunk.increment_s = [1, 6, 60, 90][rng.range(0, 4) as usize];
        trunk.price = Micro([0, 10_000, 150_001][rng.range(0, 3) as usize]);
        let seats = model
            .seats
            .keys()
            .map(|s| Agent { seat: *s, online: false, phone: false, view: None, call: None })
            .collect();
        World {
            engine: Engine::new(),
            up: false,
            process: 0,
            t: 0,
            born: 0,
            wall_offset: rules::morning(&mut rng),
            rng,
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
            previewed: cdrs().filter(|c| c.open.kind == CallKind::Preview).count(),
            opted_out: self.stored.opt_outs.len(),
            retried: self.stored.cdrs.values().filter(|c| c.open.tries > 0).count(),
            waited_for_area: self.checks.waited_for_area,
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

    pub fn later(&mut self, ms: u64, event: Event) {
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
                let lag = if self.rng.percent(5) { self.rng.range(300, 8_000) } else { self.rng.range(1, 60) };
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

    /// 点拨: the store gives the agent the first row that waits, by what is committed.
    pub fn dials_row(&mut self, agent: usize) {
        let campaign = CampaignId(2);
        let Input::Hopper { leads, .. } = self.stored.load(campaign, 20, self.wall()) else { return };
        // His last answer has come, so what it changed is committed.
        let free = |row: &&HopperLead| self.logical.rows[&row.lead].phase == LeadPhase::Waiting;
        let Some(row) = leads.iter().find(free).cloned().filter(|_| self.up) else { return };
        self.next_req += 1;
        let req = ReqId(self.next_req);
        self.asked.insert(req);
        let who = Actor { company: COMPANY, seat: self.agents[agent].seat, name: "who".into() };
        self.give(Input::PreviewDial { req, who, campaign, row });
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
        Checks::invite(self.t, &self.paused_at, (&self.stored, &self.logical), &dial);
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
                if self.rng.percent(4) {
                    let at = self.rng.range(100, 12_000);
                    self.later(at, Event::Leg(id, LegEvent::Key('9')));
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
}
