//! The browser's end: ICE-lite, DTLS as server, SRTP, one PCMA track with telephone-event. The only file that knows the
//! WebRTC library; it is driven without interceptors, and a packet of audio passes it without walking its other parts.

use super::OfferError;
use bytes::{Bytes, BytesMut};
use hutong_core::media::rtp::Header;
use rtc::{
    crypto::{RTCCryptoProvider, SignatureScheme},
    dtls::extension::extension_use_srtp::SrtpProtectionProfile,
    ice::mdns::MulticastDnsMode,
    media_stream::MediaStreamTrack,
    peer_connection::{
        RTCPeerConnection, RTCPeerConnectionBuilder,
        certificate::{CertificateParams, RTCCertificate},
        configuration::{
            RTCConfigurationBuilder,
            media_engine::{MIME_TYPE_PCMA, MIME_TYPE_TELEPHONE_EVENT, MediaEngine},
            setting_engine::SettingEngineBuilder,
        },
        event::RTCPeerConnectionEvent,
        message::{RTCMessage, TaggedRTCMessage},
        sdp::RTCSessionDescription,
        state::RTCPeerConnectionState,
        transport::{CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCIceCandidate},
    },
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
    sansio::Protocol,
    shared::{TaggedBytesMut, TransportContext, TransportProtocol},
    stun::{attributes::ATTR_USERNAME, integrity::MessageIntegrity, message::Message},
};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// Payload type of PCMA, static (RFC 3551).
pub const PCMA: u8 = 8;
/// What we would call telephone-event if the browser gave it no number.
const EVENT: u8 = 126;
/// Largest offer looked at, in octets.
const MAX_OFFER: usize = 64 << 10;

type Fault = rtc::shared::error::Error;

/// What every leg of the process shares.
#[derive(Clone)]
pub struct Identity {
    certificate: RTCCertificate,
    crypto: Arc<dyn RTCCryptoProvider>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// One certificate a process: browsers know it by the fingerprint in our answer.
    pub fn new() -> std::io::Result<Identity> {
        let made = || -> Result<Identity, Fault> {
            let crypto = rtc::crypto::default_provider().map_err(|fault| Fault::Crypto(fault.to_string()))?;
            let params = CertificateParams::new(vec!["hutong".to_owned()]).map_err(|e| Fault::Other(e.to_string()))?;
            let certificate = RTCCertificate::generate(crypto.crypto(), SignatureScheme::EcdsaP256Sha256, params)?;
            Ok(Identity { certificate, crypto })
        };
        made().map_err(|fault| std::io::Error::other(format!("no certificate for browser media: {fault}")))
    }
}

/// What became of a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Up,
    Down,
}

pub struct BrowserLeg {
    peer: RTCPeerConnection,
    crypto: Arc<dyn RTCCryptoProvider>,
    ufrag: String,
    password: String,
    /// Payload type of telephone-event, where the browser has it.
    event: Option<u8>,
}

impl std::fmt::Debug for BrowserLeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserLeg").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}

impl BrowserLeg {
    /// Takes the browser's offer and makes our answer; `hosts` become its candidates. Costs about 2 ms of CPU.
    pub fn answer(
        offer: &str,
        ssrc: u32,
        identity: &Identity,
        hosts: &[SocketAddr],
    ) -> Result<(BrowserLeg, String), OfferError> {
        let offer = clean_offer(offer)?;
        build(&offer, ssrc, identity, hosts).map_err(|fault| OfferError::Bad(fault.to_string()))
    }

    /// Our half of the ICE user name: the one thing that tells the legs of a muxed port apart.
    pub fn ufrag(&self) -> &str {
        &self.ufrag
    }

    pub fn event(&self) -> Option<u8> {
        self.event
    }

    /// True for a STUN packet that its sender could only make with this leg's password (RFC 8445 §7.3, RFC 8489 §14.5).
    pub fn vouches_for(&self, packet: &[u8]) -> bool {
        let mut message = Message::new();
        message.unmarshal_binary(packet).is_ok()
            && MessageIntegrity::check(&mut message, self.password.as_bytes(), self.crypto.crypto()).is_ok()
    }

