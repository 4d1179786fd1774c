//! An agent group for pacing: what it learnt of its talks, and how much its tasks may dial at one moment.

use super::{
    calendar::LocalMoment,
    learning::cap,
    pacing::{self, Handling, Outlook, Residual, Ringing},
    task::Task,
};
use crate::{
    Engine,
    agent::{roster::Heads, seat::Seat},
    call::{live::Call, live::Stage, queue::IN_TIME_MS},
    io::{AbandonClock, PacingMode},
    time::Mono,
    timers::Timer,
};
use hutong_api::{CallId, CampaignId, CompanyId, SeatId, live::SeatState};
use std::collections::BTreeMap;

/// Where only time can lower the risk, pacing looks again so soon.
const LOOK_AGAIN_MS: u64 = 1_000;
/// The agents' curves are drawn anew no sooner.
const REDRAW_MS: u64 = 60_000;
/// Calls on their way for each agent who stays, whatever the risk says.
const MOST_LINES: u32 = 10;
/// The open time left of the day is reckoned anew no sooner.
const LEFT_MS: u64 = 60_000;

#[derive(Debug)]
pub(crate) struct Crew {
    handling: Handling,
    residual: Residual,
    redraw_at: Mono,
    news: bool,
}

impl Default for Crew {
    fn default() -> Crew {
        Crew::from_stored("")
    }
}

impl Crew {
    pub fn from_stored(state: &str) -> Crew {
        let handling: Handling = serde_json::from_str(state).unwrap_or_default();
        Crew { residual: handling.residual(), handling, redraw_at: Mono(0), news: false }
    }

    /// What is new since the last time.
    pub fn unsaved(&mut self) -> Option<String> {
        std::mem::take(&mut self.news).then(|| serde_json::to_string(&self.handling).ok()).flatten()
    }
}

/// A company's groups at one moment, while its tasks dial.
#[derive(Default)]
pub(crate) struct Floor {
    rooms: BTreeMap<Option<i64>, Room>,
}

struct Room {
    heads: Heads,
    /// Calls on their way that no agent has yet.
    in_flight: u32,
    /// Signed in, and staying.
    agents: u32,
    dialled: u32,
    /// By task, made when first asked for.
    outlooks: BTreeMap<CampaignId, Outlook>,
}

impl Engine {
    /// The heads of the task's group.
    pub(crate) fn heads_of(&self, floor: &mut Floor, id: CampaignId) -> Heads {
        self.room(floor, id).map(|room| room.heads).unwrap_or_default()
    }

    /// Pacing wants one more call of this task now. `Some` holds the risk the call would carry.
    pub(crate) fn wants(&mut self, floor: &mut Floor, id: CampaignId) -> Option<f64> {
        let pacing = self.tasks.get(&id)?.cfg.pacing;
        let mode = if pacing.cap_bp == 0 && pacing.mode.dials_ahead() { PacingMode::Progressive } else { pacing.mode };
        let room = self.room(floor, id)?;
        let free = room.heads.free;
        match mode {
            PacingMode::Preview => None,
            PacingMode::Progressive => (room.in_flight < free).then_some(0.0),
            PacingMode::Power => {
                (room.in_flight < (free * pacing.ratio_tenths / 10).min(MOST_LINES * room.agents)).then_some(0.0)
            }
            PacingMode::Predictive => self.affords(floor, id),
        }
    }

    /// One call of this task was dialled at this risk.
    pub(crate) fn paced(&mut self, floor: &mut Floor, id: CampaignId, risk: f64) {
        let (now, call) = (self.now.wall, CallId(self.next_call - 1));
        if let Some(call) = self.calls.get_mut(&call) {
            call.risk = risk;
        }
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.pace.ledger.first.get_or_insert(now);
        task.pace.turn += u64::from(60_000 / task.cfg.pacing.weight.max(1));
        let chance = task.pace.chance;
        if let Some(room) = floor.rooms.get_mut(&task.cfg.group) {
            room.in_flight += 1;
            room.dialled += 1;
            for outlook in room.outlooks.values_mut() {
                outlook.dialled(chance);
            }
        }
    }

