//! Where a callee is, as far as his number tells (X15): the areas a company names by the beginnings of their numbers, each with
//! a clock that runs later or earlier than the company's. No table of mobiles ships (D18); an office that has one writes its
//! beginnings here.

use crate::io::AreaCfg;
use hutong_api::Phone;

/// The area with the longest beginning that fits; None: the company's own clock.
pub fn area_of<'a>(areas: &'a [AreaCfg], phone: &Phone) -> Option<&'a AreaCfg> {
    let fits = |area: &AreaCfg| {
        let lengths = area.prefixes.iter().filter(|prefix| phone.as_str().starts_with(prefix.as_str()));
        lengths.map(String::len).max().filter(|length| *length > 0)
    };
    areas.iter().filter_map(|area| Some((fits(area)?, area))).max_by_key(|(length, _)| *length).map(|(_, area)| area)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_longest_beginning_names_the_area() {
        let area = |name: &str, prefixes: &[&str], later_min| AreaCfg {
            name: name.into(),
            prefixes: prefixes.iter().map(|p| (*p).to_owned()).collect(),
            later_min,
        };
        let areas = [area("west", &["099", ""], 120), area("city", &["0991"], 60), area("mobiles", &["1540000"], 30)];
        let of = |digits: &str| area_of(&areas, &Phone::from_digits(digits).unwrap()).map(|a| a.name.as_str());
        assert_eq!(of("09920000001"), Some("west"));
        assert_eq!(of("09910000001"), Some("city"));
        assert_eq!(of("15400000001"), Some("mobiles"));
        assert_eq!(of("01000000001"), None);
    }
}
