//! `hutong-simulator`: what the demo and the tests need around the service, as a program of its own.

use clap::{Parser, Subcommand};

mod bots;
mod carrier;

#[derive(Parser)]
#[command(
    name = "hutong-simulator",
    version,
    about = "A simulated carrier and bot agents for Hutong, on loopback only"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Agents that sign in, talk and save dispositions as a browser does.
    Bots(bots::BotsArgs),
    /// A carrier: answers INVITEs as seeded callees do, with real RTP.
    Carrier(carrier::Args),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().command {
        Command::Bots(args) => bots::run(args),
        Command::Carrier(args) => carrier::run(args),
    }
}
