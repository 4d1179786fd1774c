//! Bot agents: each logs in over the same HTTP, live socket and WebRTC as a browser page, talks to whom it is given,
//! and saves a disposition. Nothing here knows the service but by its public interface (hutong-api).

mod api;
#[cfg(test)]
mod fake_service;
mod live;
mod log;
mod phone;
mod voice;
mod work;

use anyhow::{Context, bail, ensure};
use log::Log;
use rand::{Rng, SeedableRng, rngs::StdRng};
use serde::Deserialize;
use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

#[derive(Debug, clap::Args)]
pub struct BotsArgs {
    /// The service, e.g. http://127.0.0.1:8080; loopback only.
    #[arg(long)]
    connect: String,
    /// 公司账号
    #[arg(long, default_value = "demo")]
    company: String,
    /// JSON: [{"account": "...", "password": "..."}, …]
    #[arg(long)]
    agents: PathBuf,
    /// Same seed, same behaviour: how long each talks, who hangs up, what is saved.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Talk for seconds where it is otherwise up to a minute.
    #[arg(long)]
    quick: bool,
    /// JSON lines of what happened, appended to this file instead of standard output.
    #[arg(long)]
    log: Option<PathBuf>,
    /// Exit when the process that started this one is gone.
    #[arg(long)]
    die_with_parent: bool,
    /// Exit when no bot has reached the service for so many seconds: a restart is waited for, an end is not.
    #[arg(long)]
    orphan_exit: Option<u64>,
}

#[derive(Debug, Clone, Deserialize)]
struct Login {
    account: String,
    password: String,
}

/// What one bot is; the same for its whole life.
#[derive(Debug, Clone)]
struct Bot {
    service: SocketAddr,
    company: String,
    login: Login,
    /// Its voice, Hz; the first 80 bots of a run have one each.
    hz: u32,
    quick: bool,
    seen: Arc<Seen>,
}

/// When any bot last heard from the service.
#[derive(Debug)]
struct Seen(Mutex<Instant>);

impl Seen {
    fn now(&self) {
        *self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Instant::now();
    }

    fn ago(&self) -> Duration {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).elapsed()
    }
}

/// Runs until it is killed, or its parent is gone where asked.
///
/// # Errors
/// The list of agents cannot be read, or `--connect` is not an http address on loopback.
pub fn run(args: BotsArgs) -> anyhow::Result<()> {
    let service = loopback(&args.connect)?;
    let text = std::fs::read_to_string(&args.agents).with_context(|| args.agents.display().to_string())?;
    let logins: Vec<Login> = serde_json::from_str(&text).with_context(|| args.agents.display().to_string())?;
    let log = Arc::new(Log::open(args.log.as_deref())?);
    let seen = Arc::new(Seen(Mutex::new(Instant::now())));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build()?;
    runtime.block_on(async {
        for (index, login) in logins.into_iter().enumerate() {
            let bot = Bot {
                service,
                company: args.company.clone(),
                login,
                hz: voice_of(index),
                quick: args.quick,
                seen: seen.clone(),
            };
            let rng = StdRng::seed_from_u64(args.seed ^ (index as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            tokio::spawn(live_on(bot, rng, log.clone()));
        }
        tokio::select! {
            () = parent_gone(), if args.die_with_parent => {}
            () = orphaned(&seen, args.orphan_exit) => {}
        }
    });
    Ok(())
}

/// One bot for ever: a lost service is tried again, a little later each time.
async fn live_on(bot: Bot, mut rng: StdRng, log: Arc<Log>) {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(5);
    let mut wait = FIRST;
    // A whole office does not log in at the same instant.
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..400))).await;
    loop {
        let mut signed_in = false;
        let why = match work::shift(&bot, &mut rng, &log, &mut signed_in).await {
            Ok(never) => match never {},
            Err(why) => why,
        };
        if signed_in {
            wait = FIRST;
        }
        log.lost(&bot.login.account, &format!("{why:#}"));
        tokio::time::sleep(wait.mul_f64(rng.random_range(0.8..1.2))).await;
        wait = (wait * 2).min(LONGEST);
    }
}

/// 620 to 1382 Hz, 80 different ones. The carrier's callees speak on multiples of 50 Hz; these lie between, so that in a
/// recording nobody is taken for the other.
fn voice_of(index: usize) -> u32 {
    let (lap, slot) = ((index / 16 % 5) as u32, (index % 16) as u32);
    620 + slot * 7 % 16 * 50 + lap * 3
}

fn loopback(url: &str) -> anyhow::Result<SocketAddr> {
    let Some(rest) = url.strip_prefix("http://") else { bail!("--connect {url}: must begin with http://") };
    let host = rest.trim_end_matches('/').replace("localhost", "127.0.0.1");
    let address: SocketAddr =
        host.parse().with_context(|| format!("--connect {url}: expected http://127.0.0.1:PORT"))?;
    ensure!(address.ip().is_loopback(), "--connect {url}: bots work on loopback only");
    Ok(address)
}

async fn parent_gone() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn orphaned(seen: &Seen, after: Option<u64>) {
    let Some(after) = after else { return std::future::pending().await };
    while seen.ago() < Duration::from_secs(after) {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn voices_differ_and_stay_in_the_band() {
        let voices: std::collections::BTreeSet<u32> = (0..80).map(voice_of).collect();
        assert_eq!(voices.len(), 80);
        assert!(voices.iter().all(|hz| (600..1400).contains(hz)));
    }

    #[tokio::test(start_paused = true)]
    async fn waits_for_a_restart_but_not_for_ever() {
        let seen = Seen(Mutex::new(Instant::now()));
        let wait = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        let patience = orphaned(&seen, Some(60));
        tokio::pin!(patience);
        tokio::select! { () = &mut patience => panic!("too early"), () = wait(50) => {} }
        seen.now();
        tokio::select! { () = &mut patience => panic!("the service is back"), () = wait(50) => {} }
        tokio::select! { () = &mut patience => {}, () = wait(11) => panic!("waits for ever") }
    }

    #[test]
    fn only_loopback_is_connected_to() {
        assert_eq!(loopback("http://127.0.0.1:8080/").unwrap().port(), 8080);
        assert_eq!(loopback("http://localhost:81").unwrap().port(), 81);
        assert!(loopback("http://192.0.2.1:80").is_err());
        assert!(loopback("https://127.0.0.1:8443").is_err());
    }
}
