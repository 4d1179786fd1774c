//! The state machine of this room, pure: `Input`s with the time in ms go in, `Output`s come out. It owns every trunk,
//! leg and transaction. Parts: `dialing` (INVITE and its answers), `serving` (their requests), `farewell` (CANCEL, BYE,
//! strays, clearing), `trunk` (address, pace, health, registration).

use super::{
    DialogRecord, SipEvent, SipTrunk,
    frame::{self, Frame},
    leg::Leg,
    message::Message,
    transaction::{Due, Key, Transactions, What},
    trunk::Trunk,
};
use crate::media::TrunkMedia;
use hutong_api::{LegId, TrunkId};
use hutong_core::io::{Dial, LegEnd, LegEndHow, LegEvent};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    collections::{BTreeMap, BinaryHeap, HashMap},
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

/// More legs than any one box bridges; a dial beyond it ends as not sent.
pub const MOST_LEGS: usize = 4_096;

#[derive(Debug)]
pub enum Input<'a> {
    Trunks(Vec<SipTrunk>),
    /// The answer to `Output::Resolve`: where the trunk is, and our own address towards it.
    Resolved {
        trunk: TrunkId,
        host: String,
        found: Option<(Vec<SocketAddr>, IpAddr)>,
    },
    Dial(Dial),
    /// The answer to `Output::Open`.
    Opened {
        leg: LegId,
        rtp: Option<SocketAddr>,
    },
    HangUp(LegId),
    Clear(DialogRecord),
    Datagram {
        from: SocketAddr,
        bytes: &'a [u8],
    },
    Tick,
}

#[derive(Debug)]
pub enum Output {
    Send(SocketAddr, Arc<[u8]>),
    Event(SipEvent),
    Resolve {
        trunk: TrunkId,
        host: String,
    },
    /// Ask media for an RTP socket.
    Open(LegId),
    Connect(LegId, TrunkMedia),
    Close(LegId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// The trunk's next INVITE may leave.
    Slot(TrunkId),
    /// OPTIONS, REGISTER or a look-up is due.
    Health(TrunkId),
    /// A 2xx to a re-INVITE is to be repeated.
    Unacked(LegId),
    /// CANCEL brought no end (RFC 3261 §9.1: 64×T1 and it counts as cancelled).
    Cancelled(LegId),
    /// Rings longer than any ring limit.
    Forgotten(LegId),
}

#[derive(Debug)]
pub struct Stack {
    /// The port others reach us at.
    pub(super) port: u16,
    pub(super) external: Option<IpAddr>,
    pub(super) rng: StdRng,
    pub(super) trunks: BTreeMap<TrunkId, Trunk>,
    pub(super) legs: HashMap<LegId, Leg>,
    pub(super) transactions: Transactions,
    /// Peers of cleared dialogs and when they are forgotten.
    pub(super) cleared: HashMap<IpAddr, (SocketAddr, u64)>,
    /// Dialogs and INVITEs of nobody that were already ended, until when.
    pub(super) strays: HashMap<(String, String), u64>,
    timers: BinaryHeap<std::cmp::Reverse<(u64, Timer)>>,
    pub(super) out: Vec<Output>,
    /// Makes the next step panic.
    #[cfg(test)]
    pub fail: bool,
}

impl Stack {
    pub fn new(port: u16, external: Option<IpAddr>, seed: [u8; 32]) -> Stack {
        Stack {
            port,
            external,
            rng: StdRng::from_seed(seed),
            trunks: BTreeMap::new(),
            legs: HashMap::new(),
            transactions: Transactions::default(),
            cleared: HashMap::new(),
            strays: HashMap::new(),
            timers: BinaryHeap::new(),
            out: Vec::new(),
            #[cfg(test)]
            fail: false,
        }
    }

    /// One step. `now`: milliseconds of any monotonic clock.
    pub fn handle(&mut self, now: u64, input: Input) -> Vec<Output> {
        #[cfg(test)]
        assert!(!self.fail, "told to fail");
        match input {
            Input::Trunks(trunks) => self.set_trunks(now, trunks),
            Input::Resolved { trunk, host, found } => self.resolved(now, trunk, &host, found),
            Input::Dial(dial) => self.dial(now, dial),
            Input::Opened { leg, rtp } => self.opened(now, leg, rtp),
            Input::HangUp(leg) => self.hang_up(now, leg),
            Input::Clear(record) => self.clear(now, record),
            Input::Datagram { from, bytes } => self.datagram(now, from, bytes),
            Input::Tick => {}
        }
        self.tick(now);
        std::mem::take(&mut self.out)
    }

    pub fn next_due(&self) -> Option<u64> {
        let timer = self.timers.peek().map(|t| t.0.0);
        timer.into_iter().chain(self.transactions.next_due()).min()
    }

