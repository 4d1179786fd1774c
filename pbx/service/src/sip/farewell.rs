//! Ending things: CANCEL, BYE, dialogs of a dead process, and answers that belong to nobody.

use super::{
    DialogRecord, build,
    build::Request,
    dialing::{ack_failure, cancel_bytes, cancel_key},
    digest,
    leg::{Phase, leg_of},
    message::{Message, uri},
    stack::{Stack, Timer},
    transaction::{GIVE_UP, Key, What},
};
use hutong_api::LegId;
use hutong_core::io::LegEndHow;
use rand::Rng;
use rsipstack::sip::{Method, Uri};
use std::net::SocketAddr;

/// Strays remembered so that copies of one answer bring one BYE or CANCEL.
const MOST_STRAYS: usize = 2_048;

/// A BYE under way. The leg it belonged to has already ended.
#[derive(Debug, Clone)]
pub struct Bye {
    pub leg: Option<LegId>,
    /// `cseq` is that of the last request sent.
    pub record: DialogRecord,
    pub local: SocketAddr,
    challenged: bool,
}

impl Stack {
    pub(super) fn hang_up(&mut self, now: u64, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        match leg.phase {
            Phase::Waiting => self.finish(id, LegEndHow::NotSent, None, None, false),
            Phase::Inviting { heard: false } => leg.hang_up = true,
            Phase::Inviting { heard: true } => self.cancel(now, id),
            Phase::Cancelling => {}
            Phase::Up => self.part(now, id, LegEndHow::WeHungUp, Some(200)),
        }
    }

