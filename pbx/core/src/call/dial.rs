//! A call begins: the intent row with its hold first, the INVITE behind the commit. And quick dial (F10).

use super::live::{Call, Stage};
use crate::{
    Engine,
    billing::hold,
    campaign::{
        calendar,
        callers::Dialler,
        screening::{self, Facts, LeadFacts, Verdict},
    },
    io::{Change, Dial, Effect, HopperLead, LeadChange, LeadPhase, OpenCall},
    time::{Mono, Wall},
    timers::Timer,
};
use hutong_api::{
    CallId, CallKind, CallState, CampaignId, CompanyId, LegId, Phone, Refusal, SeatId, TrunkId, WhyRule,
    board::IdleReason, live::SeatState,
};

/// A dial that could not leave by then is stale: the floor, the hours or the blocklist may have changed.
const STALE_MS: u64 = 1_000;
/// A trunk that neither rings nor refuses gets this much on top of the ring limit.
pub(crate) const NO_RING_EXTRA_MS: u64 = 10_000;
/// Ring limit of quick dial.
pub(crate) const QUICK_DIAL_RING_S: u32 = 60;

pub(crate) struct Order {
    pub company: CompanyId,
    pub kind: CallKind,
    pub campaign: Option<(CampaignId, HopperLead)>,
    pub trunk: TrunkId,
    pub seat: Option<SeatId>,
    pub phone: Phone,
}

/// What a task adds to the checks of a call by hand; quick dial has none.
pub(crate) struct HandDialled {
    pub running: bool,
    pub closed: Option<IdleReason>,
    /// The callee's own clock holds until then.
    pub area_until: Option<Wall>,
    pub line: Option<IdleReason>,
}

impl Engine {
    /// Screening is done; this dials. None when the trunk or company is gone.
    pub(crate) fn open_call(&mut self, order: Order) -> Option<CallId> {
        let now = self.now;
        if !self.trunks.contains_key(&order.trunk) || !self.companies.contains_key(&order.company) {
            return None;
        }
        let campaign = order.campaign.as_ref().map(|(id, _)| *id);
        let by = match (campaign, order.seat) {
            (Some(id), _) => Dialler::Campaign(id),
            (None, seat) => Dialler::Seat(seat?),
        };
        let caller = self.show_number(order.company, by, order.trunk, &order.phone);
        let trunk = self.trunks.get_mut(&order.trunk)?;
        let company = self.companies.get_mut(&order.company)?;
        trunk.depart(now.mono);
        let (increment_s, price) = (trunk.cfg.increment_s, trunk.cfg.price);
        let hold = hold::first(increment_s, price);
        let (call, leg) = (CallId(self.next_call), LegId(self.next_leg));
        self.next_call += 1;
        self.next_leg += 1;
        company.held += hold.amount;
        let row = order.campaign.as_ref().map(|(_, row)| row.clone());
        let open = OpenCall {
            call,
            leg,
            company: order.company,
            kind: order.kind,
            campaign,
            lead: row.as_ref().map(|r| r.lead),
            round: row.as_ref().map_or(0, |r| r.round),
            tries: row.as_ref().map_or(0, |r| r.attempts),
            trunk: order.trunk,
            seat: order.seat,
            phone: order.phone.clone(),
            name: row.as_ref().map(|r| r.name.clone()).unwrap_or_default(),
            caller,
            started: now.wall,
            answered: None,
            bridged: None,
            proven: None,
            held: hold.amount,
            increment_s,
            price,
        };
        self.attempts.add(order.company, &order.phone, now.wall);
        self.busy_phones.insert((order.company, order.phone.clone()));
        self.legs.insert(leg, call);
        let ring_ms = u64::from(self.ring_limit_s(open.campaign)) * 1000 + NO_RING_EXTRA_MS;
        self.timers.arm(Timer::Ring(call), now.mono.after_ms(ring_ms));
        self.change(Change::OpenCall(open.clone()));
        if let Some((campaign, row)) = &order.campaign {
            self.change(Change::Lead(LeadChange {
                lead: row.lead,
                campaign: *campaign,
                phase: LeadPhase::Dialling,
                state: CallState::Calling,
                result: None,
                attempts: row.attempts,
                round: row.round,
                not_before: None,
                call: Some(call),
                bands: row.bands,
                why: None,
            }));
        }
        self.effect(Effect::Dial(Dial {
            leg,
            call,
            company: order.company,
            trunk: order.trunk,
            phone: order.phone,
            caller: open.caller.clone(),
            not_after: now.mono.after_ms(STALE_MS),
        }));
        self.calls.insert(call, Call::new(open, row, hold, order.seat, now));
        Some(call)
    }

