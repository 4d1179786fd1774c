//! Reserved money: 60 s before the INVITE, renewed 30 s before it runs out (docs/rules.md).

use super::rating;
use hutong_api::Micro;

/// Reserved at a time.
pub const STEP_S: u32 = 60;
/// Renewed so long before it runs out.
pub const AHEAD_S: u32 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub amount: Micro,
    /// Billable seconds it pays.
    pub covers_s: u32,
}

/// The reservation for the first `STEP_S`.
pub fn first(increment_s: u32, price: Micro) -> Hold {
    covering(STEP_S, increment_s, price)
}

/// The reservation after one more `STEP_S`.
pub fn renewed(hold: Hold, increment_s: u32, price: Micro) -> Hold {
    covering(hold.covers_s.saturating_add(STEP_S), increment_s, price)
}

/// What a stored reservation covers.
pub fn stored(amount: Micro, increment_s: u32, price: Micro) -> Hold {
    let steps = if price.0 > 0 { u32::try_from(amount.0 / price.0).unwrap_or(u32::MAX) } else { u32::MAX };
    Hold { amount, covers_s: steps.saturating_mul(increment_s.max(1)) }
}

fn covering(seconds: u32, increment_s: u32, price: Micro) -> Hold {
    let covers_s = rating::increments(seconds, increment_s).saturating_mul(increment_s.max(1));
    Hold { amount: rating::cost(seconds, increment_s, price), covers_s }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hold_always_pays_what_it_covers(increment in 1u32..200, price in 0i64..10_000_000, renewals in 0u32..20) {
            let mut hold = first(increment, Micro(price));
            for _ in 0..renewals {
                let next = renewed(hold, increment, Micro(price));
                prop_assert!(next.covers_s >= hold.covers_s + STEP_S && next.amount >= hold.amount);
                hold = next;
            }
            prop_assert_eq!(rating::cost(hold.covers_s, increment, Micro(price)), hold.amount);
            if price > 0 {
                prop_assert_eq!(stored(hold.amount, increment, Micro(price)), hold);
            }
        }
    }
}
