//! Lets a company's running campaigns dial: in turn, one number at a time, each through the screening.

use super::{
    callers::Dialler,
    crew::Floor,
    screening::{self, Facts, LeadFacts, Verdict},
    task::Task,
};
use crate::{
    Engine,
    agent::roster::Heads,
    billing::hold,
    call::dial::Order,
    io::{BlockEntry, Change, Effect, HopperLead, LeadChange, LeadPhase, PacingMode, Why},
    time::Wall,
    timers::Timer,
};
use hutong_api::{
    CallKind, CallState, CampaignId, CompanyId, EndedBy, Phone, TrunkId, WhyRule,
    board::{CampaignStatus, IdleReason},
};
use std::collections::BTreeSet;

/// Numbers kept ready beside two for each signed-in agent.
const READY: u32 = 10;
/// Numbers whose time may have come are looked for so often.
const LOOK_AGAIN_MS: u64 = 5_000;
/// A callee with a live attempt is tried again no sooner.
const AFTER_LIVE_MS: i64 = 60_000;

/// What holds for a campaign at one moment, besides its own record.
#[derive(Clone, Copy)]
struct Moment {
    minute: u16,
    heads: Heads,
}

impl Engine {
    pub(crate) fn dial_company(&mut self, id: CompanyId) {
        self.tell_unknown_year(id);
        let Some(company) = self.companies.get(&id).filter(|c| !c.running.is_empty()) else { return };
        let minute = company.local(self.now.wall).minute;
        let running = company.running.clone();
        let mut floor = Floor::default();
        let mut turns: BTreeSet<_> = self.turns(id).into_iter().collect();
        for campaign in running.iter().filter(|id| self.is_preview(**id)).copied().collect::<Vec<_>>() {
            self.watch_preview(campaign, minute);
        }
        turns.retain(|(_, campaign)| !self.is_preview(*campaign));
        while let Some((_, campaign)) = turns.pop_first() {
            let heads = self.heads_of(&mut floor, campaign);
            if let Some(risk) = self.dial_next(&mut floor, campaign, Moment { minute, heads }) {
                self.paced(&mut floor, campaign, risk);
                turns.extend(self.tasks.get(&campaign).map(|task| (task.pace.turn, campaign)));
            }
        }
        for campaign in running {
            if self.is_preview(campaign) {
                continue;
            }
            let heads = self.heads_of(&mut floor, campaign);
            self.finish_or_load(campaign, heads);
            let waits = |t: &Task| t.cfg.pacing.mode == PacingMode::Predictive && t.hopper.front().is_some();
            if heads.signed_in > 0 && self.tasks.get(&campaign).is_some_and(waits) {
                self.look_at_pace_again(id);
            }
        }
    }

