//! What the pages show and take.

use super::{Office, matrix::upload, request};
use crate::desk::sample::{self, GOLDEN};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use hutong_api::catalogue;
use serde_json::{Value, json};

#[tokio::test]
async fn campaigns_list_as_the_manuals_golden_rows() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let list = office.get("/api/p/campaigns?sort=id", &token).await.json();
    assert_eq!((&list["total"], &list["page"], &list["size"]), (&json!(GOLDEN.len()), &json!(1), &json!(30)));
    let shown: Vec<(Value, Value, Value)> = list["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            let cells = &row["cells"];
            (cells["progress"].clone(), cells["dialled"].clone(), cells["rate"].clone())
        })
        .collect();
    let golden = [
        ("3%", "36/1242", "2.78%"),
        ("0%", "0/0", "0%"),
        ("100%", "7/7", "85.71%"),
        ("100%", "50/50", "72%"),
        ("100%", "10/10", "70%"),
        ("100%", "41/41", "63.41%"),
        ("100%", "1/1", "100%"),
        ("0%", "0/3", "0%"),
    ];
    assert_eq!(shown, golden.map(|(progress, dialled, rate)| (progress.into(), dialled.into(), rate.into())));
    let first = &list["rows"][0];
    assert_eq!(first["cells"]["run"], "08:00~20:00");
    assert_eq!(first["cells"]["rest"], "12:00~14:00");
    assert_eq!(
        first["actions"],
        json!(["start", "append", "what_if", "dry_run", "edit", "results", "report", "monitor"])
    );
}

#[tokio::test]
async fn calls_and_charges_read_as_in_the_manual() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let calls = office.get("/api/p/calls?sort=sip", &token).await.json();
    let (answered, busy) = (&calls["rows"][0], &calls["rows"][1]);
    assert_eq!(answered["cells"]["caller"], "agent(8004)");
    assert_eq!(answered["cells"]["started"], "1970-01-01 08:00:01");
    assert_eq!((&answered["cells"]["billable"], &answered["cells"]["talk"]), (&json!("00:01:01"), &json!("00:01:00")));
    assert_eq!((&answered["cells"]["recording"], &answered["actions"]), (&json!("1"), &json!(["play", "download"])));
    assert_eq!((&busy["cells"]["sip"], &busy["cells"]["recording"]), (&json!("486"), &json!("")));
    assert_eq!(busy["actions"], Value::Null);
    let charges = office.get("/api/p/charges?sort=serial", &token).await.json();
    let cells = &charges["rows"][0]["cells"];
    assert_eq!(
        (&cells["rate"], &cells["charge"], &cells["increment"]),
        (&json!("0.150/60秒"), &json!("0.300"), &json!("60"))
    );
    assert_eq!(charges["rows"][1]["cells"]["charge"], "0.000");
}

