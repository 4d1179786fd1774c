//! Media: one thread that alone owns every trunk RTP socket, the one muxed browser socket, every leg, player and tap.
//! This handle only sends it messages. Prompts are A-law held in memory.

use hutong_api::{CallId, LegId, PromptId, SeatId};
use hutong_core::io::Tone;
use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
};
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

#[derive(Debug, Clone)]
pub struct Media {}

impl Media {
    pub fn start(_config: MediaConfig, _events: UnboundedSender<MediaEvent>) -> std::io::Result<Media> {
        Ok(Media {})
    }

    /// Binds the RTP socket of a new trunk leg; its address goes into our SDP offer.
    pub fn open_trunk(&self, _leg: LegId) -> std::io::Result<SocketAddr> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// Called on the first SDP of the far end (183 or 200) and again when it changes. Only `remote` is heard from then on.
    pub fn connect_trunk(&self, _leg: LegId, _media: TrunkMedia) {}

    /// Ends the leg: stops its player, bridge and recording, frees its socket.
    pub fn close_trunk(&self, _leg: LegId) {}

    /// A (new) standing leg for a seat; an older one of the same seat is closed. SeatUp follows once DTLS is done.
    pub async fn seat_offer(&self, _seat: SeatId, _sdp: String) -> Result<String, OfferError> {
        Err(OfferError::Gone)
    }

    pub fn seat_close(&self, _seat: SeatId) {}

    /// A-law, 8 kHz, no header. Kept until replaced.
    pub fn load_prompt(&self, _prompt: PromptId, _alaw: Arc<[u8]>) {}

    pub fn play(&self, _leg: LegId, _prompt: PromptId) {}

    pub fn stop_play(&self, _leg: LegId) {}

    /// Audio both ways; ends an earlier bridge of either.
    pub fn bridge(&self, _leg: LegId, _seat: SeatId) {}

    pub fn unbridge(&self, _leg: LegId) {}

    pub fn tone(&self, _seat: SeatId, _tone: Tone) {}

    /// Stereo A-law WAV from now on: what the leg sends us left, what we send it right. Ends with the leg.
    pub fn record(&self, _leg: LegId, _call: CallId, _path: PathBuf) {}

    pub fn send_key(&self, _leg: LegId, _key: char) {}
}
