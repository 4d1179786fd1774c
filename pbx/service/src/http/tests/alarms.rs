//! Alarms are acknowledged once, by one's own company, for all consoles; one row's numbers are told to who may, and written down.

use super::{
    Office,
    live::{ask, connect, login},
};
use crate::http::serve;
use axum::http::StatusCode;
use serde_json::json;

const EVENTS: &str = "INSERT INTO event (company_id, at, alarm, text_key, args) VALUES
    (1, 1000, 1, 'call.event.x', '[]'), (1, 2000, 0, 'call.event.y', '[]'), (1, 3000, 1, 'call.event.x', '[]'),
    (2, 1000, 1, 'call.event.x', '[]')";

#[tokio::test]
async fn an_alarm_is_acknowledged_once_and_only_in_ones_own_company() {
    let office = Office::open().await;
    office.sql(EVENTS).await;
    let address = serve(office.app.clone()).await.unwrap();
    let mut first = connect(address, &login(address, "supervisor").await, None).await.unwrap();
    let one = r#""cmd":"alarm_ack","at":1000,"text_key":"call.event.x""#;
    assert_eq!(ask(&mut first, 1, one).await, "");
    let note = r#""cmd":"alarm_ack","at":2000,"text_key":"call.event.y""#;
    assert_eq!(ask(&mut first, 2, note).await, "row.unknown", "what is no alarm");
    let mut second = connect(address, &login(address, "admin").await, None).await.unwrap();
    assert_eq!(ask(&mut second, 1, r#""cmd":"alarm_ack","at":9000"#).await, "");
    let kept = office
        .app
        .store
        .read(|conn| {
            let acks = crate::store::recent_acks(conn, hutong_api::CompanyId(1), 100)?;
            let other = crate::store::recent_acks(conn, hutong_api::CompanyId(2), 100)?;
            let audit: i64 =
                conn.query_row("SELECT count(*) FROM audit WHERE action = 'alarms.ack'", [], |row| row.get(0))?;
            Ok((acks, other.len(), audit))
        })
        .await
        .unwrap();
    let who: Vec<_> = kept.0.iter().map(|ack| (ack.event_at, ack.by.as_str())).collect();
    assert_eq!(who, [(1000, "supervisor(8003)"), (3000, "admin(8001)")], "the first to do it is kept");
    assert_eq!((kept.1, kept.2), (0, 2));
}

#[tokio::test]
async fn one_rows_number_is_told_whole_to_who_may_and_written_down() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    let reply = office.post("/api/numbers/customers/1", &admin, json!({})).await;
    assert_eq!((reply.status, reply.json()["values"]["mobile"].clone()), (StatusCode::OK, json!("15400000001")));
    assert!(reply.json()["values"].get("name").is_none(), "numbers only: {}", reply.text());
    assert_eq!(office.post("/api/numbers/customers/11", &admin, json!({})).await.code(), "row.unknown");
    let agent = office.token(1, "agent").await;
    assert_eq!(office.post("/api/numbers/customers/1", &agent, json!({})).await.code(), "permission.denied");
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    let hidden = office.post("/api/numbers/customers/1", &office.token(1, "admin").await, json!({})).await;
    assert_eq!((hidden.code().as_str(), hidden.text().contains("15400000001")), ("numbers.hidden", false));
    let written = office
        .app
        .store
        .read(|conn| {
            let sql = "SELECT group_concat(seat_id || ' ' || object) FROM audit WHERE action = 'numbers.unmask'";
            Ok(conn.query_row(sql, [], |row| row.get::<_, String>(0))?)
        })
        .await
        .unwrap();
    assert_eq!(written, "1 customers:1", "each look that was given, and no other");
}
