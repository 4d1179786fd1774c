//! X号码绑定 against a MOCK of a carrier (see mock_carrier): what it says is stored, and nothing before it says so.

use super::{
    Office,
    mock_carrier::{MockCarrier, Mood},
};
use crate::{
    config::{Config, XNumbers},
    desk::now,
    http::{face::Face, x_pairs::round},
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

const DAY_MS: i64 = 86_400_000;

async fn office() -> (Office, MockCarrier, Face, String) {
    let mock = MockCarrier::start().await;
    let mut office = Office::open().await;
    let x_numbers = XNumbers { url: format!("http://{}/x/", mock.address), token: "s3cret".into(), timeout_s: 1 };
    office.app.config = Arc::new(Config { x_numbers, ..(*office.app.config).clone() });
    let face = Face::new(office.app.clone());
    office.router = crate::http::router::routes(face.clone());
    office
        .sql(
            "INSERT INTO x_number (id, company_id, number) VALUES (1, 1, '15400009901'), (11, 2, '15400009902');
             UPDATE seat SET mobile = '15400000044' WHERE id = 4;
             UPDATE seat SET mobile = '4001234567' WHERE id = 3;",
        )
        .await;
    let admin = office.token(1, "admin").await;
    (office, mock, face, admin)
}

fn form(customer: &str) -> Value {
    json!({"x_number": "1", "seat": "4", "customer": customer, "days": "7"})
}

async fn row(office: &Office, token: &str) -> Value {
    office.get("/api/p/x_pairs", token).await.json()["rows"][0]["cells"].clone()
}

/// The moment a pair is looked at again.
async fn next(office: &Office) -> i64 {
    office
        .app
        .store
        .read(|conn| Ok(conn.query_row("SELECT max(next_at) FROM x_pair", [], |r| r.get(0))?))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_pair_is_bound_by_the_carriers_word_and_unbound_again() {
    let (office, mock, face, admin) = office().await;
    let made = office.post("/api/p/x_pairs", &admin, form("154 0000 0077")).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let bound = row(&office, &admin).await;
    assert_eq!((bound["state"].as_str(), bound["carrier_id"].as_str()), (Some("已绑定"), Some("p-1")), "{bound}");
    assert_eq!((bound["a"].as_str(), bound["b"].as_str()), (Some("15400000044"), Some("15400000077")));
    let (_, sent) = mock.look(|kept| kept.asked[0].clone());
    assert_eq!((&sent["x"], &sent["a"], &sent["b"]), (&json!("15400009901"), &bound["a"], &bound["b"]));
    let until: jiff::Timestamp = sent["expires_at"].as_str().unwrap().parse().unwrap();
    assert!((until.as_millisecond() - now() - 7 * DAY_MS).abs() < 60_000, "{sent}");
    assert_eq!(mock.look(|kept| kept.tokens[0].clone()), "Bearer s3cret");

    assert_eq!(office.post("/api/p/x_pairs", &admin, form("15400000077")).await.code(), "x_pair.twice");
    let gone = office.post("/api/p/x_numbers/action/delete", &admin, json!({"ids": [1]})).await;
    assert_eq!(gone.json()["refused"][0][1]["code"], "x_pair.still_bound");
    let done = office.post("/api/p/x_pairs/action/unbind", &admin, json!({"ids": [1]})).await;
    assert_eq!(done.json()["done"], json!(1), "{}", done.text());
    assert_eq!(row(&office, &admin).await["state"], "已解绑");
    assert_eq!(mock.look(|kept| kept.unbound.clone()), ["p-1"]);
    let again = office.post("/api/p/x_pairs/action/unbind", &admin, json!({"ids": [1]})).await;
    assert_eq!(again.json()["refused"][0][1]["code"], "x_pair.over");
    // The same two may meet again, as a new request; its end comes by the clock.
    assert_eq!(office.post("/api/p/x_pairs", &admin, form("15400000077")).await.status, StatusCode::OK);
    let asked = mock.look(|kept| kept.asked.len());
    round(&face, now() + 7 * DAY_MS + 1_000).await.unwrap();
    let ended = row(&office, &admin).await;
    assert_eq!((&ended["state"], &ended["unbound_at"]), (&json!("已到期"), &ended["expires_at"]));
    assert_eq!(mock.look(|kept| kept.asked.len()), asked, "the carrier ends it by itself");
}

#[tokio::test]
async fn what_the_carrier_does_not_answer_is_asked_again_under_the_same_name() {
    let (office, mock, face, admin) = office().await;
    mock.mood(Mood::Mute);
    assert_eq!(office.post("/api/p/x_pairs", &admin, form("15400000077")).await.status, StatusCode::OK);
    let asked = row(&office, &admin).await;
    assert_eq!((asked["state"].as_str(), asked["bound_at"].as_str()), (Some("请求中"), Some("")), "{asked}");
    assert_eq!(office.post("/api/p/x_pairs", &admin, form("15400000077")).await.code(), "x_pair.twice");
    round(&face, now()).await.unwrap();
    assert_eq!(mock.look(|kept| kept.asked.len()), 1, "not before its time");
    mock.mood(Mood::Refusing(503, "later".into()));
    round(&face, next(&office).await).await.unwrap();
    assert_eq!(row(&office, &admin).await["state"], "请求中");
    mock.mood(Mood::Obliging);
    round(&face, next(&office).await).await.unwrap();
    assert_eq!(row(&office, &admin).await["state"], "已绑定");
    let (asked, bound) = mock.look(|kept| (kept.asked.clone(), kept.bound.len()));
    assert_eq!((asked.len(), bound), (3, 1), "bound once, however often it was asked");
    assert!(asked.iter().all(|(_, body)| body["request_id"] == asked[0].1["request_id"]));
}

#[tokio::test]
async fn unbinding_what_was_never_answered_learns_its_id_first() {
    let (office, mock, face, admin) = office().await;
    mock.mood(Mood::Mute);
    office.post("/api/p/x_pairs", &admin, form("15400000077")).await;
    mock.mood(Mood::Obliging);
    office.post("/api/p/x_pairs/action/unbind", &admin, json!({"ids": [1]})).await;
    let gone = row(&office, &admin).await;
    assert_eq!((gone["state"].as_str(), gone["bound_at"].as_str()), (Some("已解绑"), Some("")), "{gone}");
    assert_eq!(mock.look(|kept| kept.unbound.clone()), ["p-1"]);
    // A seat that goes leaves none behind.
    office.post("/api/p/x_pairs", &admin, form("15400000078")).await;
    office.sql("UPDATE seat SET deleted = 1 WHERE id = 4").await;
    round(&face, now()).await.unwrap();
    assert_eq!(mock.look(|kept| kept.unbound.clone()), ["p-1", "p-2"]);
}

#[tokio::test]
async fn refusals_of_the_carrier_are_shown_in_its_words() {
    let (office, mock, _, admin) = office().await;
    mock.mood(Mood::Refusing(403, r#"{"message":"号码 15400000077 未报备"}"#.into()));
    let refused = office.post("/api/p/x_pairs", &admin, form("15400000077")).await;
    assert_eq!(refused.code(), "x_pair.refused");
    assert!(refused.text().contains("号码 15400000077 未报备"), "{}", refused.text());
    let failed = row(&office, &admin).await;
    assert_eq!((&failed["state"], &failed["said"]), (&json!("失败"), &json!("号码 15400000077 未报备")));
    mock.mood(Mood::Obliging);
    assert_eq!(office.post("/api/p/x_pairs", &admin, form("15400000077")).await.status, StatusCode::OK);
    mock.mood(Mood::Refusing(409, "busy".into()));
    let kept = office.post("/api/p/x_pairs/action/unbind", &admin, json!({"ids": [2]})).await;
    assert_eq!(
        (kept.json()["done"].clone(), kept.json()["refused"][0][1]["code"].clone()),
        (json!(0), json!("x_pair.refused"))
    );
    assert_eq!(row(&office, &admin).await["state"], "已绑定");
    // With 号码隐藏 neither the list nor the refusal has the numbers.
    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 1").await;
    for answer in [
        office.get("/api/p/x_pairs", &admin).await,
        office.post("/api/p/x_pairs/action/unbind", &admin, json!({"ids": [2]})).await,
        office.get("/api/p/x_pairs/export", &admin).await,
    ] {
        for number in ["15400000077", "15400000044"] {
            assert!(!answer.text().contains(number), "{}", answer.text());
        }
    }
    assert_eq!(row(&office, &admin).await["b"], "154****0077");
}

#[tokio::test]
async fn who_may_not_be_called_and_what_cannot_call_is_not_bound() {
    let (office, mock, _, admin) = office().await;
    let refused = async |form: Value| office.post("/api/p/x_pairs", &admin, form).await.code();
    assert_eq!(refused(json!({"x_number": "1", "seat": "3", "customer": "15400000077"})).await, "x_pair.own_phone");
    assert_eq!(refused(json!({"x_number": "11", "seat": "4", "customer": "15400000077"})).await, "row.unknown");
    assert_eq!(refused(json!({"x_number": "1", "seat": "14", "customer": "15400000077"})).await, "row.unknown");
    assert_eq!(refused(form("15400000044")).await, "x_pair.same");
    assert_eq!(refused(form("无此人")).await, "x_pair.customer");
    let days = json!({"x_number": "1", "seat": "4", "customer": "15400000077", "days": "91"});
    assert_eq!(refused(days).await, "field.range");
    office.sql("INSERT INTO blocklist (company_id, phone, prefix, direction, created) VALUES (1, '1540000007*', 1, 'outbound', 0)").await;
    assert_eq!(refused(form("15400000077")).await, "x_pair.blocked");
    office.sql("UPDATE customer SET consent = 'consent_refused' WHERE id = 1").await;
    assert_eq!(refused(form("=甲")).await, "x_pair.blocked");
    assert_eq!(mock.look(|kept| kept.asked.len()), 0, "nothing of it left the box");
    office.sql("UPDATE customer SET consent = '' WHERE id = 1").await;
    assert_eq!(office.post("/api/p/x_pairs", &admin, form("=甲")).await.status, StatusCode::OK);
    assert_eq!(row(&office, &admin).await["customer"], "=甲");
    // Without a carrier a pair is not even written down.
    let plain = Office::open().await;
    let admin = plain.token(1, "admin").await;
    assert_eq!(plain.post("/api/p/x_pairs", &admin, form("15400000077")).await.code(), "x_pair.no_carrier");
}
