//! One call at the carrier: follows its callee's plan, repeats what must be confirmed, and ends exactly once.

use super::{
    Args,
    arrivals::Evenness,
    callee::{self, Act, Plan, Voice},
    hostile,
    log::Log,
    voice::Rtp,
    wire,
};
use std::net::SocketAddr;

/// Without a packet for so long, the far end is gone.
const SILENT: u64 = 35_000;
const T1: u64 = 500;
const T2: u64 = 4_000;
const GIVE_UP: u64 = 64 * T1;

type Datagrams = Vec<(SocketAddr, Vec<u8>)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Ringing,
    Talking { since: u64 },
    Over { since: u64 },
}

pub struct Call {
    pub call_id: String,
    pub number: String,
    pub caller: String,
    peer: SocketAddr,
    local: SocketAddr,
    invite: rsip::Request,
    tag: String,
    pub plan: Plan,
    next: usize,
    begun: u64,
    phase: Phase,
    rtp: Rtp,
    event_type: Option<u8>,
    /// The last answer to the INVITE, for copies of it.
    answer: Option<Vec<u8>>,
    /// A final answer or a BYE that waits for its confirmation.
    repeat: Option<Repeat>,
    hostile: bool,
}

struct Repeat {
    bytes: Vec<u8>,
    is_bye: bool,
    interval: u64,
    next: u64,
    until: u64,
}

impl Call {
    pub fn new(now: u64, peer: SocketAddr, local: SocketAddr, invite: &rsip::Request, args: &Args) -> Option<Call> {
        let (number, caller) = wire::numbers(invite)?;
        let remote = wire::remote_media(invite)?;
        Some(Call {
            call_id: wire::call_id(invite)?,
            plan: callee::plan(args.seed, &number, args.quick),
            number,
            caller,
            peer,
            local,
            invite: invite.clone(),
            tag: format!("c{:016x}", rand::random::<u64>()),
            next: 0,
            begun: now,
            phase: Phase::Ringing,
            rtp: Rtp::new(local.ip(), Some(remote)).ok()?,
            event_type: remote.1,
            answer: None,
            repeat: None,
            hostile: false,
        })
    }

    pub fn packets_in(&self) -> u64 {
        self.rtp.packets_in
    }

    pub fn packets_out(&self) -> u64 {
        self.rtp.packets_out
    }

    pub fn evenness(&self) -> &Evenness {
        &self.rtp.evenness
    }

    pub fn heard_hz(&self) -> Option<u32> {
        self.rtp.heard_hz()
    }

    pub fn last_key(&self) -> Option<char> {
        self.rtp.heard_key
    }

    /// A copy of the INVITE gets a copy of the answer; a re-INVITE is not ours to take.
    pub fn invited_again(&self, request: &rsip::Request) -> Datagrams {
        let copy = wire::value(request, "CSeq") == wire::value(&self.invite, "CSeq");
        match &self.answer {
            Some(answer) if copy => vec![(self.peer, answer.clone())],
            None if copy => vec![(self.peer, wire::response(request, 100, "", &[], None))],
            _ => vec![(self.peer, wire::response(request, 488, &self.tag, &[], None))],
        }
    }

    pub fn acknowledged(&mut self) {
        self.repeat.take_if(|r| !r.is_bye);
    }

    pub fn answered_bye(&mut self, response: &rsip::Response) {
        if response.status_code.code() >= 200 {
            self.repeat.take_if(|r| r.is_bye);
        }
    }

    pub fn bye(&mut self, now: u64, from: SocketAddr, request: &rsip::Request, log: &mut Log) -> Datagrams {
        let mut out = vec![(from, wire::response(request, 200, &self.tag, &[], None))];
        match self.phase {
            Phase::Over { .. } => out = vec![(from, wire::response(request, 481, &self.tag, &[], None))],
            Phase::Talking { .. } => {
                self.repeat = None;
                log.call("bye_in", self, None);
                self.end(now, Some(200), log);
            }
            // A caller may end an early dialog so (RFC 3261 §15).
            Phase::Ringing => {
                log.call("bye_in", self, None);
                self.refuse(now, 487, None, log, &mut out);
            }
        }
        out
    }

    pub fn cancel(&mut self, now: u64, from: SocketAddr, request: &rsip::Request, log: &mut Log) -> Datagrams {
        let mut out = vec![(from, wire::response(request, 200, &self.tag, &[], None))];
        if self.phase == Phase::Ringing {
            log.call("cancel", self, None);
            self.refuse(now, 487, None, log, &mut out);
        }
        out
    }

