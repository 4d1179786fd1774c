//! The commands as typed, on real data directories.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::store::{sums, verify_ledger};
use clap::Parser;
use hutong_api::Micro;
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(name = "hutong")]
enum Typed {
    Init(InitArgs),
    Admin(AdminArgs),
}

struct Box {
    dir: tempfile::TempDir,
}

impl Box {
    fn new() -> Box {
        Box { dir: tempfile::tempdir().unwrap() }
    }

    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn run(&self, line: &[&str], answer: Option<&str>) -> Result<String, Refusal> {
        let data = self.data().display().to_string();
        let words = ["hutong"].iter().chain(line).copied().chain(["--data", &data]);
        let typed = Typed::try_parse_from(words).unwrap();
        let mut out = Vec::new();
        let mut ask = |_: &str| answer.map(str::to_owned);
        let mut desk = Desk { lang: Lang::En, out: &mut out, ask: Some(&mut ask) };
        match typed {
            Typed::Init(args) => init(&args, &mut desk)?,
            Typed::Admin(args) => admin(&args, &mut desk, &|bytes| match bytes {
                b"RIFF" => Ok(vec![0xd5; 8]),
                _ => Err("not a WAV file".into()),
            })?,
        }
        Ok(String::from_utf8(out).unwrap())
    }

    fn code(&self, line: &[&str]) -> String {
        self.run(line, None).unwrap_err().code.into_owned()
    }
}

const INIT: [&str; 5] = ["init", "--company", "ab01", "--name", "某公司"];

#[test]
fn an_office_from_nothing() {
    let office = Box::new();
    let said = office.run(&INIT, Some("100")).unwrap();
    let password = said.lines().find_map(|line| line.trim().strip_prefix("Password: ")).unwrap();
    assert_eq!(password.len(), 16);
    let wav = office.dir.path().join("hello.wav");
    std::fs::write(&wav, b"RIFF").unwrap();
    let wav = wav.display().to_string();
    for line in [
        &["admin", "prompt-add", &wav, "--name", "hello", "--abandon"][..],
        &["admin", "script-add", "--name", "转人工", "--greeting", "hello"],
        &["admin", "trunk-add", "--name", "t", "--host", "192.0.2.1", "--price", "0.15", "--caller", "0592-8888888"],
        &[
            "admin",
            "seat-add",
            "--extension",
            "8001",
            "--account",
            "zhang",
            "--name",
            "张",
            "--department",
            "Head office",
        ],
        &["admin", "top-up", "0.5", "--company", "ab01"],
        &["admin", "block", "+86 139 0000 0001"],
    ] {
        office.run(line, None).unwrap();
    }
    let listed = office.run(&["admin", "list"], None).unwrap();
    assert!(
        listed.contains("balance 100.500 yuan") && listed.contains("seats 2") && listed.contains("转人工"),
        "{listed}"
    );
    let store = Store::open(&office.data()).unwrap();
    let boot = store.boot().unwrap();
    assert_eq!(boot.trunks[0].callers, ["05928888888"]);
    assert_eq!(boot.trunks[0].price, Micro(150_000));
    assert_eq!(boot.blocklist[0].phone.as_str(), "13900000001");
    assert!(boot.companies[0].cfg.abandon_prompt.is_some() && boot.scripts[0].greeting.is_some());
    let hash: String = store
        .write_blocking(|tx| {
            Ok(tx.query_row("SELECT password_hash FROM seat WHERE account = 'admin'", [], |r| r.get(0))?)
        })
        .unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(crate::password::fits(password, &hash) && !crate::password::fits("another", &hash));
    drop(store);
    let conn = crate::store::peek(&office.data()).unwrap();
    assert_eq!(sums(&conn, hutong_api::CompanyId(1)).unwrap().faults, Vec::<String>::new());
}

