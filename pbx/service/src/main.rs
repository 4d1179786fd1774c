//! The binary `hutong`: see `hutong --help`.

use anyhow::Context;
use clap::{Parser, Subcommand};
use hutong::{config::Config, demo, log, run, store::Store};
use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

#[derive(Parser)]
#[command(name = "hutong", version, about = "呼通: an outbound call centre on one Linux box")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// The service, on a real data directory and real trunks.
    Serve {
        #[arg(long, default_value = "hutong.toml", env = "HUTONG_CONFIG")]
        config: PathBuf,
    },
    /// A throw-away office with a simulated carrier and bot agents, on loopback only.
    Demo(demo::Options),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("hutong: another TLS provider is already installed");
    }
    let result = match cli.command {
        Command::Serve { config } => runtime().and_then(|rt| rt.block_on(serve(&config))),
        Command::Demo(options) => runtime().and_then(|rt| rt.block_on(demo::run(options))),
    };
    result.unwrap_or_else(|error| {
        eprintln!("hutong: {error:#}");
        ExitCode::FAILURE
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

async fn serve(path: &Path) -> anyhow::Result<ExitCode> {
    log::to_stderr();
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let config: Config = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let store = Store::open(&config.data_dir)?;
    let service = run::start(config, store, false).await?;
    tracing::info!(address = %service.address, "hutong serves");
    run::until_stopped().await?;
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
