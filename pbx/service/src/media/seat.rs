//! One seat's standing leg: when it lives, and what it is told.

use super::{browser::BrowserLeg, player::SeatTone, slots::Key, trunk::first_sequence};
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
    /// Learnt, oldest first.
    pub addresses: Vec<SocketAddr>,
    /// Ours and the browser's address its last nomination came over (RFC 8445 §8.1.1), or its first check before that:
    /// where everything goes, also after its network changed.
    pub path: Option<(SocketAddr, SocketAddr)>,
    /// When the handshake wants the clock.
    pub deadline: Option<Instant>,
    pub signs: Signs,
    /// Timestamp of the last key turned into a tone.
    pub last_key: Option<u32>,
}

impl SeatLeg {
    pub fn new(id: SeatId, leg: BrowserLeg, ssrc: u32, source: u32, now: Instant, samples: u64) -> SeatLeg {
        SeatLeg {
            id,
            leg,
            out: Rewriter::new(ssrc, first_sequence(), rand::random(), samples),
            source,
            up: false,
            trunk: None,
            tone: None,
            ticking: false,
            addresses: Vec::new(),
            path: None,
            deadline: None,
            signs: Signs { created: now, reached: None, heard: now, heard_audio: now },
            last_key: None,
        }
    }
}

/// What a leg showed of itself.
#[derive(Debug, Clone, Copy)]
pub struct Signs {
    pub created: Instant,
    /// First address learnt.
    pub reached: Option<Instant>,
    /// Last packet that proved to be its own, and the last audio.
    pub heard: Instant,
    pub heard_audio: Instant,
}

impl Signs {
    /// True once nothing more is to be hoped for.
    pub fn are_gone(&self, up: bool, now: Instant) -> bool {
        if !up {
            return now.duration_since(self.created) > NEVER_CAME
                || self.reached.is_some_and(|reached| now.duration_since(reached) > SET_UP);
        }
        let spoke = self.heard.duration_since(self.heard_audio) < Duration::from_secs(1);
        now.duration_since(self.heard) > if spoke { SILENT } else { SILENT_IDLE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_talking_leg_is_missed_sooner_than_an_idle_one() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let talking = Signs { created: start, reached: Some(start), heard: at(100), heard_audio: at(100) };
        assert!(!talking.are_gone(true, at(105)) && talking.are_gone(true, at(107)));
        let idle = Signs { heard_audio: at(50), ..talking };
        assert!(!idle.are_gone(true, at(114)) && idle.are_gone(true, at(116)));
    }

    #[test]
    fn set_up_has_its_limits() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let silent = Signs { created: start, reached: None, heard: start, heard_audio: start };
        assert!(!silent.are_gone(false, at(14)) && silent.are_gone(false, at(16)));
        let stuck = Signs { reached: Some(at(2)), heard: at(6), ..silent };
        assert!(!stuck.are_gone(false, at(6)) && stuck.are_gone(false, at(8)));
    }
}