    /// Running tasks in the order of their weights; one that has just begun owes nothing for the time before.
    pub(crate) fn turns(&mut self, company: CompanyId) -> Vec<(u64, CampaignId)> {
        let running = self.companies.get(&company).map(|c| &c.running);
        let mut turns: Vec<_> =
            running.into_iter().flatten().filter_map(|id| Some((self.tasks.get(id)?.pace.turn, *id))).collect();
        let least = turns.iter().map(|(turn, _)| *turn).filter(|turn| *turn > 0).min().unwrap_or(1);
        for (turn, id) in &mut turns {
            if *turn == 0 {
                *turn = least;
                if let Some(task) = self.tasks.get_mut(id) {
                    task.pace.turn = least;
                }
            }
        }
        turns
    }

    pub(crate) fn look_at_pace_again(&mut self, company: CompanyId) {
        let timer = Timer::Pace(company);
        if !self.timers.is_armed(timer) {
            self.timers.arm(timer, self.now.mono.after_ms(LOOK_AGAIN_MS));
        }
    }

    /// A seat leaves its state: how long it lasted is learnt by every group he is in.
    pub(crate) fn learn_handling(&mut self, id: SeatId, next: SeatState) {
        let Some(seat) = self.seats.get(&id).filter(|s| s.state != next) else { return };
        let seconds = self.now.mono.0.saturating_sub(seat.since_mono.0) as f64 / 1000.0;
        let state = seat.state;
        let leaves_talk = state == SeatState::Talking;
        if !leaves_talk && state != SeatState::WrapUp {
            return;
        }
        let Some(company) = self.companies.get_mut(&seat.cfg.company) else { return };
        let groups = company.cfg.groups.iter().filter(|g| g.seats.contains(&id)).map(|g| Some(g.id));
        for group in groups.chain([None]).collect::<Vec<_>>() {
            let crew = company.crews.entry(group).or_default();
            crew.news = true;
            if leaves_talk {
                crew.handling.talked(seconds);
            } else {
                crew.handling.wrapped(seconds);
            }
        }
    }

