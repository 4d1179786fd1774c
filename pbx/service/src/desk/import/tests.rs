//! Whole imports on real files and a real database.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::store::{load_leads, sums};
use hutong_api::texts::text;
use hutong_core::import::{Field, header};
use std::{fmt::Write as _, sync::Mutex};

const COMPANY: CompanyId = CompanyId(1);
const CAMPAIGN: CampaignId = CampaignId(1);

struct Office {
    dir: tempfile::TempDir,
    store: Store,
}

fn office() -> Office {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("data")).unwrap();
    store
        .write_blocking(|tx| {
            Ok(tx.execute_batch(
                "INSERT INTO company (id, code, name, created) VALUES (1, 'c', 'C', 0), (2, 'd', 'D', 0);
                 INSERT INTO role (id, company_id, code, name, scope, permissions) VALUES (1, 1, 'agent', '', 'own', '[]');
                 INSERT INTO seat (id, company_id, extension, account, password_hash, name, role_id)
                   VALUES (4, 1, '8004', 'ab', '', '张', 1), (5, 1, '8005', 'cd', '', '张', 1);
                 INSERT INTO campaign (id, company_id, name, script_id, trunk_id, run_from, run_to, rest_from, rest_to,
                   creator_id, created) VALUES (1, 1, 'k', 1, 1, 0, 1440, 0, 0, 1, 0), (2, 1, 'l', 1, 1, 0, 1440, 0, 0, 1, 0);
                 INSERT INTO blocklist (company_id, phone, direction, created) VALUES
                   (1, '13900000009', 'outbound', 0), (1, '13900000008', 'inbound', 0), (2, '13900000001', 'both', 0);",
            )?)
        })
        .unwrap();
    Office { dir, store }
}

impl Office {
    fn task(&self, content: &[u8], goal: Goal) -> Task {
        let path = self.dir.path().join("upload.csv");
        std::fs::write(&path, content).unwrap();
        let (store, file_name) = (self.store.clone(), "名单.csv".into());
        Task { store, company: COMPANY, seat: SeatId(5), goal, path, file_name, lang: Lang::Zh, how: How::default() }
    }

    async fn import(&self, content: &[u8], goal: Goal) -> (Result<ImportStatus, Refusal>, ImportStatus) {
        self.import_as(content, goal, How::default()).await
    }

    async fn import_as(&self, content: &[u8], goal: Goal, how: How) -> (Result<ImportStatus, Refusal>, ImportStatus) {
        let (progress, told) = watch::channel(not_begun());
        let heard = Mutex::new(Vec::new());
        let task = Task { how, ..self.task(content, goal) };
        let outcome = run_telling(&task, &|input| heard.lock().unwrap().push(input), &progress).await;
        let last = told.borrow().clone();
        let heard = heard.into_inner().unwrap();
        if goal == Goal::Blocklist {
            assert_eq!(heard.len() as u32, last.added, "each number binds at once");
            return (outcome, last);
        }
        let expected = match goal {
            Goal::Campaign { campaign, .. } if last.added > 0 => {
                format!("{:?}", [Input::LeadsAdded { campaign, added: last.added }])
            }
            _ => "[]".to_owned(),
        };
        assert_eq!(format!("{heard:?}"), expected, "the engine hears of what became visible, and of nothing else");
        (outcome, last)
    }

    async fn numbers(&self, content: &[u8]) -> ImportStatus {
        self.import(content, NUMBERS).await.0.unwrap()
    }

    async fn count(&self, sql: &'static str) -> i64 {
        self.store.read(move |conn| Ok(conn.query_row(sql, [], |row| row.get(0))?)).await.unwrap()
    }

    async fn rejects(&self, batch: BatchId) -> Option<String> {
        let csv = self.store.read(move |conn| rejects_csv(conn, COMPANY, batch, Lang::Zh, &|cell| cell)).await.unwrap();
        csv.map(|bytes| String::from_utf8(bytes).unwrap())
    }
}

const NUMBERS: Goal = Goal::Campaign { campaign: CAMPAIGN, sync_customers: false };
const SYNCED: Goal = Goal::Campaign { campaign: CAMPAIGN, sync_customers: true };

fn fates(status: &ImportStatus) -> [u32; 5] {
    [status.rows, status.added, status.duplicate, status.bad, status.blocked]
}

/// One row of every fate; the campaign has 13900000007 already.
const SHEET: &str = "手机号码,客户名称,意向\n13900000001,甲,高\n139 0000 0001,乙,\n1.39E+10,丙,\n13900000009,丁,\n\
    13900000008,戊,\n13900000007,己,\n=SUM(A1),\"庚,\n辛\",\n";

