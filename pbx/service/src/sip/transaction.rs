//! Client transactions (RFC 3261 §17.1) over UDP, pure: time comes in, datagrams to repeat come out.
//! A transaction lives only until its final answer. Late copies of an answer are met without state: a final answer to an
//! INVITE carries all an ACK needs (see `stray`), others are ignored. So nothing of a call is held after its end.

use hutong_api::{LegId, TrunkId};
use std::{
    collections::{BinaryHeap, HashMap},
    net::SocketAddr,
    sync::Arc,
};

/// RFC 3261 §17.1.1.1: estimate of the round trip, ms.
pub const T1: u64 = 500;
pub const T2: u64 = 4_000;
/// Timers B and F, and the life of an unacknowledged 2xx.
pub const GIVE_UP: u64 = 64 * T1;
/// A ping or REGISTER without an answer for so long is a silent trunk.
pub const HEALTH_PATIENCE: u64 = 10_000;

/// The random number inside the branch; CANCEL shares it with its INVITE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub id: u64,
    pub cancel: bool,
}

const COOKIE: &str = "z9hG4bKht";

impl Key {
    pub fn branch(id: u64) -> String {
        format!("{COOKIE}{id:016x}")
    }

    pub fn of(branch: &str, method: &str) -> Option<Key> {
        let hex = branch.strip_prefix(COOKIE).filter(|h| h.len() == 16)?;
        Some(Key { id: u64::from_str_radix(hex, 16).ok()?, cancel: method == "CANCEL" })
    }
}

/// What a transaction is for.
#[derive(Debug, Clone)]
pub enum What {
    Invite(LegId),
    Cancel(LegId),
    /// BYE of a leg that is already over for the engine.
    Bye(Box<super::farewell::Bye>),
    /// CANCEL for a dead process's INVITE; a BYE follows where its dialog is known.
    ClearCancel(Box<super::DialogRecord>),
    Ping(TrunkId),
    Register(TrunkId),
}

impl What {
    fn method(&self) -> &'static str {
        match self {
            What::Invite(_) => "INVITE",
            What::Cancel(_) | What::ClearCancel(_) => "CANCEL",
            What::Bye(_) => "BYE",
            What::Ping(_) => "OPTIONS",
            What::Register(_) => "REGISTER",
        }
    }

    /// Whether a trunk lives is to be known sooner than Timer F tells.
    fn patience(&self) -> u64 {
        match self {
            What::Ping(_) | What::Register(_) => HEALTH_PATIENCE,
            _ => GIVE_UP,
        }
    }
}

#[derive(Debug)]
struct Transaction {
    what: What,
    to: SocketAddr,
    bytes: Arc<[u8]>,
    interval: u64,
    resend_at: Option<u64>,
    give_up_at: Option<u64>,
}

/// What falls due.
#[derive(Debug)]
pub enum Due {
    Send(SocketAddr, Arc<[u8]>),
    /// No (final) answer came.
    TimedOut(What),
}

#[derive(Debug, Default)]
pub struct Transactions {
    live: HashMap<Key, Transaction>,
    /// (−due, key): entries that no longer fit their transaction are skipped.
    timers: BinaryHeap<(std::cmp::Reverse<u64>, Key)>,
}

impl Transactions {
    /// Begins a transaction; the caller sends the first copy.
    pub fn begin(&mut self, now: u64, key: Key, what: What, to: SocketAddr, bytes: Arc<[u8]>) {
        let (resend, give_up) = (now + T1, now + what.patience());
        self.timers.push((std::cmp::Reverse(resend), key));
        self.timers.push((std::cmp::Reverse(give_up), key));
        self.live.insert(
            key,
            Transaction { what, to, bytes, interval: T1, resend_at: Some(resend), give_up_at: Some(give_up) },
        );
    }

