//! The page of the office's own that opens beside a card (弹屏设置, F103): its template filled in. Where 号码隐藏 is on, the
//! number is a token: the same for the same number, and nobody without the key finds the number behind it.

use crate::desk::cell::scrub;
use hutong_api::{CompanyId, Phone, SeatId, live::Pop};
use hutong_core::io::{CompanyCfg, PopCfg, PopKind};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, fmt::Write};

#[derive(Default)]
pub(crate) struct PopUrls {
    key: String,
    templates: BTreeMap<CompanyId, Vec<PopCfg>>,
    extensions: BTreeMap<SeatId, String>,
}

impl PopUrls {
    pub(crate) fn new(key: String) -> PopUrls {
        PopUrls { key, ..PopUrls::default() }
    }

    pub(crate) fn learn_company(&mut self, cfg: &CompanyCfg) {
        self.templates.insert(cfg.id, cfg.work.pops.clone());
    }

    pub(crate) fn learn_seat(&mut self, seat: SeatId, extension: &str) {
        self.extensions.insert(seat, extension.to_owned());
    }

    /// For a pop whose card is filled already.
    pub(crate) fn url(
        &self,
        company: CompanyId,
        seat: SeatId,
        hidden: bool,
        pop: &Pop,
        phone: &Phone,
    ) -> Option<String> {
        let kind = PopKind::from(pop.kind);
        let rule = self.templates.get(&company)?.iter().find(|rule| rule.kind == kind && !rule.url.is_empty())?;
        let name = pop.card.get("name").map_or("", String::as_str);
        let (phone, name) = match hidden {
            true => (self.token(company, phone), scrub(name)),
            false => (phone.to_string(), name.to_owned()),
        };
        let call = pop.call.to_string();
        let extension = self.extensions.get(&seat).map_or("", String::as_str);
        Some(fill(&rule.url, &[("phone", &phone), ("name", &name), ("call", &call), ("seat", extension)]))
    }

    /// Letters only, so that no digits of it can be taken for a number.
    fn token(&self, company: CompanyId, phone: &Phone) -> String {
        let hash = Sha256::digest(format!("{}:{company}:{phone}", self.key));
        let letter = |nibble: u8| char::from(b'a' + (nibble & 15));
        hash.iter().take(16).flat_map(|byte| [letter(byte >> 4), letter(*byte)]).collect()
    }
}

/// In one pass, so that a name that reads like a placeholder stays a name.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut parts = template.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part
            .split_once('}')
            .and_then(|(name, rest)| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (value, rest)));
        match known {
            Some((value, rest)) => {
                encode(value, &mut out);
                out.push_str(rest);
            }
            None => {
                out.push('{');
                out.push_str(part);
            }
        }
    }
    out
}

fn encode(value: &str, out: &mut String) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_api::{CallId, CallKind};

    const TEMPLATE: &str = "https://crm.example/?t={phone}&n={name}&c={call}&s={seat}";

    fn urls() -> PopUrls {
        let rule = PopCfg { kind: PopKind::Outbound, at_answer: false, url: TEMPLATE.into() };
        let mut urls = PopUrls { key: "key".into(), ..PopUrls::default() };
        urls.templates.insert(CompanyId(1), vec![rule]);
        urls.learn_seat(SeatId(4), "8004");
        urls
    }

    fn pop(name: &str) -> Pop {
        Pop {
            call: CallId(7),
            kind: CallKind::Campaign,
            number: String::new(),
            campaign: None,
            customer: None,
            card: [("name".to_owned(), name.to_owned())].into(),
            form: Vec::new(),
            url: None,
        }
    }

    #[test]
    fn the_template_is_filled_in_and_nothing_in_a_value_can_break_out() {
        let phone = Phone::from_digits("15400000001").unwrap();
        let url = urls().url(CompanyId(1), SeatId(4), false, &pop("甲&x={phone} #/"), &phone).unwrap();
        assert_eq!(url, "https://crm.example/?t=15400000001&n=%E7%94%B2%26x%3D%7Bphone%7D%20%23%2F&c=7&s=8004");
        assert_eq!(urls().url(CompanyId(2), SeatId(4), false, &pop(""), &phone), None, "another company's");
    }

    #[test]
    fn a_hidden_number_is_a_token_that_tells_numbers_apart_and_nothing_more() {
        let (one, two) = (Phone::from_digits("15400000001").unwrap(), Phone::from_digits("15400000002").unwrap());
        let url = |phone: &Phone| urls().url(CompanyId(1), SeatId(4), true, &pop("打 154-0000-0001"), phone).unwrap();
        let token = |url: &str| url.split("t=").nth(1).unwrap().split('&').next().unwrap().to_owned();
        let (first, again, other) = (token(&url(&one)), token(&url(&one)), token(&url(&two)));
        assert!(first == again && first != other && first.len() == 32);
        assert!(first.bytes().all(|b| b.is_ascii_lowercase()));
        assert!(!url(&one).contains("0000"), "nor by way of the name");
        let rekeyed = PopUrls { key: "another".into(), ..urls() };
        assert_ne!(token(&rekeyed.url(CompanyId(1), SeatId(4), true, &pop(""), &one).unwrap()), first);
    }
}
