//! A thousand numbers of customers, in every place a number can stand, and three seats with 号码隐藏 that read everything
//! there is (F87): not one of them may come out, however it is written.

use super::{Office, live, matrix::multipart};
use crate::{
    http::{
        routes::{ROUTES, Verb},
        serve,
    },
    log::Plain,
};
use calamine::Reader;
use hutong_api::catalogue::{self, Kind};
use md5::Md5;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Cursor, Write},
    sync::{Arc, Mutex},
};

const CANARIES: u32 = 1_000;

fn canary(n: u32) -> String {
    format!("1540000{:04}", 3_000 + n)
}

/// Every way a number is looked for, with the number it stands for.
struct Needles {
    digits: HashMap<Vec<u8>, u32>,
    /// The beginning of its base64 that no neighbour changes.
    base64: HashMap<Vec<u8>, u32>,
    sums: HashMap<String, u32>,
}

impl Needles {
    fn new() -> Needles {
        use base64::{Engine, engine::general_purpose::STANDARD};
        let mut needles = Needles { digits: HashMap::new(), base64: HashMap::new(), sums: HashMap::new() };
        for n in 0..CANARIES {
            let number = canary(n);
            needles.digits.insert(number.clone().into_bytes(), n);
            needles.digits.insert(number.bytes().rev().collect(), n);
            needles.base64.insert(STANDARD.encode(&number).as_bytes()[..14].to_vec(), n);
            for sum in [hex(&Sha256::digest(&number)), hex(&Sha1::digest(&number)), hex(&Md5::digest(&number))] {
                needles.sums.insert(sum, n);
            }
        }
        needles
    }

    /// Numbers found in these bytes: plain, reversed, broken by separators, full-width, base64 or as a sum.
    fn found(&self, bytes: &[u8]) -> Vec<u32> {
        let text = String::from_utf8_lossy(bytes);
        let mut found = Vec::new();
        for run in runs(&text) {
            found.extend(run.windows(11).filter_map(|part| self.digits.get(part)));
        }
        found.extend(bytes.windows(14).filter_map(|part| self.base64.get(part)));
        let hex = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|part| part.len() >= 32);
        found.extend(hex.filter_map(|part| self.sums.get(&part.to_ascii_lowercase())));
        found
    }
}

/// Runs of digits, full-width ones narrowed, separators inside them left out.
fn runs(text: &str) -> Vec<Vec<u8>> {
    let mut runs = vec![Vec::new()];
    for c in text.chars() {
        match c {
            '0'..='9' => runs.last_mut().unwrap().push(c as u8),
            '０'..='９' => runs.last_mut().unwrap().push((u32::from(c) - u32::from('０')) as u8 + b'0'),
            ' ' | '-' | '.' | '(' | ')' | '_' | '/' | '\u{200b}' | '\u{a0}' => {}
            _ if runs.last().unwrap().is_empty() => {}
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_search_finds_a_number_however_it_is_written() {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let (needles, number) = (Needles::new(), canary(7));
    let reversed: String = number.chars().rev().collect();
    for text in [
        number.clone(),
        reversed,
        "154-0000 3007".into(),
        "１５４００００３００７".into(),
        STANDARD.encode(&number),
        format!("\"{}\"", hex(&Sha256::digest(&number))),
        hex(&Md5::digest(&number)).to_uppercase(),
        hex(&Sha1::digest(&number)),
    ] {
        assert!(!needles.found(format!("<{text}>").as_bytes()).is_empty(), "{text}");
    }
    assert!(needles.found(b"154****3007, 15400002999").is_empty());
}

/// 400 customers, 200 leads, 200 calls, 100 activities, 50 on the blocklist, 50 rejected: each with a number of its own.
async fn fill(office: &Office) {
    let work = |tx: &rusqlite::Transaction<'_>| {
        let series = "WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n < 999),
            c AS (SELECT n, '1540000' || (3000 + n) AS p, 3 + n % 2 AS seat,
                '154-0000-' || (3000 + n) AS dashed, '１５４００００ ' || (3000 + n) AS wide FROM k)";
        tx.execute_batch(&format!(
            "{series} INSERT INTO customer (id, company_id, mobile, name, landline, organisation, address, note, owner_id, created, updated)
               SELECT 1000 + n, 1, p, '张' || p, '0592' || p, p || '公司', wide, '回电 ' || dashed, seat, n, n FROM c WHERE n < 400;
             INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created, header)
               VALUES (50, 1, 'campaigns', 1, 'visible', '名单 15400003400.csv', 3, 0, '[\"号码\",\"15400003401\"]'),
                      (51, 1, 'customers', NULL, 'visible', '15400003402.csv', 4, 0, '[\"手机\"]');
             {series} INSERT INTO lead (id, company_id, campaign_id, batch_id, phone, name, extra)
               SELECT 1000 + n, 1, 1, 50, p, '李' || p, json_object('备注', dashed, '公司名称', p) FROM c WHERE n BETWEEN 400 AND 599;
             {series} INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, lead_id, round, trunk_id, seat_id, phone, name, caller, started,
                 answered, bridged, ended, state, result, ended_by, sip, billable_s, talk_s, increment_s, price, charge, recorded)
               SELECT 1000 + n, 1000 + n, 1, 'campaign', 1, 1000 + n, 1, 1, seat, p, '王' || wide, '05920000000', 1000 + n, 2000, 3000, 63000,
                 'answered', 'to_agent', 'callee', 200, 61, 60, 60, 150000, 300000, 1 FROM c WHERE n BETWEEN 600 AND 799;
             {series} INSERT INTO recording (call_id, company_id, verdict, path, millis)
               SELECT 1000 + n, 1, 'saved', 'rec/1970/01/01/' || p || '.wav', 61000 FROM c WHERE n BETWEEN 600 AND 799;
             {series} INSERT INTO activity (id, company_id, call_id, customer_id, seat_id, disposition, content, created)
               SELECT 1000 + n, 1, NULL, 1000 + n % 400, seat, 'interested', '改打 ' || wide, n FROM c WHERE n BETWEEN 800 AND 899;
             {series} INSERT INTO blocklist (company_id, phone, direction, reason, created)
               SELECT 1, p, 'both', '投诉 ' || dashed, n FROM c WHERE n BETWEEN 900 AND 949;
             {series} INSERT INTO x_pair (company_id, x, seat_id, a, b, customer_id, state, request_id, asked, expires_at, next_at, said, by_id)
               SELECT 1, '05920000066', seat, p, '1540000' || (2999 + n), 1000 + n, 'pair_failed', 'r' || n, n, 9, 9, '号码 ' || dashed, 1
               FROM c WHERE n BETWEEN 1 AND 20;
             {series} INSERT INTO owner_change (company_id, customer_id, kind, from_id, to_id, by_id, at, reason)
               SELECT 1, 1000 + n, 'assign', 3, seat, 1, n, '电话 ' || wide FROM c WHERE n < 20;
             {series} INSERT INTO reject (batch_id, line, company_id, kind, code, args, raw)
               SELECT 50 + n % 2, n, 1, 'bad', 'import.number.not_a_number', json_object('value', p || 'x'), p || ',' || dashed
               FROM c WHERE n >= 950;"
        ))?;
        Ok(())
    };
    office.app.store.write(work).await.unwrap();
    let dir = office.dir.path().join("rec/1970/01/01");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join(format!("{}.wav", canary(600))), b"RIFF").unwrap();
}