    pub fn over(&self, now: u64) -> bool {
        matches!(self.phase, Phase::Over { since } if now >= since + GIVE_UP)
    }

    pub fn tick(&mut self, now: u64, log: &mut Log, out: &mut Datagrams) {
        self.confirmations(now, log, out);
        if matches!(self.phase, Phase::Over { .. }) {
            return;
        }
        if self.rtp.tick(now) {
            log.call("rtp", self, None);
        }
        while let Some((_, act)) = self.plan.acts.get(self.next).copied().filter(|(at, _)| self.begun + at <= now) {
            self.next += 1;
            self.act(now, act, log, out);
        }
        if let Phase::Talking { since } = self.phase
            && now >= self.rtp.last_in.unwrap_or(since).max(since) + SILENT
        {
            self.hang_up(now, log, out);
        }
    }

    fn confirmations(&mut self, now: u64, log: &mut Log, out: &mut Datagrams) {
        let Some(repeat) = &mut self.repeat else { return };
        if now >= repeat.until {
            let answered = matches!(self.phase, Phase::Talking { .. });
            self.repeat = None;
            if answered {
                // Our 200 was never acknowledged (RFC 3261 §13.3.1.4).
                self.hang_up(now, log, out);
            }
        } else if now >= repeat.next {
            repeat.interval = (repeat.interval * 2).min(T2);
            repeat.next = now + repeat.interval;
            out.push((self.peer, repeat.bytes.clone()));
        }
    }

    fn act(&mut self, now: u64, act: Act, log: &mut Log, out: &mut Datagrams) {
        match act {
            Act::Ring => {
                self.provisional(180, None, out);
                log.call("ringing", self, Some(180));
            }
            Act::EarlyMedia => {
                let sdp = wire::sdp(self.rtp.address, self.event_type);
                self.provisional(183, Some(&sdp), out);
                self.rtp.speak(now, Voice::Beeps);
                log.call("early", self, Some(183));
            }
            Act::Answer => self.pick_up(now, true, log, out),
            Act::AnswerWithoutSdp => self.pick_up(now, false, log, out),
            Act::HangUp => self.hang_up(now, log, out),
            Act::Key(key) => self.rtp.press(key),
            Act::Refuse { code, q850 } => self.refuse(now, code, q850, log, out),
            Act::RefuseGbk => self.refuse_in_gbk(now, log, out),
            Act::TurnHostile => self.hostile = true,
            Act::Challenge => {
                let ask = format!("Digest realm=\"{}\", nonce=\"n\", algorithm=MD5", hostile::TEXT);
                let bytes = wire::response(&self.invite, 407, &self.tag, &[("Proxy-Authenticate", &ask)], None);
                self.finally(now, bytes, out);
                self.end(now, Some(407), log);
            }
            Act::Redirect => {
                let contact = format!("<sip:elsewhere@{}>", self.local);
                let bytes = wire::response(&self.invite, 302, &self.tag, &[("Contact", &contact)], None);
                self.finally(now, bytes, out);
                self.end(now, Some(302), log);
            }
        }
    }

    fn provisional(&mut self, code: u16, sdp: Option<&str>, out: &mut Datagrams) {
        let contact = format!("<sip:{}>", self.local);
        let bytes = self.said(wire::response(&self.invite, code, &self.tag, &[("Contact", &contact)], sdp), out);
        self.answer = Some(bytes.clone());
        out.push((self.peer, bytes));
    }

    fn pick_up(&mut self, now: u64, described: bool, log: &mut Log, out: &mut Datagrams) {
        let contact = format!("<sip:{}>", self.local);
        let sdp = wire::sdp(self.rtp.address, self.event_type);
        let bytes = wire::response(&self.invite, 200, &self.tag, &[("Contact", &contact)], described.then_some(&sdp));
        self.finally(now, bytes, out);
        self.phase = Phase::Talking { since: now };
        self.rtp.speak(now, self.plan.voice);
        log.call("answer", self, Some(200));
    }

    fn hang_up(&mut self, now: u64, log: &mut Log, out: &mut Datagrams) {
        if !matches!(self.phase, Phase::Talking { .. }) {
            return;
        }
        let branch = format!("{:016x}", rand::random::<u64>());
        if let Some(bytes) = wire::bye(&self.invite, &self.tag, self.local, &branch) {
            self.finally(now, bytes, out);
            self.repeat.iter_mut().for_each(|r| r.is_bye = true);
        }
        log.call("bye_out", self, None);
        self.end(now, Some(200), log);
    }

