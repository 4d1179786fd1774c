//! The browser's offer, as far as we use it, and our answer (RFC 8866, RFC 9429): one audio section, one codec, one path.

use super::{OfferError, PCMA};
use std::{fmt::Write, net::SocketAddr};

/// Largest offer looked at, in octets.
const MAX_OFFER: usize = 64 << 10;
/// Voices a browser may announce.
const MAX_SSRCS: usize = 8;

#[derive(Debug, PartialEq, Eq)]
pub struct Offer {
    pub ufrag: String,
    /// SHA-256 of the browser's certificate.
    pub fingerprint: [u8; 32],
    /// Payload type of telephone-event at 8 kHz.
    pub event: Option<u8>,
    /// SSRCs it announces to send with; empty where it announces none.
    pub ssrcs: Vec<u32>,
    mid: Option<String>,
    bundled: bool,
    direction: &'static str,
    protocol: String,
}

/// What of us goes into an answer.
pub struct Ours<'a> {
    pub ufrag: &'a str,
    pub password: &'a str,
    pub fingerprint: &'a str,
    pub ssrc: u32,
    pub hosts: &'a [SocketAddr],
}

impl Offer {
    /// Candidates are not read: we answer checks and make none (ICE-lite), so a hostile list of them is never touched.
    pub fn parse(offer: &str) -> Result<Offer, OfferError> {
        if offer.len() > MAX_OFFER {
            return bad("longer than 64 KiB");
        }
        let lines: Vec<&str> = offer.lines().map(str::trim_end).collect();
        let value = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name));
        let sections: Vec<&&str> = lines.iter().filter(|line| line.starts_with("m=")).collect();
        let [section] = sections[..] else {
            return bad(&format!("one audio section is wanted, not {} sections", sections.len()));
        };
        let mut parts = section.split(' ');
        let (Some("m=audio"), Some(_), Some(protocol)) = (parts.next(), parts.next(), parts.next()) else {
            return bad("its section is not audio");
        };
        let formats: Vec<&str> = parts.collect();
        let codec = |format: &str| {
            let map =
                lines.iter().find_map(|line| line.strip_prefix("a=rtpmap:")?.strip_prefix(format)?.strip_prefix(' '));
            map.map(|codec| codec.strip_suffix("/1").unwrap_or(codec).to_ascii_lowercase())
        };
        // PCMA has its static number in every browser.
        if !formats.contains(&"8") || codec("8").is_some_and(|codec| codec != "pcma/8000") {
            return Err(OfferError::NoCodec);
        }
        let event = formats.iter().find(|format| codec(format).as_deref() == Some("telephone-event/8000"));
        if !matches!(value("a=setup:"), Some("actpass" | "active")) {
            return bad("it does not begin the DTLS handshake itself");
        }
        let direction = ["sendrecv", "sendonly", "recvonly", "inactive"]
            .into_iter()
            .find(|way| value(&format!("a={way}")).is_some());
        let ssrcs = lines.iter().filter_map(|line| line.strip_prefix("a=ssrc:")?.split(' ').next()?.parse().ok());
        let mut ssrcs: Vec<u32> = ssrcs.collect();
        ssrcs.dedup();
        ssrcs.truncate(MAX_SSRCS);
        Ok(Offer {
            ufrag: value("a=ice-ufrag:").filter(|text| is_token(text)).ok_or_else(|| no("ice-ufrag"))?.to_owned(),
            fingerprint: fingerprint(&lines)?,
            event: event.and_then(|format| format.parse().ok()).filter(|&number: &u8| number < 128 && number != PCMA),
            ssrcs,
            mid: value("a=mid:").filter(|text| is_token(text)).map(str::to_owned),
            bundled: value("a=group:BUNDLE").is_some(),
            direction: direction.unwrap_or("sendrecv"),
            protocol: if is_token(protocol) { protocol.to_owned() } else { return bad("its transport is unknown") },
        })
    }

    pub fn answer(&self, ours: &Ours<'_>) -> String {
        let direction = match self.direction {
            "sendonly" => "recvonly",
            "recvonly" => "sendonly",
            same => same,
        };
        let event = self.event.map(|event| format!(" {event}")).unwrap_or_default();
        let mut lines = vec![
            "v=0".to_owned(),
            format!("o=- {} 1 IN IP4 127.0.0.1", ours.ssrc),
            "s=-".to_owned(),
            "t=0 0".to_owned(),
            "a=ice-lite".to_owned(),
        ];
        if let Some(mid) = self.mid.as_ref().filter(|_| self.bundled) {
            lines.push(format!("a=group:BUNDLE {mid}"));
        }
        lines.push(format!("m=audio 9 {} {PCMA}{event}", self.protocol));
        lines.push("c=IN IP4 0.0.0.0".to_owned());
        lines.extend(self.mid.as_ref().map(|mid| format!("a=mid:{mid}")));
        lines.push(format!("a=ice-ufrag:{}", ours.ufrag));
        lines.push(format!("a=ice-pwd:{}", ours.password));
        lines.push(format!("a=fingerprint:sha-256 {}", ours.fingerprint));
        lines.extend(["a=setup:passive", "a=rtcp-mux", "a=rtcp-rsize", "a=ptime:20"].map(str::to_owned));
        lines.push(format!("a={direction}"));
        lines.push(format!("a=rtpmap:{PCMA} PCMA/8000"));
        if let Some(event) = self.event {
            lines.extend([format!("a=rtpmap:{event} telephone-event/8000"), format!("a=fmtp:{event} 0-15")]);
        }
        lines.extend(["a=msid:hutong call".to_owned(), format!("a=ssrc:{} cname:hutong", ours.ssrc)]);
        for (at, host) in ours.hosts.iter().enumerate() {
            // Type preference of a host; the earlier address is the better one (RFC 8445 §5.1.2.1).
            let priority = (126u32 << 24) + ((65_535 - at.min(65_535) as u32) << 8) + 255;
            lines.push(format!("a=candidate:{} 1 udp {priority} {} {} typ host", at + 1, host.ip(), host.port()));
        }
        lines.push("a=end-of-candidates".to_owned());
        lines.iter().fold(String::new(), |mut sdp, line| {
            let _ = write!(sdp, "{line}\r\n");
            sdp
        })
    }
}

