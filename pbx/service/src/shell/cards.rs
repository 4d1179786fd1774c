//! Customer cards looked up while the phone still rings, so that a screen pop never waits for the disk
//! (features.md F14: the pop comes before the audio or with it).

use hutong_api::{CallId, CompanyId, CustomerId, Phone, live::Pop};
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

/// Cards of calls that are up.
#[derive(Default)]
pub(crate) struct Cards {
    by_call: BTreeMap<CallId, Card>,
    /// Seats with 号码隐藏.
    pub hidden: BTreeSet<hutong_api::SeatId>,
}

impl Cards {
    pub(crate) fn put(&mut self, call: CallId, card: Card) {
        self.by_call.insert(call, card);
    }

    pub(crate) fn forget(&mut self, call: CallId) {
        self.by_call.remove(&call);
    }

    /// Fills a pop's card; a blank one carries the number and the list row's name.
    pub(crate) fn fill(&self, pop: &mut Pop, seat: hutong_api::SeatId, phone: &Phone, name: &str) {
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
