//! 分配, 公共池 and 业务记录 over the whole face.

use super::{Office, Reply};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

/// Customers 100…(100+n) of company 1, of the supervisor's team.
async fn customers(office: &Office, n: i64, owner: &'static str) {
    let work = move |tx: &rusqlite::Transaction<'_>| {
        let sql = format!(
            "WITH RECURSIVE k(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM k WHERE n + 1 < {n})
             INSERT INTO customer (id, company_id, mobile, name, organisation, owner_id, created, updated)
             SELECT 100 + n, 1, '1540001' || printf('%04d', n), '客户' || n, '批发', {owner}, 0, 0 FROM k"
        );
        Ok(tx.execute_batch(&sql)?)
    };
    office.app.store.write(work).await.unwrap();
}

async fn owners(office: &Office) -> Vec<(Option<i64>, i64)> {
    let sql = "SELECT owner_id, count(*) FROM customer WHERE id >= 100 GROUP BY owner_id ORDER BY owner_id";
    let read = move |conn: &rusqlite::Connection| {
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        Ok(rows)
    };
    office.app.store.read(read).await.unwrap()
}

async fn act(office: &Office, token: &str, page: &str, action: &str, body: Value) -> Reply {
    office.post(&format!("/api/p/{page}/action/{action}"), token, body).await
}

#[tokio::test]
async fn all_that_a_filter_finds_is_dealt_evenly_and_taken_back() {
    let office = Office::open().await;
    customers(&office, 1_001, "4").await;
    office.sql("UPDATE customer SET organisation = '零售' WHERE id >= 1091").await;
    let admin = office.token(1, "admin").await;
    let args = json!({"mode": "assign_evenly", "seats": "2,3,4"});
    let all = json!({"all": true, "filters": {"organisation": "批发"}, "args": args});
    let reply = act(&office, &admin, "customers", "assign", all).await.json();
    assert_eq!((&reply["done"], &reply["refused"]), (&json!(991), &Value::Null), "{reply}");
    assert_eq!(owners(&office).await, [(Some(2), 331), (Some(3), 330), (Some(4), 330 + 10)]);

    let undo = format!("/api/undo/{}", reply["undo"].as_str().unwrap());
    let agent = office.token(1, "agent").await;
    assert_eq!(office.post(&undo, &agent, json!({})).await.status, StatusCode::FORBIDDEN);
    let other = office.token(2, "admin").await;
    assert_eq!(office.post(&undo, &other, json!({})).await.status, StatusCode::NOT_FOUND);
    // The first went on to another seat by hand since.
    office.sql("UPDATE customer SET owner_id = 5 WHERE id = 100").await;
    let back = office.post(&undo, &admin, json!({})).await.json();
    assert_eq!((&back["done"], &back["refused"][0][0]), (&json!(990), &json!(100)), "{back}");
    assert_eq!(owners(&office).await, [(Some(4), 1_000), (Some(5), 1)]);
    assert_eq!(office.post(&undo, &admin, json!({})).await.code(), "undo.done");
}

#[tokio::test]
async fn counts_go_by_extension_or_in_order_and_a_supervisor_gives_within_his_team() {
    let office = Office::open().await;
    customers(&office, 10, "NULL").await;
    let (admin, supervisor) = (office.token(1, "admin").await, office.token(1, "supervisor").await);
    let ids: Vec<i64> = (100..110).collect();
    let give = async |token: &str, mode: &str, seats: &str, counts: &str| {
        let args = json!({"mode": mode, "seats": seats, "counts": counts});
        act(&office, token, "customers", "assign", json!({"ids": ids, "args": args})).await
    };
    for (mode, seats, counts, code) in [
        ("assign_one", "", "", "assign.no_seat"),
        ("assign_one", "3,4", "", "assign.one_seat"),
        ("assign_one", "13", "", "assign.no_seat"),
        ("assign_counts", "3,4", "5", "assign.bad_counts"),
        ("assign_counts", "", "8004:11", "assign.too_many"),
        ("assign_counts", "", "8014:1", "assign.no_seat"),
    ] {
        assert_eq!(give(&admin, mode, seats, counts).await.code(), code, "{mode} {seats} {counts}");
    }
    assert_eq!(owners(&office).await, [(None, 10)]);
    assert_eq!(give(&admin, "assign_counts", "", "8004:3，8003:2").await.json()["done"], 5);
    assert_eq!(owners(&office).await, [(None, 5), (Some(3), 2), (Some(4), 3)]);
    assert_eq!(give(&admin, "assign_counts", "4,3", "4,6").await.json()["done"], 10);
    assert_eq!(owners(&office).await, [(Some(3), 6), (Some(4), 4)]);
    assert_eq!(give(&supervisor, "assign_one", "4", "").await.code(), "assign.no_seat", "of another team");
    let own = give(&supervisor, "assign_one", "3", "").await.json();
    assert_eq!((&own["done"], own["refused"].as_array().unwrap().len()), (&json!(6), 4), "what he does not see");
}

