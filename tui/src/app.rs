//! The loop: events in, requests out, at most ten frames a second.

use crate::{
    args::Args,
    audio::Audio,
    event::{Event, Hit, NetEvent, Request},
    input,
    net::{Address, Net, now_ms, tls::Pins},
    state::State,
    terminal, text,
    theme::ThemeName,
    update::{begin, update},
    view,
};
use anyhow::Context;
use hutong_api::Lang;
use jiff::tz::TimeZone;
use ratatui::{
    buffer::Buffer,
    crossterm::{
        event::{self, MouseButton, MouseEvent, MouseEventKind},
        execute,
        terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
    },
    layout::{Position, Rect},
};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::{Duration, Instant},
};

const FRAME: Duration = Duration::from_millis(100);
const IDLE: Duration = Duration::from_secs(1);
const ONCE_WAITS: Duration = Duration::from_secs(20);

pub fn run(args: &Args) -> anyhow::Result<()> {
    let address = Address::parse(&args.connect).with_context(|| format!("--connect {}", args.connect))?;
    let zone = args.zone.as_deref().unwrap_or("Asia/Shanghai");
    let zone = TimeZone::get(zone).with_context(|| format!("--zone {zone}"))?;
    let theme = choose_theme(args);
    let mut state = State::new(Lang::parse(&args.lang), theme, zone);
    state.own_zone = args.zone.is_some();
    state.kiosk = args.wall.then(Default::default);
    state.server = address.server();
    let password = std::env::var("HUTONG_PASSWORD").ok().filter(|p| !p.is_empty());
    let (to_loop, events) = mpsc::channel();
    let from_net = to_loop.clone();
    let emit = Arc::new(move |event: NetEvent| drop(from_net.send(Event::Net(event))));
    let pins = Pins::load(Pins::default_file(), &address.server());
    let net = Net::new(address, pins, password.is_some(), emit)?;
    state.now = now_ms();
    let first = begin(&mut state, &args.company, &args.account, password.as_deref());
    first.into_iter().for_each(|r| net.request(r));
    match args.once {
        Some(size) => once(state, &net, &events, size, args.tab),
        None => interactive(state, &net, &to_loop, &events),
    }
}

fn choose_theme(args: &Args) -> ThemeName {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let probed = args.theme.is_none() && args.once.is_none();
    ThemeName::choose(args.theme, probed && terminal::ambiguous_is_wide(), no_color)
}

fn interactive(
    mut state: State,
    net: &Net,
    to_loop: &mpsc::Sender<Event>,
    events: &mpsc::Receiver<Event>,
) -> anyhow::Result<()> {
    let (mut screen, _taken) = terminal::take()?;
    let from_audio = to_loop.clone();
    let audio = Audio::new(move |event| drop(from_audio.send(Event::Audio(event))));
    let ended = Arc::new(AtomicBool::new(false));
    for signal in [SIGTERM, SIGHUP, SIGINT] {
        signal_hook::flag::register(signal, ended.clone())?;
    }
    let size = screen.size()?;
    update(&mut state, Event::Resize(size.width, size.height));
    let (raw, inputs) = mpsc::channel();
    read_input(raw, to_loop.clone());
    let (mut hits, mut drawn, mut dirty) = (Vec::new(), None::<Instant>, true);
    while !state.quit && !ended.load(Ordering::Relaxed) {
        let due = drawn.map_or(Duration::ZERO, |at| FRAME.saturating_sub(at.elapsed()));
        if dirty && due.is_zero() {
            hits = draw(&mut screen, &state)?;
            (drawn, dirty) = (Some(Instant::now()), false);
        }
        let event = match events.recv_timeout(if dirty { due } else { IDLE }) {
            Ok(event) => Some(event),
            Err(mpsc::RecvTimeoutError::Timeout) => None,
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        };
        // A timeout while a frame was due brings nothing new.
        let woken = event.is_some();
        dirty = dirty || woken || due.is_zero();
        let mut todo = vec![Event::Tick(now_ms())];
        todo.extend(event.filter(|e| !matches!(e, Event::Tick(_))));
        todo.extend(inputs.try_iter().filter_map(|e| translate(e, &hits)));
        let requests: Vec<Request> = todo.into_iter().flat_map(|e| update(&mut state, e)).collect();
        for request in requests {
            match request {
                // Not `clear`: that asks the terminal for its cursor, while the other thread reads the answer.
                Request::Redraw => screen.resize(Rect::new(0, 0, state.size.0, state.size.1))?,
                Request::Audio(request) => audio.request(request),
                other => net.request(other),
            }
        }
    }
    Ok(())
}

