//! The browser's end of a seat's standing leg: ICE-lite, DTLS as server, SRTP, one voice in PCMA with telephone-event.
//! The only files that know the WebRTC library. Of that we use the parts (STUN, DTLS, SRTP) and not the whole peer
//! connection: a muxed ICE-lite end needs none of its agents, and a packet costs half.

mod sdp;

use super::OfferError;
use bytes::BytesMut;
use hutong_core::media::rtp::{self, Header};
use rtc::{
    crypto::{HashAlgorithm, RTCCryptoProvider, SignatureScheme},
    dtls::{
        config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType},
        endpoint::{Endpoint, EndpointEvent},
        extension::extension_use_srtp::SrtpProtectionProfile,
        state::State,
    },
    peer_connection::certificate::{CertificateParams, RTCCertificate},
    shared::TransportProtocol,
    srtp::{
        config::{Config, LABEL_EXTRACTOR_DTLS_SRTP},
        context::Context,
        option::{srtcp_replay_protection, srtp_replay_protection},
        protection_profile::ProtectionProfile,
    },
    stun::{
        attributes::{ATTR_USE_CANDIDATE, ATTR_USERNAME},
        fingerprint::FINGERPRINT,
        integrity::MessageIntegrity,
        message::{BINDING_SUCCESS, Message, Setter},
        xoraddr::XorMappedAddress,
    },
};
use sdp::{Offer, Ours};
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Instant,
};

/// Payload type of PCMA, static (RFC 3551).
pub const PCMA: u8 = 8;
/// Largest payload sent.
const MAX_PAYLOAD: usize = 1400;
/// The DTLS association is bound to the ICE session, not to an address (RFC 8842 §5.5): it knows the browser by this.
const BROWSER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 1);
/// Packets a replay is known by; a browser reorders few.
const REPLAY_WINDOW: usize = 128;

type Fault = rtc::shared::error::Error;

/// What every leg of the process shares.
#[derive(Clone)]
pub struct Identity {
    certificate: RTCCertificate,
    fingerprint: String,
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
            let prints = certificate.get_fingerprints(crypto.crypto())?;
            let fingerprint = prints.first().map(|print| print.value.to_ascii_uppercase()).unwrap_or_default();
            Ok(Identity { certificate, fingerprint, crypto })
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
    crypto: Arc<dyn RTCCryptoProvider>,
    ufrag: String,
    password: String,
    /// ICE user name of its checks: our half and the browser's.
    name: String,
    /// Payload type of telephone-event, where the browser has it.
    event: Option<u8>,
    /// SSRCs it announced; empty = any.
    ssrcs: Vec<u32>,
    dtls: Endpoint,
    closed: bool,
    keys: Option<Keys>,
    change: Option<Change>,
}

struct Keys {
    out: Context,
    inward: Context,
}

impl std::fmt::Debug for BrowserLeg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BrowserLeg").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}

impl BrowserLeg {
    /// Takes the browser's offer and makes our answer; `hosts` become its candidates.
    pub fn answer(
        offer: &str,
        ssrc: u32,
        identity: &Identity,
        hosts: &[SocketAddr],
    ) -> Result<(BrowserLeg, String), OfferError> {
        let offer = Offer::parse(offer)?;
        let (ufrag, password) = (letters(8), letters(24));
        let ours = Ours { ufrag: &ufrag, password: &password, fingerprint: &identity.fingerprint, ssrc, hosts };
        let answer = offer.answer(&ours);
        let leg = BrowserLeg {
            crypto: identity.crypto.clone(),
            name: format!("{ufrag}:{}", offer.ufrag),
            ufrag,
            password,
            event: offer.event,
            dtls: handshake(identity, offer.fingerprint).map_err(|fault| OfferError::Bad(fault.to_string()))?,
            ssrcs: offer.ssrcs,
            closed: false,
            keys: None,
            change: None,
        };
        Ok((leg, answer))
    }

    /// Our half of the ICE user name: the one thing that tells the legs of a muxed port apart.
    pub fn ufrag(&self) -> &str {
        &self.ufrag
    }

    pub fn event(&self) -> Option<u8> {
        self.event
    }

