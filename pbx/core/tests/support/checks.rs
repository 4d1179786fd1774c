//! What must hold after every turn, judged from outside: the world's own knowledge, never the engine's.
//! (What must hold of stored changes is asserted by the model as it applies them.)

use super::{
    model::{Model, ZONE_MS, fault_of_line, local_minute},
    office::*,
    rules,
    world::World,
};
use hutong_api::{
    board::{BoardMsg, CallStage, CampaignStatus, IdleReason},
    live::SeatState,
    *,
};
use hutong_core::{Wall, io::*};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct Checks {
    /// Attempts per callee, line faults taken back.
    attempts: BTreeMap<Phone, Vec<(Wall, CallId)>>,
    departures: Vec<u64>,
    popped: BTreeSet<(SeatId, CallId)>,
    hung_up: BTreeSet<LegId>,
    noticed: BTreeSet<LegId>,
    /// Answered callees whose greeting is over, since when.
    waiting: BTreeMap<LegId, u64>,
    answered: BTreeSet<LegId>,
    bridged: BTreeSet<LegId>,
    ended: BTreeSet<CallId>,
    turns: u64,
    /// Of any task at any time of the day: rules change while numbers wait.
    most_attempts: u32,
    pub waited_for_area: usize,
}

impl Checks {
    /// What the dead process never stored did not happen; its ids come again.
    pub fn new_process(&mut self, stored: &Model) {
        let known = |call: &CallId| stored.cdrs.contains_key(call) || stored.open.contains_key(call);
        self.attempts.values_mut().for_each(|times| times.retain(|(_, call)| known(call)));
        self.ended.retain(|call| stored.cdrs.contains_key(call));
        for legs in [&mut self.hung_up, &mut self.noticed, &mut self.answered, &mut self.bridged] {
            legs.clear();
        }
        self.waiting.clear();
        self.popped.clear();
    }

    /// An INVITE leaves: never later than a second after the pause of its campaign, never to a blocked number.
    pub fn invite(t: u64, paused: &BTreeMap<CampaignId, u64>, (stored, known): (&Model, &Model), dial: &Dial) {
        let open = &stored.open[&dial.call];
        let paused = open.campaign.and_then(|c| paused.get(&c));
        assert!(paused.is_none_or(|at| t <= at + 1_000), "an INVITE {} ms after the pause", t - paused.unwrap_or(&0));
        // X14: whatever was said before it left, also if not stored yet.
        assert!(!stored.blocklist.contains(&(dial.company, dial.phone.clone())), "an INVITE to a blocked number");
        assert!(!known.blocklist.contains(&(dial.company, dial.phone.clone())), "an INVITE behind a refusal");
    }

    pub fn turn(world: &mut World, turn: &Turn) {
        let mut checks = std::mem::take(&mut world.checks);
        checks.turns += 1;
        checks.ends(turn);
        checks.changes(world, turn);
        checks.effects(world, turn);
        if !checks.waiting.is_empty() {
            checks.nobody_waits_beside_a_free_agent(world);
        }
        if checks.turns.is_multiple_of(16) {
            checks.board(world);
        }
        world.checks = checks;
    }

    /// Calls given up in this turn make room for its dials.
    fn ends(&mut self, turn: &Turn) {
        for effect in &turn.effects {
            match effect {
                Effect::HangUp { leg } => drop(self.hung_up.insert(*leg)),
                Effect::Play { leg, prompt } if *prompt == NOTICE => drop(self.noticed.insert(*leg)),
                _ => {}
            }
        }
    }

    fn changes(&mut self, world: &World, turn: &Turn) {
        for change in &turn.changes {
            match change {
                Change::OpenCall(open) => self.decision(world, turn, open),
                Change::CloseCall(cdr) => self.closed(cdr),
                Change::Lead(lead) => self.redialled_by_rule(world, lead),
                Change::CallAnswered { call, .. } => {
                    let leg = world.logical.open.get(call).map(|o| o.leg);
                    self.answered.extend(leg);
                }
                _ => {}
            }
        }
    }

