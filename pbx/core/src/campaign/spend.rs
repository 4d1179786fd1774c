//! What a company allows itself to spend in a local day, and each seat by hand. A dial is held where what is charged, what is
//! reserved and its own reservation would pass it; calls that are up go on.

use crate::{Engine, company::Company};
use hutong_api::{CompanyId, Micro, SeatId};

impl Company {
    pub(crate) fn over_spend(&self, next: Micro) -> bool {
        let most = self.cfg.limits.spend_day;
        most > Micro::ZERO && self.today.charged + self.held + next > most
    }

    pub(crate) fn seat_over_spend(&self, seat: SeatId, next: Micro) -> bool {
        let most = self.cfg.limits.spend_seat_day;
        let spent = self.today.by_hand.get(&seat).copied().unwrap_or_default();
        most > Micro::ZERO && spent + next > most
    }
}

impl Engine {
    /// Once a day, and again when the limit was changed.
    pub(crate) fn tell_spend(&mut self, id: CompanyId) {
        let Some(company) = self.companies.get_mut(&id).filter(|c| !c.spend_told) else { return };
        company.spend_told = true;
        let most = company.cfg.limits.spend_day.to_string();
        self.event(id, true, "spend_cap", &[("amount", &most)]);
    }
}