#[tokio::test]
async fn filters_narrow_pages_cut_and_unknown_sorts_are_ignored() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let total = |reply: super::Reply| reply.json()["total"].as_i64();
    for (query, expected) in [
        ("q.name=任务3", 1),
        ("q.name=%25", 0),
        ("q.name=任务", 8),
        ("q.status=ready", 8),
        ("q.status=running", 0),
        ("q.script=1", 8),
        ("q.script=11", 0),
        ("q.created_from=1970-01-01", 8),
        ("q.created_to=1969-12-31", 0),
        ("q.nonsense=1", 8),
        ("sort=password_hash;drop", 8),
    ] {
        let query = query.replace("任务", "%E4%BB%BB%E5%8A%A1");
        assert_eq!(total(office.get(&format!("/api/p/campaigns?{query}"), &token).await), Some(expected), "{query}");
    }
    let page = office.get("/api/p/campaigns?size=3&page=3", &token).await.json();
    assert_eq!((page["rows"].as_array().unwrap().len(), &page["total"]), (2, &json!(8)));
    assert_eq!(office.get("/api/p/campaigns?page=x", &token).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(office.get("/api/p/campaigns?q.created_from=soon", &token).await.code(), "field.bad");
    for page in catalogue::all() {
        for filter in page.filters {
            let path = format!("/api/p/{}?q.{}=1970-01-01", page.id, filter.id);
            assert_eq!(office.get(&path, &token).await.status, StatusCode::OK, "{path}");
        }
        for column in page.columns {
            let path = format!("/api/p/{}?sort=-{}", page.id, column.id);
            assert_eq!(office.get(&path, &token).await.status, StatusCode::OK, "{path}");
        }
        for field in page.form.iter().filter(|f| f.options_from.is_some()).map(|f| f.id) {
            let path = format!("/api/p/{}/options/{field}", page.id);
            assert_eq!(office.get(&path, &token).await.status, StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test]
async fn exports_are_whole_bom_marked_and_harmless() {
    let office = Office::open().await;
    office
        .app
        .store
        .write(|tx| {
            for n in 0..1_200 {
                tx.execute(
                    "INSERT INTO customer (company_id, mobile, name, owner_id, created, updated) VALUES (1, ?1, '=1+1', 1, 0, 0)",
                    [format!("2{n:010}")],
                )?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let token = office.token(1, "admin").await;
    let reply = office.get("/api/p/customers/export", &token).await;
    assert!(reply.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/csv"));
    let text = reply.text();
    assert!(text.starts_with("\u{feff}手机号码,客户名称,"), "{}", &text[..80]);
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 1_201 + 1);
    assert!(lines[1..=1_200].iter().all(|line| line.split(',').nth(1) == Some("'=1+1")));
    let some = office.get("/api/p/customers/export?q.mobile=20000000007", &token).await.text();
    assert_eq!(some.split("\r\n").count(), 3);
    let audited: i64 = office
        .app
        .store
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM audit WHERE action = 'export'", [], |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(audited, 2);
}

#[tokio::test]
async fn a_workbook_is_exported_with_text_cells_masked_and_counted() {
    use calamine::{Data, Reader, Xlsx};
    let office = Office::open().await;
    office
        .sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
             INSERT INTO customer (company_id, mobile, name, landline, created, updated)
             SELECT 1, 15400100000 + i, '=1+1', '05928888888', i, 0 FROM n",
        )
        .await;
    let token = office.token(1, "admin").await;
    let book = async || {
        let reply = office.get("/api/p/customers/export?format=xlsx", &token).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        assert!(reply.headers[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".xlsx\""));
        let mut book = Xlsx::new(std::io::Cursor::new(reply.body)).unwrap();
        book.worksheet_range_at(0).unwrap().unwrap()
    };
    let sheet = book().await;
    assert_eq!(sheet.height(), 1 + 1_201);
    assert_eq!(sheet.get((0, 0)), Some(&Data::String("手机号码".into())));
    let text = |at: (usize, usize)| sheet.get(at).unwrap().to_string();
    assert_eq!((text((1, 0)), text((1, 1)), text((1, 2))), ("15400101200".into(), "=1+1".into(), "05928888888".into()));
    assert!(sheet.rows().flatten().all(|cell| matches!(cell, Data::String(_) | Data::Empty)));
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    let masked = book().await;
    let numbers: Vec<String> = masked.rows().skip(1).map(|row| format!("{}{}", row[0], row[2])).collect();
    assert!(numbers.iter().all(|cell| cell.contains("****") && !cell.contains("05928888888")), "{numbers:?}");
    assert_eq!(std::fs::read_dir(office.dir.path().join("export")).unwrap().count(), 0, "nothing stays on the disk");
    let noted: String = office
        .app
        .store
        .read(|conn| {
            let sql = "SELECT group_concat(action || ' ' || object || ' ' || detail, ', ') FROM audit WHERE action LIKE 'export%'";
            Ok(conn.query_row(sql, [], |row| row.get(0))?)
        })
        .await
        .unwrap();
    let each = "export page:customers xlsx, exported page:customers xlsx 1201";
    assert_eq!(noted, format!("{each}, {each}"));
}

#[tokio::test]
async fn every_page_can_be_exported_filtered_masked_and_without_secrets() {
    let office = Office::open().await;
    office.sql("UPDATE seat SET mobile = '15400000077' WHERE id = 2").await;
    let token = office.token(1, "admin").await;
    for page in catalogue::all().iter().filter(|page| page.action("export").is_some()) {
        let total = office.get(&format!("/api/p/{}", page.id), &token).await.json()["total"].as_u64().unwrap();
        let reply = office.get(&format!("/api/p/{}/export", page.id), &token).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", page.id);
        assert_eq!(reply.text().split("\r\n").count() as u64, total + 2, "{}", page.id);
        assert!(!reply.text().contains("trunk-secret") && !reply.text().contains("argon2"), "{}", page.id);
    }
    let lines = async |path: &str| office.get(path, &token).await.text().split("\r\n").count();
    assert_eq!(lines("/api/p/seats/export?q.quick=8002").await, 3, "one seat");
    assert_eq!(lines("/api/p/blocklist/export?q.direction=inbound").await, 2, "none");
    assert!(office.get("/api/p/seats/export", &token).await.text().contains("15400000077"));
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    let masked = office.get("/api/p/seats/export", &token).await.text();
    assert!(masked.contains("154****0077") && !masked.contains("15400000077"), "{masked}");
}

#[tokio::test]
async fn a_seat_with_hidden_numbers_never_receives_one() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    let phone = sample::phone(1);
    for page in catalogue::all() {
        let mut paths = vec![format!("/api/p/{}", page.id), format!("/api/p/{}/1", page.id)];
        paths.extend(page.action("export").map(|_| format!("/api/p/{}/export", page.id)));
        for path in paths {
            let text = office.get(&path, &token).await.text();
            assert!(!text.contains(&phone), "{path}: {text}");
        }
    }
    let customers = office.get("/api/p/customers", &token).await;
    assert!(customers.text().contains("154****0001"), "the rows are there, masked");
    // A number cannot be found out digit by digit, neither by searching nor by adding it.
    for (path, found) in [
        ("/api/p/customers?q.mobile=10000", 0),
        ("/api/p/calls?q.phone=0001", 0),
        ("/api/p/calls?q.note=10000", 0),
        ("/api/p/activities?q.content=00000", 0),
        ("/api/p/customers?q.mobile=15400000001", 1),
    ] {
        assert_eq!(office.get(path, &token).await.json()["total"], json!(found), "{path}");
    }
    let taken = office.post("/api/p/customers", &token, json!({"mobile": phone})).await;
    assert_eq!((taken.status, taken.code().as_str()), (StatusCode::CONFLICT, "field.owned"));
    assert!(!taken.text().contains(&phone));
    // Stars that come back with a form leave the number as it was.
    let form = office.get("/api/p/customers/1", &token).await.json()["values"].clone();
    assert_eq!(office.post("/api/p/customers/1", &token, form).await.status, StatusCode::OK);
    office.sql("UPDATE seat SET hide_numbers = 0 WHERE id = 1").await;
    assert_eq!(office.get("/api/p/customers/1", &token).await.json()["values"]["mobile"], json!(phone));
}

#[tokio::test]
async fn no_secret_of_a_trunk_or_seat_leaves() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    for path in ["/api/p/trunks", "/api/p/trunks/1", "/api/p/seats", "/api/p/seats/1", "/api/p/trunks?sort=password"] {
        let text = office.get(path, &token).await.text();
        assert!(!text.contains("trunk-secret") && !text.contains("argon2"), "{path}: {text}");
    }
}

#[tokio::test]
async fn campaigns_are_made_and_changed_within_limits() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let make = |form: Value| office.post("/api/p/campaigns", &token, form);
    let made =
        make(json!({"name": "新任务", "script": "1", "trunk": "1", "run": "09:00~18:00", "sync_customers": "true"}))
            .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let id = made.json()["id"].as_i64().unwrap();
    let values = office.get(&format!("/api/p/campaigns/{id}"), &token).await.json()["values"].clone();
    assert_eq!(
        (&values["run"], &values["rest"], &values["sync_customers"]),
        (&json!("09:00~18:00"), &json!("12:00~14:00"), &json!("true"))
    );
    assert_eq!(make(json!({"name": "新任务", "script": "1", "trunk": "1"})).await.code(), "field.taken");
    assert_eq!(make(json!({"name": "", "script": "1", "trunk": "1"})).await.code(), "field.required");
    assert_eq!(make(json!({"name": "b", "script": "1", "trunk": "1", "ring_s": "5"})).await.code(), "field.range");
    for run in ["08:00~08:00", "00:00~00:00", "24:00~00:00"] {
        let never = make(json!({"name": "c", "script": "1", "trunk": "1", "run": run})).await;
        assert_eq!((never.status, never.code().as_str()), (StatusCode::CONFLICT, "campaign.no_hours"), "{run}");
        let edit = office.post(&format!("/api/p/campaigns/{id}"), &token, json!({"run": run})).await;
        assert_eq!(edit.code(), "campaign.no_hours", "{run}");
    }
    let all_day = json!({"name": "c", "script": "1", "trunk": "1", "run": "00:00~24:00", "rest": "12:00~12:00"});
    assert_eq!(make(all_day).await.status, StatusCode::OK, "a rest of nothing is none");
    let edit = office.post(&format!("/api/p/campaigns/{id}"), &token, json!({"ring_s": "45"})).await;
    assert_eq!(edit.status, StatusCode::OK, "{}", edit.text());
    assert_eq!(office.get(&format!("/api/p/campaigns/{id}"), &token).await.json()["values"]["ring_s"], json!("45"));
    // The engine is not there: what it decides is refused with its reason, row by row.
    let start = office.post("/api/p/campaigns/action/start", &token, json!({"ids": [id]})).await;
    assert_eq!(start.json()["refused"][0][1]["code"], json!("service.stopping"));
}

#[tokio::test]
async fn seats_are_made_changed_and_guarded() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let form = json!({"extension": "8100", "account": "new", "name": "新", "role": "4", "password": "long enough"});
    let made = office.post("/api/p/seats", &token, form.clone()).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    assert_eq!(office.post("/api/p/seats", &token, form).await.code(), "field.taken");
    let login = office.login("c1", "new", "long enough").await;
    let new = login.json()["token"].as_str().unwrap().to_owned();
    let path = format!("/api/p/seats/{}", made.json()["id"]);
    assert_eq!(office.post(&path, &token, json!({"password": "short"})).await.code(), "field.short_password");
    assert_eq!(office.post(&path, &token, json!({"name": "改", "extension": "1"})).await.status, StatusCode::OK);
    assert_eq!(office.get("/api/me", &new).await.json()["name"], json!("改"), "a new name ends no session");
    assert_eq!(office.get(&path, &token).await.json()["values"]["extension"], json!("8100"), "fixed");
    assert_eq!(office.post(&path, &token, json!({"password": "another one"})).await.status, StatusCode::OK);
    assert_eq!(office.get("/api/me", &new).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(office.login("c1", "new", "another one").await.status, StatusCode::OK);
    for (form, code) in [(json!({"role": "4"}), "row.own_seat"), (json!({"enabled": "false"}), "row.own_seat")] {
        assert_eq!(office.post("/api/p/seats/1", &token, form).await.code(), code);
    }
    let own = office.post("/api/p/seats/action/delete", &token, json!({"ids": [1]})).await;
    assert_eq!(own.json()["refused"][0][1]["code"], json!("row.own_seat"));
    // Someone who may edit seats cannot reach above himself.
    office.sql("UPDATE role SET permissions = '[\"seats.view\",\"seats.edit\"]', scope = 'all' WHERE id = 2").await;
    let manager = office.token(1, "manager").await;
    for (seat, form) in [("1", json!({"password": "long enough"})), ("2", json!({"role": "1"}))] {
        let reply = office.post(&format!("/api/p/seats/{seat}"), &manager, form).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.text());
    }
}

#[tokio::test]
async fn an_activity_saves_the_card_and_knows_whose_call_it_was() {
    let office = Office::open().await;
    office.sql("UPDATE cdr SET phone = '15400000008' WHERE call_id = 1").await;
    let agent = office.token(1, "agent").await;
    let form = json!({"call": 1, "visit_type": "first_visit", "disposition": "do_not_call", "content": "不要再打",
                      "card": {"name": "丙", "note": "n", "mobile": "15400000009"}});
    let saved = office.post("/api/activity", &agent, form).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    let list = office.get("/api/p/customers?q.mobile=15400000008", &agent).await.json();
    assert_eq!((&list["total"], &list["rows"][0]["cells"]["name"]), (&json!(1), &json!("丙")));
    assert_eq!(list["rows"][0]["cells"]["owner"], json!("agent(8004)"));
    let admin = office.token(1, "admin").await;
    assert_eq!(office.get("/api/p/blocklist?q.phone=15400000008", &admin).await.json()["total"], json!(1));
    let other = json!({"call": 2, "visit_type": "", "disposition": "", "content": ""});
    assert_eq!(office.post("/api/activity", &agent, other).await.code(), "activity.other_call");
    let odd = json!({"call": 1, "visit_type": "x", "disposition": "", "content": ""});
    assert_eq!(office.post("/api/activity", &agent, odd).await.code(), "field.choice");
    assert_eq!(office.get("/api/home", &agent).await.json()["new_activities_today"], json!(1));
}

#[tokio::test]
async fn recordings_are_sent_by_range_and_each_hearing_is_noted() {
    let office = Office::open().await;
    let token = office.token(1, "agent").await;
    assert_eq!(office.get("/api/recording/1", &token).await.code(), "recording.gone");
    let dir = office.dir.path().join("rec/1970/01/01");
    std::fs::create_dir_all(&dir).unwrap();
    let header = hutong_core::media::wav::stereo_alaw(200_000 - 58);
    let bytes: Vec<u8> = header.into_iter().chain((58..200_000_u32).map(|n| n as u8)).collect();
    std::fs::write(dir.join("01.wav"), &bytes).unwrap();
    let whole = office.get("/api/recording/1", &token).await;
    assert!(whole.status == StatusCode::OK && whole.body == bytes);
    let part = |range: &'static str| {
        office
            .send(request(Method::GET, "/api/recording/1", &token).header("range", range).body(Body::empty()).unwrap())
    };
    let some = part("bytes=1000-1999").await;
    assert_eq!((some.status, some.body.as_slice()), (StatusCode::PARTIAL_CONTENT, &bytes[1000..2000]));
    assert_eq!(some.headers[header::CONTENT_RANGE], "bytes 1000-1999/200000");
    assert_eq!(part("bytes=200000-").await.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(office.get("/api/recording/1/peaks", &token).await.json()["callee"].as_array().unwrap().len(), 600);
    assert_eq!(office.get("/api/recording/2", &token).await.status, StatusCode::NOT_FOUND, "not his call");
    office.sql("UPDATE recording SET path = '../' || path WHERE call_id = 1").await;
    assert_eq!(office.get("/api/recording/1", &token).await.status, StatusCode::NOT_FOUND);
    std::os::unix::fs::symlink("/etc/hostname", office.dir.path().join("rec/link.wav")).unwrap();
    office.sql("UPDATE recording SET path = 'rec/link.wav' WHERE call_id = 1").await;
    assert_eq!(office.get("/api/recording/1", &token).await.status, StatusCode::NOT_FOUND);
    let noted: i64 = office
        .app
        .store
        .read(|conn| Ok(conn.query_row("SELECT count(*) FROM audit WHERE object = 'call:1'", [], |row| row.get(0))?))
        .await
        .unwrap();
    assert_eq!(noted, 1);
}

#[tokio::test]
async fn an_upload_is_spooled_handed_over_and_cleaned_away() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let reply = upload(&office, "/api/import/customers", &token, "手机号码\r\n10000000005").await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    let left = || std::fs::read_dir(office.dir.path().join("import")).unwrap().count();
    tokio::time::timeout(std::time::Duration::from_secs(10), async {
        while left() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the spooled file is removed");
    for (path, status) in [
        ("/api/import/campaigns", StatusCode::NOT_FOUND),
        ("/api/import/campaigns?campaign=99", StatusCode::NOT_FOUND),
        ("/api/import/calls", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(upload(&office, path, &token, "x").await.status, status, "{path}");
    }
    assert_eq!(office.get("/api/template/campaigns", &token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn numbers_become_customers_when_the_campaign_or_the_upload_says_so() {
    let office = Office::open().await;
    office.sql("UPDATE campaign SET sync_customers = 1 WHERE id = 2").await;
    let token = office.token(1, "admin").await;
    for (query, mobile, customers) in [
        ("campaign=1", "13900000001", 0),
        ("campaign=2", "13900000002", 1),
        ("campaign=1&sync=true", "13900000003", 1),
        ("campaign=2&sync=false", "13900000004", 1),
    ] {
        let path = format!("/api/import/campaigns?{query}");
        let batch = upload(&office, &path, &token, &format!("手机号码\r\n{mobile}")).await.json()["batch"].clone();
        let done = async {
            while office.get(&format!("/api/import/{batch}"), &token).await.json()["stage"] != json!("done") {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), done).await.expect(query);
        let found = office.get(&format!("/api/p/customers?q.mobile={mobile}"), &token).await.json();
        assert_eq!(found["total"], json!(customers), "{query}");
    }
}

async fn done(office: &Office, token: &str, batch: &Value) -> Value {
    let told = async {
        loop {
            let status = office.get(&format!("/api/import/{batch}"), token).await.json();
            if status["stage"] != json!("reading") && status["stage"] != json!("storing") {
                return status;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), told).await.expect("the import ends")
}

#[tokio::test]
async fn a_file_is_looked_at_mapped_imported_and_taken_back() {
    let office = Office::open().await;
    let (token, other) = (office.token(1, "admin").await, office.token(2, "admin").await);
    let look =
        upload(&office, "/api/import/customers/look", &token, "号A,名B\r\n13900000001,甲\r\n13900000002,乙").await;
    assert_eq!(look.status, StatusCode::OK, "{}", look.text());
    let look = look.json();
    assert_eq!(
        (&look["rows"], &look["columns"][0]["field"], &look["first"][0][1]),
        (&json!(2), &json!("mobile"), &json!("甲"))
    );
    let wish = |more: Value| {
        let mut wish = json!({"look": look["look"], "columns": ["mobile", "name"]});
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    };
    let run = async |token: &str, wish: Value| office.post("/api/import/customers/run", token, wish).await;
    for (more, code) in [
        (json!({"look": "0"}), "import.look_gone"),
        (json!({"columns": ["mobile"]}), "import.columns_differ"),
        (json!({"existing": "burn"}), "import.existing"),
        (json!({"owners": [14]}), "import.owner_unknown"),
    ] {
        assert_eq!(run(&token, wish(more)).await.code(), code);
    }
    assert_eq!(run(&other, wish(json!({}))).await.code(), "import.look_gone", "another company's look does not exist");
    let begun = run(&token, wish(json!({"owners": [3, 4]}))).await.json();
    let status = done(&office, &token, &begun["batch"]).await;
    assert_eq!((&status["stage"], &status["added"]), (&json!("done"), &json!(2)), "{status}");
    let list = office.get("/api/p/customers?q.mobile=13900000001", &token).await.json();
    assert_eq!(list["rows"][0]["cells"]["owner"], json!("supervisor(8003)"));
    let gone = async {
        while run(&token, wish(json!({}))).await.code() != "import.look_gone" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), gone).await.expect("used up");
    let imports = office.get("/api/p/imports", &token).await.json();
    let row = &imports["rows"][0];
    assert_eq!((&row["cells"]["added"], &row["actions"]), (&json!("2"), &json!(["undo"])), "{row}");
    let path = format!("/api/undo/{}", status["undo"].as_str().unwrap());
    let foreign = office.post(&path, &other, json!({})).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(office.post(&path, &office.token(1, "agent").await, json!({})).await.status, StatusCode::NOT_FOUND);
    let undone = office.post(&path, &token, json!({})).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    assert!(undone.json()["text"].as_str().unwrap().contains("移除 2 条"));
    assert_eq!(office.get("/api/p/customers?q.mobile=13900000001", &token).await.json()["total"], json!(0));
    let imports = office.get("/api/p/imports", &token).await.json();
    assert_eq!(
        (&imports["rows"][0]["cells"]["state"], &imports["rows"][0]["actions"]),
        (&json!("已撤销"), &Value::Null)
    );
    // The page's own button does the same.
    let again = async {
        loop {
            let begun = upload(&office, "/api/import/customers", &token, "手机\r\n13900000009").await.json();
            // Refused while the rows of the one before are still being taken away.
            if begun["refusal"]["code"] != json!("import.busy") {
                return begun["batch"].clone();
            }
        }
    };
    let batch = tokio::time::timeout(std::time::Duration::from_secs(20), again).await.expect("free again");
    assert_eq!(done(&office, &token, &batch).await["added"], json!(1));
    let undo = async || office.post("/api/p/imports/action/undo", &token, json!({"ids": [batch]})).await.json();
    assert_eq!(undo().await["done"], json!(1));
    assert_eq!(undo().await["refused"][0][1]["code"], json!("import.not_undoable"));
}

#[tokio::test]
async fn a_look_shows_no_numbers_to_a_seat_with_hidden_ones() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    let look =
        upload(&office, "/api/import/customers/look", &token, "手机,备注\r\n13900000001,另 13900000002").await.text();
    assert!(look.contains("****") && !look.contains("13900000001") && !look.contains("13900000002"), "{look}");
}

#[tokio::test]
async fn a_blocklist_is_imported_by_file() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let template = office.get("/api/template/blocklist", &token).await.text();
    assert!(template.contains("限制类型"), "{template}");
    let sheet = "号码,限制类型,原因\r\n13900000001,限制呼出,投诉";
    let batch = upload(&office, "/api/import/blocklist", &token, sheet).await.json()["batch"].clone();
    assert_eq!(done(&office, &token, &batch).await["added"], json!(1));
    let row = office.get("/api/p/blocklist?q.phone=13900000001", &token).await.json()["rows"][0]["cells"].clone();
    assert_eq!((&row["direction"], &row["reason"]), (&json!("限制呼出"), &json!("投诉")));
    let agent = office.token(1, "agent").await;
    assert_eq!(upload(&office, "/api/import/blocklist", &agent, sheet).await.status, StatusCode::FORBIDDEN);
}