/// Keys and the mouse are read on a thread of their own, which also wakes the loop.
fn read_input(raw: mpsc::Sender<event::Event>, wake: mpsc::Sender<Event>) {
    std::thread::spawn(move || {
        while let Ok(events) = input::read() {
            let gone = events.into_iter().any(|event| raw.send(event).is_err());
            if gone || wake.send(Event::Tick(0)).is_err() {
                return;
            }
        }
    });
}

fn translate(event: event::Event, hits: &[(Rect, Hit)]) -> Option<Event> {
    match event {
        event::Event::Key(key) => Some(Event::Key(key)),
        event::Event::Paste(text) => Some(Event::Paste(text)),
        event::Event::Resize(w, h) => Some(Event::Resize(w, h)),
        event::Event::Mouse(MouseEvent { kind, column, row, .. }) => match kind {
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position::new(column, row);
                hits.iter().find(|(area, _)| area.contains(at)).map(|(_, hit)| Event::Hit(hit.clone()))
            }
            MouseEventKind::ScrollDown => Some(Event::Wheel(3)),
            MouseEventKind::ScrollUp => Some(Event::Wheel(-3)),
            _ => None,
        },
        event::Event::FocusGained | event::Event::FocusLost => None,
    }
}

fn draw(screen: &mut terminal::Screen, state: &State) -> anyhow::Result<Vec<(Rect, Hit)>> {
    let mut painted = view::Painted::default();
    execute!(io::stdout(), BeginSynchronizedUpdate)?;
    let drawn = screen.draw(|frame| {
        painted = view::paint(state, frame.buffer_mut());
        if let Some(at) = painted.cursor {
            frame.set_cursor_position(at);
        }
    });
    execute!(io::stdout(), EndSynchronizedUpdate)?;
    drawn?;
    Ok(painted.hits)
}

/// One frame as text, once what it shows has come.
fn once(
    mut state: State,
    net: &Net,
    events: &mpsc::Receiver<Event>,
    size: (u16, u16),
    tab: usize,
) -> anyhow::Result<()> {
    update(&mut state, Event::Resize(size.0, size.1));
    let until = Instant::now() + ONCE_WAITS;
    let mut turned = tab <= 1;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let Ok(event) = events.recv_timeout(left) else {
            let why = state.login.error.unwrap_or_else(|| "no answer in time".into());
            anyhow::bail!("--once: {why}");
        };
        if let Event::Net(NetEvent::LoginRefused(refusal)) = &event {
            anyhow::bail!("--once: {}", refusal.text);
        }
        if let Event::Net(NetEvent::Certificate { fingerprint, .. }) = &event {
            anyhow::bail!("--once: certificate {fingerprint} is not accepted yet; run the console once");
        }
        let mut requests = update(&mut state, Event::Tick(now_ms()));
        requests.extend(update(&mut state, event));
        let board = state.board.known() || (state.session.is_some() && !state.may("wall.view"));
        if board && !state.catalogue.is_empty() && !turned {
            turned = true;
            requests.extend(update(&mut state, Event::Hit(Hit::Tab(tab - 1))));
        }
        requests.into_iter().for_each(|r| net.request(r));
        let loaded = state.page().is_none_or(|(_, page)| page.loaded_at > 0);
        if board && turned && loaded {
            break;
        }
    }
    let mut buf = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    view::paint(&state, &mut buf);
    print!("{}", text::plain(&buf));
    Ok(())
}
