//! A trunk made by hand around the machine, in virtual time.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::sip::{
    DialogRecord, SipEvent, SipTrunk,
    stack::{Input, Output, Stack},
};
use hutong_api::{CallId, CompanyId, LegId, Phone, TrunkId};
use hutong_core::{
    io::{Dial, LegEnd, LegEndHow, LegEvent},
    time::Mono,
};
use std::net::SocketAddr;

pub const LEG: LegId = LegId(1);
pub const SDP: &str = "v=0\r\no=c 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n";

pub fn peer() -> SocketAddr {
    "192.0.2.9:5060".parse().unwrap()
}

pub struct World {
    pub stack: Stack,
    pub now: u64,
    pub sent: Vec<String>,
    pub events: Vec<(LegId, LegEvent)>,
    pub record: Option<DialogRecord>,
    pub open: i32,
}

impl World {
    pub fn new() -> World {
        World::with(SipTrunk {
            id: TrunkId(1),
            host: "192.0.2.9".into(),
            user: "office".into(),
            password: "secret".into(),
            register: false,
            cps: 10,
        })
    }

    pub fn with(trunk: SipTrunk) -> World {
        let stack = Stack::new(5060, None, [7; 32]);
        let mut world = World { stack, now: 1_000, sent: vec![], events: vec![], record: None, open: 0 };
        world.run(Input::Trunks(vec![trunk]));
        let found = Some((vec![peer()], "192.0.2.1".parse().unwrap()));
        world.run(Input::Resolved { trunk: TrunkId(1), host: "192.0.2.9".into(), found });
        let options = world.last("OPTIONS");
        world.answer(&options, "200 OK", "");
        world.sent.clear();
        world
    }

    pub fn run(&mut self, input: Input) {
        let mut outputs = self.stack.handle(self.now, input);
        while !outputs.is_empty() {
            for output in std::mem::take(&mut outputs) {
                match output {
                    Output::Send(to, bytes) => {
                        assert_eq!(to, peer());
                        self.sent.push(String::from_utf8(bytes.to_vec()).unwrap());
                    }
                    Output::Event(SipEvent::Leg { leg, event }) => self.events.push((leg, event)),
                    Output::Event(SipEvent::Dialog { record, .. }) => self.record = record,
                    Output::Open(leg) => {
                        self.open += 1;
                        let rtp = Some("192.0.2.1:30000".parse().unwrap());
                        outputs.extend(self.stack.handle(self.now, Input::Opened { leg, rtp }));
                    }
                    Output::Close(_) => self.open -= 1,
                    _ => {}
                }
            }
        }
    }

    pub fn dial(&mut self, leg: LegId) {
        self.run(Input::Dial(dial(leg, "13800138000", "05928888888")));
    }

    /// Lets every timer up to `until` fire at its time.
    pub fn pass(&mut self, until: u64) {
        while let Some(due) = self.stack.next_due().filter(|due| *due <= until) {
            self.now = due.max(self.now);
            self.run(Input::Tick);
        }
        self.now = until;
    }

    pub fn hear(&mut self, bytes: &str) {
        self.run(Input::Datagram { from: peer(), bytes: bytes.as_bytes() });
    }

    /// The last request of this method that was sent.
    pub fn last(&self, method: &str) -> String {
        self.sent
            .iter()
            .rfind(|s| s.starts_with(method))
            .unwrap_or_else(|| panic!("no {method} in {:#?}", self.sent))
            .clone()
    }

    pub fn count(&self, method: &str) -> usize {
        self.sent.iter().filter(|s| s.starts_with(method)).count()
    }

    pub fn answer(&mut self, request: &str, line: &str, more: &str) {
        self.hear(&answer(request, line, "far", more));
    }

    pub fn up(&mut self) -> String {
        self.dial(LEG);
        let invite = self.last("INVITE");
        self.answer(&invite, "200 OK", &with_sdp());
        assert_eq!(self.events.last().unwrap().1, LegEvent::Answered);
        invite
    }

    pub fn ends(&self) -> Vec<LegEnd> {
        self.events
            .iter()
            .filter_map(|(_, e)| if let LegEvent::Ended(end) = e { Some(end.clone()) } else { None })
            .collect()
    }

    /// One end, and nothing kept.
    pub fn ended(&mut self, how: LegEndHow, sip: Option<u16>) {
        assert_eq!(self.ends(), [LegEnd { how, sip, q850: None }]);
        assert_eq!(self.open, 0, "media sockets");
        assert_eq!(self.stack.held().0, 0);
    }

    pub fn far_request(&self, invite: &str, method: &str, cseq: u32, more: &str) -> String {
        let (from, to) = (header(invite, "From"), header(invite, "To"));
        format!(
            "{method} sip:x@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKfar{cseq}{method}\r\nFrom: {to};tag=far\r\n\
             To: {from}\r\nCall-ID: {}\r\nCSeq: {cseq} {method}\r\n{more}\r\n",
            header(invite, "Call-ID")
        )
    }
}

pub fn dial(leg: LegId, phone: &str, caller: &str) -> Dial {
    Dial {
        leg,
        call: CallId(1),
        company: CompanyId(1),
        trunk: TrunkId(1),
        phone: Phone::from_digits(phone).unwrap(),
        caller: caller.into(),
        not_after: Mono(u64::MAX),
    }
}

pub fn header(message: &str, name: &str) -> String {
    let line = message.lines().find(|l| l.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())));
    line.unwrap_or_else(|| panic!("no {name} in {message}")).split_once(':').unwrap().1.trim().to_owned()
}

pub fn answer(request: &str, line: &str, tag: &str, more: &str) -> String {
    let to = header(request, "To");
    let to = if to.contains(";tag=") { to } else { format!("{to};tag={tag}") };
    let more = if more.is_empty() { "\r\n".to_owned() } else { more.to_owned() };
    format!(
        "SIP/2.0 {line}\r\nVia: {}\r\nFrom: {}\r\nTo: {to}\r\nCall-ID: {}\r\nCSeq: {}\r\nContact: <sip:far%23@192.0.2.9:5062>\r\n{more}",
        header(request, "Via"),
        header(request, "From"),
        header(request, "Call-ID"),
        header(request, "CSeq"),
    )
}

pub fn with_sdp() -> String {
    format!("Content-Type: application/sdp\r\n\r\n{SDP}")
}

pub const CHALLENGE: &str =
    "WWW-Authenticate: Digest realm=\"192.0.2.9\", nonce=\"n\", algorithm=SHA-256, qop=\"auth\"\r\n\r\n";
