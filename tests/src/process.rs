//! Child processes: found beside the running test, never outliving it.

use anyhow::{Context, ensure};
use std::{
    path::PathBuf,
    process::{Child, Command, ExitStatus},
    time::{Duration, Instant},
};

/// Path of one of the workspace's programs, in the same profile as the running test or benchmark.
///
/// # Errors
/// It is not built: cargo builds no binaries of other packages for a test.
pub fn program(name: &str) -> anyhow::Result<PathBuf> {
    let me = std::env::current_exe()?;
    let folder = me.ancestors().skip(1).find(|folder| !folder.ends_with("deps")).context("no folder")?;
    let path = folder.join(name);
    ensure!(path.exists(), "{} is not built: cargo build --workspace --bins", path.display());
    Ok(path)
}

/// A child that is killed when it goes out of scope.
#[derive(Debug)]
pub struct Process {
    child: Child,
}

impl Process {
    pub fn spawn(command: &mut Command) -> anyhow::Result<Process> {
        let child = command.spawn().with_context(|| format!("{:?}", command.get_program()))?;
        Ok(Process { child })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// SIGKILL: no handler, no flush, no goodbye.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM, and time to obey.
    pub fn stop(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let told = Command::new("kill").args(["-TERM", &self.id().to_string()]).status()?;
        ensure!(told.success(), "cannot signal process {}", self.id());
        self.wait(limit)
    }

    pub fn wait(&mut self, limit: Duration) -> anyhow::Result<ExitStatus> {
        let until = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < until, "process {} still runs after {limit:?}", self.id());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Already gone is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// CPU seconds (user and system) a process has used, and its resident kilobytes; from /proc.
pub fn usage(pid: u32) -> anyhow::Result<(f64, u64)> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the last ')', since the name may hold anything: state is field 3, utime and stime 14 and 15.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|f| f.parse::<u64>().ok()).context("/proc stat");
    let cpu = (ticks(11)? + ticks(12)?) as f64 / 100.0;
    Ok((cpu, memory(pid, "VmRSS:")?))
}

/// The largest resident size a process ever had, in kilobytes.
pub fn peak_rss(pid: u32) -> anyhow::Result<u64> {
    memory(pid, "VmHWM:")
}

/// Resident kilobytes that are the process's own, not mapped files.
pub fn anonymous(pid: u32) -> anyhow::Result<u64> {
    memory(pid, "RssAnon:")
}

fn memory(pid: u32, name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).context("/proc status")?;
    line.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).context("/proc status")
}