    fn tick(&mut self, now: u64) {
        for due in self.transactions.due(now) {
            match due {
                Due::Send(to, bytes) => self.out.push(Output::Send(to, bytes)),
                Due::TimedOut(what) => self.timed_out(now, what),
            }
        }
        while let Some((due, timer)) = self.timers.peek().map(|t| t.0).filter(|(due, _)| *due <= now) {
            self.timers.pop();
            match timer {
                Timer::Slot(trunk) => self.pump(now, trunk),
                Timer::Health(trunk) => self.health_due(now, trunk, due),
                Timer::Unacked(leg) => self.unacked_due(now, leg),
                Timer::Cancelled(leg) => self.cancel_given_up(leg),
                Timer::Forgotten(leg) => self.forgotten(now, leg),
            }
        }
    }

    fn timed_out(&mut self, now: u64, what: What) {
        match what {
            What::Invite(leg) => self.invite_timed_out(now, leg),
            What::Cancel(_) => {}
            What::Bye(bye) => self.bye_over(*bye),
            What::ClearCancel(record) => self.clear_cancelled(now, *record, None),
            What::Ping(trunk) | What::Register(trunk) => self.health_timed_out(now, trunk),
        }
    }

    /// Strangers are dropped before anything is looked at or kept.
    fn datagram(&mut self, now: u64, from: SocketAddr, bytes: &[u8]) {
        let Some(local) = self.local_towards(now, from.ip()) else {
            tracing::debug!(%from, "SIP datagram from a stranger dropped");
            return;
        };
        match frame::read(bytes) {
            Frame::Message(message) if message.code.is_some() => self.response(now, from, local, &message),
            Frame::Message(message) => self.request(now, from, local, &message),
            Frame::Answer(bytes) => self.out.push(Output::Send(from, bytes.into())),
            Frame::Drop(why) => tracing::debug!(%from, why, "SIP datagram dropped"),
        }
    }

    fn response(&mut self, now: u64, from: SocketAddr, local: SocketAddr, message: &Message) {
        let code = message.code.unwrap_or(0);
        self.heard(now, from.ip());
        let key = Key::of(&message.branch, &message.method);
        let what = key.and_then(|key| match code {
            ..200 => self.transactions.provisional(now, key, &message.method).cloned(),
            _ => self.transactions.finish(key, &message.method),
        });
        match what {
            Some(What::Invite(leg)) => self.invite_answered(now, from, leg, message),
            Some(_) if code < 200 => {}
            Some(What::Cancel(leg)) => self.cancel_answered(leg, code),
            Some(What::Bye(bye)) => self.bye_answered(now, *bye, message),
            Some(What::ClearCancel(record)) => self.clear_cancelled(now, *record, Some(message)),
            Some(What::Ping(trunk)) => self.pinged(now, trunk),
            Some(What::Register(trunk)) => self.registered(now, trunk, message),
            None => self.stray(now, from, local, message),
        }
    }

    /// The address we show to this peer; None for a stranger.
    fn local_towards(&mut self, now: u64, ip: IpAddr) -> Option<SocketAddr> {
        let trunk = self.trunks.values().find(|t| t.peers.iter().any(|p| p.ip() == ip));
        trunk
            .map(|t| t.local)
            .or_else(|| self.cleared.get(&ip).filter(|(_, until)| *until > now).map(|(local, _)| *local))
    }

    pub(super) fn send(&mut self, to: SocketAddr, bytes: impl Into<Arc<[u8]>>) {
        self.out.push(Output::Send(to, bytes.into()));
    }

    pub(super) fn tell(&mut self, leg: LegId, event: LegEvent) {
        self.out.push(Output::Event(SipEvent::Leg { leg, event }));
    }

    pub(super) fn note(&mut self, leg: LegId, record: Option<DialogRecord>) {
        self.out.push(Output::Event(SipEvent::Dialog { leg, record }));
    }

    pub(super) fn at(&mut self, due: u64, timer: Timer) {
        self.timers.push(std::cmp::Reverse((due, timer)));
    }

    pub(super) fn begin(&mut self, now: u64, key: Key, what: What, to: SocketAddr, bytes: Vec<u8>) {
        let bytes: Arc<[u8]> = bytes.into();
        self.transactions.begin(now, key, what, to, bytes.clone());
        self.send(to, bytes);
    }

    pub(super) fn new_key(&mut self) -> Key {
        Key { id: self.rng.random(), cancel: false }
    }

    pub(super) fn tag(&mut self) -> String {
        format!("{:016x}", self.rng.random::<u64>())
    }

    /// The one way a leg ends. `open`: a BYE is on its way and will clear the dialog's record.
    pub(super) fn finish(&mut self, id: LegId, how: LegEndHow, sip: Option<u16>, q850: Option<u16>, open: bool) {
        let Some(leg) = self.legs.remove(&id) else { return };
        self.transactions.drop(leg.key);
        if leg.phase != super::leg::Phase::Waiting {
            if !open {
                self.note(id, None);
            }
            self.out.push(Output::Close(id));
        }
        self.tell(id, LegEvent::Ended(LegEnd { how, sip, q850 }));
    }

    /// Live legs and transactions.
    #[cfg(test)]
    pub fn held(&self) -> (usize, usize) {
        (self.legs.len(), self.transactions.len())
    }
}
