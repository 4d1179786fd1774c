//! The shell around the engine: one task owns `Engine`, feeds it inputs and due timers, and hands its turns to the
//! store, SIP, media and people. `Shell` is the handle everybody else holds.

mod actor;
mod cards;
mod commit;
pub mod journal;
mod people;
mod pop_urls;
mod recordings;
mod start;

pub use actor::EVENTS_KEPT;
pub use people::Attached;
pub use recordings::recordings_closed;
pub use start::{Parts, start};

use hutong_api::{
    CampaignId, CompanyId, Micro, Refusal, SeatId,
    board::{AlarmAck, BoardMsg},
    live::{Command, ServerMsg},
};
use hutong_core::{
    Wall,
    io::{Actor, Effect, HopperLead, Input, LedgerKind, ReqId},
};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::{
    mpsc::{UnboundedSender, error::SendError},
    oneshot, watch,
};

/// Most questions of people that may wait for their answers at once; beyond it they are refused, so that a flood of
/// clicks cannot grow the inbox without end. Legs have their own bound: the trunks' channels.
const MAX_ASKS: usize = 1_000;

#[derive(Clone)]
pub struct Shell {
    inbox: UnboundedSender<Msg>,
    people: Arc<people::People>,
    next_req: Arc<AtomicU64>,
    asks: Arc<tokio::sync::Semaphore>,
}

/// What reaches the engine's task.
pub(crate) enum Msg {
    Input(Box<Input>),
    /// `input`, whose `Effect::Reply` goes to `answer`.
    Ask {
        req: ReqId,
        input: Box<Input>,
        answer: oneshot::Sender<Option<Refusal>>,
    },
    /// A turn is stored: these effects waited for it.
    Stored(Vec<Effect>),
    /// A turn could not be stored for want of space; it waits in the commit queue.
    Full,
    /// A customer card looked up ahead of a pop.
    Card {
        call: hutong_api::CallId,
        card: crate::desk::card::Card,
    },
    /// Somebody new watches a company's board.
    Watch,
    TrunksChanged,
    PromptsChanged,
    /// What is acknowledged of a company's last events.
    Acks {
        company: CompanyId,
        acks: Vec<AlarmAck>,
    },
    /// Stop: no new dials are made, what is up is hung up and closed.
    Drain {
        done: oneshot::Sender<()>,
    },
}

impl Shell {
    /// A shell that shows the board of an engine at rest and listens to nothing else: inputs are dropped, asks refused as
    /// `service.stopping`. For tests of the other rooms.
    #[cfg(test)]
    pub fn showing(engine: hutong_core::Engine) -> Shell {
        let (shell, mut heard) = Shell::overheard();
        let people = shell.people.clone();
        tokio::spawn(async move {
            while let Some(msg) = heard.recv().await {
                let Msg::Watch = msg else { continue };
                let now = hutong_core::Now { mono: hutong_core::Mono(0), wall: wall_now() };
                for company in people.watched() {
                    engine.board(company, now).into_iter().for_each(|board| people.show(company, board));
                }
            }
        });
        shell
    }

    /// … and one whose inputs a test reads.
    #[cfg(test)]
    pub(crate) fn overheard() -> (Shell, tokio::sync::mpsc::UnboundedReceiver<Msg>) {
        let (inbox, heard) = tokio::sync::mpsc::unbounded_channel();
        let asks = Arc::new(tokio::sync::Semaphore::new(MAX_ASKS));
        (Shell { inbox, people: Arc::default(), next_req: Arc::default(), asks }, heard)
    }

    /// Something happened.
    pub fn input(&self, input: Input) {
        self.send(Msg::Input(Box::new(input)));
    }

    /// A person asks; answered once what follows from it is committed.
    pub async fn ask(&self, who: Actor, cmd: Command) -> Result<(), Refusal> {
        let req = self.mint();
        self.question(req, Input::Ask { req, who, cmd }).await
    }

    /// 点拨 of a row that the store gave to the asking seat (F59); answered once its dial is committed.
    pub async fn preview_dial(&self, who: Actor, campaign: CampaignId, row: HopperLead) -> Result<(), Refusal> {
        let req = self.mint();
        self.question(req, Input::PreviewDial { req, who, campaign, row }).await
    }

    /// Top-up or correction by the box operator.
    pub async fn money(
        &self,
        company: CompanyId,
        kind: LedgerKind,
        amount: Micro,
        by: String,
        note: String,
    ) -> Result<(), Refusal> {
        let req = self.mint();
        self.question(req, Input::Money { req, company, kind, amount, by, note }).await
    }

    /// The seat's live socket: gets Seat, Pop, CallOver, Toast. A newer attach replaces the older, which gets Bye.
    /// Dropping the returned guard detaches.
    pub fn attach(&self, seat: SeatId, to: UnboundedSender<ServerMsg>) -> Attached {
        people::attach(self.clone(), seat, to)
    }

    /// The company's newest board (full sections, built at most 10 times a second while anyone watches).
    /// Until the first is built the receiver holds an empty one with `at` 0.
    pub fn board(&self, company: CompanyId) -> watch::Receiver<BoardMsg> {
        let receiver = self.people.board(company);
        self.send(Msg::Watch);
        receiver
    }

    /// Trunk records changed: SIP takes the new set.
    pub fn trunks_changed(&self) {
        self.send(Msg::TrunksChanged);
    }

    /// Prompts changed: media takes the new ones.
    pub fn prompts_changed(&self) {
        self.send(Msg::PromptsChanged);
    }

    /// Somebody acknowledged alarms: these are, of the company's last `EVENTS_KEPT` events.
    pub fn acknowledged(&self, company: CompanyId, acks: Vec<AlarmAck>) {
        self.send(Msg::Acks { company, acks });
    }

    /// Hangs up what is up and returns once every call is closed and stored.
    pub async fn drain(&self) {
        let (done, wait) = oneshot::channel();
        self.send(Msg::Drain { done });
        // The engine's task being gone is also an end.
        let _ = wait.await;
    }

    async fn question(&self, req: ReqId, input: Input) -> Result<(), Refusal> {
        let Ok(_place) = self.asks.try_acquire() else { return Err(Refusal::new("service.busy")) };
        let (answer, wait) = oneshot::channel();
        self.send(Msg::Ask { req, input: Box::new(input), answer });
        match wait.await {
            Ok(None) => Ok(()),
            Ok(Some(refusal)) => Err(refusal),
            Err(_) => Err(Refusal::new("service.stopping")),
        }
    }

    fn mint(&self) -> ReqId {
        ReqId(self.next_req.fetch_add(1, Ordering::Relaxed))
    }

    fn send(&self, msg: Msg) {
        // The engine's task only ends with the process; there is nobody left to tell.
        if let Err(SendError(_)) = self.inbox.send(msg) {
            tracing::debug!("message after the engine stopped");
        }
    }
}

/// Wall clock of the box.
pub fn wall_now() -> Wall {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Wall(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
