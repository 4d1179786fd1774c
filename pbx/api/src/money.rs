//! Money: integer micro-yuan, never a float (docs/rules.md).

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// An amount in micro-yuan (1 yuan = 1,000,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Micro(pub i64);

impl Micro {
    pub const ZERO: Micro = Micro(0);
    pub const PER_YUAN: i64 = 1_000_000;

    pub const fn yuan(yuan: i64) -> Micro {
        Micro(yuan * Self::PER_YUAN)
    }

    pub fn checked_add(self, other: Micro) -> Option<Micro> {
        self.0.checked_add(other.0).map(Micro)
    }

    pub fn checked_sub(self, other: Micro) -> Option<Micro> {
        self.0.checked_sub(other.0).map(Micro)
    }

    /// Reads "12", "12.3" or "0.000001" yuan; at most six decimals, no sign but a leading '-'.
    pub fn parse_yuan(text: &str) -> Option<Micro> {
        let (negative, body) = match text.trim().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.trim()),
        };
        let (whole, fraction) = body.split_once('.').unwrap_or((body, ""));
        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 6 || !digits(whole) || !digits(fraction) {
            return None;
        }
        let micro = format!("{fraction:0<6}").parse::<i64>().ok()?;
        let value = whole.parse::<i64>().ok()?.checked_mul(Self::PER_YUAN)?.checked_add(micro)?;
        Some(Micro(if negative { -value } else { value }))
    }
}

impl std::ops::Add for Micro {
    type Output = Micro;
    fn add(self, other: Micro) -> Micro {
        Micro(self.0 + other.0)
    }
}

impl std::ops::Sub for Micro {
    type Output = Micro;
    fn sub(self, other: Micro) -> Micro {
        Micro(self.0 - other.0)
    }
}

impl std::ops::AddAssign for Micro {
    fn add_assign(&mut self, other: Micro) {
        self.0 += other.0;
    }
}

impl std::ops::SubAssign for Micro {
    fn sub_assign(&mut self, other: Micro) {
        self.0 -= other.0;
    }
}

impl std::ops::Neg for Micro {
    type Output = Micro;
    fn neg(self) -> Micro {
        Micro(-self.0)
    }
}

impl std::iter::Sum for Micro {
    fn sum<I: Iterator<Item = Micro>>(amounts: I) -> Micro {
        amounts.fold(Micro::ZERO, |a, b| a + b)
    }
}

/// Three decimals, as the manual shows money (F99); what lies below a thousandth is cut, not rounded.
impl fmt::Display for Micro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let thousandths = self.0.unsigned_abs() / 1_000;
        write!(f, "{sign}{}.{:03}", thousandths / 1_000, thousandths % 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_three_decimals_and_reads_them_back() {
        assert_eq!(Micro(0).to_string(), "0.000");
        assert_eq!(Micro(-1_234_567).to_string(), "-1.234");
        assert_eq!(Micro::parse_yuan("0.15"), Some(Micro(150_000)));
        assert_eq!(Micro::parse_yuan("1.0000001"), None);
        assert_eq!(Micro::parse_yuan("１"), None);
        assert_eq!(Micro::parse_yuan(""), None);
    }
}
