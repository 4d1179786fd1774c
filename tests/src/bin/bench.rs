//! `make bench`: what things cost, measured on the release programs from outside (CPU and memory from /proc).
//! Prints a table with the machine's load and writes target/bench.json: name → {value, unit}.

use anyhow::{Context, ensure};
use hutong_api::page::ListReply;
use hutong_tests::{
    api::Person,
    books::Books,
    busy::calls_while_importing,
    demo::{DESK_TIMES, Demo, Running},
    leads,
    process::{anonymous, peak_rss, program, usage},
    records, within,
};
use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

fn main() -> anyhow::Result<()> {
    let mut bench = Bench::default();
    // One part alone, for whoever works on it; writes no file.
    if let Some(part) = std::env::args().nth(1) {
        println!("load average at the start: {}", load());
        match part.as_str() {
            "media" => media(&mut bench)?,
            "import" => import(&mut bench)?,
            "busy" => busy(&mut bench)?,
            "lists" => lists(&mut bench)?,
            "originate" => originate(&mut bench)?,
            "memory" => memory(&mut bench)?,
            other => anyhow::bail!("no part {other}: media, import, busy, lists, originate or memory"),
        }
        bench.print();
        return Ok(());
    }
    println!("load average at the start: {}", load());
    media(&mut bench)?;
    import(&mut bench)?;
    busy(&mut bench)?;
    lists(&mut bench)?;
    originate(&mut bench)?;
    memory(&mut bench)?;
    bench.print();
    bench.write()
}

/// Carrier ↔ browser calls through the media thread alone, by the load generator beside it: the kernel's CPU figures of
/// the media and writer threads. An agent is always a browser here, so a bridged call is one with DTLS-SRTP on one side.
fn media(bench: &mut Bench) -> anyhow::Result<()> {
    #[derive(serde::Deserialize)]
    struct Load {
        media_cpu_s_per_call_minute: f64,
        writer_cpu_s_per_call_minute: f64,
        set_up_ms: f64,
        lost: f64,
    }
    let Ok(generator) = program("examples/media_load") else {
        println!("media: examples/media_load is not built, left out");
        return Ok(());
    };
    let load = |how: &str| -> anyhow::Result<Load> {
        let out = Command::new(&generator).args(["50", "30", how]).output()?;
        ensure!(out.status.success(), "media_load: {}", String::from_utf8_lossy(&out.stderr));
        let text = String::from_utf8(out.stdout)?;
        let line = text.lines().rev().find(|line| line.starts_with('{')).context("media_load printed no figures")?;
        Ok(serde_json::from_str(line)?)
    };
    let (plain, recorded) = (load("plain")?, load("recorded")?);
    let cost = |load: &Load| load.media_cpu_s_per_call_minute + load.writer_cpu_s_per_call_minute;
    bench.put("bridged_cpu_s_per_call_minute", cost(&plain), "CPU-s");
    bench.put("bridged_recorded_cpu_s_per_call_minute", cost(&recorded), "CPU-s");
    bench.put("browser_recorded_cpu_s_per_call_minute", cost(&recorded), "CPU-s");
    bench.put("recording_extra_cpu_s_per_call_minute", recorded.writer_cpu_s_per_call_minute, "CPU-s");
    bench.put("browser_leg_set_up_ms", recorded.set_up_ms, "CPU-ms");
    bench.put("media_packets_lost", plain.lost + recorded.lost, "");
    Ok(())
}

/// 300,000 rows through the HTTP interface, from the upload's first byte to the visible list.
fn import(bench: &mut Bench) -> anyhow::Result<()> {
    const ROWS: u32 = 300_000;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("office");
    let few = leads::good(folder.path(), 1)?;
    let many = leads::good(folder.path(), ROWS)?;
    let demo = Demo::new(&data).leads(&few).agents(0).log(DESK_TIMES).start()?;
    let admin = admin(&demo)?;
    let campaign = Books::open(&data)?.count("SELECT MAX(id) FROM campaign")?;
    imported(bench, &demo, "import_300k", || {
        let status = admin.import(&format!("/api/import/campaigns?campaign={campaign}"), &many)?.done()?;
        ensure!(status.rows == ROWS && status.added + status.duplicate == ROWS, "{status:?}");
        Ok(())
    })?;
    let people = records::people(folder.path(), ROWS)?;
    imported(bench, &demo, "import_customers_300k", || {
        let status = admin.import("/api/import/customers", &people)?.done()?;
        ensure!(status.rows == ROWS && status.added == ROWS, "{status:?}");
        Ok(())
    })
}

