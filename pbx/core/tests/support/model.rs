//! The store as the engine sees it: applies changes, loads numbers, boots. Every rule a stored change must keep is asserted
//! here, so that any test which uses it checks them after every step.

use hutong_api::{board::CampaignStatus, live::SeatState, *};
use hutong_core::{Wall, io::*};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Row {
    pub campaign: CampaignId,
    pub phone: Phone,
    pub name: String,
    pub phase: LeadPhase,
    pub state: CallState,
    pub result: Option<CallResult>,
    pub attempts: u32,
    pub round: u32,
    pub not_before: Option<Wall>,
    pub bands: u8,
    pub why: Option<Why>,
    /// Rounds in which it became final.
    pub used_rounds: Vec<u32>,
    pub ever_answered: bool,
    pub ever_final: bool,
}

#[derive(Debug, Clone)]
pub struct Books {
    pub cfg: CompanyCfg,
    pub balance: Micro,
    pub owed: Micro,
    pub ledger: Vec<LedgerEntry>,
    pub keys: BTreeSet<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    pub companies: BTreeMap<CompanyId, Books>,
    pub trunks: BTreeMap<TrunkId, TrunkCfg>,
    pub seats: BTreeMap<SeatId, SeatCfg>,
    pub scripts: BTreeMap<ScriptId, ScriptCfg>,
    pub campaigns: BTreeMap<CampaignId, CampaignBoot>,
    pub rows: BTreeMap<LeadId, Row>,
    pub waiting: BTreeMap<CampaignId, BTreeSet<LeadId>>,
    pub open: BTreeMap<CallId, OpenCall>,
    pub cdrs: BTreeMap<CallId, Cdr>,
    pub spans: BTreeMap<(SeatId, Wall), Span>,
    pub blocklist: BTreeSet<(CompanyId, Phone)>,
    pub opt_outs: Vec<OptOut>,
    pub events: Vec<(CompanyId, board::EventRow)>,
    pub alive: Option<Wall>,
    pub crews: BTreeMap<Option<i64>, String>,
    pub next_call: i64,
    pub next_leg: i64,
}

impl Model {
    pub fn add_rows(&mut self, campaign: CampaignId, phones: &[Phone]) -> u32 {
        let mut added = 0;
        let known: BTreeSet<Phone> =
            self.rows.values().filter(|r| r.campaign == campaign).map(|r| r.phone.clone()).collect();
        for phone in phones.iter().filter(|p| !known.contains(p)) {
            let id = LeadId(self.rows.len() as i64 + 1);
            self.rows.insert(
                id,
                Row {
                    campaign,
                    phone: phone.clone(),
                    name: format!("row {id}"),
                    phase: LeadPhase::Waiting,
                    state: CallState::NotCalled,
                    result: None,
                    attempts: 0,
                    round: 1,
                    not_before: None,
                    bands: 0,
                    why: None,
                    used_rounds: Vec::new(),
                    ever_answered: false,
                    ever_final: false,
                },
            );
            self.waiting.entry(campaign).or_default().insert(id);
            added += 1;
        }
        added
    }

