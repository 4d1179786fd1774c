//! 黑名单库 as the dial decision asks it (F104): single numbers and beginnings of numbers, each for good or until a moment.

use crate::{io::BlockEntry, time::Wall};
use hutong_api::{CompanyId, Phone};
use std::collections::BTreeMap;

/// None = for good.
type Until = Option<Wall>;

#[derive(Debug, Default)]
pub(crate) struct Blocklist {
    numbers: BTreeMap<(CompanyId, Phone), Until>,
    prefixes: BTreeMap<(CompanyId, Phone), Until>,
}

impl Blocklist {
    /// An entry about calls that come in takes back what it was for calls that go out.
    pub fn put(&mut self, entry: BlockEntry) {
        let kind = if entry.prefix { &mut self.prefixes } else { &mut self.numbers };
        let key = (entry.company, entry.phone);
        match entry.outbound {
            true => drop(kind.insert(key, entry.until)),
            false => drop(kind.remove(&key)),
        }
    }

    pub fn remove(&mut self, company: CompanyId, phone: Phone, prefix: bool) {
        let kind = if prefix { &mut self.prefixes } else { &mut self.numbers };
        kind.remove(&(company, phone));
    }

    pub fn blocks(&self, company: CompanyId, phone: &Phone, now: Wall) -> bool {
        let holds = |until: Option<&Until>| until.is_some_and(|until| until.is_none_or(|until| until > now));
        let whole = self.numbers.get(&(company, phone.clone()));
        let beginnings = (Phone::MIN_DIGITS..=phone.as_str().len()).filter_map(|n| phone.as_str().get(..n));
        let mut beginnings = beginnings.filter_map(Phone::from_digits);
        holds(whole) || (!self.prefixes.is_empty() && beginnings.any(|p| holds(self.prefixes.get(&(company, p)))))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn phone(digits: &str) -> Phone {
        Phone::from_digits(digits).unwrap()
    }

    #[test]
    fn numbers_beginnings_and_their_ends() {
        let company = CompanyId(1);
        let mut list = Blocklist::default();
        let number = BlockEntry::number(company, phone("15400000001"), true);
        let prefix = BlockEntry { phone: phone("1541"), prefix: true, until: Some(Wall(100)), ..number.clone() };
        let blocks = |list: &Blocklist, digits: &str, now: i64| list.blocks(company, &phone(digits), Wall(now));
        list.put(number.clone());
        list.put(prefix.clone());
        assert!(blocks(&list, "15400000001", 0) && !blocks(&list, "15400000002", 0));
        assert!(!list.blocks(CompanyId(2), &phone("15400000001"), Wall(0)), "another company's");
        assert!(blocks(&list, "15410000001", 99) && !blocks(&list, "15410000001", 100));
        assert!(blocks(&list, "1541", 0) && !blocks(&list, "154", 0), "shorter than the beginning");
        list.put(BlockEntry { outbound: false, ..number });
        assert!(!blocks(&list, "15400000001", 0));
        list.remove(company, phone("1541"), false);
        assert!(blocks(&list, "15410000001", 0), "the number 1541 is not the beginning 1541");
        list.remove(company, phone("1541"), true);
        assert!(!blocks(&list, "15410000001", 0));
    }
}