/// Time, CPU, memory above rest and the longest transaction of an import.
fn imported(
    bench: &mut Bench,
    demo: &Running,
    name: &str,
    work: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let ((cpu, rest), logged) = (usage(demo.pid())?, demo.logged().len());
    // 5 makes the kernel forget the peak so far (proc(5), clear_refs).
    fs::write(format!("/proc/{}/clear_refs", demo.pid()), "5")?;
    let begun = Instant::now();
    work()?;
    bench.put(&format!("{name}_seconds"), begun.elapsed().as_secs_f64(), "s");
    bench.put(&format!("{name}_cpu_s"), usage(demo.pid())?.0 - cpu, "CPU-s");
    bench.put(&format!("{name}_extra_mb"), peak_rss(demo.pid())?.saturating_sub(rest) as f64 / 1024.0, "MB");
    bench.put(&format!("{name}_longest_transaction_ms"), longest(&demo.desk_times(logged)), "ms");
    Ok(())
}

fn longest(times: &[f64]) -> f64 {
    let mut slowest = times.to_vec();
    slowest.sort_by(|a, b| b.total_cmp(a));
    println!("    {} transactions, the longest: {:.1?} ms", times.len(), &slowest[..slowest.len().min(5)]);
    slowest.first().copied().unwrap_or_default()
}

/// Ten calls up while 300,000 rows are imported.
fn busy(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let found = calls_while_importing(folder.path(), 10, 300_000)?;
    println!("    {found:?}");
    ensure!(found.throughout > 0, "no call lasted through the import");
    bench.put("busy_import_300k_seconds", found.import_seconds, "s");
    bench.put("busy_longest_transaction_ms", found.longest_desk_ms, "ms");
    bench.put("busy_calls", found.calls as f64, "");
    bench.put("busy_recording_gaps", found.gaps as f64, "");
    bench.put("busy_holes_10ms_of_callees", found.holes_of_callees as f64, "");
    bench.put("busy_holes_10ms_of_agents", found.holes_of_agents as f64, "");
    bench.put("busy_packets_lost", (found.lost_to_callees + found.lost_to_agents) as f64, "");
    bench.put("busy_jitter_ms", found.jitter_ms, "ms");
    bench.put("busy_latest_packet_ms", found.late_ms, "ms");
    Ok(())
}

/// Lists, exports and the import of a workbook where the company has a million customers, through the HTTP interface.
fn lists(bench: &mut Bench) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("office");
    let few = leads::good(folder.path(), 1)?;
    let demo = Demo::new(&data).leads(&few).agents(0).log(DESK_TIMES).start()?;
    let admin = admin(&demo)?;
    records::customers(&data, 1_000_000)?;
    let list = |asked: &str| admin.get::<ListReply>(&format!("/api/p/customers{asked}"))?.done();
    // The slowest query of each kind, each the best of three: what is measured is the work, not the neighbours'.
    let slowest = |kind: &[&str]| -> anyhow::Result<f64> {
        let mut slowest = 0.0_f64;
        for asked in kind {
            let mut best = f64::MAX;
            for _ in 0..3 {
                let begun = Instant::now();
                list(asked)?;
                best = best.min(begun.elapsed().as_secs_f64() * 1000.0);
            }
            println!("    {asked}: {best:.1} ms");
            slowest = slowest.max(best);
        }
        Ok(slowest)
    };
    let found = list("")?;
    ensure!(found.more && found.total == 10_000, "a million is not counted: {}", found.total);
    bench.put("customers_1m_first_page_ms", slowest(&["", "?size=200", "?page=300"])?, "ms");
    let filters = [
        "?q.mobile=15400010000",
        "?q.owner=1",
        "?q.created_from=2023-11-15",
        "?q.created_to=2023-11-15",
        "?q.owner=2&q.created_from=2023-11-15",
        "?q.category=%E6%84%8F%E5%90%91",
    ];
    bench.put("customers_1m_indexed_filter_ms", slowest(&filters)?, "ms");
    let texts = ["?q.name=999999", "?q.organisation=49999", "?q.name=nobody", "?q.mobile=0000999"];
    bench.put("customers_1m_free_text_ms", slowest(&texts)?, "ms");
    bench.put(
        "customers_1m_sort_ms",
        slowest(&["?sort=name", "?sort=-organisation", "?sort=owner", "?sort=updated"])?,
        "ms",
    );
    bench.put("customers_1m_exact_count_ms", slowest(&["?exact=1"])?, "ms");
    let peak = |work: &dyn Fn() -> anyhow::Result<()>| -> anyhow::Result<(f64, f64)> {
        let before = usage(demo.pid())?.1;
        fs::write(format!("/proc/{}/clear_refs", demo.pid()), "5")?;
        let begun = Instant::now();
        work()?;
        let seconds = begun.elapsed().as_secs_f64();
        Ok((seconds, peak_rss(demo.pid())?.saturating_sub(before) as f64 / 1024.0))
    };
    for (format, words) in [
        ("csv", ("export_1m_seconds", "export_1m_peak_mb")),
        ("xlsx", ("export_1m_xlsx_seconds", "export_1m_xlsx_peak_mb")),
    ] {
        let (seconds, extra) = peak(&|| {
            let bytes = admin.download(&format!("/api/p/customers/export?format={format}"))?;
            ensure!(bytes > 20 << 20, "only {bytes} bytes");
            Ok(())
        })?;
        bench.put(words.0, seconds, "s");
        bench.put(words.1, extra, "MB");
    }
    let campaign = Books::open(&data)?.count("SELECT MAX(id) FROM campaign")?;
    let many = records::workbook(folder.path(), 300_000)?;
    imported(bench, &demo, "import_xlsx_300k", || {
        let status = admin.import(&format!("/api/import/campaigns?campaign={campaign}"), &many)?.done()?;
        ensure!(status.rows == 300_000 && status.added + status.duplicate == 300_000, "{status:?}");
        Ok(())
    })
}