    /// Invariant 4: what must hold at the moment of a dial decision.
    fn decision(&mut self, world: &World, turn: &Turn, open: &OpenCall) {
        let model = &world.logical;
        let dial =
            turn.effects.iter().any(|e| matches!(e, Effect::Dial(d) if d.leg == open.leg && d.call == open.call));
        assert!(dial, "an intent without its dial");
        assert!(!model.blocklist.contains(&(open.company, open.phone.clone())), "dialled a blocked number");
        assert!(world.trunk_up && world.storage_ok, "dialled on a dead trunk or a full disk");
        let (wall, minute) = (world.wall(), local_minute(world.wall()));
        assert!((480..1320).contains(&minute), "dialled in the hard stop");
        self.caps(model, open, wall);
        spending(model, open, wall);
        let trunk = &model.trunks[&open.trunk];
        assert!(model.open.len() <= trunk.channels as usize, "more legs than channels");
        assert!(trunk.callers.contains(&open.caller), "a caller number the trunk does not own");
        self.departures.retain(|at| at + 1_000 > world.t);
        self.departures.push(world.t);
        assert!(self.departures.len() <= trunk.cps as usize, "more calls a second than allowed");
        let Some(campaign) = open.campaign else { return };
        let task = &model.campaigns[&campaign];
        // D3: 72 hours, which is longer than any day here, unless an agent is guaranteed.
        let lost = |c: &&Cdr| c.open.lead == open.lead && c.result == CallResult::Abandoned;
        let lost = task.cfg.pacing.mode.dials_ahead() && model.cdrs.values().any(|c| lost(&c));
        assert!(!lost, "an abandoned callee dialled again");
        assert_eq!(task.state.status, CampaignStatus::Running);
        assert_eq!(rules::closed(&task.cfg, wall), None, "dialled out of hours");
        let limits = &model.companies[&open.company].cfg.limits;
        let later = rules::later_min(limits, &open.phone);
        let theirs = wall.after_ms(-i64::from(later) * 60_000);
        assert_eq!(rules::closed(&task.cfg, theirs), None, "dialled out of the callee's hours");
        let row = &model.rows[&open.lead.unwrap()];
        assert_eq!(row.attempts, open.tries);
        assert!(
            row.attempts == 0 || row.attempts < task.cfg.rules.redial.attempts.max(self.most_attempts),
            "one try too many"
        );
        assert!(row.not_before.is_none_or(|at| at <= wall), "dialled before its time");
        let legs = model.open.values().filter(|o| o.campaign == Some(campaign)).count();
        assert!(task.cfg.channels == 0 || legs <= task.cfg.channels as usize);
        if !open.kind.by_hand() {
            self.pacing(world, task.cfg.group);
        }
    }

    fn caps(&mut self, model: &Model, open: &OpenCall, now: Wall) {
        let times = self.attempts.entry(open.phone.clone()).or_default();
        let caps = model.companies[&open.company].cfg.caps;
        for (cap, window) in caps.into_iter().zip([60_000, 3_600_000, 86_400_000]) {
            let recent = times.iter().filter(|(at, _)| at.0 + window > now.0).count();
            assert!(cap == 0 || recent < cap as usize, "{} tried {recent} times in {window} ms", open.call);
        }
        times.push((now, open.call));
    }

