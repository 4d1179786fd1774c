//! An office day for the pacer alone: callees, agents and lines drawn from a seed, a second's work for years of dialling.
//! Times in seconds.

use hutong_core::campaign::pacing::floor::{Event, Floor, Terms};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap, VecDeque},
};

const TICK: f64 = 0.5;

/// What an office is like.
#[derive(Debug, Clone)]
pub struct World {
    pub agents: usize,
    pub cap: f64,
    pub shift: f64,
    /// Chance to be answered from that second on; between the points along a line if `sloped`.
    pub answer: Vec<(f64, f64)>,
    pub sloped: bool,
    /// Share of busy and dead numbers among those not answered.
    pub dead: f64,
    /// Median and spread of the ring of answered calls.
    pub ring: (f64, f64),
    pub no_answer: (f64, f64),
    pub patience: f64,
    pub greeting: (f64, f64),
    pub talk: (f64, f64),
    /// Share and mean of short refusals among the talks.
    pub short: (f64, f64),
    /// From that second on talks are so many times longer.
    pub talk_scale: Vec<(f64, f64)>,
    pub wrap: (f64, f64),
    pub breaks: bool,
    pub lines: usize,
    /// Handle times differ from agent to agent by this factor's spread.
    pub uneven: f64,
}

impl Default for World {
    fn default() -> World {
        World {
            agents: 10,
            cap: 0.03,
            shift: 8.0 * 3600.0,
            answer: vec![(0.0, 0.30)],
            sloped: false,
            dead: 0.25,
            ring: (8.5, 0.38),
            no_answer: (25.0, 50.0),
            patience: 2.0,
            greeting: (0.0, 0.0),
            talk: (90.0, 1.0),
            short: (0.0, 12.0),
            talk_scale: vec![],
            wrap: (12.0, 0.6),
            breaks: true,
            lines: 0,
            uneven: 0.0,
        }
    }
}

/// What came of a day.
#[derive(Debug, Clone, Copy, Default)]
pub struct Score {
    pub signed: f64,
    pub worked: f64,
    pub served: u32,
    pub abandoned: u32,
    pub dialled: u32,
    pub worst_half_hour: f64,
}

impl Score {
    pub fn occupancy(&self) -> f64 {
        self.worked / self.signed
    }

    pub fn abandon(&self) -> f64 {
        f64::from(self.abandoned) / f64::from(self.served + self.abandoned).max(1.0)
    }
}

/// Splitmix64, good enough and the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64, salt: u64) -> Dice {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt.wrapping_mul(0xD1B5_4A32_D192_ED03));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    pub fn exp(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    pub fn gauss(&mut self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    pub fn log_normal(&mut self, mean: f64, cv: f64) -> f64 {
        let s2 = (1.0 + cv * cv).ln();
        (mean.ln() - s2 / 2.0 + s2.sqrt() * self.gauss()).exp()
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    RingEnd(i64),
    GreetingEnd(i64),
    GiveUp(i64),
    HangUp(usize, i64, f64),
    WrapEnd(usize),
    Break(usize, f64),
    SignIn(usize),
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Due(f64, u64, What);

impl Eq for Due {}
impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Due) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Due {
    fn cmp(&self, other: &Due) -> Ordering {
        other.0.total_cmp(&self.0).then(other.1.cmp(&self.1))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Gone,
    Ready,
    Talk,
    Wrap,
}

pub struct Day<'a> {
    world: &'a World,
    floor: Floor,
    calls: Dice,
    talks: Dice,
    people: Dice,
    due: BinaryHeap<Due>,
    count: u64,
    t: f64,
    agents: Vec<(State, f64, f64)>,
    pace: Vec<f64>,
    idle: VecDeque<usize>,
    ringing: BTreeMap<i64, (bool, f64)>,
    waiting: VecDeque<i64>,
    lines: usize,
    next_call: i64,
    score: Score,
    outcomes: Vec<(f64, bool)>,
}