#[tokio::test]
async fn every_row_has_exactly_one_fate() {
    let office = office();
    assert_eq!(fates(&office.numbers(b"13900000007\n").await), [1, 1, 0, 0, 0]);
    let status = office.numbers(SHEET.as_bytes()).await;
    assert_eq!(fates(&status), [7, 2, 2, 2, 1]);
    assert_eq!((status.stage, status.encoding.as_str(), status.separator.as_str()), (ImportStage::Done, "UTF-8", ","));
    assert_eq!(status.bytes_read, SHEET.len() as u64);
    let samples: Vec<(u32, &str, &str)> =
        status.samples.iter().map(|s| (s.line, s.kind.as_str(), s.reason.code.as_str())).collect();
    assert_eq!(
        samples,
        [
            (3, "duplicate", "import.twice_in_file"),
            (4, "bad", "import.number.scientific"),
            (5, "blocked", "import.blocked"),
            (7, "duplicate", "import.in_campaign"),
            (8, "bad", "import.number.not_a_number"),
        ]
    );
    assert_eq!(status.samples[0].reason.text, "与本文件第 2 行的号码重复，只保留第一行。");
    let leads = office.store.read(|conn| load_leads(conn, CAMPAIGN, 9, 0)).await.unwrap().leads;
    let seen: Vec<(&str, &str)> = leads.iter().map(|lead| (lead.phone.as_str(), lead.name.as_str())).collect();
    assert_eq!(seen, [("13900000007", ""), ("13900000001", "甲"), ("13900000008", "戊")]);
    assert_eq!(office.count("SELECT extra = '{\"意向\":\"高\"}' FROM lead WHERE phone = '13900000001'").await, 1);
    let batch = status.batch;
    let stored = office.store.read(move |conn| super::status(conn, COMPANY, batch)).await.unwrap().unwrap();
    assert_eq!((fates(&stored), stored.stage), (fates(&status), ImportStage::Done));
    let sums = office.store.read(|conn| sums(conn, COMPANY)).await.unwrap();
    assert_eq!((sums.leads, sums.imported, sums.duplicates, sums.bad, sums.blocked), (8, 3, 2, 2, 1));
    assert_eq!(sums.faults, Vec::<String>::new());
}

#[tokio::test]
async fn the_rejects_file_can_be_mended_and_imported_again() {
    let office = office();
    office.numbers(b"13900000007\n").await;
    let status = office.numbers(SHEET.as_bytes()).await;
    let file = office.rejects(status.batch).await.unwrap();
    let lines: Vec<&str> = file.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert_eq!(lines[0], "原文件行号,未导入原因,手机号码,客户名称,意向");
    assert!(lines[2].starts_with("4,号码被表格软件写成了科学计数法") && lines[2].ends_with(",1.39E+10,丙,"));
    assert!(lines[5].contains(",'=SUM(A1),"), "formulas are disarmed: {}", lines[5]);
    // Mended by hand, with our two columns still in it.
    let mended = file.replace("1.39E+10", "+86 139 0000 0003").replace("'=SUM(A1)", "13900000004");
    let again = office.numbers(mended.as_bytes()).await;
    assert_eq!(fates(&again), [5, 2, 2, 0, 1]);
    assert_eq!(office.count("SELECT extra = '{}' AND name = '丙' FROM lead WHERE phone = '13900000003'").await, 1);
    assert_eq!(office.rejects(BatchId(99)).await, None);
    let theirs = office
        .store
        .read(move |conn| rejects_csv(conn, CompanyId(2), status.batch, Lang::Zh, &|cell| cell))
        .await
        .unwrap();
    assert_eq!(theirs, None, "another company's import does not exist");
}

#[tokio::test]
async fn what_refuses_a_file_leaves_nothing() {
    let office = office();
    let good = "手机\n13900000001\n";
    for (tail, code) in [("13900000002,\"offen\n", "import.open_quote"), ("13900000002,\0\n", "import.nul")] {
        let (outcome, last) = office.import(format!("{good}{tail}").as_bytes(), NUMBERS).await;
        assert_eq!(outcome.unwrap_err().code, code);
        assert_eq!((last.stage, fates(&last)), (ImportStage::Refused, [0; 5]));
        assert_eq!(last.refusal.unwrap().code, code);
    }
    let gone = Goal::Campaign { campaign: CampaignId(77), sync_customers: false };
    assert_eq!(office.import(good.as_bytes(), gone).await.0.unwrap_err().code, "import.no_campaign");
    assert_eq!(office.count("SELECT count(*) FROM lead").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM reject").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM batch WHERE state <> 'refused'").await, 0);
}

#[tokio::test]
async fn the_row_after_the_last_allowed_refuses_before_anything_is_stored() {
    let office = office();
    let mut sheet = String::from("手机\n");
    for n in 0..300_001 {
        writeln!(sheet, "1390{n:07}").unwrap();
    }
    let (outcome, _) = office.import(sheet.as_bytes(), NUMBERS).await;
    assert_eq!(outcome.unwrap_err().code, "import.too_many_rows");
    assert_eq!(office.count("SELECT count(*) FROM lead").await, 0);
    assert_eq!(office.count("SELECT coalesce(max(rowid), 0) FROM batch WHERE added > 0").await, 0);
}

#[tokio::test]
async fn one_import_at_a_time_for_a_campaign() {
    let office = office();
    let held = Alone::take(&office.store, COMPANY, NUMBERS).unwrap();
    let busy = office.import(b"13900000001\n", NUMBERS).await.0;
    assert_eq!(busy.unwrap_err().code, "import.busy");
    let other = Goal::Campaign { campaign: CampaignId(2), sync_customers: false };
    assert!(office.import(b"13900000001\n", other).await.0.is_ok(), "another campaign is free");
    drop(held);
    office.numbers(b"13900000001\n").await;
}

