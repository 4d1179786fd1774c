//! A call ends: its CDR, charge, number and campaign in one turn, and the release of everything it held.

use super::{
    cause::{self, Ending},
    live::Call,
};
use crate::{
    Engine,
    billing::rating,
    campaign::retry::{self, Next, Try},
    io::{Cdr, Change, Effect, LeadChange, LeadPhase, LegEnd, LegEndHow, OpenCall, Tone, Why},
    time::Wall,
    timers::Timer,
};
use hutong_api::{CallId, CallResult, CallState, CampaignId, EndedBy, WhyRule};

/// Tries of one number that the line's faults may cost before it is given up for this round.
const MAX_LINE_FAULTS: u32 = 3;
/// An abandoned callee is not dialled again for so long, unless an agent is guaranteed (D3): 72 hours.
const AFTER_ABANDON_MS: i64 = 72 * 3_600_000;
/// A number whose dial never left waits so long.
const AFTER_NOT_SENT_MS: i64 = 5_000;

pub(crate) fn whole_seconds(from: Wall, to: Wall) -> u32 {
    u32::try_from((to.0 - from.0).max(0) / 1000).unwrap_or(u32::MAX)
}

/// The CDR of a call that ended under our eyes. `capped`: the charge never exceeds what was reserved.
fn write(call: &Call, end: &LegEnd, ended: Wall, capped: bool) -> Cdr {
    let open = call.open.clone();
    let ending = cause::ending(end);
    let billable_s = open.answered.map_or(0, |at| {
        let measured = rating::billable_s(at, ended);
        if capped { measured.min(call.hold.covers_s) } else { measured }
    });
    let (state, result) = match (open.answered, open.bridged) {
        (Some(_), Some(_)) => (CallState::Answered, CallResult::ToAgent),
        (Some(_), None) if call.abandoned => (CallState::Answered, CallResult::Abandoned),
        (Some(_), None) => (CallState::Answered, CallResult::HungUpEarly),
        (None, _) if end.how == LegEndHow::NotSent => (ending.state, CallResult::NotSent),
        (None, _) => (ending.state, CallResult::NotConnected),
    };
    let fault = match (call.end.and_then(|e| e.fault), result) {
        (Some(fault), _) => Some(fault.to_owned()),
        (None, CallResult::NotConnected | CallResult::NotSent) => Some(ending.fault.clone()),
        (None, CallResult::HungUpEarly) => Some("call.fault.hung_up_early".into()),
        (None, CallResult::Abandoned) => Some("call.fault.no_agent".into()),
        (None, _) if end.how == LegEndHow::Lost => Some("call.fault.lost".into()),
        (None, _) => None,
    };
    Cdr {
        ended,
        state,
        result,
        by: ended_by(call, end, ending),
        sip: end.sip,
        q850: end.q850,
        fault,
        billable_s,
        talk_s: open.bridged.map_or(0, |from| whole_seconds(from, call.talk_ended.unwrap_or(ended))),
        charge: rating::cost(billable_s, open.increment_s, open.price),
        recorded: open.answered.is_some(),
        open,
    }
}

/// The CDR of a call that was up when the process died, charged to the last proven second.
pub(crate) fn write_interrupted(open: OpenCall, hold_covers_s: u32, capped: bool) -> Cdr {
    let ended = open.proven.or(open.answered).unwrap_or(open.started).max(open.answered.unwrap_or(open.started));
    let billable_s = open.answered.map_or(0, |at| {
        let measured = rating::billable_s(at, ended);
        if capped { measured.min(hold_covers_s) } else { measured }
    });
    Cdr {
        ended,
        state: if open.answered.is_some() { CallState::Answered } else { CallState::NoAnswer },
        result: CallResult::Interrupted,
        by: EndedBy::System,
        sip: None,
        q850: None,
        fault: Some("call.fault.interrupted".into()),
        billable_s,
        talk_s: open.bridged.map_or(0, |from| whole_seconds(from, ended)),
        charge: rating::cost(billable_s, open.increment_s, open.price),
        recorded: open.answered.is_some(),
        open,
    }
}