impl<'a> Day<'a> {
    pub fn new(world: &'a World, seed: u64) -> Day<'a> {
        let (from, to) = world.greeting;
        let terms = Terms { cap: world.cap, grace: world.patience, greeting: (from + to) / 2.0, shift: world.shift };
        let mut people = Dice::new(seed, 3);
        let pace = (0..world.agents).map(|_| (people.gauss() * world.uneven).exp()).collect();
        Day {
            world,
            floor: Floor::new(terms),
            calls: Dice::new(seed, 1),
            talks: Dice::new(seed, 2),
            people,
            due: BinaryHeap::new(),
            count: 0,
            t: 0.0,
            agents: vec![(State::Gone, 0.0, 0.0); world.agents],
            pace,
            idle: VecDeque::new(),
            ringing: BTreeMap::new(),
            waiting: VecDeque::new(),
            lines: 0,
            next_call: 0,
            score: Score::default(),
            outcomes: Vec::new(),
        }
    }

    pub fn run(mut self) -> Score {
        self.plan_people();
        let mut tick = 0u32;
        loop {
            let now = f64::from(tick) * TICK;
            self.until(now);
            self.t = now;
            if now >= self.world.shift {
                break;
            }
            let lines = if self.world.lines > 0 { self.world.lines } else { 8 * self.world.agents + 10 };
            let wanted = self.floor.dial(now) as usize;
            for _ in 0..wanted.min(lines.saturating_sub(self.lines)) {
                self.dial();
            }
            tick += 1;
        }
        while !(self.ringing.is_empty() && self.waiting.is_empty()) {
            let Some(due) = self.due.pop() else { break };
            self.t = due.0;
            self.happen(due.2);
        }
        for agent in 0..self.agents.len() {
            self.state(agent, State::Gone);
        }
        self.score.worst_half_hour = self.worst();
        self.score
    }

    fn until(&mut self, now: f64) {
        while self.due.peek().is_some_and(|due| due.0 <= now) {
            let Some(due) = self.due.pop() else { break };
            self.t = due.0;
            self.happen(due.2);
        }
    }

    fn plan_people(&mut self) {
        for agent in 0..self.world.agents {
            if !self.world.breaks {
                self.at(0.0, What::SignIn(agent));
                continue;
            }
            let from = self.people.between(0.0, 120.0);
            self.at(from, What::SignIn(agent));
            let mut t = from + self.people.exp(5400.0);
            while t < self.world.shift {
                let long = self.people.between(240.0, 600.0);
                self.at(t, What::Break(agent, long));
                t += long + self.people.exp(5400.0);
            }
            let lunch = self.people.between(0.4, 0.6) * self.world.shift;
            self.at(lunch, What::Break(agent, 1800.0));
        }
    }

    fn at(&mut self, t: f64, what: What) {
        self.count += 1;
        self.due.push(Due(t, self.count, what));
    }

    fn tell(&mut self, event: Event) {
        self.floor.tell(self.t, event);
    }

    fn chance(&self) -> f64 {
        let points = &self.world.answer;
        let at = points.iter().rposition(|(t, _)| *t <= self.t).unwrap_or(0);
        let (t0, p0) = points[at];
        match points.get(at + 1).filter(|_| self.world.sloped) {
            Some((t1, p1)) => p0 + (p1 - p0) * ((self.t - t0) / (t1 - t0)).min(1.0),
            None => p0,
        }
    }

    fn dial(&mut self) {
        let World { ring, dead, no_answer, greeting, .. } = *self.world;
        let answered = self.calls.unit() < self.chance();
        let long = (ring.0.ln() + ring.1 * self.calls.gauss()).exp().clamp(2.0, 45.0);
        let gone = self.calls.unit() < dead;
        let otherwise = if gone { self.calls.between(2.0, 4.0) } else { self.calls.between(no_answer.0, no_answer.1) };
        let plays = self.calls.between(greeting.0, greeting.1);
        let call = self.next_call;
        self.next_call += 1;
        self.lines += 1;
        self.score.dialled += 1;
        self.ringing.insert(call, (answered, plays));
        self.at(self.t + if answered { long } else { otherwise }, What::RingEnd(call));
        self.tell(Event::Started { call });
    }

    fn happen(&mut self, what: What) {
        match what {
            What::RingEnd(call) => self.ring_end(call),
            What::GreetingEnd(call) => self.offer(call),
            What::GiveUp(call) => {
                if let Some(at) = self.waiting.iter().position(|c| *c == call) {
                    self.waiting.remove(at);
                    self.lines -= 1;
                    self.score.abandoned += 1;
                    self.outcomes.push((self.t, true));
                    self.tell(Event::Abandoned { call });
                }
            }
            What::HangUp(agent, _, wrap) => {
                self.lines -= 1;
                self.state(agent, State::Wrap);
                self.tell(Event::AgentWrap { agent: agent as i64 });
                self.at(self.t + wrap, What::WrapEnd(agent));
            }
            What::WrapEnd(agent) => {
                let pause = std::mem::take(&mut self.agents[agent].2);
                if pause > 0.0 && self.t < self.world.shift {
                    self.leave(agent, pause);
                } else {
                    self.ready(agent);
                }
            }
            What::SignIn(agent) => {
                if self.agents[agent].0 == State::Gone && self.t < self.world.shift {
                    self.ready(agent);
                }
            }
            What::Break(agent, long) => match self.agents[agent].0 {
                _ if self.t >= self.world.shift => {}
                State::Ready => {
                    self.idle.retain(|a| *a != agent);
                    self.leave(agent, long);
                }
                State::Talk | State::Wrap => self.agents[agent].2 += long,
                State::Gone => {}
            },
        }
    }

    fn ring_end(&mut self, call: i64) {
        let Some((answered, plays)) = self.ringing.remove(&call) else { return };
        if !answered {
            self.lines -= 1;
            return self.tell(Event::Failed { call, cancelled: false });
        }
        self.tell(Event::Answered { call, greeting: plays });
        if plays > 0.0 {
            self.at(self.t + plays, What::GreetingEnd(call));
        } else {
            self.offer(call);
        }
    }

    fn offer(&mut self, call: i64) {
        match self.idle.pop_front() {
            Some(agent) => self.connect(call, agent),
            None => {
                self.waiting.push_back(call);
                self.at(self.t + self.world.patience, What::GiveUp(call));
            }
        }
    }

    fn connect(&mut self, call: i64, agent: usize) {
        let World { talk, short, wrap, .. } = *self.world;
        self.score.served += 1;
        self.outcomes.push((self.t, false));
        self.state(agent, State::Talk);
        let long = if self.talks.unit() < short.0 {
            self.talks.log_normal(short.1, 0.5)
        } else {
            self.talks.log_normal(talk.0, talk.1)
        };
        let scale = self.world.talk_scale.iter().rfind(|(t, _)| *t <= self.t).map_or(1.0, |(_, s)| *s);
        let long = (long * scale * self.pace[agent]).max(2.0);
        let wrap = self.talks.log_normal(wrap.0, wrap.1) * self.pace[agent];
        self.at(self.t + long, What::HangUp(agent, call, wrap));
        self.tell(Event::Connected { call });
        self.tell(Event::AgentBusy { agent: agent as i64 });
    }

    fn ready(&mut self, agent: usize) {
        self.state(agent, State::Ready);
        self.tell(Event::AgentReady { agent: agent as i64 });
        match self.waiting.pop_front() {
            Some(call) => self.connect(call, agent),
            None => self.idle.push_back(agent),
        }
    }

    fn leave(&mut self, agent: usize, long: f64) {
        self.state(agent, State::Gone);
        self.tell(Event::AgentGone { agent: agent as i64 });
        self.at(self.t + long, What::SignIn(agent));
    }

    fn state(&mut self, agent: usize, to: State) {
        let shift = self.world.shift;
        let (from, since, _) = self.agents[agent];
        let spent = self.t.min(shift) - since.min(shift);
        if from != State::Gone {
            self.score.signed += spent;
        }
        if matches!(from, State::Talk | State::Wrap) {
            self.score.worked += spent;
        }
        self.agents[agent].0 = to;
        self.agents[agent].1 = self.t;
    }

    /// The worst half hour with at least twenty answers.
    fn worst(&self) -> f64 {
        let mut worst = 0.0f64;
        let mut from = 0.0;
        while from < self.world.shift {
            let seen: Vec<_> = self.outcomes.iter().filter(|(t, _)| (from..from + 1800.0).contains(t)).collect();
            if seen.len() >= 20 {
                worst = worst.max(seen.iter().filter(|(_, lost)| *lost).count() as f64 / seen.len() as f64);
            }
            from += 300.0;
        }
        worst
    }
}
