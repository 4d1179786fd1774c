//! INVITE out, its answers in.

use super::{
    build, digest,
    leg::{Leg, Phase, call_id, is_dialable},
    message::Message,
    sdp::{self, Ours},
    stack::{MOST_LEGS, Output, Stack, Timer},
    transaction::{Key, What},
};
use hutong_api::LegId;
use hutong_core::io::{Dial, LegEnd, LegEndHow, LegEvent};
use rand::Rng;
use rsipstack::sip::Method;
use std::net::SocketAddr;

/// INVITEs that wait for their turn on one trunk; the engine's own bounds lie far below.
const MOST_WAITING: usize = 512;
/// No ring limit is near it; it only bounds what a silent far end can hold.
const FORGOTTEN_AFTER: u64 = 300_000;

impl Stack {
    pub(super) fn dial(&mut self, now: u64, dial: Dial) {
        let Some(leg) = self.leg(now, &dial) else {
            let end = LegEnd { how: LegEndHow::NotSent, sip: None, q850: None };
            return self.tell(dial.leg, LegEvent::Ended(end));
        };
        self.legs.insert(dial.leg, leg);
        if let Some(trunk) = self.trunks.get_mut(&dial.trunk) {
            trunk.queue.push_back(dial.leg);
        }
        self.pump(now, dial.trunk);
    }

    /// The leg in its first state; None where it may not be sent at all.
    fn leg(&mut self, now: u64, dial: &Dial) -> Option<Leg> {
        let (call, tag, key) = (call_id(dial.leg, self.rng.random()), self.tag(), self.new_key());
        let trunk = self.trunks.get(&dial.trunk)?;
        let caller = if dial.caller.is_empty() { trunk.account() } else { &dial.caller };
        let caller_fits = is_dialable(caller) || dial.caller.is_empty();
        let full = self.legs.len() >= MOST_LEGS || trunk.queue.len() >= MOST_WAITING;
        if !is_dialable(dial.phone.as_str()) || !caller_fits || full || self.legs.contains_key(&dial.leg) {
            return None;
        }
        let uri = trunk.uri(Some(dial.phone.as_str()));
        let from = format!("<{}>;tag={tag}", trunk.address_of_record(caller));
        Some(Leg {
            trunk: dial.trunk,
            phase: Phase::Waiting,
            since: now,
            hang_up: false,
            credentials: None,
            peer: SocketAddr::from(([0, 0, 0, 0], 0)),
            local: trunk.local,
            ours: Ours { rtp: trunk.local, session: self.rng.random::<u32>().into(), version: 1 },
            to: format!("<{uri}>"),
            target: uri.to_string(),
            uri,
            call_id: call,
            from,
            local_tag: tag,
            contact: String::new(),
            remote_tag: None,
            route: vec![],
            cseq: 0,
            key,
            ack: None,
            media: None,
            rang: None,
            remote_cseq: None,
            last_answer: None,
            unacked: None,
            said: String::new(),
        })
    }

    /// Its turn has come and media was asked for a socket.
    pub(super) fn opened(&mut self, now: u64, id: LegId, rtp: Option<SocketAddr>) {
        let external = self.external;
        let Some(leg) = self.legs.get_mut(&id).filter(|l| l.phase == Phase::Waiting) else {
            return self.out.push(Output::Close(id));
        };
        let trunk = self.trunks.get(&leg.trunk).and_then(|t| Some((t.peers.first().copied()?, t.local, t.contact())));
        let (Some(rtp), Some((peer, local, contact))) = (rtp, trunk) else {
            if rtp.is_some() {
                self.out.push(Output::Close(id));
            }
            return self.finish(id, LegEndHow::NotSent, None, None, false);
        };
        (leg.peer, leg.local, leg.contact) = (peer, local, contact);
        let shown = external.unwrap_or(if rtp.ip().is_unspecified() { local.ip() } else { rtp.ip() });
        leg.ours.rtp = SocketAddr::new(shown, rtp.port());
        leg.phase = Phase::Inviting { heard: false };
        self.at(now + FORGOTTEN_AFTER, Timer::Forgotten(id));
        self.invite(now, id);
        self.tell(id, LegEvent::Sent);
    }

    fn invite(&mut self, now: u64, id: LegId) {
        let key = self.new_key();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.cseq += 1;
        leg.key = key;
        let (bytes, peer, record) = (leg.invite(), leg.peer, leg.record());
        self.note(id, Some(record));
        self.begin(now, key, What::Invite(id), peer, bytes);
    }

    pub(super) fn invite_answered(&mut self, now: u64, from: SocketAddr, id: LegId, answer: &Message) {
        match answer.code.unwrap_or(0) {
            ..200 => self.progress(now, id, answer),
            200..300 => self.accepted(now, from, id, answer),
            code => self.refused(now, from, id, code, answer),
        }
    }