    /// A packet from an address this leg has learnt. `audio` gets what decrypts to RTP; the rest drives the leg.
    pub fn input(
        &mut self,
        now: Instant,
        local_addr: SocketAddr,
        peer_addr: SocketAddr,
        packet: &[u8],
        mut audio: impl FnMut(&Header, &[u8]),
    ) {
        let transport =
            TransportContext { local_addr, peer_addr, ecn: None, transport_protocol: TransportProtocol::UDP };
        let _ = self.peer.handle_read(TaggedBytesMut { now, transport, message: BytesMut::from(packet) });
        while let Some(TaggedRTCMessage { message, .. }) = self.peer.poll_media_read() {
            if let RTCMessage::RtpPacket(_, packet) = message {
                let header = Header {
                    marker: packet.header.marker,
                    payload_type: packet.header.payload_type,
                    sequence: packet.header.sequence_number,
                    timestamp: packet.header.timestamp,
                    ssrc: packet.header.ssrc,
                };
                audio(&header, &packet.payload);
            }
        }
    }

    /// One packet of audio or a key to the browser. `send` gets at most one datagram; others wait for `drain`.
    pub fn send(
        &mut self,
        now: Instant,
        header: &Header,
        payload: &[u8],
        mut send: impl FnMut(SocketAddr, SocketAddr, &[u8]),
    ) {
        let header = rtc::rtp::Header {
            version: 2,
            marker: header.marker,
            payload_type: header.payload_type,
            sequence_number: header.sequence,
            timestamp: header.timestamp,
            ssrc: header.ssrc,
            ..Default::default()
        };
        let packet = rtc::rtp::Packet { header, payload: Bytes::copy_from_slice(payload) };
        // Straight into the pipeline: the sender's own door checks and copies its parameters for every packet.
        let message = RTCMessage::RtpPacket(String::new(), packet);
        if self.peer.handle_write(TaggedRTCMessage { now, message }).is_ok()
            && let Some(datagram) = self.peer.poll_write()
        {
            send(datagram.transport.local_addr, datagram.transport.peer_addr, &datagram.message);
        }
    }

    /// Sends what waits and tells what changed.
    pub fn drain(&mut self, mut send: impl FnMut(SocketAddr, SocketAddr, &[u8])) -> Option<Change> {
        let mut change = None;
        while let Some(event) = self.peer.poll_event() {
            if let RTCPeerConnectionEvent::OnConnectionStateChangeEvent(state) = event {
                change = match state {
                    RTCPeerConnectionState::Connected => Some(Change::Up),
                    RTCPeerConnectionState::Failed | RTCPeerConnectionState::Closed => Some(Change::Down),
                    _ => change,
                };
            }
        }
        while let Some(datagram) = self.peer.poll_write() {
            send(datagram.transport.local_addr, datagram.transport.peer_addr, &datagram.message);
        }
        change
    }

    /// When `tick` is due.
    pub fn deadline(&mut self) -> Option<Instant> {
        self.peer.poll_timeout()
    }

    /// Retransmissions and checks that have fallen due.
    pub fn tick(&mut self, now: Instant) {
        let _ = self.peer.handle_timeout(now);
    }

    /// Says goodbye; `drain` sends it.
    pub fn close(&mut self) {
        let _ = self.peer.close();
    }
}

/// Our half of the user name in a STUN packet; None where it is no STUN binding request.
pub fn ufrag_of(packet: &[u8]) -> Option<String> {
    if packet.first_chunk::<2>() != Some(&[0, 1]) || !rtc::stun::message::is_stun_message(packet) {
        return None;
    }
    let mut message = Message::new();
    message.unmarshal_binary(packet).ok()?;
    let name = String::from_utf8(message.get(ATTR_USERNAME).ok()?).ok()?;
    name.split_once(':').map(|(ours, _)| ours.to_owned())
}

/// The offer without its candidates: we answer checks and make none (ICE-lite), so a hostile list of them is never touched.
fn clean_offer(offer: &str) -> Result<String, OfferError> {
    if offer.len() > MAX_OFFER {
        return Err(OfferError::Bad("longer than 64 KiB".into()));
    }
    let lines: Vec<&str> = offer.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let media: Vec<&&str> = lines.iter().filter(|line| line.starts_with("m=")).collect();
    let [audio] = media[..] else {
        return Err(OfferError::Bad(format!("one audio section is wanted, not {} sections", media.len())));
    };
    let Some(formats) = audio.strip_prefix("m=audio ") else {
        return Err(OfferError::Bad("its section is not audio".into()));
    };
    let named =
        lines.iter().any(|line| line.starts_with("a=rtpmap:") && line.to_ascii_uppercase().contains(" PCMA/8000"));
    if !named && !formats.split(' ').skip(2).any(|format| format == "8") {
        return Err(OfferError::NoCodec);
    }
    let kept =
        lines.iter().filter(|line| !line.starts_with("a=candidate:") && !line.starts_with("a=end-of-candidates"));
    Ok(kept.map(|line| format!("{line}\r\n")).collect())
}

