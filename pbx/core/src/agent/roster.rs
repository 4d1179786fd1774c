//! Who is there, who is free, and whose turn it is.

use super::seat::Seat;
use crate::Engine;
use hutong_api::{CallId, CompanyId, SeatId, live::SeatState};

/// Heads of one group, for pacing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heads {
    pub signed_in: u32,
    pub free: u32,
}

impl Engine {
    pub(crate) fn heads(&self, company: CompanyId, group: Option<i64>) -> Heads {
        let mut heads = Heads::default();
        for seat in self.crew(company, group) {
            heads.signed_in += u32::from(!matches!(seat.state, SeatState::SignedOut | SeatState::Lost));
            heads.free += u32::from(seat.state == SeatState::Idle && seat.reachable());
        }
        heads
    }

    /// The seats of a group (转坐席配置), without one all of the company. A group that is gone has none.
    pub(crate) fn crew(&self, company: CompanyId, group: Option<i64>) -> impl Iterator<Item = &Seat> {
        let company = self.companies.get(&company);
        let members = group.map(|id| {
            let groups = company.map(|c| c.cfg.groups.as_slice()).unwrap_or_default();
            groups.iter().find(|g| g.id == id).map(|g| g.seats.as_slice()).unwrap_or_default()
        });
        let seats = company.into_iter().flat_map(|c| c.seats.iter()).filter_map(|id| self.seats.get(id));
        seats.filter(move |s| members.is_none_or(|m| m.contains(&s.cfg.id)))
    }

    /// The longest-idle free agent who may take this call; `auto`: only those with (or without) 自动接听.
    pub(crate) fn longest_idle(&self, call: CallId, auto: Option<bool>, not: &[SeatId]) -> Option<SeatId> {
        let open = &self.calls.get(&call)?.open;
        let group = open.campaign.and_then(|c| self.tasks.get(&c)).and_then(|t| t.cfg.group);
        self.crew(open.company, group)
            .filter(|s| s.state == SeatState::Idle && s.reachable() && !not.contains(&s.cfg.id))
            .filter(|s| auto.is_none_or(|auto| s.cfg.auto_answer == auto))
            .min_by_key(|s| (s.idle_since, s.cfg.id))
            .map(|s| s.cfg.id)
    }
}
