//! 号码隐藏 over a running office (F87): agents and a supervisor who may not see numbers work through a wire that keeps
//! every byte the service sends them, while a campaign dials numbers made for this. None of them may be in it, whole or in
//! part, nor in the log.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_api::{catalogue, live::Command as Cmd};
use hutong_tests::{
    api::{Live, Person},
    books::Books,
    demo::{Demo, Running},
    needles::Needles,
    process::{Process, program},
    scratch,
    wire::Wire,
    within,
};
use std::{
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const PASSWORD: &str = "hide-9-away";
const AGENTS: [&str; 3] = ["8101", "8102", "8103"];
const SUPERVISOR: &str = "8109";
/// All that is said of a call, short of whole SIP messages.
const LOG: &str = "hutong=trace,hutong_core=trace,info,rsipstack=warn,rtc=warn,rtc_dtls=error";
const TALKS: i64 = 6;

/// Middles that nothing else is likely to hold, and callees of every kind: who talks, hangs up, is busy or vacant.
fn canaries() -> Vec<String> {
    let kinds = ["0004", "0012", "0007", "0001", "0003", "0006"];
    (0..48).map(|n| format!("154{}{}", 7_301 + n * 13, kinds[n % kinds.len()])).collect()
}

/// The numbers stand in names and notes, too, as people write them.
fn list(folder: &Path, numbers: &[String]) -> std::path::PathBuf {
    let row = |number: &String| format!("{number},张 {number},回电 {}-{}\n", &number[..3], &number[3..]);
    let file = folder.join("list.csv");
    let text = format!("手机号码,客户名称,备注\n{}", numbers.iter().map(row).collect::<String>());
    std::fs::write(&file, text).unwrap();
    file
}

#[test]
fn a_running_office_tells_hidden_seats_no_number() {
    let folder = scratch("hidden").unwrap();
    let data = folder.join("office");
    let numbers = canaries();
    let mut demo = Demo::new(&data).leads(&list(&folder, &numbers)).agents(0).log(LOG).start().unwrap();
    let ready = demo.ready.clone();
    let admin = Person::login(&ready.url, &ready.company, &ready.account, &ready.password).unwrap();
    let books = Books::open(&data).unwrap();
    hide(&admin, &books);
    let wire = Wire::before(ready.url.trim_start_matches("http://").parse().unwrap()).unwrap();
    let near = format!("http://{}", wire.address);
    let bots = agents(&near, &ready.company, &folder);

    let supervisor = Person::login(&near, &ready.company, SUPERVISOR, PASSWORD).unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let watched = watch(supervisor.live().unwrap(), over.clone());
    let mut seen = Vec::new();
    let talks = || books.count("SELECT COUNT(*) FROM cdr WHERE bridged IS NOT NULL").unwrap();
    // Looked at before the first call, during calls and after the last.
    let done = within(60, || {
        seen.extend(everything(&supervisor));
        talks() >= TALKS
    });
    assert!(done, "{} talks: {}", talks(), demo.told());
    over.store(true, Ordering::Relaxed);
    seen.push(("board".into(), watched.join().unwrap()));
    drop(bots);
    let open = everything(&admin);
    let stderr = stopped(&mut demo);

    let needles = Needles::of(numbers.iter().map(String::as_str));
    for (path, bytes) in &seen {
        assert!(
            needles.found(bytes).is_empty(),
            "{path}: {:?}\n{}",
            needles.found(bytes),
            String::from_utf8_lossy(bytes)
        );
    }
    let kept = wire.kept();
    for bytes in &kept {
        assert!(needles.found(bytes).is_empty(), "{:?}\n{}", needles.found(bytes), String::from_utf8_lossy(bytes));
    }
    let log = std::fs::read(data.join("hutong.log")).unwrap();
    assert!(log.len() > 1_000 && needles.found(&log).is_empty(), "the log: {:?}", needles.found(&log));
    assert!(needles.found(stderr.as_bytes()).is_empty(), "{stderr}");

    // What was looked at is what it is taken for: cards, board, media answers and lists, with the numbers masked.
    let heard = kept.concat();
    let times = |word: &str| heard.windows(word.len()).filter(|window| *window == word.as_bytes()).count();
    assert!(times("\"msg\":\"pop\"") as i64 >= TALKS, "{} cards", times("\"msg\":\"pop\""));
    for word in ["\"msg\":\"board\"", "a=fingerprint", "a=candidate", "https://crm.example/?t=", "154****0004"] {
        assert!(times(word) > 0, "nothing with {word} came over the wire");
    }
    let found: usize = open.iter().map(|(_, bytes)| needles.found(bytes).len()).sum();
    assert!(found > numbers.len(), "the search is blind: an administrator's eyes found {found}");
}

/// Three agents and a supervisor with 号码隐藏, and a page of the office's own that opens beside each card.
fn hide(admin: &Person, books: &Books) {
    let id = |sql: &str| books.count(sql).unwrap().to_string();
    let department = id("SELECT MAX(id) FROM department");
    let seat = |extension: &str, role: &str| {
        let role = id(&format!("SELECT id FROM role WHERE code = '{role}'"));
        let name = format!("隐{extension}");
        let values = [
            ("extension", extension),
            ("account", extension),
            ("password", PASSWORD),
            ("name", &name),
            ("role", &role),
            ("department", &department),
            ("level", "normal"),
            ("auto_answer", "true"),
            ("hide_numbers", "true"),
            ("enabled", "true"),
        ];
        admin.fill("/api/p/seats", &values).unwrap();
    };
    AGENTS.iter().for_each(|extension| seat(extension, "agent"));
    seat(SUPERVISOR, "supervisor");
    let kinds = books.texts("SELECT CAST(id AS TEXT) FROM pop_setting").unwrap();
    for kind in kinds {
        let url = "https://crm.example/?t={phone}&n={name}&c={call}";
        admin.fill(&format!("/api/p/pop_settings/{kind}"), &[("moment", "at_ring"), ("url", url)]).unwrap();
    }
}

/// Bot agents behind the wire.
fn agents(near: &str, company: &str, folder: &Path) -> Process {
    let logins: Vec<_> =
        AGENTS.iter().map(|account| serde_json::json!({ "account": account, "password": PASSWORD })).collect();
    let file = folder.join("bots.json");
    std::fs::write(&file, serde_json::to_vec(&logins).unwrap()).unwrap();
    let mut command = Command::new(program("hutong-simulator").unwrap());
    command.args(["bots", "--connect", near, "--company", company, "--quick", "--seed", "3", "--die-with-parent"]);
    command.arg("--agents").arg(file).arg("--log").arg(folder.join("bots.jsonl"));
    Process::spawn(command.stdin(Stdio::null()).stdout(Stdio::null())).unwrap()
}

/// The board as it comes, until it is over.
fn watch(mut live: Live, over: Arc<AtomicBool>) -> std::thread::JoinHandle<Vec<u8>> {
    live.send(Cmd::WatchBoard { on: true }).unwrap();
    std::thread::spawn(move || {
        let (mut seen, mut pinged) = (Vec::new(), std::time::Instant::now());
        while !over.load(Ordering::Relaxed) {
            seen.extend(live.heard().unwrap().unwrap_or_default().into_bytes());
            if pinged.elapsed() > Duration::from_secs(3) {
                live.send(Cmd::Ping { quality: None }).unwrap();
                pinged = std::time::Instant::now();
            }
        }
        seen
    })
}

/// Every list, two rows of it, and its export.
fn everything(person: &Person) -> Vec<(String, Vec<u8>)> {
    let mut seen = Vec::new();
    let mut look = |path: String| {
        let (status, bytes) = person.raw(&path).unwrap();
        assert!(status < 500, "{path}: {status}");
        seen.push((path, bytes.clone()));
        bytes
    };
    for page in catalogue::all() {
        let list = look(format!("/api/p/{}?size=200", page.id));
        let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
        let rows = list["rows"].as_array().into_iter().flatten();
        let ids: Vec<i64> = rows.filter_map(|row| row["id"].as_i64()).step_by(3).take(2).collect();
        ids.iter().for_each(|id| drop(look(format!("/api/p/{}/{id}", page.id))));
        look(format!("/api/p/{}/export", page.id));
    }
    ["/api/home", "/api/work", "/api/me", "/api/notices"].iter().for_each(|path| drop(look((*path).to_owned())));
    seen
}

/// Stops the office; what it said on its standard error.
fn stopped(demo: &mut Running) -> String {
    assert!(demo.stop().unwrap().success(), "{}", demo.told());
    demo.told()
}
