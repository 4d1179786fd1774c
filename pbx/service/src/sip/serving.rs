//! Requests from a trunk: BYE, re-INVITE, UPDATE, INFO, OPTIONS within our calls; everything else is refused without state.

use super::{
    build,
    leg::{Leg, Phase, Unacked, leg_of},
    message::Message,
    sdp,
    stack::{Stack, Timer},
    transaction::{GIVE_UP, T1, T2},
};
use hutong_api::LegId;
use hutong_core::io::{LegEndHow, LegEvent};
use std::{net::SocketAddr, sync::Arc};

impl Stack {
    pub(super) fn request(&mut self, now: u64, from: SocketAddr, local: SocketAddr, request: &Message) {
        self.heard(now, from.ip());
        let leg = leg_of(&request.call_id).filter(|id| self.legs.get(id).is_some_and(|leg| belongs(leg, request)));
        match (leg, request.method.as_str()) {
            (Some(leg), "ACK") => self.acknowledged(leg, request),
            (None, "ACK") => {}
            (Some(leg), _) => self.within(now, from, leg, request),
            (None, _) if request.to_tag.is_some() => self.reply(from, local, request, 481),
            (None, "OPTIONS") => self.reply(from, local, request, 200),
            (None, "INVITE") => self.reply(from, local, request, 480),
            (None, "CANCEL" | "BYE" | "INFO" | "UPDATE" | "PRACK") => self.reply(from, local, request, 481),
            (None, _) => self.reply(from, local, request, 405),
        }
    }

    /// An answer outside any call; the same for every copy, so no state is kept.
    fn reply(&mut self, from: SocketAddr, local: SocketAddr, request: &Message, code: u16) {
        let contact = format!("<sip:{local}>");
        let extras: &[(&str, &str)] = match code {
            200 => &[("Allow", build::ALLOW), ("Accept", "application/sdp"), ("Contact", &contact)],
            405 => &[("Allow", build::ALLOW)],
            _ => &[],
        };
        let bytes = build::answer(request, from, code, "ht0", extras, None);
        self.send(from, bytes);
    }

    fn within(&mut self, now: u64, from: SocketAddr, id: LegId, request: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if let Some((cseq, bytes)) = leg.last_answer.clone().filter(|(cseq, _)| *cseq == request.cseq) {
            tracing::debug!(cseq, "copy of a request answered again");
            return self.send(from, bytes);
        }
        if leg.remote_cseq.is_some_and(|last| request.cseq <= last) {
            let local = leg.local;
            return self.reply(from, local, request, 500);
        }
        leg.remote_cseq = Some(request.cseq);
        match request.method.as_str() {
            "BYE" => {
                self.answer(from, id, request, 200, None);
                self.left(id, request.q850());
            }
            "INVITE" => self.reinvited(now, from, id, request),
            "UPDATE" => self.updated(from, id, request),
            "INFO" => self.informed(from, id, request),
            "OPTIONS" => drop(self.answer(from, id, request, 200, None)),
            "CANCEL" => drop(self.answer(from, id, request, 481, None)),
            _ => drop(self.answer(from, id, request, 405, None)),
        }
    }

    /// An answer inside a call, kept for copies of the request.
    fn answer(
        &mut self,
        to: SocketAddr,
        id: LegId,
        request: &Message,
        code: u16,
        sdp: Option<&str>,
    ) -> Option<Arc<[u8]>> {
        let leg = self.legs.get_mut(&id)?;
        let headers = [("Contact", leg.contact.as_str()), ("Allow", build::ALLOW)];
        let bytes: Arc<[u8]> = build::answer(request, to, code, &leg.local_tag, &headers, sdp).into();
        leg.last_answer = Some((request.cseq, bytes.clone()));
        self.send(to, bytes.clone());
        Some(bytes)
    }

