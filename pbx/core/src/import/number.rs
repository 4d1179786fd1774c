//! A cell of an office file → a number Hutong dials, or the reason why not.

use hutong_api::{Phone, Refusal};

/// Why a cell is not a number. Texts: `refusal.import.number.*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadNumber {
    Empty,
    /// 1.39E+10: the spreadsheet has thrown digits away.
    Scientific,
    /// Letters or signs that no number has.
    NotANumber,
    /// Outside mainland China.
    Foreign,
    /// 7 or 8 digits: a local number without its area code.
    NoAreaCode,
    /// 110, 10086, 12345, 96xxx: nobody's own line.
    Service,
    /// So many digits, which fits no kind of number.
    Length(usize),
}

impl BadNumber {
    pub fn refusal(self) -> Refusal {
        match self {
            BadNumber::Empty => Refusal::new("import.number.empty"),
            BadNumber::Scientific => Refusal::new("import.number.scientific"),
            BadNumber::NotANumber => Refusal::new("import.number.not_a_number"),
            BadNumber::Foreign => Refusal::new("import.number.foreign"),
            BadNumber::NoAreaCode => Refusal::new("import.number.no_area_code"),
            BadNumber::Service => Refusal::new("import.number.service"),
            BadNumber::Length(digits) => Refusal::new("import.number.length").with("digits", digits),
        }
    }
}

/// Reads what an office writes: full-width digits, spaces, dashes, dots, brackets, +86/0086/86, a 0 before a mobile, invisible
/// characters, a leading apostrophe, `="…"`, `13900001111.0`. Kept: mobiles (11 digits, 1[3-9]), landlines (0 + area code,
/// 10–12 digits), 400/800 (10 digits), 95xxx (5–8 digits). Of several numbers in one cell (split on / 、 ; , |) the first
/// that is one is taken: a row is one lead. Where none is, the reason is that of the first.
///
/// ```
/// use hutong_core::import::{BadNumber, clean};
/// assert_eq!(clean("+86 139-0000-1111").unwrap().as_str(), "13900001111");
/// assert_eq!(clean("1.39E+10"), Err(BadNumber::Scientific));
/// ```
pub fn clean(cell: &str) -> Result<Phone, BadNumber> {
    let text = plain(cell);
    let mut parts = text.split(['/', '、', ';', ',', '|', '\n']).map(str::trim).filter(|part| !part.is_empty());
    let first = one(parts.next().unwrap_or(""));
    match first {
        Ok(phone) => Ok(phone),
        Err(reason) => parts.find_map(|part| one(part).ok()).ok_or(reason),
    }
}

/// Full-width forms narrowed, invisible characters dropped, every kind of space one space, `="…"` and apostrophes unwrapped.
fn plain(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c {
            '\u{ff01}'..='\u{ff5e}' => out.extend(char::from_u32(u32::from(c) - 0xfee0)),
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => {}
            '\n' | '\r' => out.push('\n'),
            _ if c.is_whitespace() => out.push(' '),
            _ => out.push(c),
        }
    }
    let wrapped = out.trim_matches(['\'', '’', '‘', '`', ' ']);
    let wrapped = wrapped.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).unwrap_or(wrapped);
    wrapped.trim_matches('"').to_owned()
}

fn one(part: &str) -> Result<Phone, BadNumber> {
    if part.is_empty() {
        return Err(BadNumber::Empty);
    }
    let whole = whole_number(part)?;
    let digits = digits_of(whole.as_deref().unwrap_or(part))?;
    let national = without_country(&digits)?;
    kind(&national)?;
    Phone::from_digits(&national).ok_or(BadNumber::Length(national.len()))
}

/// What a spreadsheet made of a number: `13900001111.0`, or scientific with every digit still there.
fn whole_number(part: &str) -> Result<Option<String>, BadNumber> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some((mantissa, exponent)) = part.split_once(['e', 'E']) {
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if !digits(whole) || !digits(exponent) || !(fraction.is_empty() || digits(fraction)) {
            return Err(BadNumber::NotANumber);
        }
        let complete = exponent.parse() == Ok(fraction.len());
        return if complete { Ok(Some(format!("{whole}{fraction}"))) } else { Err(BadNumber::Scientific) };
    }
    let decimal = part.split_once('.').filter(|(whole, zeros)| {
        whole.len() >= 7 && digits(whole) && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0')
    });
    Ok(decimal.map(|(whole, _)| whole.to_owned()))
}

