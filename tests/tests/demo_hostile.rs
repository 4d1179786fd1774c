//! A carrier that means harm (RE6): what it writes into reason phrases, names, products and realms shows nowhere, and
//! where it must be said, in the log, it is harmless.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_api::{catalogue, live::Command as Cmd};
use hutong_tests::{
    api::Person,
    books::Books,
    demo::{Demo, Running},
    process::program,
    scratch, within,
};
use std::{path::Path, process::Command};

/// Busy and talking, with hostile text in every place; the last rings long enough for what comes behind.
const LIST: [&str; 5] = ["15400019017", "15400029017", "15400039018", "15400049018", "15400070002"];
/// These ask for a password under a name of such text.
const ASKING: [&str; 2] = ["15400059019", "15400069019"];
/// Parts of the carrier's text.
const MARKS: [&str; 3] = ["alert(1)", "calc", "Injected"];

#[test]
fn a_hostile_carriers_words_reach_nobody() {
    let folder = scratch("hostile").unwrap();
    let data = folder.join("office");
    let list = folder.join("list.csv");
    let asking = folder.join("asking.csv");
    std::fs::write(&list, format!("手机号码\n{}\n", LIST.join("\n"))).unwrap();
    std::fs::write(&asking, format!("手机号码\n{}\n", ASKING.join("\n"))).unwrap();
    let mut demo = Demo::new(&data).leads(&list).agents(3).start().unwrap();
    let ready = demo.ready.clone();
    let admin = Person::login(&ready.url, &ready.company, &ready.account, &ready.password).unwrap();
    let mut live = admin.live().unwrap();
    live.send(Cmd::WatchBoard { on: true }).unwrap();
    let books = Books::open(&data).unwrap();
    give_the_trunk_a_password(&data);
    let campaign = books.count("SELECT MAX(id) FROM campaign").unwrap();
    admin.import(&format!("/api/import/campaigns?campaign={campaign}"), &asking).unwrap().done().unwrap();
    let mut seen = Vec::new();
    let ended = || books.count("SELECT COUNT(DISTINCT phone) FROM cdr WHERE phone LIKE '%901_'").unwrap();
    let all = within(40, || {
        seen.extend(live.heard().unwrap().unwrap_or_default().into_bytes());
        ended() == 6
    });
    assert!(all, "{} of 6 calls ended: {}", ended(), demo.told());
    let talks = "SELECT COUNT(*) FROM cdr WHERE answered IS NOT NULL AND phone LIKE '%9018' AND ended_by = 'callee'";
    assert_eq!(books.count(talks).unwrap(), 2, "words alone end no call");
    let busy = "SELECT COUNT(*) FROM cdr WHERE phone LIKE '%9017' AND sip = 486 AND q850 = 17";
    assert_eq!(
        books.count(busy).unwrap(),
        2,
        "{:?}",
        books.texts("SELECT phone || ' ' || state || ' ' || sip FROM cdr")
    );

    for path in paths() {
        let (status, bytes) = admin.raw(&path).unwrap();
        assert_eq!(status, 200, "{path}");
        seen.extend(bytes);
    }
    assert!(demo.stop().unwrap().success(), "{}", demo.told());
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains("15400019017") && seen.contains("\"msg\":\"board\""), "nothing was seen at all");
    MARKS.iter().for_each(|mark| assert!(!seen.contains(mark), "{mark} in a page or on the board"));
    harmless(&demo);
    let carrier = std::fs::read_to_string(&ready.carrier_log).unwrap();
    assert!(!carrier.contains("\"odd\""), "something on the wire was no message: {carrier}");
}

/// Only a trunk with a password is asked by a name that can be foreign. Another trunk makes the service read them all.
fn give_the_trunk_a_password(data: &Path) {
    let db = rusqlite::Connection::open(data.join("hutong.db")).unwrap();
    db.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    db.execute("UPDATE trunk SET user = 'office', password = 'secret'", []).unwrap();
    let mut command = Command::new(program("hutong").unwrap());
    command.args(["admin", "trunk-add", "--name", "two", "--host", "127.0.0.1:9", "--price", "1"]);
    let told = command.args(["--caller", "05928888889", "--data"]).arg(data).output().unwrap();
    assert!(told.status.success(), "{told:?}");
}

/// Lists and their exports.
fn paths() -> Vec<String> {
    let page = |page: &&catalogue::Page| [format!("/api/p/{}?size=200", page.id), format!("/api/p/{}/export", page.id)];
    let exports = |page: &&&catalogue::Page| page.actions.iter().any(|action| action.id == "export");
    catalogue::all().iter().filter(exports).flat_map(page).collect()
}

/// The log names the realm that was refused: on one line, every character of it visible and in its place.
fn harmless(demo: &Running) {
    let log = demo.logged();
    let told: Vec<&str> = log.lines().filter(|line| line.contains("foreign realm")).collect();
    assert!(!told.is_empty() && told.iter().all(|line| MARKS.iter().all(|mark| line.contains(mark))), "{told:?}");
    for line in log.lines() {
        let year = line.get(..4).and_then(|year| year.parse::<u32>().ok());
        assert!(year.is_some_and(|year| year > 2000), "a line of somebody else's: {line:?}");
        let harms = |c: char| {
            c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!line.contains(harms), "{line:?}");
        assert!(line.contains("foreign realm") || !MARKS.iter().any(|mark| line.contains(mark)), "{line:?}");
    }
}