    fn room<'f>(&self, floor: &'f mut Floor, id: CampaignId) -> Option<&'f mut Room> {
        let task = self.tasks.get(&id)?;
        let (company, group) = (task.cfg.company, task.cfg.group);
        Some(floor.rooms.entry(group).or_insert_with(|| Room {
            heads: self.heads(company, group),
            in_flight: self.flights(company, group).count() as u32,
            agents: self.crew(company, group).filter(|s| stays(s)).count() as u32,
            dialled: 0,
            outlooks: BTreeMap::new(),
        }))
    }

    fn affords(&mut self, floor: &mut Floor, id: CampaignId) -> Option<f64> {
        let room = self.room(floor, id)?;
        if room.in_flight >= MOST_LINES * room.agents || room.dialled >= pacing::at_once(room.agents) {
            return None;
        }
        let agents = room.agents;
        if !room.outlooks.contains_key(&id) {
            self.ready(id);
            let outlook = self.outlook(id)?;
            self.room(floor, id)?.outlooks.insert(id, outlook);
        }
        let risk = floor.rooms.get(&self.tasks.get(&id)?.cfg.group)?.outlooks.get(&id)?.risk();
        let now = self.now.wall;
        let task = self.tasks.get_mut(&id)?;
        let day = task.pace.day(now, task.pace.left.map_or(0.0, |(_, left)| left));
        (risk <= task.pace.learnt.allowed(cap(task.cfg.pacing), &day, agents)).then_some(risk)
    }

    /// Brings up to date what the outlook is made from.
    fn ready(&mut self, id: CampaignId) {
        let now = self.now;
        let Some(task) = self.tasks.get(&id) else { return };
        let (company, group) = (task.cfg.company, task.cfg.group);
        self.turn_task_days(company);
        let left = self.open_seconds_left(id);
        let rings = |c: &&Call| c.open.campaign == Some(id) && matches!(c.stage, Stage::Dialling | Stage::Ringing);
        let ages: Vec<f64> = self.calls.values().filter(rings).map(|c| age(now.mono, c.born.mono)).collect();
        if let Some(Task { pace, .. }) = self.tasks.get_mut(&id) {
            pace.left = left;
            let day = pace.day(now.wall, left.map_or(0.0, |(_, left)| left));
            pace.chance = pace.learnt.chance(&pace.curves, ages.into_iter(), &day, pace.answers);
        }
        let Some(company) = self.companies.get_mut(&company) else { return };
        let crew = company.crews.entry(group).or_default();
        if crew.redraw_at <= now.mono {
            crew.redraw_at = now.mono.after_ms(REDRAW_MS);
            crew.residual = crew.handling.residual();
        }
    }

    fn outlook(&self, id: CampaignId) -> Option<Outlook> {
        let now = self.now.mono;
        let task = self.tasks.get(&id)?;
        let (company, group) = (task.cfg.company, task.cfg.group);
        let residual = &self.companies.get(&company)?.crews.get(&group)?.residual;
        let staying: Vec<&Seat> = self.crew(company, group).filter(|s| stays(s)).collect();
        let greeting = task.pace.learnt.greeting();
        let mut outlook = Outlook::new(&task.pace.curves, staying.len(), greeting, grace(task));
        for seat in staying {
            let age = age(now, seat.since_mono);
            match seat.state {
                SeatState::Idle => {}
                SeatState::WrapUp => outlook.wrapping(residual, age),
                _ => outlook.talking(residual, age),
            }
        }
        for call in self.flights(company, group) {
            let Some(own) = call.open.campaign.and_then(|c| self.tasks.get(&c)) else { continue };
            let greeting = own.pace.learnt.greeting();
            match (call.stage, call.open.answered) {
                (Stage::Script, Some(at)) => outlook.arriving(greeting - age(now, call.mono(at))),
                (Stage::Dialling | Stage::Ringing, _) => outlook.ringing(&Ringing {
                    age: age(now, call.born.mono),
                    chance: own.pace.chance,
                    curves: &own.pace.curves,
                    greeting,
                }),
                _ => outlook.arriving(0.0),
            }
        }
        Some(outlook)
    }

    /// Calls of a group's tasks that no agent has yet.
    pub(crate) fn flights(&self, company: CompanyId, group: Option<i64>) -> impl Iterator<Item = &Call> {
        let of_group = move |c: &&Call| {
            let task = c.open.campaign.and_then(|id| self.tasks.get(&id));
            c.open.company == company && task.is_some_and(|t| t.cfg.group == group)
        };
        self.calls.values().filter(|c| c.seeks_agent()).filter(of_group)
    }

    /// Seconds of this local day in which the task may still dial.
    fn open_seconds_left(&self, id: CampaignId) -> Option<(Mono, f64)> {
        let task = self.tasks.get(&id)?;
        let now = self.now;
        if let Some((at, left)) = task.pace.left.filter(|(at, _)| at.after_ms(LEFT_MS) > now.mono) {
            return Some((at, left));
        }
        let (windows, company) = self.windows(id)?;
        let here = company.local(now.wall);
        let open = |minute: &u16| windows.closed(LocalMoment { minute: *minute, ..here }).is_none();
        Some((now.mono, (here.minute..1440).filter(open).count() as f64 * 60.0))
    }
}

/// Signed in, reachable, and not about to leave after this call.
fn stays(seat: &Seat) -> bool {
    let at_work = matches!(seat.state, SeatState::Idle | SeatState::Ringing | SeatState::Talking | SeatState::WrapUp);
    at_work && seat.reachable() && seat.after_call.is_none()
}

/// How long an answered call may wait for its agent after the greeting, in seconds.
fn grace(task: &Task) -> f64 {
    let all = IN_TIME_MS as f64 / 1000.0;
    match task.cfg.pacing.clock {
        AbandonClock::GreetingEnd => all,
        AbandonClock::Connect => (all - task.pace.learnt.greeting()).max(0.0),
    }
}

fn age(now: Mono, since: Mono) -> f64 {
    now.0.saturating_sub(since.0) as f64 / 1000.0
}
