//! The far ends of the media plane: a carrier's RTP end on a plain socket, and a browser on the full WebRTC stack.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use hutong_core::media::{FRAME, dtmf, g711, goertzel, rtp::Header, tone};
use rtc::{
    media_stream::MediaStreamTrack,
    peer_connection::{
        configuration::media_engine::{MIME_TYPE_PCMA, MIME_TYPE_TELEPHONE_EVENT, MediaEngine},
        sdp::RTCSessionDescription,
        state::{RTCIceGatheringState, RTCPeerConnectionState},
    },
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::UdpSocket,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use webrtc::{
    media_stream::{
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler},
};

/// How long anything may take that has to happen.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// Payload type of telephone-event the browser offers, as Chromium does.
pub const BROWSER_EVENT: u8 = 126;

/// Ends its task with itself.
pub struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Task {
    Task(tokio::spawn(work))
}

/// What an ear has heard: a packet's header and its octets.
pub type Packet = (Header, Vec<u8>);

/// Frames of a tone, one each 20 ms, with running header.
pub struct Voice {
    pub header: Header,
    octets: Vec<u8>,
    at: usize,
}

impl Voice {
    pub fn new(hertz: f64, payload_type: u8) -> Voice {
        // A second of it; all test tones fit whole periods into one.
        let mut octets = tone::sine(hertz, 1000);
        if payload_type == 0 {
            g711::to_ulaw(&mut octets);
        }
        let header = Header { marker: true, payload_type, sequence: 65_500, timestamp: 4_294_960_000, ssrc: 0x1234 };
        Voice { header, octets, at: 0 }
    }

    pub fn next_frame(&mut self) -> Packet {
        let frame = self.octets[self.at..self.at + FRAME].to_vec();
        self.at = (self.at + FRAME) % self.octets.len();
        let header = self.header;
        self.header.marker = false;
        self.header.sequence = header.sequence.wrapping_add(1);
        self.header.timestamp = header.timestamp.wrapping_add(FRAME as u32);
        (header, frame)
    }
}

/// The packets of one pressed key.
pub fn key_packets(key: char, payload_type: u8, first: Header) -> Vec<Packet> {
    (0..11)
        .map(|frame| {
            let event = dtmf::Event::of_key(key, frame).unwrap();
            let sequence = first.sequence.wrapping_add(frame);
            (Header { marker: frame == 0, payload_type, sequence, ..first }, event.write().to_vec())
        })
        .collect()
}

pub fn bytes((header, octets): &Packet) -> Vec<u8> {
    [header.write().as_slice(), octets].concat()
}

pub fn clock() -> tokio::time::Interval {
    let mut clock = interval(Duration::from_millis(20));
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    clock
}

/// The last packets an ear heard, and what is in them.
pub struct Ear {
    pub packets: mpsc::UnboundedReceiver<Packet>,
    pub heard: Vec<Packet>,
}

impl Ear {
    pub fn new(packets: mpsc::UnboundedReceiver<Packet>) -> Ear {
        Ear { packets, heard: Vec::new() }
    }

    pub async fn next(&mut self) -> &Packet {
        let packet =
            timeout(PATIENCE, self.packets.recv()).await.expect("a packet in time").expect("the far end lives");
        self.heard.push(packet);
        self.heard.last().unwrap()
    }

    /// Amplitude of a tone in the last 400 ms of audio.
    pub fn level(&self, hertz: f64) -> f64 {
        let audio: Vec<&Packet> =
            self.heard.iter().rev().filter(|(header, _)| matches!(header.payload_type, 0 | 8)).take(20).collect();
        if audio.len() < 20 {
            return 0.0;
        }
        let samples: Vec<i16> = audio
            .iter()
            .rev()
            .flat_map(|(header, octets)| {
                let table = if header.payload_type == 0 { &g711::ULAW } else { &g711::ALAW };
                octets.iter().map(|&octet| table[usize::from(octet)])
            })
            .collect();
        goertzel::level(&samples, hertz)
    }

    /// Until the last 400 ms are this tone and hardly anything of the others.
    pub async fn hears(&mut self, hertz: f64, not: &[f64]) {
        let until = Instant::now() + PATIENCE;
        loop {
            self.next().await;
            if self.level(hertz) > 0.15 && not.iter().all(|&other| self.level(other) < 0.02) {
                return;
            }
            assert!(Instant::now() < until, "{hertz} Hz: {:.3}, others {:?}", self.level(hertz), not);
        }
    }

    /// Forgets what was heard and what waits.
    pub fn clear(&mut self) {
        while self.packets.try_recv().is_ok() {}
        self.heard.clear();
    }

    /// Until a key's last packet came; how many packets of it.
    pub async fn hears_key(&mut self, key: char, payload_type: u8) -> usize {
        loop {
            self.next().await;
            let of_key: Vec<_> = self
                .heard
                .iter()
                .filter(|(header, _)| header.payload_type == payload_type)
                .filter_map(|(_, octets)| dtmf::Event::parse(octets))
                .filter(|event| event.key() == Some(key))
                .collect();
            if of_key.iter().filter(|event| event.end).count() == 3 {
                return of_key.len();
            }
        }
    }
}

/// The carrier's RTP end.
pub struct Carrier {
    pub socket: Arc<UdpSocket>,
    pub ear: Ear,
    _listener: Task,
}

impl Carrier {
    pub async fn new() -> Carrier {
        let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
        let (heard, packets) = mpsc::unbounded_channel();
        let listening = socket.clone();
        let _listener = spawn(async move {
            let mut buffer = [0; 2048];
            loop {
                // A refusal of our own earlier packet ends nothing.
                let Ok((len, _)) = listening.recv_from(&mut buffer).await else { continue };
                if let Some((header, octets)) = Header::parse(&buffer[..len]) {
                    let _ = heard.send((header, octets.to_vec()));
                }
            }
        });
        Carrier { socket, ear: Ear::new(packets), _listener }
    }

    pub fn address(&self) -> SocketAddr {
        self.socket.local_addr().unwrap()
    }

    /// Sends a tone until dropped.
    pub fn speak(&self, to: SocketAddr, hertz: f64, payload_type: u8) -> Task {
        let socket = self.socket.clone();
        spawn(async move {
            let (mut voice, mut clock) = (Voice::new(hertz, payload_type), clock());
            loop {
                clock.tick().await;
                let _ = socket.send_to(&bytes(&voice.next_frame()), to).await;
            }
        })
    }

    pub async fn send(&self, to: SocketAddr, packets: &[Packet]) {
        for packet in packets {
            self.socket.send_to(&bytes(packet), to).await.unwrap();
        }
    }
}

/// A browser with its page: one offer, one answer, then audio both ways.
pub struct Browser {
    pub peer: Arc<dyn PeerConnection>,
    pub track: Arc<TrackLocalStaticRTP>,
    pub ear: Ear,
    state: watch::Receiver<RTCPeerConnectionState>,
}

struct Page {
    heard: mpsc::UnboundedSender<Packet>,
    state: watch::Sender<RTCPeerConnectionState>,
    gathered: watch::Sender<bool>,
}

const SSRC: u32 = 0x5678;

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Page {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let heard = self.heard.clone();
        tokio::spawn(async move {
            while let Some(event) = track.poll().await {
                if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                    let header = Header {
                        marker: packet.header.marker,
                        payload_type: packet.header.payload_type,
                        sequence: packet.header.sequence_number,
                        timestamp: packet.header.timestamp,
                        ssrc: packet.header.ssrc,
                    };
                    let _ = heard.send((header, packet.payload.to_vec()));
                }
            }
        });
    }
}