    pub(crate) fn ring_limit_s(&self, campaign: Option<CampaignId>) -> u32 {
        campaign.and_then(|id| self.tasks.get(&id)).map_or(QUICK_DIAL_RING_S, |t| t.cfg.ring_s)
    }

    /// 快速拨号: the same checks as a campaign's number, but for pacing; the refusal says which one stopped it.
    pub(crate) fn quick_dial(&mut self, id: SeatId, number: &str) -> Result<(), Refusal> {
        let phone = Phone::from_digits(number).ok_or(Refusal::new("number.bad").with("number", number))?;
        let busy = self.free_to_dial(id)?;
        let seat = self.signed_in_seat(id)?;
        let (company, wished) = (seat.cfg.company, seat.cfg.trunk);
        let trunk = self.trunk_for(company, wished).ok_or(Refusal::new("trunk.none"))?;
        self.screen_by_hand(company, id, trunk, &phone)?;
        let kind = CallKind::Outbound;
        self.dial_by_hand(Order { company, kind, campaign: None, trunk, seat: Some(id), phone }, busy)
    }

    /// The seat may dial now. Returns the reason of the 示忙 it goes back to afterwards.
    pub(crate) fn free_to_dial(&mut self, id: SeatId) -> Result<Option<String>, Refusal> {
        if self.stopping {
            return Err(Refusal::new("service.stopping"));
        }
        let seat = self.signed_in_seat(id)?;
        if seat.in_call() {
            return Err(Refusal::new("agent.in_call"));
        }
        if !seat.reachable() {
            return Err(Refusal::new("agent.no_microphone"));
        }
        match seat.state {
            SeatState::Idle => Ok(None),
            // The open card makes him busy again, if it still is.
            SeatState::Busy if seat.waits_for_card() => Ok(None),
            SeatState::Busy => Ok(seat.reason.clone()),
            _ => Err(Refusal::new("agent.occupied")),
        }
    }

    /// Screened: the seat hears it from the first ring, its card before it.
    pub(crate) fn dial_by_hand(&mut self, order: Order, busy: Option<String>) -> Result<(), Refusal> {
        let seat = order.seat.ok_or(Refusal::new("agent.unknown"))?;
        let call = self.open_call(order).ok_or(Refusal::new("trunk.none"))?;
        if let Some(seat) = self.seats.get_mut(&seat) {
            seat.back_to_busy = busy;
        }
        self.occupy(seat, call, SeatState::Ringing);
        self.pop_ringing(call, seat);
        Ok(())
    }

    fn screen_by_hand(
        &mut self,
        company: CompanyId,
        seat: SeatId,
        trunk: TrunkId,
        phone: &Phone,
    ) -> Result<(), Refusal> {
        let spent = self.numbers_spent(company, Dialler::Seat(seat), trunk).then_some(IdleReason::NumbersSpent);
        let (Some(own), Some(line)) = (self.companies.get(&company), self.trunks.get(&trunk)) else {
            return Err(Refusal::new("trunk.none"));
        };
        let exempt = own.cfg.hard_stop_lifted || line.cfg.simulated;
        let closed = calendar::hard_stop(exempt, own.local(self.now.wall).minute);
        self.screen_call(
            (company, seat),
            trunk,
            phone,
            HandDialled { running: true, closed, area_until: None, line: spent },
        )
    }

