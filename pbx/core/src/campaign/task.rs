//! A campaign's state machine (F31–F33, F45, F46): 就绪 → 运行中 ⇄ 暂停中, 运行中 → 完成, and back by append or redial.

use super::{hopper::Hopper, learning::Pace};
use crate::{
    Engine,
    call::cause,
    io::{CampaignBoot, CampaignCfg, CampaignState, Change, PacingMode},
    time::Wall,
};
use hutong_api::{
    CallId, CampaignId, CompanyId, LeadId, Refusal,
    board::{CampaignStatus, IdleReason},
};
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Task {
    pub cfg: CampaignCfg,
    pub state: CampaignState,
    /// What the store holds.
    pub stored: CampaignState,
    pub hopper: Hopper,
    /// Why it is not dialling now.
    pub why: IdleReason,
    /// Legs that are up.
    pub live: u32,
    /// Tries a number lost to faults of the line.
    pub faults: BTreeMap<LeadId, u32>,
    /// A new round is being prepared by the store.
    pub redialling: bool,
    /// When areas whose clock runs so many minutes late open next.
    pub opens: BTreeMap<i16, Wall>,
    pub pace: Pace,
}

impl Task {
    pub fn new(boot: CampaignBoot) -> Task {
        Task {
            pace: Pace::from_stored(boot.cfg.pacing, &boot.learnt, boot.ledger),
            cfg: boot.cfg,
            state: boot.state,
            stored: boot.state,
            hopper: Hopper::default(),
            why: IdleReason::NotRunning,
            live: 0,
            faults: BTreeMap::new(),
            redialling: false,
            opens: BTreeMap::new(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.state.status == CampaignStatus::Running
    }

    /// 已呼 counts numbers (D21): only in the first round of the number, and once.
    pub fn count_dialled(&mut self, round: u32, already: bool) {
        self.state.dialled += u32::from(round <= 1 && !already);
    }
}

/// A campaign as made, before anything was added or started.
pub(crate) const NEW: CampaignState = CampaignState {
    status: CampaignStatus::Ready,
    round: 1,
    total: 0,
    dialled: 0,
    answered: 0,
    to_agent: 0,
    abandoned: 0,
};

impl Engine {
    pub(crate) fn start_campaign(&mut self, company: CompanyId, id: CampaignId, by: &str) -> Result<(), Refusal> {
        let task = self.task_of(company, id)?;
        match task.state.status {
            CampaignStatus::Running => return Ok(()),
            CampaignStatus::Finished => return Err(Refusal::new("campaign.finished")),
            CampaignStatus::Ready if task.state.total == 0 => return Err(Refusal::new("campaign.empty")),
            CampaignStatus::Ready | CampaignStatus::Paused => {}
        }
        let cfg = task.cfg.clone();
        self.may_run(&cfg)?;
        let name = cfg.name;
        self.set_status(id, CampaignStatus::Running);
        self.event(company, false, "campaign_started", &[("campaign", &name), ("by", by)]);
        Ok(())
    }

    /// What a task needs in order to run as it is set. Agents who dial its numbers themselves need neither script nor notice, and
    /// the lock (D22) lets them.
    pub(crate) fn may_run(&self, cfg: &CampaignCfg) -> Result<(), Refusal> {
        if !self.trunks.contains_key(&cfg.trunk) {
            return Err(Refusal::new("campaign.no_trunk"));
        }
        if cfg.pacing.mode == PacingMode::Preview {
            return Ok(());
        }
        if self.preview_only(cfg.company) {
            return Err(Refusal::new("campaign.preview_only"));
        }
        match self.scripts.get(&cfg.script) {
            None => return Err(Refusal::new("campaign.no_script")),
            Some(script) if !script.to_agent => return Err(Refusal::new("campaign.script_without_agent")),
            Some(_) => {}
        }
        let notice = self.companies.get(&cfg.company).is_some_and(|c| c.cfg.abandon_prompt.is_some());
        if cfg.pacing.mode.dials_ahead() && !notice {
            return Err(Refusal::new("campaign.no_abandon_notice"));
        }
        Ok(())
    }

    /// A finished task has numbers again. Where it may not run as it is set by now it is paused, with a word of why.
    pub(crate) fn go_on(&mut self, id: CampaignId) {
        let Some(cfg) = self.tasks.get(&id).map(|task| task.cfg.clone()) else { return };
        match self.may_run(&cfg) {
            Ok(()) => self.set_status(id, CampaignStatus::Running),
            Err(refusal) => {
                self.set_status(id, CampaignStatus::Paused);
                self.event(cfg.company, true, "campaign_held", &[("campaign", &cfg.name), ("why", &refusal.code)]);
            }
        }
    }

    fn preview_only(&self, company: CompanyId) -> bool {
        self.companies.get(&company).is_some_and(|company| company.cfg.preview_only)
    }

    /// The lock came on (D22): what runs is paused, and stays so until somebody starts it again.
    pub(crate) fn obey_lock(&mut self, company: CompanyId, by: &str) {
        if !self.preview_only(company) {
            return;
        }
        let by_itself = |task: &Task| task.cfg.pacing.mode != PacingMode::Preview;
        let theirs = |task: &Task| task.cfg.company == company && task.is_running() && by_itself(task);
        let running: Vec<_> =
            self.tasks.iter().filter(|(_, task)| theirs(task)).map(|(id, task)| (*id, task.cfg.name.clone())).collect();
        for (id, name) in running {
            self.set_status(id, CampaignStatus::Paused);
            self.event(company, false, "campaign_paused", &[("campaign", &name), ("by", by)]);
        }
    }

    pub(crate) fn pause_campaign(&mut self, company: CompanyId, id: CampaignId, by: &str) -> Result<(), Refusal> {
        let task = self.task_of(company, id)?;
        match task.state.status {
            CampaignStatus::Paused => return Ok(()),
            CampaignStatus::Ready => return Err(Refusal::new("campaign.not_started")),
            CampaignStatus::Finished => return Err(Refusal::new("campaign.finished")),
            CampaignStatus::Running if task.redialling => return Err(Refusal::new("campaign.preparing")),
            CampaignStatus::Running => {}
        }
        let name = task.cfg.name.clone();
        self.set_status(id, CampaignStatus::Paused);
        self.event(company, false, "campaign_paused", &[("campaign", &name), ("by", by)]);
        Ok(())
    }

    /// 任务重呼. It counts as running from here on, so that a crash before the store's answer loses nothing.
    pub(crate) fn redial_campaign(&mut self, company: CompanyId, id: CampaignId) -> Result<(), Refusal> {
        let task = self.task_of(company, id)?;
        let (status, cfg) = (task.state.status, task.cfg.clone());
        if self.preview_only(company) && cfg.pacing.mode != PacingMode::Preview {
            return Err(Refusal::new("campaign.preview_only"));
        }
        if status != CampaignStatus::Finished {
            return Err(Refusal::new("campaign.not_finished"));
        }
        self.may_run(&cfg)?;
        let task = self.task_of(company, id)?;
        task.redialling = true;
        task.state.round += 1;
        let round = task.state.round;
        let states = cause::redial_states(&task.cfg.rules.redial.also);
        self.change(Change::Redial { campaign: id, round, states, abandoned: true });
        self.set_status(id, CampaignStatus::Running);
        Ok(())
    }

    pub(crate) fn redialled(&mut self, id: CampaignId, leads: u32) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.redialling = false;
        task.hopper.clear();
        let (company, name) = (task.cfg.company, task.cfg.name.clone());
        if leads > 0 {
            // Rows of one agent's own come back into a task that may be done.
            if task.state.status == CampaignStatus::Finished {
                self.go_on(id);
            }
            self.dirty.insert(company);
            return self.event(company, false, "redial", &[("campaign", &name), ("count", &leads.to_string())]);
        }
        task.state.round = task.state.round.saturating_sub(1).max(1);
        self.set_status(id, CampaignStatus::Finished);
        self.event(company, false, "redial_none", &[("campaign", &name)]);
    }

    /// Only asks whether it may go; the desk deletes.
    pub(crate) fn may_delete(&mut self, company: CompanyId, id: CampaignId) -> Result<(), Refusal> {
        let task = self.task_of(company, id)?;
        match (task.is_running(), task.live) {
            (true, _) => Err(Refusal::new("campaign.running")),
            (false, 0) => Ok(()),
            (false, _) => Err(Refusal::new("campaign.calls_up")),
        }
    }

    pub(crate) fn leads_added(&mut self, id: CampaignId, added: u32) {
        let Some(task) = self.tasks.get_mut(&id).filter(|_| added > 0) else { return };
        task.state.total += added;
        task.hopper.look_again();
        let (company, name, status) = (task.cfg.company, task.cfg.name.clone(), task.state.status);
        self.counted.insert(id);
        self.dirty.insert(company);
        if status == CampaignStatus::Finished {
            self.go_on(id);
        }
        self.event(company, false, "leads_added", &[("campaign", &name), ("count", &added.to_string())]);
    }

    /// Numbers held ready may be among them.
    pub(crate) fn leads_removed(&mut self, id: CampaignId, removed: u32) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.state.total = task.state.total.saturating_sub(removed);
        task.hopper.clear();
        let (company, name) = (task.cfg.company, task.cfg.name.clone());
        self.counted.insert(id);
        self.dirty.insert(company);
        self.event(company, false, "leads_removed", &[("campaign", &name), ("count", &removed.to_string())]);
    }