#[tokio::test]
async fn half_staged_rows_are_cleared_and_make_no_duplicates() {
    let office = office();
    let half = |office: &Office| {
        office.store.write_blocking(|tx| {
            Ok(tx.execute_batch(
                "INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
                   VALUES (900, 1, 'campaigns', 1, 'staging', 'f', 4, 0);
                 INSERT INTO lead (company_id, campaign_id, batch_id, phone) VALUES (1, 1, 900, '13900000001');
                 INSERT INTO lead_phone SELECT campaign_id, phone, company_id, id FROM lead;
                 INSERT INTO reject (batch_id, line, company_id, kind, code, raw) VALUES (900, 1, 1, 'bad', 'x', '[]');
                 INSERT INTO customer (company_id, batch_id, mobile, created, updated) VALUES (1, 900, '1', 0, 0);",
            )?)
        })
    };
    half(&office).unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer_shown").await, 0);
    assert_eq!(clean_staging(&office.store).await.unwrap(), 1);
    assert_eq!(office.count("SELECT count(*) FROM lead").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM reject").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM customer").await, 0);
    assert_eq!(clean_staging(&office.store).await.unwrap(), 0);
    // The same without a restart: the next import into the campaign finds them itself.
    office.store.write_blocking(|tx| Ok(tx.execute("DELETE FROM batch", [])?)).unwrap();
    half(&office).unwrap();
    assert_eq!(fates(&office.numbers(b"13900000001\n").await), [1, 1, 0, 0, 0]);
}

#[tokio::test]
async fn a_campaign_deleted_meanwhile_gets_no_numbers() {
    let office = office();
    let task = office.task(b"13900000001\n", NUMBERS);
    let batch = begin(&task).await.unwrap();
    let (progress, _told) = watch::channel(not_begun());
    office.store.write(|tx| Ok(tx.execute("UPDATE campaign SET deleted = 1", [])?)).await.unwrap();
    assert_eq!(fill(&task, batch, &|_| (), &progress).await.unwrap_err().code, "import.no_campaign");
}

#[tokio::test]
async fn synced_customers_keep_their_owner_and_what_is_filled_in() {
    let office = office();
    office
        .store
        .write(|tx| {
            Ok(tx.execute_batch(
                "INSERT INTO customer (company_id, mobile, name, owner_id, created, updated)
                   VALUES (1, '13900000001', '旧名', 5, 0, 0);",
            )?)
        })
        .await
        .unwrap();
    let sheet = "手机号码,客户名称,公司名称,电话号码\n13900000001,新名,某公司,\n13900000002,乙,,0592-8888888\n";
    let status = office.import(sheet.as_bytes(), SYNCED).await.0.unwrap();
    assert_eq!(fates(&status), [2, 2, 0, 0, 0]);
    let kept =
        "SELECT name = '旧名' AND owner_id = 5 AND organisation = '某公司' FROM customer WHERE mobile = '13900000001'";
    assert_eq!(office.count(kept).await, 1);
    let new = "SELECT name = '乙' AND owner_id IS NULL AND landline = '05928888888' FROM customer_shown
               WHERE mobile = '13900000002'";
    assert_eq!(office.count(new).await, 1);
    assert_eq!(office.count("SELECT count(*) FROM batch WHERE sync_from IS NOT NULL").await, 0);
    // Cut short by a crash: the next start goes on.
    office
        .store
        .write(|tx| Ok(tx.execute_batch("DELETE FROM customer; UPDATE batch SET sync_from = 0")?))
        .await
        .unwrap();
    clean_staging(&office.store).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer_shown").await, 2);
}

#[tokio::test]
async fn a_customer_sheet() {
    let office = office();
    let long = "长".repeat(61);
    let sheet = format!(
        "手机号码,客户名称,归属人,公司名称\n13900000001,甲,8004,\n13900000002,乙,张,\n13900000003,丙,张（8005）,\n\
         13900000004,丁,,{long}\n13900000009,戊,,\n13900000001,己,,\n"
    );
    let status = office.import(sheet.as_bytes(), Goal::Customers).await.0.unwrap();
    assert_eq!(fates(&status), [6, 3, 1, 2, 0]);
    let codes: Vec<&str> = status.samples.iter().map(|sample| sample.reason.code.as_str()).collect();
    assert_eq!(codes, ["import.unknown_owner", "import.long_field", "import.twice_in_file"]);
    assert_eq!(office.count("SELECT owner_id FROM customer_shown WHERE mobile = '13900000001'").await, 4);
    assert_eq!(office.count("SELECT owner_id FROM customer_shown WHERE mobile = '13900000009'").await, 5);
    let again = office.import(sheet.as_bytes(), Goal::Customers).await.0.unwrap();
    assert_eq!(fates(&again), [6, 0, 4, 2, 0]);
}

const CUSTOMERS: Goal = Goal::Customers;

