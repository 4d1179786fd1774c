//! `hutong-simulator`: what an office meets outside, as a program of its own: a carrier with callees, and agents.

mod bots;
mod carrier;

use clap::Parser;

/// A simulated carrier and bot agents for Hutong, on loopback only.
#[derive(Parser)]
#[command(name = "hutong-simulator", version)]
enum Part {
    /// A carrier on loopback: answers INVITEs as seeded callees do, with real RTP.
    Carrier(carrier::Args),
    /// Agents that sign in, talk and save dispositions as a browser does.
    Bots(bots::BotsArgs),
}

fn main() -> anyhow::Result<()> {
    match Part::parse() {
        Part::Carrier(args) => carrier::run(args),
        Part::Bots(args) => bots::run(args),
    }
}