    fn refuse(&mut self, now: u64, code: u16, q850: Option<u16>, log: &mut Log, out: &mut Datagrams) {
        let reason = q850.map(|cause| format!("Q.850;cause={cause}"));
        let headers: Vec<(&str, &str)> = reason.iter().map(|r| ("Reason", r.as_str())).collect();
        let bytes = wire::response(&self.invite, code, &self.tag, &headers, None);
        self.finally(now, bytes, out);
        self.end(now, Some(code), log);
    }

    fn refuse_in_gbk(&mut self, now: u64, log: &mut Log, out: &mut Datagrams) {
        let standard = wire::response(&self.invite, 404, &self.tag, &[("Reason", "Q.850;cause=1")], None);
        let end = standard.iter().position(|b| *b == b'\r').unwrap_or(0);
        // 空号
        let mut bytes = b"SIP/2.0 404 \xbf\xd5\xba\xc5".to_vec();
        bytes.extend_from_slice(&standard[end..]);
        self.finally(now, bytes, out);
        self.end(now, Some(404), log);
    }

    /// Sends a final answer or a BYE and keeps repeating it.
    fn finally(&mut self, now: u64, bytes: Vec<u8>, out: &mut Datagrams) {
        let bytes = self.said(bytes, out);
        out.push((self.peer, bytes.clone()));
        self.answer = Some(bytes.clone());
        self.repeat = Some(Repeat { bytes, is_bye: false, interval: T1, next: now + T1, until: now + GIVE_UP });
    }

    /// The message as this callee's carrier words it; a hostile one sends a copy ahead that must not be understood at all.
    fn said(&self, bytes: Vec<u8>, out: &mut Datagrams) -> Vec<u8> {
        if !self.hostile {
            return bytes;
        }
        let bytes = hostile::worded(&bytes);
        out.push((self.peer, hostile::with_controls(&bytes)));
        bytes
    }

    fn end(&mut self, now: u64, code: Option<u16>, log: &mut Log) {
        self.phase = Phase::Over { since: now };
        log.call("end", self, code);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn invite(number: &str) -> rsip::Request {
        let sdp = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 8\r\n";
        let text = format!(
            "INVITE sip:{number}@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5;branch=z9hG4bKx\r\nFrom: <sip:1@h>;tag=a\r\n\
             To: <sip:{number}@127.0.0.1>\r\nCall-ID: i\r\nCSeq: 1 INVITE\r\nContact: <sip:1@127.0.0.1:5>\r\nContent-Length: {}\r\n\r\n{sdp}",
            sdp.len()
        );
        rsip::Request::try_from(text.as_bytes()).unwrap()
    }

    fn call(number: &str) -> Call {
        let args = Args {
            listen: "127.0.0.1:0".parse().unwrap(),
            seed: 1,
            quick: true,
            log: None,
            user: None,
            password: None,
            realm: None,
            die_with_parent: false,
            orphan_exit: None,
        };
        Call::new(0, "127.0.0.1:9".parse().unwrap(), args.listen, &invite(number), &args).unwrap()
    }

    /// Start lines sent up to `until`, with their times.
    fn run(call: &mut Call, until: u64, acknowledge: bool) -> Vec<(u64, String)> {
        let (mut log, mut all) = (Log::open(None).unwrap(), vec![]);
        for now in (0..until).step_by(20) {
            let mut out = vec![];
            call.tick(now, &mut log, &mut out);
            for (_, bytes) in out {
                let line = String::from_utf8_lossy(&bytes).lines().next().unwrap().to_owned();
                if acknowledge && line.starts_with("SIP/2.0 200") {
                    call.acknowledged();
                }
                all.push((now, line));
            }
        }
        all
    }

    #[tokio::test]
    async fn a_vanished_service_is_hung_up_on_after_35_s() {
        let sent = run(&mut call("13800000004"), 40_000, true);
        assert_eq!(sent[0], (20, "SIP/2.0 200 OK".into()));
        assert_eq!(sent[1], (35_020, "BYE sip:1@127.0.0.1:5 SIP/2.0".into()));
    }

    #[tokio::test]
    async fn an_answer_is_repeated_until_acknowledged_and_then_given_up() {
        let mut call = call("13800000004");
        let sent = run(&mut call, 70_000, false);
        let answers = sent.iter().filter(|(_, l)| l.starts_with("SIP/2.0 200")).count();
        assert!((10..13).contains(&answers), "{sent:?}");
        assert!(sent.iter().any(|(at, l)| l.starts_with("BYE") && *at < 33_000), "{sent:?}");
        assert!(call.over(70_000));
    }
}
