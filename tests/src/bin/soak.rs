//! `make soak`: an office for many minutes with a kill now and then, watched for growth and for broken invariants; what each life
//! decided, ten minutes of SIP, a bare engine decides again.

use anyhow::{Context, ensure};
use hutong_tests::{
    books::Books,
    demo::{Demo, replayed},
    leads,
    process::usage,
};
use std::time::{Duration, Instant};

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip_while(|arg| arg != "--minutes");
    let minutes: u64 = args.nth(1).map_or(Ok(60), |minutes| minutes.parse()).context("--minutes N")?;
    let until = Instant::now() + Duration::from_secs(minutes * 60);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("office");
    let list = leads::good(folder.path(), 60_000)?;
    let journal = folder.path().join("journal");
    let office = Demo::new(&data).leads(&list).agents(10).journal(&journal);
    let mut life = 0;
    while Instant::now() < until {
        life += 1;
        let mut demo = office.start()?;
        let end = (Instant::now() + Duration::from_secs(600)).min(until);
        let mut settled = None;
        while Instant::now() < end {
            std::thread::sleep(Duration::from_secs(20));
            let (cpu, resident) = usage(demo.pid()).with_context(|| format!("the service died: {}", demo.told()))?;
            let calls = Books::open(&data)?.count("SELECT COUNT(*) FROM cdr")?;
            println!("life {life}: {calls} calls, {cpu:.1} CPU-s, {} MB", resident / 1024);
            // What it has after two minutes is what it needs; half as much again is a leak.
            let first = *settled.get_or_insert(if cpu > 0.0 { resident } else { u64::MAX });
            ensure!(resident < first * 3 / 2 + 50_000, "grew from {first} to {resident} kB");
        }
        if Instant::now() < until {
            demo.kill()?;
        } else {
            ensure!(demo.stop()?.success(), "{}", demo.told());
        }
        println!("life {life}: {}", replayed(&journal)?);
    }
    Books::open(&data)?.audit()?;
    println!("{life} lives, the books are right");
    Ok(())
}