/// A predictive office at full speed: every callee rings 2 s, answers, hears the greeting, is given to an agent and
/// hangs up 5 s after the answer. Recorded, billed, on the wall. The service's CPU over a steady minute.
fn originate(bench: &mut Bench) -> anyhow::Result<()> {
    const AGENTS: u32 = 40;
    const SECONDS: u64 = 60;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("office");
    let list = leads::all_like(folder.path(), 9_000, "0012")?;
    let mut demo = Demo::new(&data).leads(&list).agents(AGENTS).start()?;
    let books = Books::open(&data)?;
    let idle = usage(demo.pid())?.1;
    bench.put("rss_idle_mb", idle as f64 / 1024.0, "MB");
    let calls = || books.count("SELECT COUNT(*) FROM cdr WHERE answered IS NOT NULL");
    ensure!(within(90, || calls().is_ok_and(|calls| calls > AGENTS.into())), "no calls: {}", demo.told());
    let (calls_before, cpu_before) = (calls()?, usage(demo.pid())?.0);
    let mut up = 0.0;
    for _ in 0..SECONDS {
        std::thread::sleep(Duration::from_secs(1));
        up += books.count("SELECT COUNT(*) FROM open_call")? as f64 / SECONDS as f64;
    }
    let (calls_after, (cpu, _)) = (calls()?, usage(demo.pid())?);
    let made = (calls_after - calls_before) as f64;
    ensure!(made > 30.0, "only {made} calls in {SECONDS} s");
    bench.put("originate_cpu_s_per_1000", (cpu - cpu_before) / made * 1000.0, "CPU-s");
    bench.put("originate_calls_per_s", made / SECONDS as f64, "1/s");
    bench.put("office_calls_up", up, "");
    let late = books.count("SELECT COUNT(*) FROM cdr WHERE result = 'abandoned'")?;
    bench.put("originate_abandoned_percent", late as f64 * 100.0 / calls_after as f64, "%");
    ensure!(demo.stop()?.success(), "{}", demo.told());
    books.audit()
}

/// What one more call costs in memory, its agent's browser leg and its recording included: the difference between two
/// offices in which all agents talk. What the service takes anyway, whatever it does, is in both.
fn memory(bench: &mut Bench) -> anyhow::Result<()> {
    let office = |agents: u32| -> anyhow::Result<(f64, f64)> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("office");
        let list = leads::all_like(folder.path(), agents * 4, "0004")?;
        let mut demo = Demo::new(&data).leads(&list).agents(agents).unhurried().start()?;
        let books = Books::open(&data)?;
        let talking = || books.count("SELECT COUNT(*) FROM open_call WHERE bridged IS NOT NULL");
        let most = i64::from(agents) * 9 / 10;
        ensure!(within(60, || talking().is_ok_and(|up| up >= most)), "{} talk: {}", talking()?, demo.told());
        // What setting them up took is given back, or is not.
        std::thread::sleep(Duration::from_secs(3));
        let found = (talking()? as f64, anonymous(demo.pid())? as f64);
        demo.stop()?;
        Ok(found)
    };
    let ((few, small), (many, large)) = (office(5)?, office(45)?);
    ensure!(many > few + 20.0, "{few} and {many} calls tell nothing");
    println!("    {few} calls: {small} kB; {many} calls: {large} kB");
    bench.put("memory_kb_per_call", (large - small) / (many - few), "kB");
    Ok(())
}

fn admin(demo: &Running) -> anyhow::Result<Person> {
    let ready = &demo.ready;
    Person::login(&ready.url, &ready.company, &ready.account, &ready.password)
}

#[derive(Default)]
struct Bench(BTreeMap<String, Figure>);

#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Figure {
    value: f64,
    unit: String,
}

impl Bench {
    fn put(&mut self, name: &str, value: f64, unit: &str) {
        println!("  {name}: {value:.3} {unit}");
        self.0.insert(name.to_owned(), Figure { value, unit: unit.to_owned() });
    }

    fn print(&self) {
        println!("\n{:<40} {:>12}  unit", "figure", "value");
        for (name, figure) in &self.0 {
            println!("{name:<40} {:>12.3}  {}", figure.value, figure.unit);
        }
        let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
        println!("load average at the end: {}; {cores} cores", load());
    }

    fn write(&self) -> anyhow::Result<()> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench.json");
        fs::write(&path, serde_json::to_string_pretty(&self.0)? + "\n")?;
        println!("written: target/bench.json");
        Ok(())
    }
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}
