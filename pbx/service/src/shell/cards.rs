//! Customer cards looked up while the phone still rings, so that a screen pop never waits for the disk
//! (F14: the pop comes before the audio or with it).

use crate::desk::{card::Card, cell::scrub};
use hutong_api::{CallId, Phone, live::Pop};
use std::collections::{BTreeMap, BTreeSet};

/// Cards of the newest calls; more than can be up at once, so that a card can be popped again in 话后.
const KEPT: usize = 1_000;

/// Cards of calls that are up or just were.
#[derive(Default)]
pub(crate) struct Cards {
    by_call: BTreeMap<CallId, Card>,
    /// Seats with 号码隐藏.
    pub hidden: BTreeSet<hutong_api::SeatId>,
}

impl Cards {
    pub(crate) fn put(&mut self, call: CallId, card: Card) {
        self.by_call.insert(call, card);
        while self.by_call.len() > KEPT {
            self.by_call.pop_first();
        }
    }

    /// Fills a pop's card; a blank one carries the number and the list row's name.
    pub(crate) fn fill(&self, pop: &mut Pop, seat: hutong_api::SeatId, phone: &Phone, name: &str) {
        if let Some(card) = self.by_call.get(&pop.call) {
            pop.customer = card.customer;
            pop.card = card.fields.clone();
            pop.form = card.form.clone();
        }
        pop.card.entry("mobile".into()).or_insert_with(|| phone.to_string());
        if !name.is_empty() {
            pop.card.entry("name".into()).or_insert_with(|| name.to_owned());
        }
        pop.number = phone.to_string();
        if self.hidden.contains(&seat) {
            self.mask(pop, phone);
        }
    }

    fn mask(&self, pop: &mut Pop, phone: &Phone) {
        pop.number = phone.masked();
        for field in ["mobile", "landline"] {
            if let Some(value) = pop.card.get_mut(field) {
                *value = Phone::from_digits(value).map(|p| p.masked()).unwrap_or_default();
            }
        }
        for (_, value) in pop.card.iter_mut().filter(|(field, _)| !matches!(field.as_str(), "mobile" | "landline")) {
            *value = scrub(value);
        }
    }
}