/// A workbook of these rows; a cell of digits alone is a number, as Excel makes it.
/// A refused import, another company, and what is still being staged add none.
#[tokio::test]
async fn names_that_customers_came_with_become_choices() {
    let office = office();
    let other = "INSERT INTO customer (company_id, mobile, category, created, updated) VALUES (2, '13900000001', '别家', 0, 0);
                 INSERT INTO batch (id, company_id, page, state, file_name, seat_id, created) VALUES (90, 1, 'customers', 'staging', '', 5, 0);
                 INSERT INTO customer (company_id, batch_id, mobile, category, created, updated)
                   VALUES (1, 90, '13900000090', '未定', 0, 0);
                 INSERT INTO category (company_id, name) VALUES (1, '类0001');";
    office.store.write(move |tx| Ok(tx.execute_batch(other)?)).await.unwrap();
    let rows: String = (0..1_300).map(|n| format!("139{n:08},类{n:04},项目{}\n", n % 3)).collect();
    let sheet = format!("手机,客户分类,归属项目\n{rows}");
    names::learn(&office.store, COMPANY).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM category").await, 1, "what is staged is nobody's name yet");
    office.import(sheet.as_bytes(), Goal::Customers).await.0.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM category WHERE company_id = 1 AND name LIKE '类%'").await, 1_300);
    assert_eq!(office.count("SELECT count(*) FROM project WHERE company_id = 1").await, 3);
    assert_eq!(office.count("SELECT count(*) FROM category WHERE name NOT LIKE '类%'").await, 0);
    // A process that died before it came to this does so at its next start.
    office.store.write(|tx| Ok(tx.execute("DELETE FROM project", [])?)).await.unwrap();
    clean_staging(&office.store).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM project WHERE company_id = 1").await, 3);
    assert_eq!(office.count("SELECT count(*) FROM category WHERE company_id = 2").await, 1);
}

fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// RE8: every way a file is broken has a sentence of its own kind, and leaves nothing.
#[tokio::test]
async fn broken_files_of_every_kind() {
    let office = office();
    let good = "手机,姓名\n13900000001,甲\n".as_bytes();
    let with = |tail: &[u8]| [good, tail].concat();
    let gbk = b"\xca\xd6\xbb\xfa\n13900000001\n".to_vec();
    let utf16: Vec<u8> = "手机\n13900000001\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let refused: [(&str, Vec<u8>, &str); 16] = [
        ("nothing", Vec::new(), "import.empty"),
        ("a header alone", "手机\n".into(), "import.empty"),
        ("blank lines", b"\n \n,,\n".to_vec(), "import.empty"),
        ("no numbers", "姓名,地址\n甲,乙\n".into(), "import.no_number_column"),
        ("an open quote", with(b"13900000002,\"x\n"), "import.open_quote"),
        (
            "an open quote over many rows",
            with(&[b"13900000002,\"x\n".as_slice(), &good.repeat(200)].concat()),
            "import.open_quote",
        ),
        ("NUL", with(b"13900000002,\0\n"), "import.nul"),
        ("UTF-16 without its mark", utf16, "import.nul"),
        ("GBK cut within a character", [gbk, b"13900000002,\xd6".to_vec()].concat(), "import.encoding"),
        ("bytes that are no text", with(b"13900000002,\xff\xff\n"), "import.encoding"),
        (
            "damaged UTF-8",
            with("一二三四五六七八九十\u{4e00}".as_bytes()).into_iter().chain([0xe4, b'\n']).collect(),
            "import.damaged_utf8",
        ),
        (
            "a cell of 65 KiB",
            with(&[b"13900000002,".as_slice(), &[b'x'; 65 << 10], b"\n"].concat()),
            "import.long_cell",
        ),
        (
            "a cell of 10 MiB",
            with(&[b"13900000002,\"".as_slice(), &vec![b'x'; 10 << 20], b"\"\n"].concat()),
            "import.long_row",
        ),
        (
            "a row of 3 MiB",
            with(&[b"13900000002".as_slice(), &b",x".repeat(3 << 19), b"\n"].concat()),
            "import.long_row",
        ),
        ("an old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "import.workbook"),
        ("a workbook cut off", workbook(&[&["手机"], &["13900000001"]])[..900].to_vec(), "import.unreadable"),
    ];
    for (kind, bytes, code) in refused {
        let (outcome, last) = office.import(&bytes, NUMBERS).await;
        assert_eq!(outcome.map_err(|refusal| refusal.code.into_owned()), Err(code.to_owned()), "{kind}");
        assert_eq!((last.stage, fates(&last)), (ImportStage::Refused, [0; 5]), "{kind}");
        let left = "SELECT (SELECT count(*) FROM lead) + (SELECT count(*) FROM reject) + (SELECT count(*) FROM batch WHERE state <> 'refused')";
        assert_eq!(office.count(left).await, 0, "{kind}");
    }
    let taken: [(&str, &[u8], [u32; 5]); 6] = [
        ("a mark", "\u{feff}手机\n13900000011\n".as_bytes(), [1, 1, 0, 0, 0]),
        ("carriage returns alone", "手机\r13900000012\r".as_bytes(), [1, 1, 0, 0, 0]),
        ("rows of every length", "手机,姓名\n13900000013\n13900000014,a,b,c\n,\n".as_bytes(), [2, 2, 0, 0, 0]),
        ("lost digits", "手机\n1.39E+10\n13900000015\n".as_bytes(), [2, 1, 0, 1, 0]),
        ("letters", "手机\n1390000001x\n13900000016\n".as_bytes(), [2, 1, 0, 1, 0]),
        ("a sum below", "手机,姓名\n13900000017,甲\n合计,1\n".as_bytes(), [2, 1, 0, 1, 0]),
    ];
    for (kind, bytes, expected) in taken {
        assert_eq!(fates(&office.numbers(bytes).await), expected, "{kind}");
    }
}