/// What the service wrote to its log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_number_comes_out_to_a_seat_that_may_not_see_them() {
    let log = Log::default();
    let into = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter("hutong=trace,hutong_core=trace,info")
        .with_writer(move || Plain(into.clone()))
        .finish();
    // Only one in a process; where another test has one, the log is not looked at here.
    let listens = tracing::subscriber::set_global_default(subscriber).is_ok();
    let office = Office::open().await;
    fill(&office).await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE company_id = 1").await;
    let needles = Needles::new();
    let mut rows = BTreeMap::new();
    for role in ["agent", "supervisor", "admin"] {
        let token = office.token(1, role).await;
        let seen = everything(&office, &token).await;
        for (path, bytes) in &seen {
            assert_eq!(needles.found(bytes), Vec::<u32>::new(), "{role} {path}: {}", String::from_utf8_lossy(bytes));
        }
        // A script's name is the office's own word: what one role typed as one is not the next one's to find.
        office.sql("DELETE FROM script WHERE name LIKE '154%'").await;
        rows.insert(role, seen.iter().filter(|(_, bytes)| contains(bytes, b"154****")).count());
    }
    assert!(rows.values().all(|masked| *masked > 10), "the rows are there, masked: {rows:?}");
    {
        let log = log.0.lock().unwrap();
        assert_eq!(needles.found(&log), Vec::<u32>::new(), "the log");
        assert!(!listens || !log.is_empty(), "nothing was logged at all");
    }
    // The same eyes with leave to see: the search is not blind.
    office.sql("UPDATE seat SET hide_numbers = 0 WHERE company_id = 1").await;
    let open = everything(&office, &office.token(1, "admin").await).await;
    let mut found: Vec<u32> = open.iter().flat_map(|(_, bytes)| needles.found(bytes)).collect();
    found.sort_unstable();
    found.dedup();
    assert!(found.len() > 700, "{}", found.len());
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Every answer this session can get, with its headers.
async fn everything(office: &Office, token: &str) -> Vec<(String, Vec<u8>)> {
    let mut seen = Vec::new();
    for path in paths(office, token).await {
        let reply = office.get(&path, token).await;
        assert!(!reply.status.is_server_error(), "{path}: {}", reply.text());
        let mut bytes = format!("{:?}\n", reply.headers).into_bytes();
        bytes.extend(sheet(&reply.body));
        bytes.extend(reply.body);
        seen.push((path, bytes));
    }
    for page in catalogue::all() {
        for field in page.form.iter().filter(|field| matches!(field.kind, Kind::Text | Kind::LongText | Kind::Phone)) {
            // What is refused, or taken, must not repeat the number.
            for number in [canary(3), canary(903), format!("{}x", canary(5))] {
                let path = format!("/api/p/{}", page.id);
                let reply = office.post(&path, token, json!({ field.id: number })).await;
                seen.push((format!("POST {path} {}", field.id), reply.body));
            }
        }
    }
    seen
}

