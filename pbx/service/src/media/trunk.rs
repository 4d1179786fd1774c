//! One trunk leg: its socket, what it hears, what it says.

use super::{
    Codec, TrunkMedia,
    player::Speaker,
    slots::Key,
    tap::{Tap, Tapped},
};
use hutong_api::{LegId, SeatId};
use hutong_core::media::{dtmf, g711, placement, rewrite::Rewriter, rtp};
use std::net::UdpSocket;

/// Largest payload sent on.
const MAX_PAYLOAD: usize = 1460;

#[derive(Debug)]
pub struct TrunkLeg {
    pub id: LegId,
    pub socket: UdpSocket,
    /// None until the far end's SDP, and while it is on hold without an address.
    pub media: Option<TrunkMedia>,
    /// The poller knows the socket.
    pub polled: bool,
    pub out: Rewriter,
    pub source: u32,
    pub speaker: Speaker,
    pub ticking: bool,
    /// Ordered, and its seat's leg where that exists.
    pub bridge: Option<SeatId>,
    pub seat: Option<Key>,
    pub recording: Option<u32>,
    /// Media clock of the last packet, or of the answer.
    pub heard: u64,
    pub answered: bool,
    pub silence_told: bool,
    last_key: Option<u32>,
}

/// A packet that may be relayed: audio is A-law by now.
#[derive(Debug)]
pub struct Heard<'a> {
    pub header: rtp::Header,
    pub event: bool,
    /// A key pressed with this packet.
    pub key: Option<char>,
    pub payload: &'a [u8],
}

impl TrunkLeg {
    pub fn new(id: LegId, socket: UdpSocket, source: u32, now: u64) -> TrunkLeg {
        TrunkLeg {
            id,
            socket,
            media: None,
            polled: false,
            out: Rewriter::new(rand::random(), first_sequence(), rand::random(), now),
            source,
            speaker: Speaker::default(),
            ticking: false,
            bridge: None,
            seat: None,
            recording: None,
            heard: now,
            answered: false,
            silence_told: false,
            last_key: None,
        }
    }

    /// Only the signalled address is heard from here on: the kernel filters the others, and what came before is thrown away.
    pub fn connect(&mut self, media: TrunkMedia) {
        if self.media.is_some_and(|known| known.remote == media.remote) {
            // The same address in a later SDP: not a packet of it is to be lost.
            self.media = Some(media);
            return;
        }
        self.media = None;
        if media.remote.ip().is_unspecified() || media.remote.port() == 0 {
            return;
        }
        match self.socket.connect(media.remote) {
            Ok(()) => {
                self.media = Some(media);
                let mut waste = [0; 1];
                while self.socket.recv(&mut waste).is_ok() {}
            }
            Err(fault) => tracing::warn!(leg = self.id.0, %fault, "the far end's media address cannot be used"),
        }
    }

    /// Reads a packet of the far end in `packet`; recorded on the left.
    pub fn hear<'a>(&mut self, packet: &'a mut [u8], now: u64, tap: &mut Tap) -> Option<Heard<'a>> {
        let media = self.media?;
        let (header, payload) = rtp::Header::locate(packet)?;
        self.heard = now;
        let payload = &mut packet[payload];
        if Some(header.payload_type) == media.dtmf {
            let key = dtmf::Event::parse(payload)?.key().filter(|_| self.last_key != Some(header.timestamp));
            self.last_key = Some(header.timestamp);
            return Some(Heard { header, event: true, key, payload });
        }
        if header.payload_type != payload_type(media.codec) {
            return None;
        }
        if media.codec == Codec::Pcmu {
            g711::to_alaw(payload);
        }
        self.tap(placement::LEFT, header.ssrc, header.timestamp, now, payload, tap);
        Some(Heard { header, event: false, key: None, payload })
    }

    /// A packet of the agent's; silent while the leg's own speaker has the word.
    pub fn relay(&mut self, source: u32, header: &rtp::Header, event: bool, payload: &[u8], now: u64, tap: &mut Tap) {
        if self.speaker.active() {
            return;
        }
        let Some(media) = self.media else { return };
        match (event, media.dtmf) {
            (false, _) => {
                let header = self.out.relay(source, header, event, now);
                self.say(header, payload, now, tap);
            }
            (true, Some(payload_type)) => {
                let header = self.out.relay(source, header, event, now);
                self.send(rtp::Header { payload_type, ..header }, payload);
            }
            (true, None) => {}
        }
    }

    /// Our own next frame of A-law.
    pub fn say_frame(&mut self, alaw: &[u8], now: u64, tap: &mut Tap) {
        let header = self.out.frame(0, now);
        self.say(header, alaw, now, tap);
    }

    pub fn say_event(&mut self, first: bool, payload: &[u8], now: u64) {
        if let Some(payload_type) = self.media.and_then(|media| media.dtmf) {
            let header = self.out.event(payload_type, first, now);
            self.send(header, payload);
        }
    }

    /// The far end knows telephone events.
    pub fn knows_events(&self) -> bool {
        self.media.is_some_and(|media| media.dtmf.is_some())
    }

    /// A-law out in the leg's codec; recorded on the right.
    fn say(&mut self, header: rtp::Header, alaw: &[u8], now: u64, tap: &mut Tap) {
        let Some(media) = self.media else { return };
        self.tap(placement::RIGHT, header.ssrc, header.timestamp, now, alaw, tap);
        let header = rtp::Header { payload_type: payload_type(media.codec), ..header };
        if media.codec == Codec::Pcma {
            return self.send(header, alaw);
        }
        let mut ulaw = [0; MAX_PAYLOAD];
        let Some(ulaw) = ulaw.get_mut(..alaw.len()) else { return };
        ulaw.copy_from_slice(alaw);
        g711::to_ulaw(ulaw);
        self.send(header, ulaw);
    }

    fn send(&self, header: rtp::Header, payload: &[u8]) {
        let mut packet = [0; rtp::HEADER + MAX_PAYLOAD];
        let end = rtp::HEADER + payload.len();
        let Some(packet) = packet.get_mut(..end) else { return };
        packet[..rtp::HEADER].copy_from_slice(&header.write());
        packet[rtp::HEADER..].copy_from_slice(payload);
        // A full buffer or an unreachable far end loses the packet, as the network would.
        let _ = self.socket.send(packet);
    }

    fn tap(&self, lane: usize, ssrc: u32, timestamp: u32, at: u64, alaw: &[u8], tap: &mut Tap) {
        if let Some(recording) = self.recording {
            tap.packet(Tapped { recording, lane, ssrc, timestamp, at }, alaw);
        }
    }
}

/// Random, in the lower half, so that no receiver mistakes an early loss for a turn of the count (RFC 3711 §3.3.1).
pub fn first_sequence() -> u16 {
    rand::random::<u16>() >> 1
}

/// Static payload types of RFC 3551.
fn payload_type(codec: Codec) -> u8 {
    match codec {
        Codec::Pcma => 8,
        Codec::Pcmu => 0,
    }
}
