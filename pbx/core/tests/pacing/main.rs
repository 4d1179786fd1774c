//! The pacer in seeded office days: what it wins, and that it keeps its budget.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod world;

use world::{Day, Score, World};

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