/// The cells of a workbook, which is packed.
fn sheet(body: &[u8]) -> Vec<u8> {
    let Ok(mut book) = calamine::Xlsx::new(Cursor::new(body)) else { return Vec::new() };
    let mut text = String::new();
    for (name, range) in book.worksheets() {
        text.push_str(&name);
        range.cells().for_each(|(_, _, cell)| text.push_str(&format!("\n{cell}")));
    }
    text.into_bytes()
}

async fn paths(office: &Office, token: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for page in catalogue::all() {
        let base = format!("/api/p/{}", page.id);
        let list = office.get(&format!("{base}?size=200"), token).await.json();
        let ids: Vec<i64> =
            list["rows"].as_array().into_iter().flatten().filter_map(|row| row["id"].as_i64()).collect();
        paths.extend((1..=3).map(|at| format!("{base}?size=200&page={at}")));
        paths.extend(ids.iter().step_by(9).map(|id| format!("{base}/{id}")));
        paths.extend(page.columns.iter().flat_map(|column| {
            [format!("{base}?size=50&sort={}", column.id), format!("{base}?size=50&sort=-{}", column.id)]
        }));
        for filter in page.filters {
            let values = ["154", &canary(1), &canary(700), "%25", "2026-01-01", "1", "x"];
            paths.extend(values.map(|value| format!("{base}?q.{}={value}", filter.id)));
            paths.push(format!("{base}/options/{}", filter.id));
        }
        paths.extend(page.fields().map(|field| format!("{base}/options/{}", field.id)));
        paths.extend([format!("{base}/export"), format!("{base}/export?format=xlsx")]);
    }
    for route in ROUTES.iter().filter(|route| route.verb == Verb::Get && !route.path.starts_with("/p/")) {
        for id in ["50", "51", "1600", "1601", "1", "customers", "zh-CN", "en"] {
            paths.push(format!("/api{}", filled(route.path, id)));
        }
    }
    paths.extend([canary(5), canary(950)].map(|number| format!("/api/import/{number}")));
    paths.sort();
    paths.dedup();
    paths.retain(|path| path != "/api/live");
    paths
}

fn filled(path: &str, with: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { with.to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Neither a filter nor an order tells a digit: what is there and what is not are answered alike.
#[tokio::test]
async fn a_number_cannot_be_found_out_by_searching_or_sorting() {
    let office = Office::open().await;
    fill(&office).await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE company_id = 1").await;
    let token = office.token(1, "admin").await;
    for page in catalogue::all() {
        let base = format!("/api/p/{}", page.id);
        for filter in page.filters.iter().filter(|filter| matches!(filter.kind, Kind::Text | Kind::Phone)) {
            for probe in ["15", "154", "1540000", "15400003", "3007", "007", "1540000300", "１５４"] {
                let query = format!("{base}?q.{}={}", filter.id, encoded(probe));
                let total = office.get(&query, &token).await.json()["total"].clone();
                assert_eq!(total, json!(0), "{query}");
            }
        }
        let ids = async |query: String| -> Vec<Value> {
            let list = office.get(&format!("{base}?size=200{query}"), &token).await.json();
            list["rows"].as_array().into_iter().flatten().map(|row| row["id"].clone()).collect()
        };
        let plain = ids(String::new()).await;
        for column in page.columns.iter().filter(|column| column.kind == Kind::Phone) {
            for sort in [column.id.to_owned(), format!("-{}", column.id)] {
                assert_eq!(ids(format!("&sort={sort}")).await, plain, "{base} {sort}");
            }
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Import over the socket: its progress, its rejects and what is asked about it later.
#[tokio::test]
async fn an_import_tells_nothing_over_the_socket_either() {
    let office = Office::open().await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE company_id = 1").await;
    let address = serve(office.app.clone()).await.unwrap();
    let token = live::login(address, "admin").await;
    let mut socket = live::connect(address, &token, None).await.unwrap();
    let lines: Vec<_> = (0..40).map(|n| format!("{}x,电话 {}", canary(n), canary(n + 40))).collect();
    let file = format!("手机,备注\r\n{}\r\n", lines.join("\r\n"));
    let name = format!("{}.csv", canary(99));
    let status = live::post_file(address, &token, "/api/import/customers", &multipart(&name, &file)).await;
    let needles = Needles::new();
    assert_eq!(needles.found(status.as_bytes()), Vec::<u32>::new(), "{status}");
    let mut frames = 0;
    while let Some(frame) = live::frame(&mut socket).await {
        frames += 1;
        assert_eq!(needles.found(frame.as_bytes()), Vec::<u32>::new(), "{frame}");
        if frame.contains("\"done\"") || frame.contains("\"refused\"") {
            break;
        }
    }
    assert!(frames > 0, "no frame came");
}