    /// F47: a number that was not reached waits as long as its cause says, or is done because it may not be tried again.
    fn redialled_by_rule(&mut self, world: &World, lead: &LeadChange) {
        let Some(why) = &lead.why else { return };
        self.waited_for_area += usize::from(why.rule == WhyRule::Area);
        let cfg = &world.logical.campaigns[&lead.campaign].cfg.rules.redial;
        self.most_attempts = self.most_attempts.max(cfg.attempts);
        let wait_s = rules::wait_s(cfg, lead.state);
        match why.rule {
            WhyRule::Retry | WhyRule::BestHour => {
                assert!(lead.phase == LeadPhase::Waiting && lead.attempts < cfg.attempts && wait_s > 0, "{lead:?}");
                let at = lead.not_before.unwrap();
                assert!(at.0 >= world.wall().0 + i64::from(wait_s) * 1000, "too soon: {lead:?}");
            }
            WhyRule::Attempts => assert!(lead.phase == LeadPhase::Done && lead.attempts >= cfg.attempts, "{lead:?}"),
            WhyRule::Cause => assert!(lead.phase == LeadPhase::Done && (wait_s == 0 || cfg.attempts <= 1), "{lead:?}"),
            WhyRule::Answered | WhyRule::Abandoned => assert_eq!(lead.state, CallState::Answered),
            WhyRule::Interrupted => assert_eq!(lead.phase, LeadPhase::Done),
            WhyRule::Blocked => assert_eq!(lead.state, CallState::Blocked),
            WhyRule::Area => assert_eq!(lead.state, CallState::OffHours),
            WhyRule::Capped | WhyRule::InCall => assert_eq!(lead.state, CallState::Capped),
            WhyRule::LineFault | WhyRule::NotSent => {}
        }
    }

    /// Progressive: one call on its way for each free agent of the group at most, over all its tasks. Ahead: never without
    /// an agent, and never beyond the hard bound of lines.
    fn pacing(&self, world: &World, group: Option<i64>) {
        let board = board_of(world);
        let model = &world.logical;
        let task = |c: CampaignId| &model.campaigns[&c].cfg;
        let on_its_way = |c: &&board::CallRow| {
            let open = &model.open[&c.id];
            let early =
                matches!(c.stage, CallStage::Dialling | CallStage::Ringing | CallStage::Script | CallStage::Queued);
            let gone = self.hung_up.contains(&open.leg) || self.noticed.contains(&open.leg);
            let ours = open.campaign.is_some_and(|c| task(c).group == group);
            c.kind == CallKind::Campaign && c.seat.is_none() && early && !gone && ours
        };
        let seekers = board.calls.as_ref().unwrap().iter().filter(on_its_way).count();
        let free = world.agents.iter().filter(|a| in_group(world, group, a.seat) && free(world, a.seat)).count();
        let mut modes = model.campaigns.values().filter(|c| c.cfg.group == group).map(|c| c.cfg.pacing);
        if modes.all(|p| p.mode == PacingMode::Progressive || p.cap_bp == 0) {
            assert!(seekers <= free, "{seekers} calls on their way for {free} free agents");
        }
        let here = |s: &&board::SeatRow| {
            !matches!(s.state, SeatState::SignedOut | SeatState::Lost) && in_group(world, group, s.id)
        };
        let agents = board.seats.as_ref().unwrap().iter().filter(here).count();
        assert!(seekers <= 10 * agents, "{seekers} calls on their way for {agents} agents");
    }

    fn closed(&mut self, cdr: &Cdr) {
        let open = &cdr.open;
        assert!(self.ended.insert(open.call), "two ends of call {}", open.call);
        self.waiting.remove(&open.leg);
        if let Some(times) = self.attempts.get_mut(&open.phone).filter(|_| fault_of_line(cdr)) {
            times.retain(|(_, call)| *call != open.call);
        }
        match cdr.result {
            CallResult::ToAgent => assert!(open.bridged.is_some()),
            CallResult::Interrupted => {}
            _ => assert!(open.bridged.is_none()),
        }
        assert_eq!(
            cdr.fault.is_none(),
            cdr.fault.is_none() && cdr.result == CallResult::ToAgent,
            "失败原因 of {cdr:?}"
        );
    }

