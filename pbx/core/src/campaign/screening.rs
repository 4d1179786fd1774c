//! The dial decision: every check before a number is dialled, in the order of docs/rules.md.

use crate::time::Wall;
use hutong_api::{WhyRule, board::IdleReason};

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
    /// The day's spending limit leaves no room for it.
    pub over_spend: bool,
    /// The reservation can be paid.
    pub affordable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadFacts {
    /// The callee's own clock holds until then.
    pub area_until: Option<Wall>,
    pub blocked: bool,
    /// Another call of the company has him; he is looked at again then.
    pub live_until: Option<Wall>,
    /// A cap of the callee holds until then.
    pub capped_until: Option<Wall>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Dial,
    /// The number may not be dialled at all.
    Close,
    /// Not before then, by this rule; look at the next number.
    Delay(Wall, WhyRule),
    /// Nothing may be dialled now.
    Hold(IdleReason),
}

/// Nothing that comes before pacing in the order stops this number.
pub fn asks_pacing(facts: &Facts) -> bool {
    matches!(decide(facts), Verdict::Dial | Verdict::Hold(IdleReason::SpendCap | IdleReason::NoBalance))
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
    if let Some(until) = lead.area_until {
        return Verdict::Delay(until, WhyRule::Area);
    }
    if lead.blocked {
        return Verdict::Close;
    }
    if let Some(until) = lead.capped_until.filter(|until| lead.live_until.is_none_or(|live| live <= *until)) {
        return Verdict::Delay(until, WhyRule::Capped);
    }
    if let Some(until) = lead.live_until {
        return Verdict::Delay(until, WhyRule::InCall);
    }
    if let Some(reason) = facts.line.or(facts.agents) {
        return Verdict::Hold(reason);
    }
    if facts.over_spend {
        return Verdict::Hold(IdleReason::SpendCap);
    }
    if facts.affordable { Verdict::Dial } else { Verdict::Hold(IdleReason::NoBalance) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAD: LeadFacts = LeadFacts { area_until: None, blocked: false, live_until: None, capped_until: None };

    fn open() -> Facts {
        Facts {
            running: true,
            storage_ok: true,
            closed: None,
            lead: Ok(LEAD),
            line: None,
            agents: None,
            over_spend: false,
            affordable: true,
        }
    }

    #[test]
    fn each_check_stops_by_itself_and_the_earlier_one_is_named() {
        assert_eq!(decide(&open()), Verdict::Dial);
        let mut facts = Facts { affordable: false, ..open() };
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NoBalance));
        facts.over_spend = true;
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::SpendCap));
        assert!(asks_pacing(&open()) && asks_pacing(&facts), "it comes before money");
        facts.agents = Some(IdleReason::NoAgent);
        assert!(!asks_pacing(&facts));
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NoAgent));
        facts.line = Some(IdleReason::ChannelsFull);
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::ChannelsFull));
        facts.lead = Ok(LeadFacts { live_until: Some(Wall(9)), ..LEAD });
        assert_eq!(decide(&facts), Verdict::Delay(Wall(9), WhyRule::InCall));
        facts.lead = Ok(LeadFacts { live_until: Some(Wall(9)), capped_until: Some(Wall(10)), ..LEAD });
        assert_eq!(decide(&facts), Verdict::Delay(Wall(10), WhyRule::Capped), "the later one");
        facts.lead = Ok(LeadFacts { blocked: true, capped_until: Some(Wall(9)), ..LEAD });
        assert_eq!(decide(&facts), Verdict::Close);
        facts.lead = Ok(LeadFacts { blocked: true, area_until: Some(Wall(7)), ..LEAD });
        assert_eq!(decide(&facts), Verdict::Delay(Wall(7), WhyRule::Area));
        facts.closed = Some(IdleReason::Rest);
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::Rest));
        facts.storage_ok = false;
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::Storage));
        facts.running = false;
        assert_eq!(decide(&facts), Verdict::Hold(IdleReason::NotRunning));
    }
}