    pub(crate) fn set_status(&mut self, id: CampaignId, status: CampaignStatus) {
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.state.status = status;
        task.why = if task.is_running() { IdleReason::Loading } else { IdleReason::NotRunning };
        task.hopper.clear();
        let company = task.cfg.company;
        self.counted.insert(id);
        self.dirty.insert(company);
        if let Some(company) = self.companies.get_mut(&company) {
            company.note_status(id, status);
        }
    }

    /// The callee answered: he is among 已呼 and 接通 from here on, each number once.
    pub(crate) fn count_answer(&mut self, call: CallId) {
        let Some(call) = self.calls.get_mut(&call) else { return };
        let (Some(id), Some(row)) = (call.open.campaign, call.row.as_ref()) else { return };
        let Some(task) = self.tasks.get_mut(&id) else { return };
        task.count_dialled(row.round, call.counted);
        task.state.answered += u32::from(!row.answered_before);
        call.counted = true;
        self.counted.insert(id);
    }

    pub(crate) fn count_to_agent(&mut self, call: CallId) {
        let Some(id) = self.calls.get(&call).and_then(|c| c.open.campaign) else { return };
        if let Some(task) = self.tasks.get_mut(&id) {
            task.state.to_agent += 1;
            self.counted.insert(id);
        }
    }

    /// 呼损: counted at the moment the callee is given up.
    pub(crate) fn count_abandoned(&mut self, call: CallId) {
        let Some(call) = self.calls.get_mut(&call).filter(|c| !c.abandoned) else { return };
        call.abandoned = true;
        let company = call.open.company;
        if let Some(company) = self.companies.get_mut(&company) {
            company.today.abandoned += 1;
        }
        let again = call.row.as_ref().is_some_and(|r| r.answered_before);
        let Some((id, task)) = call.open.campaign.and_then(|id| Some((id, self.tasks.get_mut(&id)?))) else { return };
        task.state.abandoned += u32::from(!again);
        let name = task.cfg.name.clone();
        let call = call.open.call;
        self.counted.insert(id);
        self.event(company, true, "abandoned", &[("campaign", &name)]);
        self.learn_outcome(call, true);
    }

    pub(crate) fn task_of(&mut self, company: CompanyId, id: CampaignId) -> Result<&mut Task, Refusal> {
        self.tasks.get_mut(&id).filter(|t| t.cfg.company == company).ok_or(Refusal::new("campaign.unknown"))
    }
}
