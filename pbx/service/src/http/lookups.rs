//! A seat with 号码隐藏 may look up a whole number that it knows, but not try out the digits it does not see (F87).

use super::{face::Face, problem::Problem};
use crate::desk::{Who, form, lookups, page};
use hutong_api::{Refusal, SeatId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

/// Different numbers a seat may look up on one day of its company: four hidden digits would take it months.
pub const PER_DAY: u32 = 60;

/// What each seat has looked up lately, so that paging through what was found costs nothing. In memory only: numbers are not
/// written down.
#[derive(Debug, Default)]
pub struct Lookups {
    asked: Mutex<BTreeMap<SeatId, BTreeSet<String>>>,
}

impl Lookups {
    fn known(&self, seat: SeatId, digits: &str) -> bool {
        let asked = self.asked.lock().unwrap_or_else(|e| e.into_inner());
        asked.get(&seat).is_some_and(|asked| asked.contains(digits))
    }

    fn remember(&self, seat: SeatId, digits: String) {
        let mut asked = self.asked.lock().unwrap_or_else(|e| e.into_inner());
        let asked = asked.entry(seat).or_default();
        if asked.len() >= PER_DAY as usize {
            asked.clear();
        }
        asked.insert(digits);
    }
}

/// Counts the numbers that these filters of a page look up. Refusal: `list.lookups_spent`.
pub async fn filters(face: &Face, who: &Who, page: &str, filters: &BTreeMap<String, String>) -> Result<(), Problem> {
    if !who.hide_numbers || filters.is_empty() {
        return Ok(());
    }
    let (asker, page, filters) = (who.clone(), page.to_owned(), filters.clone());
    let numbers = face.read(move |conn| page::with(conn, &asker, &page, |source| Ok(source.looked_up(&filters))));
    for number in numbers.await? {
        spend(face, who, &number).await?;
    }
    Ok(())
}

/// The numbers of a customer's form: whether they are taken is an answer, too. What is masked was not typed.
pub async fn form(face: &Face, who: &Who, page: &str, values: &BTreeMap<String, String>) -> Result<(), Problem> {
    if !who.hide_numbers || page != "customers" {
        return Ok(());
    }
    for typed in ["mobile", "landline"].iter().filter_map(|field| values.get(*field)) {
        if !typed.trim().is_empty() && !typed.contains('*') {
            spend(face, who, &form::digits(typed)).await?;
        }
    }
    Ok(())
}

async fn spend(face: &Face, who: &Who, digits: &str) -> Result<(), Problem> {
    if face.lookups.known(who.seat, digits) {
        return Ok(());
    }
    let asker = who.clone();
    if !face.write(move |tx| lookups::count(tx, &asker, PER_DAY)).await? {
        return Err(Refusal::new("list.lookups_spent").with("max", PER_DAY).into());
    }
    face.lookups.remember(who.seat, digits.to_owned());
    Ok(())
}
