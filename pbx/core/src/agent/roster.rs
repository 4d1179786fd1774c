//! Who is there, who is free, and whose turn it is.

use crate::Engine;
use hutong_api::{CompanyId, SeatId, live::SeatState};

/// Heads of one group, for pacing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Heads {
    pub signed_in: u32,
    pub free: u32,
}

impl Engine {
    pub(crate) fn heads(&self, company: CompanyId) -> Heads {
        let mut heads = Heads::default();
        let Some(company) = self.companies.get(&company) else { return heads };
        for seat in company.seats.iter().filter_map(|id| self.seats.get(id)) {
            heads.signed_in += u32::from(!matches!(seat.state, SeatState::SignedOut | SeatState::Lost));
            heads.free += u32::from(seat.state == SeatState::Idle && seat.reachable());
        }
        heads
    }

    /// The longest-idle free agent who may take a call; `auto`: only those with (or without) 自动接听.
    pub(crate) fn longest_idle(&self, company: CompanyId, auto: Option<bool>, not: &[SeatId]) -> Option<SeatId> {
        let seats = self.companies.get(&company)?.seats.iter().filter_map(|id| self.seats.get(id));
        seats
            .filter(|s| s.state == SeatState::Idle && s.reachable() && !not.contains(&s.cfg.id))
            .filter(|s| auto.is_none_or(|auto| s.cfg.auto_answer == auto))
            .min_by_key(|s| (s.idle_since, s.cfg.id))
            .map(|s| s.cfg.id)
    }
}