    /// One turn's transaction. Returns what the store tells the engine afterwards.
    pub fn apply(&mut self, changes: &[Change]) -> Vec<Input> {
        let mut told = Vec::new();
        let mut charged: BTreeSet<CallId> = BTreeSet::new();
        let mut closed: BTreeSet<CallId> = BTreeSet::new();
        for change in changes {
            match change {
                Change::OpenCall(open) => self.open_call(open),
                Change::CallAnswered { call, at } => {
                    let open = self.open.get_mut(call).expect("answer of a call that is not open");
                    assert!(open.answered.is_none() && *at >= open.started);
                    open.answered = Some(*at);
                    if let Some(lead) = open.lead {
                        self.rows.get_mut(&lead).unwrap().ever_answered = true;
                    }
                }
                Change::CallBridged { call, seat, at } => {
                    let open = self.open.get_mut(call).expect("bridge of a call that is not open");
                    assert!(open.bridged.is_none() && open.answered.is_some_and(|a| a <= *at));
                    (open.bridged, open.seat) = (Some(*at), Some(*seat));
                }
                Change::CallProven { call, at } => {
                    let open = self.open.get_mut(call).expect("proof of a call that is not open");
                    assert!(open.answered.is_some_and(|a| a <= *at) && open.proven.is_none_or(|p| p <= *at));
                    open.proven = Some(*at);
                }
                Change::CallHold { call, held } => {
                    let open = self.open.get_mut(call).expect("hold of a call that is not open");
                    assert!(*held > open.held);
                    open.held = *held;
                    self.check_holds(self.open[call].company);
                }
                Change::CloseCall(cdr) => {
                    self.close_call(cdr);
                    closed.insert(cdr.open.call);
                }
                Change::Ledger(entry) => {
                    charged.extend(entry.call);
                    self.post(entry);
                }
                Change::Lead(lead) => self.lead(lead),
                Change::Campaign { campaign, state } => self.campaign(*campaign, *state),
                Change::Redial { campaign, round, states, abandoned } => {
                    let leads = self.redial(*campaign, *round, states, *abandoned);
                    told.push(Input::Redialled { campaign: *campaign, leads });
                }
                Change::OptOut(told) => {
                    self.blocklist.insert((told.company, told.phone.clone()));
                    self.opt_outs.push(told.clone());
                }
                Change::Span(span) => self.span(span),
                Change::Event { company, event } => self.events.push((*company, event.clone())),
                Change::AutoAnswer { seat, on } => self.seats.get_mut(seat).unwrap().auto_answer = *on,
                Change::Alive { at } => self.alive = Some(*at),
                Change::Learnt { campaign, state } => {
                    self.campaigns.get_mut(campaign).unwrap().learnt = state.clone();
                }
                Change::Crew { group, state, .. } => drop(self.crews.insert(*group, state.clone())),
            }
        }
        // F99 and "one transaction": a CDR never comes without its charge, nor a charge without its CDR.
        for call in closed.union(&charged) {
            let sent = self.cdrs[call].result != CallResult::NotSent;
            assert_eq!((closed.contains(call), charged.contains(call)), (true, sent), "CDR and charge of call {call}");
        }
        told
    }

    /// The answer to `Effect::LoadLeads`.
    pub fn load(&self, campaign: CampaignId, want: u32, now: Wall) -> Input {
        let none = BTreeSet::new();
        let waiting = self.waiting.get(&campaign).unwrap_or(&none);
        let ready = waiting.iter().filter(|id| self.rows[id].not_before.is_none_or(|at| at <= now));
        let leads: Vec<HopperLead> = ready
            .take(want as usize)
            .map(|id| {
                let row = &self.rows[id];
                HopperLead {
                    lead: *id,
                    phone: row.phone.clone(),
                    name: row.name.clone(),
                    round: row.round,
                    attempts: row.attempts,
                    bands: row.bands,
                    answered_before: row.ever_answered,
                }
            })
            .collect();
        let more = waiting.len() > leads.len();
        Input::Hopper { campaign, leads, more }
    }