    /// The answer to a check that its sender could only make with this leg's name and password; None for any other, which
    /// gets none (RFC 8445 §7.3, RFC 8489 §9.1.3).
    pub fn reply(&self, check: &mut Check, from: SocketAddr) -> Option<Vec<u8>> {
        let crypto = self.crypto.crypto();
        if check.name != self.name
            || MessageIntegrity::check(&mut check.message, self.password.as_bytes(), crypto).is_err()
        {
            return None;
        }
        let mapped = XorMappedAddress { ip: from.ip(), port: from.port() };
        let integrity = MessageIntegrity::new_short_term_integrity_with_provider(self.password.clone(), crypto);
        let id = check.message.transaction_id;
        let parts: [Box<dyn Setter + '_>; 5] =
            [Box::new(id), Box::new(BINDING_SUCCESS), Box::new(mapped), Box::new(integrity), Box::new(FINGERPRINT)];
        let mut reply = Message::new();
        reply.build(&parts).ok()?;
        Some(reply.raw)
    }

    /// DTLS or SRTP from an address this leg has learnt. `audio` gets what decrypts to RTP. True if it was that.
    pub fn input(&mut self, now: Instant, packet: &[u8], audio: impl FnOnce(&Header, &[u8])) -> bool {
        match packet {
            [20..=63, ..] => {
                self.shake_hands(now, packet);
                false
            }
            // RTCP is not needed: the page reports its own quality.
            [128..=191, 192..=223, ..] => false,
            [128..=191, _, _, _, _, _, _, _, a, b, c, d, ..] => {
                let ssrc = u32::from_be_bytes([*a, *b, *c, *d]);
                let announced = self.ssrcs.is_empty() || self.ssrcs.contains(&ssrc);
                let Some(keys) = self.keys.as_mut().filter(|_| announced) else { return false };
                let Ok(clear) = keys.inward.decrypt_rtp(packet) else { return false };
                let Some((header, payload)) = Header::parse(&clear) else { return false };
                audio(&header, payload);
                true
            }
            _ => false,
        }
    }

    /// One packet of audio or a key to the browser.
    pub fn send(&mut self, header: &Header, payload: &[u8], send: impl FnOnce(&[u8])) {
        let mut packet = [0; rtp::HEADER + MAX_PAYLOAD];
        let Some(packet) = packet.get_mut(..rtp::HEADER + payload.len()) else { return };
        packet[..rtp::HEADER].copy_from_slice(&header.write());
        packet[rtp::HEADER..].copy_from_slice(payload);
        if let Some(Ok(secured)) = self.keys.as_mut().map(|keys| keys.out.encrypt_rtp(packet)) {
            send(&secured);
        }
    }

    /// Sends what of the handshake waits and tells what changed since the last time.
    pub fn drain(&mut self, mut send: impl FnMut(&[u8])) -> Option<Change> {
        while let Some(datagram) = self.dtls.poll_transmit() {
            send(&datagram.message);
        }
        self.change.take()
    }

    /// When `tick` is due; never once the handshake is over.
    pub fn deadline(&self) -> Option<Instant> {
        self.dtls.poll_timeout(&BROWSER)
    }

    /// Repeats what of the handshake was lost.
    pub fn tick(&mut self, now: Instant) {
        let _ = self.dtls.handle_timeout(BROWSER, now);
    }

    /// Says goodbye; `drain` sends it.
    pub fn close(&mut self, now: Instant) {
        self.closed = true;
        let _ = self.dtls.close(now);
    }

    fn shake_hands(&mut self, now: Instant, packet: &[u8]) {
        if self.closed {
            return;
        }
        // An error is a packet that made no sense; a handshake that comes to nothing is ended by the clock.
        let Ok(events) = self.dtls.read(now, BROWSER, None, BytesMut::from(packet)) else { return };
        for event in events {
            match event {
                EndpointEvent::HandshakeComplete => {
                    let state = self.dtls.get_connection_state(BROWSER);
                    self.keys = state.and_then(|state| keys(state, self.crypto.as_ref()).ok());
                    self.change = Some(if self.keys.is_some() { Change::Up } else { Change::Down });
                }
                EndpointEvent::PeerClosed => {
                    self.closed = true;
                    self.change = Some(Change::Down);
                }
                _ => {}
            }
        }
    }
}

/// A STUN binding request with a user name; nothing of it is proven yet.
#[derive(Debug)]
pub struct Check {
    message: Message,
    name: String,
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
        Some(Check { message, name })
    }

    /// Our half of the user name.
    pub fn ufrag(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }

    /// The browser chose this path.
    pub fn nominates(&self) -> bool {
        self.message.contains(ATTR_USE_CANDIDATE)
    }
}

/// The server's end of a DTLS association with the one browser whose certificate has this fingerprint (RFC 8827 §6.5).
fn handshake(identity: &Identity, fingerprint: [u8; 32]) -> Result<Endpoint, Fault> {
    let crypto = identity.crypto.clone();
    let verify = move |certificates: &[Vec<u8>], _: &_| {
        let certificate = certificates.first().ok_or(Fault::ErrNonCertificate)?;
        match crypto.crypto().hash(HashAlgorithm::Sha256, certificate) {
            Ok(hash) if hash[..] == fingerprint => Ok(()),
            _ => Err(Fault::ErrNoMatchingCertificateFingerprint),
        }
    };
    let config = ConfigBuilder::default()
        .with_crypto_provider(identity.crypto.clone())
        .with_certificates(vec![identity.certificate.dtls_certificate.clone()])
        .with_srtp_protection_profiles(vec![
            SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
            SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm,
            SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
        ])
        .with_client_auth(ClientAuthType::RequireAnyClientCert)
        // Browsers' certificates are signed by nobody: the fingerprint below is the proof.
        .with_insecure_skip_verify(true)
        .with_verify_peer_certificate(Some(Arc::new(verify)))
        .with_extended_master_secret(ExtendedMasterSecretType::Require)
        .build(false, None)?;
    Ok(Endpoint::new(BROWSER, TransportProtocol::UDP, Some(Arc::new(config))))
}

