//! The login's brakes: one argon2 at a time, and a growing wait after wrong tries that strikes only who tried.

use super::problem::Problem;
use crate::password;
use hutong_api::Refusal;
use std::{
    collections::{HashMap, HashSet},
    sync::{LazyLock, Mutex, mpsc},
    time::{Duration, Instant},
};
use tokio::sync::{Semaphore, oneshot};

/// Wrong tries that cost nothing, and after that the wait doubles from one second up to this.
const FREE_TRIES: u32 = 5;
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// Against one account from all clients that never logged into it: guessing from many places is slowed, and who is known at
/// his place does not feel it.
const FREE_TRIES_OF_ACCOUNT: u32 = 10;
/// From one client over all accounts.
const FREE_TRIES_OF_CLIENT: u32 = 50;
/// Tries forgotten after this long without another.
const FORGET: Duration = Duration::from_secs(900);
/// Most pairs remembered; beyond it the oldest go.
const REMEMBERED: usize = 10_000;
/// Most logins waiting for their turn: each takes some 40 ms of a core.
const QUEUE: usize = 200;

/// Verified in place of an unknown account's, so that it takes as long.
static DUMMY: LazyLock<String> = LazyLock::new(|| password::hash("no such account").unwrap_or_default());

type Job = Box<dyn FnOnce() + Send>;

#[derive(Debug)]
pub struct Gate {
    hasher: mpsc::Sender<Job>,
    tries: Mutex<HashMap<String, Tries>>,
    /// Account+client pairs that have logged in.
    known: Mutex<HashSet<String>>,
}

#[derive(Debug, Clone, Copy)]
struct Tries {
    wrong: u32,
    last: Instant,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate { hasher: hasher(), tries: Mutex::default(), known: Mutex::default() }
    }
}

impl Gate {
    /// Refused with `login.slow_down` while this account+client, or this client alone, must wait.
    pub fn check(&self, account: &str, client: &str, now: Instant) -> Result<(), Refusal> {
        let tries = self.tries.lock().unwrap_or_else(|e| e.into_inner());
        let known = self.known.lock().unwrap_or_else(|e| e.into_inner()).contains(&pair(account, client));
        let of_account = if known { u32::MAX } else { FREE_TRIES_OF_ACCOUNT };
        let left = [
            (pair(account, client), FREE_TRIES),
            (client.to_owned(), FREE_TRIES_OF_CLIENT),
            (anyone(account), of_account),
        ];
        let left = left.into_iter().filter_map(|(key, free)| tries.get(&key)?.wait(free, now)).max();
        match left {
            Some(left) => Err(Refusal::new("login.slow_down").with("seconds", left.as_secs() + 1)),
            None => Ok(()),
        }
    }

    pub fn wrong(&self, account: &str, client: &str, now: Instant) {
        let mut tries = self.tries.lock().unwrap_or_else(|e| e.into_inner());
        if tries.len() + 3 > REMEMBERED {
            tries.retain(|_, t| now.duration_since(t.last) < FORGET);
        }
        if tries.len() + 3 > REMEMBERED {
            let mut times: Vec<Instant> = tries.values().map(|t| t.last).collect();
            let (_, quarter, _) = times.select_nth_unstable(REMEMBERED / 4);
            let quarter = *quarter;
            tries.retain(|_, t| t.last > quarter);
        }
        for key in [pair(account, client), client.to_owned(), anyone(account)] {
            let entry = tries.entry(key).or_insert(Tries { wrong: 0, last: now });
            let stale = now.duration_since(entry.last) >= FORGET;
            *entry = Tries { wrong: if stale { 1 } else { entry.wrong + 1 }, last: now };
        }
    }

    pub fn right(&self, account: &str, client: &str) {
        let mut known = self.known.lock().unwrap_or_else(|e| e.into_inner());
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(pair(account, client));
        drop(known);
        self.tries.lock().unwrap_or_else(|e| e.into_inner()).remove(&pair(account, client));
    }

