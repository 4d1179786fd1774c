//! Media: one thread that alone owns every trunk RTP socket, the one muxed browser socket, every leg, player and tap.
//! This handle only sends it messages. Prompts are A-law held in memory.

mod browser;
mod player;
mod poll;
mod ports;
mod prompt;
mod recording;
mod seat;
mod slots;
mod tap;
mod thread;
mod trunk;
mod writer;

pub use prompt::{PromptError, prompt_from_wav};
pub use recording::{peaks, salvage};

use hutong_api::{CallId, LegId, PromptId, SeatId};
use hutong_core::io::Tone;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::{Arc, Mutex, atomic::AtomicUsize, mpsc},
    thread::JoinHandle,
};
use thread::Command;
use tokio::sync::mpsc::UnboundedSender;

#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Trunk RTP sockets are bound here.
    pub trunk_ip: IpAddr,
    pub trunk_ports: (u16, u16),
    /// The muxed browser socket(s): one per address; each is offered as a host candidate.
    pub browser: Vec<SocketAddr>,
}

/// Codec of a trunk leg. Browser legs are always PCMA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    Pcma,
    Pcmu,
}

/// What the far end's SDP said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrunkMedia {
    pub remote: SocketAddr,
    pub codec: Codec,
    /// Payload type of telephone-event, where offered.
    pub dtmf: Option<u8>,
}

#[derive(Debug, Clone)]
pub enum MediaEvent {
    PlayEnded {
        leg: LegId,
        prompt: PromptId,
    },
    Key {
        leg: LegId,
        key: char,
    },
    SeatUp {
        seat: SeatId,
    },
    SeatDown {
        seat: SeatId,
    },
    /// No packet from an answered trunk leg for 30 s (RC9).
    Silent {
        leg: LegId,
    },
    RecordingClosed(RecordingClosed),
}

/// The recorder's verdict of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingClosed {
    pub call: CallId,
    pub path: PathBuf,
    pub bytes: u64,
    pub millis: u64,
    /// Stretches lost to a stalled disk: (from ms, length ms).
    pub gaps: Vec<(u64, u64)>,
}

#[derive(Debug, thiserror::Error)]
pub enum OfferError {
    #[error("the browser's offer does not parse: {0}")]
    Bad(String),
    #[error("the browser does not offer PCMA")]
    NoCodec,
    #[error("the media thread is gone")]
    Gone,
}

