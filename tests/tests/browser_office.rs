//! People at real browsers before a running office: an agent's day, then the administrator's. Chromium speaks a tone into
//! a fake microphone; tests/browser/real/ drives it and listens. Here the office is started, and its books are read after.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use hutong_tests::{books::Books, carrier, demo::Demo, leads, scratch};
use std::{
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// Both answer at once and talk until BYE.
const LIST: [(&str, &str); 2] = [("15400020004", "孙三"), ("15400030004", "李四")];
const SCRIPTS: [&str; 4] = ["agent.test.mjs", "admin.test.mjs", "settings.test.mjs", "records.test.mjs"];

#[test]
fn an_agent_and_an_administrator_at_their_browsers() {
    let folder = scratch("browser").unwrap();
    let data = folder.join("office");
    let list = folder.join("list.csv");
    let rows: String =
        LIST.iter().map(|(number, name)| format!("{number};{name};云杉百货（演示）有限公司\r\n")).collect();
    let text = format!("手机号码;客户名称;公司名称\r\n{rows}");
    std::fs::write(&list, encoding_rs::GB18030.encode(&text).0).unwrap();
    let mut demo = Demo::new(&data).leads(&list).agents(0).start().unwrap();
    let log = demo.ready.carrier_log.clone();

    for script in SCRIPTS {
        let told = browse(script, &demo.ready.line, &folder);
        assert!(told.is_ok(), "{}\n{}", told.unwrap_err(), demo.told());
    }

    assert!(demo.stop().unwrap().success(), "{}", demo.told());
    let books = Books::open(&data).unwrap();
    books.audit().unwrap();
    charged_as_the_carrier_saw_it(&books, &log);
}

/// Runs one file of browser tests; what it says is in `folder`, and in the error.
fn browse(script: &str, first_line: &str, folder: &Path) -> anyhow::Result<()> {
    let mut demo: serde_json::Value = serde_json::from_str(first_line)?;
    demo["numbers"] = LIST.iter().map(|(number, _)| *number).collect::<Vec<_>>().into();
    demo["blocked"] = leads::blocked_number()?.into();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let told = folder.join(script).with_extension("tap");
    let status = Command::new("node")
        .args(["--test", "--test-reporter=tap", "--test-timeout=150000"])
        .arg(root.join("tests/browser/real").join(script))
        .env("HUTONG_DEMO", demo.to_string())
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&told)?)
        .stderr(Stdio::inherit())
        .status()?;
    anyhow::ensure!(status.success(), "{script}:\n{}", std::fs::read_to_string(&told)?);
    Ok(())
}

/// Answered seconds as the carrier counts them, to what its clock and ours may differ.
fn charged_as_the_carrier_saw_it(books: &Books, log: &Path) {
    let calls = carrier::calls(log).unwrap();
    let answered = books.answered().unwrap();
    assert_eq!(answered.len(), calls.values().filter(|call| call.answered.is_some()).count());
    assert!(answered.len() >= 5, "too few talks to prove anything: {answered:?}");
    for call in answered {
        let there = calls.values().find(|there| there.number == call.phone).unwrap();
        let (from, to) = (there.answered.unwrap(), there.ended.unwrap());
        let off = Duration::from_millis((call.ended - call.answered).abs_diff(to - from));
        assert!(off < Duration::from_millis(500), "{call:?}: {off:?} off the carrier's {there:?}");
        assert_eq!(call.recording.as_ref().map(|(verdict, _)| verdict.as_str()), Some("saved"), "{call:?}");
    }
}
