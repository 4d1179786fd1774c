//! One day: the engine, its store and its carrier in virtual time.

use super::{
    Answer, LONGEST_MS, Question,
    people::{Dice, People},
};
use crate::{Engine, Mono, Now, io::*};
use hutong_api::{
    CallResult, CampaignId, CompanyId, LeadId, LegId, Micro, Phone, SeatId,
    board::CampaignStatus,
    live::{Command, SeatState},
};
use std::collections::{BTreeMap, VecDeque};

/// Longer than any rest: after so long without a call the day is over.
const PATIENCE_MS: u64 = 3 * 3_600_000;

/// A task that may dial does so sooner after its agents came.
const FIRST_MS: u64 = 10 * 60_000;

pub(super) struct Day<'a> {
    question: &'a Question,
    people: &'a People,
    dice: Dice,
    engine: Engine,
    t: u64,
    due: BTreeMap<(u64, u64), Due>,
    count: u64,
    /// Numbers waiting, by when they may be dialled.
    rows: VecDeque<HopperLead>,
    later: BTreeMap<LeadId, (i64, HopperLead)>,
    loaded: BTreeMap<LeadId, HopperLead>,
    answers: BTreeMap<LegId, bool>,
    states: BTreeMap<SeatId, (SeatState, u64)>,
    worked: u64,
    first: Option<u64>,
    last: u64,
    over: bool,
    sum: Answer,
}

#[derive(Debug)]
enum Due {
    Leg(LegId, LegEvent),
    Idle(SeatId),
}

