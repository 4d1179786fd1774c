//! 预览式外呼 (F53–F66): the task's agents dial its numbers, each when he wants; nothing is dialled by itself.

use super::callers::Dialler;
use crate::{
    Engine,
    agent::roster::Heads,
    call::dial::{HandDialled, Order},
    io::{Actor, HopperLead, PacingMode},
};
use hutong_api::{CallKind, CampaignId, Refusal, board::IdleReason};

impl Engine {
    pub(crate) fn is_preview(&self, id: CampaignId) -> bool {
        self.tasks.get(&id).is_some_and(|task| task.cfg.pacing.mode == PacingMode::Preview)
    }

    /// 点拨. The store has given the row to this seat; every check of the dial decision holds here too, in its order.
    pub(crate) fn preview_dial(&mut self, who: &Actor, id: CampaignId, row: HopperLead) -> Result<(), Refusal> {
        let task = self.task_of(who.company, id)?;
        let (trunk, running, preview) =
            (task.cfg.trunk, task.is_running(), task.cfg.pacing.mode == PacingMode::Preview);
        let full = task.cfg.channels > 0 && task.live >= task.cfg.channels;
        if !preview {
            return Err(Refusal::new("campaign.not_preview"));
        }
        let busy = self.free_to_dial(who.seat)?;
        // Asked for twice at once: the second still has the row as it was before the first.
        let asked = (row.lead, row.round, row.attempts);
        if self.seats.get(&who.seat).is_some_and(|seat| seat.last_row == Some(asked)) {
            return Err(Refusal::new("number.taken"));
        }
        let minute = self.companies.get(&who.company).map_or(0, |company| company.local(self.now.wall).minute);
        let closed = self.closed_now(id, minute);
        let area_until = if closed.is_none() { self.area_until(id, &row.phone) } else { None };
        let spent = self.numbers_spent(who.company, Dialler::Campaign(id), trunk).then_some(IdleReason::NumbersSpent);
        let line = full.then_some(IdleReason::ChannelsFull).or(spent);
        let task = HandDialled { running, closed, area_until, line };
        self.screen_call((who.company, who.seat), trunk, &row.phone, task)?;
        let phone = row.phone.clone();
        if let Some(task) = self.tasks.get_mut(&id) {
            task.hopper.leave(row.lead);
        }
        let (company, kind, seat) = (who.company, CallKind::Preview, Some(who.seat));
        self.dial_by_hand(Order { company, kind, campaign: Some((id, row)), trunk, seat, phone }, busy)?;
        if let Some(task) = self.tasks.get_mut(&id) {
            task.live += 1;
        }
        if let Some(seat) = self.seats.get_mut(&who.seat) {
            seat.last_row = Some(asked);
        }
        Ok(())
    }

    /// Why the task stands, and whether it is done. The hopper holds one number at most: that any is left.
    pub(crate) fn watch_preview(&mut self, id: CampaignId, minute: u16) {
        let closed = self.closed_now(id, minute);
        let Some(task) = self.tasks.get_mut(&id).filter(|task| task.is_running()) else { return };
        task.why = match (task.live, closed, task.hopper.front()) {
            (_, Some(closed), _) => closed,
            (1.., None, _) => IdleReason::Dialling,
            (0, None, Some(_)) => IdleReason::ByHand,
            (0, None, None) => task.hopper.idle(),
        };
        self.finish_or_load(id, Heads::default());
    }
}
