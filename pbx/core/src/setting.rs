//! Committed changes of records that live work obeys (D6: windows, concurrency and agents act at once, script and trunk from
//! the next dial).

use crate::{
    Engine,
    agent::seat::Seat,
    campaign::{
        calendar,
        holidays::Days,
        task::{NEW, Task},
    },
    company::Company,
    io::{AbandonLedger, CampaignBoot, CampaignCfg, CompanyBoot, CompanyCfg, SeatCfg, Setting, TodayBoot, TrunkCfg},
    trunk::Trunk,
};
use hutong_api::{CampaignId, CompanyId, EndedBy, Micro, Refusal, SeatId};

impl Engine {
    pub(crate) fn apply_setting(&mut self, setting: Setting) {
        match setting {
            Setting::Company(cfg) => self.set_company(cfg),
            Setting::Trunk(cfg) => self.set_trunk(cfg),
            Setting::Seat(cfg) => self.set_seat(cfg),
            Setting::SeatGone { seat } => self.seat_gone(seat),
            Setting::Script(cfg) => {
                let id = cfg.id;
                self.scripts.insert(id, cfg);
                let with = self.tasks.values().filter(|task| task.cfg.script == id).map(|task| task.cfg.id);
                with.collect::<Vec<_>>().into_iter().for_each(|task| self.obey_mode(task));
            }
            Setting::Campaign(cfg) => self.set_campaign(cfg),
            Setting::CampaignGone { campaign } => self.campaign_gone(campaign),
        }
    }

    fn set_company(&mut self, cfg: CompanyCfg) {
        let (id, now, name) = (cfg.id, self.now.wall, cfg.name.clone());
        match self.companies.get_mut(&id) {
            Some(company) => {
                company.zone = calendar::zone(&cfg.zone);
                company.days = Days::new(&cfg.limits.days);
                company.unknown_year = None;
                company.spend_told &= company.cfg.limits.spend_day == cfg.limits.spend_day;
                company.cfg = cfg;
                self.forget_openings(id);
                self.wrap_rules_changed(id);
            }
            None => {
                let (balance, owed, today) = (Micro::ZERO, Micro::ZERO, TodayBoot::default());
                let boot = CompanyBoot { cfg, balance, owed, fees_posted_today: Vec::new(), today, crews: Vec::new() };
                self.companies.insert(id, Company::new(boot, now));
            }
        }
        self.obey_lock(id, &name);
        self.touch(id);
    }

    fn set_trunk(&mut self, cfg: TrunkCfg) {
        let company = cfg.company;
        match self.trunks.get_mut(&cfg.id) {
            Some(trunk) => trunk.cfg = cfg,
            None => drop(self.trunks.insert(cfg.id, Trunk::new(cfg))),
        }
        self.dirty.insert(company);
    }

    fn set_seat(&mut self, cfg: SeatCfg) {
        let (id, company_id, enabled) = (cfg.id, cfg.company, cfg.enabled);
        let Some(company) = self.companies.get_mut(&company_id) else { return };
        company.seats.insert(id);
        let now = self.now.wall;
        let pop_busy = cfg.pop_busy;
        match self.seats.get_mut(&id) {
            Some(seat) => seat.cfg = cfg,
            None => drop(self.seats.insert(id, Seat::new(cfg, now))),
        }
        self.moved.insert(id);
        if let Some(call) = self.seats.get(&id).and_then(|s| s.open_card).filter(|_| !pop_busy) {
            self.card_closed(id, call);
        }
        if !enabled {
            self.turn_away(id);
        }
        self.touch(company_id);
    }

    /// A seat that goes in the middle of a call takes its call along.
    fn seat_gone(&mut self, id: SeatId) {
        if let Some(call) = self.seats.get(&id).and_then(|s| s.call) {
            self.hang_up(call, EndedBy::System, Some("call.fault.agent_lost"));
        }
        self.sign_out(id);
        let Some(seat) = self.seats.remove(&id) else { return };
        if let Some(company) = self.companies.get_mut(&seat.cfg.company) {
            company.seats.remove(&id);
        }
        use crate::timers::Timer;
        for timer in [Timer::Lost, Timer::Phone, Timer::Wrap, Timer::Busy] {
            self.timers.disarm(timer(id));
        }
        self.dirty.insert(seat.cfg.company);
    }

    fn set_campaign(&mut self, cfg: CampaignCfg) {
        let (company, id) = (cfg.company, cfg.id);
        match self.tasks.get_mut(&cfg.id) {
            Some(task) => {
                task.cfg = cfg;
                task.opens.clear();
            }
            None => drop(self.tasks.insert(
                cfg.id,
                Task::new(CampaignBoot { cfg, state: NEW, learnt: String::new(), ledger: AbandonLedger::default() }),
            )),
        }
        self.dirty.insert(company);
        self.obey_mode(id);
    }

    /// A running task that lacks what it needs as it is set by now is paused. The desk refuses it before.
    fn obey_mode(&mut self, id: CampaignId) {
        let Some(task) = self.tasks.get_mut(&id).filter(|task| task.is_running()) else { return };
        task.hopper.clear();
        let cfg = task.cfg.clone();
        if self.may_run(&cfg).is_err() {
            self.go_on(id);
        }
    }

    /// Its calls go on; their numbers went with it.
    fn campaign_gone(&mut self, id: CampaignId) {
        let Some(task) = self.tasks.remove(&id) else { return };
        if let Some(company) = self.companies.get_mut(&task.cfg.company) {
            company.running.remove(&id);
        }
        self.timers.disarm(crate::timers::Timer::Load(id));
    }

    fn turn_away(&mut self, id: SeatId) {
        if self.seats.get(&id).is_some_and(|s| s.signed_in()) {
            self.sign_out(id);
            let refusal = Refusal::new("agent.disabled");
            self.effect(crate::io::Effect::Toast { seat: id, refusal });
        }
    }

    /// Fees may have become due, dialling possible.
    fn touch(&mut self, id: CompanyId) {
        self.turn_day(id);
        self.post_fees(id);
        self.dirty.insert(id);
    }
}
