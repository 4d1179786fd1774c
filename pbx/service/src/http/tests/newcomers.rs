//! Seats from a file, failed logins, notices that fall due, and what a seat with hidden numbers may look up.

use super::{
    Office,
    live::{self, ask},
    matrix::upload,
};
use crate::{
    desk::now,
    http::{lookups::PER_DAY, serve},
};
use axum::http::StatusCode;
use hutong_api::live::ServerMsg;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;

/// Nothing here has a promise of time: this only ends a test that would hang.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(30), work).await.expect("it never came")
}

/// F80: good rows become seats, each bad cell is named, and the passwords are given once and stored nowhere.
#[tokio::test]
async fn seats_of_a_file_are_made_and_their_passwords_given_once() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    let file = "坐席号,用户名,姓名,部门,用户角色,移动电话,电子邮件,备注\r\n\
        9001,wang,王一,业务部,坐席,154 0000 0901,w@x.example,新\r\n\
        9002,,,,,,,\r\n\
        9002,li,李二,,,,,\r\n\
        9003,agent,重名,,,,,\r\n\
        9004,,,没有此部门,,,,\r\n\
        9005,,,,总裁,,,\r\n\
        9006,,,,,12ab,,\r\n\
        ,,空,,,,,\r\n";
    let look = upload(&office, "/api/import/seats/look", &admin, file).await.json();
    let fields: Vec<&str> =
        look["columns"].as_array().unwrap().iter().filter_map(|one| one["field"].as_str()).collect();
    assert_eq!(fields, ["extension", "account", "name", "department", "role", "mobile", "email", "note"], "{look}");
    let wish = json!({"look": look["look"], "columns": fields, "existing": "skip", "owners": []});
    let begun = office.post("/api/import/seats/run", &admin, wish).await;
    let batch = begun.json()["batch"].as_i64().unwrap();
    let status = done(&office, &admin, batch).await;
    let count = |what: &str| status[what].as_i64().unwrap();
    assert_eq!((count("rows"), count("added"), count("duplicate"), count("bad")), (8, 2, 2, 4), "{status}");
    let reasons: Vec<&str> =
        status["samples"].as_array().unwrap().iter().map(|one| one["reason"]["text"].as_str().unwrap()).collect();
    for (at, part) in [
        "「坐席号」9002",
        "「用户名」agent",
        "「部门」没有此部门",
        "「用户角色」总裁",
        "「移动电话」12ab",
        "「坐席号」为空",
    ]
    .iter()
    .enumerate()
    {
        assert!(reasons[at].contains(part), "{reasons:?}");
    }
    assert_eq!((status["passwords"].clone(), status["undo"].clone()), (json!(true), Value::Null), "{status}");

    let other = office.token(1, "manager").await;
    assert_eq!(office.get(&format!("/api/import/{batch}/passwords"), &other).await.status, StatusCode::FORBIDDEN);
    let sheet = office.get(&format!("/api/import/{batch}/passwords"), &admin).await;
    assert!(sheet.body.starts_with("\u{feff}".as_bytes()), "office programs read it");
    let text = sheet.text();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), rows[0][0], rows[0][1], rows[1][1]), (2, "9001", "wang", "9002"));
    let again = office.get(&format!("/api/import/{batch}/passwords"), &admin).await;
    assert_eq!(again.code(), "import.passwords_gone");
    assert_eq!(office.login("c1", "wang", rows[0][2]).await.status, StatusCode::OK);
    let password = rows[0][2].to_owned();
    let stored = office.app.store.read(move |conn| {
        let sql = "SELECT count(*) FROM seat WHERE instr(password_hash, ?1) > 0 OR length(password_hash) < 40 AND extension LIKE '90%'";
        Ok(conn.query_row(sql, [password], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(stored.await.unwrap(), 0, "hashes only");
    let list = office.get("/api/p/seats?q.quick=wang", &admin).await.json();
    let cells = &list["rows"][0]["cells"];
    assert_eq!(
        (&cells["department"], &cells["role"], &cells["mobile"]),
        (&json!("业务部"), &json!("坐席"), &json!("15400000901"))
    );
    let rejects = office.get(&format!("/api/import/{batch}/rejects"), &admin).await.text();
    assert_eq!(rejects.lines().count(), 7, "{rejects}");
    let undo = office.post(&format!("/api/undo/import-{batch}"), &admin, json!({})).await;
    assert_eq!(undo.code(), "import.not_undoable");
}

/// Nobody hands out more than he has, by a file neither; and a file has its limit.
#[tokio::test]
async fn a_file_of_seats_has_its_limits() {
    let office = Office::open().await;
    office.sql("UPDATE role SET permissions = '[\"seats.view\",\"seats.import\"]' WHERE id = 5").await;
    let poor = office.token(1, "none").await;
    let file = "坐席号,用户角色\r\n9001,管理员\r\n";
    let status = upload(&office, "/api/import/seats", &poor, file).await.json();
    let status = done(&office, &poor, status["batch"].as_i64().unwrap()).await;
    assert_eq!(status["samples"][0]["reason"]["code"], "import.seat_role_more", "{status}");
    let admin = office.token(1, "admin").await;
    let long: String = (0..501).map(|n| format!("{}\r\n", 20_000 + n)).collect();
    let status = upload(&office, "/api/import/seats", &admin, &format!("坐席号\r\n{long}")).await.json();
    let status = done(&office, &admin, status["batch"].as_i64().unwrap()).await;
    assert_eq!(status["refusal"]["code"], "import.too_many_seats", "{status}");
    let status = upload(&office, "/api/import/seats", &admin, "姓名,部门\r\n王,业务部\r\n").await.json();
    assert_eq!(
        done(&office, &admin, status["batch"].as_i64().unwrap()).await["refusal"]["code"],
        "import.no_seat_column"
    );
    let template = office.get("/api/template/seats", &admin).await.text();
    assert!(template.contains("坐席号,用户名,姓名,部门,用户角色,移动电话"), "{template}");
}

/// An import's last word.
async fn done(office: &Office, token: &str, batch: i64) -> Value {
    soon(async {
        loop {
            let status = office.get(&format!("/api/import/{batch}"), token).await.json();
            if status["stage"] == "done" || status["stage"] == "refused" {
                return status;
            }
            tokio::task::yield_now().await;
        }
    })
    .await
}

/// Whoever tries accounts leaves a trace; he who floods leaves one row that says so.
#[tokio::test]
async fn failed_logins_are_in_the_audit_of_the_company_that_was_named() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    assert_eq!(
        office.login("c1", "管理员15400000001的超长账号超长账号超长账号超长账号超长账号", "x").await.code(),
        "login.failed"
    );
    assert_eq!(office.login("c1", "agent", "wrong").await.code(), "login.failed");
    assert_eq!(office.login("nobody", "agent", "wrong").await.code(), "login.failed");
    let rows = soon(async {
        loop {
            let list = office.get("/api/p/audit?q.deed=deed_login_failed", &admin).await.json();
            if list["total"] == json!(2) {
                return list["rows"].clone();
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    let details: Vec<&str> =
        rows.as_array().unwrap().iter().map(|row| row["cells"]["detail"].as_str().unwrap()).collect();
    assert!(details.contains(&"agent"), "{rows}");
    assert!(details.iter().any(|one| one.starts_with("管理员****的超长") && one.chars().count() < 32), "{rows}");
    assert_eq!((&rows[0]["cells"]["action"], &rows[0]["cells"]["who"]), (&json!("登录失败"), &json!("")), "{rows}");
}

/// F98: a page that is open hears of a notice when its time begins.
#[tokio::test]
async fn a_notice_is_told_to_open_pages_when_it_falls_due() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let (agent, admin) = (live::login(address, "agent").await, live::login(address, "admin").await);
    let mut socket = live::connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    // Whole seconds: at least one from now.
    let due = (now() / 1000 + 2) * 1000;
    let from = crate::desk::cell::time(due, &jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
    let form = json!({"title": "放假", "body": "明天", "audience": "everyone", "from": from});
    live::post(address, "/api/p/notices", &admin, &form.to_string()).await;
    let mut told = Vec::new();
    while told.len() < 2 {
        if let ServerMsg::Changed { page } = soon(live::next(&mut socket)).await {
            told.push((page, now() >= due));
        }
    }
    assert_eq!(told, [("notices".to_owned(), false), ("notices".to_owned(), true)]);
    assert_eq!(office.get("/api/notices", &agent).await.json()[0]["title"], "放假");
}

/// F87: what a seat knows it may look up; what it does not see it may not try out.
#[tokio::test]
async fn a_seat_with_hidden_numbers_cannot_try_out_the_digits_it_does_not_see() {
    let office = Office::open().await;
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 4").await;
    let (agent, admin) = (office.token(1, "agent").await, office.token(1, "admin").await);
    let find = async |token: &str, n: u32| office.get(&format!("/api/p/customers?q.mobile=1540000{n:04}"), token).await;
    assert_eq!(find(&agent, 1).await.json()["total"], json!(1), "one it knows");
    let mut tried = 1;
    while find(&agent, 100 + tried).await.status == StatusCode::OK {
        tried += 1;
        assert!(tried < 1_000);
    }
    assert_eq!(tried, PER_DAY);
    assert_eq!(find(&agent, 9_000).await.code(), "list.lookups_spent");
    assert_eq!(find(&agent, 101).await.status, StatusCode::OK, "pages of what was found cost nothing");
    assert_eq!(office.get("/api/p/customers", &agent).await.status, StatusCode::OK);
    let form = json!({"mobile": "15400009001", "name": "x"});
    assert_eq!(office.post("/api/p/customers", &agent, form.clone()).await.code(), "list.lookups_spent");
    assert_eq!(
        office.post("/api/p/customers/1", &agent, json!({"mobile": "15400009001"})).await.code(),
        "list.lookups_spent"
    );
    let kept = office.post("/api/p/customers/1", &agent, json!({"mobile": "154****0001", "name": "甲"})).await;
    assert_eq!(kept.status, StatusCode::OK, "{}", kept.text());
    for n in 0..PER_DAY + 5 {
        assert_eq!(find(&admin, n).await.status, StatusCode::OK, "who sees them all has no need to");
    }
}
