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
        transport::{CandidateConfig, CandidateHostConfig, RTCDtlsRole, RTCDtlsTransportState, RTCIceCandidate},
    },
    rtp_transceiver::{
        RTCRtpSenderId,
        rtp_sender::{
            RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
        },
    },
    sansio::Protocol,
    shared::{TaggedBytesMut, TransportContext, TransportProtocol},
    stun::{
        attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME},
        integrity::MessageIntegrity,
        message::Message,
    },
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
    sender: RTCRtpSenderId,
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
        if self.is_closed() { Some(Change::Down) } else { change }
    }

    /// The browser took leave (or its certificate was refused): the connection's own state does not tell.
    fn is_closed(&mut self) -> bool {
        let sender = self.peer.rtp_sender(self.sender);
        let state = sender.and_then(|sender| sender.transport().map(|transport| transport.state()));
        matches!(state, Some(RTCDtlsTransportState::Closed | RTCDtlsTransportState::Failed))
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

/// A STUN binding request, as far as it tells whose it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Our half of the user name.
    pub ufrag: String,
    /// The browser chose this path.
    pub nominates: bool,
}

impl Check {
    /// None for anything else.
    pub fn parse(packet: &[u8]) -> Option<Check> {
        if packet.first_chunk::<2>() != Some(&[0, 1]) || !rtc::stun::message::is_stun_message(packet) {
            return None;
        }
        let mut message = Message::new();
        message.unmarshal_binary(packet).ok()?;
        let name = String::from_utf8(message.get(ATTR_USERNAME).ok()?).ok()?;
        let (ufrag, _) = name.split_once(':')?;
        Some(Check { ufrag: ufrag.to_owned(), nominates: message.contains(ATTR_USE_CANDIDATE) })
    }
}

/// The offer with our two codecs only, and without candidates: we answer checks and make none (ICE-lite), so a hostile list
/// of them is never touched. The library itself would take telephone-event at any clock.
fn clean_offer(offer: &str) -> Result<String, OfferError> {
    if offer.len() > MAX_OFFER {
        return Err(OfferError::Bad("longer than 64 KiB".into()));
    }
    let lines: Vec<&str> = offer.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let media: Vec<&&str> = lines.iter().filter(|line| line.starts_with("m=")).collect();
    let [audio] = media[..] else {
        return Err(OfferError::Bad(format!("one audio section is wanted, not {} sections", media.len())));
    };
    let mut parts =
        audio.strip_prefix("m=audio ").ok_or(OfferError::Bad("its section is not audio".into()))?.split(' ');
    let (Some(port), Some(protocol)) = (parts.next(), parts.next()) else {
        return Err(OfferError::Bad("its audio section has no port".into()));
    };
    let kept: Vec<&str> = parts.filter(|format| is_ours(format, &lines)).collect();
    if !kept.contains(&"8") {
        return Err(OfferError::NoCodec);
    }
    let is_kept = |line: &&&str| {
        let of_format = ["a=rtpmap:", "a=fmtp:", "a=rtcp-fb:"].iter().find_map(|name| line.strip_prefix(name));
        let format = of_format.map(|rest| rest.split(' ').next().unwrap_or_default());
        !line.starts_with("a=candidate:")
            && !line.starts_with("a=end-of-candidates")
            && format.is_none_or(|format| kept.contains(&format))
    };
    let mut clean = String::with_capacity(offer.len());
    for line in lines.iter().filter(is_kept) {
        match line.starts_with("m=") {
            true => clean.push_str(&format!("m=audio {port} {protocol} {}", kept.join(" "))),
            false => clean.push_str(line),
        }
        clean.push_str("\r\n");
    }
    Ok(clean)
}

