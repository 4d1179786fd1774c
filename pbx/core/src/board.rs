//! The engine as the live board shows it: numbers masked, nothing computed twice.

use crate::{
    Engine,
    agent::seat::Seat,
    call::live::{Call, Stage},
    campaign::task::Task,
    company::Company,
    time::Now,
    trunk::Trunk,
};
use hutong_api::{
    CompanyId,
    board::{BoardMsg, CallRow, CampaignRow, PaceRow, SeatRow, Totals, TrunkRow},
    live::SeatState,
};

impl Engine {
    pub(crate) fn draw_board(&self, id: CompanyId, now: Now) -> Option<BoardMsg> {
        let company = self.companies.get(&id)?;
        let calls = || self.calls.values().filter(|c| c.open.company == id);
        let trunks = || self.trunks.values().filter(|t| t.cfg.company == id);
        Some(BoardMsg {
            seq: 0,
            full: true,
            at: now.wall.0,
            totals: Some(self.totals(company, now)),
            campaigns: Some(
                self.tasks.values().filter(|t| t.cfg.company == id).map(|t| self.campaign_row(t, company)).collect(),
            ),
            trunks: Some(trunks().map(trunk_row).collect()),
            calls: Some(calls().map(|c| self.call_row(c)).collect()),
            seats: Some(
                company.seats.iter().filter_map(|s| self.seats.get(s)).map(|s| self.seat_row(s, now)).collect(),
            ),
            events: None,
            acks: None,
        })
    }

    fn totals(&self, company: &Company, now: Now) -> Totals {
        let id = company.cfg.id;
        let trunks = || self.trunks.values().filter(|t| t.cfg.company == id);
        let queued = || self.calls.values().filter(|c| c.open.company == id && c.stage == Stage::Queued);
        let oldest = queued().filter_map(|c| c.queued_at).min();
        let today = &company.today;
        Totals {
            company: company.cfg.name.clone(),
            demo: company.cfg.demo,
            balance: company.balance,
            held: company.held,
            unlimited: company.cfg.unlimited,
            dialled: today.dialled,
            answered: today.answered,
            to_agent: today.to_agent,
            abandoned: today.abandoned,
            charged: today.charged,
            channels: trunks().map(|t| t.live).sum(),
            channels_max: trunks().filter(|t| t.cfg.enabled).map(|t| t.cfg.channels).sum(),
            dialled_by_hour: today.dialled_by_hour.clone(),
            answered_by_hour: today.answered_by_hour.clone(),
            queued: queued().count() as u32,
            queued_oldest_ms: oldest.map_or(0, |at| now.mono.0.saturating_sub(at.0)),
        }
    }

    fn call_row(&self, call: &Call) -> CallRow {
        let open = &call.open;
        CallRow {
            id: open.call,
            kind: open.kind,
            stage: call.board_stage(),
            since: call.stage_since.0,
            seat: call.seat,
            campaign: self.campaign_name(call),
            trunk: self.trunks.get(&open.trunk).map(|t| t.cfg.name.clone()).unwrap_or_default(),
            number: open.phone.masked(),
            name: open.name.clone(),
        }
    }

    fn seat_row(&self, seat: &Seat, now: Now) -> SeatRow {
        let running_wrap = match seat.state {
            SeatState::WrapUp => u64::try_from(now.wall.0 - seat.since.0).unwrap_or(0),
            _ => 0,
        };
        SeatRow {
            id: seat.cfg.id,
            extension: seat.cfg.extension.clone(),
            name: seat.cfg.name.clone(),
            department: seat.cfg.department.clone(),
            state: seat.state,
            reason: seat.reason.clone(),
            since: seat.since.0,
            campaign: seat.call.and_then(|c| self.calls.get(&c)).and_then(|c| self.campaign_name(c)),
            call: seat.call,
            auto_answer: seat.cfg.auto_answer,
            today_calls: seat.today_calls,
            today_talk_s: seat.today_talk_s,
            today_wrap_s: u32::try_from((seat.today_wrap_ms + running_wrap) / 1000).unwrap_or(u32::MAX),
            quality: seat.quality,
        }
    }

    fn campaign_row(&self, task: &Task, company: &Company) -> CampaignRow {
        let state = &task.state;
        CampaignRow {
            id: task.cfg.id,
            name: task.cfg.name.clone(),
            status: state.status,
            why: task.why,
            total: state.total,
            dialled: state.dialled,
            answered: state.answered,
            to_agent: state.to_agent,
            abandoned: state.abandoned,
            in_flight: task.live,
            round: state.round,
            pace: self.pace_row(task, company),
        }
    }

    fn pace_row(&self, task: &Task, company: &Company) -> PaceRow {
        let (id, group) = (company.cfg.id, task.cfg.group);
        let heads = self.heads(id, group);
        let ledger = task.pace.ledger_of(company.day);
        PaceRow {
            agents: heads.signed_in,
            free: heads.free,
            flights: self.flights(id, group).count() as u32,
            served: ledger.served,
            lost: ledger.abandoned,
            served_before: ledger.served_before,
            lost_before: ledger.abandoned_before,
        }
    }

    fn campaign_name(&self, call: &Call) -> Option<String> {
        Some(self.tasks.get(&call.open.campaign?)?.cfg.name.clone())
    }
}

fn trunk_row(trunk: &Trunk) -> TrunkRow {
    TrunkRow {
        id: trunk.cfg.id,
        name: trunk.cfg.name.clone(),
        up: trunk.usable(),
        simulated: trunk.cfg.simulated,
        channels: trunk.live,
        channels_max: trunk.cfg.channels,
        attempts: trunk.attempts,
        answers: trunk.answers,
        pdd_ms: trunk.pdd_sum_ms.checked_div(u64::from(trunk.pdd_count)).unwrap_or(0) as u32,
        fault: trunk.fault.clone(),
    }
}
