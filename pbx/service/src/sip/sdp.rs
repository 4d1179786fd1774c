//! Session descriptions (RFC 4566, offer/answer RFC 3264), as narrow as our media: one audio stream, PCMA or PCMU, 20 ms,
//! telephone-event beside it.

use crate::media::{Codec, TrunkMedia};
use std::net::{IpAddr, SocketAddr};

/// Which way audio flows, seen from us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Both,
    ReceiveOnly,
    SendOnly,
    Neither,
}

/// What we write about our side of one leg.
#[derive(Debug, Clone, Copy)]
pub struct Ours {
    pub rtp: SocketAddr,
    /// Session id, constant in a leg; `version` rises with each change.
    pub session: u64,
    pub version: u64,
}

/// The far end's description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theirs {
    pub media: TrunkMedia,
    pub direction: Direction,
}

pub fn offer(ours: Ours) -> String {
    let mut text = head(ours);
    text.push_str(&format!(
        "m=audio {} RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n",
        ours.rtp.port()
    ));
    text
}

/// Answers what they offered: their codec of our choice, their telephone-event number, the mirrored direction.
pub fn answer(ours: Ours, theirs: &Theirs) -> String {
    let (number, name) = match theirs.media.codec {
        Codec::Pcma => (8, "PCMA"),
        Codec::Pcmu => (0, "PCMU"),
    };
    let mut text = head(ours);
    let events = theirs.media.dtmf.map(|pt| format!(" {pt}")).unwrap_or_default();
    text.push_str(&format!("m=audio {} RTP/AVP {number}{events}\r\n", ours.rtp.port()));
    text.push_str(&format!("a=rtpmap:{number} {name}/8000\r\n"));
    if let Some(pt) = theirs.media.dtmf {
        text.push_str(&format!("a=rtpmap:{pt} telephone-event/8000\r\na=fmtp:{pt} 0-15\r\n"));
    }
    let direction = match theirs.direction {
        Direction::Both => "sendrecv",
        Direction::ReceiveOnly => "recvonly",
        Direction::SendOnly => "sendonly",
        Direction::Neither => "inactive",
    };
    text.push_str(&format!("a=ptime:20\r\na={direction}\r\n"));
    text
}

fn head(ours: Ours) -> String {
    let ip = ours.rtp.ip();
    let family = if ip.is_ipv4() { "IP4" } else { "IP6" };
    format!("v=0\r\no=- {} {} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n", ours.session, ours.version)
}

/// The first audio stream we can use; None where there is none.
pub fn read(body: &[u8]) -> Option<Theirs> {
    let text = String::from_utf8_lossy(body.get(..body.len().min(8 * 1024))?);
    let mut session_ip = None;
    let mut session_direction = Direction::Both;
    let mut stream: Option<Stream> = None;
    for line in text.lines() {
        let Some((kind, value)) = line.trim_end().split_once('=') else { continue };
        match kind {
            "m" => {
                if let Some(found) = stream.take().and_then(|s| s.usable(session_ip)) {
                    return Some(found);
                }
                stream = Stream::new(value, session_direction);
            }
            "c" => match &mut stream {
                Some(stream) => stream.ip = address(value),
                None => session_ip = session_ip.or_else(|| address(value)),
            },
            "a" => match (&mut stream, direction(value)) {
                (Some(stream), Some(direction)) => stream.direction = direction,
                (None, Some(direction)) => session_direction = direction,
                (Some(stream), None) => stream.attribute(value),
                (None, None) => {}
            },
            _ => {}
        }
    }
    stream.and_then(|s| s.usable(session_ip))
}

struct Stream {
    port: u16,
    /// None for a stream of another kind, which takes its attributes with it.
    codec: Option<Codec>,
    ip: Option<IpAddr>,
    formats: Vec<u8>,
    dtmf: Option<u8>,
    direction: Direction,
}

impl Stream {
    fn new(value: &str, direction: Direction) -> Option<Stream> {
        let mut words = value.split_ascii_whitespace();
        let audio = words.next() == Some("audio");
        let port = words.next().and_then(|p| p.split('/').next()).and_then(|p| p.parse().ok()).unwrap_or(0);
        let plain = words.next().is_some_and(|p| p.eq_ignore_ascii_case("RTP/AVP"));
        let formats: Vec<u8> = words.filter_map(|f| f.parse().ok()).take(32).collect();
        let codec = formats.iter().find_map(|f| match f {
            8 => Some(Codec::Pcma),
            0 => Some(Codec::Pcmu),
            _ => None,
        });
        Some(Stream { port, codec: codec.filter(|_| audio && plain), ip: None, formats, dtmf: None, direction })
    }

