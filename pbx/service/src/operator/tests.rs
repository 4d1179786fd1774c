//! `hutong admin` beside a whole running service.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::{
    cli::{self, AdminArgs, Desk, InitArgs},
    config::Config,
    run::{self, Service},
    store::{Store, peek, sums},
};
use clap::Parser;
use hutong_api::{CompanyId, Lang, Micro};
use std::{net::Ipv4Addr, path::Path};

#[derive(Parser)]
enum Typed {
    Init(InitArgs),
    Admin(AdminArgs),
}

fn typed(data: &Path, line: &[&str]) -> Result<String, Refusal> {
    let data = data.display().to_string();
    let words = ["hutong"].iter().chain(line).copied().chain(["--data", &data]);
    let mut out = Vec::new();
    let mut desk = Desk { lang: Lang::En, out: &mut out, ask: None };
    match Typed::try_parse_from(words).unwrap() {
        Typed::Init(args) => cli::init(&args, &mut desk)?,
        Typed::Admin(args) => cli::admin(&args, &mut desk, &|bytes| Ok(bytes.to_vec()))?,
    }
    Ok(String::from_utf8(out).unwrap())
}

/// Types it where it may block, as another process would.
async fn admin(data: &Path, line: &[&str]) -> Result<String, Refusal> {
    let (data, line) = (data.to_owned(), line.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
    tokio::task::spawn_blocking(move || {
        let words: Vec<&str> = ["admin"].into_iter().chain(line.iter().map(String::as_str)).collect();
        typed(&data, &words)
    })
    .await
    .unwrap()
}

async fn office(data: &Path) -> Service {
    typed(data, &["init", "--company", "ab01", "--name", "某公司", "--prepaid", "1"]).unwrap();
    let local = (Ipv4Addr::LOCALHOST, 0).into();
    let config = Config {
        data_dir: data.to_owned(),
        http_listen: local,
        tls: false,
        sip_listen: local,
        browser_media_port: 0,
        browser_ips: vec![Ipv4Addr::LOCALHOST.into()],
        ..Config::default()
    };
    run::start(config, Store::open(data).unwrap(), false).await.unwrap()
}

fn count(data: &Path, sql: &str) -> i64 {
    peek(data).unwrap().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_out_of_money_pays_in_while_it_works() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let service = office(&data).await;
    let mode = std::fs::metadata(data.join(FILE)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let said = admin(&data, &["top-up", "100", "--note", "cash"]).await.unwrap();
    assert!(said.contains("101.000"), "{said}");
    let posted = "SELECT count(*) FROM ledger WHERE kind = 'top_up' AND amount = 100000000 AND note = 'cash'";
    assert_eq!(count(&data, posted), 1);
    // The engine's own balance is what a correction is held against.
    let refused = admin(&data, &["correct", "--amount", "-101.01", "--note", "typo"]).await.unwrap_err();
    assert_eq!((refused.code.as_ref(), refused.args["available"].as_str()), ("money.below_zero", "101.000"));
    admin(&data, &["correct", "--amount", "-1", "--note", "typo"]).await.unwrap();
    assert_eq!(admin(&data, &["top-up", "1", "--company", "nobody"]).await.unwrap_err().code, "cli.unknown");
    assert_eq!(count(&data, "SELECT balance FROM company"), Micro::yuan(100).0);
    let noted =
        "SELECT count(*) FROM audit WHERE action IN ('top_up', 'correct') AND os_user <> '' AND detail LIKE 'uid %'";
    assert_eq!(count(&data, noted), 2);
    assert_eq!(sums(&peek(&data).unwrap(), CompanyId(1)).unwrap().faults, Vec::<String>::new());
    service.stop().await;
    assert!(!data.join(FILE).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn records_reach_the_store_and_live_work() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let service = office(&data).await;
    let mut board = service.shell.board(CompanyId(1));
    let wav = dir.path().join("hello.wav");
    std::fs::write(&wav, vec![0xd5; 300_000]).unwrap();
    let trunk = ["trunk-add", "--name", "t", "--host", "192.0.2.1", "--price", "0.15", "--caller", "0592-8888888"];
    admin(&data, &trunk).await.unwrap();
    assert_eq!(admin(&data, &trunk).await.unwrap_err().code, "cli.taken");
    admin(&data, &["prompt-add", &wav.display().to_string(), "--name", "hello", "--abandon"]).await.unwrap();
    admin(&data, &["script-add", "--name", "s", "--greeting", "hello"]).await.unwrap();
    admin(&data, &["block", "13900000001"]).await.unwrap();
    let seat = ["seat-add", "--extension", "8001", "--account", "zhang", "--name", "张"];
    assert!(admin(&data, &seat).await.unwrap().contains("Password"));
    assert_eq!(count(&data, "SELECT count(*) FROM trunk WHERE name = 't'"), 1);
    assert_eq!(count(&data, "SELECT length(alaw) FROM prompt"), 300_000);
    assert_eq!(count(&data, "SELECT count(*) FROM blocklist"), 1);
    assert_eq!(count(&data, "SELECT count(*) FROM audit WHERE action = 'add' AND client = 'box'"), 5);
    let known = |board: &hutong_api::board::BoardMsg| {
        let has_seat = board.seats.as_ref().is_some_and(|seats| seats.len() == 2);
        has_seat && board.trunks.as_ref().is_some_and(|trunks| trunks.len() == 1)
    };
    let wait = board.wait_for(known);
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("the engine knows them").unwrap();
    service.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let service = office(&data).await;
    for line in ["{}\n", "\n", "{\"company\":null"] {
        let mut stream = UnixStream::connect(data.join(FILE)).await.unwrap();
        stream.write_all(line.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("operator.bad_request") && answer.ends_with('\n'), "{answer}");
    }
    service.stop().await;
}
