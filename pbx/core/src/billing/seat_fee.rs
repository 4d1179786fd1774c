//! 软件费: a seat's monthly fee, posted day by day so that the days of a month sum to it exactly (D11, F100).

use hutong_api::Micro;
use jiff::civil::Date;

/// The fee of one day: the difference of two rounded-down running totals, so nothing is lost over the month.
pub fn of_day(month_fee: Micro, day: Date) -> Micro {
    let days = i64::from(day.days_in_month());
    let until = |d: i64| (i128::from(month_fee.0) * i128::from(d) / i128::from(days)) as i64;
    let d = i64::from(day.day());
    Micro(until(d) - until(d - 1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::ToSpan;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_days_of_a_month_sum_to_its_fee(fee in 0i64..1_000_000_000_000, year in 2024i16..2040, month in 1i8..=12) {
            let first = Date::new(year, month, 1).unwrap();
            let days: Vec<Micro> = (0..first.days_in_month()).map(|d| of_day(Micro(fee), first.checked_add(i64::from(d).days()).unwrap())).collect();
            prop_assert_eq!(days.iter().copied().sum::<Micro>(), Micro(fee));
            let (least, most) = (days.iter().min().unwrap(), days.iter().max().unwrap());
            prop_assert!(most.0 - least.0 <= 1, "no day differs by more than one unit");
        }
    }
}
