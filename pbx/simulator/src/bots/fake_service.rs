//! Tests of a whole shift against a service of a few lines that keeps to hutong-api's contract.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Bot, Login, Seen, live_on, log::Log, phone::Phone, phone::tests::answer};
use axum::{
    Json, Router,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::IntoResponse,
    routing::{get, post},
};
use hutong_api::{
    CallId, CallKind, CallState, Lang, SeatId,
    live::{ClientMsg, Command, Pop, RefusalText, SeatState, SeatView, ServerMsg},
    page::{ActivityRequest, Created, LoginRequest, PhoneAnswer, PhoneOffer, Session},
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::Value;
use std::{sync::Arc, time::Duration};
use tokio::{
    net::TcpListener,
    sync::{Mutex, mpsc},
    time::{sleep, timeout},
};

const CALLEE_HZ: u32 = 480;
const CALL: CallId = CallId(77);

#[derive(Clone)]
struct Service {
    saved: mpsc::UnboundedSender<ActivityRequest>,
    far: Arc<Mutex<Option<Phone>>>,
}

fn allowed(headers: &HeaderMap) -> bool {
    headers.get("authorization").is_some_and(|value| value == "Bearer secret")
}

async fn login(Json(request): Json<LoginRequest>) -> Json<Session> {
    assert_eq!((request.company.as_str(), request.account.as_str()), ("demo", "8001"));
    Json(Session {
        token: Some("secret".into()),
        company: request.company,
        company_name: "演示".into(),
        seat: SeatId(5),
        extension: "8001".into(),
        account: request.account,
        name: "甲".into(),
        role: "agent".into(),
        permissions: vec!["seat.work".into()],
        demo: true,
        lang: Lang::Zh,
        zone: "Asia/Shanghai".into(),
    })
}

async fn phone(State(service): State<Service>, headers: HeaderMap, Json(offer): Json<PhoneOffer>) -> Json<PhoneAnswer> {
    assert!(allowed(&headers));
    let (far, sdp) = answer(offer.sdp, CALLEE_HZ).await;
    *service.far.lock().await = Some(far);
    Json(PhoneAnswer { sdp })
}

async fn activity(
    State(service): State<Service>,
    headers: HeaderMap,
    Json(form): Json<ActivityRequest>,
) -> Json<Created> {
    assert!(allowed(&headers) && headers.contains_key("x-hutong"));
    service.saved.send(form).unwrap();
    Json(9.into())
}

async fn live(State(service): State<Service>, headers: HeaderMap, upgrade: WebSocketUpgrade) -> impl IntoResponse {
    assert!(allowed(&headers));
    upgrade.on_upgrade(move |socket| one_call(socket, service))
}

/// Refuses the first sign-in, gives one call, lets the bot hang up, then closes the socket.
async fn one_call(mut socket: WebSocket, service: Service) {
    say(&mut socket, seat(SeatState::SignedOut, None)).await;
    reply(&mut socket, &Command::SignIn, Some("agent.no_microphone")).await;
    reply(&mut socket, &Command::SignIn, None).await;
    say(&mut socket, seat(SeatState::Idle, None)).await;
    let card = [("name".to_owned(), "赵先生".to_owned())].into();
    let number = "15400000001".into();
    let pop = Pop {
        call: CALL,
        kind: CallKind::Campaign,
        number,
        campaign: None,
        customer: None,
        card,
        form: Vec::new(),
        url: None,
    };
    say(&mut socket, ServerMsg::Pop(pop)).await;
    let far = service.far.lock().await.take().unwrap();
    far.talk(true);
    say(&mut socket, seat(SeatState::Talking, Some(CALL))).await;
    reply(&mut socket, &Command::HangUp, None).await;
    far.talk(false);
    say(&mut socket, ServerMsg::CallOver { call: CALL, state: CallState::Answered, talk_s: 3 }).await;
    say(&mut socket, seat(SeatState::WrapUp, Some(CALL))).await;
    // The form comes over HTTP within a second; then the service "restarts".
    sleep(Duration::from_millis(1500)).await;
}

async fn reply(socket: &mut WebSocket, wanted: &Command, refuse: Option<&str>) {
    loop {
        let message = socket.recv().await.unwrap().unwrap();
        let asked: ClientMsg = serde_json::from_str(message.to_text().unwrap()).unwrap();
        let ping = matches!(asked.cmd, Command::Ping { .. });
        assert!(ping || asked.cmd == *wanted, "{:?} instead of {wanted:?}", asked.cmd);
        let refusal = refuse.filter(|_| !ping).map(|code| RefusalText { code: code.into(), text: code.into() });
        say(socket, ServerMsg::Reply { req: asked.req, refusal }).await;
        if !ping {
            return;
        }
    }
}

async fn say(socket: &mut WebSocket, msg: ServerMsg) {
    socket.send(Message::text(serde_json::to_string(&msg).unwrap())).await.unwrap();
}

fn seat(state: SeatState, call: Option<CallId>) -> ServerMsg {
    ServerMsg::Seat(SeatView {
        seat: SeatId(5),
        state,
        reason: None,
        since: 0,
        until: None,
        auto_answer: true,
        phone: true,
        call,
        after_call: None,
        today_calls: 0,
        today_talk_s: 0,
    })
}

#[tokio::test]
async fn a_shift_from_sign_in_to_the_saved_form_and_back_after_a_restart() {
    let (saved, mut forms) = mpsc::unbounded_channel();
    let service = Service { saved, far: Arc::default() };
    let routes = Router::new()
        .route("/api/login", post(login))
        .route("/api/phone", post(phone))
        .route("/api/activity", post(activity))
        .route("/api/live", get(live))
        .with_state(service);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, routes).await });

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bots.jsonl");
    let login = Login { account: "8001".into(), password: "x".into() };
    let seen = Arc::new(Seen(std::sync::Mutex::new(tokio::time::Instant::now())));
    let bot = Bot { service: address, company: "demo".into(), login, hz: 697, quick: true, seen };
    let log = Arc::new(Log::open(Some(&path)).unwrap());
    let working = tokio::spawn(live_on(bot, StdRng::seed_from_u64(2), log));
    // A second form proves that the bot came back by itself.
    for _ in 0..2 {
        let form = timeout(Duration::from_secs(30), forms.recv()).await.unwrap().unwrap();
        assert_eq!((form.call, form.then_idle), (CALL, true));
        assert!(!form.disposition.is_empty() && !form.content.is_empty());
    }
    working.abort();

    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    let life = ["refused", "signed_in", "pop", "talking", "heard_hz", "call_over", "saved"];
    assert_eq!(events[..8], [&life[..], &["lost"]].concat(), "{text}");
    assert_eq!(events[8..14], life[..6], "{text}");
    let event = |name: &str| lines.iter().find(|line| line["event"] == name).unwrap();
    assert_eq!(event("heard_hz")["hz"], CALLEE_HZ);
    assert_eq!((&event("signed_in")["hz"], &event("signed_in")["seat"]), (&697.into(), &5.into()));
    assert_eq!((&event("pop")["name"], &event("refused")["code"]), (&"赵先生".into(), &"agent.no_microphone".into()));
}
