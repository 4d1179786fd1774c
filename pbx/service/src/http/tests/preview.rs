//! 预览式外呼 over the whole face: a task with pasted numbers, dealt or taken, dialled by its rows.

use super::{
    Office,
    live::{login, post},
};
use crate::{
    http::{App, serve},
    shell::{Msg, Shell},
};
use hutong_core::io::Input;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::sync::mpsc::UnboundedReceiver;

fn task(name: &str, numbers: &str, seats: &str, share: &str) -> Value {
    json!({"name": name, "ring_s": "50", "trunk": "1", "numbers": numbers, "seats": seats, "share": share,
           "run": "00:00~24:00", "rest": "00:00~00:00", "pacing": "preview"})
}

/// An office whose engine is the test.
async fn overheard() -> (Office, std::net::SocketAddr, UnboundedReceiver<Msg>) {
    let office = Office::open().await;
    let (shell, heard) = Shell::overheard();
    let address = serve(App { shell, ..office.app.clone() }).await.unwrap();
    (office, address, heard)
}

async fn act(address: std::net::SocketAddr, token: &str, page: &str, action: &str, body: Value) -> (u16, Value) {
    let (status, text) = post(address, &format!("/api/p/{page}/action/{action}"), token, &body.to_string()).await;
    (status, serde_json::from_str(text.split("\r\n\r\n").nth(1).unwrap_or_default()).unwrap_or(Value::Null))
}

#[tokio::test]
async fn pasted_numbers_are_cleaned_and_dealt_evenly_and_the_list_is_the_seats_own() {
    let office = Office::open().await;
    office
        .sql("INSERT INTO blocklist (company_id, phone, direction, created) VALUES (1, '15400000103', 'outbound', 0)")
        .await;
    let admin = office.token(1, "admin").await;
    let numbers = "15400000101，孙三\n154 0000 0102\n15400000101\n15400000103\n12\n15400000104\n15400000105";
    let made = office.post("/api/p/preview_tasks", &admin, task("回访", numbers, "4,5", "share_evenly")).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let said = made.json()["text"].as_str().unwrap().to_owned();
    assert!(said.contains("导入 4 个") && said.contains("去重 1 个，黑名单 1 个，无效 1 个"), "{said}");
    let agent = office.token(1, "agent").await;
    let list = office.get("/api/p/my_tasks", &agent).await.json();
    assert_eq!(list["total"], 2, "{list}");
    assert_eq!(office.get("/api/p/my_tasks", &admin).await.json()["total"], 4, "每人两个");
    assert!(list["notes"][0].as_str().unwrap().contains("总数 2"), "{list}");
    let row = office.get("/api/p/preview_tasks", &agent).await.json()["rows"][0].clone();
    assert_eq!((&row["cells"]["name"], &row["cells"]["ring_s"]), (&json!("回访"), &json!("50")));
    assert_eq!(
        office.get("/api/p/campaigns?q.name=回访", &admin).await.json()["total"],
        0,
        "not among those that dial"
    );
    // An agent works for himself only.
    let own = office.post("/api/p/preview_tasks", &agent, task("自拨", "15400000201", "5", "share_evenly")).await;
    assert_eq!(own.code(), "campaign.only_self");
    let own = office.post("/api/p/preview_tasks", &agent, task("自拨", "15400000201", "", "share_evenly")).await;
    assert_eq!(own.status, 200, "{}", own.text());
    assert_eq!(office.get("/api/p/my_tasks?q.state=not_called", &agent).await.json()["total"], 3);
}