impl Browser {
    /// The browser and its offer.
    pub async fn new() -> (Browser, String) {
        let (heard, packets) = mpsc::unbounded_channel();
        let (state_in, state) = watch::channel(RTCPeerConnectionState::New);
        let (gathered_in, mut gathered) = watch::channel(false);
        let mut engine = MediaEngine::default();
        let mut wanted = Vec::new();
        for (mime_type, payload_type) in [(MIME_TYPE_PCMA, 8), (MIME_TYPE_TELEPHONE_EVENT, BROWSER_EVENT)] {
            let parameters = RTCRtpCodecParameters { rtp_codec: codec(mime_type), payload_type };
            engine.register_codec(parameters.clone(), RtpCodecKind::Audio).unwrap();
            wanted.push(parameters);
        }
        let peer: Arc<dyn PeerConnection> = Arc::new(
            PeerConnectionBuilder::new()
                .with_media_engine(engine)
                .with_handler(Arc::new(Page { heard, state: state_in, gathered: gathered_in }))
                .with_udp_addrs(vec!["127.0.0.1:0"])
                .build()
                .await
                .unwrap(),
        );
        let coding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(SSRC), ..Default::default() },
            codec: codec(MIME_TYPE_PCMA),
            ..Default::default()
        };
        let track = MediaStreamTrack::new("m".into(), "m".into(), "m".into(), RtpCodecKind::Audio, vec![coding]);
        let track = Arc::new(TrackLocalStaticRTP::new(track));
        peer.add_track(track.clone() as Arc<dyn TrackLocal>).await.unwrap();
        // As the page does: without it only the track's own codec would be offered.
        for transceiver in peer.get_transceivers().await {
            transceiver.set_codec_preferences(wanted.clone()).await.unwrap();
        }
        let offer = peer.create_offer(None).await.unwrap();
        peer.set_local_description(offer).await.unwrap();
        timeout(PATIENCE, gathered.wait_for(|done| *done)).await.unwrap().unwrap();
        let offer = peer.local_description().await.unwrap().sdp;
        (Browser { peer, track, ear: Ear::new(packets), state }, offer)
    }

    pub async fn answer(&self, sdp: String) {
        self.peer.set_remote_description(RTCSessionDescription::answer(sdp).unwrap()).await.unwrap();
    }

    pub async fn connected(&mut self) {
        let connected = self.state.wait_for(|state| *state == RTCPeerConnectionState::Connected);
        timeout(PATIENCE, connected).await.expect("connected in time").unwrap();
    }

    pub async fn send(&self, (header, octets): &Packet) {
        send(&self.track, header, octets.clone()).await;
    }

    /// Sends a tone until dropped.
    pub fn speak(&self, hertz: f64) -> Task {
        let track = self.track.clone();
        spawn(async move {
            let (mut voice, mut clock) = (Voice::new(hertz, 8), clock());
            loop {
                clock.tick().await;
                let (header, octets) = voice.next_frame();
                send(&track, &header, octets).await;
            }
        })
    }
}

async fn send(track: &TrackLocalStaticRTP, header: &Header, octets: Vec<u8>) {
    let header = rtc::rtp::Header {
        version: 2,
        marker: header.marker,
        payload_type: header.payload_type,
        sequence_number: header.sequence,
        timestamp: header.timestamp,
        ssrc: SSRC,
        ..Default::default()
    };
    let _ = track.write_rtp(rtc::rtp::Packet { header, payload: octets.into() }).await;
}

fn codec(mime_type: &str) -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: mime_type.to_owned(),
        clock_rate: 8000,
        channels: 1,
        sdp_fmtp_line: String::new(),
        rtcp_feedback: vec![],
    }
}