/// The one SHA-256 among the fingerprints (RFC 8122 §5); weaker ones are no proof.
fn fingerprint(lines: &[&str]) -> Result<[u8; 32], OfferError> {
    let mut found = None;
    for line in lines.iter().filter_map(|line| line.strip_prefix("a=fingerprint:")) {
        let Some((algorithm, value)) = line.split_once(' ') else { return bad("its fingerprint is cut") };
        if !algorithm.eq_ignore_ascii_case("sha-256") {
            continue;
        }
        let octets: Option<Vec<u8>> = value.split(':').map(|two| u8::from_str_radix(two, 16).ok()).collect();
        let octets: [u8; 32] = octets.and_then(|octets| octets.try_into().ok()).ok_or_else(|| no("fingerprint"))?;
        if found.is_some_and(|other| other != octets) {
            return bad("its fingerprints contradict each other");
        }
        found = Some(octets);
    }
    found.ok_or_else(|| no("fingerprint"))
}

/// Goes back into our answer, so it must not carry a line of its own.
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && text.bytes().all(|octet| octet.is_ascii_graphic())
}

fn no(what: &str) -> OfferError {
    OfferError::Bad(format!("it has no usable {what}"))
}

fn bad<T>(why: &str) -> Result<T, OfferError> {
    Err(OfferError::Bad(why.to_owned()))
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// What Chromium 156 offers once the page has asked for PCMA and telephone-event, with names taken out.
    pub const CHROMIUM: &str = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n\
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
        let offer = Offer::parse(CHROMIUM).unwrap();
        assert_eq!((offer.event, &offer.ssrcs[..], offer.ufrag.as_str()), (Some(126), &[1_955_103_821][..], "Cf4k"));
        assert_eq!((offer.fingerprint[0], offer.fingerprint[31]), (0x0F, 0xDA));
        let hosts = ["192.0.2.7:8443".parse().unwrap(), "127.0.0.1:8443".parse().unwrap()];
        let ours = Ours { ufrag: "u", password: "p", fingerprint: "AA:BB", ssrc: 77, hosts: &hosts };
        let answer = offer.answer(&ours);
        for line in [
            "a=ice-lite",
            "a=group:BUNDLE 0",
            "m=audio 9 UDP/TLS/RTP/SAVPF 8 126",
            "a=mid:0",
            "a=setup:passive",
            "a=rtcp-mux",
            "a=sendrecv",
            "a=rtpmap:8 PCMA/8000",
            "a=rtpmap:126 telephone-event/8000",
            "a=fingerprint:sha-256 AA:BB",
            "a=candidate:1 1 udp 2130706431 192.0.2.7 8443 typ host",
            "a=candidate:2 1 udp 2130706175 127.0.0.1 8443 typ host",
        ] {
            assert!(answer.lines().any(|found| found == line), "no {line} in {answer}");
        }
        assert!(!answer.contains("extmap"), "{answer}");
    }

    #[test]
    fn other_codecs_and_clocks_are_left_out() {
        let many = CHROMIUM.replace(" 8 126", " 111 0 8 110 126").replace(
            "a=rtpmap:8 ",
            "a=rtpmap:111 opus/48000/2\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:8 ",
        );
        assert_eq!(Offer::parse(&many).unwrap().event, Some(126));
        let plain = CHROMIUM.replace(" 8 126", " 8").replace("a=rtpmap:126 telephone-event/8000\r\n", "");
        assert_eq!(Offer::parse(&plain).unwrap().event, None);
        assert!(matches!(Offer::parse(&CHROMIUM.replace(" 8 126", " 0 126")), Err(OfferError::NoCodec)));
        assert!(matches!(Offer::parse(&CHROMIUM.replace("8 PCMA", "8 G722")), Err(OfferError::NoCodec)));
    }

    #[test]
    fn what_proves_nothing_is_refused() {
        for (old, new) in [
            ("fingerprint:sha-256", "fingerprint:md5"),
            ("a=fingerprint", "a=fingers"),
            ("0F:8F", "0F"),
            ("0F:8F", "0F:XX"),
            ("a=setup:actpass", "a=setup:passive"),
            ("a=ice-ufrag:Cf4k", "a=ice-ufrag:"),
            ("m=audio", "m=video"),
            ("a=mid:0", "a=fingerprint:sha-256 00:11"),
        ] {
            assert!(matches!(Offer::parse(&CHROMIUM.replace(old, new)), Err(OfferError::Bad(_))), "{new}");
        }
    }

    #[test]
    fn a_one_way_offer_gets_the_other_way() {
        let offer = Offer::parse(&CHROMIUM.replace("a=sendrecv", "a=recvonly")).unwrap();
        let ours = Ours { ufrag: "u", password: "p", fingerprint: "AA", ssrc: 1, hosts: &[] };
        assert!(offer.answer(&ours).contains("\r\na=sendonly\r\n"));
    }

    proptest! {
        #[test]
        fn junk_never_panics_nor_smuggles(junk in ".{0,300}", at in 0usize..1400, cut in 0usize..1400) {
            let _ = Offer::parse(&junk);
            let mut text = CHROMIUM.to_owned();
            text.insert_str(at.min(text.len()), &junk);
            let end = (0..=cut.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap();
            for text in [text.as_str(), &text[..end]] {
                if let Ok(offer) = Offer::parse(text) {
                    let ours = Ours { ufrag: "u", password: "p", fingerprint: "AA", ssrc: 1, hosts: &[] };
                    let answer = offer.answer(&ours);
                    prop_assert!(answer.lines().count() <= 24, "{}", answer);
                }
            }
        }
    }
}