#[tokio::test]
async fn of_fifty_who_take_a_number_at_once_each_gets_another() {
    let (office, address, mut heard) = overheard().await;
    let admin = login(address, "admin").await;
    let numbers: Vec<String> = (0..30).map(|n| format!("154000003{n:02}")).collect();
    let body = task("抢单", &numbers.join("\n"), "1,4", "share_pull").to_string();
    let (status, text) = post(address, "/api/p/preview_tasks", &admin, &body).await;
    assert_eq!(status, 200, "{text}");
    office.sql("UPDATE campaign SET status = 'running' WHERE name = '抢单'").await;
    let agent = login(address, "agent").await;
    let engine = tokio::spawn(async move {
        let mut rows = Vec::new();
        while let Some(msg) = heard.recv().await {
            if let Msg::Ask { input, answer, .. } = msg
                && let Input::PreviewDial { who, row, .. } = *input
            {
                rows.push((who.seat.0, row.phone.to_string()));
                drop(answer.send(None));
                // What the commit of a dial would have stored.
            }
            if rows.len() == 30 {
                break;
            }
        }
        rows
    });
    // A row that was taken stays its seat's: as the dial stores it, it waits no more.
    office.sql("CREATE TRIGGER taken AFTER UPDATE OF seat_id ON lead BEGIN UPDATE lead SET phase = 'dialling' WHERE id = NEW.id; END").await;
    let mut asked = Vec::new();
    for n in 0..50 {
        let token = if n % 2 == 0 { admin.clone() } else { agent.clone() };
        asked.push(tokio::spawn(async move { act(address, &token, "my_tasks", "next", json!({"ids": []})).await.0 }));
    }
    let mut done = 0;
    for one in asked {
        done += usize::from(one.await.unwrap() == 200);
    }
    assert_eq!(done, 30);
    let rows: BTreeSet<_> = engine.await.unwrap().into_iter().collect();
    assert_eq!(rows.iter().map(|(_, phone)| phone).collect::<BTreeSet<_>>().len(), 30, "no number twice");
    assert_eq!(rows.iter().map(|(seat, _)| *seat).collect::<BTreeSet<_>>(), BTreeSet::from([1, 4]));
}

#[tokio::test]
async fn a_refused_dial_gives_the_number_back_and_hidden_numbers_stay_hidden() {
    let (office, address, mut heard) = overheard().await;
    let admin = login(address, "admin").await;
    let body = task("抢单", "15400000401", "4", "share_pull").to_string();
    assert_eq!(post(address, "/api/p/preview_tasks", &admin, &body).await.0, 200);
    office
        .sql(
            "UPDATE campaign SET status = 'running' WHERE name = '抢单'; UPDATE seat SET hide_numbers = 1 WHERE id = 4",
        )
        .await;
    let agent = login(address, "agent").await;
    let refuse = tokio::spawn(async move {
        while let Some(msg) = heard.recv().await {
            if let Msg::Ask { input, answer, .. } = msg
                && matches!(*input, Input::PreviewDial { .. })
            {
                drop(answer.send(Some(hutong_api::Refusal::new("hours.rest"))));
                return;
            }
        }
    });
    let (status, told) = act(address, &agent, "my_tasks", "next", json!({"ids": []})).await;
    refuse.await.unwrap();
    assert_eq!((status, &told["code"]), (409, &json!("hours.rest")), "{told}");
    assert_eq!(office.get("/api/p/my_tasks", &agent).await.json()["total"], 0, "nobody's again");
    office.sql("UPDATE lead SET seat_id = 4 WHERE phone = '15400000401'").await;
    let list = office.get("/api/p/my_tasks", &agent).await.text();
    assert!(list.contains("154****0401") && !list.contains("15400000401"), "{list}");
    // Another's row is no row.
    office.sql("UPDATE lead SET seat_id = 5 WHERE phone = '15400000401'").await;
    let id = office
        .app
        .store
        .read(|conn| Ok(conn.query_row("SELECT id FROM lead WHERE phone = '15400000401'", [], |r| r.get::<_, i64>(0))?))
        .await
        .unwrap();
    assert_eq!(act(address, &agent, "my_tasks", "dial", json!({"ids": [id]})).await.0, 404);
}

#[tokio::test]
async fn customers_go_into_a_task_and_failed_rows_of_ones_own_wait_again() {
    let office = Office::open().await;
    let agent = office.token(1, "agent").await;
    office.sql("DELETE FROM blocklist").await;
    assert_eq!(office.post("/api/p/preview_tasks", &agent, task("客户", "", "", "share_evenly")).await.status, 200);
    let id = office.get("/api/p/preview_tasks", &agent).await.json()["rows"][0]["id"].to_string();
    let into = json!({"ids": [1], "args": {"campaign": id}});
    assert_eq!(office.post("/api/p/customers/action/preview", &agent, into.clone()).await.json()["done"], 1);
    let again = office.post("/api/p/customers/action/preview", &agent, into).await.json();
    assert_eq!(again["refused"][0][1]["code"], "import.in_campaign", "自动去重");
    office.sql("UPDATE lead SET phase = 'done', state = 'busy', attempts = 1 WHERE seat_id = 4").await;
    let redial = json!({"ids": [], "args": {"campaign": id}});
    let said = office.post("/api/p/my_tasks/action/redial", &agent, redial.clone()).await.json();
    assert!(said["text"].as_str().unwrap().starts_with('1'), "{said}");
    assert_eq!(office.get("/api/p/my_tasks?q.state=not_called", &agent).await.json()["total"], 1);
    let other = office.post("/api/p/my_tasks/action/redial", &office.token(2, "agent").await, redial).await;
    assert_eq!(other.status, 404, "{}", other.text());
}