    fn attribute(&mut self, value: &str) {
        let Some(map) = value.strip_prefix("rtpmap:") else { return };
        let Some((number, name)) = map.split_once(' ') else { return };
        let number = number.parse().ok().filter(|n| (96..128).contains(n) && self.formats.contains(n));
        if name.trim().to_ascii_lowercase().starts_with("telephone-event/8000") {
            self.dtmf = self.dtmf.or(number);
        }
    }

    fn usable(self, session_ip: Option<IpAddr>) -> Option<Theirs> {
        let ip = self.ip.or(session_ip).filter(|ip| !ip.is_multicast())?;
        // 0.0.0.0 is the old way to hold (RFC 2543): it stays a description, but nothing is to be sent.
        let direction = if ip.is_unspecified() { hold(self.direction) } else { self.direction };
        let media = TrunkMedia { remote: SocketAddr::new(ip, self.port), codec: self.codec?, dtmf: self.dtmf };
        (self.port > 0).then_some(Theirs { media, direction })
    }
}

fn hold(direction: Direction) -> Direction {
    match direction {
        Direction::Both | Direction::ReceiveOnly => Direction::ReceiveOnly,
        Direction::SendOnly | Direction::Neither => Direction::Neither,
    }
}

/// `IN IP4 10.0.0.1`; names are not looked up.
fn address(value: &str) -> Option<IpAddr> {
    let mut words = value.split_ascii_whitespace();
    (words.next()? == "IN").then_some(())?;
    words.next()?;
    words.next()?.split('/').next()?.parse().ok()
}

/// Theirs, turned round: what they only send, we only receive.
fn direction(value: &str) -> Option<Direction> {
    match value {
        "sendrecv" => Some(Direction::Both),
        "sendonly" => Some(Direction::ReceiveOnly),
        "recvonly" => Some(Direction::SendOnly),
        "inactive" => Some(Direction::Neither),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn ours() -> Ours {
        Ours { rtp: "192.0.2.1:30000".parse().unwrap(), session: 7, version: 1 }
    }

    #[test]
    fn our_own_offer_reads_back() {
        let theirs = read(offer(ours()).as_bytes()).unwrap();
        let media = TrunkMedia { remote: ours().rtp, codec: Codec::Pcma, dtmf: Some(101) };
        assert_eq!(theirs, Theirs { media, direction: Direction::Both });
    }

    #[test]
    fn the_far_ends_order_decides_and_the_stream_address_wins() {
        let body = b"v=0\r\nc=IN IP4 10.0.0.1\r\nm=video 9 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 18 0 8 97\r\n\
                     c=IN IP4 10.0.0.2\r\na=rtpmap:97 telephone-event/8000\r\na=sendonly\r\n";
        let theirs = read(body).unwrap();
        assert_eq!(theirs.media.remote, "10.0.0.2:4000".parse::<SocketAddr>().unwrap());
        assert_eq!((theirs.media.codec, theirs.media.dtmf), (Codec::Pcmu, Some(97)));
        assert_eq!(theirs.direction, Direction::ReceiveOnly);
        let answer = answer(ours(), &theirs);
        assert!(answer.contains("m=audio 30000 RTP/AVP 0 97\r\n") && answer.contains("a=recvonly"), "{answer}");
    }

    #[test]
    fn unusable_descriptions_are_none() {
        for body in [
            "",
            "v=0\r\nm=audio 4000 RTP/AVP 8\r\n",
            "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 0 RTP/AVP 8\r\n",
            "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/AVP 18\r\n",
            "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 4000 RTP/SAVP 8\r\n",
            "v=0\r\nc=IN IP4 somewhere.example\r\nm=audio 4000 RTP/AVP 8\r\n",
            "v=0\r\nc=IN IP4 239.1.1.1\r\nm=audio 4000 RTP/AVP 8\r\n",
            "v=0\r\nc=IN IP4 10.0.0.1\r\nm=audio 70000 RTP/AVP 8\r\n",
        ] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
        assert_eq!(
            read(b"v=0\r\nc=IN IP4 0.0.0.0\r\nm=audio 4000 RTP/AVP 8\r\n").unwrap().direction,
            Direction::ReceiveOnly
        );
    }
}
