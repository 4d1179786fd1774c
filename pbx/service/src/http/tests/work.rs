//! 系统设置 as an agent's page meets them.

use super::Office;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn the_workbench_reads_its_settings_and_a_saved_one_shows_at_once() {
    let office = Office::open().await;
    let (agent, admin) = (office.token(1, "agent").await, office.token(1, "admin").await);
    let work = office.get("/api/work", &agent).await.json();
    assert_eq!((work["busy_reasons"].as_array().unwrap().len(), &work["wrap_s"]), (5, &json!(15)));
    let saved = office.post("/api/p/wrap_settings/1", &admin, json!({"seconds": "40", "must_save": "true"})).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
    let work = office.get("/api/work", &agent).await.json();
    assert_eq!((&work["wrap_s"], &work["must_save"]), (&json!(40), &json!(true)));
    let other = office.token(2, "agent").await;
    assert_eq!(office.get("/api/work", &other).await.json()["wrap_s"], json!(15));
    assert_eq!(office.post("/api/p/wrap_settings/1", &agent, json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(office.get("/api/work", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_pasted_blocklist_is_answered_with_how_many_lines_were_bad() {
    let office = Office::open().await;
    let supervisor = office.token(1, "supervisor").await;
    let args = json!({"args": {"numbers": "15400000031\nnonsense\n1543*"}});
    let reply = office.post("/api/p/blocklist/action/add_many", &supervisor, args).await;
    assert_eq!(reply.json()["text"], json!("已加入 2 个号码，1 行不是有效号码，未加入。"), "{}", reply.text());
    let list = office.get("/api/p/blocklist", &supervisor).await;
    assert!(list.text().contains("1543*") && list.text().contains("15400000031"));
}