/// The handle: cheap to clone. When the last one is dropped the thread ends; `shutdown` also waits for it.
#[derive(Debug, Clone)]
pub struct Media {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    commands: mpsc::Sender<Command>,
    bell: poll::Bell,
    ports: ports::Ports,
    identity: browser::Identity,
    /// What our answers offer.
    hosts: Vec<SocketAddr>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Media {
    /// Binds the browsers' sockets and starts the two threads, `media` and `media-writer`. Raises the limit of open files.
    pub fn start(config: MediaConfig, events: UnboundedSender<MediaEvent>) -> io::Result<Media> {
        raise_file_limit();
        let ports = ports::Ports::new(config.trunk_ip, config.trunk_ports)?;
        let poll = poll::Poll::new()?;
        let mut muxed = Vec::with_capacity(config.browser.len());
        for (index, address) in config.browser.iter().enumerate() {
            let socket = ports::bind_muxed(*address)?;
            poll.add(&socket, poll::Ready::Browser(index))?;
            muxed.push((socket.local_addr()?, socket));
        }
        let hosts = muxed.iter().map(|(address, _)| *address).collect();
        let bell = poll.bell();
        let (commands, orders) = mpsc::channel();
        let (to_writer, messages) = mpsc::channel();
        let behind = Arc::new(AtomicUsize::new(0));
        let tap = tap::Tap::new(to_writer, behind.clone());
        let worker = thread::Worker::new(poll, orders, events.clone(), thread::Muxed(muxed), tap);
        let identity = browser::Identity::new()?;
        let writer = std::thread::Builder::new()
            .name("media-writer".into())
            .spawn(move || writer::run(&messages, &behind, &events))?;
        let media = std::thread::Builder::new().name("media".into()).spawn(move || worker.run())?;
        let threads = Mutex::new(vec![media, writer]);
        Ok(Media { inner: Arc::new(Inner { commands, bell, ports, identity, hosts, threads }) })
    }

    /// Ends every leg, closes every recording and waits until all of it is on its way to the disk.
    pub fn shutdown(&self) {
        self.order(Command::Stop);
        let threads = match self.inner.threads.lock() {
            Ok(mut threads) => std::mem::take(&mut *threads),
            Err(_) => return,
        };
        for thread in threads {
            let _ = thread.join();
        }
    }

    /// Binds the RTP socket of a new trunk leg; its address goes into our SDP offer.
    pub fn open_trunk(&self, leg: LegId) -> io::Result<SocketAddr> {
        let socket = self.inner.ports.bind()?;
        let address = socket.local_addr()?;
        self.order(Command::OpenTrunk(leg, socket));
        Ok(address)
    }

    /// Called on the first SDP of the far end (183 or 200) and again when it changes. Only `remote` is heard from then on.
    /// An unspecified address or port 0 (hold) silences both ways.
    pub fn connect_trunk(&self, leg: LegId, media: TrunkMedia) {
        self.order(Command::ConnectTrunk(leg, media));
    }

    /// The far end answered: from now on its silence is watched (`MediaEvent::Silent`). `record` and `play` imply it.
    pub fn answered(&self, leg: LegId) {
        self.order(Command::Answered(leg));
    }

    /// Ends the leg: stops its player, bridge and recording, frees its socket.
    pub fn close_trunk(&self, leg: LegId) {
        self.order(Command::CloseTrunk(leg));
    }

    /// A (new) standing leg for a seat; it takes over an older one's bridge and tone, and the older one is closed.
    /// SeatUp follows once DTLS is done, SeatDown when nothing comes of it within 15 s or it ends later.
    pub async fn seat_offer(&self, seat: SeatId, sdp: String) -> Result<String, OfferError> {
        let inner = self.inner.clone();
        let ssrc = rand::random();
        let made = move || browser::BrowserLeg::answer(&sdp, ssrc, &inner.identity, &inner.hosts);
        // A panic of the library over an odd offer is that offer's fault.
        let (leg, answer) =
            tokio::task::spawn_blocking(made).await.map_err(|_| OfferError::Bad("it cannot be answered".into()))??;
        match self.inner.commands.send(Command::OpenSeat(seat, Box::new(leg), ssrc)) {
            Ok(()) => self.inner.bell.ring(),
            Err(_) => return Err(OfferError::Gone),
        }
        Ok(answer)
    }

    /// Closes the seat's leg and ends its bridge; SeatDown follows.
    pub fn seat_close(&self, seat: SeatId) {
        self.order(Command::CloseSeat(seat));
    }

    /// A-law, 8 kHz, no header. Kept until replaced.
    pub fn load_prompt(&self, prompt: PromptId, alaw: Arc<[u8]>) {
        self.order(Command::LoadPrompt(prompt, alaw));
    }

    /// Replaces what the leg plays and hears of the agent until PlayEnded. A prompt never loaded ends at once.
    pub fn play(&self, leg: LegId, prompt: PromptId) {
        self.order(Command::Play(leg, prompt));
    }

    pub fn stop_play(&self, leg: LegId) {
        self.order(Command::StopPlay(leg));
    }

    /// Audio both ways; ends an earlier bridge of either. Holds over a new leg of the seat.
    pub fn bridge(&self, leg: LegId, seat: SeatId) {
        self.order(Command::Bridge(leg, seat));
    }

    pub fn unbridge(&self, leg: LegId) {
        self.order(Command::Unbridge(leg));
    }

    /// Replaces what the seat hears. RingBack goes on until changed or until audio of its bridge comes; the others end.
    pub fn tone(&self, seat: SeatId, tone: Tone) {
        self.order(Command::Tone(seat, tone));
    }

    /// Stereo A-law WAV from now on: what the leg sends us left, what we send it right. Ends with the leg.
    pub fn record(&self, leg: LegId, call: CallId, path: PathBuf) {
        self.order(Command::Record(leg, call, path));
    }

    /// As a telephone event, or as a tone where the far end offered none.
    pub fn send_key(&self, leg: LegId, key: char) {
        self.order(Command::SendKey(leg, key));
    }

    /// For tests of the recorder: its disk does not answer until `gate`'s sender is dropped; `max_behind` octets may wait.
    #[doc(hidden)]
    pub fn stall_writer(&self, gate: mpsc::Receiver<()>, max_behind: usize) {
        self.order(Command::StallWriter(gate, max_behind));
    }

    fn order(&self, command: Command) {
        // Only a thread that has ended does not take it, and then there is nobody to obey.
        if self.inner.commands.send(command).is_ok() {
            self.inner.bell.ring();
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Stop);
        self.bell.ring();
    }
}

/// A socket a leg: the usual soft limit of 1024 files is soon reached.
fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(65_536, |most| most.min(65_536));
    if limit.current.is_some_and(|current| current < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum: limit.maximum });
    }
}
