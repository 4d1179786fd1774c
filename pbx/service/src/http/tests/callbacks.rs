//! 预约回访: promised beside a call, told when due, dialled by its row, kept or gone with the next call.

use super::{
    Office,
    live::{ask, connect, login, next, post},
};
use crate::{
    http::{App, serve},
    shell::{Msg, Shell},
};
use hutong_api::live::{Command, ServerMsg};
use hutong_core::io::Input;
use serde_json::{Value, json};

/// A record of call 1, which was the agent's.
fn record(callback_at: &str, disposition: &str) -> Value {
    json!({"call": 1, "visit_type": "", "disposition": disposition, "content": "下午再谈", "callback_at": callback_at})
}

async fn rows(office: &Office, token: &str) -> Vec<Value> {
    office.get("/api/p/callbacks", token).await.json()["rows"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_promise_is_made_beside_a_call_and_kept_or_dropped_by_what_follows() {
    let office = Office::open().await;
    office.sql("DELETE FROM callback WHERE company_id = 1").await;
    let agent = office.token(1, "agent").await;
    for (when, code) in
        [("2020-01-01 08:00", "callback.when"), ("2999-01-01 08:00", "callback.when"), ("later", "field.bad")]
    {
        assert_eq!(office.post("/api/activity", &agent, record(when, "")).await.code(), code, "{when}");
    }
    let year = jiff::Zoned::now().year();
    let far = format!("{}-01-02 08:30", year + 1);
    assert_eq!(office.post("/api/activity", &agent, record(&far, "do_not_call")).await.code(), "callback.refused");
    assert!(rows(&office, &agent).await.is_empty(), "what was refused left nothing");
    let saved = office.post("/api/activity", &agent, record(&far, "call_back")).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let made = rows(&office, &agent).await;
    let cells = &made[0]["cells"];
    assert_eq!((&cells["due"], &cells["note"]), (&json!(format!("{far}:00")), &json!("下午再谈")));
    assert_eq!((&cells["seat"], &cells["state"]), (&json!("agent(8004)"), &json!("待回访")));

    // Another call tonight leaves a promise for next year; one for today it keeps.
    office.post("/api/activity", &agent, record("", "")).await;
    assert_eq!(rows(&office, &agent).await[0]["cells"]["state"], "待回访");
    office.sql("UPDATE callback SET due = 1 WHERE company_id = 1").await;
    assert_eq!(office.get("/api/home", &agent).await.json()["callbacks_today"], 1);
    office.post("/api/activity", &agent, record("", "")).await;
    assert_eq!(rows(&office, &agent).await[0]["cells"]["state"], "已回访");
    assert_eq!(office.get("/api/home", &agent).await.json()["callbacks_today"], 0);

    // 勿再打 by whatever way drops what is promised.
    office.post("/api/activity", &agent, record(&far, "")).await;
    office.post("/api/activity", &agent, record("", "do_not_call")).await;
    let states: Vec<Value> = rows(&office, &agent).await.iter().map(|row| row["cells"]["state"].clone()).collect();
    assert_eq!(states, ["已取消", "已回访"]);
}

#[tokio::test]
async fn promises_are_put_off_handed_over_and_done_within_reach_only() {
    let office = Office::open().await;
    let (agent, admin) = (office.token(1, "agent").await, office.token(1, "admin").await);
    let edit = |due: &str, seat: &str| json!({"due": due, "seat": seat, "note": "改期"});
    let year = jiff::Zoned::now().year() + 1;
    let path = "/api/p/callbacks/1";
    assert_eq!(office.post(path, &agent, edit("2020-01-01 08:00", "4")).await.code(), "callback.when");
    assert_eq!(
        office.post(path, &admin, edit(&format!("{year}-01-02 08:00"), "14")).await.status,
        404,
        "another company's seat"
    );
    assert_eq!(office.post(path, &admin, edit(&format!("{year}-01-02 08:00"), "3")).await.status, 200);
    assert!(rows(&office, &agent).await.is_empty(), "it is another's now");
    let done = json!({"ids": [1]});
    let refused = office.post("/api/p/callbacks/action/done", &agent, done.clone()).await.json();
    assert_eq!(refused["refused"][0][1]["code"], "row.unknown");
    assert_eq!(office.post("/api/p/callbacks/action/done", &admin, done.clone()).await.json()["done"], 1);
    let again = office.post("/api/p/callbacks/action/done", &admin, done).await.json();
    assert_eq!(again["refused"][0][1]["code"], "callback.closed", "{again}");
    assert_eq!(rows(&office, &admin).await[0]["actions"], Value::Null);
}

#[tokio::test]
async fn a_row_is_dialled_without_its_number_and_only_within_reach() {
    let office = Office::open().await;
    let (shell, mut inbox) = Shell::overheard();
    let address = serve(App { shell, ..office.app.clone() }).await.unwrap();
    office
        .sql(
            "UPDATE seat SET hide_numbers = 1 WHERE id = 4;
             INSERT INTO customer (id, company_id, mobile, owner_id, created, updated) VALUES (50, 1, '15400000050', 3, 0, 0)",
        )
        .await;
    let agent = login(address, "agent").await;
    let dial = async |page: &str, id: i64| {
        post(address, &format!("/api/p/{page}/action/dial"), &agent, &json!({"ids": [id]}).to_string()).await
    };
    for (page, id) in [("customers", 50), ("customers", 11), ("callbacks", 11), ("callbacks", 99)] {
        assert_eq!(dial(page, id).await.0, 404, "{page} {id}");
    }
    for page in ["customers", "callbacks"] {
        let engine = async {
            loop {
                if let Msg::Ask { input, answer, .. } = inbox.recv().await.unwrap() {
                    answer.send(None).unwrap();
                    return *input;
                }
            }
        };
        let ((status, text), asked) = tokio::join!(dial(page, 1), engine);
        assert!(status == 200 && !text.contains("15400000001"), "{text}");
        let Input::Ask { who, cmd: Command::Dial { number }, .. } = asked else { panic!("{asked:?}") };
        assert_eq!((who.seat.0, number.as_str()), (4, "15400000001"));
    }
}

#[tokio::test]
async fn its_owner_is_told_in_the_moment_it_falls_due() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let (agent, admin) = (login(address, "agent").await, login(address, "admin").await);
    let mut his = connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut his, 1, r#""cmd":"ping""#).await, "");
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    let soon = soon.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    let form = json!({"due": soon, "seat": "4", "note": ""}).to_string();
    let (status, text) = post(address, "/api/p/callbacks/1", &admin, &form).await;
    assert_eq!(status, 200, "{text}");
    loop {
        match next(&mut his).await {
            ServerMsg::Toast(told) => return assert_eq!(told.code, "callback.due", "{told:?}"),
            ServerMsg::Changed { page } => assert_eq!(page, "callbacks"),
            other => panic!("{other:?}"),
        }
    }
}