    /// The checks of the dial decision for a call by hand; the refusal says which one stopped it.
    pub(crate) fn screen_call(
        &mut self,
        (company, seat): (CompanyId, SeatId),
        trunk: TrunkId,
        phone: &Phone,
        task: HandDialled,
    ) -> Result<(), Refusal> {
        let (capped_until, live_until) = (self.capped_until(company, phone), self.live_until(company, phone));
        let (Some(own), Some(line)) = (self.companies.get(&company), self.trunks.get_mut(&trunk)) else {
            return Err(Refusal::new("trunk.none"));
        };
        let hold = hold::first(line.cfg.increment_s, line.cfg.price).amount;
        if own.seat_over_spend(seat, hold) {
            return Err(Refusal::new("spend.seat"));
        }
        let blocked = self.blocked.blocks(company, phone, self.now.wall);
        let HandDialled { running, closed, area_until, line: spent } = task;
        let facts = Facts {
            running,
            storage_ok: self.storage_ok,
            closed,
            lead: Ok(LeadFacts { area_until, blocked, live_until, capped_until }),
            line: line.obstacle_by_hand(self.now.mono).or(spent),
            agents: None,
            over_spend: own.over_spend(hold),
            affordable: own.can_reserve(hold),
        };
        let code = match screening::decide(&facts) {
            Verdict::Dial => return Ok(()),
            Verdict::Close => "number.blocked",
            Verdict::Delay(_, WhyRule::Area) => "number.area",
            Verdict::Delay(..) if live_until.is_some() => "number.in_call",
            Verdict::Delay(until, _) => {
                let seconds = (until.0 - self.now.wall.0 + 999) / 1000;
                return Err(Refusal::new("number.capped").with("seconds", seconds));
            }
            Verdict::Hold(IdleReason::NotRunning) => "campaign.not_running",
            Verdict::Hold(IdleReason::OffHours) => "hours.off",
            Verdict::Hold(IdleReason::Holiday) => "hours.holiday",
            Verdict::Hold(IdleReason::Rest) => "hours.rest",
            Verdict::Hold(IdleReason::NoBalance) => "balance.empty",
            Verdict::Hold(IdleReason::SpendCap) => "spend.company",
            Verdict::Hold(IdleReason::HardStop) => "hours.hard_stop",
            Verdict::Hold(IdleReason::Storage) => "storage.full",
            Verdict::Hold(IdleReason::NumbersSpent) => "trunk.numbers_spent",
            Verdict::Hold(IdleReason::ChannelsFull) => "trunk.full",
            Verdict::Hold(_) => "trunk.down",
        };
        Err(Refusal::new(code))
    }

    /// The seat's own trunk, else the company's first that works, else its first.
    fn trunk_for(&self, company: CompanyId, wished: Option<TrunkId>) -> Option<TrunkId> {
        let own = || self.trunks.values().filter(|t| t.cfg.company == company && t.cfg.enabled);
        let wished = own().find(|t| Some(t.cfg.id) == wished);
        wished.or_else(|| own().find(|t| t.up)).or_else(|| own().next()).map(|t| t.cfg.id)
    }

    /// The leg is on the wire: it counts as an attempt.
    pub(crate) fn note_sent(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(&id).filter(|c| !c.sent) else { return };
        call.sent = true;
        if let Some(trunk) = self.trunks.get_mut(&call.open.trunk) {
            trunk.attempts += 1;
        }
        if let Some(company) = self.companies.get_mut(&call.open.company) {
            company.count_dialled(self.now);
        }
    }

    pub(crate) fn ring_limit(&mut self, id: CallId) {
        let unanswered = |c: &Call| matches!(c.stage, Stage::Dialling | Stage::Ringing);
        if self.calls.get(&id).is_some_and(unanswered) {
            self.hang_up(id, hutong_api::EndedBy::System, Some("call.fault.no_answer"));
        }
    }

    pub(crate) fn arm_ring_limit(&mut self, id: CallId, from: Mono) {
        let limit = self.calls.get(&id).map(|c| self.ring_limit_s(c.open.campaign)).unwrap_or(QUICK_DIAL_RING_S);
        self.timers.arm(Timer::Ring(id), from.after_ms(u64::from(limit) * 1000));
    }
}
