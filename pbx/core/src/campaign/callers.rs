//! 呼叫轮询 (F105, D2): which of the office's numbers a call shows, chosen at the dial decision, and how often an hour and a
//! day each may be shown.

use crate::{
    Engine,
    io::{CallerPolicy, CallerRule, CallerTarget},
    time::Wall,
};
use hutong_api::{CampaignId, CompanyId, Phone, SeatId, TrunkId};
use std::collections::{BTreeMap, VecDeque};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// What was shown in the last day, and where each rotation stands.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    by_number: BTreeMap<(CompanyId, String), VecDeque<Wall>>,
    /// Where the next turn of a rotation begins, as a place in its list.
    next: BTreeMap<CallerTarget, usize>,
    random: u64,
}

impl Shown {
    pub fn seed(&mut self, seed: u64) {
        self.random = seed;
    }

    pub fn add(&mut self, company: CompanyId, number: &str, at: Wall) {
        self.by_number.entry((company, number.to_owned())).or_default().push_back(at);
    }

    pub fn prune(&mut self, now: Wall) {
        self.by_number.retain(|_, times| {
            times.retain(|at| at.after_ms(DAY_MS) > now);
            !times.is_empty()
        });
    }

    fn since(&self, company: CompanyId, number: &str, from: Wall) -> u32 {
        let times = self.by_number.get(&(company, number.to_owned()));
        times.map_or(0, |times| times.iter().rev().take_while(|at| **at > from).count() as u32)
    }

    /// A budget of 0 is none.
    fn affords(&self, company: CompanyId, number: &str, rule: &CallerRule, now: Wall) -> bool {
        let within = |most: u32, ms: i64| most == 0 || self.since(company, number, now.after_ms(-ms)) < most;
        within(rule.per_hour, HOUR_MS) && within(rule.per_day, DAY_MS)
    }

    /// splitmix64: the same seed, the same day.
    fn roll(&mut self, below: usize) -> usize {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below.max(1) as u64) as usize
    }

    /// `fit`: places in `numbers` that may be shown, at least one.
    fn choose(
        &mut self,
        company: CompanyId,
        rule: &CallerRule,
        numbers: &[String],
        fit: &[usize],
        to: &Phone,
        now: Wall,
    ) -> usize {
        match rule.policy {
            CallerPolicy::RoundRobin => self.in_turn(rule.target, fit),
            CallerPolicy::Random => fit[self.roll(fit.len())],
            CallerPolicy::LeastUsed => {
                let used = |at: &usize| self.since(company, &numbers[*at], now.after_ms(-DAY_MS));
                fit.iter().copied().min_by_key(used).unwrap_or_default()
            }
            CallerPolicy::SameArea => {
                let home = area(to.as_str());
                let near: Vec<usize> =
                    fit.iter().copied().filter(|at| home.is_some() && area(&numbers[*at]) == home).collect();
                self.in_turn(rule.target, if near.is_empty() { fit } else { &near })
            }
        }
    }

    fn in_turn(&mut self, target: CallerTarget, fit: &[usize]) -> usize {
        let next = self.next.entry(target).or_default();
        let at = fit.iter().copied().find(|at| at >= next).unwrap_or(fit[0]);
        *next = at + 1;
        at
    }
}

/// Who a call is dialled for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Dialler {
    Campaign(CampaignId),
    Seat(SeatId),
}

impl Engine {
    /// Every number that could be shown has used up its hour or day.
    pub(crate) fn numbers_spent(&self, company: CompanyId, by: Dialler, trunk: TrunkId) -> bool {
        let (numbers, rule) = self.rotation(company, by, trunk);
        !numbers.is_empty() && !numbers.iter().any(|n| self.shown.affords(company, n, &rule, self.now.wall))
    }

    /// The number the call shows; empty where the trunk has none.
    pub(crate) fn show_number(&mut self, company: CompanyId, by: Dialler, trunk: TrunkId, to: &Phone) -> String {
        let (numbers, rule) = self.rotation(company, by, trunk);
        let now = self.now.wall;
        let mut fit: Vec<usize> =
            (0..numbers.len()).filter(|at| self.shown.affords(company, &numbers[*at], &rule, now)).collect();
        if fit.is_empty() {
            fit = (0..numbers.len()).collect();
        }
        if fit.is_empty() {
            return String::new();
        }
        let number = numbers[self.shown.choose(company, &rule, &numbers, &fit, to, now)].clone();
        self.shown.add(company, &number, now);
        number
    }

    /// The numbers to choose among and the rule of the choice: the campaign's, else its group's, else the trunk's. Only what
    /// the trunk owns may be shown on it, so a group that has none of it counts as no group.
    /// A seat with numbers of its own shows those (F88).
    fn rotation(&self, company: CompanyId, by: Dialler, trunk: TrunkId) -> (Vec<String>, CallerRule) {
        let all = self.trunks.get(&trunk).map_or(&[] as &[String], |t| &t.cfg.callers);
        let (campaign, seat) = match by {
            Dialler::Campaign(id) => (Some(id), None),
            Dialler::Seat(id) => (None, self.seats.get(&id)),
        };
        let of_seat = |number: &&String| seat.is_some_and(|seat| seat.cfg.callers.contains(number));
        let seats: Vec<String> = all.iter().filter(of_seat).cloned().collect();
        let own = if seats.is_empty() { all } else { &seats };
        let callers = self.companies.get(&company).map(|c| &c.cfg.callers);
        let group = campaign.and_then(|id| self.tasks.get(&id)?.cfg.number_group);
        let members = callers.and_then(|c| c.groups.iter().find(|g| Some(g.0) == group)).map(|g| &g.1);
        let shared: Vec<String> =
            members.map(|m| own.iter().filter(|n| m.contains(n)).cloned().collect()).unwrap_or_default();
        let group = group.filter(|_| !shared.is_empty());
        let targets =
            [campaign.map(CallerTarget::Campaign), group.map(CallerTarget::Group), Some(CallerTarget::Trunk(trunk))];
        let find = |target: CallerTarget| callers?.rules.iter().find(|rule| rule.target == target).copied();
        let plain = CallerRule {
            target: group.map_or(CallerTarget::Trunk(trunk), CallerTarget::Group),
            policy: CallerPolicy::RoundRobin,
            per_hour: 0,
            per_day: 0,
        };
        let rule = targets.into_iter().flatten().find_map(find).unwrap_or(plain);
        (if shared.is_empty() { own.to_vec() } else { shared }, rule)
    }
}

/// 区号 of a landline: 010, 02x, or four digits. A mobile has none.
fn area(number: &str) -> Option<&str> {
    let digits = match number.as_bytes() {
        [b'0', b'1' | b'2', ..] => 3,
        [b'0', ..] => 4,
        _ => return None,
    };
    number.get(..digits)
}
