//! One seat's standing leg: when it lives, and what it is told.

use super::{browser::BrowserLeg, player::SeatTone, slots::Key};
use hutong_api::SeatId;
use hutong_core::media::rewrite::Rewriter;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Addresses one browser may speak from; a page has a handful, an attacker with a login no more.
pub const MAX_ADDRESSES: usize = 8;
/// No word of the browser at all after our answer.
const NEVER_CAME: Duration = Duration::from_secs(15);
/// It reached us, but no secured path came of it.
const SET_UP: Duration = Duration::from_secs(5);
/// Silence of a leg that was sending audio: fifty packets a second do not stop by chance.
const SILENT: Duration = Duration::from_secs(6);
/// Silence of an idle leg: its checks come every 2.5 to 6 s (RFC 7675 §5.1) and one may be lost.
const SILENT_IDLE: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub struct SeatLeg {
    pub id: SeatId,
    pub leg: BrowserLeg,
    pub out: Rewriter,
    pub source: u32,
    pub up: bool,
    /// The trunk leg it is bridged with.
    pub trunk: Option<Key>,
    pub tone: Option<SeatTone>,
    pub ticking: bool,
    pub addresses: Vec<SocketAddr>,
    /// When the library wants the clock.
    pub deadline: Option<Instant>,
    pub created: Instant,
    /// First address learnt.
    pub reached: Option<Instant>,
    /// Last packet that proved to be its own, and the last audio.
    pub heard: Instant,
    pub heard_audio: Instant,
    /// Timestamp of the last key turned into a tone.
    pub last_key: Option<u32>,
}

impl SeatLeg {
    pub fn new(id: SeatId, leg: BrowserLeg, ssrc: u32, source: u32, now: Instant, samples: u64) -> SeatLeg {
        SeatLeg {
            id,
            leg,
            out: Rewriter::new(ssrc, rand::random(), rand::random(), samples),
            source,
            up: false,
            trunk: None,
            tone: None,
            ticking: false,
            addresses: Vec::new(),
            deadline: None,
            created: now,
            reached: None,
            heard: now,
            heard_audio: now,
            last_key: None,
        }
    }

    /// True once nothing more is to be hoped for.
    pub fn is_gone(&self, now: Instant) -> bool {
        if !self.up {
            return now.duration_since(self.created) > NEVER_CAME
                || self.reached.is_some_and(|reached| now.duration_since(reached) > SET_UP);
        }
        let spoke = self.heard.duration_since(self.heard_audio) < Duration::from_secs(1);
        now.duration_since(self.heard) > if spoke { SILENT } else { SILENT_IDLE }
    }
}
