//! What a call costs (F99, D1, D7): ceil(billable ÷ increment) × price, all integers.

use crate::time::Wall;
use hutong_api::Micro;

/// Answer → end in started seconds, at least 1.
pub fn billable_s(answered: Wall, ended: Wall) -> u32 {
    let ms = (ended.0 - answered.0).max(1);
    u32::try_from((ms + 999) / 1000).unwrap_or(u32::MAX)
}

/// Started increments in so many seconds. An increment of 0 counts as 1 s.
pub fn increments(seconds: u32, increment_s: u32) -> u32 {
    seconds.div_ceil(increment_s.max(1))
}

pub fn cost(billable_s: u32, increment_s: u32, price: Micro) -> Micro {
    Micro(i64::from(increments(billable_s, increment_s)).saturating_mul(price.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn started_minutes_and_six_second_steps() {
        let price = Micro(150_000);
        for (seconds, increment, steps) in [(0, 60, 0), (1, 60, 1), (59, 60, 1), (60, 60, 1), (61, 60, 2), (61, 6, 11)]
        {
            assert_eq!(cost(seconds, increment, price), Micro(steps * 150_000));
        }
        assert_eq!(billable_s(Wall(1000), Wall(1000)), 1);
        assert_eq!(billable_s(Wall(1000), Wall(2000)), 1);
        assert_eq!(billable_s(Wall(1000), Wall(2001)), 2);
        assert_eq!(billable_s(Wall(1000), Wall(10)), 1, "a clock that ran back");
    }

    proptest! {
        /// An oracle that counts: one price each time a new increment has started.
        #[test]
        fn equals_counting_second_by_second(seconds in 0u32..5_000, increment in 1u32..200, price in 0i64..10_000_000) {
            let counted: i64 = (0..seconds).filter(|s| s % increment == 0).map(|_| price).sum();
            prop_assert_eq!(cost(seconds, increment, Micro(price)), Micro(counted));
        }
    }
}
