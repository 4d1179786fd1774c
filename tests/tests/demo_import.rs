//! Files that are refused leave nothing behind.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_api::page::ActionReply;
use hutong_tests::{
    api::{Answer, Person},
    books::Books,
    demo::Demo,
    leads, records, scratch, within,
};
use std::{fs, path::Path};

/// What a refused import must not change.
fn stored(data: &Path) -> Vec<i64> {
    let books = Books::open(data).unwrap();
    let tables = ["lead", "customer", "reject"];
    let mut counts: Vec<i64> =
        tables.iter().map(|table| books.count(&format!("SELECT COUNT(*) FROM {table}")).unwrap()).collect();
    counts.push(books.count("SELECT COUNT(*) FROM batch WHERE state = 'visible'").unwrap());
    counts.push(books.count("SELECT SUM(total) FROM campaign").unwrap());
    counts
}

#[test]
fn a_refused_file_leaves_nothing_behind() {
    let folder = scratch("import").unwrap();
    let data = folder.join("office");
    let list = leads::good(&folder, 20).unwrap();
    // Without agents nothing is dialled, so the tables stand still.
    let demo = Demo::new(&data).leads(&list).agents(0).start().unwrap();
    let ready = &demo.ready;
    let admin = Person::login(&ready.url, &ready.company, &ready.account, &ready.password).unwrap();
    let campaign = Books::open(&data).unwrap().count("SELECT MAX(id) FROM campaign").unwrap();
    let import = format!("/api/import/campaigns?campaign={campaign}");
    let before = stored(&data);

    let file = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let too_long = leads::good(&folder, 300_001).unwrap();
    let cases = [
        file("empty.csv", b""),
        file("old.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
        file("cut-off.xlsx", b"PK\x03\x04"),
        file("no-number-column.csv", "姓名,地址\n赵先生,演示市\n".as_bytes()),
        file("not-text.csv", &[0xff, 0x00, 0x81, 0x20, 0xff, 0xff, 0x0a, 0x31]),
        too_long,
    ];
    let mut codes = Vec::new();
    for case in &cases {
        match admin.import(&import, case).unwrap() {
            Answer::Refused(_, refusal) => {
                assert!(!refusal.text.is_empty() && refusal.text != refusal.code, "{refusal:?} has no sentence");
                codes.push(refusal.code);
            }
            Answer::Done(status) => panic!("{} was taken: {status:?}", case.display()),
        }
        assert_eq!(stored(&data), before, "{} left something behind", case.display());
    }
    assert!(codes.iter().all(|code| code.starts_with("import.")), "{codes:?}");
    codes.dedup();
    assert_eq!(codes.len(), cases.len(), "each with a reason of its own: {codes:?}");

    let more = leads::good(&folder, 30).unwrap();
    let status = admin.import(&import, &more).unwrap().done().unwrap();
    assert_eq!((status.rows, status.added, status.duplicate), (30, 10, 20), "{status:?}");

    let workbook = records::workbook(&folder, 40).unwrap();
    let status = admin.import(&import, &workbook).unwrap().done().unwrap();
    assert_eq!((status.rows, status.added, status.duplicate), (40, 10, 30), "{status:?}");
    // Taken back: not while the campaign may dial its numbers, and then without a trace but the import's own record.
    let undo = || admin.post::<ActionReply>(&format!("/api/undo/{}", status.undo.clone().unwrap()), "text/plain", b"");
    match undo().unwrap() {
        Answer::Refused(_, refusal) => assert_eq!(refusal.code, "import.undo_running"),
        Answer::Done(reply) => panic!("{reply:?}"),
    }
    let pause = format!("{{\"ids\": [{campaign}]}}");
    let paused = admin.post::<ActionReply>("/api/p/campaigns/action/pause", "application/json", pause.as_bytes());
    assert_eq!(paused.unwrap().done().unwrap().done, 1);
    assert_eq!(undo().unwrap().done().unwrap().done, 10);
    let books = Books::open(&data).unwrap();
    let total = format!("SELECT total FROM campaign WHERE id = {campaign}");
    assert!(within(10, || books.count(&total).is_ok_and(|total| total == 30)), "{:?}", books.count(&total));
    assert!(within(10, || books.count("SELECT COUNT(*) FROM lead").is_ok_and(|leads| leads == 30)));
}

/// A demo in a real office's directory would bring its trunks to life.
#[test]
fn the_demo_does_not_run_in_a_real_office() {
    let data = scratch("real").unwrap().join("office");
    let hutong = hutong_tests::process::program("hutong").unwrap();
    let run = |args: &[&str]| std::process::Command::new(&hutong).args(args).arg("--data").arg(&data).output().unwrap();
    assert!(run(&["init", "--company", "x1", "--name", "x", "--prepaid", "0"]).status.success());
    let refused = run(&["demo", "--json"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("demo.real_office"));
    assert_eq!(Books::open(&data).unwrap().count("SELECT COUNT(*) FROM company").unwrap(), 1);
}