    fn reinvited(&mut self, now: u64, from: SocketAddr, id: LegId, request: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        if leg.phase != Phase::Up || leg.unacked.is_some() {
            return drop(self.answer(from, id, request, 491, None));
        }
        let theirs = request.sdp().map(sdp::read);
        if theirs == Some(None) {
            return drop(self.answer(from, id, request, 488, None));
        }
        let theirs = theirs.flatten();
        let ours = leg.describe(theirs.as_ref());
        self.retarget(id, request);
        if let Some(theirs) = &theirs {
            self.connect_to(id, theirs);
        }
        let Some(bytes) = self.answer(from, id, request, 200, Some(&ours)) else { return };
        let Some(leg) = self.legs.get_mut(&id) else { return };
        leg.unacked = Some(Unacked {
            cseq: request.cseq,
            bytes,
            to: from,
            interval: T1,
            resend_at: now + T1,
            give_up_at: now + GIVE_UP,
            offered: theirs.is_none(),
        });
        self.at(now + T1, Timer::Unacked(id));
    }

    fn acknowledged(&mut self, id: LegId, ack: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(unacked) = leg.unacked.take_if(|u| u.cseq == ack.cseq) else { return };
        if unacked.offered {
            self.connect(id, ack);
        }
    }

    pub(super) fn unacked_due(&mut self, now: u64, id: LegId) {
        let Some(unacked) = self.legs.get_mut(&id).and_then(|l| l.unacked.as_mut()) else { return };
        if now >= unacked.give_up_at {
            return self.part(now, id, LegEndHow::Lost, Some(200));
        }
        if now < unacked.resend_at {
            return;
        }
        unacked.interval = (unacked.interval * 2).min(T2);
        unacked.resend_at = now + unacked.interval;
        let (to, bytes, due) = (unacked.to, unacked.bytes.clone(), unacked.resend_at.min(unacked.give_up_at));
        self.send(to, bytes);
        self.at(due, Timer::Unacked(id));
    }

    /// A refresh has no body; a change may come before or after the answer (RFC 3311).
    fn updated(&mut self, from: SocketAddr, id: LegId, request: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(theirs) = request.sdp().map(sdp::read) else {
            self.retarget(id, request);
            return drop(self.answer(from, id, request, 200, None));
        };
        let Some(theirs) = theirs else { return drop(self.answer(from, id, request, 488, None)) };
        if leg.media.is_none() || leg.unacked.is_some() {
            // Our own offer is still open (§5.2).
            return drop(self.answer(from, id, request, 491, None));
        }
        let ours = leg.describe(Some(&theirs));
        self.retarget(id, request);
        self.connect_to(id, &theirs);
        self.answer(from, id, request, 200, Some(&ours));
    }

    fn retarget(&mut self, id: LegId, request: &Message) {
        let Some(leg) = self.legs.get_mut(&id) else { return };
        let Some(target) = request.contact().filter(|c| *c != leg.target) else { return };
        leg.target = target;
        let record = leg.record();
        self.note(id, Some(record));
    }

    /// Keys by INFO are heard only where the far end does not send them as RTP, or each would count twice.
    fn informed(&mut self, from: SocketAddr, id: LegId, request: &Message) {
        self.answer(from, id, request, 200, None);
        let by_rtp = self.legs.get(&id).and_then(|l| l.media).is_none_or(|m| m.dtmf.is_some());
        if let Some(key) = dtmf_relay(request).filter(|_| !by_rtp) {
            self.tell(id, LegEvent::Key(key));
        }
    }
}

fn belongs(leg: &Leg, request: &Message) -> bool {
    leg.call_id == request.call_id
        && request.to_tag.as_deref() == Some(leg.local_tag.as_str())
        && (leg.remote_tag.is_none() || leg.remote_tag == request.from_tag)
}

/// `Signal=5` of application/dtmf-relay.
fn dtmf_relay(request: &Message) -> Option<char> {
    let kind = request.header("Content-Type")?.to_ascii_lowercase();
    let body = kind.starts_with("application/dtmf-relay").then(|| std::str::from_utf8(request.body()).ok())??;
    let signal =
        body.lines().find_map(|l| l.trim().strip_prefix("Signal=").or_else(|| l.trim().strip_prefix("Signal =")))?;
    let key = signal.trim().chars().next()?.to_ascii_uppercase();
    (key.is_ascii_digit() || "*#ABCD".contains(key)).then_some(key)
}