/// SRTP keys of a finished handshake (RFC 5764 §4.2).
fn keys(state: &State, crypto: &dyn RTCCryptoProvider) -> Result<Keys, Fault> {
    let profile = match state.srtp_protection_profile() {
        SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm => ProtectionProfile::AeadAes128Gcm,
        SrtpProtectionProfile::Srtp_Aead_Aes_256_Gcm => ProtectionProfile::AeadAes256Gcm,
        SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80 => ProtectionProfile::Aes128CmHmacSha1_80,
        _ => return Err(Fault::ErrNoSuchSrtpProfile),
    };
    let mut config = Config { profile, ..Default::default() };
    let material = state.export_keying_material(LABEL_EXTRACTOR_DTLS_SRTP, &[], config.keying_material_len())?;
    config.set_session_keys_from_keying_material(material.as_ref(), state.is_client())?;
    let keys = &config.keys;
    let out = Context::new(&keys.local_master_key, &keys.local_master_salt, profile, None, None, crypto.crypto())?;
    let inward = Context::new(
        &keys.remote_master_key,
        &keys.remote_master_salt,
        profile,
        Some(srtp_replay_protection(REPLAY_WINDOW)),
        Some(srtcp_replay_protection(REPLAY_WINDOW)),
        crypto.crypto(),
    )?;
    Ok(Keys { out, inward })
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

    fn check_of(leg: &BrowserLeg, name: &str, password: &str) -> Vec<u8> {
        use rtc::stun::{attributes::RawAttribute, message::*, textattrs::Username};
        let crypto = leg.crypto.crypto();
        let integrity = MessageIntegrity::new_short_term_integrity_with_provider(password.to_owned(), crypto);
        let name = Username::new(ATTR_USERNAME, name.to_owned());
        let nominated = RawAttribute { typ: ATTR_USE_CANDIDATE, length: 0, value: vec![] };
        let parts: [Box<dyn Setter>; 6] = [
            Box::new(BINDING_REQUEST),
            Box::new(TransactionId::new()),
            Box::new(name),
            Box::new(nominated),
            Box::new(integrity),
            Box::new(FINGERPRINT),
        ];
        let mut message = Message::new();
        message.build(&parts).unwrap();
        message.raw
    }

    /// A leg and a check its browser would send.
    pub fn leg_and_check() -> (BrowserLeg, Vec<u8>) {
        let identity = Identity::new().unwrap();
        let host = ["127.0.0.1:8443".parse().unwrap()];
        let (leg, _) = BrowserLeg::answer(sdp::tests::CHROMIUM, 77, &identity, &host).unwrap();
        let check = check_of(&leg, &leg.name, &leg.password);
        (leg, check)
    }

    #[test]
    fn only_name_and_password_get_a_reply() {
        let (leg, right) = leg_and_check();
        let from: SocketAddr = "192.0.2.1:5000".parse().unwrap();
        let reply = |packet: &[u8]| Check::parse(packet).and_then(|mut check| leg.reply(&mut check, from));
        let check = Check::parse(&right).unwrap();
        assert_eq!((check.ufrag(), check.nominates()), (leg.ufrag(), true));
        let answer = reply(&right).unwrap();
        let mut message = Message::new();
        message.unmarshal_binary(&answer).unwrap();
        assert_eq!((message.typ, message.transaction_id), (BINDING_SUCCESS, check.message.transaction_id));
        assert!(MessageIntegrity::check(&mut message, leg.password.as_bytes(), leg.crypto.crypto()).is_ok());
        assert_eq!(reply(&check_of(&leg, &leg.name, "guess")), None);
        assert_eq!(reply(&check_of(&leg, &format!("{}:x", leg.ufrag), &leg.password)), None);
        for at in 0..right.len() {
            let mut changed = right.clone();
            changed[at] ^= 1;
            // What follows the integrity (the fingerprint) is not covered by it.
            assert!(reply(&changed).is_none() || at >= right.len() - 8, "octet {at}");
            let _ = reply(&changed[..at]);
        }
    }

    #[test]
    fn junk_before_the_handshake_changes_nothing() {
        let (mut leg, _) = leg_and_check();
        for first in 0..=255u8 {
            for len in [0, 1, 11, 12, 13, 40, 200] {
                let mut packet = vec![first; len];
                packet.iter_mut().enumerate().skip(1).for_each(|(at, octet)| *octet = (at as u8).wrapping_mul(first));
                leg.input(Instant::now(), &packet, |_, _| panic!("nothing can be clear yet"));
                assert_eq!(leg.drain(|_| ()), None);
            }
        }
    }
}
