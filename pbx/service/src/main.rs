//! The binary `hutong`: see `hutong --help`.

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use hutong::{cli, config::Config, demo, http, log, media, run, store::Store};
use hutong_api::{Lang, Refusal};
use std::{
    io::{BufRead, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

#[derive(Parser)]
#[command(name = "hutong", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(cli::InitArgs),
    Admin(cli::AdminArgs),
    Serve {
        #[arg(long, default_value = "hutong.toml", env = "HUTONG_CONFIG")]
        config: PathBuf,
    },
    Demo(demo::Options),
    Catalogue(cli::CatalogueArgs),
    Openapi,
    Pace(cli::PaceArgs),
    Replay(cli::ReplayArgs),
}

fn main() -> ExitCode {
    let lang = cli::terminal_lang();
    let matches = cli::localised(Cli::command(), lang).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        eprintln!("hutong: another TLS provider is already installed");
    }
    let result = match cli.command {
        Command::Init(args) => return at_the_desk(lang, |desk| cli::init(&args, desk)),
        Command::Admin(args) => {
            return at_the_desk(lang, |desk| {
                cli::admin(&args, desk, &|wav| media::prompt_from_wav(wav).map_err(|error| error.to_string()))
            });
        }
        Command::Catalogue(args) => return at_the_desk(lang, |desk| cli::catalogue(&args, desk)),
        Command::Openapi => {
            return at_the_desk(lang, |desk| {
                // A closed pipe is no failure.
                drop(write!(desk.out, "{}", http::openapi::text(Lang::En)));
                Ok(())
            });
        }
        Command::Replay(args) => return at_the_desk(lang, |desk| cli::replay(&args, desk)),
        Command::Serve { config } => match Config::read(&config) {
            Ok(config) => runtime().and_then(|rt| rt.block_on(serve(config))),
            Err(refusal) => return refused(&refusal, lang),
        },
        Command::Pace(_) => {
            let (input, out) = (std::io::stdin().lock(), std::io::BufWriter::new(std::io::stdout().lock()));
            cli::pace(input, out).map(|()| ExitCode::SUCCESS).map_err(Into::into)
        }
        Command::Demo(options) => runtime().and_then(|rt| rt.block_on(demo::run(options))),
    };
    result.unwrap_or_else(|error| {
        eprintln!("hutong: {error:#}");
        ExitCode::FAILURE
    })
}

/// Runs one command of the box operator on this terminal.
fn at_the_desk(lang: Lang, work: impl FnOnce(&mut cli::Desk<'_>) -> Result<(), Refusal>) -> ExitCode {
    let mut ask = |question: &str| {
        print!("{question}");
        std::io::stdout().flush().ok()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line)
    };
    let ask: Option<cli::Ask<'_>> = if std::io::stdin().is_terminal() { Some(&mut ask) } else { None };
    match work(&mut cli::Desk { lang, out: &mut std::io::stdout(), ask }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(refusal) => refused(&refusal, lang),
    }
}

fn refused(refusal: &Refusal, lang: Lang) -> ExitCode {
    eprintln!("hutong: [{}] {}", refusal.code, refusal.text(lang));
    ExitCode::FAILURE
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    log::to_stderr();
    let store = Store::open(&config.data_dir)?;
    let service = run::start(config, store, false).await?;
    tracing::info!(address = %service.address, "hutong serves");
    run::until_stopped().await?;
    service.stop().await;
    Ok(ExitCode::SUCCESS)
}