impl Engine {
    pub(crate) fn close(&mut self, id: CallId, end: &LegEnd) {
        if end.how != LegEndHow::NotSent {
            self.note_sent(id);
        }
        let Some(call) = self.calls.get(&id) else { return };
        let ended = call.wall(self.now.mono);
        let capped = self.companies.get(&call.open.company).is_some_and(|c| !c.cfg.unlimited);
        let cdr = write(call, end, ended, capped && call.open.price.0 > 0);
        let failed_by_hand = call.open.answered.is_none() && call.open.kind.by_hand();
        if let Some(seat) = call.seat.filter(|_| failed_by_hand) {
            self.effect(Effect::Tone { seat, tone: Tone::Busy });
        }
        self.leave_seat(id, cdr.state);
        self.disarm_call(id);
        self.learn_failure(id, end);
        let Some(call) = self.calls.remove(&id) else { return };
        self.legs.remove(&call.open.leg);
        self.release_line(&call, &cdr, end);
        self.settle(&cdr, call.sent);
        self.settle_row(call, &cdr, end);
    }

    /// CDR, charge, and the end of the reservation.
    pub(crate) fn settle(&mut self, cdr: &Cdr, sent: bool) {
        let company = cdr.open.company;
        self.change(Change::CloseCall(Box::new(cdr.clone())));
        if let Some(company) = self.companies.get_mut(&company) {
            company.held -= cdr.open.held;
        }
        if sent {
            self.post_charge(cdr);
        }
        self.dirty.insert(company);
    }

    /// Room on the trunk, the callee's caps, and what the end says about the line.
    fn release_line(&mut self, call: &Call, cdr: &Cdr, end: &LegEnd) {
        let open = &call.open;
        let ending = cause::ending(end);
        let line_fault =
            open.answered.is_none() && (ending.is_line_fault() || end.how == LegEndHow::NotSent && call.end.is_none());
        self.busy_phones.remove(&(open.company, open.phone.clone()));
        if open.answered.is_none() && !ending.uses_attempt {
            self.attempts.take_back(open.company, &open.phone, open.started);
        }
        let now = self.now.mono;
        let Some(trunk) = self.trunks.get_mut(&open.trunk) else { return };
        trunk.live -= 1;
        trunk.unanswered -= u32::from(open.answered.is_none());
        if !line_fault {
            if end.how != LegEndHow::NotSent {
                trunk.works();
            }
            return;
        }
        trunk.fault(now, ending.is_line_full());
        trunk.fault = Some(cdr.sip.map_or_else(|| ending.fault.clone(), |sip| format!("SIP {sip}")));
        let (retry, name, grave) = (trunk.retry_at(), trunk.cfg.name.clone(), trunk.faults() == 3);
        self.timers.arm(Timer::Trunk(open.trunk), retry);
        if grave {
            self.event(open.company, true, "trunk_faults", &[("trunk", &name), ("fault", &ending.fault)]);
        }
    }