    fn effects(&mut self, world: &World, turn: &Turn) {
        for effect in &turn.effects {
            match effect {
                Effect::Pop { seat, call, .. } => drop(self.popped.insert((*seat, *call))),
                Effect::HangUp { leg } => drop(self.waiting.remove(leg)),
                Effect::Play { leg, prompt } if *prompt == NOTICE => {
                    self.given_up(world, *leg);
                    self.waiting.remove(leg);
                }
                Effect::Bridge { leg, seat } => self.bridge(world, *leg, *seat),
                Effect::Seat(view) => {
                    let span = world.logical.spans.range((view.seat, Wall(i64::MIN))..=(view.seat, Wall(i64::MAX)));
                    let open = span.map(|(_, s)| s).next_back().filter(|s| s.to.is_none());
                    let told = open.map_or(SeatState::SignedOut, |s| s.state);
                    assert_eq!(told, view.state, "the span of seat {} says otherwise", view.seat);
                    assert_eq!(
                        view.call.is_some(),
                        matches!(view.state, SeatState::Talking | SeatState::Ringing),
                        "{view:?}"
                    );
                }
                _ => {}
            }
        }
        self.queue(world);
    }

    /// Keeps the list of callees whose greeting is over.
    fn queue(&mut self, world: &World) {
        let greets = world.logical.scripts[&ScriptId(1)].greeting.is_some();
        for open in world.logical.open.values() {
            let Some(leg) = world.legs.get(&open.leg) else { continue };
            let due = if greets { leg.greeted_at } else { leg.answered_at };
            let done = open.bridged.is_some() || self.hung_up.contains(&open.leg) || self.noticed.contains(&open.leg);
            if let Some(due) = due.filter(|_| !open.kind.by_hand() && !done) {
                self.waiting.entry(open.leg).or_insert(due);
            }
        }
    }

    fn bridge(&mut self, world: &World, leg: LegId, seat: SeatId) {
        let open = world.logical.open.values().find(|o| o.leg == leg).expect("bridge of a leg without a call");
        // The carrier's ringing of a call dialled by hand is not the callee yet: an office may want its card at the answer.
        let pops = &world.logical.companies[&open.company].cfg.work.pops;
        let late = pops.iter().any(|rule| rule.kind == PopKind::Outbound && rule.at_answer);
        let by_hand = open.kind.by_hand();
        let rings = late && open.kind == CallKind::Outbound && open.answered.is_none();
        assert!(rings || self.popped.contains(&(seat, open.call)), "audio before the screen pop");
        let group = open.campaign.and_then(|c| world.logical.campaigns[&c].cfg.group);
        assert!(by_hand || in_group(world, group, seat), "seat {seat} is not of group {group:?}");
        assert!(by_hand || open.bridged.is_some(), "an agent hears a callee he did not take");
        let twice = world
            .legs
            .iter()
            .find(|(id, l)| **id != leg && !l.over && l.bridged == Some(seat) && !self.hung_up.contains(id));
        assert!(twice.is_none(), "seat {seat} hears two callees");
        let waited = self.waiting.remove(&leg);
        if !by_hand && self.bridged.insert(leg) {
            let carrier = &world.legs[&leg];
            let due = waited.or(carrier.greeted_at).or(carrier.answered_at).unwrap();
            assert!(world.t - due <= 2_000, "bridged {} ms late (D17)", world.t - due);
        }
    }

    /// D17 from the other side: nobody is given up before his two seconds are over.
    fn given_up(&self, world: &World, leg: LegId) {
        let open = world.logical.open.values().find(|o| o.leg == leg).unwrap();
        let clock = open.campaign.map(|c| world.logical.campaigns[&c].cfg.pacing.clock);
        let since = match clock {
            Some(AbandonClock::Connect) => world.legs[&leg].answered_at.unwrap(),
            _ => self.waiting[&leg],
        };
        assert!(world.t - since >= 2_000, "given up after {} ms", world.t - since);
    }

