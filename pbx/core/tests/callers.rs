//! 呼叫轮询: how the office's numbers are spread over calls, and their budgets.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::{board::IdleReason, live::Command, *};
use hutong_core::io::*;
use std::collections::BTreeMap;
use support::{bench::Bench, office::*};

const NUMBERS: [&str; 4] = ["0999100", "0999101", "0988100", "0988101"];

fn rule(target: CallerTarget, policy: CallerPolicy) -> CallerRule {
    CallerRule { target, policy, per_hour: 0, per_day: 0 }
}

/// One agent who dials by hand over a trunk with four numbers.
fn bench(rules: Vec<CallerRule>) -> Bench {
    let mut model = office(1, 9);
    model.trunks.get_mut(&TRUNK).unwrap().callers = NUMBERS.map(String::from).into();
    let company = model.companies.get_mut(&COMPANY).unwrap();
    company.cfg.callers = CallersCfg { groups: vec![(7, vec!["0988101".into(), "0988100".into()])], rules };
    company.cfg.work.wrap.seconds = 0;
    company.cfg.caps = [0; 3];
    let mut b = Bench::new(model);
    b.arrive(1);
    b
}

fn try_dial(b: &mut Bench, number: &str) -> Result<String, Refusal> {
    b.take();
    b.ask(1, Command::Dial { number: number.into() })?;
    let dial = b.dial();
    b.end(dial.leg, LegEndHow::Refused, Some(486));
    b.pass(2_000);
    Ok(dial.caller)
}

/// How often each number was shown, in the order of the trunk's.
fn spread(b: &mut Bench, calls: u32) -> [u32; 4] {
    let mut shown: BTreeMap<String, u32> = BTreeMap::new();
    for n in 0..calls {
        *shown.entry(try_dial(b, phone(700 + n).as_str()).unwrap()).or_default() += 1;
    }
    NUMBERS.map(|number| shown.get(number).copied().unwrap_or_default())
}

#[test]
fn in_turn_and_least_used_are_even_and_random_nearly_so() {
    let on = |policy| bench(vec![rule(CallerTarget::Trunk(TRUNK), policy)]);
    assert_eq!(spread(&mut bench(Vec::new()), 40), [10; 4], "without a rule: in turn");
    assert_eq!(spread(&mut on(CallerPolicy::RoundRobin), 40), [10; 4]);
    assert_eq!(spread(&mut on(CallerPolicy::LeastUsed), 40), [10; 4]);
    let random = spread(&mut on(CallerPolicy::Random), 400);
    assert!(random.iter().all(|n| (60..=140).contains(n)), "{random:?}");
    assert_ne!(random, [100; 4]);
    assert_eq!(spread(&mut on(CallerPolicy::Random), 400), random, "the same seed, the same day");
}

#[test]
fn a_seat_shows_its_own_numbers_but_none_the_trunk_does_not_own() {
    let of_seat = |numbers: &[&str]| {
        let mut b = bench(Vec::new());
        let callers = numbers.iter().map(|number| (*number).to_owned()).collect();
        b.give(Input::Setting(Box::new(Setting::Seat(SeatCfg { callers, ..seat(1) }))));
        spread(&mut b, 8)
    };
    assert_eq!(of_seat(&["0988100", "0988101", "0977555"]), [0, 0, 4, 4]);
    assert_eq!(of_seat(&["0977555"]), [2; 4], "none of its own on this trunk: any of the trunk's");
}

#[test]
fn least_used_remembers_what_was_shown_before_a_restart() {
    let mut b = bench(vec![rule(CallerTarget::Trunk(TRUNK), CallerPolicy::LeastUsed)]);
    assert_eq!(spread(&mut b, 3), [1, 1, 1, 0]);
    b.boot();
    b.arrive(1);
    assert_eq!(try_dial(&mut b, phone(900).as_str()).unwrap(), NUMBERS[3]);
}

#[test]
fn a_callee_sees_a_number_of_his_own_area_where_there_is_one() {
    let mut b = bench(vec![rule(CallerTarget::Trunk(TRUNK), CallerPolicy::SameArea)]);
    let mut shown = |number: &str| try_dial(&mut b, number).unwrap();
    assert_eq!(
        ["0988", "0988", "0999", "0988"].map(|area| shown(&format!("{area}1234567"))),
        ["0988100", "0988101", "0999100", "0988100"]
    );
    let far: Vec<String> = (0..4).map(|n| shown(&format!("1540000000{n}"))).collect();
    assert_eq!(far, ["0988101", "0999100", "0999101", "0988100"], "no area known: in turn");
}

#[test]
fn budgets_hold_by_the_hour_and_the_day_and_survive_a_restart() {
    let budget = CallerRule { per_hour: 1, per_day: 2, ..rule(CallerTarget::Trunk(TRUNK), CallerPolicy::RoundRobin) };
    let mut b = bench(vec![budget]);
    let spent = |b: &mut Bench| try_dial(b, phone(900).as_str()).unwrap_err().code.into_owned();
    assert_eq!(spread(&mut b, 4), [1; 4]);
    assert_eq!(spent(&mut b), "trunk.numbers_spent");
    b.boot();
    b.arrive(1);
    assert_eq!(spent(&mut b), "trunk.numbers_spent");
    b.pass(3_600_000);
    assert_eq!(spread(&mut b, 4), [1; 4], "the next hour");
    b.pass(3_600_000);
    assert_eq!(spent(&mut b), "trunk.numbers_spent", "the day is used up");
}

#[test]
fn a_campaign_whose_numbers_are_used_up_says_so_and_goes_on_when_it_may() {
    let budget = CallerRule { per_hour: 1, ..rule(CallerTarget::Campaign(CampaignId(1)), CallerPolicy::RoundRobin) };
    let mut b = bench(vec![budget]);
    let callers = |b: &mut Bench| {
        let mut callers = Vec::new();
        loop {
            let dials = b.dials();
            if dials.is_empty() {
                return callers;
            }
            for dial in dials {
                callers.push(dial.caller);
                b.end(dial.leg, LegEndHow::Refused, Some(404));
            }
            b.pass(5_000);
        }
    };
    b.start();
    assert_eq!(callers(&mut b), NUMBERS);
    assert_eq!(b.why(), IdleReason::NumbersSpent);
    try_dial(&mut b, phone(900).as_str()).unwrap();
    b.pass(3_600_000);
    assert!(!b.dials().is_empty(), "the hour is over");
}

#[test]
fn a_campaign_shows_the_numbers_of_its_group_and_its_trunk_only() {
    let mut b = bench(vec![rule(CallerTarget::Group(7), CallerPolicy::RoundRobin)]);
    let group = |n| Input::Setting(Box::new(Setting::Campaign(CampaignCfg { number_group: Some(n), ..campaign(1) })));
    b.give(group(7));
    b.start();
    let mut callers = Vec::new();
    for _ in 0..4 {
        let dial = b.dials().remove(0);
        callers.push(dial.caller);
        b.end(dial.leg, LegEndHow::Refused, Some(404));
        b.pass(2_000);
    }
    assert_eq!(callers, ["0988100", "0988101", "0988100", "0988101"]);
    let mut other = trunk();
    other.callers = vec!["0999101".into()];
    b.give(Input::Setting(Box::new(Setting::Trunk(other))));
    let dial = b.dials().pop().map(|dial| (dial.leg, dial.caller));
    if let Some((leg, _)) = dial {
        b.end(leg, LegEndHow::Refused, Some(404));
        b.pass(2_000);
    }
    assert_eq!(b.dials().remove(0).caller, "0999101", "a group that has none of the trunk's counts as no group");
}