    pub fn boot(&self, now: Wall) -> Boot {
        let day = local_day(now);
        let companies = self.companies.values().map(|books| CompanyBoot {
            cfg: books.cfg.clone(),
            balance: books.balance,
            owed: books.owed,
            fees_posted_today: self.fees_of(books, &day),
            today: self.today(books, &day),
            crews: self.crews.iter().map(|(group, state)| (*group, state.clone())).collect(),
        });
        let campaigns = self.campaigns.values().map(|c| {
            let rows = self.rows.values().filter(|r| r.campaign == c.cfg.id && r.phase != LeadPhase::Closed);
            let state = CampaignState { total: rows.count() as u32, ..c.state };
            CampaignBoot { state, ledger: self.ledger(c.cfg.id, &day), ..c.clone() }
        });
        let reached = |c: &&Cdr| c.started() > now.after_ms(-86_400_000) && !fault_of_line(c);
        Boot {
            seed: 1,
            next_call: self.next_call + 1,
            next_leg: self.next_leg + 1,
            companies: companies.collect(),
            trunks: self.trunks.values().cloned().collect(),
            seats: self.seats.values().cloned().collect(),
            scripts: self.scripts.values().cloned().collect(),
            campaigns: campaigns.collect(),
            blocklist: self
                .blocklist
                .iter()
                .map(|(company, phone)| BlockEntry::number(*company, phone.clone(), true))
                .collect(),
            attempts: (self.cdrs.values().filter(reached))
                .map(|c| (c.open.company, c.open.phone.clone(), c.open.started))
                .chain(self.open.values().map(|o| (o.company, o.phone.clone(), o.started)))
                .collect(),
            shown: (self.cdrs.values().map(|c| &c.open).chain(self.open.values()))
                .filter(|o| o.started > now.after_ms(-86_400_000))
                .map(|o| (o.company, o.caller.clone(), o.started))
                .collect(),
            open_calls: self.open.values().cloned().collect(),
            open_spans: self.spans.values().filter(|s| s.to.is_none()).cloned().collect(),
            last_alive: self.last_alive(),
        }
    }

    fn today(&self, books: &Books, day: &str) -> TodayBoot {
        let of_today = |e: &&LedgerEntry| e.kind == LedgerKind::CallCharge && local_day(e.at) == day;
        let mut today = TodayBoot::default();
        for entry in books.ledger.iter().filter(of_today) {
            today.charged += -entry.amount;
            let by_hand = entry.call.is_some_and(|call| self.cdrs[&call].open.kind.by_hand());
            if let Some(seat) = entry.seat.filter(|_| by_hand) {
                *today.by_hand.entry(seat).or_default() += -entry.amount;
            }
        }
        today
    }

    pub fn held(&self, company: CompanyId) -> Micro {
        self.open.values().filter(|o| o.company == company).map(|o| o.held).sum()
    }

    pub fn company(&self) -> &Books {
        self.companies.values().next().unwrap()
    }

    /// Sums and counts taken anew from the rows, against what is kept beside them. Slow: now and then, and at rest.
    pub fn recount(&self) {
        for (id, books) in &self.companies {
            let sum = |of: &dyn Fn(&LedgerEntry) -> bool| -> Micro {
                books.ledger.iter().filter(|e| of(e)).map(|e| e.amount).sum()
            };
            assert_eq!(sum(&|e| e.kind != LedgerKind::SeatFeeOwed), books.balance, "ledger sum of {id}");
            assert_eq!(sum(&|e| e.kind == LedgerKind::SeatFeeOwed), books.owed, "owed of {id}");
            let charges: Micro = self.cdrs.values().filter(|c| c.open.company == *id).map(|c| c.charge).sum();
            assert_eq!(sum(&|e| e.kind == LedgerKind::CallCharge), -charges, "CDR charges of {id}");
        }
        for (id, campaign) in &self.campaigns {
            let rows = || self.rows.values().filter(|r| r.campaign == *id);
            let count = |of: &dyn Fn(&Row) -> bool| rows().filter(|r| of(r)).count() as u32;
            let state = &campaign.state;
            assert_eq!(state.dialled, count(&|r| r.ever_final || r.ever_answered), "已呼 of {id}");
            assert_eq!(state.answered, count(&|r| r.ever_answered), "接通 of {id}");
            if state.status == CampaignStatus::Finished {
                assert_eq!(count(&|r| r.phase == LeadPhase::Dialling), 0, "a finished campaign dials");
            }
        }
    }

    fn open_call(&mut self, open: &OpenCall) {
        assert!(open.call.0 > self.next_call && open.leg.0 > self.next_leg, "ids are never used twice");
        (self.next_call, self.next_leg) = (open.call.0, open.leg.0);
        let twice = |o: &OpenCall| o.company == open.company && o.phone == open.phone;
        assert!(!self.open.values().any(twice), "two live attempts of one callee");
        self.open.insert(open.call, open.clone());
        self.check_holds(open.company);
    }

    fn check_holds(&self, company: CompanyId) {
        let books = &self.companies[&company];
        assert!(books.cfg.unlimited || self.held(company) <= books.balance, "reserved more than there is");
    }

