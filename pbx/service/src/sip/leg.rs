//! One outbound leg: what it must remember, and the requests made from that.

use super::{
    DialogRecord,
    build::{self, Request},
    message::Message,
    sdp::{self, Ours},
    transaction::Key,
};
use crate::media::TrunkMedia;
use hutong_api::{LegId, TrunkId};
use hutong_core::io::LegEvent;
use rsipstack::sip::Uri;
use std::{net::SocketAddr, sync::Arc};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// For its turn under the trunk's calls per second.
    Waiting,
    /// INVITE sent; `heard` once any provisional answer came (only then may CANCEL be sent, RFC 3261 §9.1).
    Inviting {
        heard: bool,
    },
    Cancelling,
    Up,
}

#[derive(Debug)]
pub struct Leg {
    pub trunk: TrunkId,
    pub phase: Phase,
    /// When it was asked for.
    pub since: u64,
    /// Hung up before CANCEL may be sent.
    pub hang_up: bool,
    /// A challenge was answered once; the header is repeated in ACK (RFC 3261 §22.1).
    pub credentials: Option<(&'static str, String)>,
    pub peer: SocketAddr,
    pub local: SocketAddr,
    pub ours: Ours,
    pub uri: Uri,
    pub call_id: String,
    pub from: String,
    pub local_tag: String,
    pub contact: String,
    /// With the far end's tag once there is one.
    pub to: String,
    pub remote_tag: Option<String>,
    pub target: String,
    pub route: Vec<String>,
    pub cseq: u32,
    pub key: Key,
    pub ack: Option<Arc<[u8]>>,
    pub media: Option<TrunkMedia>,
    /// Ringing, and ringing with early media, were told.
    pub rang: Option<bool>,
    /// Their highest CSeq and our last answer, for copies of their requests.
    pub remote_cseq: Option<u32>,
    pub last_answer: Option<(u32, Arc<[u8]>)>,
    pub unacked: Option<Unacked>,
    /// The description we sent last, without its version.
    pub said: String,
}

/// Our 2xx to their re-INVITE, repeated until their ACK (RFC 3261 §13.3.1.4).
#[derive(Debug)]
pub struct Unacked {
    pub cseq: u32,
    pub bytes: Arc<[u8]>,
    pub to: SocketAddr,
    pub interval: u64,
    pub resend_at: u64,
    pub give_up_at: u64,
    /// We made the offer, so their answer comes in the ACK.
    pub offered: bool,
}

/// Call-IDs carry the leg, so that an answer to a forgotten INVITE is known as ours after a restart.
pub fn call_id(leg: LegId, random: u128) -> String {
    format!("ht{leg}-{random:032x}")
}

/// The leg of a Call-ID of our form.
pub fn leg_of(call_id: &str) -> Option<LegId> {
    let (leg, random) = call_id.strip_prefix("ht")?.split_once('-')?;
    let digits = !leg.is_empty() && leg.len() <= 19 && leg.bytes().all(|b| b.is_ascii_digit());
    let hex = random.len() == 32 && random.bytes().all(|b| b.is_ascii_hexdigit());
    if digits && hex { leg.parse().ok().map(LegId) } else { None }
}

impl Leg {
    pub fn via(&self) -> String {
        build::via(self.local, &Key::branch(self.key.id))
    }

    pub fn invite(&mut self) -> Vec<u8> {
        let sdp = sdp::offer(self.ours);
        self.said = sdp::offer(Ours { version: 0, ..self.ours });
        Request::new("INVITE", &self.uri.to_string(), &self.via())
            .identity(&self.from, &self.to, &self.call_id, self.cseq, "INVITE")
            .header("Contact", &self.contact)
            .maybe(self.credentials.as_ref().map(|(n, v)| (*n, v.as_str())))
            .header("Allow", build::ALLOW)
            .header("Accept", "application/sdp")
            .header("User-Agent", "Hutong")
            .end(Some(&sdp))
    }

    /// The ACK of a 2xx is a request of its own with its own branch (RFC 3261 §13.2.2.4).
    pub fn ack_2xx(&self, branch: u64) -> Vec<u8> {
        Request::new("ACK", &self.target, &build::via(self.local, &Key::branch(branch)))
            .routes(&self.route)
            .identity(&self.from, &self.to, &self.call_id, self.cseq, "ACK")
            .header("Contact", &self.contact)
            .maybe(self.credentials.as_ref().map(|(n, v)| (*n, v.as_str())))
            .end(None)
    }

    /// Takes over what makes the dialog (RFC 3261 §12.1.2).
    pub fn join(&mut self, answer: &Message) {
        self.remote_tag = answer.to_tag.clone();
        self.to = answer.to.clone();
        self.target = answer.contact().unwrap_or_else(|| self.target.clone());
        self.route = answer.route_set();
    }

    pub fn record(&self) -> DialogRecord {
        DialogRecord {
            trunk: self.trunk,
            peer: self.peer,
            call_id: self.call_id.clone(),
            local: self.from.clone(),
            remote: self.to.clone(),
            target: self.target.clone(),
            route: self.route.clone(),
            cseq: self.cseq,
            via: self.via(),
            answered: self.phase == Phase::Up,
        }
    }

    /// Our description in answer to theirs, or anew where they sent none; its version rises when it says something new.
    pub fn describe(&mut self, theirs: Option<&sdp::Theirs>) -> String {
        let write = |ours: Ours| match theirs {
            Some(theirs) => sdp::answer(ours, theirs),
            None => sdp::offer(ours),
        };
        let said = write(Ours { version: 0, ..self.ours });
        if said != self.said {
            self.ours.version += 1;
            self.said = said;
        }
        write(self.ours)
    }

    /// The ring to tell, if it says something new.
    pub fn ring(&mut self, early_media: bool) -> Option<LegEvent> {
        let news = self.rang.is_none_or(|early| early_media && !early);
        if news {
            self.rang = Some(early_media);
        }
        news.then_some(LegEvent::Ringing { early_media })
    }
}

/// What may reach a request line or a user part: a defect of a list must not become a second header (RB4).
pub fn is_dialable(number: &str) -> bool {
    (1..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit() || b"*#+".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dial_characters_pass() {
        for good in ["1", "13800138000", "*99#", "+8613800138000", "12345678901234567890"] {
            assert!(is_dialable(good), "{good}");
        }
        for bad in
            ["", "1@h", "1;x", "1\r\nX: y", "１２", "1 2", "123456789012345678901", "1%0d", "<1>", "500&PJSIP/itsp/1"]
        {
            assert!(!is_dialable(bad), "{bad}");
        }
    }

    #[test]
    fn our_call_ids_name_their_leg() {
        assert_eq!(leg_of(&call_id(LegId(42), 7)), Some(LegId(42)));
        for other in [
            "",
            "ht42",
            "ht-00",
            "ht42-xyz",
            "x42-00000000000000000000000000000007",
            "ht4 2-00000000000000000000000000000007",
        ] {
            assert_eq!(leg_of(other), None, "{other}");
        }
    }
}