    pub(crate) fn hopper_filled(&mut self, id: CampaignId, leads: Vec<HopperLead>, more: bool) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.hopper.fill(leads, more);
        if !task.is_running() || task.redialling {
            task.hopper.clear();
        }
        self.dirty.insert(task.cfg.company);
    }

    pub(crate) fn look_again(&mut self, id: CampaignId) {
        if let Some(task) = self.tasks.get_mut(&id) {
            task.hopper.look_again();
            self.dirty.insert(task.cfg.company);
        }
    }

    pub(crate) fn trunk_again(&mut self, id: TrunkId) {
        if let Some(trunk) = self.trunks.get(&id) {
            self.dirty.insert(trunk.cfg.company);
        }
    }

    pub(crate) fn trunk_told(&mut self, id: TrunkId, up: bool, fault: Option<String>) {
        let Some(trunk) = self.trunks.get_mut(&id) else { return };
        let changed = trunk.up != up;
        trunk.up = up;
        trunk.fault = fault.clone().or(trunk.fault.take().filter(|_| !up));
        let (company, name) = (trunk.cfg.company, trunk.cfg.name.clone());
        self.dirty.insert(company);
        if changed && up {
            self.event(company, false, "trunk_up", &[("trunk", &name)]);
        } else if changed {
            self.event(company, true, "trunk_down", &[("trunk", &name), ("fault", &fault.unwrap_or_default())]);
        }
    }

    /// Acts on the next dial decision; a dial of it that has not left yet is dropped.
    pub(crate) fn block(&mut self, entry: BlockEntry) {
        let company = entry.company;
        self.blocked.put(entry);
        let stopped = |c: &&crate::call::live::Call| {
            !c.sent && c.open.company == company && self.blocked.blocks(company, &c.open.phone, self.now.wall)
        };
        let unsent: Vec<_> = self.calls.values().filter(stopped).map(|c| c.open.call).collect();
        for call in unsent {
            self.hang_up(call, EndedBy::System, Some("call.fault.blocked"));
        }
    }

    /// A cap of the callee holds until then.
    pub(crate) fn capped_until(&self, company: CompanyId, phone: &Phone) -> Option<Wall> {
        let caps = self.companies.get(&company)?.cfg.caps;
        self.attempts.capped_until(company, phone, caps, self.now.wall)
    }

    /// A live attempt of him: tried again no sooner than then.
    pub(crate) fn live_until(&self, company: CompanyId, phone: &Phone) -> Option<Wall> {
        let live = self.busy_phones.contains(&(company, phone.clone()));
        live.then(|| self.now.wall.after_ms(AFTER_LIVE_MS))
    }

    /// Dials one number of the campaign, closing and postponing those before it that may not be dialled. Returns the risk it
    /// carries.
    fn dial_next(&mut self, floor: &mut Floor, id: CampaignId, moment: Moment) -> Option<f64> {
        loop {
            let mut facts = self.facts(id, moment)?;
            let mut risk = 0.0;
            // What pacing says costs the most to find out: it is asked where nothing before it in the order holds the number.
            if screening::asks_pacing(&facts) {
                match self.wants(floor, id) {
                    Some(wanted) => risk = wanted,
                    None => facts.agents = Some(IdleReason::AgentsOccupied),
                }
            }
            let reason = match screening::decide(&facts) {
                Verdict::Close => {
                    self.close_row(id);
                    continue;
                }
                Verdict::Delay(until, rule) => {
                    self.postpone_row(id, until, rule);
                    continue;
                }
                Verdict::Hold(reason) => reason,
                Verdict::Dial => match self.dial_row(id) {
                    Some(()) => return Some(risk),
                    None => IdleReason::TrunkDown,
                },
            };
            self.note_reason(id, reason);
            return None;
        }
    }

    fn facts(&mut self, id: CampaignId, moment: Moment) -> Option<Facts> {
        let closed = self.closed_now(id, moment.minute);
        let lead = self.lead_facts(id, closed.is_some())?;
        let task = self.tasks.get(&id)?;
        let company = self.companies.get(&task.cfg.company)?;
        let task_full = task.cfg.channels > 0 && task.live >= task.cfg.channels;
        let trunk = self.trunks.get_mut(&task.cfg.trunk);
        let obstacle = trunk.map_or(Some((IdleReason::TrunkDown, None)), |t| t.obstacle(self.now.mono));
        if let Some((_, Some(again))) = obstacle {
            self.timers.arm(Timer::Trunk(task.cfg.trunk), again);
        }
        let trunk = self.trunks.get(&task.cfg.trunk).map(|t| &t.cfg);
        let spent = self
            .numbers_spent(task.cfg.company, Dialler::Campaign(id), task.cfg.trunk)
            .then_some(IdleReason::NumbersSpent);
        let reservation = trunk.map(|t| hold::first(t.increment_s, t.price).amount);
        Some(Facts {
            running: task.is_running(),
            storage_ok: self.storage_ok && !self.stopping,
            closed,
            lead,
            line: obstacle.map(|(reason, _)| reason).or(task_full.then_some(IdleReason::ChannelsFull)).or(spent),
            agents: (moment.heads.signed_in == 0).then_some(IdleReason::NoAgent),
            over_spend: reservation.is_some_and(|amount| company.over_spend(amount)),
            affordable: reservation.is_some_and(|amount| company.can_reserve(amount)),
        })
    }

    /// The next number, or why there is none. In closed hours nobody asks about it.
    fn lead_facts(&mut self, id: CampaignId, closed: bool) -> Option<Result<LeadFacts, IdleReason>> {
        let task = self.tasks.get(&id)?;
        let company = task.cfg.company;
        let phone = match task.hopper.front() {
            _ if task.redialling => return Some(Err(IdleReason::Loading)),
            None => return Some(Err(task.hopper.idle())),
            Some(row) => row.phone.clone(),
        };
        let area_until = if closed { None } else { self.area_until(id, &phone) };
        let blocked = self.blocked.blocks(company, &phone, self.now.wall);
        let (live_until, capped_until) = (self.live_until(company, &phone), self.capped_until(company, &phone));
        Some(Ok(LeadFacts { area_until, blocked, live_until, capped_until }))
    }

    /// The one reason of this moment. Calls on their way explain a full line and occupied agents better.
    fn note_reason(&mut self, id: CampaignId, reason: IdleReason) {
        let in_flight = self.calls.values().any(|c| c.open.campaign == Some(id) && c.seeks_agent());
        let explained = matches!(reason, IdleReason::AgentsOccupied | IdleReason::ChannelsFull | IdleReason::Loading);
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.why = if in_flight && explained { IdleReason::Dialling } else { reason };
        let (company_id, name) = (task.cfg.company, task.cfg.name.clone());
        let Some(company) = self.companies.get_mut(&company_id) else { return };
        if reason == IdleReason::NoBalance && !company.broke {
            company.broke = true;
            self.event(company_id, true, "balance_empty", &[("campaign", &name)]);
        }
        if reason == IdleReason::SpendCap {
            self.tell_spend(company_id);
        }
    }

    fn dial_row(&mut self, id: CampaignId) -> Option<()> {
        let task = self.tasks.get_mut(&id)?;
        let (company, trunk) = (task.cfg.company, task.cfg.trunk);
        let row = task.hopper.take()?;
        let phone = row.phone.clone();
        let kind = CallKind::Campaign;
        self.open_call(Order { company, kind, campaign: Some((id, row)), trunk, seat: None, phone })?;
        self.tasks.get_mut(&id)?.live += 1;
        let company = self.companies.get_mut(&company)?;
        company.broke = false;
        Some(())
    }

    /// Blocked: closed undialled it leaves 总数 (D13); in a later round it was dialled before and stays counted.
    fn close_row(&mut self, id: CampaignId) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        let Some(row) = task.hopper.take() else { return };
        task.faults.remove(&row.lead);
        let undialled = row.round <= 1 && row.attempts == 0;
        task.state.total = task.state.total.saturating_sub(u32::from(undialled));
        self.counted.insert(id);
        let phase = if undialled { LeadPhase::Closed } else { LeadPhase::Done };
        self.change_row(id, &row, (phase, CallState::Blocked, None), WhyRule::Blocked);
    }

    fn postpone_row(&mut self, id: CampaignId, until: Wall, rule: WhyRule) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        let Some(row) = task.hopper.take() else { return };
        task.hopper.postponed();
        let state = if rule == WhyRule::Area { CallState::OffHours } else { CallState::Capped };
        self.change_row(id, &row, (LeadPhase::Waiting, state, Some(until)), rule);
    }

    fn change_row(
        &mut self,
        campaign: CampaignId,
        row: &HopperLead,
        (phase, state, until): (LeadPhase, CallState, Option<Wall>),
        rule: WhyRule,
    ) {
        let at = self.now.wall;
        self.change(Change::Lead(LeadChange {
            lead: row.lead,
            campaign,
            phase,
            state,
            result: None,
            attempts: row.attempts,
            round: row.round,
            not_before: until,
            call: None,
            bands: row.bands,
            why: Some(Why { rule, value: String::new(), at }),
        }));
    }

    /// 完成 when nothing is left and no call is up (D5); else the hopper is kept filled.
    pub(super) fn finish_or_load(&mut self, id: CampaignId, heads: Heads) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        if task.redialling || !task.is_running() {
            return;
        }
        let preview = task.cfg.pacing.mode == PacingMode::Preview;
        let empty = task.hopper.front().is_none();
        match task.hopper.idle() {
            IdleReason::Finishing if empty && task.live == 0 => {
                let (company, name) = (task.cfg.company, task.cfg.name.clone());
                self.set_status(id, CampaignStatus::Finished);
                return self.event(company, false, "campaign_finished", &[("campaign", &name)]);
            }
            IdleReason::Waiting if empty && !self.timers.is_armed(Timer::Load(id)) => {
                self.timers.arm(Timer::Load(id), self.now.mono.after_ms(LOOK_AGAIN_MS));
            }
            _ => {}
        }
        if let Some(want) = task.hopper.request(if preview { 1 } else { READY + 2 * heads.signed_in }) {
            self.effect(Effect::LoadLeads { campaign: id, want });
        }
    }
}