    fn nobody_waits_beside_a_free_agent(&self, world: &World) {
        for (leg, since) in &self.waiting {
            let open = world.logical.open.values().find(|o| o.leg == *leg);
            let group = open.and_then(|o| world.logical.campaigns[&o.campaign?].cfg.group);
            let idle = world.agents.iter().find(|a| {
                free(world, a.seat) && world.logical.seats[&a.seat].auto_answer && in_group(world, group, a.seat)
            });
            if let Some(agent) = idle {
                panic!("leg {leg} waits while agent {} is free", agent.seat);
            }
            assert!(world.t - since <= 2_000, "leg {leg} forgotten in the queue");
        }
    }

    /// Invariant 7 and the board's sums.
    fn board(&self, world: &World) {
        let board = board_of(world);
        let totals = board.totals.as_ref().unwrap();
        let model = &world.logical;
        assert_eq!((totals.balance, totals.held), (model.company().balance, model.held(COMPANY)));
        assert_eq!(totals.channels as usize, model.open.len());
        let signed_in = |s: &board::SeatRow| !matches!(s.state, SeatState::SignedOut | SeatState::Lost);
        for row in board.campaigns.as_ref().unwrap() {
            let task = &model.campaigns[&row.id];
            let mut seats = board.seats.as_ref().unwrap().iter().filter(|s| in_group(world, task.cfg.group, s.id));
            let somebody = seats.any(signed_in);
            assert_eq!(row.status, task.state.status);
            assert_eq!(row.why == IdleReason::NotRunning, row.status != CampaignStatus::Running, "{row:?}");
            // The reason is renewed with every heartbeat: not judged in the first seconds of a minute.
            let settled = world.wall().0.rem_euclid(60_000) > 5_100;
            if row.status != CampaignStatus::Running || !settled || !world.storage_ok {
                continue;
            }
            let hours = [IdleReason::OffHours, IdleReason::Holiday, IdleReason::Rest, IdleReason::HardStop];
            let capped = model.company().cfg.limits.spend_day > Micro::ZERO;
            assert!(capped || row.why != IdleReason::SpendCap, "no limit, yet {row:?}");
            match rules::closed(&task.cfg, world.wall()) {
                Some(reason) => assert_eq!(row.why, reason),
                None => assert!(!hours.contains(&row.why), "{row:?}"),
            }
            let about_agents = matches!(row.why, IdleReason::AgentsOccupied | IdleReason::NoBalance);
            assert!(somebody || !about_agents, "nobody is there, yet {row:?}");
            assert!(!somebody || row.why != IdleReason::NoAgent, "somebody is there, yet {row:?}");
        }
        if self.turns.is_multiple_of(4096) {
            model.recount();
        }
    }
}

fn board_of(world: &World) -> BoardMsg {
    let now = hutong_core::Now { mono: hutong_core::Mono(world.t), wall: world.wall() };
    world.engine.board(COMPANY, now).unwrap()
}

fn free(world: &World, seat: SeatId) -> bool {
    let reachable = world.agents.iter().any(|a| a.seat == seat && a.online && a.phone);
    reachable && world.engine.seat_view(seat).unwrap().state == SeatState::Idle
}

/// What is charged today and reserved, with this call, stays within what the company allows itself.
fn spending(model: &Model, open: &OpenCall, now: Wall) {
    let books = &model.companies[&open.company];
    let most = books.cfg.limits.spend_day;
    if most == Micro::ZERO {
        return;
    }
    let day = |at: Wall| (at.0 + ZONE_MS).div_euclid(86_400_000);
    let today = |e: &&LedgerEntry| e.kind == LedgerKind::CallCharge && day(e.at) == day(now);
    let charged: Micro = books.ledger.iter().filter(today).map(|e| -e.amount).sum();
    assert!(charged + model.held(open.company) <= most, "spent over the day's limit");
}

fn in_group(world: &World, group: Option<i64>, seat: SeatId) -> bool {
    let groups = &world.logical.company().cfg.groups;
    group.is_none_or(|id| groups.iter().any(|g| g.id == id && g.seats.contains(&seat)))
}
