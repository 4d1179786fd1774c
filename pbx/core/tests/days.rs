//! Simulated days: the bare engine, seeded callees, carriers, agents, commands and crashes; every invariant after every step.
//! Seen red, each by one change in the engine: pacing that forgets the calls in flight, the two seconds made 2.4 s, a callee cap
//! of half its window, a charge above its reservation, answers counted twice over rounds, interrupted numbers left waiting,
//! open calls left open after a crash, waiting callees not served, old answers of the store taken for new.
//! `HUTONG_DAYS=5000` runs more of them, `HUTONG_SEED=17` one alone, with `HUTONG_TRACE=1` telling all of it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use hutong_api::Micro;
use support::world::{Outcome, Plan, run};

fn plan(seed: u64) -> Plan {
    let pick = |n: u64| seed.wrapping_mul(0x9e37_79b9).rotate_right(13) % n;
    Plan {
        seed,
        seats: 1 + (seed % 6) as i64,
        leads: [10, 60, 200][(seed % 3) as usize],
        hours: [2, 3, 4, 16][pick(4) as usize],
        crashes: !seed.is_multiple_of(4),
        balance: [Micro::yuan(500), Micro::yuan(500), Micro(2_000_000)][(seed / 3 % 3) as usize],
    }
}

#[test]
fn working_days() {
    if let Some(seed) = std::env::var("HUTONG_SEED").ok().and_then(|s| s.parse().ok()) {
        return println!("{:?}", run(plan(seed)));
    }
    let days = std::env::var("HUTONG_DAYS").ok().and_then(|d| d.parse().ok()).unwrap_or(200);
    let sums = std::thread::scope(|scope| {
        let half = |odd: u64| scope.spawn(move || (0..days).filter(|s| s % 2 == odd).map(day).collect::<Vec<_>>());
        let halves = [half(0), half(1)];
        halves.into_iter().flat_map(|h| h.join().expect("a day failed, see above")).collect::<Vec<Outcome>>()
    });
    let sum = |of: fn(&Outcome) -> usize| sums.iter().map(of).sum::<usize>();
    let steps: u64 = sums.iter().map(|o| o.steps).sum();
    println!(
        "{days} days, {steps} steps: {} calls, {} answered, {} to agents, {} abandoned, {} interrupted, {} by hand, {} previewed, {} campaigns finished, {} opted out, {} tried again, {} waited for their area",
        sum(|o| o.calls),
        sum(|o| o.answered),
        sum(|o| o.to_agent),
        sum(|o| o.abandoned),
        sum(|o| o.interrupted),
        sum(|o| o.by_hand),
        sum(|o| o.previewed),
        sum(|o| o.finished),
        sum(|o| o.opted_out),
        sum(|o| o.retried),
        sum(|o| o.waited_for_area)
    );
    // A world in which nothing happens proves nothing.
    assert!(days < 100 || sum(|o| o.to_agent) > 1_000 && sum(|o| o.abandoned) > 50 && sum(|o| o.interrupted) > 50);
    assert!(days < 100 || sum(|o| o.by_hand) > 100 && sum(|o| o.previewed) > 200 && sum(|o| o.finished) > 20);
    assert!(days < 100 || sum(|o| o.opted_out) > 100 && sum(|o| o.retried) > 100 && sum(|o| o.waited_for_area) > 50);
}

#[test]
fn the_same_seed_gives_the_same_day_to_the_byte() {
    let (one, two) = (run(plan(5)), run(plan(5)));
    assert_eq!(one, two);
    assert_ne!(one.hash, run(plan(11)).hash);
}

fn day(seed: u64) -> Outcome {
    let result = std::panic::catch_unwind(|| run(plan(seed)));
    result.unwrap_or_else(|panic| {
        eprintln!("failed: HUTONG_SEED={seed}");
        std::panic::resume_unwind(panic)
    })
}
