mod carrier;

use clap::Parser;

/// What an office meets outside: a carrier with callees, and agents who sign in.
#[derive(Parser)]
#[command(name = "hutong-simulator", version)]
enum Part {
    /// A carrier on loopback: answers INVITEs as seeded callees do, with real RTP.
    Carrier(carrier::Args),
}

fn main() -> anyhow::Result<()> {
    match Part::parse() {
        Part::Carrier(args) => carrier::run(args),
    }
}
