//! The demo's child processes: the simulated carrier, the bot agents, the console. They outlive a crash of the service on
//! purpose: the carrier's own log is the truth that a restarted service is measured against.

use super::state::{Login, State};
use anyhow::Context;
use hutong_api::Lang;
use std::{
    fs::File,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

pub(super) const CARRIER_LOG: &str = "carrier.jsonl";
const BOTS_LOG: &str = "bots.jsonl";
/// A child that has lost the service for so long goes too.
const ORPHAN_S: &str = "60";
/// How long children get between being told and being killed.
const GRACE: Duration = Duration::from_secs(2);

#[derive(Default)]
pub(super) struct Children {
    carrier: Option<Child>,
    bots: Option<Child>,
    /// Children of an earlier process of this office that are still there.
    adopted: Vec<u32>,
}

impl Children {
    /// The office's carrier: the one that outlived a crash, or a new one.
    pub(super) async fn carrier(&mut self, state: &State, data: &Path) -> anyhow::Result<SocketAddr> {
        if let (Some(address), Some(pid)) = (state.carrier, state.carrier_pid)
            && alive(pid)
        {
            self.adopted.push(pid);
            return Ok(address);
        }
        let mut command = Command::new(sibling("hutong-simulator")?);
        let listen = state.carrier.map_or("127.0.0.1:0".to_owned(), |address| address.to_string());
        command.args(["carrier", "--listen", &listen, "--seed", &state.seed.to_string(), "--orphan-exit", ORPHAN_S]);
        command.arg("--log").arg(data.join(CARRIER_LOG));
        if state.quick {
            command.arg("--quick");
        }
        let log = File::options().create(true).append(true).open(data.join("carrier.err"))?;
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let stdout = child.stdout.take().context("the carrier has no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).await?;
        let ready: serde_json::Value = serde_json::from_str(&line).with_context(|| format!("carrier said {line:?}"))?;
        let address = ready["listening"].as_str().context("the carrier names no address")?.parse()?;
        self.carrier = Some(child);
        Ok(address)
    }

    pub(super) fn carrier_pid(&self) -> Option<u32> {
        self.carrier.as_ref().and_then(Child::id)
    }

    pub(super) fn bots(&mut self, state: &mut State, data: &Path, service: &SocketAddr) -> anyhow::Result<()> {
        if state.bots.is_empty() {
            return Ok(());
        }
        if let Some(pid) = state.bots_pid
            && alive(pid)
        {
            self.adopted.push(pid);
            return Ok(());
        }
        let logins = data.join("bots.json");
        write_private(&logins, &serde_json::to_vec(&state.bots.iter().map(login_json).collect::<Vec<_>>())?)?;
        let mut command = Command::new(sibling("hutong-simulator")?);
        command.args(["bots", "--connect", &format!("http://{service}"), "--company", super::office::COMPANY]);
        command.args(["--seed", &state.seed.to_string(), "--orphan-exit", ORPHAN_S]);
        command.arg("--agents").arg(logins).arg("--log").arg(data.join(BOTS_LOG));
        if state.quick {
            command.arg("--quick");
        }
        let log = File::options().create(true).append(true).open(data.join("bots.err"))?;
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?;
        state.bots_pid = child.id();
        self.bots = Some(child);
        Ok(())
    }

    /// Opens the console on this terminal and waits until it is closed.
    pub(super) async fn console(&mut self, state: &State, service: &SocketAddr, lang: Lang) -> anyhow::Result<()> {
        let tag = if lang == Lang::En { "en" } else { "zh-CN" };
        let mut command = Command::new(sibling("hutong-console")?);
        command.args(["--connect", &format!("http://{service}"), "--company", super::office::COMPANY]);
        command.args(["--account", "admin", "--lang", tag]).env("HUTONG_PASSWORD", &state.admin_password);
        let status = command.status().await?;
        if !status.success() {
            anyhow::bail!("the console ended with {status}");
        }
        Ok(())
    }

    pub(super) async fn end(mut self) {
        let mut pids = std::mem::take(&mut self.adopted);
        pids.extend(self.carrier.iter().chain(self.bots.iter()).filter_map(Child::id));
        for pid in &pids {
            // SIGTERM through kill(1): the standard library only knows SIGKILL.
            let _ = Command::new("kill").arg(pid.to_string()).stderr(Stdio::null()).status().await;
        }
        for child in [self.carrier.as_mut(), self.bots.as_mut()].into_iter().flatten() {
            if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
                let _ = child.kill().await;
            }
        }
    }
}

fn login_json(login: &Login) -> serde_json::Value {
    serde_json::json!({ "account": login.account, "password": login.password })
}

/// Is this pid one of our simulators? (A pid may have been given to another program meanwhile.)
fn alive(pid: u32) -> bool {
    let program = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    program.starts_with("hutong-simulat")
}

/// Another binary of the same build.
fn sibling(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name(name);
    if path.exists() { Ok(path) } else { anyhow::bail!("{} is missing: build the whole workspace", path.display()) }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    File::options().create(true).write(true).truncate(true).mode(0o600).open(path)?.write_all(bytes)
}
