//! How often one callee may be tried: at most so many attempts a minute, an hour, a day, rolling (docs/rules.md).

use crate::time::Wall;
use hutong_api::{CompanyId, Phone};
use std::collections::BTreeMap;

/// The windows of `CompanyCfg::caps`, in milliseconds.
const WINDOWS: [i64; 3] = [60_000, 3_600_000, 86_400_000];

/// Attempts of the last day by callee. Attempts that ended in a fault of the line are taken back: they did not reach him.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    by_callee: BTreeMap<(CompanyId, Phone), Vec<Wall>>,
}

impl Attempts {
    pub fn add(&mut self, company: CompanyId, phone: &Phone, at: Wall) {
        let times = self.by_callee.entry((company, phone.clone())).or_default();
        times.push(at);
        times.sort_unstable();
    }

    pub fn take_back(&mut self, company: CompanyId, phone: &Phone, at: Wall) {
        let Some(times) = self.by_callee.get_mut(&(company, phone.clone())) else { return };
        if let Some(found) = times.iter().rposition(|t| *t == at) {
            times.remove(found);
        }
    }

    /// When the callee may be tried next, if not now. A cap of 0 is no cap.
    pub fn capped_until(&self, company: CompanyId, phone: &Phone, caps: [u32; 3], now: Wall) -> Option<Wall> {
        let times = self.by_callee.get(&(company, phone.clone()))?;
        let free_at = |(cap, window): (u32, i64)| {
            let cap = cap as usize;
            let decisive = (cap > 0 && times.len() >= cap).then(|| times[times.len() - cap])?;
            let until = decisive.after_ms(window);
            (until > now).then_some(until)
        };
        caps.into_iter().zip(WINDOWS).filter_map(free_at).max()
    }

    /// Forgets what no window reaches any more.
    pub fn prune(&mut self, now: Wall) {
        let oldest = now.after_ms(-WINDOWS[2]);
        self.by_callee.retain(|_, times| {
            times.retain(|t| *t > oldest);
            !times.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_widest_broken_cap_counts() {
        let (company, phone) = (CompanyId(1), Phone::from_digits("059210000001").unwrap());
        let caps = [1, 3, 5];
        let mut attempts = Attempts::default();
        let until = |a: &Attempts, now: i64| a.capped_until(company, &phone, caps, Wall(now));
        assert_eq!(until(&attempts, 0), None);
        attempts.add(company, &phone, Wall(0));
        assert_eq!(until(&attempts, 59_999), Some(Wall(60_000)));
        assert_eq!(until(&attempts, 60_000), None);
        attempts.add(company, &phone, Wall(100_000));
        attempts.add(company, &phone, Wall(200_000));
        assert_eq!(until(&attempts, 210_000), Some(Wall(3_600_000)), "three in the hour");
        attempts.take_back(company, &phone, Wall(200_000));
        assert_eq!(until(&attempts, 210_000), None, "a line fault is not counted");
        assert_eq!(attempts.capped_until(company, &phone, [0, 0, 0], Wall(100_001)), None);
        attempts.prune(Wall(86_400_001));
        assert_eq!(until(&attempts, 100_001), Some(Wall(160_000)));
    }
}
