//! A task's hours as the dialler asks them: by the company's clock and days, and by the callee's.

use super::{
    area::area_of,
    calendar::{LocalMoment, Windows},
    retry,
};
use crate::{Engine, company::Company, time::Wall};
use hutong_api::{CampaignId, CompanyId, Phone, board::IdleReason};

/// How far ahead an area's next opening is looked for; a number that has none by then waits a day.
const LOOK_DAYS: i64 = 8;
const DAY_MS: i64 = 86_400_000;

impl Engine {
    pub(crate) fn windows(&self, id: CampaignId) -> Option<(Windows<'_>, &Company)> {
        let task = self.tasks.get(&id)?;
        let company = self.companies.get(&task.cfg.company)?;
        let simulated = self.trunks.get(&task.cfg.trunk).is_some_and(|t| t.cfg.simulated);
        let exempt = company.cfg.hard_stop_lifted || simulated;
        let (run, rest, rules) = (task.cfg.run, task.cfg.rest, &task.cfg.rules);
        Some((Windows { run, rest, rules, days: &company.days, exempt }, company))
    }

    pub(crate) fn closed_now(&self, id: CampaignId, minute: u16) -> Option<IdleReason> {
        let (windows, company) = self.windows(id)?;
        windows.closed(LocalMoment { minute, ..company.local(self.now.wall) })
    }

    /// The callee's own clock closes him until then; None: he may be called as far as hours go.
    pub(crate) fn area_until(&mut self, id: CampaignId, phone: &Phone) -> Option<Wall> {
        let now = self.now.wall;
        let (windows, company) = self.windows(id)?;
        let later = area_of(&company.cfg.limits.areas, phone)?.later_min;
        if windows.open_for(&company.zone, now, later) {
            return None;
        }
        let known = self.tasks.get(&id)?.opens.get(&later).copied().filter(|at| *at > now);
        let until = known.unwrap_or_else(|| {
            let next = windows.next_open(&company.zone, now, later, LOOK_DAYS, |_| true);
            next.unwrap_or(now.after_ms(DAY_MS))
        });
        self.tasks.get_mut(&id)?.opens.insert(later, until);
        Some(until)
    }

    /// F47's best hour: the first open minute from `at` on in a part of the day not tried yet.
    pub(crate) fn other_band(&self, id: CampaignId, phone: &Phone, at: Wall, tried: u8) -> Option<Wall> {
        if tried & retry::ALL_BANDS == retry::ALL_BANDS {
            return None;
        }
        let (windows, company) = self.windows(id)?;
        let later = area_of(&company.cfg.limits.areas, phone).map_or(0, |area| area.later_min);
        let new = |at: LocalMoment| retry::band(at.minute) & tried == 0;
        windows.next_open(&company.zone, at, later, retry::LOOK_DAYS, new)
    }

    /// A year nobody has published, nor the company entered: said once, and only the days of the week count.
    pub(crate) fn tell_unknown_year(&mut self, id: CompanyId) {
        let now = self.now.wall;
        let Some(company) = self.companies.get(&id) else { return };
        let year = company.local(now).date.year();
        let asks = |c: &CampaignId| self.tasks.get(c).is_some_and(|t| t.cfg.rules.skip_holidays);
        if company.unknown_year == Some(year) || company.days.knows(year) || !company.running.iter().any(asks) {
            return;
        }
        if let Some(company) = self.companies.get_mut(&id) {
            company.unknown_year = Some(year);
        }
        self.event(id, true, "calendar_unknown", &[("year", &year.to_string())]);
    }

    /// Hours or days changed: what was worked out from them is forgotten.
    pub(crate) fn forget_openings(&mut self, id: CompanyId) {
        self.tasks.values_mut().filter(|task| task.cfg.company == id).for_each(|task| task.opens.clear());
    }
}