#[tokio::test]
async fn a_workbook_is_imported_as_any_file() {
    let office = office();
    let sheet = workbook(&[
        &["手机号码", "客户名称", "意向"],
        &["13900000001", "甲", "高"],
        &[],
        &["139 0000 0001", "乙"],
        &["13900000009", "丁"],
        &["1390000", "戊"],
    ]);
    let status = office.numbers(&sheet).await;
    assert_eq!(fates(&status), [4, 1, 1, 1, 1]);
    assert_eq!((status.encoding.as_str(), status.separator.as_str()), ("XLSX", ","));
    assert_eq!(status.samples.iter().map(|sample| sample.line).collect::<Vec<_>>(), [4, 5, 6], "the sheet's own rows");
    assert_eq!(office.count("SELECT phone = '13900000001' AND extra = '{\"意向\":\"高\"}' FROM lead").await, 1);
    let file = office.rejects(status.batch).await.unwrap();
    assert!(file.lines().nth(1).unwrap().ends_with("139 0000 0001,乙"), "{file}");
    let left: Vec<_> = std::fs::read_dir(office.dir.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "the upload and the data, but no text of the workbook: {left:?}");
    let (outcome, _) = office.import(b"\xd0\xcf\x11\xe0 old", NUMBERS).await;
    assert_eq!(outcome.unwrap_err().code, "import.workbook");
}