impl<'a> Day<'a> {
    pub fn new(question: &'a Question, people: &'a People, seed: u64) -> Day<'a> {
        let rows = (1..=question.numbers).filter_map(row).collect();
        Day {
            question,
            people,
            dice: Dice::new(seed),
            engine: Engine::new(),
            t: 0,
            due: BTreeMap::new(),
            count: 0,
            rows,
            later: BTreeMap::new(),
            loaded: BTreeMap::new(),
            answers: BTreeMap::new(),
            states: BTreeMap::new(),
            worked: 0,
            first: None,
            last: 0,
            over: false,
            sum: Answer::default(),
        }
    }

    pub fn run(mut self) -> Answer {
        self.open();
        while self.t < LONGEST_MS && !(self.over && self.answers.is_empty()) {
            let timer = self.engine.next_deadline().map(|at| at.0);
            let event = self.due.keys().next().map(|(at, _)| *at);
            let Some(next) = timer.into_iter().chain(event).min() else { break };
            if self.answers.is_empty()
                && next.max(self.t) > self.last + if self.first.is_some() { PATIENCE_MS } else { FIRST_MS }
            {
                break;
            }
            self.t = next.max(self.t);
            match self.due.first_key_value() {
                Some(((at, _), _)) if *at <= self.t => self.happen(),
                _ => self.give(Input::Tick),
            }
        }
        let signed_in = f64::from(self.question.agents) * (self.last - self.first.unwrap_or(self.last)) as f64;
        self.sum.seconds = (self.last - self.first.unwrap_or(self.last)) as f64 / 1000.0;
        self.sum.occupancy = if signed_in > 0.0 { (self.worked as f64 / signed_in).min(1.0) } else { 0.0 };
        self.sum.finished = u32::from(self.over);
        self.sum
    }

    fn open(&mut self) {
        let Question { company, trunk, script, campaign, seat, learnt, crew, numbers, agents, .. } =
            self.question.clone();
        let (id, who) = (campaign.id, company.id);
        let seats = (1..=i64::from(agents)).map(|n| SeatCfg {
            id: SeatId(n),
            extension: n.to_string(),
            enabled: true,
            auto_answer: true,
            pop_busy: false,
            ..seat.clone()
        });
        let state = CampaignState { total: numbers, ..crate::campaign::task::NEW };
        let cfg = CampaignCfg { group: None, ..campaign };
        let mut company = CompanyCfg { unlimited: true, preview_only: false, groups: Vec::new(), ..company };
        // Agents wrap up as they did, not as long as they may.
        company.work.wrap = WrapCfg { seconds: 3_600, more_s: 0, must_save: false, after_failed: false };
        company.work.wrap_of.clear();
        let crews = if crew.is_empty() { Vec::new() } else { vec![(None, crew)] };
        let today = TodayBoot::default();
        let boot = Boot {
            seed: 1,
            next_call: 1,
            next_leg: 1,
            companies: vec![CompanyBoot {
                cfg: company,
                balance: Micro::ZERO,
                owed: Micro::ZERO,
                fees_posted_today: seats.clone().map(|s| s.id).collect(),
                today,
                crews,
            }],
            trunks: vec![TrunkCfg { enabled: true, ..trunk.clone() }],
            seats: seats.collect(),
            scripts: vec![script],
            campaigns: vec![CampaignBoot { cfg, state, learnt, ledger: AbandonLedger::default() }],
            ..Boot::default()
        };
        self.give(Input::Boot(Box::new(boot)));
        self.give(Input::Trunk { trunk: trunk.id, up: true, fault: None });
        for n in 1..=i64::from(agents) {
            let seat = SeatId(n);
            self.give(Input::Seat { seat, event: SeatEvent::Online });
            self.give(Input::Seat { seat, event: SeatEvent::PhoneUp });
            self.ask(who, seat, Command::SignIn);
        }
        self.ask(who, SeatId(1), Command::CampaignStart { campaign: id });
    }

    fn ask(&mut self, company: CompanyId, seat: SeatId, cmd: Command) {
        let who = Actor { company, seat, name: String::new() };
        self.give(Input::Ask { req: ReqId(0), who, cmd });
    }

    fn happen(&mut self) {
        match self.due.pop_first().map(|(_, due)| due) {
            Some(Due::Leg(leg, event)) => {
                if matches!(event, LegEvent::Ended(_)) && self.answers.remove(&leg).is_none() {
                    return;
                }
                self.give(Input::Leg { leg, event });
            }
            Some(Due::Idle(seat)) => self.ask(self.question.company.id, seat, Command::Idle),
            None => {}
        }
    }

    fn after(&mut self, ms: u64, due: Due) {
        self.count += 1;
        self.due.insert((self.t + ms, self.count), due);
    }

    fn give(&mut self, input: Input) {
        let now = Now { mono: Mono(self.t), wall: self.question.from.after_ms(self.t as i64) };
        let turn = self.engine.handle(now, input);
        turn.changes.into_iter().for_each(|change| self.store(change));
        for effect in turn.effects {
            self.act(effect);
        }
    }

    fn store(&mut self, change: Change) {
        match change {
            Change::CloseCall(cdr) => {
                self.last = self.t;
                self.sum.cost += cdr.charge;
                self.sum.dialled += f64::from(u8::from(cdr.result != CallResult::NotSent));
                self.sum.answered += f64::from(u8::from(cdr.open.answered.is_some()));
                self.sum.served += f64::from(u8::from(cdr.result == CallResult::ToAgent));
                self.sum.abandoned += f64::from(u8::from(cdr.result == CallResult::Abandoned));
            }
            Change::Lead(lead) if lead.phase == LeadPhase::Waiting => {
                let Some(row) = self.loaded.get(&lead.lead) else { return };
                let row = HopperLead { attempts: lead.attempts, ..row.clone() };
                self.later.insert(lead.lead, (lead.not_before.map_or(0, |at| at.0), row));
            }
            Change::Lead(lead) => drop(self.later.remove(&lead.lead)),
            Change::Campaign { state, .. } => self.over = state.status == CampaignStatus::Finished,
            _ => {}
        }
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::Dial(dial) => self.dial(dial.leg),
            Effect::Play { leg, prompt } => {
                let ms = (self.question.greeting_s * 1000.0) as u64;
                self.after(ms, Due::Leg(leg, LegEvent::PlayEnded { prompt }));
            }
            Effect::Bridge { leg, .. } => {
                let ms = self.people.talk_ms(&mut self.dice);
                self.after(ms, Due::Leg(leg, ended(LegEndHow::FarHangUp)));
            }
            Effect::HangUp { leg } => self.after(50, Due::Leg(leg, ended(LegEndHow::WeHungUp))),
            Effect::Seat(view) => self.seat(view.seat, view.state),
            Effect::LoadLeads { campaign, want } => self.load(campaign, want),
            _ => {}
        }
    }

    fn dial(&mut self, leg: LegId) {
        self.first.get_or_insert(self.t);
        let callee = self.people.callee(&mut self.dice);
        self.answers.insert(leg, callee.answers);
        self.after(0, Due::Leg(leg, LegEvent::Sent));
        self.after(500.min(callee.ring_ms), Due::Leg(leg, LegEvent::Ringing { early_media: false }));
        let end = LegEvent::Ended(LegEnd { how: LegEndHow::Refused, sip: Some(480), q850: None });
        self.after(callee.ring_ms, Due::Leg(leg, if callee.answers { LegEvent::Answered } else { end }));
    }

    fn seat(&mut self, seat: SeatId, state: SeatState) {
        let (before, since) = self.states.insert(seat, (state, self.t)).unwrap_or((SeatState::SignedOut, self.t));
        if matches!(before, SeatState::Talking | SeatState::WrapUp) {
            self.worked += self.t - since;
        }
        if state == SeatState::WrapUp && before != state {
            let ms = self.people.wrap_ms(&mut self.dice);
            self.after(ms, Due::Idle(seat));
        }
    }

    fn load(&mut self, campaign: CampaignId, want: u32) {
        let now = self.question.from.after_ms(self.t as i64).0;
        let ready: Vec<LeadId> =
            self.later.iter().filter(|(_, (at, _))| *at <= now).map(|(id, _)| *id).take(want as usize).collect();
        let mut leads: Vec<HopperLead> = ready.iter().filter_map(|id| Some(self.later.remove(id)?.1)).collect();
        while leads.len() < want as usize {
            let Some(row) = self.rows.pop_front() else { break };
            leads.push(row);
        }
        self.loaded.extend(leads.iter().map(|row| (row.lead, row.clone())));
        // What comes back unused is told again: a row leaves for good only when it is dialled.
        self.later.extend(leads.iter().map(|row| (row.lead, (0, row.clone()))));
        let more = !self.rows.is_empty() || self.later.len() > leads.len();
        self.give(Input::Hopper { campaign, leads, more });
    }
}

fn ended(how: LegEndHow) -> LegEvent {
    LegEvent::Ended(LegEnd { how, sip: None, q850: None })
}

/// A number nobody has.
fn row(n: u32) -> Option<HopperLead> {
    let phone = Phone::from_digits(&format!("0999{n:08}"))?;
    let lead = LeadId(i64::from(n));
    Some(HopperLead { lead, phone, name: String::new(), round: 1, attempts: 0, answered_before: false, bands: 0 })
}