    fn close_call(&mut self, cdr: &Cdr) {
        let open = self.open.remove(&cdr.open.call).expect("a CDR without an open call");
        assert_eq!(open, cdr.open, "the CDR tells what was stored");
        let started_steps = |s: u32| i64::from(s.div_ceil(open.increment_s));
        assert_eq!(cdr.charge.0, started_steps(cdr.billable_s) * open.price.0, "charge of call {}", open.call);
        assert!(self.companies[&open.company].cfg.unlimited || cdr.charge <= open.held, "charged more than reserved");
        assert_eq!(cdr.billable_s > 0, open.answered.is_some());
        assert_eq!(cdr.state == CallState::Answered, open.answered.is_some());
        assert!(cdr.talk_s <= cdr.billable_s && cdr.ended >= open.started);
        if let Some(answered) = open.answered {
            let ms = cdr.ended.0 - answered.0;
            assert!(i64::from(cdr.billable_s) <= (ms + 999) / 1000 || cdr.billable_s == 1);
        }
        assert!(self.cdrs.insert(open.call, cdr.clone()).is_none(), "two CDRs of one call");
    }

    fn post(&mut self, entry: &LedgerEntry) {
        let books = self.companies.get_mut(&entry.company).unwrap();
        assert!(books.keys.insert(entry.key.clone()), "posted twice: {}", entry.key);
        match entry.kind {
            LedgerKind::SeatFeeOwed => books.owed += entry.amount,
            _ => books.balance += entry.amount,
        }
        assert!(books.cfg.unlimited || books.balance >= Micro::ZERO, "balance below zero after {}", entry.key);
        assert!(books.owed >= Micro::ZERO);
        books.ledger.push(entry.clone());
    }

    fn lead(&mut self, change: &LeadChange) {
        let row = self.rows.get_mut(&change.lead).unwrap();
        assert_eq!(row.campaign, change.campaign);
        assert_eq!(row.round, change.round);
        match change.phase {
            LeadPhase::Dialling => {
                assert_eq!(row.phase, LeadPhase::Waiting, "dialled while it does not wait");
                assert!(!row.used_rounds.contains(&row.round), "dialled twice in round {}", row.round);
            }
            LeadPhase::Done => {
                row.used_rounds.push(row.round);
            }
            LeadPhase::Closed => assert!(row.phase == LeadPhase::Waiting && !row.ever_final && row.attempts == 0),
            LeadPhase::Waiting => assert!(row.phase != LeadPhase::Done),
        }
        (row.phase, row.state, row.result) = (change.phase, change.state, change.result);
        // 已呼: it was dialled to an end, or its tries are over.
        row.ever_final |= change.attempts > 0 || change.phase == LeadPhase::Done && change.state != CallState::Blocked;
        assert!(change.attempts >= row.attempts && change.attempts <= row.attempts + 1);
        assert_eq!(change.why.is_none(), change.phase == LeadPhase::Dialling, "a number without its reason");
        (row.attempts, row.not_before, row.bands) = (change.attempts, change.not_before, change.bands);
        row.why = change.why.clone().or(row.why.take());
        let waiting = self.waiting.entry(change.campaign).or_default();
        if change.phase == LeadPhase::Waiting {
            waiting.insert(change.lead);
        } else {
            waiting.remove(&change.lead);
        }
    }

    fn campaign(&mut self, id: CampaignId, state: CampaignState) {
        assert!(state.dialled <= state.total, "已呼 {} > 总数 {}", state.dialled, state.total);
        assert!(state.answered <= state.dialled, "接通 {} > 已呼 {}", state.answered, state.dialled);
        assert!(state.to_agent + state.abandoned <= state.answered * state.round.max(1));
        self.campaigns.get_mut(&id).unwrap().state = state;
        if state.status == CampaignStatus::Finished {
            assert!(!self.open.values().any(|o| o.campaign == Some(id)), "完成 with a call up (D5)");
        }
    }

