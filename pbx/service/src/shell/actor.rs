//! The engine's own task.

use super::{
    Msg,
    cards::Cards,
    commit::{self, Commits},
    journal::Journal,
    people::People,
    pop_urls::PopUrls,
    recordings, wall_now,
};
use crate::{
    desk::card,
    media::Media,
    sip::{DialogRecord, Sip},
    store::Store,
};
use hutong_api::{
    CampaignId, CompanyId, Lang, LegId, Refusal, SeatId,
    board::{AlarmAck, EventRow},
    live::{Pop, RefusalText, ServerMsg},
};
use hutong_core::{
    Engine, Mono, Now,
    io::{Dial, Effect, Input, LegEnd, LegEndHow, LegEvent, ReqId, SeatCfg, Setting, Turn},
};
use std::{
    collections::{BTreeMap, VecDeque},
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{
    mpsc::{UnboundedReceiver, UnboundedSender},
    oneshot,
};

/// The board is built at most this often.
const BOARD_EVERY: Duration = Duration::from_millis(100);
/// How often a draining shell looks whether all is stored.
const DRAIN_LOOK: Duration = Duration::from_millis(50);
/// Events kept for a newcomer to the board.
pub const EVENTS_KEPT: usize = 100;

pub(crate) struct Actor {
    pub engine: Engine,
    pub journal: Journal,
    pub store: Store,
    pub media: Media,
    pub sip: Sip,
    pub people: Arc<People>,
    pub commits: Commits,
    pub inbox: UnboundedSender<Msg>,
    pub data_dir: PathBuf,
    pub begun: Instant,
    pub cards: Cards,
    pub names: Names,
    pub pop_urls: PopUrls,
    /// Dials that wait for their commit.
    pub pending: BTreeMap<LegId, Pending>,
    pub answers: BTreeMap<ReqId, oneshot::Sender<Option<Refusal>>>,
    pub events: BTreeMap<CompanyId, VecDeque<EventRow>>,
    pub acks: BTreeMap<CompanyId, Vec<AlarmAck>>,
    pub board_built: Instant,
    pub board_dirty: bool,
    pub full: bool,
    /// Not before this is a parked turn tried again: a full disk must not make the task spin.
    pub retry_at: Instant,
    pub draining: Option<oneshot::Sender<()>>,
    /// Legs handed to the engine's Dial and not yet ended.
    pub open_legs: BTreeMap<LegId, CompanyId>,
    /// Dialogs of the dead process, for the farewells its calls' closing asks for.
    pub dead_dialogs: BTreeMap<LegId, DialogRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    Waiting,
    HungUp,
}

/// Names the engine has no use for but people do.
#[derive(Default)]
pub(crate) struct Names {
    pub campaigns: BTreeMap<CampaignId, String>,
    pub seats: BTreeMap<SeatId, CompanyId>,
}

impl Actor {
    pub(crate) async fn run(mut self, mut inbox: UnboundedReceiver<Msg>) {
        loop {
            let wake = self.next_wake();
            tokio::select! {
                msg = inbox.recv() => match msg {
                    Some(msg) => self.take(msg),
                    None => return,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            // What piled up meanwhile is taken in one go, so that the board is not built between two inputs.
            while let Ok(msg) = inbox.try_recv() {
                self.take(msg);
            }
            self.on_time();
            self.drained();
        }
    }

    pub(crate) fn now(&self) -> Now {
        Now { mono: Mono(u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)), wall: wall_now() }
    }

    fn next_wake(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(60);
        let timer = self.engine.next_deadline().map_or(far, |due| self.begun + Duration::from_millis(due.0));
        let board = if self.board_dirty { self.board_built + BOARD_EVERY } else { far };
        let retry = if self.full { self.retry_at } else { far };
        let drain = if self.draining.is_some() { Instant::now() + DRAIN_LOOK } else { far };
        timer.min(board).min(retry).min(drain)
    }

    fn on_time(&mut self) {
        let now = self.now();
        if self.engine.next_deadline().is_some_and(|due| due <= now.mono) {
            self.handle(Input::Tick);
        }
        if self.full && Instant::now() >= self.retry_at {
            self.retry_at = Instant::now() + Duration::from_millis(commit::RETRY_MS);
            if self.commits.retry() {
                self.full = false;
                self.handle(Input::Storage { ok: true });
            }
        }
        if self.board_dirty && self.board_built.elapsed() >= BOARD_EVERY {
            self.show_boards();
        }
    }

    fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Input(input) => self.handle(*input),
            Msg::Ask { req, input, answer } => {
                self.answers.insert(req, answer);
                self.handle(*input);
            }
            Msg::Stored(effects) => {
                self.retry_at = Instant::now();
                effects.into_iter().for_each(|effect| self.act(effect));
            }
            Msg::Full => {
                self.retry_at = Instant::now() + Duration::from_millis(commit::RETRY_MS);
                if !self.full {
                    self.full = true;
                    self.handle(Input::Storage { ok: false });
                }
            }
            Msg::Card { call, card } => self.cards.put(call, card),
            Msg::Watch => {
                self.board_dirty = true;
                self.show_boards();
            }
            Msg::TrunksChanged => self.reload_trunks(),
            Msg::PromptsChanged => self.reload_prompts(),
            Msg::Acks { company, acks } => {
                self.acks.insert(company, acks);
                self.board_dirty = true;
            }
            Msg::Drain { done } => {
                self.draining = Some(done);
                self.handle(Input::Stopping);
                for leg in self.open_legs.keys().copied().collect::<Vec<_>>() {
                    self.act(Effect::HangUp { leg });
                }
            }
        }
    }

    pub(crate) fn handle(&mut self, input: Input) {
        self.learn(&input);
        let (now, told) = (self.now(), self.journal.begin(&input));
        let turn = self.engine.handle(now, input);
        self.journal.end(now, told, &turn);
        self.board_dirty = true;
        self.dispatch(turn);
    }

    /// What the shell itself must remember of an input.
    fn learn(&mut self, input: &Input) {
        match input {
            Input::Setting(setting) => match &**setting {
                Setting::Campaign(cfg) => drop(self.names.campaigns.insert(cfg.id, cfg.name.clone())),
                Setting::Seat(cfg) => self.learn_seat(cfg),
                Setting::Company(cfg) => self.pop_urls.learn_company(cfg),
                _ => {}
            },
            Input::Leg { leg, event: LegEvent::Ended(_) } => {
                self.open_legs.remove(leg);
            }
            _ => {}
        }
    }

    pub(crate) fn learn_seat(&mut self, cfg: &SeatCfg) {
        self.names.seats.insert(cfg.id, cfg.company);
        self.pop_urls.learn_seat(cfg.id, &cfg.extension);
        if cfg.hide_numbers {
            self.cards.hidden.insert(cfg.id)
        } else {
            self.cards.hidden.remove(&cfg.id)
        };
    }

    fn dispatch(&mut self, turn: Turn) {
        let Turn { changes, effects } = turn;
        let (mut at_once, mut waiting) = (Vec::new(), Vec::new());
        for effect in effects {
            let waits = match &effect {
                Effect::LoadLeads { .. } => true,
                Effect::Dial(dial) => {
                    self.pending.insert(dial.leg, Pending::Waiting);
                    self.open_legs.insert(dial.leg, dial.company);
                    true
                }
                other => other.waits_for_commit() && !changes.is_empty(),
            };
            if waits { waiting.push(effect) } else { at_once.push(effect) }
        }
        if !changes.is_empty() || !waiting.is_empty() {
            self.commits.submit(changes, waiting);
        }
        at_once.into_iter().for_each(|effect| self.act(effect));
    }

    fn act(&mut self, effect: Effect) {
        match effect {
            Effect::Dial(dial) => self.dial(dial),
            Effect::HangUp { leg } => match self.pending.get_mut(&leg) {
                Some(pending) => *pending = Pending::HungUp,
                None => self.sip.hang_up(leg),
            },
            Effect::Bridge { leg, seat } => self.media.bridge(leg, seat),
            Effect::Unbridge { leg } => self.media.unbridge(leg),
            Effect::Play { leg, prompt } => self.media.play(leg, prompt),
            Effect::StopPlay { leg } => self.media.stop_play(leg),
            Effect::Tone { seat, tone } => self.media.tone(seat, tone),
            Effect::Record { leg, call } => self.record(leg, call),
            Effect::SendKey { leg, key } => self.media.send_key(leg, key),
            Effect::Pop { seat, call, kind, campaign, lead: _, phone, name } => {
                let campaign = campaign.and_then(|id| self.names.campaigns.get(&id).cloned());
                let mut pop = Pop {
                    call,
                    kind,
                    number: String::new(),
                    campaign,
                    customer: None,
                    card: BTreeMap::new(),
                    form: Vec::new(),
                    url: None,
                };
                self.cards.fill(&mut pop, seat, &phone, &name);
                let (company, hidden) = (self.names.seats.get(&seat), self.cards.hidden.contains(&seat));
                pop.url = company.and_then(|company| self.pop_urls.url(*company, seat, hidden, &pop, &phone));
                self.people.tell(seat, ServerMsg::Pop(pop));
            }
            Effect::CallOver { seat, call, state, talk_s } => {
                self.people.tell(seat, ServerMsg::CallOver { call, state, talk_s });
            }
            Effect::Seat(view) => self.people.tell(view.seat, ServerMsg::Seat(view)),
            Effect::LoadLeads { campaign, .. } => tracing::error!(%campaign, "a load escaped the commit queue"),
            Effect::Clear { leg } => self.clear(leg),
            Effect::Reply { req, refusal } => {
                if let Some(answer) = self.answers.remove(&req) {
                    // Whoever asked may have gone.
                    let _ = answer.send(refusal);
                }
            }
            Effect::Event { company, event } => {
                let events = self.events.entry(company).or_default();
                events.push_back(event);
                if events.len() > EVENTS_KEPT {
                    events.pop_front();
                }
            }
            Effect::Toast { seat, refusal } => {
                let text = refusal.text(Lang::Zh);
                self.people.tell(seat, ServerMsg::Toast(RefusalText { code: refusal.code.into_owned(), text }));
            }
        }
    }

    fn dial(&mut self, dial: Dial) {
        let pending = self.pending.remove(&dial.leg);
        let stale = self.now().mono > dial.not_after || self.draining.is_some();
        if pending != Some(Pending::Waiting) || stale {
            let event = LegEvent::Ended(LegEnd { how: LegEndHow::NotSent, sip: None, q850: None });
            return self.handle(Input::Leg { leg: dial.leg, event });
        }
        self.prefetch(&dial);
        self.sip.dial(dial);
    }

    /// Looks the customer up while the phone rings.
    fn prefetch(&self, dial: &Dial) {
        let (store, inbox) = (self.store.clone(), self.inbox.clone());
        let (call, company, phone) = (dial.call, dial.company, dial.phone.clone());
        tokio::spawn(async move {
            match store.read(move |conn| Ok(card::of_call(conn, company, call, &phone)?)).await {
                Ok(card) => drop(inbox.send(Msg::Card { call, card })),
                Err(error) => tracing::error!(%call, %error, "the card of a call could not be read"),
            }
        });
    }

    fn record(&self, leg: LegId, call: hutong_api::CallId) {
        let Some(company) = self.open_legs.get(&leg).copied() else { return };
        let path = crate::store::recording_path(call, wall_now());
        self.media.record(leg, call, self.data_dir.join(&path));
        recordings::begun(&self.store, company, call, path);
    }

    fn clear(&mut self, leg: LegId) {
        if let Some(record) = self.dead_dialogs.remove(&leg) {
            self.sip.clear(record);
        }
    }

    fn reload_trunks(&self) {
        let (store, sip) = (self.store.clone(), self.sip.clone());
        tokio::spawn(async move {
            match store.read(crate::store::sip_trunks).await {
                Ok(trunks) => sip.set_trunks(trunks),
                Err(error) => tracing::error!(%error, "trunks could not be read"),
            }
        });
    }

    fn reload_prompts(&self) {
        let (store, media) = (self.store.clone(), self.media.clone());
        tokio::spawn(async move {
            match store.read(crate::store::prompts).await {
                Ok(prompts) => prompts.into_iter().for_each(|(id, alaw)| media.load_prompt(id, alaw.into())),
                Err(error) => tracing::error!(%error, "prompts could not be read"),
            }
        });
    }

    fn show_boards(&mut self) {
        self.board_dirty = false;
        self.board_built = Instant::now();
        let now = self.now();
        for company in self.people.watched() {
            if let Some(mut board) = self.engine.board(company, now) {
                board.full = true;
                board.at = now.wall.0;
                board.acks = Some(self.acks.get(&company).cloned().unwrap_or_default());
                board.events = Some(self.events.get(&company).map(|e| e.iter().cloned().collect()).unwrap_or_default());
                self.people.show(company, board);
            }
        }
    }

    fn drained(&mut self) {
        if self.draining.is_some()
            && self.open_legs.is_empty()
            && self.commits.at_rest()
            && let Some(done) = self.draining.take()
        {
            let _ = done.send(());
        }
    }
}