    /// A provisional answer: an INVITE is repeated no more and waits as long as its leg; others slow down (§17.1.2.2).
    pub fn provisional(&mut self, now: u64, key: Key, method: &str) -> Option<&What> {
        let live = self.live.get_mut(&key).filter(|t| t.what.method() == method)?;
        if live.what.method() == "INVITE" {
            (live.resend_at, live.give_up_at) = (None, None);
        } else {
            live.interval = T2;
            live.resend_at = Some(now + T2);
            self.timers.push((std::cmp::Reverse(now + T2), key));
        }
        Some(&live.what)
    }

    /// A final answer ends it.
    pub fn finish(&mut self, key: Key, method: &str) -> Option<What> {
        self.live.get(&key).filter(|t| t.what.method() == method)?;
        self.live.remove(&key).map(|t| t.what)
    }

    pub fn drop(&mut self, key: Key) {
        self.live.remove(&key);
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.live.len()
    }

    pub fn next_due(&self) -> Option<u64> {
        self.timers.peek().map(|(due, _)| due.0)
    }

    /// Everything due by now.
    pub fn due(&mut self, now: u64) -> Vec<Due> {
        let mut all = Vec::new();
        while let Some((due, key)) = self.timers.peek().copied().filter(|(due, _)| due.0 <= now) {
            self.timers.pop();
            let Some(live) = self.live.get_mut(&key) else { continue };
            if live.give_up_at == Some(due.0) {
                all.extend(self.live.remove(&key).map(|t| Due::TimedOut(t.what)));
            } else if live.resend_at == Some(due.0) {
                // §17.1.1.2: an INVITE doubles without a cap, others up to T2.
                live.interval =
                    if live.what.method() == "INVITE" { live.interval * 2 } else { (live.interval * 2).min(T2) };
                live.resend_at = Some(now + live.interval);
                self.timers.push((std::cmp::Reverse(now + live.interval), key));
                all.push(Due::Send(live.to, live.bytes.clone()));
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const KEY: Key = Key { id: 1, cancel: false };

    fn begun(what: What) -> Transactions {
        let mut t = Transactions::default();
        t.begin(0, KEY, what, "127.0.0.1:5060".parse().unwrap(), Arc::from(&b"x"[..]));
        t
    }

    fn run(t: &mut Transactions) -> (Vec<u64>, Option<u64>) {
        let (mut sent, mut timed_out) = (vec![], None);
        while let Some(due) = t.next_due() {
            for d in t.due(due) {
                match d {
                    Due::Send(..) => sent.push(due),
                    Due::TimedOut(_) => timed_out = Some(due),
                }
            }
        }
        (sent, timed_out)
    }

    #[test]
    fn an_unanswered_invite_doubles_and_gives_up_after_32_s() {
        let (sent, timed_out) = run(&mut begun(What::Invite(LegId(1))));
        assert_eq!(sent, [500, 1500, 3500, 7500, 15500, 31500]);
        assert_eq!(timed_out, Some(32_000));
    }

    #[test]
    fn other_requests_slow_to_four_seconds() {
        let (sent, timed_out) = run(&mut begun(What::Cancel(LegId(1))));
        assert_eq!(sent, [500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
        assert_eq!(timed_out, Some(32_000));
    }

    #[test]
    fn a_provisional_answer_silences_an_invite_and_a_final_one_ends_it() {
        let mut t = begun(What::Invite(LegId(1)));
        assert!(t.provisional(600, KEY, "BYE").is_none(), "an answer to another method is not ours");
        assert!(t.provisional(600, KEY, "INVITE").is_some());
        assert_eq!(run(&mut t), (vec![], None));
        assert!(t.finish(KEY, "INVITE").is_some());
        assert_eq!(t.len(), 0);
    }

    #[test]
    fn branches_read_back() {
        assert_eq!(Key::of(&Key::branch(77), "CANCEL"), Some(Key { id: 77, cancel: true }));
        assert_eq!(Key::of("z9hG4bK77", "INVITE"), None);
    }
}
