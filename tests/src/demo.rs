//! `hutong demo` as a child process.

use crate::process::{Process, program};
use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

/// First line of `hutong demo --json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    pub url: String,
    pub company: String,
    pub account: String,
    pub password: String,
    pub data: PathBuf,
    pub carrier_log: PathBuf,
    pub pid: u32,
    /// The line itself, for programs that want more of it.
    #[serde(skip)]
    pub line: String,
}

/// Last line of `hutong demo --finish --json`.
#[derive(Debug, Clone, Deserialize)]
pub struct Summary {
    pub leads: u64,
    pub imported: u64,
    pub duplicates: u64,
    pub bad: u64,
    pub blocked: u64,
    pub dialled: u64,
    pub answered: u64,
    pub to_agent: u64,
    pub abandoned: u64,
    pub recordings: u64,
    pub cdrs: u64,
    pub top_ups_micro_yuan: i64,
    pub charges_micro_yuan: i64,
    pub seat_fees_micro_yuan: i64,
    pub corrections_micro_yuan: i64,
    pub balance_micro_yuan: i64,
    pub reconciled: bool,
    pub seconds: f64,
}

/// A log with the time of each transaction of the desk in it.
pub const DESK_TIMES: &str = "info,rsipstack=warn,rtc=warn,rtc_dtls=error,hutong::store=debug";

/// What to start.
#[derive(Debug, Clone)]
pub struct Demo {
    pub data: PathBuf,
    pub leads: Option<PathBuf>,
    pub agents: u32,
    pub seed: u64,
    pub finish: bool,
    /// Rings and talks of seconds.
    pub quick: bool,
    /// What the service logs (HUTONG_LOG), where it is not the usual.
    pub log: Option<String>,
    /// Where the engine's journal is kept (HUTONG_JOURNAL).
    pub journal: Option<PathBuf>,
}

/// A demo that runs.
pub struct Running {
    pub ready: Ready,
    process: Process,
    printed: Arc<Mutex<Vec<String>>>,
    data: PathBuf,
}

/// Plays a journal to a bare engine (`hutong replay`); what that said.
///
/// # Errors
/// It decided otherwise, or the journal cannot be read.
pub fn replayed(journal: &Path) -> anyhow::Result<String> {
    let mut command = Command::new(program("hutong")?);
    let output = command.arg("replay").arg(journal).env("HUTONG_LANG", "en").output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

impl Demo {
    pub fn new(data: &Path) -> Demo {
        Demo {
            data: data.into(),
            leads: None,
            agents: 6,
            seed: 7,
            finish: false,
            quick: true,
            log: None,
            journal: None,
        }
    }

    pub fn leads(mut self, file: &Path) -> Demo {
        self.leads = Some(file.into());
        self
    }

    pub fn agents(mut self, agents: u32) -> Demo {
        self.agents = agents;
        self
    }

    /// Rings and talks as long as in life: calls stay up for up to a minute and more.
    pub fn unhurried(mut self) -> Demo {
        self.quick = false;
        self
    }

    pub fn log(mut self, filter: &str) -> Demo {
        self.log = Some(filter.into());
        self
    }

    pub fn journal(mut self, file: &Path) -> Demo {
        self.journal = Some(file.into());
        self
    }

    pub fn finish(mut self) -> Demo {
        self.finish = true;
        self
    }

    pub fn command(&self) -> anyhow::Result<Command> {
        let mut command = Command::new(program("hutong")?);
        command.args(["demo", "--json"]);
        if self.quick {
            command.arg("--quick");
        }
        if let Some(filter) = &self.log {
            command.env("HUTONG_LOG", filter);
        }
        if let Some(journal) = &self.journal {
            command.env("HUTONG_JOURNAL", journal);
        }
        command.args(["--seed", &self.seed.to_string(), "--agents", &self.agents.to_string()]);
        command.arg("--data").arg(&self.data);
        if let Some(leads) = &self.leads {
            command.arg("--leads").arg(leads);
        }
        if self.finish {
            command.arg("--finish");
        }
        Ok(command)
    }

    /// Starts it and waits until it says that it is up. What it prints goes to `stdout`, `stderr` beside the data.
    ///
    /// # Errors
    /// It ends or stays silent for a minute instead; the error holds what it said.
    pub fn start(&self) -> anyhow::Result<Running> {
        let errors = self.data.with_extension("stderr");
        let mut command = self.command()?;
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        command.stderr(File::options().create(true).append(true).open(&errors)?);
        let mut process = Process::spawn(&mut command)?;
        let stdout = process.child().stdout.take().context("no stdout")?;
        let printed = Arc::new(Mutex::new(Vec::new()));
        let (first, ready) = mpsc::channel();
        let kept = printed.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = first.send(line.clone());
                kept.lock().unwrap_or_else(|e| e.into_inner()).push(line);
            }
        });
        let told = || std::fs::read_to_string(&errors).unwrap_or_default();
        let line = match ready.recv_timeout(Duration::from_secs(60)) {
            Ok(line) => line,
            Err(_) => bail!("the demo did not come up: {}", told()),
        };
        let ready: Ready = serde_json::from_str(&line).with_context(|| format!("first line: {line}\n{}", told()))?;
        let ready = Ready { line, ..ready };
        Ok(Running { ready, process, printed, data: self.data.clone() })
    }
}

impl Running {
    pub fn pid(&self) -> u32 {
        self.ready.pid
    }

    pub fn kill(&mut self) -> anyhow::Result<()> {
        ensure!(self.ready.pid == self.process.id(), "the service is not the process started");
        self.process.kill()
    }

    /// Waits until it ends by itself.
    pub fn ended(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        self.process.wait(limit)
    }

    pub fn stop(&mut self) -> anyhow::Result<ExitStatus> {
        self.process.stop(Duration::from_secs(30))
    }

    /// Waits for `--finish` to finish.
    ///
    /// # Errors
    /// It takes longer, or its last line is no summary.
    pub fn finished(&mut self, limit: Duration) -> anyhow::Result<(ExitStatus, Summary)> {
        let status = self.process.wait(limit)?;
        let mut last = None;
        // The reader thread may be a moment behind the exit.
        crate::within(5, || {
            let lines = self.printed.lock().unwrap_or_else(|e| e.into_inner());
            last = lines.iter().rev().find_map(|line| serde_json::from_str::<Summary>(line).ok());
            last.is_some()
        });
        last.map(|summary| (status, summary)).with_context(|| format!("no summary, {status}: {}", self.told()))
    }

    /// What the service logged.
    pub fn logged(&self) -> String {
        std::fs::read(self.data.join("hutong.log"))
            .map_or_else(|_| String::new(), |log| String::from_utf8_lossy(&log).into())
    }

    /// Milliseconds of each desk transaction since the log had `from` bytes, for a demo with `DESK_TIMES` logged.
    pub fn desk_times(&self, from: usize) -> Vec<f64> {
        let log = self.logged();
        let times =
            log.get(from..).unwrap_or_default().lines().filter_map(|line| line.split_once("desk transaction micros="));
        times.filter_map(|(_, micros)| micros.trim().parse::<f64>().ok()).map(|micros| micros / 1000.0).collect()
    }

    /// What it wrote to its standard error.
    pub fn told(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("stderr")).unwrap_or_default()
    }
}