#[tokio::test]
async fn customers_there_are_skipped_filled_or_overwritten_and_dealt_evenly() {
    let office = office();
    let there = "手机号码,客户名称,公司名称\n13900000001,旧名,\n13900000002,乙,\n";
    office.import(there.as_bytes(), CUSTOMERS).await.0.unwrap();
    office.store.write(|tx| Ok(tx.execute("UPDATE customer SET owner_id = 4 WHERE name = '旧名'", [])?)).await.unwrap();
    let sheet =
        "手机号码,客户名称,公司名称\n13900000001,新名,某公司\n13900000003,丙,\n13900000004,丁,\n13900000005,戊,\n";
    let skipped = office.import(sheet.lines().take(2).collect::<Vec<_>>().join("\n").as_bytes(), CUSTOMERS).await.0;
    assert_eq!((fates(&skipped.unwrap()), 0), ([1, 0, 1, 0, 0], 0));
    let card = "SELECT count(*) FROM customer WHERE mobile = '13900000001' AND name = '旧名' AND organisation = ''";
    assert_eq!(office.count(card).await, 1);
    let how = |existing, reach: Option<&[i64]>| How {
        existing,
        owners: vec![SeatId(4), SeatId(5)],
        reach: reach.map(|seats| seats.iter().map(|seat| SeatId(*seat)).collect()),
        ..How::default()
    };
    let theirs = office.import_as(sheet.as_bytes(), CUSTOMERS, how(Existing::Overwrite, Some(&[5]))).await.1;
    assert_eq!((fates(&theirs), theirs.updated), ([4, 3, 1, 0, 0], 0), "another's customer is not touched");
    let dealt =
        "SELECT group_concat(owner_id) FROM (SELECT owner_id FROM customer WHERE mobile > '13900000002' ORDER BY id)";
    assert_eq!(
        office.store.read(move |c| Ok(c.query_row(dealt, [], |r| r.get::<_, String>(0))?)).await.unwrap(),
        "4,5,4"
    );
    let filled = office.import_as(sheet.as_bytes(), CUSTOMERS, how(Existing::Merge, None)).await.1;
    assert_eq!((fates(&filled), filled.updated), ([4, 0, 4, 0, 0], 1));
    let card =
        "SELECT count(*) FROM customer WHERE mobile = '13900000001' AND name = '旧名' AND organisation = '某公司'";
    assert_eq!(office.count(card).await, 1);
    let changed = office.import_as(sheet.as_bytes(), CUSTOMERS, how(Existing::Overwrite, None)).await.1;
    assert_eq!(changed.updated, 1);
    let card = "SELECT count(*) FROM customer WHERE mobile = '13900000001' AND name = '新名' AND owner_id = 4";
    assert_eq!(office.count(card).await, 1);
    // Each taken back by itself.
    for (batch, name, organisation) in [(changed.batch, "旧名", "某公司"), (filled.batch, "旧名", "")] {
        let undone = undo(&office.store, COMPANY, batch, |_| ()).await.unwrap();
        assert_eq!((undone.restored, undone.removed, undone.kept), (1, 0, 0));
        office.cleared().await;
        let card = move |conn: &Connection| {
            let sql = "SELECT name, organisation FROM customer WHERE mobile = '13900000001'";
            Ok(conn.query_row(sql, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?)
        };
        assert_eq!(office.store.read(card).await.unwrap(), (name.to_owned(), organisation.to_owned()));
    }
}

#[tokio::test]
async fn a_look_says_what_each_column_is_and_remembers_what_it_was_given_to() {
    let office = office();
    let sheet = "A1,B1,C1\n说明,13900000001,某公司\n说明,13900000002,某公司\n";
    let path = office.task(sheet.as_bytes(), CUSTOMERS).path;
    let looked = async || look(&office.store, COMPANY, "customers", &path, Lang::Zh).await.unwrap().look;
    let first = looked().await;
    let fields = |look: &hutong_api::page::ImportLook| look.columns.iter().map(|c| c.field.clone()).collect::<Vec<_>>();
    assert_eq!(fields(&first), ["", "mobile", ""]);
    assert_eq!((first.rows, first.first.len(), first.fields[0].label.as_str()), (2, 2, "手机号码"));
    assert_eq!(office.count("SELECT count(*) FROM batch").await, 0, "nothing is stored");
    let columns: Vec<String> = ["note", "mobile", "organisation"].map(String::from).to_vec();
    let how = How { columns: columns.clone(), ..How::default() };
    office.import_as(sheet.as_bytes(), CUSTOMERS, how).await.0.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer WHERE note = '说明' AND organisation = '某公司'").await, 2);
    let again = looked().await;
    assert_eq!(fields(&again), columns);
    assert_eq!(again.columns.iter().map(|c| c.remembered).collect::<Vec<_>>(), [true, false, true]);
    for (columns, code) in
        [(["", "", "name"], "import.no_number_column"), (["x", "mobile", ""], "import.unknown_field")]
    {
        let how = How { columns: columns.map(String::from).to_vec(), ..How::default() };
        assert_eq!(office.import_as(sheet.as_bytes(), CUSTOMERS, how).await.0.unwrap_err().code, code);
    }
}

#[tokio::test]
async fn a_companys_own_fields_are_columns_too() {
    let office = office();
    office
        .store
        .write(|tx| {
            let there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'customer_field')";
            if !tx.query_row(there, [], |row| row.get::<_, bool>(0))? {
                tx.execute_batch(
                    "ALTER TABLE customer ADD COLUMN extra TEXT NOT NULL DEFAULT '{}';
                     CREATE TABLE customer_field (id INTEGER PRIMARY KEY, company_id INTEGER, system TEXT, name TEXT,
                       kind TEXT, length INTEGER, width INTEGER, position INTEGER, options TEXT);",
                )?;
            }
            Ok(tx.execute_batch(
                "DELETE FROM customer_field;
                 INSERT INTO customer_field (id, company_id, system, name, kind, length, width, position, options) VALUES
                   (7, 1, '', '生日', 'field_date', 0, 150, 1, '[]'), (8, 1, '', '车型', 'field_one', 0, 150, 2, '[\"A\",\"B\"]'),
                   (9, 2, '', '车型', 'field_text', 9, 150, 1, '[]');",
            )?)
        })
        .await
        .unwrap();
    let sheet = "手机号码,车型,生日\n13900000001,A,2026年6月10日\n13900000002,C,\n13900000003,B,昨天\n13900000004,,\n";
    let status = office.import(sheet.as_bytes(), CUSTOMERS).await.0.unwrap();
    assert_eq!(fates(&status), [4, 2, 0, 2, 0]);
    let extra = "SELECT extra = '{\"f7\":\"2026-06-10\",\"f8\":\"A\"}' FROM customer WHERE mobile = '13900000001'";
    assert_eq!(office.count(extra).await, 1);
    let path = office.task(sheet.as_bytes(), CUSTOMERS).path;
    let look = look(&office.store, COMPANY, "customers", &path, Lang::Zh).await.unwrap().look;
    assert_eq!(look.columns.iter().map(|c| c.field.as_str()).collect::<Vec<_>>(), ["mobile", "f8", "f7"]);
}

