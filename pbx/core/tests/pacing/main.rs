//! The pacer in seeded office days: what it wins, and that it keeps its budget.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use world::{Day, Score, World};

/// The mean of some days: occupancy and abandoned share.
fn days(world: &World, days: u64) -> (f64, f64) {
    let scores: Vec<Score> = (0..days).map(|seed| Day::new(world, 4_000 + seed).run()).collect();
    let occupancy = scores.iter().map(Score::occupancy).sum::<f64>() / days as f64;
    let lost: u32 = scores.iter().map(|s| s.abandoned).sum();
    let all: u32 = scores.iter().map(|s| s.served + s.abandoned).sum();
    (occupancy, f64::from(lost) / f64::from(all))
}

/// One number for each free agent keeps agents 57 % busy in this world, whatever their number.
#[test]
fn it_wins_much_and_keeps_its_cap() {
    for (agents, cap, least) in [(1, 0.03, 0.68), (5, 0.03, 0.755), (20, 0.03, 0.865), (5, 0.01, 0.715)] {
        let (occupancy, abandoned) = days(&World { agents, cap, ..World::default() }, 4);
        assert!(occupancy > least, "{agents} agents, cap {cap}: {occupancy}");
        assert!(abandoned <= cap * if agents == 1 { 1.15 } else { 1.0 }, "{agents} agents, cap {cap}: {abandoned}");
    }
}

/// Other lists, rings, talks and lines than those its first guesses come from.
#[test]
fn it_keeps_its_cap_in_worlds_it_does_not_know() {
    let base = World { agents: 8, shift: 6.0 * 3600.0, ..World::default() };
    let worlds = [
        ("a list that turns good", World { answer: vec![(0.0, 0.12), (7_200.0, 0.6)], ..base.clone() }),
        ("a list that turns bad", World { answer: vec![(0.0, 0.6), (7_200.0, 0.12)], ..base.clone() }),
        ("slow rings", World { ring: (16.0, 0.3), ..base.clone() }),
        ("short talks", World { talk: (30.0, 1.0), ..base.clone() }),
        ("half the talks are refusals", World { talk: (168.0, 0.7), short: (0.5, 12.0), ..base.clone() }),
        ("few lines", World { lines: 14, ..base.clone() }),
        ("a greeting", World { greeting: (3.0, 8.0), ..base.clone() }),
        ("talks that double", World { talk_scale: vec![(9_000.0, 2.0)], ..base.clone() }),
        ("uneven agents", World { uneven: 0.4, ..base.clone() }),
    ];
    for (name, world) in worlds {
        let (occupancy, abandoned) = days(&world, 3);
        assert!(abandoned <= 0.0315, "{name}: {abandoned}");
        assert!(occupancy > 0.5, "{name}: {occupancy}");
    }
}

/// The whole table, for `make bench-pacing`.
#[test]
#[ignore]
fn table() {
    let days: u64 = std::env::var("DAYS").ok().and_then(|d| d.parse().ok()).unwrap_or(20);
    let sizes: Vec<usize> =
        std::env::var("N").unwrap_or("1,2,5,10,20,50,100".into()).split(',').map(|n| n.parse().unwrap()).collect();
    for cap in [0.03, 0.01] {
        for n in &sizes {
            let world = World { agents: *n, cap, ..World::default() };
            let scores: Vec<Score> = (0..days).map(|seed| Day::new(&world, 1000 + seed).run()).collect();
            report(&format!("base cap {cap} N {n:>3}"), cap, &scores);
        }
    }
}

fn report(name: &str, cap: f64, scores: &[Score]) {
    let mean = |f: &dyn Fn(&Score) -> f64| scores.iter().map(f).sum::<f64>() / scores.len() as f64;
    let occupancy = mean(&|s| s.occupancy());
    let sd = (scores.iter().map(|s| (s.occupancy() - occupancy).powi(2)).sum::<f64>() / scores.len() as f64).sqrt();
    let lost: u32 = scores.iter().map(|s| s.abandoned).sum();
    let all: u32 = scores.iter().map(|s| s.served + s.abandoned).sum();
    let over = scores.iter().filter(|s| s.abandon() > cap).count();
    println!(
        "{name}: occupancy {:.2} ±{:.2}  abandon {:.2} %  days over {over}/{}  worst30 {:.1} %",
        100.0 * occupancy,
        196.0 * sd / (scores.len() as f64).sqrt(),
        100.0 * f64::from(lost) / f64::from(all),
        scores.len(),
        100.0 * mean(&|s| s.worst_half_hour)
    );
}