    /// Whether the password is the hash's. None = there is no such account; takes as long all the same.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        self.in_turn(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| DUMMY.clone());
            password::fits(&password, &hash) && known
        })
        .await
    }

    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        self.in_turn(move || password::hash(&password)).await?.map_err(|_| Problem::new("request.failed"))
    }

    /// One at a time: hashing side by side would starve the audio of a small box. Always on the same thread: each
    /// thread's allocator would keep the 19 MiB of its last hash.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        static WAITING: Semaphore = Semaphore::const_new(QUEUE);
        let _place = WAITING.try_acquire().map_err(|_| Problem::new("request.busy"))?;
        let (tell, told) = oneshot::channel();
        // Whoever asked may have gone; then nobody wants the outcome.
        self.hasher.send(Box::new(move || drop(tell.send(work())))).map_err(|_| Problem::new("request.failed"))?;
        told.await.map_err(|_| Problem::new("request.failed"))
    }
}

/// Ends when the gate is gone.
fn hasher() -> mpsc::Sender<Job> {
    let (give, jobs) = mpsc::channel::<Job>();
    let run = move || jobs.into_iter().for_each(|job| job());
    if let Err(error) = std::thread::Builder::new().name("argon2".into()).spawn(run) {
        tracing::error!(%error, "no thread for passwords");
    }
    give
}

impl Tries {
    fn wait(self, free: u32, now: Instant) -> Option<Duration> {
        let over = self.wrong.checked_sub(free)?;
        let wait = Duration::from_secs(1 << over.min(9)).min(LONGEST_WAIT);
        wait.checked_sub(now.duration_since(self.last)).filter(|left| !left.is_zero())
    }
}

fn pair(account: &str, client: &str) -> String {
    format!("{client} {account}")
}

fn anyone(account: &str) -> String {
    format!("* {account}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_and_strikes_only_who_tried() {
        let (gate, start) = (Gate::default(), Instant::now());
        for _ in 0..FREE_TRIES {
            assert!(gate.check("c1/a", "10.0.0.1", start).is_ok());
            gate.wrong("c1/a", "10.0.0.1", start);
        }
        assert!(gate.check("c1/a", "10.0.0.1", start).is_err());
        assert!(gate.check("c1/a", "10.0.0.2", start).is_ok(), "another client of the same account");
        assert!(gate.check("c1/b", "10.0.0.1", start).is_ok(), "another account of the same client");
        let later = start + Duration::from_secs(1);
        assert!(gate.check("c1/a", "10.0.0.1", later).is_ok());
        for _ in 0..20 {
            gate.wrong("c1/a", "10.0.0.1", later);
        }
        let Err(refusal) = gate.check("c1/a", "10.0.0.1", later) else { panic!("not refused") };
        assert_eq!(refusal.args["seconds"], "301");
        gate.right("c1/a", "10.0.0.1");
        assert!(gate.check("c1/a", "10.0.0.1", later).is_ok());
    }

    #[test]
    fn spraying_over_accounts_is_slowed_too() {
        let (gate, now) = (Gate::default(), Instant::now());
        for account in 0..FREE_TRIES_OF_CLIENT {
            gate.wrong(&account.to_string(), "10.0.0.1", now);
        }
        assert!(gate.check("another", "10.0.0.1", now).is_err());
        assert!(gate.check("another", "10.0.0.2", now).is_ok());
    }

    #[test]
    fn guessing_from_many_places_is_slowed_and_who_is_known_is_not_locked_out() {
        let (gate, now) = (Gate::default(), Instant::now());
        gate.right("c1/a", "10.0.0.9");
        let mut evaluated = 0;
        for n in 0..200 {
            let client = format!("10.1.0.{n}");
            while gate.check("c1/a", &client, now).is_ok() {
                gate.wrong("c1/a", &client, now);
                evaluated += 1;
            }
        }
        assert_eq!(evaluated, FREE_TRIES_OF_ACCOUNT);
        assert!(gate.check("c1/a", "10.0.0.9", now).is_ok(), "he logged in from there before");
        assert!(gate.check("c1/b", "10.1.0.200", now).is_ok(), "another account");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let (gate, now) = (Gate::default(), Instant::now());
        for n in 0..REMEMBERED + 100 {
            gate.wrong("a", &n.to_string(), now);
        }
        assert!(gate.tries.lock().unwrap_or_else(|e| e.into_inner()).len() <= REMEMBERED);
    }
}
