//! A carrier and its callees: what becomes of an INVITE, by seeded chance.

use super::rng::Rng;
use hutong_api::{CallId, CompanyId, Phone, SeatId};
use hutong_core::io::{LegEnd, LegEndHow};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Answered after so long; hangs up so long after the bridge (or gives up waiting).
    Answer {
        ring_ms: u64,
        talk_ms: u64,
    },
    /// Answered, gone again before the greeting ends.
    Fleeting {
        ring_ms: u64,
        stay_ms: u64,
    },
    RingsOn,
    /// A final failure after so long, with or without ringing before.
    Fails {
        after_ms: u64,
        rings: bool,
        sip: u16,
        q850: Option<u16>,
    },
    /// No answer to the INVITE at all.
    Silence,
}

#[derive(Debug, Clone)]
pub struct Leg {
    pub call: CallId,
    pub company: CompanyId,
    pub phone: Phone,
    pub fate: Fate,
    pub sent_at: u64,
    pub answered_at: Option<u64>,
    pub greeted_at: Option<u64>,
    pub bridged: Option<SeatId>,
    pub bridged_at: Option<u64>,
    pub over: bool,
    /// Of which process.
    pub process: u64,
}

pub fn fate(rng: &mut Rng, storm: bool) -> Fate {
    if storm {
        let sip = if rng.percent(70) { 503 } else { 500 };
        return Fate::Fails { after_ms: rng.range(20, 400), rings: false, sip, q850: None };
    }
    let fails =
        |rng: &mut Rng, sip, q850| Fate::Fails { after_ms: rng.range(800, 5_000), rings: rng.percent(40), sip, q850 };
    match rng.range(0, 100) {
        0..=44 => Fate::Answer { ring_ms: rng.range(1_500, 22_000), talk_ms: 2_000 + rng.exponential(60_000) },
        45..=49 => Fate::Fleeting { ring_ms: rng.range(1_500, 12_000), stay_ms: rng.range(1, 5_500) },
        50..=71 => Fate::RingsOn,
        72..=80 => fails(rng, 486, None),
        81..=84 => fails(rng, 603, Some(21)),
        85..=89 => fails(rng, 404, Some(1)),
        90..=93 => fails(rng, 480, Some(20)),
        94..=96 => fails(rng, 503, None),
        97 => fails(rng, 408, None),
        98 => fails(rng, 488, None),
        _ => Fate::Silence,
    }
}

pub fn end(how: LegEndHow, sip: Option<u16>, q850: Option<u16>) -> LegEnd {
    LegEnd { how, sip, q850 }
}