#[tokio::test]
async fn a_running_task_is_not_edited_into_what_could_not_be_started() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    office.sql("UPDATE campaign SET status = 'running', pacing = 'progressive', script_id = 1 WHERE id = 1").await;
    let edit = |pacing: &str| json!({"name": "任务0", "script": "1", "trunk": "1", "pacing": pacing});
    let refused = office.post("/api/p/campaigns/1", &admin, edit("predictive")).await;
    assert_eq!(refused.code(), "campaign.no_abandon_notice", "{}", refused.text());
    office.sql("UPDATE company SET abandon_prompt = 1 WHERE id = 1").await;
    assert_eq!(office.post("/api/p/campaigns/1", &admin, edit("predictive")).await.status, 200);
    assert_eq!(office.post("/api/p/campaigns/1", &admin, edit("preview")).await.status, 200);
    assert_eq!(office.get("/api/p/preview_tasks?q.name=任务0", &admin).await.json()["total"], 1);
    office.sql("UPDATE script SET to_agent = 0 WHERE id = 1").await;
    let back = json!({"name": "任务0", "trunk": "1", "pacing": "progressive", "script": "1"});
    assert_eq!(office.post("/api/p/preview_tasks/1", &admin, back).await.code(), "campaign.script_without_agent");
}

/// X4: each waiting number with its lot and the reason, in the reader's language, and what it may cost.
#[tokio::test]
async fn the_dry_run_tells_each_number_its_lot_and_what_it_may_cost() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    office
        .sql(
            "UPDATE campaign SET run_from = 0, run_to = 1440, rest_from = 0, rest_to = 0, script_id = 1, trunk_id = 1 WHERE id = 1;
             UPDATE company SET hard_stop_lifted = 1, balance = 1000000 WHERE id = 1;
             INSERT INTO blocklist (company_id, phone, direction, created) VALUES (1, '15400000502', 'outbound', 0);
             INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
               VALUES (50, 1, 'campaigns', 1, 'visible', 'a.csv', 1, 0);
             INSERT INTO lead (company_id, campaign_id, batch_id, phone, name)
               VALUES (1, 1, 50, '15400000501', '甲'), (1, 1, 50, '15400000502', '乙'), (1, 1, 50, '15400000503', '丙')",
        )
        .await;
    let ask = async |token: &str| {
        let reply = office.post("/api/p/campaigns/action/dry_run", token, json!({"ids": [1]})).await;
        reply.json()["text"].as_str().unwrap_or_default().to_owned()
    };
    let told = ask(&admin).await;
    for line in [
        "未呼号码 3 个：现在启动会拨打 2 个。",
        "不拨 1 个：在黑名单。",
        "15400000501,甲,会拨打,",
        "15400000503,丙,会拨打,",
    ] {
        assert!(told.lines().any(|one| one == line), "{line}\n{told}");
    }
    assert!(told.contains("15400000502,乙,不拨,在黑名单") && told.contains("还不到 50 次"), "{told}");
    // Sixty dials at 0.3 yuan for each second one: two numbers cost 0.3 as expected, 0.6 at most; one yuan is enough.
    office
        .sql(
            "WITH RECURSIVE k(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM k WHERE n < 159)
             INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, round, trunk_id, seat_id, phone, name, caller, started,
               answered, bridged, ended, state, result, ended_by, sip, billable_s, talk_s, increment_s, price, charge, recorded)
             SELECT n, n, 1, 'campaign', 1, 1, 1, 4, '15400009999', '', '', 1000, iif(n % 2, 2000, NULL), iif(n % 2, 3000, NULL), 63000,
               'answered', 'to_agent', 'callee', 200, 60, 60, 60, 300000, iif(n % 2, 300000, 0), 0 FROM k",
        )
        .await;
    let told = ask(&admin).await;
    assert!(told.contains("预计费用 0.300 元（接通率 50.0%）") && told.contains("全部接听约 0.600 元"), "{told}");
    assert!(told.contains("余额 1.000 元，够用。") && told.contains("约需 1 名坐席"), "{told}");
    let agent = office.token(1, "agent").await;
    let denied = office.post("/api/p/campaigns/action/dry_run", &agent, json!({"ids": [1]})).await;
    assert_eq!(denied.code(), "permission.denied");
}
