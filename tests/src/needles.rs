//! Looks for telephone numbers in bytes, however they are written: what a seat with 号码隐藏 gets must hold none (F87).

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::collections::{BTreeMap, BTreeSet};

/// Digits in a row that give a number away: a mask shows three and four.
const TELLING: usize = 8;

/// The numbers looked for.
pub struct Needles {
    /// Their first and last eight digits, and the whole of them backwards.
    digits: BTreeMap<Vec<u8>, String>,
    /// In base64 at each of its three alignments, without what a neighbour changes, and in hexadecimal.
    coded: BTreeMap<Vec<u8>, String>,
}

impl Needles {
    pub fn of<'a>(numbers: impl IntoIterator<Item = &'a str>) -> Needles {
        let mut needles = Needles { digits: BTreeMap::new(), coded: BTreeMap::new() };
        for number in numbers {
            let bytes = number.as_bytes();
            let backwards: Vec<u8> = bytes.iter().rev().copied().collect();
            for part in [&bytes[..TELLING], &bytes[bytes.len() - TELLING..], &backwards[..TELLING]] {
                needles.digits.insert(part.to_vec(), number.to_owned());
            }
            for before in 0..3 {
                let text = STANDARD_NO_PAD.encode([&vec![0; before][..], bytes].concat());
                let (from, to) = ((before * 8).div_ceil(6), (before + bytes.len()) * 8 / 6);
                needles.coded.insert(text.as_bytes()[from..to].to_vec(), number.to_owned());
            }
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            needles.coded.insert(hex.into_bytes(), number.to_owned());
        }
        needles
    }

    /// Numbers in these bytes, whole or in part: plain, backwards, broken by separators, full-width, in base64 or hexadecimal.
    pub fn found(&self, bytes: &[u8]) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for run in runs(&String::from_utf8_lossy(bytes)) {
            found.extend(run.windows(TELLING).filter_map(|part| self.digits.get(part).map(String::as_str)));
        }
        let lengths: BTreeSet<usize> = self.coded.keys().map(Vec::len).collect();
        for length in lengths {
            found.extend(bytes.windows(length).filter_map(|part| self.coded.get(part).map(String::as_str)));
        }
        found
    }
}

/// Runs of digits, full-width ones narrowed, separators inside them left out.
fn runs(text: &str) -> Vec<Vec<u8>> {
    let mut runs = vec![Vec::new()];
    let mut end = false;
    for c in text.chars() {
        let digit =
            c.to_digit(10).or_else(|| char::from_u32(u32::from(c).wrapping_sub(0xfee0)).and_then(|c| c.to_digit(10)));
        match (digit, c) {
            (Some(digit), _) => {
                if std::mem::take(&mut end) {
                    runs.push(Vec::new());
                }
                if let Some(run) = runs.last_mut() {
                    run.push(b'0' + digit as u8);
                }
            }
            (None, ' ' | '-' | '.' | '(' | ')' | '_' | '/' | '\u{200b}' | '\u{a0}') => {}
            _ => end = true,
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_number_however_it_is_written() {
        let needles = Needles::of(["15473510004"]);
        for text in [
            "15473510004",
            "40001537451",
            "154-7351 0004",
            "(154)73510004",
            "１５４７３５１０００４",
            "+8615473510004",
            "1547351xxxx0 15473510",
            "xx73510004",
            &STANDARD_NO_PAD.encode("15473510004"),
            &STANDARD_NO_PAD.encode("{\"n\":\"15473510004\"}"),
            &STANDARD_NO_PAD.encode("ab15473510004"),
            "3135343733353130303034",
        ] {
            assert!(!needles.found(format!("<{text}>").as_bytes()).is_empty(), "{text}");
        }
        for text in ["154****0004", "15473520004", "1547351", "154 and 7351 and 0004"] {
            assert!(needles.found(text.as_bytes()).is_empty(), "{text}");
        }
    }
}
