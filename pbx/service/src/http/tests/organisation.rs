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

#[tokio::test]
async fn a_notice_reaches_its_audience_in_its_time_and_counts_who_read_it() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let admin = office.token(1, "admin").await;
    let (agent, supervisor) = (login(address, "agent").await, office.token(1, "supervisor").await);
    let other = office.token(2, "agent").await;
    let mut socket = connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    let add = async |form: serde_json::Value| post(address, "/api/p/notices", &admin, &form.to_string()).await;
    let titles = async |token: &str| -> Vec<String> {
        let notices = office.get("/api/notices", token).await.json();
        notices.as_array().unwrap().iter().map(|n| n["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(add(json!({"title": "一组", "body": "打 15400000001", "audience": "departments", "departments": "2", "urgent": "true"})).await.0, 200);
    let heard = soon(async {
        loop {
            if let ServerMsg::Changed { page } = next(&mut socket).await {
                return page;
            }
        }
    });
    assert_eq!(heard.await, "notices");
    assert_eq!(
        add(json!({"title": "业务部", "body": "x", "audience": "departments", "departments": "1"})).await.0,
        200
    );
    assert_eq!(add(json!({"title": "以后", "body": "x", "from": "2999-01-01"})).await.0, 200);
    assert_eq!(add(json!({"title": "从前", "body": "x", "from": "2020-01-01", "to": "2020-01-02"})).await.0, 200);
    for bad in [
        json!({"title": "x", "body": "x", "audience": "departments"}),
        json!({"title": "x", "body": "x", "from": "2020-01-02", "to": "2020-01-01 10:00"}),
        json!({"title": "x", "body": "x", "audience": "departments", "departments": "11"}),
    ] {
        assert!([404, 409].contains(&add(bad.clone()).await.0), "{bad}");
    }
    assert_eq!(titles(&agent).await, ["业务部", "一组"], "below the department, too");
    assert_eq!(titles(&supervisor).await, ["业务部"]);
    assert_eq!(titles(&other).await, Vec::<String>::new());

    let notices = office.get("/api/notices", &agent).await.json();
    assert_eq!((notices[1]["urgent"].as_bool(), notices[1]["read"].as_bool()), (Some(true), Some(false)));
    let id = notices[1]["id"].as_i64().unwrap();
    for _ in 0..2 {
        assert_eq!(
            office.post(&format!("/api/notices/{id}/read"), &agent, json!({})).await.status,
            StatusCode::NO_CONTENT
        );
    }
    for token in [&supervisor, &other] {
        assert_eq!(office.post(&format!("/api/notices/{id}/read"), token, json!({})).await.code(), "row.unknown");
    }
    assert_eq!(office.get("/api/notices", &agent).await.json()[1]["read"], true);
    let list = office.get("/api/p/notices?q.title=一组", &admin).await.json();
    assert_eq!(list["rows"][0]["cells"]["read"], "1/2", "{list}");
    let receipts = office.get(&format!("/api/p/notice_reads?q.notice={id}"), &admin).await.json();
    assert_eq!(
        (receipts["total"].as_u64(), receipts["rows"][0]["cells"]["seat"].as_str()),
        (Some(1), Some("agent(8004)"))
    );

    office.sql("UPDATE seat SET hide_numbers = 1 WHERE id = 4").await;
    assert!(!office.get("/api/notices", &agent).await.text().contains("15400000001"));
    let row = office.get(&format!("/api/p/notices/{}", id + 3), &admin).await.json();
    let values = row["values"].clone();
    post(address, &format!("/api/p/notices/{}", id + 3), &admin, &values.to_string()).await;
    let again = office.get(&format!("/api/p/notices/{}", id + 3), &admin).await.json();
    assert_eq!(again["values"], values, "an edit that changes nothing changes nothing");
}

#[tokio::test]
async fn a_supervisors_line_reaches_the_open_page_of_his_own_people_only() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    office.sql("UPDATE seat SET department_id = 1 WHERE id = 4; UPDATE seat SET hide_numbers = 1 WHERE id = 4").await;
    let (agent, supervisor) = (login(address, "agent").await, login(address, "supervisor").await);
    let mut boss = connect(address, &supervisor, None).await.unwrap();
    let say = |seat: i64, text: &str| format!(r#""cmd":"message","seat":{seat},"text":"{text}""#);
    assert_eq!(ask(&mut boss, 1, &say(4, "回电")).await, "agent.offline");
    let mut socket = connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    assert_eq!(ask(&mut boss, 2, &say(4, "回电 15400000001")).await, "");
    let (from, text) = soon(async {
        loop {
            if let ServerMsg::Message { from, text, .. } = next(&mut socket).await {
                return (from, text);
            }
        }
    })
    .await;
    assert_eq!(
        (from.as_str(), text.as_str()),
        ("supervisor(8003)", "回电 ****"),
        "号码隐藏 holds for what is written, too"
    );
    assert_eq!(ask(&mut boss, 3, &say(5, "x")).await, "row.unknown", "another team");
    assert_eq!(ask(&mut boss, 4, &say(14, "x")).await, "row.unknown", "another company");
    assert_eq!(ask(&mut boss, 5, &say(4, " ")).await, "request.text_length");
    assert_eq!(ask(&mut socket, 2, &say(3, "x")).await, "permission.denied");
    let sql =
        "SELECT text || (SELECT action || object || detail FROM audit WHERE action = 'seats.message') FROM message";
    let kept = office.app.store.read(move |conn| Ok(conn.query_row(sql, [], |row| row.get::<_, String>(0))?));
    assert_eq!(kept.await.unwrap(), "回电 ****seats.messageseats:4");
}

#[tokio::test]
async fn departments_are_listed_as_a_tree() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    office.post("/api/p/departments", &admin, json!({"name": "客服部", "place": "-1"})).await;
    assert_eq!(
        office.post("/api/p/departments", &admin, json!({"name": "客服部", "place": "-1"})).await.code(),
        "field.range"
    );
    office.post("/api/p/departments", &admin, json!({"name": "客服部"})).await;
    office.post("/api/p/departments/1", &admin, json!({"place": "5"})).await;
    let below = json!({"ids": [2], "args": {"name": "一小组"}});
    assert_eq!(office.post("/api/p/departments/action/add_below", &admin, below).await.json()["done"], 1);
    let rows = office.get("/api/p/departments", &admin).await.json()["rows"].clone();
    let shown: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {}", row["cells"]["outline"].as_str().unwrap(), row["cells"]["path"].as_str().unwrap()))
        .collect();
    assert_eq!(shown, ["01 客服部", "02 业务部", "02.01 业务部 / 业务一组", "02.01.01 业务部 / 业务一组 / 一小组"]);
}
