//! A bot's shift: signed in, it takes what comes, talks for a while, writes down what came of it, and rests now and then.

use super::{
    Bot,
    api::Api,
    live::{Heard, Live},
    log::Log,
    phone::{Phone, PhoneEvent},
};
use anyhow::{Context, bail};
use hutong_api::{
    CallId,
    catalogue::pages::activities::DISPOSITIONS,
    live::{Command, SeatState, SeatView, ServerMsg},
    page::{ActivityRequest, LoginRequest},
};
use rand::{
    Rng,
    rngs::StdRng,
    seq::{IndexedRandom, IteratorRandom},
};
use std::{convert::Infallible, ops::Range, time::Duration};
use tokio::time::{Instant, sleep_until};

const PING: Duration = Duration::from_secs(5);
/// A page's DTLS may be up a moment before the service's: a refused sign-in is tried again.
const SIGN_IN_AGAIN: Duration = Duration::from_millis(500);

/// Works until the service or the media leg is lost. `signed_in` tells whether it came that far.
///
/// # Errors
/// Always ends in one: why the shift could not go on.
pub async fn shift(bot: &Bot, rng: &mut StdRng, log: &Log, signed_in: &mut bool) -> anyhow::Result<Infallible> {
    let login = LoginRequest {
        company: bot.company.clone(),
        account: bot.login.account.clone(),
        password: bot.login.password.clone(),
        lang: Default::default(),
    };
    let (api, session) = Api::login(bot.service, login).await?;
    let mut live = Live::open(bot.service, api.token().context("no token")?).await?;
    let mut phone = Phone::connect(bot.hz, |offer| api.phone(offer)).await?;
    let now = Instant::now();
    let mut desk = Desk {
        bot,
        rng,
        log,
        api,
        seat_id: session.seat.0,
        seat: None,
        call: None,
        signed_in,
        sign_in_at: Some(now),
        hang_up_at: None,
        save: None,
        idle_at: None,
        ping_at: now + PING,
    };
    let why = loop {
        let due = desk.next_due();
        let done = tokio::select! {
            heard = live.next() => match heard {
                Ok(heard) => {
                    bot.seen.now();
                    desk.on_message(heard, &mut live, &phone).await
                }
                Err(why) => Err(why),
            },
            event = phone.event() => desk.on_phone(event),
            () = sleep_until(due) => desk.on_time(&mut live).await,
        };
        if let Err(why) = done {
            break why;
        }
    };
    phone.close().await;
    Err(why)
}

struct Desk<'a> {
    bot: &'a Bot,
    rng: &'a mut StdRng,
    log: &'a Log,
    api: Api,
    seat_id: i64,
    seat: Option<SeatView>,
    /// The call being talked in.
    call: Option<CallId>,
    signed_in: &'a mut bool,
    sign_in_at: Option<Instant>,
    hang_up_at: Option<Instant>,
    /// A call over, and when its form will be filled in.
    save: Option<(Instant, CallId)>,
    idle_at: Option<Instant>,
    ping_at: Instant,
}