    fn redial(&mut self, id: CampaignId, round: u32, states: &[CallState], abandoned: bool) -> u32 {
        let mut count = 0;
        for (lead, row) in self.rows.iter_mut().filter(|(_, r)| r.campaign == id && r.phase == LeadPhase::Done) {
            if states.contains(&row.state) || abandoned && row.result == Some(CallResult::Abandoned) {
                let also = &self.campaigns[&id].cfg.rules.redial.also;
                let option = matches!(row.state, CallState::Vacant | CallState::Rejected) && !also.contains(&row.state);
                assert!(row.state != CallState::Blocked && !option);
                let kept = row.not_before.filter(|_| row.result == Some(CallResult::Abandoned));
                (row.phase, row.state, row.result) = (LeadPhase::Waiting, CallState::NotCalled, None);
                (row.round, row.attempts, row.not_before, row.bands) = (round, 0, kept, 0);
                self.waiting.entry(id).or_default().insert(*lead);
                count += 1;
            }
        }
        count
    }

    /// Spans of a seat never overlap, and one is open at most; the next begins where the last ended while signed in.
    fn span(&mut self, span: &Span) {
        assert!(span.state != SeatState::SignedOut && span.to.is_none_or(|to| to >= span.from));
        let key = (span.seat, span.from);
        let before = self.spans.range((span.seat, Wall(i64::MIN))..key).next_back().map(|(_, s)| s);
        if let Some(before) = before {
            assert!(before.to.is_some_and(|to| to <= span.from), "overlap: {before:?} and {span:?}");
        }
        let after = self.spans.range(key..).find(|(k, _)| k.0 == span.seat && k.1 > span.from);
        assert!(after.is_none(), "a span before a later one");
        self.spans.insert(key, span.clone());
    }

    /// What the abandon cap of a task is held against, from its call records.
    fn ledger(&self, campaign: CampaignId, day: &str) -> AbandonLedger {
        let ahead = |o: &&OpenCall| o.kind == CallKind::Campaign && o.campaign == Some(campaign);
        let today = |o: &&OpenCall| ahead(o) && local_day(o.started) == day;
        let ended = || self.cdrs.values().filter(|c| today(&&c.open));
        let count = |result| ended().filter(|c| c.result == result).count() as u32;
        AbandonLedger {
            first: ended().map(|c| c.open.started).min(),
            served: count(CallResult::ToAgent),
            abandoned: count(CallResult::Abandoned),
            ..AbandonLedger::default()
        }
    }

    fn fees_of(&self, books: &Books, day: &str) -> Vec<SeatId> {
        let has = |id: &&SeatId| ["fee", "owed"].iter().any(|w| books.keys.contains(&format!("{w}:{id}:{day}")));
        self.seats.keys().filter(has).copied().collect()
    }

    fn last_alive(&self) -> Option<Wall> {
        let spans = self.spans.values().flat_map(|s| [Some(s.from), s.to]).flatten();
        let calls = self.open.values().flat_map(|o| [Some(o.started), o.answered, o.proven]).flatten();
        self.alive.into_iter().chain(spans).chain(calls).max()
    }
}

/// Tests live in China: UTC+8, no summer time.
pub const ZONE_MS: i64 = 8 * 3_600_000;

pub fn local_minute(at: Wall) -> u16 {
    ((at.0 + ZONE_MS).rem_euclid(86_400_000) / 60_000) as u16
}

pub fn local_day(at: Wall) -> String {
    // Days since 1970-01-01 to a date, by walking the calendar.
    let mut days = (at.0 + ZONE_MS).div_euclid(86_400_000);
    let (mut year, mut month) = (1970, 1);
    let leap = |y: i64| y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    loop {
        let length = [31, 28 + i64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
        if days < length {
            return format!("{year:04}-{month:02}-{:02}", days + 1);
        }
        days -= length;
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
}

/// Not counted against the callee's caps: it never reached him.
pub fn fault_of_line(cdr: &Cdr) -> bool {
    matches!(cdr.state, CallState::LineFault | CallState::NotCalled)
}

trait Started {
    fn started(&self) -> Wall;
}

impl Started for Cdr {
    fn started(&self) -> Wall {
        self.open.started
    }
}