/// The digits, with a leading '+' kept; separators dropped, anything else refused.
fn digits_of(part: &str) -> Result<String, BadNumber> {
    let mut out = String::with_capacity(part.len());
    for c in part.chars() {
        match c {
            '0'..='9' => out.push(c),
            '+' if out.is_empty() => out.push(c),
            ' ' | '-' | '.' | '(' | ')' | '[' | ']' | '【' | '】' | '_' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30fc}' | '\u{b7}' | '〔' | '〕' => {}
            _ => return Err(BadNumber::NotANumber),
        }
    }
    match out.trim_start_matches('+') {
        "" => Err(BadNumber::NotANumber),
        _ => Ok(out),
    }
}

/// National form: the country code taken off, the 0 of an area code put back, a 0 before a mobile dropped.
fn without_country(digits: &str) -> Result<String, BadNumber> {
    let international = digits.strip_prefix('+').or_else(|| digits.strip_prefix("00"));
    let national = match international {
        Some(rest) => with_area_zero(rest.strip_prefix("86").ok_or(BadNumber::Foreign)?),
        None => match digits.strip_prefix("86") {
            Some(rest) if kind(rest).is_ok() || is_mobile(rest.trim_start_matches('0')) => rest.to_owned(),
            _ => digits.to_owned(),
        },
    };
    match national.strip_prefix('0') {
        Some(rest) if is_mobile(rest) => Ok(rest.to_owned()),
        _ => Ok(national),
    }
}

/// After +86 an area code is written without its 0.
fn with_area_zero(rest: &str) -> String {
    let landline = format!("0{rest}");
    if kind(rest).is_err() && is_landline(&landline) { landline } else { rest.to_owned() }
}