#[test]
fn what_is_refused_says_so_and_changes_nothing() {
    let office = Box::new();
    let asked = office.run(&INIT, None).unwrap_err().code;
    assert_eq!(asked, "cli.limit_needed");
    assert_eq!(office.run(&INIT, Some("viel")).unwrap_err().code, "cli.amount");
    office.run(&INIT, Some("不限额")).unwrap();
    assert_eq!(office.run(&INIT, Some("1")).unwrap_err().code, "cli.taken");
    assert_eq!(office.code(&["admin", "top-up", "0"]), "cli.amount");
    assert_eq!(office.code(&["admin", "top-up", "1", "--company", "nobody"]), "cli.unknown");
    assert_eq!(office.code(&["admin", "script-add", "--name", "s", "--greeting", "none"]), "cli.unknown");
    let mixed = ["admin", "block", "13900000001", "110", "139x", "13900000002"];
    let refused = office.run(&mixed, None).unwrap_err();
    assert_eq!(refused.code, "cli.nothing_blocked");
    let said = refused.text(Lang::En);
    assert!(said.contains("Nothing was blocked") && said.contains("110, 139x"), "{said}");
    assert!(Typed::try_parse_from(["hutong", "admin", "block"]).is_err(), "nothing to block");
    let seat = ["admin", "seat-add", "--extension", "8000", "--account", "zhang", "--name", "张"];
    assert_eq!(office.code(&seat), "cli.taken");
    let store = Store::open(&office.data()).unwrap();
    assert_eq!(office.code(&["admin", "top-up", "1"]), "service.running");
    assert!(office.run(&["admin", "list"], None).is_ok(), "looking is allowed");
    let boot = store.boot().unwrap();
    assert_eq!((boot.seats.len(), boot.blocklist.len()), (1, 0));
}

#[test]
fn a_top_up_pays_what_is_owed_first() {
    let office = Box::new();
    office.run(&INIT, Some("0")).unwrap();
    let store = Store::open(&office.data()).unwrap();
    let company = hutong_api::CompanyId(1);
    let owed = hutong_core::io::LedgerEntry {
        company,
        at: hutong_core::Wall(0),
        kind: hutong_core::io::LedgerKind::SeatFeeOwed,
        amount: Micro::yuan(3),
        key: "owed:1:2026-06-10".into(),
        call: None,
        seat: None,
        by: "system".into(),
        note: String::new(),
    };
    store.submit_blocking(vec![hutong_core::io::Change::Ledger(owed)]).unwrap();
    let money = work::Money { kind: hutong_core::io::LedgerKind::TopUp, amount: Micro::yuan(2), note: String::new() };
    work::book(&store, company, &money, "box").unwrap();
    work::book(&store, company, &money, "box").unwrap();
    let boot = store.boot().unwrap();
    assert_eq!((boot.companies[0].balance, boot.companies[0].owed), (Micro::yuan(1), Micro::ZERO));
    let conn = crate::store::peek(&office.data()).unwrap();
    assert_eq!(verify_ledger(&conn).unwrap(), Ok(()));
}

#[test]
fn a_correction_goes_either_way_but_not_below_zero() {
    let office = Box::new();
    office.run(&INIT, Some("2")).unwrap();
    let correct = |amount, note| office.run(&["admin", "correct", "--amount", amount, "--note", note], None);
    assert_eq!(correct("-2.01", "typo").unwrap_err().code, "money.below_zero");
    assert_eq!(correct("-1", " ").unwrap_err().code, "cli.note_needed");
    assert_eq!(correct("0", "typo").unwrap_err().code, "cli.amount");
    assert!(correct("-1.23", "typo").unwrap().contains("0.77"));
    correct("0.5", "back").unwrap();
    let conn = crate::store::peek(&office.data()).unwrap();
    let balance: i64 = conn.query_row("SELECT balance FROM company", [], |row| row.get(0)).unwrap();
    assert_eq!(Micro(balance), Micro(1_270_000));
    let noted: i64 = conn
        .query_row("SELECT count(*) FROM audit WHERE action = 'correct' AND os_user <> ''", [], |row| row.get(0))
        .unwrap();
    assert_eq!(noted, 2);
    assert_eq!(sums(&conn, hutong_api::CompanyId(1)).unwrap().faults, Vec::<String>::new());
}

#[test]
fn help_speaks_both_languages() {
    use clap::CommandFactory;
    for (lang, word) in [(Lang::Zh, "建立第一家公司"), (Lang::En, "Set up the first company")] {
        let help = localised(Typed::command(), lang).render_long_help().to_string();
        assert!(help.contains(word), "{help}");
        check_help(&localised(Typed::command(), lang), lang);
    }
}

fn check_help(command: &clap::Command, lang: Lang) {
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set() && arg.get_id() != "help") {
        let key = format!("cli.arg.{}", arg.get_id());
        assert_ne!(text(lang, &key), key, "{}", command.get_name());
    }
    command.get_subcommands().for_each(|inner| check_help(inner, lang));
}
