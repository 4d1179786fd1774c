//! From what the store holds to a running engine; and the end of what the dead process left open.

use crate::{
    Engine,
    agent::seat::Seat,
    billing::hold,
    call::cdr,
    campaign::{calendar, task::Task},
    company::Company,
    engine::HEARTBEAT_MS,
    io::{Boot, Change, Effect, LeadChange, LeadPhase, OpenCall, Span, Why},
    time::Wall,
    timers::Timer,
    trunk::Trunk,
};
use hutong_api::{CompanyId, WhyRule, board::CampaignStatus};

impl Engine {
    pub(crate) fn boot(&mut self, boot: Boot) {
        let wall = self.now.wall;
        (self.next_call, self.next_leg) = (boot.next_call.max(1), boot.next_leg.max(1));
        let fees: Vec<_> = boot.companies.iter().flat_map(|c| c.fees_posted_today.iter().copied()).collect();
        let counters: Vec<_> = boot.companies.iter().flat_map(|c| c.today.seats.iter().copied()).collect();
        for company in boot.companies {
            self.companies.insert(company.cfg.id, Company::new(company, wall));
        }
        self.trunks = boot.trunks.into_iter().map(|cfg| (cfg.id, Trunk::new(cfg))).collect();
        self.scripts = boot.scripts.into_iter().map(|s| (s.id, s)).collect();
        for cfg in boot.seats {
            let mut seat = Seat::new(cfg, wall);
            seat.span_floor = boot.last_alive.unwrap_or(seat.span_floor);
            let Some(company) = self.companies.get_mut(&seat.cfg.company) else { continue };
            seat.fee_through = match fees.contains(&seat.cfg.id) {
                true => Some(company.day),
                // Days on which no process lived are posted late.
                false => boot.last_alive.map(|at| calendar::local(&company.zone, at).date).filter(|d| *d < company.day),
            };
            if let Some((_, calls, talk_s, wrap_s)) = counters.iter().find(|(id, ..)| *id == seat.cfg.id) {
                (seat.today_calls, seat.today_talk_s, seat.today_wrap_ms) =
                    (*calls, *talk_s, u64::from(*wrap_s) * 1000);
            }
            company.seats.insert(seat.cfg.id);
            self.seats.insert(seat.cfg.id, seat);
        }
        for campaign in boot.campaigns {
            if let Some(company) = self.companies.get_mut(&campaign.cfg.company) {
                company.note_status(campaign.cfg.id, campaign.state.status);
            }
            self.tasks.insert(campaign.cfg.id, Task::new(campaign));
        }
        boot.blocklist.into_iter().for_each(|entry| self.blocked.put(entry));
        for (company, phone, at) in boot.attempts {
            self.attempts.add(company, &phone, at);
        }
        self.shown.seed(boot.seed);
        for (company, number, at) in boot.shown {
            self.shown.add(company, &number, at);
        }
        self.close_spans(boot.open_spans, boot.last_alive);
        self.close_dead_calls(boot.open_calls);
        self.resume_campaigns();
        for company in self.companies.keys().copied().collect::<Vec<_>>() {
            self.post_fees(company);
            self.dirty.insert(company);
        }
        self.change(Change::Alive { at: wall });
        self.timers.arm(Timer::Heartbeat, self.now.mono.after_ms(HEARTBEAT_MS));
    }

    /// Signed-in time ends with the last moment the process is known to have lived.
    fn close_spans(&mut self, spans: Vec<Span>, last_alive: Option<Wall>) {
        for mut span in spans {
            span.to = Some(last_alive.unwrap_or(span.from).max(span.from));
            self.change(Change::Span(span));
        }
    }

    fn close_dead_calls(&mut self, open_calls: Vec<OpenCall>) {
        let mut counts: Vec<(CompanyId, u32)> = Vec::new();
        for open in open_calls {
            match counts.iter_mut().find(|(id, _)| *id == open.company) {
                Some((_, count)) => *count += 1,
                None => counts.push((open.company, 1)),
            }
            self.close_dead_call(open);
        }
        for (company, count) in counts {
            self.event(company, true, "interrupted", &[("count", &count.to_string())]);
        }
    }

    /// 系统中断. The number is final in this round, whether it rang or not: it is never dialled twice in one.
    fn close_dead_call(&mut self, open: OpenCall) {
        self.effect(Effect::Clear { leg: open.leg });
        let covered = hold::stored(open.held, open.increment_s, open.price).covers_s;
        let Some(company) = self.companies.get_mut(&open.company) else { return };
        company.held += open.held;
        let capped = !company.cfg.unlimited && open.price.0 > 0;
        let cdr = cdr::write_interrupted(open, covered, capped);
        self.settle(&cdr, true);
        let (Some(campaign), Some(lead)) = (cdr.open.campaign, cdr.open.lead) else { return };
        if let Some(task) = self.tasks.get_mut(&campaign) {
            // An answered one was counted with its answer.
            task.count_dialled(cdr.open.round, cdr.open.answered.is_some() || cdr.open.tries > 0);
            self.counted.insert(campaign);
        }
        self.change(Change::Lead(LeadChange {
            lead,
            campaign,
            phase: LeadPhase::Done,
            state: cdr.state,
            result: Some(cdr.result),
            attempts: cdr.open.tries + 1,
            round: cdr.open.round,
            not_before: None,
            call: Some(cdr.open.call),
            bands: 0,
            why: Some(Why { rule: WhyRule::Interrupted, value: String::new(), at: cdr.ended }),
        }));
    }

    /// Numbers that became visible, but whose news died with the process, put a finished campaign to work again.
    fn resume_campaigns(&mut self) {
        let left = |t: &&Task| t.state.status == CampaignStatus::Finished && t.state.dialled < t.state.total;
        let again: Vec<_> = self.tasks.values().filter(left).map(|t| t.cfg.id).collect();
        for campaign in again {
            self.go_on(campaign);
        }
    }
}