#[tokio::test]
async fn a_filter_that_is_not_there_never_widens_what_is_hit() {
    let office = Office::open().await;
    customers(&office, 3, "4").await;
    let admin = office.token(1, "admin").await;
    let wrong = act(&office, &admin, "customers", "delete", json!({"all": true, "filters": {"adress": "x"}})).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (StatusCode::BAD_REQUEST, "request.bad"));
    let plain = act(&office, &admin, "blocklist", "delete", json!({"all": true})).await;
    assert_eq!(plain.code(), "request.bad", "not every action takes all");
    let right = json!({"all": true, "filters": {"organisation": "批发"}});
    assert_eq!(act(&office, &admin, "customers", "delete", right).await.json()["done"], 3);
    let left = office.get("/api/p/customers", &admin).await.json();
    assert_eq!(left["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_claims_at_once_one_wins() {
    let office = Arc::new(Office::open().await);
    customers(&office, 1, "NULL").await;
    let mut tokens = Vec::new();
    for role in ["manager", "supervisor", "agent"] {
        tokens.push(office.token(1, role).await);
    }
    let claims = (0..50).map(|n| {
        let (office, token) = (office.clone(), tokens[n % tokens.len()].clone());
        tokio::spawn(async move { act(&office, &token, "public_pool", "claim", json!({"ids": [100]})).await.json() })
    });
    let replies = futures_util::future::join_all(claims.collect::<Vec<_>>()).await;
    let replies: Vec<Value> = replies.into_iter().map(Result::unwrap).collect();
    assert_eq!(replies.iter().filter(|reply| reply["done"] == 1).count(), 1);
    assert_eq!(replies.iter().filter(|reply| reply["refused"][0][1]["code"] == "pool.taken").count(), 49);
    let kept = "SELECT count(*) FROM owner_change WHERE customer_id = 100 AND kind = 'claim'";
    let history: i64 =
        office.app.store.read(move |conn| Ok(conn.query_row(kept, [], |row| row.get(0))?)).await.unwrap();
    assert_eq!(history, 1);
}

#[tokio::test]
async fn who_gives_up_says_why_and_does_not_claim_again_at_once_nor_without_end() {
    let office = Office::open().await;
    let (agent, manager) = (office.token(1, "agent").await, office.token(1, "manager").await);
    let release = |args: Value| json!({"ids": [1], "args": args});
    let bare = act(&office, &agent, "customers", "release", release(json!({}))).await;
    assert_eq!(bare.code(), "field.required");
    let given = act(&office, &agent, "customers", "release", release(json!({"reason": "三次未联系上"}))).await;
    assert_eq!(given.json()["done"], 1);
    let pool = office.get("/api/p/public_pool", &agent).await.json();
    assert_eq!(pool["rows"][0]["cells"]["last_change"], "agent(8004) 三次未联系上");
    let code = |reply: Reply| reply.json()["refused"][0][1]["code"].as_str().unwrap_or("done").to_owned();
    assert_eq!(code(act(&office, &agent, "public_pool", "claim", json!({"ids": [1]})).await), "pool.not_again");
    assert_eq!(code(act(&office, &manager, "public_pool", "claim", json!({"ids": [1]})).await), "done");
    customers(&office, 3, "NULL").await;
    let admin = office.token(1, "admin").await;
    let set = office.post("/api/p/pool_settings/1", &admin, json!({"claims_per_day": "2", "recycle_days": "0"})).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text());
    let more = act(&office, &manager, "public_pool", "claim", json!({"ids": [100, 101]})).await.json();
    assert_eq!((&more["done"], &more["refused"][0][1]["code"]), (&json!(1), &json!("pool.enough")));
}