    /// What becomes of the number: final in this round, or waiting for its next try.
    fn settle_row(&mut self, call: Call, cdr: &Cdr, end: &LegEnd) {
        let (Some(campaign), Some(row)) = (call.open.campaign, &call.row) else { return };
        // A try that used no attempt leaves the row as it was: he may dial it once more.
        let unused = call.open.answered.is_none() && !cause::ending(end).uses_attempt;
        if let Some(seat) = call.open.seat.filter(|_| unused).and_then(|id| self.seats.get_mut(&id)) {
            seat.last_row = None;
        }
        let ending: &Ending = cause::ending(end);
        let used = u32::from(call.open.answered.is_some() || ending.uses_attempt);
        let began = call.open.started;
        let company = self.companies.get(&call.open.company).filter(|_| used > 0);
        let bands = row.bands | company.map_or(0, |c| retry::band(c.local(began).minute));
        let Some(task) = self.tasks.get_mut(&campaign) else { return };
        task.live -= 1;
        self.counted.insert(campaign);
        let tried = Try { state: cdr.state, used: row.attempts + used, began, ended: self.now.wall };
        let (again, why) = self.fate(&call, campaign, tried, (end, cdr), bands);
        let Some(task) = self.tasks.get_mut(&campaign) else { return };
        // A task that dials ahead guarantees him no agent: a new round waits (D3).
        let lost = cdr.result == CallResult::Abandoned && task.cfg.pacing.mode.dials_ahead();
        let unrepeated = lost.then(|| cdr.ended.after_ms(AFTER_ABANDON_MS));
        if used > 0 || again.is_none() {
            task.count_dialled(row.round, call.counted);
        }
        if again.is_some() {
            task.hopper.postponed();
        } else {
            task.faults.remove(&row.lead);
        }
        task.hopper.touch(row.lead);
        self.change(Change::Lead(LeadChange {
            lead: row.lead,
            campaign,
            phase: if again.is_some() { LeadPhase::Waiting } else { LeadPhase::Done },
            state: cdr.state,
            result: Some(cdr.result),
            attempts: tried.used,
            round: row.round,
            not_before: again.or(unrepeated),
            call: Some(call.open.call),
            bands,
            why: Some(why),
        }));
    }

    /// When the number is tried again in this round, and why then or why not.
    fn fate(
        &mut self,
        call: &Call,
        campaign: CampaignId,
        tried: Try,
        (end, cdr): (&LegEnd, &Cdr),
        bands: u8,
    ) -> (Option<Wall>, Why) {
        let why = |rule| Why { rule, value: String::new(), at: tried.ended };
        if call.open.answered.is_some() {
            let lost = cdr.result == CallResult::Abandoned;
            return (None, why(if lost { WhyRule::Abandoned } else { WhyRule::Answered }));
        }
        let (Some(row), Some(task)) = (&call.row, self.tasks.get_mut(&campaign)) else {
            return (None, why(WhyRule::NotSent));
        };
        let cfg = task.cfg.rules.redial.clone();
        if cause::ending(end).uses_attempt {
            let (next, why) = retry::next(&cfg, tried);
            let Next::Again(at) = next else { return (None, why) };
            let other = cfg.best_hour.then(|| self.other_band(campaign, &call.open.phone, at, bands)).flatten();
            return match other.filter(|other| *other > at) {
                Some(other) => (Some(other), Why { rule: WhyRule::BestHour, ..why }),
                None => (Some(at), why),
            };
        }
        if end.how == LegEndHow::NotSent {
            return (Some(tried.ended.after_ms(AFTER_NOT_SENT_MS)), why(WhyRule::NotSent));
        }
        let faults = task.faults.entry(row.lead).or_default();
        *faults += 1;
        let again =
            (*faults < MAX_LINE_FAULTS && cfg.line_s > 0).then(|| tried.ended.after_ms(i64::from(cfg.line_s) * 1000));
        (again, why(WhyRule::LineFault))
    }
}

fn ended_by(call: &Call, end: &LegEnd, ending: &Ending) -> EndedBy {
    match (call.end, end.how) {
        (Some(ours), LegEndHow::WeHungUp | LegEndHow::NotSent) => ours.by,
        (Some(ours), LegEndHow::Refused) if end.sip == Some(487) => ours.by,
        (_, LegEndHow::FarHangUp) => EndedBy::Callee,
        (_, LegEndHow::Refused) if !ending.is_line_fault() => EndedBy::Callee,
        (_, LegEndHow::Refused | LegEndHow::Lost) => EndedBy::Trunk,
        (None, LegEndHow::WeHungUp | LegEndHow::NotSent) => EndedBy::System,
    }
}
