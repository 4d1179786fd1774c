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
    /// Over the path a browser nominated, from and to; nothing before it did.
    fn send_on(&self, path: Option<(SocketAddr, SocketAddr)>, datagram: &[u8]) {
        if let Some((local, peer)) = path {
            self.send(local, peer, datagram);
        }
    }

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
                    Ready::Browser(index) => worker.hear_browsers(index, share, &mut buffer),
                    Ready::Trunk(key) => worker.hear_trunk(key, &mut buffer),
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

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::media::{Codec, ports::Ports, writer::Message};
    use std::sync::atomic::AtomicUsize;
    use tokio::sync::mpsc::UnboundedReceiver;

    pub struct Bench {
        pub(super) worker: Worker,
        events: UnboundedReceiver<MediaEvent>,
        ports: Ports,
        _commands: mpsc::Sender<Command>,
        _messages: mpsc::Receiver<Message>,
    }

    pub fn bench() -> Bench {
        let (events_in, events) = tokio::sync::mpsc::unbounded_channel();
        let (_commands, orders) = mpsc::channel();
        let (to_writer, _messages) = mpsc::channel();
        let tap = Tap::new(to_writer, Arc::new(AtomicUsize::new(0)));
        let worker = Worker::new(Poll::new().unwrap(), orders, events_in, Muxed(Vec::new()), tap);
        let ports = Ports::new("127.0.0.1".parse().unwrap(), (0, 0)).unwrap();
        Bench { worker, events, ports, _commands, _messages }
    }

    impl Bench {
        fn trunk(&mut self, leg: LegId) -> Key {
            let socket = self.ports.bind().unwrap();
            self.worker.obey(Command::OpenTrunk(leg, socket));
            let remote = "127.0.0.1:9".parse().unwrap();
            self.worker.obey(Command::ConnectTrunk(leg, TrunkMedia { remote, codec: Codec::Pcma, dtmf: None }));
            self.worker.legs[&leg]
        }

        fn later(&self, seconds: u64) -> Now {
            let now = self.worker.now();
            Now { at: now.at + Duration::from_secs(seconds), samples: now.samples + seconds * 8000 }
        }
    }

    #[test]
    fn an_answered_leg_that_is_silent_for_30_s_is_told_once() {
        let mut bench = bench();
        bench.trunk(LegId(1));
        bench.trunk(LegId(2));
        bench.worker.obey(Command::Answered(LegId(1)));
        bench.worker.look_around(bench.later(29));
        assert!(bench.events.try_recv().is_err());
        bench.worker.look_around(bench.later(31));
        assert!(matches!(bench.events.try_recv(), Ok(MediaEvent::Silent { leg: LegId(1) })));
        bench.worker.look_around(bench.later(90));
        assert!(bench.events.try_recv().is_err(), "once, and never for a leg that only rings");
    }

    #[test]
    fn a_panic_ends_its_leg_and_no_other() {
        let mut bench = bench();
        let (one, two) = (bench.trunk(LegId(1)), bench.trunk(LegId(2)));
        bench.worker.guarded(|worker| {
            worker.subject = Some(Subject::Trunk(one));
            panic!("as a library might");
        });
        assert!(bench.worker.trunks.get_mut(one).is_none());
        assert!(bench.worker.trunks.get_mut(two).is_some());
        assert_eq!(bench.worker.legs.len(), 1);
    }

    #[test]
    fn an_unknown_prompt_ends_at_once() {
        let mut bench = bench();
        bench.trunk(LegId(1));
        bench.worker.obey(Command::Play(LegId(1), PromptId(5)));
        assert!(matches!(bench.events.try_recv(), Ok(MediaEvent::PlayEnded { leg: LegId(1), prompt: PromptId(5) })));
    }

    #[test]
    fn a_player_that_was_held_up_goes_on_from_now() {
        let mut bench = bench();
        bench.trunk(LegId(1));
        bench.worker.obey(Command::LoadPrompt(PromptId(5), vec![0xD5; 800_000].into()));
        bench.worker.obey(Command::Play(LegId(1), PromptId(5)));
        let late = bench.later(5);
        bench.worker.tick_players(late);
        let due = bench.worker.ticking[0].1;
        assert!(due > late.at && due <= late.at + Duration::from_millis(40), "no burst of 250 frames");
    }

    #[test]
    fn a_hold_without_address_silences_and_the_next_sdp_speaks_again() {
        let mut bench = bench();
        let key = bench.trunk(LegId(1));
        let hold = TrunkMedia { remote: "0.0.0.0:4000".parse().unwrap(), codec: Codec::Pcma, dtmf: None };
        bench.worker.obey(Command::ConnectTrunk(LegId(1), hold));
        assert_eq!(bench.worker.trunks.get_mut(key).unwrap().media, None);
        let back = TrunkMedia { remote: "127.0.0.1:9".parse().unwrap(), ..hold };
        bench.worker.obey(Command::ConnectTrunk(LegId(1), back));
        assert_eq!(bench.worker.trunks.get_mut(key).unwrap().media, Some(back));
    }
}
