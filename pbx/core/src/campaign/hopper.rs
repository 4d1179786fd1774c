//! The few numbers of a campaign held ready in memory, and when to ask the store for more.

use crate::io::HopperLead;
use hutong_api::{LeadId, board::IdleReason};
use std::collections::{BTreeSet, VecDeque};

/// The store answers a request with the first waiting numbers of the list as they were behind the request's turn. Numbers the
/// engine touched since are dropped from the answer: what it says of them is old.
#[derive(Debug, Default)]
pub(crate) struct Hopper {
    leads: VecDeque<HopperLead>,
    /// Size of the request under way.
    asked: Option<u32>,
    touched: BTreeSet<LeadId>,
    /// The last answer held fewer than asked for: nothing more can be loaded for now.
    short: bool,
    /// The last answer was empty.
    dry: bool,
    /// Numbers wait for their time.
    later: bool,
}

impl Hopper {
    pub fn front(&self) -> Option<&HopperLead> {
        self.leads.front()
    }

    /// The front number changes its state: it leaves.
    pub fn take(&mut self) -> Option<HopperLead> {
        let lead = self.leads.pop_front()?;
        self.touch(lead.lead);
        Some(lead)
    }

    /// A number that somebody else took.
    pub fn leave(&mut self, lead: LeadId) {
        self.leads.retain(|held| held.lead != lead);
        self.touch(lead);
    }

    pub fn touch(&mut self, lead: LeadId) {
        if self.asked.is_some() {
            self.touched.insert(lead);
        }
    }

    /// How many to ask for, when it is time to ask.
    pub fn request(&mut self, target: u32) -> Option<u32> {
        let few = self.leads.len() < (target / 2) as usize && !self.short;
        if self.asked.is_some() || self.dry || !(few || self.leads.is_empty()) {
            return None;
        }
        self.touched.clear();
        self.asked = Some(target);
        self.asked
    }

    pub fn fill(&mut self, leads: Vec<HopperLead>, more: bool) {
        let Some(asked) = self.asked.take() else { return };
        self.short = leads.len() < asked as usize;
        self.dry = leads.is_empty();
        self.later = more;
        self.leads = leads.into_iter().filter(|l| !self.touched.contains(&l.lead)).collect();
    }

    /// A number went back to waiting for its time.
    pub fn postponed(&mut self) {
        self.later = true;
    }

    /// The list changed, or time passed: ask again.
    pub fn look_again(&mut self) {
        self.short = false;
        self.dry = false;
    }

    /// Forgets what it holds (pause, new round). An answer under way stays expected.
    pub fn clear(&mut self) {
        self.leads.clear();
        self.look_again();
    }

    /// Why it has no number to offer.
    pub fn idle(&self) -> IdleReason {
        match (self.dry, self.later) {
            (false, _) => IdleReason::Loading,
            (true, true) => IdleReason::Waiting,
            (true, false) => IdleReason::Finishing,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_api::Phone;

    fn lead(id: i64) -> HopperLead {
        let phone = Phone::from_digits(&format!("{:011}", id)).unwrap();
        HopperLead {
            lead: LeadId(id),
            phone,
            name: String::new(),
            round: 1,
            attempts: 0,
            bands: 0,
            answered_before: false,
        }
    }

    #[test]
    fn an_old_answer_never_brings_a_number_back() {
        let mut hopper = Hopper::default();
        assert_eq!(hopper.request(4), Some(4));
        hopper.fill(vec![lead(1), lead(2), lead(3), lead(4)], true);
        hopper.take();
        hopper.take();
        hopper.take();
        assert_eq!(hopper.request(4), Some(4));
        assert_eq!(hopper.request(4), None, "one request at a time");
        assert_eq!(hopper.take().unwrap().lead, LeadId(4));
        hopper.fill(vec![lead(4), lead(5)], false);
        assert_eq!(hopper.take().unwrap().lead, LeadId(5));
        assert_eq!(hopper.take(), None);
    }

    #[test]
    fn tells_loading_waiting_and_the_end_apart() {
        let mut hopper = Hopper::default();
        assert_eq!(hopper.idle(), IdleReason::Loading);
        hopper.request(4);
        hopper.fill(vec![], true);
        assert_eq!((hopper.idle(), hopper.request(4)), (IdleReason::Waiting, None));
        hopper.look_again();
        assert_eq!(hopper.request(4), Some(4));
        hopper.fill(vec![], false);
        assert_eq!(hopper.idle(), IdleReason::Finishing);
        hopper.postponed();
        assert_eq!(hopper.idle(), IdleReason::Waiting);
    }
}