#[tokio::test]
async fn a_project_asks_for_more_and_the_record_shows_it() {
    let office = Office::open().await;
    let (admin, agent) = (office.token(1, "admin").await, office.token(1, "agent").await);
    let field =
        json!({"project": "项目", "name": "等级", "kind": "field_one", "options": "甲\n乙", "required": "true"});
    let made = office.post("/api/p/project_fields", &admin, field).await.json();
    let id = format!("p{}", made["id"]);
    let record =
        |fields: Value| json!({"call": 1, "visit_type": "", "disposition": "", "content": "好", "fields": fields});
    let plain = office.post("/api/activity", &agent, record(json!({}))).await;
    assert_eq!(plain.status, StatusCode::OK, "a customer of no project: {}", plain.text());
    office.sql("UPDATE campaign SET project = '项目' WHERE id = 1").await;
    assert_eq!(office.post("/api/activity", &agent, record(json!({}))).await.code(), "field.required");
    assert_eq!(office.post("/api/activity", &agent, record(json!({&id: "丙"}))).await.code(), "field.choice");
    let saved = office.post("/api/activity", &agent, record(json!({&id: "乙", "p1": "800"}))).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    office.sql("DELETE FROM project_field").await;
    let list = office.get("/api/p/activities", &admin).await.json();
    assert_eq!(list["rows"][0]["cells"]["more"], "等级：乙；预算：800", "as it was asked then");
    let csv = office.get("/api/p/activities/export", &admin).await.text();
    assert!(csv.contains("更多") && csv.contains("等级：乙"), "{csv}");
}

#[tokio::test]
async fn consent_is_kept_on_the_card_with_its_proof() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    let proof = json!({"consent": "consent_given", "consent_source": "门店登记", "consent_on": "2026-05-01", "consent_text": "可以打"});
    assert_eq!(office.post("/api/p/customers/1", &admin, proof).await.status, StatusCode::OK);
    let values = office.get("/api/p/customers/1", &admin).await.json()["values"].clone();
    assert_eq!((&values["consent"], &values["consent_on"]), (&json!("consent_given"), &json!("2026-05-01")));
    let wrong = office.post("/api/p/customers/1", &admin, json!({"consent": "maybe"})).await;
    assert_eq!(wrong.code(), "field.choice");
    let catalogue = office.get("/api/catalogue", &admin).await.json();
    let page = catalogue.as_array().unwrap().iter().find(|page| page["id"] == "customers").unwrap();
    let grouped = page["form"].as_array().unwrap().iter().filter(|field| field["group"] == "同意凭证").count();
    assert_eq!(grouped, 4);
}

#[tokio::test]
async fn a_changed_field_is_in_the_catalogue_the_list_and_the_export_of_its_company_alone() {
    let office = Office::open().await;
    let (admin, other) = (office.token(1, "admin").await, office.token(2, "admin").await);
    let made = office.post("/api/p/customer_fields", &admin, json!({"name": "车牌", "queried": "true"})).await;
    let id = format!("f{}", made.json()["id"]);
    office.post("/api/p/customers/1", &admin, json!({&id: "闽D"})).await;
    let list = office.get(&format!("/api/p/customers?q.{id}=D&sort={id}"), &admin).await.json();
    assert_eq!(list["rows"][0]["cells"][&id], "闽D");
    let csv = office.get("/api/p/customers/export", &admin).await.text();
    assert!(csv.lines().next().unwrap().contains("车牌") && csv.contains("闽D"), "{csv}");
    assert!(office.get("/api/catalogue", &admin).await.text().contains("车牌"));
    assert!(!office.get("/api/catalogue", &other).await.text().contains("车牌"));
    let agent = office.token(1, "agent").await;
    assert_eq!(office.post("/api/p/customer_fields", &agent, json!({"name": "x"})).await.status, StatusCode::FORBIDDEN);
}