impl Office {
    /// The rows of undone imports are gone, and who took them away has let go of the list.
    async fn cleared(&self) {
        while self.count("SELECT count(*) FROM batch WHERE clearing = 1").await > 0 || !self.store.imports().is_empty()
        {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn an_import_of_customers_is_taken_back_but_for_what_people_worked_on() {
    let office = office();
    let sheet = "手机号码,客户名称\n13900000001,甲\n13900000002,乙\n13900000003,丙\n13900000004,丁\n";
    let status = office.import(sheet.as_bytes(), CUSTOMERS).await.0.unwrap();
    let word = format!("import-{}", status.batch);
    assert_eq!(status.undo.as_deref(), Some(word.as_str()));
    office
        .store
        .write(|tx| {
            Ok(tx.execute_batch(
                "UPDATE customer SET note = 'x', updated = updated + 5 WHERE name = '甲';
                 INSERT INTO activity (company_id, customer_id, seat_id, created)
                   SELECT 1, id, 4, 0 FROM customer WHERE name = '乙';",
            )?)
        })
        .await
        .unwrap();
    let other = undo(&office.store, CompanyId(2), status.batch, |_| ()).await;
    assert_eq!(other.unwrap_err().code, "row.unknown", "another company's import does not exist");
    let undone = undo(&office.store, COMPANY, status.batch, |_| ()).await.unwrap();
    assert_eq!((undone.removed, undone.kept), (2, 2));
    assert_eq!(office.count("SELECT count(*) FROM customer_shown").await, 2, "at once");
    office.cleared().await;
    assert_eq!(office.count("SELECT count(*) FROM customer").await, 2);
    assert_eq!(undo(&office.store, COMPANY, status.batch, |_| ()).await.unwrap_err().code, "import.not_undoable");
    let stored = office.store.read(move |conn| super::status(conn, COMPANY, status.batch)).await.unwrap().unwrap();
    assert_eq!((stored.stage, stored.undo), (ImportStage::Done, None));
    // The same file again: who stayed is a duplicate, the others are new.
    let again = office.import(sheet.as_bytes(), CUSTOMERS).await.0.unwrap();
    assert_eq!(fates(&again), [4, 2, 2, 0, 0]);
    office.store.write(|tx| Ok(tx.execute("UPDATE batch SET created = created - 86400000", [])?)).await.unwrap();
    assert_eq!(undo(&office.store, COMPANY, again.batch, |_| ()).await.unwrap_err().code, "import.undo_late");
    // Cut short by a crash: the next start goes on.
    let sql = "UPDATE batch SET state = 'undone', clearing = 1 WHERE state = 'visible'";
    office.store.write(move |tx| Ok(tx.execute(sql, [])?)).await.unwrap();
    clean_staging(&office.store).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer").await, 2);
}

#[tokio::test]
async fn a_list_is_taken_back_while_none_of_its_numbers_was_dialled() {
    let office = office();
    let status = office.import(b"13900000001\n13900000002\n", SYNCED).await.0.unwrap();
    let second = office.numbers(b"13900000003\n").await;
    let set = |sql: &'static str| office.store.write(move |tx| Ok(tx.execute(sql, [])?));
    set("UPDATE campaign SET status = 'running' WHERE id = 1").await.unwrap();
    let code = async || undo(&office.store, COMPANY, status.batch, |_| ()).await.unwrap_err().code;
    assert_eq!(code().await, "import.undo_running");
    set("UPDATE campaign SET status = 'paused' WHERE id = 1").await.unwrap();
    set("UPDATE lead SET last_call = 5 WHERE phone = '13900000001'").await.unwrap();
    assert_eq!(code().await, "import.dialled");
    set("UPDATE lead SET last_call = NULL").await.unwrap();
    let mut heard = None;
    undo(&office.store, COMPANY, status.batch, |input| heard = Some(input)).await.unwrap();
    assert_eq!(format!("{heard:?}"), format!("{:?}", Some(Input::LeadsRemoved { campaign: CAMPAIGN, removed: 2 })));
    let left = office.store.read(|conn| load_leads(conn, CAMPAIGN, 9, 0)).await.unwrap().leads;
    assert_eq!(left.iter().map(|lead| lead.phone.as_str()).collect::<Vec<_>>(), ["13900000003"]);
    office.cleared().await;
    assert_eq!(office.count("SELECT count(*) FROM lead").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM lead_phone").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM customer").await, 0, "copied customers go with them");
    assert_eq!(office.store.boot().unwrap().campaigns[0].state.total, second.added);
}

#[tokio::test]
async fn a_blocklist_binds_number_by_number() {
    let office = office();
    let sheet = "号码,限制类型,原因\n13900000001,限制呼出,投诉\n13900000002,,\n13900000003,限制,\n13900000009,,\n13900000004,inbound,\n";
    let status = office.import(sheet.as_bytes(), Goal::Blocklist).await.0.unwrap();
    assert_eq!((fates(&status), status.undo), ([5, 3, 1, 1, 0], None));
    let stored = "SELECT count(*) FROM blocklist WHERE company_id = 1 AND ((phone = '13900000001' AND direction = 'outbound'
        AND reason = '投诉') OR (phone = '13900000002' AND direction = 'both') OR (phone = '13900000004' AND direction = 'inbound'))";
    assert_eq!(office.count(stored).await, 3);
    assert_eq!(office.store.read(|conn| sums(conn, COMPANY)).await.unwrap().faults, Vec::<String>::new());
}

/// A refused or killed import leaves customers as they were (X16).
#[tokio::test]
async fn a_half_way_merge_is_put_back() {
    let office = office();
    office.import("手机号码,客户名称\n13900000001,甲\n".as_bytes(), CUSTOMERS).await.0.unwrap();
    let how = How { existing: Existing::Overwrite, ..How::default() };
    let task = Task { how, ..office.task("手机号码,客户名称\n13900000001,新\n".as_bytes(), CUSTOMERS) };
    let batch = begin(&task).await.unwrap();
    fill(&task, batch, &|_| (), &watch::channel(not_begun()).0).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer WHERE name = '新'").await, 1);
    office.store.write(|tx| Ok(tx.execute("UPDATE batch SET state = 'staging' WHERE updated > 0", [])?)).await.unwrap();
    clean_staging(&office.store).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM customer WHERE name = '甲'").await, 1);
}

