//! What the engine holds of a company besides its calls: money, the day's counters, its clock.

use crate::{
    campaign::{
        calendar::{self, LocalMoment},
        crew::Crew,
        holidays::Days,
    },
    io::{CompanyBoot, CompanyCfg, TodayBoot},
    time::{Now, Wall},
};
use hutong_api::{CampaignId, Micro, SeatId, board::CampaignStatus};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
pub(crate) struct Company {
    pub cfg: CompanyCfg,
    pub zone: TimeZone,
    pub balance: Micro,
    pub owed: Micro,
    /// Reserved by calls that are up.
    pub held: Micro,
    /// The local day the counters are of.
    pub day: Date,
    pub today: TodayBoot,
    pub seats: BTreeSet<SeatId>,
    pub running: BTreeSet<CampaignId>,
    /// What its agent groups learnt; None = everybody.
    pub crews: BTreeMap<Option<i64>, Crew>,
    /// The empty balance was told.
    pub broke: bool,
    /// The day's spending limit was told.
    pub spend_told: bool,
    pub days: Days,
    /// The year whose holidays nobody knows was told.
    pub unknown_year: Option<i16>,
}

impl Company {
    pub fn new(boot: CompanyBoot, now: Wall) -> Company {
        let zone = calendar::zone(&boot.cfg.zone);
        let day = calendar::local(&zone, now).date;
        let mut today = boot.today;
        today.dialled_by_hour.resize(24, 0);
        today.answered_by_hour.resize(24, 0);
        today.seats.clear();
        Company {
            days: Days::new(&boot.cfg.limits.days),
            cfg: boot.cfg,
            zone,
            balance: boot.balance,
            owed: boot.owed,
            held: Micro::ZERO,
            day,
            today,
            seats: BTreeSet::new(),
            running: BTreeSet::new(),
            crews: boot.crews.into_iter().map(|(group, state)| (group, Crew::from_stored(&state))).collect(),
            broke: false,
            spend_told: false,
            unknown_year: None,
        }
    }

    pub fn local(&self, at: Wall) -> LocalMoment {
        calendar::local(&self.zone, at)
    }

    /// Not reserved by anyone.
    pub fn available(&self) -> Micro {
        self.balance - self.held
    }

    pub fn can_reserve(&self, amount: Micro) -> bool {
        self.cfg.unlimited || self.available() >= amount
    }

    pub fn count_dialled(&mut self, now: Now) {
        let hour = self.hour(now);
        self.today.dialled += 1;
        self.today.dialled_by_hour[hour] += 1;
    }

    pub fn count_answered(&mut self, now: Now) {
        let hour = self.hour(now);
        self.today.answered += 1;
        self.today.answered_by_hour[hour] += 1;
    }

    /// Keeps the index of campaigns that dial.
    pub fn note_status(&mut self, campaign: CampaignId, status: CampaignStatus) {
        if status == CampaignStatus::Running {
            self.running.insert(campaign);
        } else {
            self.running.remove(&campaign);
        }
    }

    fn hour(&self, now: Now) -> usize {
        usize::from(self.local(now.wall).minute / 60).min(23)
    }
}