fn kind(digits: &str) -> Result<(), BadNumber> {
    let n = digits.len();
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| digits.starts_with(prefix));
    if is_mobile(digits) || is_landline(digits) || (n == 10 && starts(&["400", "800"])) {
        return Ok(());
    }
    match n {
        5..=8 if starts(&["95"]) => Ok(()),
        3..=8 if starts(&["1", "96"]) => Err(BadNumber::Service),
        7..=8 if !starts(&["0"]) => Err(BadNumber::NoAreaCode),
        _ => Err(BadNumber::Length(n)),
    }
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// 010 and 02x have three digits, the other area codes four; the local part has seven or eight and begins with 2–9.
fn is_landline(digits: &str) -> bool {
    let area = match digits.as_bytes() {
        [b'0', b'1', b'0', ..] | [b'0', b'2', ..] => 3,
        [b'0', b'3'..=b'9', ..] => 4,
        _ => return false,
    };
    let local = digits.get(area..).unwrap_or("").as_bytes();
    (7..=8).contains(&local.len()) && (b'2'..=b'9').contains(&local[0])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    /// What offices write, and what it must become.
    #[test]
    fn golden_cells() {
        for (cell, digits) in [
            ("13900001111", "13900001111"),
            (" 139 0000 1111 ", "13900001111"),
            ("139-0000-1111", "13900001111"),
            ("139.0000.1111", "13900001111"),
            ("139—0000–1111", "13900001111"),
            ("(139)00001111", "13900001111"),
            ("（139）00001111", "13900001111"),
            ("１３９００００１１１１", "13900001111"),
            ("\u{202d}13900001111\u{202c}", "13900001111"),
            ("139\u{200b}0000\u{a0}1111", "13900001111"),
            ("'13900001111", "13900001111"),
            ("’13900001111", "13900001111"),
            ("=\"13900001111\"", "13900001111"),
            ("\"13900001111\"", "13900001111"),
            ("\t13900001111", "13900001111"),
            ("+8613900001111", "13900001111"),
            ("+86 139 0000 1111", "13900001111"),
            ("(+86)13900001111", "13900001111"),
            ("＋８６ 13900001111", "13900001111"),
            ("008613900001111", "13900001111"),
            ("8613900001111", "13900001111"),
            ("86-13900001111", "13900001111"),
            ("+86013900001111", "13900001111"),
            ("86013900001111", "13900001111"),
            ("013900001111", "13900001111"),
            ("13900001111.0", "13900001111"),
            ("13900001111.00", "13900001111"),
            ("1.3900001111E+10", "13900001111"),
            ("1.3900001111e10", "13900001111"),
            ("8.613900001111E+12", "13900001111"),
            ("13900001111/13900002222", "13900001111"),
            ("13900001111、0592-8888888", "13900001111"),
            ("13900001111；13900002222", "13900001111"),
            ("无/13900001111", "13900001111"),
            ("13900001111\n13900002222", "13900001111"),
            ("0592-8888888", "05928888888"),
            ("(0592)8888888", "05928888888"),
            ("010-88888888", "01088888888"),
            ("0755 88888888", "075588888888"),
            ("021-8888888", "0218888888"),
            ("+86 592 8888888", "05928888888"),
            ("+86-10-88888888", "01088888888"),
            ("+86 0592 8888888", "05928888888"),
            ("400-800-8000", "4008008000"),
            ("800 800 8000", "8008008000"),
            ("+864008008000", "4008008000"),
            ("95588", "95588"),
            ("95013888", "95013888"),
        ] {
            assert_eq!(clean(cell).as_ref().map(Phone::as_str), Ok(digits), "{cell:?}");
        }
    }

    #[test]
    fn what_is_refused_says_why() {
        use BadNumber::*;
        for (cell, reason) in [
            ("", Empty),
            ("  \u{200b} ", Empty),
            ("/", Empty),
            ("1.39E+10", Scientific),
            ("1.39e+10", Scientific),
            ("1.3900001111E+11", Scientific),
            ("8.6139E+12", Scientific),
            ("无", NotANumber),
            ("abc", NotANumber),
            ("-", NotANumber),
            ("+", NotANumber),
            ("1390000111a", NotANumber),
            ("139****1111", NotANumber),
            ("139+00001111", NotANumber),
            ("13900001111转801", NotANumber),
            ("#REF!", NotANumber),
            ("١٣٩٠٠٠٠١١١١", NotANumber),
            ("1.E", NotANumber),
            ("+852 88888888", Foreign),
            ("0085288888888", Foreign),
            ("+1 202 555 0100", Foreign),
            ("8888888", NoAreaCode),
            ("88888888", NoAreaCode),
            ("110", Service),
            ("10086", Service),
            ("12345", Service),
            ("96315", Service),
            ("1390000111", Length(10)),
            ("139000011112", Length(12)),
            ("12900001111", Length(11)),
            ("0", Length(1)),
            ("0592-12345678", Length(12)),
            ("0592-8888888-801", Length(14)),
            ("13900001111.5", Length(12)),
        ] {
            assert_eq!(clean(cell), Err(reason), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_clean_number_or_a_reason(cell in "\\PC{0,40}|[0-9eE+./\\-()＋０-９ ]{0,30}") {
            if let Ok(phone) = clean(&cell) {
                prop_assert!((5..=12).contains(&phone.as_str().len()));
                prop_assert_eq!(clean(phone.as_str()), Ok(phone), "cleaning twice changes nothing");
            }
        }

        #[test]
        fn a_mobile_survives_every_decoration(
            digits in "1[3-9][0-9]{9}",
            prefix in "|\\+86|0086|86|0|'|（\\+86）|\u{202d}|\\+86 0",
            separator in "|-| |\\.|—",
            suffix in "| |\u{202c}|\t|/无|、13900002222",
        ) {
            let cell = format!("{prefix}{}{separator}{}{separator}{}{suffix}", &digits[..3], &digits[3..7], &digits[7..]);
            prop_assert_eq!(clean(&cell).map(String::from), Ok(digits));
        }
    }
}
