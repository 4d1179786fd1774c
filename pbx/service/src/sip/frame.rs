//! One datagram → one message that is safe to act on. Strict where the library's parser is lenient or gives up:
//! folded lines are joined, header lines in GBK become UTF-8 (the parser stops at the first line that is not UTF-8),
//! Content-Length is obeyed, mandatory headers must be there once, and a request we cannot serve gets its answer here.

use super::message::{Message, param};
use encoding_rs::GB18030;
use rsipstack::sip::SipMessage;

/// Larger datagrams are dropped: no carrier's message comes near, and it bounds the work a packet can cause.
pub const LONGEST: usize = 16 * 1024;
const MOST_HEADERS: usize = 128;
const METHODS: [&str; 14] = [
    "ACK",
    "BYE",
    "CANCEL",
    "INFO",
    "INVITE",
    "MESSAGE",
    "NOTIFY",
    "OPTIONS",
    "PRACK",
    "PUBLISH",
    "REFER",
    "REGISTER",
    "SUBSCRIBE",
    "UPDATE",
];

#[derive(Debug)]
pub enum Frame {
    Message(Box<Message>),
    /// Answer with these bytes, keep no state.
    Answer(Vec<u8>),
    /// Drop; the reason is for the log.
    Drop(&'static str),
}

/// Reads one datagram (RFC 3261 §7, §16.3, §18.3).
pub fn read(datagram: &[u8]) -> Frame {
    if datagram.len() > LONGEST {
        return Frame::Drop("too long");
    }
    let datagram = trim_leading_newlines(datagram);
    let Some(end) = find(datagram, b"\r\n\r\n") else {
        return Frame::Drop("no end of headers");
    };
    let (head, body) = (&datagram[..end], &datagram[end + 4..]);
    let lines = match lines(head) {
        Ok(lines) => lines,
        Err(why) => return Frame::Drop(why),
    };
    let request = !lines[0].starts_with("SIP/");
    match check(&lines, body.len()) {
        Ok(length) => parse(&lines, &body[..length]),
        Err((code, _)) if request && !lines[0].starts_with("ACK ") && code > 0 => {
            refusal(&lines, code).map_or(Frame::Drop("malformed and unanswerable"), Frame::Answer)
        }
        Err((_, why)) => Frame::Drop(why),
    }
}

fn parse(lines: &[String], body: &[u8]) -> Frame {
    let mut text = Vec::with_capacity(lines.iter().map(|l| l.len() + 2).sum::<usize>() + body.len() + 32);
    for line in lines {
        let name = line.split(':').next().unwrap_or("");
        if !is_content_length(name.trim_end()) {
            text.extend_from_slice(line.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
    }
    text.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    text.extend_from_slice(body);
    match SipMessage::try_from(text.as_slice()).ok().and_then(|sip| Message::new(sip, &lines[0])) {
        Some(message) => Frame::Message(Box::new(message)),
        None if lines[0].starts_with("SIP/") || lines[0].starts_with("ACK ") => Frame::Drop("does not parse"),
        None => refusal(lines, 400).map_or(Frame::Drop("does not parse"), Frame::Answer),
    }
}

fn trim_leading_newlines(mut bytes: &[u8]) -> &[u8] {
    while let [b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

/// Unfolded lines in UTF-8, the start line first; never empty.
fn lines(head: &[u8]) -> Result<Vec<String>, &'static str> {
    let mut lines: Vec<String> = Vec::with_capacity(24);
    let mut rest = head;
    while !rest.is_empty() {
        let end = find(rest, b"\r\n").unwrap_or(rest.len());
        let raw = &rest[..end];
        rest = rest.get(end + 2..).unwrap_or(&[]);
        if raw.iter().any(|b| (*b < 0x20 && *b != b'\t') || *b == 0x7f) {
            return Err("control character in a header");
        }
        let line = match std::str::from_utf8(raw) {
            Ok(line) => line.to_owned(),
            Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
        };
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line),
        }
        if lines.len() > MOST_HEADERS {
            return Err("too many headers");
        }
    }
    if lines.is_empty() { Err("empty") } else { Ok(lines) }
}

/// The body's length, or (status to answer a request with, 0 = none; why).
fn check(lines: &[String], available: usize) -> Result<usize, (u16, &'static str)> {
    let method = start_line(&lines[0])?;
    let mut seen = [0u32; 5];
    let mut length = available;
    let mut lengths = 0;
    for line in &lines[1..] {
        let Some((name, value)) = line.split_once(':') else { return Err((400, "header without colon")) };
        let (name, value) = (name.trim_end_matches([' ', '\t']), value.trim());
        if name.is_empty() || !name.bytes().all(is_token) {
            return Err((400, "bad header name"));
        }
        if let Some(which) = mandatory(name) {
            seen[which] += 1;
        }
        match name.to_ascii_lowercase().as_str() {
            "cseq" => cseq(value, method)?,
            "content-length" | "l" => {
                let said = number(value).ok_or((400, "bad Content-Length"))?;
                if lengths > 0 && said as usize != length || said as usize > available {
                    return Err((400, "Content-Length does not fit"));
                }
                length = said as usize;
                lengths += 1;
            }
            "max-forwards" if number(value).is_none_or(|n| n > 255) => return Err((400, "bad Max-Forwards")),
            "require" | "proxy-require" if method.is_some() && !value.is_empty() => return Err((420, "Require")),
            _ => {}
        }
    }
    // Via may be several; the others exactly once.
    if seen[0] == 0 || seen[1..].iter().any(|n| *n != 1) {
        return Err((400, "mandatory header missing or doubled"));
    }
    Ok(length)
}

/// The method of a request, None for a response.
fn start_line(line: &str) -> Result<Option<&str>, (u16, &'static str)> {
    if let Some(rest) = line.strip_prefix("SIP/2.0 ") {
        let code = rest.get(..3).and_then(number).filter(|c| (100..700).contains(c));
        let spaced = rest.as_bytes().get(3).is_none_or(|b| *b == b' ');
        return if code.is_some() && spaced { Ok(None) } else { Err((0, "bad status line")) };
    }
    if line.starts_with("SIP/") {
        return Err((0, "unknown version"));
    }
    let parts: Vec<&str> = line.split(' ').collect();
    let [method, uri, version] = parts[..] else { return Err((400, "bad request line")) };
    if !version.eq_ignore_ascii_case("SIP/2.0") {
        return Err((505, "unknown version"));
    }
    if method.is_empty() || !method.bytes().all(is_token) {
        return Err((400, "bad method"));
    }
    if !METHODS.contains(&method) {
        return Err((501, "unknown method"));
    }
    let scheme = uri.split(':').next().unwrap_or("").to_ascii_lowercase();
    if uri.contains(['<', '>', '"']) || !uri.contains(':') {
        return Err((400, "bad request URI"));
    }
    if !matches!(scheme.as_str(), "sip" | "sips" | "tel") {
        return Err((416, "unknown scheme"));
    }
    Ok(Some(method))
}

fn cseq(value: &str, method: Option<&str>) -> Result<(), (u16, &'static str)> {
    let mut parts = value.split_ascii_whitespace();
    let number_fits = parts.next().and_then(number).is_some_and(|n| n < 1 << 31);
    let said = parts.next().unwrap_or("");
    if !number_fits || parts.next().is_some() || said.is_empty() {
        return Err((400, "bad CSeq"));
    }
    if method.is_some_and(|m| m != said) { Err((400, "CSeq names another method")) } else { Ok(()) }
}

fn number(text: &str) -> Option<u32> {
    (!text.is_empty() && text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn is_token(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b)
}

fn is_content_length(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("l")
}

fn mandatory(name: &str) -> Option<usize> {
    [("via", "v"), ("from", "f"), ("to", "t"), ("call-id", "i"), ("cseq", "cseq")]
        .iter()
        .position(|(long, short)| name.eq_ignore_ascii_case(long) || name.eq_ignore_ascii_case(short))
}

/// A stateless answer to a request that cannot be served; None when even that lacks what an answer must copy.
fn refusal(lines: &[String], code: u16) -> Option<Vec<u8>> {
    let mut answer = format!("SIP/2.0 {code} {}\r\n", super::build::reason(code));
    let mut seen = [false; 5];
    for line in &lines[1..] {
        let (name, value) = line.split_once(':')?;
        let Some(which) = mandatory(name.trim_end()) else { continue };
        if which > 0 && seen[which] {
            return None;
        }
        seen[which] = true;
        let value = value.trim();
        let tagless = which == 2 && param(value, "tag").is_none();
        let name = ["Via", "From", "To", "Call-ID", "CSeq"][which];
        answer.push_str(&format!("{name}: {value}{}\r\n", if tagless { ";tag=ht0" } else { "" }));
    }
    if code == 420 {
        let wanted = lines.iter().filter_map(|l| l.split_once(':')).filter(|(n, _)| {
            n.trim_end().eq_ignore_ascii_case("require") || n.trim_end().eq_ignore_ascii_case("proxy-require")
        });
        wanted.for_each(|(_, v)| answer.push_str(&format!("Unsupported: {}\r\n", v.trim())));
    }
    answer.push_str("Content-Length: 0\r\n\r\n");
    seen.iter().all(|s| *s).then_some(answer.into_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn message(start: &str, extra: &str, body: &str) -> Vec<u8> {
        let method = start.split(' ').next().unwrap();
        let method = if method == "SIP/2.0" { "INVITE" } else { method };
        format!(
            "{start}\r\nVia: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\n\
             Call-ID: id\r\nCSeq: 7 {method}\r\n{extra}\r\n{body}"
        )
        .into_bytes()
    }

    fn read_ok(bytes: &[u8]) -> Message {
        match read(bytes) {
            Frame::Message(m) => *m,
            other => panic!("{other:?}"),
        }
    }

    fn answered(bytes: &[u8]) -> String {
        match read(bytes) {
            Frame::Answer(a) => String::from_utf8(a).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_gbk_reason_phrase_and_header_do_not_hide_the_headers_behind_them() {
        let mut bytes = b"SIP/2.0 404 ".to_vec();
        bytes.extend_from_slice(&GB18030.encode("空号").0);
        bytes.extend_from_slice(b"\r\nFrom: \"");
        bytes.extend_from_slice(&GB18030.encode("张三").0);
        bytes.extend_from_slice(
            b"\" <sip:a@b>;tag=1\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKx\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: id\r\n\
              CSeq: 7 INVITE\r\nReason: Q.850;cause=1\r\nContent-Length: 0\r\n\r\n",
        );
        let m = read_ok(&bytes);
        assert_eq!((m.code, m.branch.as_str(), m.q850()), (Some(404), "z9hG4bKx", Some(1)));
        assert!(m.from.contains("张三"), "{}", m.from);
    }

    #[test]
    fn folds_are_joined_and_compact_names_known() {
        let m = read_ok(
            b"SIP/2.0 200 OK\r\nv: SIP/2.0/UDP 10.0.0.1\r\n ;branch=z9hG4bKx\r\nf: <sip:a@b>\r\n\t;tag = 1\r\nt: <sip:c@d>;tag=2\r\n\
              i: id\r\nCSeq: 7\r\n INVITE\r\nm: <sip:x@y>\r\nl: 0\r\n\r\n",
        );
        assert_eq!((m.branch.as_str(), m.from_tag.as_deref(), m.to_tag.as_deref()), ("z9hG4bKx", Some("1"), Some("2")));
        assert_eq!((m.cseq, m.contact().as_deref()), (7, Some("sip:x@y")));
    }

    #[test]
    fn the_body_ends_at_content_length() {
        let m = read_ok(&message("SIP/2.0 200 OK", "Content-Length: 3\r\n", "abcINVITE sip:x"));
        assert_eq!(m.body(), b"abc");
        let m = read_ok(&message("SIP/2.0 200 OK", "", "abc"));
        assert_eq!(m.body(), b"abc", "over UDP a missing length means the rest");
    }

    #[test]
    fn requests_that_cannot_be_served_are_answered_without_state() {
        assert!(answered(&message("BREW sip:a@b SIP/2.0", "", "")).starts_with("SIP/2.0 501 "));
        assert!(answered(&message("BYE sip:a@b SIP/3.0", "", "")).starts_with("SIP/2.0 505 "));
        assert!(answered(&message("OPTIONS nobodyKnowsThisScheme:a SIP/2.0", "", "")).starts_with("SIP/2.0 416 "));
        assert!(answered(&message("BYE sip:a@b SIP/2.0", "Content-Length: 9\r\n", "abc")).starts_with("SIP/2.0 400 "));
        assert!(answered(&message("BYE sip:a@b SIP/2.0", "Content-Length: -1\r\n", "")).starts_with("SIP/2.0 400 "));
        let unsupported = answered(&message("INVITE sip:a@b SIP/2.0", "Require: 100rel\r\n", ""));
        assert!(unsupported.starts_with("SIP/2.0 420 ") && unsupported.contains("Unsupported: 100rel"));
    }

    #[test]
    fn what_cannot_be_answered_is_dropped() {
        for bytes in [
            b"\r\n\r\n".to_vec(),
            b"\0\0\0\0".to_vec(),
            b"SIP/2.0 200 OK\r\n\r\n".to_vec(),
            message("SIP/2.0 99 Odd", "", ""),
            message("SIP/2.0 2000 OK", "", ""),
            message("SIP/2.0 200 OK", "Content-Length: 4\r\n", "abc"),
            message("SIP/2.0 200 OK", "CSeq: 7 INVITE\r\n", ""),
            message("SIP/2.0 200 OK", "X: a\0b\r\n", ""),
            message("ACK sip:a@b SIP/3.0", "", ""),
            vec![b'a'; LONGEST + 1],
        ] {
            assert!(matches!(read(&bytes), Frame::Drop(_)), "{:?}", String::from_utf8_lossy(&bytes));
        }
        let overflow =
            String::from_utf8(message("BYE sip:a@b SIP/2.0", "", "")).unwrap().replace("7 BYE", "4294967296 BYE");
        assert!(answered(overflow.as_bytes()).starts_with("SIP/2.0 400 "));
    }
}