    fn progress(&mut self, now: u64, id: LegId, answer: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Phase::Inviting { heard } = leg.phase else { return };
        leg.phase = Phase::Inviting { heard: true };
        if leg.hang_up && !heard {
            return self.cancel(now, id);
        }
        let code = answer.code.unwrap_or(100);
        if code == 100 {
            return;
        }
        if leg.remote_tag.is_none() && answer.to_tag.is_some() {
            // Known early, so that a crash between the answer and its record still finds the dialog.
            leg.join(answer);
            let record = leg.record();
            self.note(id, Some(record));
        }
        let early_media = self.connect(id, answer);
        if (code != 183 || early_media)
            && let Some(event) = self.legs.get_mut(&id).and_then(|l| l.ring(early_media))
        {
            self.tell(id, event);
        }
    }

    /// Hands the far end's description to media where it is there and usable.
    pub(super) fn connect(&mut self, id: LegId, message: &Message) -> bool {
        let Some(theirs) = message.sdp().and_then(sdp::read) else { return false };
        self.connect_to(id, &theirs);
        true
    }

    pub(super) fn connect_to(&mut self, id: LegId, theirs: &sdp::Theirs) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.media != Some(theirs.media) && !theirs.media.remote.ip().is_unspecified() {
            leg.media = Some(theirs.media);
            self.out.push(Output::Connect(id, theirs.media));
        }
    }

    fn accepted(&mut self, now: u64, from: SocketAddr, id: LegId, answer: &Message) {
        let branch = self.rng.random();
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let early = leg.media.is_some() && (leg.remote_tag == answer.to_tag);
        let wanted = !leg.hang_up && leg.phase != Phase::Cancelling;
        leg.join(answer);
        leg.peer = from;
        leg.phase = Phase::Up;
        let ack: std::sync::Arc<[u8]> = leg.ack_2xx(branch).into();
        leg.ack = Some(ack.clone());
        let record = leg.record();
        self.send(from, ack);
        self.note(id, Some(record));
        if !wanted {
            return self.part(now, id, LegEndHow::WeHungUp, answer.code);
        }
        if self.connect(id, answer) || (answer.sdp().is_none() && early) {
            self.tell(id, LegEvent::Answered);
        } else {
            self.part(now, id, LegEndHow::Refused, Some(488));
        }
    }

    fn refused(&mut self, now: u64, from: SocketAddr, id: LegId, code: u16, answer: &Message) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (local, told) = (leg.local, leg.hang_up || leg.phase == Phase::Cancelling);
        let ack = ack_failure(answer, local);
        self.send(from, ack);
        if matches!(code, 401 | 407) && !told && self.authenticate(now, id, answer) {
            return;
        }
        let how = if told { LegEndHow::WeHungUp } else { LegEndHow::Refused };
        self.finish(id, how, Some(code), answer.q850(), false);
    }

    /// Repeats the INVITE with credentials; once, and only to the trunk's own realm.
    fn authenticate(&mut self, now: u64, id: LegId, answer: &Message) -> bool {
        let cnonce = self.tag();
        let Some(leg) = self.legs.get_mut(&id).filter(|l| l.credentials.is_none()) else { return false };
        let Some(trunk) = self.trunks.get(&leg.trunk) else { return false };
        match digest::answer(answer, trunk.secret(), Method::Invite, &leg.uri, &cnonce) {
            digest::Challenge::Answer(name, value) => {
                leg.credentials = Some((name, value));
                leg.remote_tag = None;
                leg.to = format!("<{}>", leg.uri);
                leg.phase = Phase::Inviting { heard: false };
                self.invite(now, id);
                true
            }
            digest::Challenge::Foreign(realm) => {
                let trunk = leg.trunk;
                self.foreign_realm(trunk, &realm);
                false
            }
            digest::Challenge::Unanswerable => false,
        }
    }

    pub(super) fn invite_timed_out(&mut self, now: u64, id: LegId) {
        let Some(leg) = self.legs.get(&id) else { return };
        let (trunk, how) = (leg.trunk, if leg.hang_up { LegEndHow::WeHungUp } else { LegEndHow::Lost });
        self.finish(id, how, None, None, false);
        self.ping_now(now, trunk);
    }

    pub(super) fn forgotten(&mut self, now: u64, id: LegId) {
        if self.legs.get(&id).is_some_and(|l| matches!(l.phase, Phase::Inviting { .. })) {
            tracing::warn!(leg = id.0, "rang for five minutes: cancelled");
            self.hang_up(now, id);
        }
    }
}

/// ACK of a final failure, made from the answer alone: it holds our Via, the request URI (as To) and the CSeq
/// (RFC 3261 §17.1.1.3), so copies of the answer need no state.
pub(super) fn ack_failure(answer: &Message, local: SocketAddr) -> Vec<u8> {
    build::Request::new("ACK", super::message::uri(&answer.to), &build::via(local, &answer.branch))
        .identity(&answer.from, &answer.to, &answer.call_id, answer.cseq, "ACK")
        .end(None)
}

/// Also the form of a stateless CANCEL: same Via, no To tag (RFC 3261 §9.1).
pub(super) fn cancel_bytes(uri: &str, via: &str, from: &str, to: &str, call_id: &str, cseq: u32) -> Vec<u8> {
    build::Request::new("CANCEL", uri, via).identity(from, to, call_id, cseq, "CANCEL").end(None)
}

pub(super) fn cancel_key(key: Key) -> Key {
    Key { cancel: true, ..key }
}