#[test]
fn our_own_headers_are_understood() {
    for lang in [Lang::Zh, Lang::En] {
        for (word, field) in [
            ("column.mobile", Field::Mobile),
            ("column.name", Field::Name),
            ("column.landline", Field::Landline),
            ("column.organisation", Field::Organisation),
            ("column.category", Field::Category),
            ("column.owner", Field::Owner),
            ("column.project", Field::Project),
            ("column.address", Field::Address),
            ("column.note", Field::Note),
            ("column.direction", Field::Direction),
            ("column.reason", Field::Reason),
            ("rejects.line", Field::Ours),
            ("rejects.reason", Field::Ours),
        ] {
            assert_eq!(header::field(text(lang, &format!("import.{word}"))), field, "{word}");
        }
        for id in seats::COLUMNS {
            let field = header::IDS.iter().find(|(known, _)| known == id).unwrap().1;
            assert_eq!(header::seat_field(text(lang, &format!("catalogue.seats.field.{id}"))), field, "{id}");
        }
        assert!(template("campaigns", lang).unwrap().starts_with("\u{feff}".as_bytes()));
    }
    assert_eq!(template("calls", Lang::Zh), None);
}

#[test]
fn every_refusal_has_its_sentence() {
    let codes =
        "busy no_campaign failed disk_full encoding damaged_utf8 nul open_quote long_row long_cell too_many_rows
        too_large workbook no_number_column empty unreadable blocked twice_in_file in_campaign is_customer long_field
        unknown_owner unpacks_too_large too_much_text unknown_field bad_field bad_direction in_blocklist
        blocklist_partly updated_customer not_undoable undo_late dialled undo_running look_gone existing owner_unknown
        columns_differ number.empty number.scientific number.not_a_number number.foreign number.no_area_code
        number.service number.length";
    for code in codes.split_whitespace() {
        let key = format!("refusal.import.{code}");
        assert_ne!(text(Lang::Zh, &key), key);
        assert_ne!(text(Lang::En, &key), key);
    }
}

const CHILD_DIR: &str = "HUTONG_TEST_IMPORT_DIR";
const CHILD_ROWS: u32 = 30_000;

/// Not a test by itself: the process that `an_import_killed_half_way_is_all_or_nothing` kills.
#[tokio::test]
async fn child_imports_until_killed() {
    let Ok(dir) = std::env::var(CHILD_DIR) else { return };
    let dir = PathBuf::from(dir);
    let store = Store::open(&dir.join("data")).unwrap();
    let path = dir.join("upload.csv");
    let (goal, how, file_name) = (SYNCED, How::default(), "f".into());
    let task = Task { store, company: COMPANY, seat: SeatId(5), goal, path, file_name, lang: Lang::Zh, how };
    let (progress, mut told) = watch::channel(not_begun());
    tokio::spawn(async move {
        while told.changed().await.is_ok() {
            println!("at {}", told.borrow_and_update().added);
        }
    });
    run_telling(&task, &drop, &progress).await.unwrap();
}

#[tokio::test]
async fn an_import_killed_half_way_is_all_or_nothing() {
    use std::{io::BufRead, process};
    let mut sheet = String::from("手机,姓名\n");
    (0..CHILD_ROWS).for_each(|n| writeln!(sheet, "1390{n:07},名").unwrap());
    let (mut none, mut all) = (0, 0);
    for round in 0..8 {
        let office = office();
        let dir = office.dir;
        std::fs::write(dir.path().join("upload.csv"), &sheet).unwrap();
        drop(office.store);
        let mut child = process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "desk::import::tests::child_imports_until_killed", "--nocapture"])
            .env(CHILD_DIR, dir.path())
            .stdout(process::Stdio::piped())
            .spawn()
            .unwrap();
        // Somewhere among the rows; in the last rounds near or after their end.
        let kill_at = round * CHILD_ROWS / 6;
        for line in std::io::BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
            let at = line.strip_prefix("at ").and_then(|n| n.parse::<u32>().ok());
            if at.is_some_and(|at| at >= kill_at) {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        let office = Office { store: Store::open(&dir.path().join("data")).unwrap(), dir };
        clean_staging(&office.store).await.unwrap();
        let leads = office.count("SELECT count(*) FROM lead").await;
        assert_eq!(leads, office.count("SELECT count(*) FROM lead_phone").await);
        assert_eq!(
            leads,
            office.count("SELECT count(*) FROM customer_shown").await,
            "copied to the end, or not at all"
        );
        assert_eq!(office.store.boot().unwrap().campaigns[0].state.total, leads as u32);
        match leads {
            0 => none += 1,
            // One of them is on the blocklist.
            n => all += u32::from(n == i64::from(CHILD_ROWS) - 1),
        }
        let sums = office.store.read(|conn| sums(conn, COMPANY)).await.unwrap();
        assert_eq!(sums.faults, Vec::<String>::new());
    }
    assert!(none + all == 8 && none > 0, "{none} with nothing, {all} with everything");
}
