//! A received message with the facts the state machines ask for. Header values stay text: the library's typed URIs
//! re-encode what they print (`%23` becomes `%2523`), and what we send back must be what we got.

use rsipstack::sip::{HasHeaders, SipMessage};

#[derive(Debug)]
pub struct Message {
    sip: SipMessage,
    /// Status of a response; None for a request.
    pub code: Option<u16>,
    /// Method of the request, or of the CSeq of a response.
    pub method: String,
    pub cseq: u32,
    pub call_id: String,
    /// Branch of the top Via.
    pub branch: String,
    pub from: String,
    pub to: String,
    pub from_tag: Option<String>,
    pub to_tag: Option<String>,
}

impl Message {
    pub fn new(sip: SipMessage, start_line: &str) -> Option<Message> {
        let value =
            |name: &str| sip.headers().iter().find(|h| h.name().eq_ignore_ascii_case(name)).map(|h| h.value().trim());
        let (from, to) = (value("From")?.to_owned(), value("To")?.to_owned());
        let mut cseq = value("CSeq")?.split_ascii_whitespace();
        let (number, method) = (cseq.next()?.parse().ok()?, cseq.next()?.to_owned());
        let code = match &sip {
            SipMessage::Request(_) => None,
            SipMessage::Response(_) => Some(start_line.get(8..11)?.parse().ok()?),
        };
        let via = value("Via")?;
        let top = split_list(via).into_iter().next()?;
        Some(Message {
            code,
            method,
            cseq: number,
            call_id: value("Call-ID")?.to_owned(),
            branch: param(top, "branch").unwrap_or_default().to_owned(),
            from_tag: param(&from, "tag").map(str::to_owned),
            to_tag: param(&to, "tag").map(str::to_owned),
            from,
            to,
            sip,
        })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.sip.headers().iter().find(|h| h.name().eq_ignore_ascii_case(name)).map(|h| h.value().trim())
    }

    /// Values of every line of this header, in order.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.sip.headers().iter().filter(move |h| h.name().eq_ignore_ascii_case(name)).map(|h| h.value().trim())
    }

    pub fn body(&self) -> &[u8] {
        match &self.sip {
            SipMessage::Request(r) => &r.body,
            SipMessage::Response(r) => &r.body,
        }
    }

    /// The body where it is SDP.
    pub fn sdp(&self) -> Option<&[u8]> {
        let kind = self.header("Content-Type").unwrap_or("").to_ascii_lowercase();
        (kind.starts_with("application/sdp") && !self.body().is_empty()).then(|| self.body())
    }

    /// The URI of the first Contact.
    pub fn contact(&self) -> Option<String> {
        let first = self.header("Contact").map(split_list)?.into_iter().next()?;
        let safe = |b: u8| b.is_ascii_graphic() && !b"<>\"".contains(&b);
        Some(uri(first).to_owned()).filter(|u| u.len() > 4 && u.len() < 512 && u.bytes().all(safe))
    }

    /// The route set as the caller must use it: Record-Route from last to first (RFC 3261 §12.1.2).
    pub fn route_set(&self) -> Vec<String> {
        let mut routes: Vec<String> =
            self.headers("Record-Route").flat_map(split_list).map(|r| r.to_owned()).take(16).collect();
        routes.reverse();
        routes
    }

    /// The Q.850 cause of the Reason header (RFC 3326).
    pub fn q850(&self) -> Option<u16> {
        let reasons = self.headers("Reason").flat_map(split_list);
        reasons.filter(|r| r.len() > 5 && r.as_bytes()[..5].eq_ignore_ascii_case(b"q.850")).find_map(|r| {
            let cause = param(r, "cause")?.trim_matches('"').parse().ok()?;
            (1..=127).contains(&cause).then_some(cause)
        })
    }
}

/// A list header's values, split at commas outside quotes and angle brackets.
pub fn split_list(value: &str) -> Vec<&str> {
    let (mut parts, mut from) = (Vec::new(), 0);
    scan(value, |at, c| {
        if c == b',' {
            parts.push(value[from..at].trim());
            from = at + 1;
        }
        false
    });
    parts.push(value[from..].trim());
    parts.retain(|p| !p.is_empty());
    parts
}

/// A parameter outside quotes and angle brackets; an empty text for one without value.
pub fn param<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    let mut starts = Vec::new();
    scan(value, |at, c| {
        if c == b';' {
            starts.push(at);
        }
        false
    });
    starts.iter().enumerate().find_map(|(i, at)| {
        let end = starts.get(i + 1).copied().unwrap_or(value.len());
        let (key, said) = match value[at + 1..end].split_once('=') {
            Some((key, said)) => (key.trim(), said.trim()),
            None => (value[at + 1..end].trim(), ""),
        };
        key.eq_ignore_ascii_case(name).then_some(said)
    })
}

/// The URI of a name-addr or addr-spec.
pub fn uri(value: &str) -> &str {
    let open = {
        let mut open = None;
        let mut quoted = false;
        for (at, b) in value.bytes().enumerate() {
            match b {
                b'"' => quoted = !quoted,
                b'<' if !quoted => {
                    open = Some(at);
                    break;
                }
                _ => {}
            }
        }
        open
    };
    match open {
        Some(at) => value[at + 1..].split('>').next().unwrap_or("").trim(),
        None => value.split(';').next().unwrap_or("").trim(),
    }
}

/// Calls `visit(position, byte)` for each byte outside quotes and angle brackets until it says true.
fn scan(value: &str, mut visit: impl FnMut(usize, u8) -> bool) {
    let (mut quoted, mut escaped, mut depth) = (false, false, 0u32);
    for (at, b) in value.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'<' => depth += 1,
            b'>' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                if visit(at, b) {
                    return;
                }
            }
        }
    }
}
