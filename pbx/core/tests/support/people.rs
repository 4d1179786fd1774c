//! The people around the engine: agents with their habits, a supervisor, and what happens to the box.

use super::{
    office::*,
    world::{Event, World},
};
use hutong_api::{
    board::CampaignStatus,
    live::{Command, SeatState, SeatView},
    *,
};
use hutong_core::io::*;

impl World {
    pub fn seat_shown(&mut self, view: SeatView) {
        let Some(at) = self.agents.iter().position(|a| a.seat == view.seat) else { return };
        let offered = (view.state == SeatState::Ringing).then_some(view.call).flatten();
        let news = self.agents[at].view.as_ref().and_then(|v| v.call) != offered;
        self.agents[at].call = view.call.or(self.agents[at].call);
        self.agents[at].view = Some(view);
        if let Some(call) = offered.filter(|_| news) {
            let ms = self.rng.range(200, 4_000);
            self.later(ms, Event::Offer(at, call));
        }
    }

    pub fn agent_is_offered(&mut self, at: usize, call: CallId) {
        if self.agents[at].view.as_ref().and_then(|v| v.call) != Some(call) {
            return;
        }
        match self.rng.range(0, 10) {
            0..=6 => self.ask(Some(at), Command::Answer),
            7 => self.ask(Some(at), Command::Reject),
            _ => {}
        }
    }

    pub fn agent_comes(&mut self, at: usize) {
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

    pub fn agent_acts(&mut self, at: usize) {
        let wait = self.rng.range(3_000, 60_000);
        self.later(wait, Event::Agent(at));
        let Some(view) = self.agents[at].view.clone().filter(|_| self.up) else { return };
        if let Some(call) = self.agents[at].call.filter(|_| view.call.is_none() && self.rng.percent(60)) {
            self.writes(at, call);
        }
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
            (SeatState::Idle, 70..=94) | (SeatState::Busy, 70..=72) | (_, 97) => return self.dials_row(at),
            (SeatState::Idle | SeatState::WrapUp, 13..=14) => Command::AutoAnswer { on: self.rng.percent(60) },
            (SeatState::Busy, 3..=50) => Command::Idle,
            (SeatState::Busy, 51..=55) => dial,
            (SeatState::Talking | SeatState::Ringing, 3..=14) => Command::HangUp,
            (SeatState::Talking, 15..=17) => Command::Dtmf { key: '5' },
            (SeatState::Talking, 18..=20) => busy,
            (SeatState::Talking, 21..=22) => Command::SignOut,
            (SeatState::Talking, 24..=25) => Command::OptOut { call: view.call.unwrap_or(CallId(7)) },
            (SeatState::WrapUp, 61..=63) => Command::OptOut { call: self.agents[at].call.unwrap_or(CallId(7)) },
            (SeatState::Talking, 23) => Command::Idle,
            (SeatState::WrapUp, 15..=50) => Command::Idle,
            (SeatState::WrapUp, 51..=60) => Command::WrapMore,
            (_, 98) => dial,
            (_, 99) => Command::Answer,
            _ => Command::Ping { quality: None },
        };
        self.ask(Some(at), cmd);
    }

    /// Saves the record of his last call, or closes its card.
    fn writes(&mut self, at: usize, call: CallId) {
        let seat = self.agents[at].seat;
        match self.rng.percent(70) {
            true => self.give(Input::Saved { seat, call }),
            false => self.ask(Some(at), Command::CardClosed { call }),
        }
    }

    pub fn boss_acts(&mut self) {
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

    pub fn start(&mut self, campaign: CampaignId) {
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
        self.give(Input::Block(BlockEntry::number(COMPANY, phone, true)));
    }

    fn unblock(&mut self) {
        // A refusal on its way to the disk would come back behind the office's word.
        let Some(entry) = self.stored.blocklist.first().cloned().filter(|_| self.pending.is_empty()) else { return };
        for model in [&mut self.stored, &mut self.logical] {
            model.blocklist.remove(&entry);
        }
        self.give(Input::Unblock { company: entry.0, phone: entry.1, prefix: false });
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
        if self.rng.percent(40) {
            cfg.rules = super::rules::any(&mut self.rng);
        }
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