/// PCMA under its static number, or telephone-event at the same clock.
fn is_ours(format: &str, lines: &[&str]) -> bool {
    let map = lines.iter().find_map(|line| line.strip_prefix("a=rtpmap:")?.strip_prefix(format)?.strip_prefix(' '));
    let codec = map.map(str::to_ascii_lowercase);
    match codec.as_deref().map(|codec| codec.strip_suffix("/1").unwrap_or(codec)) {
        Some("telephone-event/8000") => true,
        Some("pcma/8000") | None => format == "8",
        Some(_) => false,
    }
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
        // We judge silence ourselves: the library would only watch the address it chose first.
        .with_ice_timeouts(seconds(0), seconds(0), seconds(5))
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
    Ok((BrowserLeg { peer, crypto: identity.crypto.clone(), ufrag, password, event, sender }, answer.sdp))
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
        channels: 0,
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

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// What Chromium 156 offers once the page has asked for PCMA and telephone-event, with names taken out.
    const CHROMIUM: &str = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
        a=extmap-allow-mixed\r\na=msid-semantic: WMS a\r\nm=audio 9 UDP/TLS/RTP/SAVPF 8 126\r\nc=IN IP4 0.0.0.0\r\n\
        a=rtcp:9 IN IP4 0.0.0.0\r\n\
        a=candidate:1 1 udp 2113937151 6b2c0a52-0b4e-4a3a-8e0f-0d7f4c9f2f11.local 51234 typ host generation 0\r\n\
        a=ice-ufrag:Cf4k\r\na=ice-pwd:kHF8vN0y2gV6ZkzG0qX3m1aB\r\na=ice-options:trickle\r\n\
        a=fingerprint:sha-256 0F:8F:25:83:71:F2:00:F4:43:83:4D:91:EC:0C:19:B9:F0:AB:04:34:52:1E:9D:5B:D4:4B:21:E4:29:9E:E4:DA\r\n\
        a=setup:actpass\r\na=mid:0\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n\
        a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\na=sendrecv\r\na=msid:a b\r\na=rtcp-mux\r\n\
        a=rtcp-rsize\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:126 telephone-event/8000\r\na=ssrc:1955103821 cname:c\r\n\
        a=ssrc:1955103821 msid:a b\r\n";

    #[test]
    fn chromium_gets_an_answer_it_can_use() {
        let identity = Identity::new().unwrap();
        let hosts = ["192.0.2.7:8443".parse().unwrap(), "127.0.0.1:8443".parse().unwrap()];
        let (leg, answer) = BrowserLeg::answer(CHROMIUM, 77, &identity, &hosts).unwrap();
        assert_eq!(leg.event(), Some(126));
        for line in [
            "a=ice-lite",
            "a=setup:passive",
            "a=mid:0",
            "a=rtcp-mux",
            "a=sendrecv",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:126 telephone-event/8000",
        ] {
            assert!(answer.lines().any(|found| found == line), "no {line} in {answer}");
        }
        assert!(answer.contains("m=audio 9 UDP/TLS/RTP/SAVPF 8 126\r\n"), "{answer}");
        assert!(answer.contains("192.0.2.7 8443 typ host") && answer.contains("127.0.0.1 8443 typ host"), "{answer}");
        assert!(answer.contains("a=ssrc:77 ") && !answer.contains("a=extmap:"), "{answer}");
        assert!(answer.contains(&format!("a=ice-ufrag:{}\r\n", leg.ufrag())));
    }

    #[test]
    fn a_browser_without_events_or_with_other_codecs_too() {
        let identity = Identity::new().unwrap();
        let host = ["127.0.0.1:8443".parse().unwrap()];
        let plain = CHROMIUM.replace(" 8 126", " 8").replace("a=rtpmap:126 telephone-event/8000\r\n", "");
        assert_eq!(BrowserLeg::answer(&plain, 77, &identity, &host).unwrap().0.event(), None);
        let many = CHROMIUM.replace(" 8 126", " 111 0 8 110 126").replace(
            "a=rtpmap:8 ",
            "a=rtpmap:111 opus/48000/2\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:8 ",
        );
        let (leg, answer) = BrowserLeg::answer(&many, 77, &identity, &host).unwrap();
        assert_eq!(leg.event(), Some(126), "the one at 8 kHz");
        assert!(answer.contains("m=audio 9 UDP/TLS/RTP/SAVPF 8 126\r\n"), "{answer}");
    }

    fn check_of(leg: &BrowserLeg, password: &str) -> Vec<u8> {
        use rtc::stun::{fingerprint::FINGERPRINT, message::*, textattrs::Username};
        let mut message = Message::new();
        let crypto = leg.crypto.crypto();
        let integrity = MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), crypto);
        let name = Username::new(ATTR_USERNAME, format!("{}:Cf4k", leg.ufrag()));
        let id = TransactionId::new();
        let nominated = rtc::stun::attributes::RawAttribute { typ: ATTR_USE_CANDIDATE, length: 0, value: vec![] };
        let parts: [Box<dyn Setter>; 6] = [
            Box::new(BINDING_REQUEST),
            Box::new(id),
            Box::new(name),
            Box::new(nominated),
            Box::new(integrity),
            Box::new(FINGERPRINT),
        ];
        message.build(&parts).unwrap();
        message.raw
    }

    /// A leg and a check its browser would send.
    pub fn leg_and_check() -> (BrowserLeg, Vec<u8>) {
        let identity = Identity::new().unwrap();
        let (leg, _) = BrowserLeg::answer(CHROMIUM, 77, &identity, &["127.0.0.1:8443".parse().unwrap()]).unwrap();
        let check = check_of(&leg, &leg.password);
        (leg, check)
    }

    #[test]
    fn only_the_right_password_vouches() {
        let (leg, right) = leg_and_check();
        let check = Check { ufrag: leg.ufrag().to_owned(), nominates: true };
        assert_eq!(Check::parse(&right), Some(check));
        assert!(leg.vouches_for(&right));
        assert!(!leg.vouches_for(&check_of(&leg, "guess")));
        for at in 0..right.len() {
            let mut changed = right.clone();
            changed[at] ^= 1;
            // What follows the integrity (the fingerprint) is not covered by it.
            assert!(!leg.vouches_for(&changed) || at >= right.len() - 8, "octet {at}");
            let _ = Check::parse(&changed[..at]);
        }
    }
}