fn build(offer: &str, ssrc: u32, identity: &Identity, hosts: &[SocketAddr]) -> Result<(BrowserLeg, String), Fault> {
    let (ufrag, password) = (letters(8), letters(24));
    let seconds = |s| Some(Duration::from_secs(s));
    let settings = SettingEngineBuilder::new()
        .with_crypto_provider(identity.crypto.clone())
        .with_lite(true)
        .with_answering_dtls_role(RTCDtlsRole::Server)
        .with_ice_credentials(ufrag.clone(), password.clone())
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_include_loopback_candidate(true)
        // We judge silence ourselves; the library's own verdict only backs it.
        .with_ice_timeouts(seconds(20), seconds(20), seconds(5))
        .with_srtp_protection_profiles(vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
        ])
        .build();
    let now = Instant::now();
    let mut peer = RTCPeerConnectionBuilder::new()
        .with_configuration(
            RTCConfigurationBuilder::new().with_certificates(vec![identity.certificate.clone()]).build(),
        )
        .with_setting_engine(settings)
        .with_media_engine(codecs()?)
        .build(now)?;
    peer.set_remote_description(now, RTCSessionDescription::offer(offer.to_owned())?)?;
    let sender = peer.add_track(track(ssrc))?;
    for host in hosts {
        peer.add_local_candidate(host_candidate(host)?)?;
    }
    let answer = peer.create_answer(None)?;
    peer.set_local_description(now, answer.clone())?;
    let event = peer.rtp_sender(sender).and_then(|mut sender| {
        let codecs = &sender.get_parameters().rtp_parameters.codecs;
        let event =
            codecs.iter().find(|codec| codec.rtp_codec.mime_type.eq_ignore_ascii_case(MIME_TYPE_TELEPHONE_EVENT));
        event.map(|codec| codec.payload_type)
    });
    Ok((BrowserLeg { peer, crypto: identity.crypto.clone(), ufrag, password, event }, answer.sdp))
}

fn codecs() -> Result<MediaEngine, Fault> {
    let mut engine = MediaEngine::default();
    for (mime_type, payload_type, fmtp) in [(MIME_TYPE_PCMA, PCMA, ""), (MIME_TYPE_TELEPHONE_EVENT, EVENT, "")] {
        let rtp_codec = codec(mime_type, fmtp);
        engine.register_codec(RTCRtpCodecParameters { rtp_codec, payload_type }, RtpCodecKind::Audio)?;
    }
    Ok(engine)
}

fn codec(mime_type: &str, fmtp: &str) -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: mime_type.to_owned(),
        clock_rate: 8000,
        channels: 1,
        sdp_fmtp_line: fmtp.to_owned(),
        rtcp_feedback: vec![],
    }
}

fn track(ssrc: u32) -> MediaStreamTrack {
    let coding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        codec: codec(MIME_TYPE_PCMA, ""),
        ..Default::default()
    };
    MediaStreamTrack::new("hutong".into(), "call".into(), "call".into(), RtpCodecKind::Audio, vec![coding])
}

fn host_candidate(host: &SocketAddr) -> Result<rtc::peer_connection::transport::RTCIceCandidateInit, Fault> {
    let base_config = CandidateConfig {
        network: "udp".to_owned(),
        address: host.ip().to_string(),
        port: host.port(),
        component: 1,
        ..Default::default()
    };
    let candidate = CandidateHostConfig { base_config, ..Default::default() }.new_candidate_host()?;
    RTCIceCandidate::from(&candidate).to_json()
}

/// Random ICE characters (RFC 8839 §5.4).
fn letters(count: usize) -> String {
    use rand::distr::{Alphanumeric, SampleString};
    Alphanumeric.sample_string(&mut rand::rng(), count)
}
