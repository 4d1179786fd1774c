//! Roles, seats and notices as open pages feel them.

use super::{
    Office,
    live::{Socket, ask, connect, login, next, post},
};
use crate::http::serve;
use axum::http::StatusCode;
use futures_util::StreamExt;
use hutong_api::live::ServerMsg;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// What a promise of "within a second" is measured by.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(1), work).await.expect("within a second")
}

async fn bye(socket: &mut Socket) -> String {
    loop {
        if let ServerMsg::Bye(bye) = next(socket).await {
            let end = socket.next().await;
            assert!(!matches!(end, Some(Ok(tokio_tungstenite::tungstenite::Message::Text(_)))), "{end:?}");
            return bye.code;
        }
    }
}

#[tokio::test]
async fn a_reduced_role_ends_its_sessions_and_sockets_a_widened_one_acts_at_once() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let (admin, agent) = (office.token(1, "admin").await, login(address, "agent").await);
    let supervisor = login(address, "supervisor").await;
    let mut socket = connect(address, &agent, None).await.unwrap();
    let mut bystander = connect(address, &supervisor, None).await.unwrap();
    for socket in [&mut socket, &mut bystander] {
        assert_eq!(ask(socket, 1, r#""cmd":"ping""#).await, "");
    }
    let row = office.get("/api/p/roles/4", &admin).await.json();
    let had = row["values"]["permissions"].as_str().unwrap();

    let wider = json!({"permissions": format!("{had},wall.view")});
    assert_eq!(post(address, "/api/p/roles/4", &admin, &wider.to_string()).await.0, 200);
    let heard = soon(async {
        loop {
            if let ServerMsg::Changed { page } = next(&mut socket).await {
                return page;
            }
        }
    });
    assert_eq!(heard.await, "roles");
    assert_eq!(ask(&mut socket, 2, r#""cmd":"watch_board","on":true"#).await, "", "the new right, in the open socket");

    let less = json!({"permissions": had});
    assert_eq!(post(address, "/api/p/roles/4", &admin, &less.to_string()).await.0, 200);
    assert_eq!(soon(bye(&mut socket)).await, "session.changed");
    assert_eq!(office.get("/api/me", &agent).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(&mut bystander, 2, r#""cmd":"ping""#).await, "", "another role goes on");
    assert_eq!(office.get("/api/me", &supervisor).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_changed_or_disabled_seat_is_out_within_a_second() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let admin = office.token(1, "admin").await;
    for change in [json!({"hide_numbers": "true"}), json!({"role": "5"}), json!({"enabled": "false"})] {
        let agent = login(address, "agent").await;
        let mut socket = connect(address, &agent, None).await.unwrap();
        assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
        let (status, reply) = post(address, "/api/p/seats/4", &admin, &change.to_string()).await;
        assert_eq!(status, 200, "{change}: {reply}");
        assert_eq!(soon(bye(&mut socket)).await, "session.changed", "{change}");
        assert_eq!(office.get("/api/me", &agent).await.status, StatusCode::UNAUTHORIZED, "{change}");
        office.sql("UPDATE seat SET role_id = 4, enabled = 1 WHERE id = 4").await;
    }
}

#[tokio::test]
async fn a_range_of_seats_is_made_with_passwords_shown_once() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    let make = async |first: &str, last: &str, password: &str| {
        let args = json!({"first": first, "last": last, "role": "4", "department": "1", "one_password": password});
        office.post("/api/p/seats/action/add_many", &admin, json!({"args": args})).await
    };
    let reply = make("9001", "9003", "").await;
    assert_eq!((reply.status, reply.json()["done"].as_u64()), (StatusCode::OK, Some(3)), "{}", reply.text());
    let sheet = reply.json()["text"].as_str().unwrap().to_owned();
    let lines: Vec<Vec<&str>> = sheet.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((lines[0].join("|").as_str(), lines.len()), ("坐席号|用户名|密码", 4));
    assert_ne!(lines[1][2], lines[2][2]);
    assert_eq!(office.login("c1", "9002", lines[2][2]).await.status, StatusCode::OK);
    assert_eq!(office.login("c1", "9002", lines[1][2]).await.status, StatusCode::UNAUTHORIZED);
    let one = make("9011", "9012", "the same for all").await;
    assert_eq!((one.json()["done"].as_u64(), one.json()["text"].as_str()), (Some(2), None));
    assert_eq!(office.login("c1", "9012", "the same for all").await.status, StatusCode::OK);
    for (first, last, code) in [
        ("9002", "9005", "field.taken"),
        ("9009", "9008", "field.seat_range"),
        ("99", "100", "field.seat_range"),
        ("90a", "90b", "field.seat_range"),
        ("1000", "1100", "field.seat_range"),
    ] {
        assert_eq!(make(first, last, "").await.code(), code, "{first}-{last}");
    }
    assert_eq!(make("9101", "9101", "short").await.code(), "field.short_password");
}

#[tokio::test]
async fn the_phones_password_and_the_web_password_leave_each_other_alone() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    let secrets = async || {
        let sql = "SELECT password_hash, phone_password FROM seat WHERE id = 4";
        let read = office.app.store.read(move |conn| {
            Ok(conn.query_row(sql, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?)
        });
        read.await.unwrap()
    };
    let before = secrets().await;
    let reply = office.post("/api/p/seats/action/phone_password", &admin, json!({"ids": [4, 14]})).await.json();
    let after = secrets().await;
    assert_eq!((reply["done"].as_u64(), reply["refused"][0][1]["code"].as_str()), (Some(1), Some("row.unknown")));
    assert!(after.1.len() == 12 && reply["text"].as_str().unwrap().contains(&after.1), "{reply}");
    assert_eq!(before.0, after.0, "the web password stays");
    let edit = json!({"name": "乙", "password": "another password"});
    assert_eq!(office.post("/api/p/seats/4", &admin, edit).await.status, StatusCode::OK);
    let edited = secrets().await;
    assert!(edited.0 != after.0 && edited.1 == after.1, "the phone's password stays");
    let row = office.get("/api/p/seats/4", &admin).await.text();
    assert!(!row.contains(&after.1) && !row.contains("password"), "{row}");
}

#[tokio::test]
async fn a_seat_goes_only_when_what_it_owns_has_an_heir() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    office
        .sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
             INSERT INTO customer (company_id, mobile, name, owner_id, created, updated)
             SELECT 1, 'm' || i, '', 4, 0, 0 FROM n;
             UPDATE campaign SET creator_id = 4, status = CASE id WHEN 1 THEN 'finished' ELSE 'ready' END WHERE company_id = 1;
             UPDATE number SET seat_id = 4 WHERE company_id = 1;",
        )
        .await;
    let delete = async |args: serde_json::Value| {
        office.post("/api/p/seats/action/delete", &admin, json!({"ids": [4], "args": args})).await
    };
    let owns = delete(json!({})).await.json();
    assert_eq!(owns["refused"][0][1]["code"], "row.owns", "{owns}");
    assert!(owns["refused"][0][1]["text"].as_str().unwrap().contains("1201 个客户、7 个未完成任务"), "{owns}");
    for heir in ["4", "14"] {
        let reply = delete(json!({"heir": heir})).await;
        assert!(["row.no_heir", "row.unknown"].contains(&reply.code().as_str()), "{heir}: {}", reply.text());
    }
    assert_eq!(delete(json!({"heir": "3"})).await.json()["done"], 1);
    let sql = "SELECT (SELECT count(*) FROM customer WHERE owner_id = 3), (SELECT count(*) FROM campaign WHERE creator_id = 3
               AND company_id = 1), (SELECT count(*) FROM number WHERE seat_id IS NOT NULL), (SELECT count(*) FROM number_move)";
    let counts = office.app.store.read(move |conn| {
        Ok(conn.query_row(sql, [], |row| Ok([row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?)
    });
    assert_eq!(counts.await.unwrap(), [1201, 7, 0, 1]);
    assert_eq!(office.get("/api/p/seats/4", &admin).await.status, StatusCode::NOT_FOUND);
}
