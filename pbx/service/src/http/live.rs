//! `/api/live`: one task reads what the seat's page or console sends, one carries out its commands in order, one writes.

use super::{
    alarms,
    board::Feed,
    caller::{Caller, Client},
    face::Face,
    hidden, notices, pages,
    problem::{Problem, said},
};
use crate::desk::{Reach, Who, access::TokenHash};
use axum::{
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    response::Response,
};
use futures_util::{SinkExt, StreamExt};
use hutong_api::{
    Lang, Refusal,
    board::BoardMsg,
    catalogue::{field_view, pages::activities},
    live::{ClientMsg, Command, Pop, ServerMsg},
};
use hutong_core::{
    import::clean,
    io::{Input, SeatEvent},
};
use std::time::{Duration, Instant};
use tokio::{
    sync::{mpsc, watch},
    time::{MissedTickBehavior, interval, timeout},
};

/// Messages on their way to one client; beyond it the board waits, and a client that reads nothing is let go.
const QUEUE: usize = 64;
/// The board is only sent while the client keeps up.
const KEEPS_UP: usize = QUEUE - 4;
const WRITE_PATIENCE: Duration = Duration::from_secs(10);
/// At most ten boards a second.
const BOARD_EVERY: Duration = Duration::from_millis(100);
/// How often a session is looked at: whatever ends it, its socket follows within a second or so.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long the reason of a session's end may come behind the end itself.
const LAST_WORD: Duration = Duration::from_millis(300);
/// A silent client: two missed pings of 5 s and some grace.
const SILENCE: Duration = Duration::from_secs(12);
const LONGEST_FRAME: usize = 16 << 10;
/// Commands waiting for their turn.
const COMMANDS: usize = 16;

pub async fn open(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|_| Problem::new("request.bad"))?;
    Ok(upgrade.max_message_size(LONGEST_FRAME).on_upgrade(move |socket| run(face, caller, client, socket)))
}

async fn run(face: Face, caller: Caller, client: Client, socket: WebSocket) {
    let (mut sink, mut stream) = socket.split();
    let (out, mut to_write) = mpsc::channel::<Message>(QUEUE);
    let writer = tokio::spawn(async move {
        while let Some(message) = to_write.recv().await {
            if !matches!(timeout(WRITE_PATIENCE, sink.send(message)).await, Ok(Ok(()))) {
                return;
            }
        }
        drop(timeout(WRITE_PATIENCE, sink.close()).await);
    });
    let (to_seat, mut for_seat) = mpsc::unbounded_channel();
    let (commands, todo) = mpsc::channel(COMMANDS);
    let worker = tokio::spawn(carry_out(face.clone(), caller.token, client, todo, to_seat.clone()));
    let ticket = face.sockets.open((caller.company, caller.seat), caller.token, caller.lang, to_seat.clone());
    // From here the seat is online; when this is dropped, and nobody else took its place, it is gone.
    let attached = face.app.shell.attach(caller.seat, to_seat);

    let mut conversation = Conversation {
        face: face.clone(),
        caller,
        out,
        commands,
        feed: Feed::default(),
        board: None,
        heard: Instant::now(),
        gone: false,
    };
    let (mut boards, mut looks) = (ticks(BOARD_EVERY), ticks(LOOK_EVERY));
    loop {
        let goes_on = tokio::select! {
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => conversation.hear(&text).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => false,
                Some(Ok(_)) => true,
            },
            message = for_seat.recv() => match message {
                Some(message) => conversation.pass(message).await,
                None => false,
            },
            _ = boards.tick(), if conversation.board.is_some() => conversation.show_board().await,
            _ = looks.tick() => conversation.look().await,
        };
        if !goes_on {
            break;
        }
    }
    if conversation.gone {
        conversation.take_leave(&mut for_seat).await;
    }
    face.sockets.close(ticket);
    drop((attached, conversation));
    worker.abort();
    // What is still queued, such as the Bye, may leave.
    drop(timeout(WRITE_PATIENCE, writer).await);
}

/// A project's form is the page's own fields in the reader's language, and then its further ones.
pub(super) fn complete(pop: &mut Pop, lang: Lang) {
    if !pop.form.is_empty() {
        let own = activities::PAGE.form.iter().map(|field| field_view(&activities::PAGE, field, lang));
        pop.form.splice(0..0, own);
    }
}

