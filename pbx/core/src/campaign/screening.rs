//! The dial decision: every check before a number is dialled, in the order of docs/rules.md.

use crate::time::Wall;
use hutong_api::board::IdleReason;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    pub running: bool,
    pub storage_ok: bool,
    /// Outside the run window, in the rest, or hard stop.
    pub closed: Option<IdleReason>,
    /// The next number, or why there is none.
    pub lead: Result<LeadFacts, IdleReason>,
    /// Trunk down, no channel, over calls per second.
    pub line: Option<IdleReason>,
    /// Nobody signed in, or pacing wants no more.
    pub agents: Option<IdleReason>,
    /// The reservation can be paid.
    pub affordable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadFacts {
    pub blocked: bool,
    /// A cap of the callee, or a live attempt, holds until then.
    pub capped_until: Option<Wall>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Dial,
    /// The number may not be dialled at all.
    Close,
    /// Not before then; look at the next number.
    Delay(Wall),
    /// Nothing may be dialled now.
    Hold(IdleReason),
}

pub fn decide(facts: &Facts) -> Verdict {
    if !facts.running {
        return Verdict::Hold(IdleReason::NotRunning);
    }
    if !facts.storage_ok {
        return Verdict::Hold(IdleReason::Storage);
    }
    if let Some(reason) = facts.closed {
        return Verdict::Hold(reason);
    }
    let lead = match facts.lead {
        Ok(lead) => lead,
        Err(reason) => return Verdict::Hold(reason),
    };
    if lead.blocked {
        return Verdict::Close;
    }
    if let Some(until) = lead.capped_until {
        return Verdict::Delay(until);
    }
    if let Some(reason) = facts.line.or(facts.agents) {
        return Verdict::Hold(reason);
    }
    if facts.affordable { Verdict::Dial } else { Verdict::Hold(IdleReason::NoBalance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> Facts {
        Facts {
            running: true,
            storage_ok: true,
            closed: None,
            lead: Ok(LeadFacts { blocked: false, capped_until: None }),
            line: None,
            agents: None,
            affordable: true,
        }
    }

    #[test]
    fn each_check_stops_by_itself_and_the_earlier_one_is_named() {
        assert_eq!(decide(&open()), Verdict::Dial);
        let mut facts = Facts { affordable: false, ..open() };
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NoBalance));
        facts.agents = Some(IdleReason::NoAgent);
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NoAgent));
        facts.line = Some(IdleReason::ChannelsFull);
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::ChannelsFull));
        facts.lead = Ok(LeadFacts { blocked: false, capped_until: Some(Wall(9)) });
        assert_eq!(decide(&facts), Verdict::Delay(Wall(9)));
        facts.lead = Ok(LeadFacts { blocked: true, capped_until: Some(Wall(9)) });
        assert_eq!(decide(&facts), Verdict::Close);
        facts.closed = Some(IdleReason::Rest);
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::Rest));
        facts.storage_ok = false;
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::Storage));
        facts.running = false;
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NotRunning));
    }
}