impl Desk<'_> {
    fn next_due(&self) -> Instant {
        let saving = self.save.map(|(at, _)| at);
        let timers = [self.sign_in_at, self.hang_up_at, saving, self.idle_at];
        timers.into_iter().flatten().fold(self.ping_at, Instant::min)
    }

    async fn on_time(&mut self, live: &mut Live) -> anyhow::Result<()> {
        let now = Instant::now();
        let due = |timer: &mut Option<Instant>| timer.take_if(|at| *at <= now).is_some();
        if self.ping_at <= now {
            self.ping_at = now + PING;
            live.send(Command::Ping { quality: None }).await?;
        }
        if due(&mut self.sign_in_at) {
            live.send(Command::SignIn).await?;
        }
        if due(&mut self.hang_up_at) {
            live.send(Command::HangUp).await?;
        }
        if due(&mut self.idle_at) {
            live.send(Command::Idle).await?;
        }
        if let Some((_, call)) = self.save.take_if(|(at, _)| *at <= now) {
            self.save(call, live).await?;
        }
        Ok(())
    }

    fn on_phone(&mut self, event: PhoneEvent) -> anyhow::Result<()> {
        match event {
            PhoneEvent::Down => bail!("media leg lost"),
            PhoneEvent::Heard(hz) => {
                if let Some(call) = self.call {
                    self.log.heard(&self.bot.login.account, call, hz);
                }
            }
            PhoneEvent::Missed(packets) => {
                if let Some(call) = self.call {
                    self.log.missed(&self.bot.login.account, call, packets);
                }
            }
            PhoneEvent::Gathered | PhoneEvent::Up => {}
        }
        Ok(())
    }

    async fn on_message(&mut self, heard: Heard, live: &mut Live, phone: &Phone) -> anyhow::Result<()> {
        let account = &self.bot.login.account;
        match heard.msg {
            ServerMsg::Reply { refusal, .. } => {
                self.on_reply(heard.answers, refusal.map(|refusal| refusal.code), live).await?;
            }
            ServerMsg::Seat(view) => self.on_seat(view, live, phone).await?,
            ServerMsg::Pop(pop) => {
                let name = pop.card.get("name").map_or("", String::as_str);
                self.log.pop(account, pop.call, name);
            }
            ServerMsg::CallOver { call, state, talk_s } => {
                self.log.call_over(account, call, state.word(), talk_s);
                self.save = Some((Instant::now() + self.a_while(WRITING), call));
            }
            ServerMsg::Bye(refusal) => bail!("signed off by the service: {}", refusal.code),
            ServerMsg::Board(_)
            | ServerMsg::Import(_)
            | ServerMsg::Toast(_)
            | ServerMsg::Changed { .. }
            | ServerMsg::Message { .. } => {}
        }
        Ok(())
    }

    async fn on_reply(&mut self, cmd: Option<Command>, refused: Option<String>, live: &mut Live) -> anyhow::Result<()> {
        let account = &self.bot.login.account;
        let Some(cmd) = cmd else { return Ok(()) };
        if let Some(code) = &refused {
            self.log.refused(account, &format!("{cmd:?}"), code);
        }
        match (cmd, refused) {
            (Command::SignIn, None) => {
                *self.signed_in = true;
                self.log.signed_in(account, self.seat_id, self.bot.hz);
                if self.seat.as_ref().is_some_and(|seat| !seat.auto_answer) {
                    live.send(Command::AutoAnswer { on: true }).await?;
                }
            }
            (Command::SignIn, Some(_)) => {
                let out = self.seat.as_ref().is_none_or(|seat| is_out(seat.state));
                self.sign_in_at = out.then(|| Instant::now() + SIGN_IN_AGAIN);
            }
            (Command::Busy { .. }, Some(_)) => self.idle_at = None,
            _ => {}
        }
        Ok(())
    }

    async fn on_seat(&mut self, view: SeatView, live: &mut Live, phone: &Phone) -> anyhow::Result<()> {
        let was_in = self.seat.as_ref().is_some_and(|seat| !is_out(seat.state));
        let talking = view.call.filter(|_| view.state == SeatState::Talking);
        phone.talk(talking.is_some());
        if let Some(call) = talking.filter(|_| talking != self.call) {
            self.start_talk(call, live).await?;
        }
        if talking.is_none() {
            self.hang_up_at = None;
        }
        self.call = talking;
        if view.state == SeatState::Ringing && !view.auto_answer {
            live.send(Command::Answer).await?;
        }
        if was_in && is_out(view.state) {
            // Sent home by a supervisor: come back after a while.
            self.sign_in_at = Some(Instant::now() + self.a_while(AWAY));
        }
        self.seat = Some(view);
        Ok(())
    }

    async fn start_talk(&mut self, call: CallId, live: &mut Live) -> anyhow::Result<()> {
        self.log.talking(&self.bot.login.account, call);
        if let Some((_, earlier)) = self.save.take() {
            self.save(earlier, live).await?;
        }
        // Half of the time the callee is left to hang up first, but nobody is listened to for ever.
        let patience = if self.rng.random_bool(0.5) { 1 } else { 3 };
        self.hang_up_at = Some(Instant::now() + self.a_while(TALK) * patience);
        Ok(())
    }

    /// Saves the form, then goes idle; now and then takes a break instead.
    async fn save(&mut self, call: CallId, live: &mut Live) -> anyhow::Result<()> {
        let account = &self.bot.login.account;
        let working = self.call.is_some();
        let rest = !working && self.rng.random_bool(0.08);
        let form = ActivityRequest {
            call,
            disposition: self.outcome().to_owned(),
            content: CONTENTS.choose(self.rng).copied().unwrap_or_default().to_owned(),
            then_idle: !working && !rest,
            ..Default::default()
        };
        match self.api.save(form).await {
            Ok(activity) => self.log.saved(account, call, activity),
            Err(why) => {
                self.log.refused(account, "activity", &format!("{why:#}"));
                if !working && !rest {
                    live.send(Command::Idle).await?;
                }
            }
        }
        if rest {
            live.send(Command::Busy { reason: "break".into() }).await?;
            self.idle_at = Some(Instant::now() + self.a_while(BREAK));
        }
        Ok(())
    }

    /// 勿再打 closes a number for good, so few say it.
    fn outcome(&mut self) -> &'static str {
        const NEVER_AGAIN: &str = "do_not_call";
        if self.rng.random_bool(0.03) {
            return NEVER_AGAIN;
        }
        DISPOSITIONS.iter().copied().filter(|code| *code != NEVER_AGAIN).choose(self.rng).unwrap_or_default()
    }

    fn a_while(&mut self, span: Span) -> Duration {
        let range = if self.bot.quick { span.quick } else { span.normal };
        Duration::from_secs_f64(self.rng.random_range(range))
    }
}

/// Seconds, with and without `--quick`.
struct Span {
    quick: Range<f64>,
    normal: Range<f64>,
}

const TALK: Span = Span { quick: 2.0..5.0, normal: 15.0..60.0 };
const WRITING: Span = Span { quick: 0.3..1.0, normal: 3.0..10.0 };
const BREAK: Span = Span { quick: 1.0..3.0, normal: 30.0..120.0 };
const AWAY: Span = Span { quick: 3.0..5.0, normal: 30.0..60.0 };

/// What a bot writes into 业务记录: data of the demo office, in its language.
const CONTENTS: [&str; 4] =
    ["客户有意向，下周再联系", "客户在忙，稍后回拨", "已介绍产品，暂不考虑", "已加微信，发送资料"];

fn is_out(state: SeatState) -> bool {
    matches!(state, SeatState::SignedOut | SeatState::Lost)
}
