//! The media thread: it alone owns sockets, legs, bridges, players and the tap. No lock, no task, no hand-over on a packet's way.

mod clock;
mod commands;
mod packets;

use super::{
    MediaEvent, TrunkMedia,
    browser::BrowserLeg,
    player::Tones,
    poll::{Poll, Ready},
    seat::SeatLeg,
    slots::{Key, Slots},
    tap::Tap,
    trunk::TrunkLeg,
};
use hutong_api::{CallId, LegId, PromptId, SeatId};
use hutong_core::io::Tone;
use std::{
    collections::HashMap,
    net::{SocketAddr, UdpSocket},
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};
use tokio::sync::mpsc::UnboundedSender;

const HOUSEKEEPING: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub enum Command {
    OpenTrunk(LegId, UdpSocket),
    ConnectTrunk(LegId, TrunkMedia),
    Answered(LegId),
    CloseTrunk(LegId),
    OpenSeat(SeatId, Box<BrowserLeg>, u32),
    CloseSeat(SeatId),
    LoadPrompt(PromptId, Arc<[u8]>),
    Play(LegId, PromptId),
    StopPlay(LegId),
    Bridge(LegId, SeatId),
    Unbridge(LegId),
    Tone(SeatId, Tone),
    Record(LegId, CallId, PathBuf),
    SendKey(LegId, char),
    /// Tests only: the recorder's disk stops answering, and how much may wait for it.
    StallWriter(mpsc::Receiver<()>, usize),
    Stop,
}

/// Browsers' sockets by the address offered.
#[derive(Debug)]
pub struct Muxed(pub Vec<(SocketAddr, UdpSocket)>);

impl Muxed {
    fn send(&self, local: SocketAddr, peer: SocketAddr, datagram: &[u8]) {
        if let Some((_, socket)) = self.0.iter().find(|(address, _)| *address == local) {
            // A full buffer loses the packet, as the network would.
            let _ = socket.send_to(datagram, peer);
        }
    }
}

/// The leg at work: the one that ends if its work panics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Trunk(Key),
    Seat(Key),
}

/// How a seat's leg ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Farewell {
    /// The browser is told, and the service.
    Closed,
    /// As Closed, but the service is not told: a newer leg of the seat takes its place.
    Replaced,
    /// Only the service is told: the leg itself is not to be touched again.
    Broken,
}

#[derive(Debug, Clone, Copy)]
struct Now {
    at: Instant,
    /// Samples of the media clock.
    samples: u64,
}

#[derive(Debug)]
pub struct Worker {
    poll: Poll,
    commands: mpsc::Receiver<Command>,
    events: UnboundedSender<MediaEvent>,
    epoch: Instant,
    muxed: Muxed,
    trunks: Slots<TrunkLeg>,
    seats: Slots<SeatLeg>,
    legs: HashMap<LegId, Key>,
    by_seat: HashMap<SeatId, Key>,
    /// Which trunk leg a seat is bridged with, also while the seat has no leg.
    bridges: HashMap<SeatId, Key>,
    addresses: HashMap<SocketAddr, Key>,
    ufrags: HashMap<String, Key>,
    prompts: HashMap<PromptId, Arc<[u8]>>,
    tones: Tones,
    tap: Tap,
    /// Legs that play, and when their next frame is due.
    ticking: Vec<(Subject, Instant)>,
    next_tick: Option<Instant>,
    next_deadline: Option<Instant>,
    next_housekeeping: Instant,
    sources: u32,
    subject: Option<Subject>,
    stopped: bool,
}

impl Worker {
    pub fn new(
        poll: Poll,
        commands: mpsc::Receiver<Command>,
        events: UnboundedSender<MediaEvent>,
        muxed: Muxed,
        tap: Tap,
    ) -> Worker {
        let epoch = Instant::now();
        Worker {
            poll,
            commands,
            events,
            epoch,
            muxed,
            trunks: Slots::default(),
            seats: Slots::default(),
            legs: HashMap::new(),
            by_seat: HashMap::new(),
            bridges: HashMap::new(),
            addresses: HashMap::new(),
            ufrags: HashMap::new(),
            prompts: HashMap::new(),
            tones: Tones::default(),
            tap,
            ticking: Vec::new(),
            next_tick: None,
            next_deadline: None,
            next_housekeeping: epoch + HOUSEKEEPING,
            sources: 0,
            subject: None,
            stopped: false,
        }
    }

    /// Until told to stop, or until the last handle is gone.
    pub fn run(mut self) {
        let mut ready = Vec::with_capacity(64);
        let mut buffer = [0; 2048];
        while !self.stopped {
            ready.clear();
            self.poll.wait(self.patience(), &mut ready);
            // A busy muxed socket gets as many receives a turn as there are sockets waiting: its legs are not starved.
            let share = ready.len();
            for &one in &ready {
                self.guarded(|worker| match one {
                    Ready::Bell => worker.take_commands(),
                    Ready::Browser(index) => worker.from_browsers(index, share, &mut buffer),
                    Ready::Trunk(key) => worker.from_trunk(key, &mut buffer),
                });
            }
            self.guarded(Worker::keep_time);
        }
        self.end();
    }

    fn patience(&self) -> Duration {
        let now = Instant::now();
        let next =
            [self.next_tick, self.next_deadline].into_iter().flatten().fold(self.next_housekeeping, Instant::min);
        next.saturating_duration_since(now)
    }

    /// A panic ends the leg it came from and nothing else.
    fn guarded(&mut self, work: impl FnOnce(&mut Worker)) {
        self.subject = None;
        if catch_unwind(AssertUnwindSafe(|| work(self))).is_err() {
            tracing::error!(subject = ?self.subject, "a media leg broke and was ended");
            let _ = catch_unwind(AssertUnwindSafe(|| match self.subject {
                Some(Subject::Trunk(key)) => self.drop_trunk(key),
                Some(Subject::Seat(key)) => self.drop_seat(key, Farewell::Broken),
                None => {}
            }));
        }
    }

    fn now(&self) -> Now {
        let at = Instant::now();
        Now { at, samples: (at.duration_since(self.epoch).as_micros() * 8 / 1000) as u64 }
    }

    fn source(&mut self) -> u32 {
        self.sources = self.sources.wrapping_add(1) & 0x7FFF_FFFF;
        self.sources
    }

    fn end(&mut self) {
        for key in self.trunks.keys().collect::<Vec<_>>() {
            self.drop_trunk(key);
        }
        for key in self.seats.keys().collect::<Vec<_>>() {
            self.guarded(|worker| worker.drop_seat(key, Farewell::Closed));
        }
    }
}