fn ticks(every: Duration) -> tokio::time::Interval {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

struct Conversation {
    face: Face,
    caller: Caller,
    out: mpsc::Sender<Message>,
    commands: mpsc::Sender<ClientMsg>,
    feed: Feed,
    board: Option<watch::Receiver<BoardMsg>>,
    heard: Instant,
    /// Its session has ended.
    gone: bool,
}

/// Each method says whether the socket goes on.
impl Conversation {
    async fn hear(&mut self, text: &str) -> bool {
        self.heard = Instant::now();
        let Ok(message) = serde_json::from_str::<ClientMsg>(text) else {
            return self.reply(0, Err(Refusal::new("request.bad"))).await;
        };
        match message.cmd {
            Command::Ping { quality } => {
                if let Some(quality) = quality {
                    let event = SeatEvent::Quality(quality);
                    self.face.app.shell.input(Input::Seat { seat: self.caller.seat, event });
                }
                self.reply(message.req, Ok(())).await
            }
            Command::WatchBoard { on } => {
                let permitted = self.caller.who.may("wall.view") || !on;
                self.feed.start_over();
                self.board = (on && permitted).then(|| self.face.app.shell.board(self.caller.company));
                if let Some(board) = &mut self.board {
                    board.mark_changed();
                }
                self.reply(message.req, if permitted { Ok(()) } else { Err(Refusal::new("permission.denied")) }).await
            }
            _ => {
                let req = message.req;
                match self.commands.try_send(message) {
                    Ok(()) => true,
                    Err(_) => self.reply(req, Err(Refusal::new("request.busy"))).await,
                }
            }
        }
    }

    /// What the shell or a command's end has for this seat. A Bye is the last word.
    async fn pass(&mut self, mut message: ServerMsg) -> bool {
        // His role may be the one that changed: what he watches is his only as long as he may.
        if matches!(&message, ServerMsg::Changed { page } if page == "roles") && !self.look().await {
            return false;
        }
        if let ServerMsg::Pop(pop) = &mut message {
            complete(pop, self.caller.lang);
        }
        let last = matches!(message, ServerMsg::Bye(_));
        self.send(&message).await && !last
    }

    async fn show_board(&mut self) -> bool {
        let Some(board) = &mut self.board else { return true };
        if self.out.capacity() < KEEPS_UP {
            self.feed.start_over();
            board.mark_changed();
            return true;
        }
        match board.has_changed() {
            Ok(false) => true,
            Ok(true) => {
                let newest = board.borrow_and_update().clone();
                // Nobody watched until now: the first one is being built.
                if newest.at == 0 {
                    return true;
                }
                match self.feed.next(newest) {
                    Some(message) => self.send(&ServerMsg::Board(message)).await,
                    None => true,
                }
            }
            Err(_) => {
                self.board = None;
                true
            }
        }
    }

    /// Ends the socket with its session, and when nothing has been heard for too long. A watched board counts as use, and
    /// so does the heartbeat of an agent, who may wait long for a call.
    async fn look(&mut self) -> bool {
        if self.heard.elapsed() > SILENCE {
            return false;
        }
        let token = self.caller.token;
        let who = &self.caller.who;
        let agent = who.reach == Reach::Own && who.may("seat.work");
        let session = match self.board.is_some() || agent {
            true => self.face.session(token).await,
            false => self.face.look(token).await.map(|session| session.map(|session| session.who)),
        };
        match session {
            Ok(Some(who)) => {
                let watches = who.may("wall.view");
                self.caller.who = who;
                if !watches {
                    self.board = None;
                }
                true
            }
            Ok(None) => {
                self.gone = true;
                false
            }
            // A store that stumbles is no reason to hang up on everybody.
            Err(_) => true,
        }
    }

    /// Whoever ended the session is about to say why; without a word it has just ended.
    async fn take_leave(&mut self, for_seat: &mut mpsc::UnboundedReceiver<ServerMsg>) {
        let said_why = async {
            loop {
                match for_seat.recv().await {
                    Some(bye @ ServerMsg::Bye(_)) => return Some(bye),
                    Some(_) => {}
                    None => return None,
                }
            }
        };
        let told = timeout(LAST_WORD, said_why).await.ok().flatten();
        let ended = || ServerMsg::Bye(said(&Refusal::new("session.ended"), self.caller.lang));
        let bye = told.unwrap_or_else(ended);
        self.send(&bye).await;
    }

    async fn reply(&mut self, req: u32, outcome: Result<(), Refusal>) -> bool {
        let refusal = outcome.err().map(|refusal| said(&refusal, self.caller.lang));
        self.send(&ServerMsg::Reply { req, refusal }).await
    }

    /// The one way out to the client: past here nothing is hidden any more.
    async fn send(&mut self, message: &ServerMsg) -> bool {
        let hidden = self.caller.hide_numbers.then(|| hidden::of(message.clone()));
        let message = hidden.as_ref().unwrap_or(message);
        let Ok(text) = serde_json::to_string(message) else { return true };
        matches!(timeout(WRITE_PATIENCE, self.out.send(Message::Text(text.into()))).await, Ok(Ok(())))
    }
}

/// Commands one after the other, each under the permissions of that moment.
async fn carry_out(
    face: Face,
    token: TokenHash,
    client: Client,
    mut todo: mpsc::Receiver<ClientMsg>,
    to: mpsc::UnboundedSender<ServerMsg>,
) {
    while let Some(ClientMsg { req, cmd }) = todo.recv().await {
        let (lang, outcome) = match face.session(token).await {
            Ok(Some(who)) => (who.lang, command(&face, &who, &client, cmd).await),
            Ok(None) => (hutong_api::Lang::default(), Err(Problem::new("session.ended"))),
            Err(problem) => (hutong_api::Lang::default(), Err(problem)),
        };
        let refusal = outcome.err().map(|problem| said(&problem.0, lang));
        if to.send(ServerMsg::Reply { req, refusal }).is_err() {
            return;
        }
    }
}

async fn command(face: &Face, who: &Who, client: &Client, command: Command) -> Result<(), Problem> {
    let command = match command {
        Command::Dial { number } => Command::Dial { number: dialled(&number)? },
        Command::SignIn
        | Command::SignOut
        | Command::Busy { .. }
        | Command::Idle
        | Command::WrapMore
        | Command::AutoAnswer { .. }
        | Command::CardClosed { .. }
        | Command::Answer
        | Command::Reject
        | Command::HangUp
        | Command::OptOut { .. }
        | Command::Dtmf { .. } => command,
        Command::AlarmAck { at, text_key } => return alarms::acknowledge(face, who, &client.0, at, text_key).await,
        Command::Message { seat, text } => return notices::message(face, who, &client.0, seat, &text).await,
        other => return pages::engine(face, who, &client.0, other).await,
    };
    if !who.may("seat.work") {
        return Err(Problem::new("permission.denied"));
    }
    Ok(face.app.shell.ask(who.actor(), command).await?)
}

/// A number as typed into the dial box (F10).
fn dialled(typed: &str) -> Result<String, Refusal> {
    clean(typed).map(String::from).map_err(|bad| bad.refusal())
}