    pub(super) fn cancel(&mut self, now: u64, id: LegId) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.phase = Phase::Cancelling;
        let to = format!("<{}>", leg.uri);
        let bytes = cancel_bytes(&leg.uri.to_string(), &leg.via(), &leg.from, &to, &leg.call_id, leg.cseq);
        let (key, peer) = (cancel_key(leg.key), leg.peer);
        self.at(now + GIVE_UP, Timer::Cancelled(id));
        self.begin(now, key, What::Cancel(id), peer, bytes);
    }

    /// 200 means the 487 follows; anything else that the far end has no such INVITE (any more).
    pub(super) fn cancel_answered(&mut self, id: LegId, code: u16) {
        if code >= 300 {
            self.cancel_given_up(id);
        }
    }

    pub(super) fn cancel_given_up(&mut self, id: LegId) {
        if self.legs.get(&id).is_some_and(|l| l.phase == Phase::Cancelling) {
            self.finish(id, LegEndHow::WeHungUp, None, None, false);
        }
    }

    /// BYE on an answered leg. It ends here and now: a far end that has gone must not hold agent and money for 32 s more.
    pub(super) fn part(&mut self, now: u64, id: LegId, how: LegEndHow, sip: Option<u16>) {
        let Some(leg) = self.legs.get(&id) else { return };
        let bye = Bye { leg: Some(id), record: leg.record(), local: leg.local, challenged: false };
        self.bye(now, bye, None);
        self.finish(id, how, sip, None, true);
    }

    fn bye(&mut self, now: u64, mut bye: Bye, credentials: Option<(&str, &str)>) {
        let key = self.new_key();
        let record = &mut bye.record;
        record.cseq += 1;
        let bytes = Request::new("BYE", &record.target, &build::via(bye.local, &Key::branch(key.id)))
            .routes(&record.route)
            .identity(&record.local, &record.remote, &record.call_id, record.cseq, "BYE")
            .maybe(credentials)
            .end(None);
        let peer = record.peer;
        self.begin(now, key, What::Bye(Box::new(bye)), peer, bytes);
    }

    pub(super) fn bye_answered(&mut self, now: u64, mut bye: Bye, answer: &Message) {
        let challenge = match answer.code {
            Some(401 | 407) if !bye.challenged => self.bye_credentials(&bye, answer),
            _ => None,
        };
        match challenge {
            Some((name, value)) => {
                bye.challenged = true;
                self.bye(now, bye, Some((name, &value)));
            }
            None => self.bye_over(bye),
        }
    }

    fn bye_credentials(&mut self, bye: &Bye, answer: &Message) -> Option<(&'static str, String)> {
        let cnonce = self.tag();
        let trunk = self.trunks.get(&bye.record.trunk)?;
        // The library's printing escapes twice; a digest over another text than the request line would be refused anyway.
        let uri = Uri::try_from(bye.record.target.as_str()).ok().filter(|u| u.to_string() == bye.record.target)?;
        match digest::answer(answer, trunk.secret(), Method::Bye, &uri, &cnonce) {
            digest::Challenge::Answer(name, value) => Some((name, value)),
            _ => None,
        }
    }

    pub(super) fn bye_over(&mut self, bye: Bye) {
        if let Some(leg) = bye.leg {
            self.note(leg, None);
        }
    }

    /// A dialog of a dead process: BYE where it was answered; else CANCEL, then BYE in case the answer came just before the crash.
    pub(super) fn clear(&mut self, now: u64, record: DialogRecord) {
        let trunk = self.trunks.get(&record.trunk).filter(|t| !t.peers.is_empty());
        let local = trunk.map(|t| t.local).or_else(|| sent_by(&record.via));
        let Some(local) = local else { return };
        self.cleared.retain(|_, (_, until)| *until > now);
        self.cleared.insert(record.peer.ip(), (local, now + 2 * GIVE_UP));
        if record.answered {
            let leg = leg_of(&record.call_id);
            return self.bye(now, Bye { leg, record, local, challenged: false }, None);
        }
        let branch = super::message::param(&record.via, "branch").unwrap_or("");
        let key = Key::of(branch, "CANCEL").unwrap_or_else(|| cancel_key(self.new_key()));
        // The target may already be the early dialog's; CANCEL needs the INVITE's, which To still holds.
        let invited = uri(&record.remote).to_owned();
        let to = format!("<{invited}>");
        let bytes = cancel_bytes(&invited, &record.via, &record.local, &to, &record.call_id, record.cseq);
        let peer = record.peer;
        self.begin(now, key, What::ClearCancel(Box::new(record)), peer, bytes);
    }

    pub(super) fn clear_cancelled(&mut self, now: u64, mut record: DialogRecord, answer: Option<&Message>) {
        let leg = leg_of(&record.call_id);
        if super::message::param(&record.remote, "tag").is_none() {
            // Their tag of a known INVITE is the same in the answer to its CANCEL (§9.2).
            match answer.filter(|a| a.code == Some(200)).filter(|a| a.to_tag.is_some()) {
                Some(answer) => record.remote = answer.to.clone(),
                None => {
                    if let Some(leg) = leg {
                        self.note(leg, None);
                    }
                    return;
                }
            }
        }
        let Some(local) = sent_by(&record.via) else { return };
        self.bye(now, Bye { leg, record, local, challenged: false }, None);
    }

    /// An answer without a transaction: a copy, a fork, or one to an INVITE of a dead process.
    pub(super) fn stray(&mut self, now: u64, from: SocketAddr, local: SocketAddr, answer: &Message) {
        let Some(leg) = leg_of(&answer.call_id).filter(|_| answer.method == "INVITE") else { return };
        let live = self.legs.get(&leg).filter(|l| l.call_id == answer.call_id);
        match answer.code.unwrap_or(0) {
            ..=100 => {}
            101..200 => {
                if live.is_none() && self.first_time(now, &answer.call_id, "") {
                    let to = uri(&answer.to);
                    let via = build::via(local, &answer.branch);
                    let bytes = cancel_bytes(to, &via, &answer.from, &format!("<{to}>"), &answer.call_id, answer.cseq);
                    self.send(from, bytes);
                }
            }
            200..300 => match live.filter(|l| l.remote_tag == answer.to_tag).and_then(|l| l.ack.clone()) {
                Some(ack) => self.send(from, ack),
                None => self.unwanted_answer(now, from, local, answer),
            },
            _ => self.send(from, ack_failure(answer, local)),
        }
    }

    fn unwanted_answer(&mut self, now: u64, from: SocketAddr, local: SocketAddr, answer: &Message) {
        let record = DialogRecord {
            trunk: self
                .trunks
                .values()
                .find(|t| t.peers.iter().any(|p| p.ip() == from.ip()))
                .map_or_else(Default::default, |t| t.cfg.id),
            peer: from,
            call_id: answer.call_id.clone(),
            local: answer.from.clone(),
            remote: answer.to.clone(),
            target: answer.contact().unwrap_or_else(|| uri(&answer.to).to_owned()),
            route: answer.route_set(),
            cseq: answer.cseq,
            via: String::new(),
            answered: true,
        };
        let ack = Request::new("ACK", &record.target, &build::via(local, &Key::branch(self.rng.random())))
            .routes(&record.route)
            .identity(&record.local, &record.remote, &record.call_id, record.cseq, "ACK")
            .end(None);
        self.send(from, ack);
        if self.first_time(now, &answer.call_id, answer.to_tag.as_deref().unwrap_or("")) {
            self.bye(now, Bye { leg: None, record, local, challenged: false }, None);
        }
    }

    fn first_time(&mut self, now: u64, call_id: &str, tag: &str) -> bool {
        if self.strays.len() >= MOST_STRAYS {
            self.strays.retain(|_, until| *until > now);
        }
        let key = (call_id.to_owned(), tag.to_owned());
        let known = self.strays.get(&key).is_some_and(|until| *until > now);
        if known || self.strays.len() >= MOST_STRAYS {
            return false;
        }
        self.strays.insert(key, now + GIVE_UP);
        true
    }

    /// The leg's far end said BYE.
    pub(super) fn left(&mut self, id: LegId, q850: Option<u16>) {
        let answered = self.legs.get(&id).is_some_and(|l| l.phase == Phase::Up);
        self.finish(id, LegEndHow::FarHangUp, answered.then_some(200), q850, false);
    }
}

/// host:port of one of our own Vias.
fn sent_by(via: &str) -> Option<SocketAddr> {
    via.split_ascii_whitespace().nth(1)?.split(';').next()?.parse().ok()
}
