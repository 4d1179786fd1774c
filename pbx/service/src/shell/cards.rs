//! Customer cards looked up while the phone still rings, so that a screen pop never waits for the disk
//! (features.md F14: the pop comes before the audio or with it).

use hutong_api::{CallId, CompanyId, CustomerId, LegId, Phone, SeatId, live::Pop};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
pub(crate) struct Card {
    pub customer: Option<CustomerId>,
    pub fields: BTreeMap<String, String>,
}

/// The card of a number as the customer file knows it.
pub(crate) fn look_up(conn: &rusqlite::Connection, company: CompanyId, phone: &Phone) -> rusqlite::Result<Card> {
    const FIELDS: [&str; 8] = ["mobile", "landline", "category", "note", "name", "organisation", "address", "project"];
    let sql = "SELECT id, mobile, landline, category, note, name, organisation, address, project FROM customer_shown
               WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL";
    let mut query = conn.prepare_cached(sql)?;
    let mut rows = query.query((company.0, phone.as_str()))?;
    let Some(row) = rows.next()? else { return Ok(Card::default()) };
    let mut card = Card { customer: Some(CustomerId(row.get(0)?)), ..Card::default() };
    for (i, field) in FIELDS.iter().enumerate() {
        card.fields.insert((*field).to_owned(), row.get(i + 1)?);
    }
    Ok(card)
}

/// Cards of calls that are up, and of each seat's last one: his page may come anew in 话后.
#[derive(Default)]
pub(crate) struct Cards {
    by_call: BTreeMap<CallId, Card>,
    up: BTreeMap<LegId, CallId>,
    last: BTreeMap<SeatId, CallId>,
    /// Seats with 号码隐藏.
    pub hidden: BTreeSet<SeatId>,
}

impl Cards {
    pub(crate) fn begun(&mut self, leg: LegId, call: CallId) {
        self.up.insert(leg, call);
    }

    pub(crate) fn ended(&mut self, leg: LegId) {
        if let Some(call) = self.up.remove(&leg) {
            self.forget_unless_wanted(call);
        }
    }

    /// A card looked up too late for its call is not kept.
    pub(crate) fn put(&mut self, call: CallId, card: Card) {
        self.by_call.insert(call, card);
        self.forget_unless_wanted(call);
    }

    pub(crate) fn shown(&mut self, seat: SeatId, call: CallId) {
        if let Some(before) = self.last.insert(seat, call) {
            self.forget_unless_wanted(before);
        }
    }

    fn forget_unless_wanted(&mut self, call: CallId) {
        if !self.up.values().chain(self.last.values()).any(|wanted| *wanted == call) {
            self.by_call.remove(&call);
        }
    }

    /// Fills a pop's card; a blank one carries the number and the list row's name.
    pub(crate) fn fill(&self, pop: &mut Pop, seat: SeatId, phone: &Phone, name: &str) {
        if let Some(card) = self.by_call.get(&pop.call) {
            pop.customer = card.customer;
            pop.card = card.fields.clone();
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_kept_while_its_call_is_up_or_some_seat_s_last() {
        let (mut cards, card) = (Cards::default(), Card { customer: Some(CustomerId(7)), ..Card::default() });
        cards.begun(LegId(1), CallId(1));
        cards.put(CallId(1), card.clone());
        // Offered to one, taken by another.
        cards.shown(SeatId(1), CallId(1));
        cards.shown(SeatId(2), CallId(1));
        cards.ended(LegId(1));
        assert!(cards.by_call.contains_key(&CallId(1)), "话后");
        cards.begun(LegId(2), CallId(2));
        cards.shown(SeatId(1), CallId(2));
        assert!(cards.by_call.contains_key(&CallId(1)));
        cards.shown(SeatId(2), CallId(2));
        assert!(!cards.by_call.contains_key(&CallId(1)));
        // Nobody answered the next one.
        cards.begun(LegId(3), CallId(3));
        cards.put(CallId(3), card.clone());
        cards.ended(LegId(3));
        cards.put(CallId(3), card);
        assert!(cards.by_call.is_empty());
    }
}
