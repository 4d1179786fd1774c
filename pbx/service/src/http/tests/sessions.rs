//! Sessions from login to end, the brakes of the login, and requests that other sites make a browser send.

use super::{
    Office, PASSWORD,
    live::{ask, connect, login, next, status},
    request,
};
use crate::{
    config::Config,
    http::{router, serve},
    store::office::set_disabled,
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use hutong_api::{CompanyId, live::ServerMsg};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn ten_wrong_tries_lock_nobody_out_elsewhere_and_a_spray_is_slowed() {
    let office = Office::open().await;
    let from = async |client: &'static str, account: &str, password: &str| {
        let body = json!({"company": "c1", "account": account, "password": password}).to_string();
        let mut request = request(Method::POST, "/api/login", "").header(header::CONTENT_TYPE, "application/json");
        let address: std::net::SocketAddr = client.parse().unwrap();
        request.extensions_mut().unwrap().insert(axum::extract::ConnectInfo(address));
        office.send(request.body(Body::from(body)).unwrap()).await.status
    };
    let mut answers = Vec::new();
    for _ in 0..10 {
        answers.push(from("10.0.0.1:1", "agent", "wrong").await);
    }
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count(), 5, "{answers:?}");
    assert_eq!(from("10.0.0.1:1", "agent", PASSWORD).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(from("10.0.0.2:1", "agent", PASSWORD).await, StatusCode::OK, "his own place");
    let mut evaluated = 0;
    for n in 0..80 {
        evaluated += usize::from(from("10.0.0.3:1", &format!("name{n}"), "wrong").await == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(evaluated, 50, "known or not, a name costs the same try");
    assert_eq!(from("10.0.0.2:1", "agent", PASSWORD).await, StatusCode::OK);
}

#[tokio::test]
async fn a_token_is_always_a_new_one_and_over_https_the_browser_vouches_for_it() {
    let mut office = Office::open().await;
    let planted = "ab".repeat(32);
    let body = json!({"company": "c1", "account": "admin", "password": PASSWORD}).to_string();
    let login = |cookie: String| {
        let request = request(Method::POST, "/api/login", "").header(header::CONTENT_TYPE, "application/json");
        request.header("x-hutong", "1").header(header::COOKIE, cookie).body(Body::from(body.clone())).unwrap()
    };
    let reply = office.send(login(format!("hutong={planted}"))).await;
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    assert!(token != planted && token.len() == 64, "256 bits");
    assert_eq!(office.get("/api/me", &planted).await.status, StatusCode::UNAUTHORIZED);

    office.app.config = Arc::new(Config { tls: true, ..(*office.app.config).clone() });
    office.router = router(office.app.clone());
    let reply = office.send(login(String::new())).await;
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("__Host-hutong=") && cookie.contains("; Path=/;"), "{cookie}");
    assert!(["HttpOnly", "SameSite=Strict", "Secure"].iter().all(|word| cookie.contains(word)), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    let me = |cookie: String| {
        request(Method::GET, "/api/me", "").header(header::COOKIE, cookie).body(Body::empty()).unwrap()
    };
    let pair = cookie.split(';').next().unwrap().to_owned();
    assert_eq!(office.send(me(pair.clone())).await.status, StatusCode::OK);
    let bare = pair.replace("__Host-", "");
    assert_eq!(office.send(me(bare)).await.status, StatusCode::UNAUTHORIZED, "a name any host could plant");
}

#[tokio::test]
async fn sessions_end_by_idleness_and_by_age() {
    let office = Office::open().await;
    for role in ["admin", "agent"] {
        let token = office.token(1, role).await;
        office.sql("UPDATE session SET used = used - 29 * 60000").await;
        assert_eq!(office.get("/api/me", &token).await.status, StatusCode::OK, "{role}: use keeps it");
        office.sql("UPDATE session SET used = used - 31 * 60000").await;
        assert_eq!(office.get("/api/me", &token).await.status, StatusCode::UNAUTHORIZED, "{role}: idle");
        let token = office.token(1, role).await;
        office.sql("UPDATE session SET created = created - 12 * 3600000 - 1").await;
        assert_eq!(office.get("/api/me", &token).await.status, StatusCode::UNAUTHORIZED, "{role}: old");
    }
}

#[tokio::test]
async fn an_agents_heartbeat_is_use_an_open_page_of_others_is_not_and_age_ends_a_socket() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let (agent, manager) = (login(address, "agent").await, login(address, "manager").await);
    office.sql("UPDATE session SET used = used - 20 * 60000").await;
    let mut socket = connect(address, &agent, None).await.unwrap();
    let mut other = connect(address, &manager, None).await.unwrap();
    sleep(Duration::from_millis(1500)).await;
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    assert_eq!(ask(&mut other, 1, r#""cmd":"ping""#).await, "");
    // Opening the socket was a request, and so use, of both; only the agent's goes on.
    office.sql("UPDATE session SET used = used - 25 * 60000").await;
    sleep(Duration::from_millis(1500)).await;
    let read = office.app.store.read(move |conn| {
        let sql = "SELECT seat_id, used < (SELECT max(used) FROM session) - 60000 FROM session ORDER BY seat_id";
        let mut statement = conn.prepare(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?)))?;
        Ok(rows.collect::<Result<Vec<_>, _>>()?)
    });
    assert_eq!(read.await.unwrap(), [(2, true), (4, false)]);
    office.sql("UPDATE session SET created = created - 12 * 3600000 - 1").await;
    let ended = timeout(Duration::from_secs(3), async {
        loop {
            if let ServerMsg::Bye(bye) = next(&mut socket).await {
                return bye.code;
            }
        }
    });
    assert_eq!(ended.await.unwrap(), "session.ended");
}

#[tokio::test]
async fn a_disabled_companys_people_are_out_and_the_others_go_on() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let agent = login(address, "agent").await;
    let other = office.token(2, "admin").await;
    let mut socket = connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    let switch = async |disabled: bool| {
        let switched = office
            .app
            .store
            .write(move |tx| Ok(set_disabled(tx, CompanyId(1), disabled).map_err(|error| error.to_string())));
        switched.await.unwrap().unwrap();
    };
    switch(true).await;
    assert_eq!(office.get("/api/me", &agent).await.status, StatusCode::UNAUTHORIZED);
    let ended =
        timeout(Duration::from_secs(3), async { while !matches!(next(&mut socket).await, ServerMsg::Bye(_)) {} });
    ended.await.unwrap();
    let (out, wrong) = (office.login("c1", "agent", PASSWORD).await, office.login("c9", "agent", PASSWORD).await);
    assert_eq!((out.status, out.text()), (StatusCode::UNAUTHORIZED, wrong.text()));
    assert_eq!(office.get("/api/me", &other).await.status, StatusCode::OK);
    switch(false).await;
    assert_eq!(office.login("c1", "agent", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_old_one() {
    let office = Office::open().await;
    let agent = office.token(1, "agent").await;
    let change =
        async |old: &str, new: &str| office.post("/api/me/password", &agent, json!({"old": old, "new": new})).await;
    assert_eq!(change("wrong", "a new password").await.code(), "field.old_password");
    assert_eq!(change(PASSWORD, "short").await.code(), "field.short_password");
    assert_eq!(change(PASSWORD, PASSWORD).await.code(), "field.same_password");
    assert_eq!(change(PASSWORD, "a new password").await.status, StatusCode::NO_CONTENT);
    assert_eq!(office.get("/api/me", &agent).await.status, StatusCode::OK, "this session goes on");
    assert_eq!(office.login("c1", "agent", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(office.login("c1", "agent", "a new password").await.status, StatusCode::OK);
    assert_eq!(
        office.post("/api/me/password", "", json!({"old": "x", "new": "y"})).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// The paths of the router that take a POST, with something for each parameter.
fn changing_routes() -> Vec<(String, bool)> {
    let source = include_str!("../router.rs");
    let routes = source.split(".route(").skip(1).filter_map(|rest| {
        let (path, handlers) = rest.split_once('"')?.1.split_once('"')?;
        let path = path.replace("{page}", "departments").replace("{action}", "delete").replace("{lang}", "en");
        let path =
            path.split('/').map(|part| if part.starts_with('{') { "1" } else { part }).collect::<Vec<_>>().join("/");
        ["post(", "put(", "delete(", "patch("]
            .iter()
            .any(|verb| handlers.contains(verb))
            .then(|| (format!("/api{path}"), handlers.contains("get(")))
    });
    routes.collect()
}

#[tokio::test]
async fn no_route_that_changes_something_obeys_another_site() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let routes = changing_routes();
    assert!(
        routes.len() >= 11 && routes.iter().any(|(path, _)| path == "/api/p/departments/action/delete"),
        "{routes:?}"
    );
    let cookie = ("cookie", format!("hutong={token}"));
    let bearer = ("authorization", format!("Bearer {token}"));
    let own = ("x-hutong", "1".to_owned());
    let of = |name: &'static str, value: &str| (name, value.to_owned());
    let (json, plain) = (of("content-type", "application/json"), of("content-type", "text/plain"));
    let foreign = of("origin", "https://evil.example");
    let before = state(&office).await;
    for (path, readable) in routes {
        let send = async |method: Method, headers: &[(&'static str, String)]| {
            let mut builder = request(method, &path, "");
            for (name, value) in headers {
                builder = builder.header(*name, value);
            }
            office.send(builder.body(Body::from(r#"{"name":"x","ids":[2]}"#)).unwrap()).await
        };
        for headers in [
            vec![cookie.clone(), json.clone()],
            vec![cookie.clone(), plain.clone()],
            vec![cookie.clone(), own.clone(), json.clone(), foreign.clone()],
            vec![cookie.clone(), own.clone(), json.clone(), of("origin", "null")],
            vec![cookie.clone(), own.clone(), json.clone(), of("origin", "http://office:9999")],
            vec![bearer.clone(), json.clone(), foreign.clone()],
            vec![json.clone(), of("origin", "null")],
        ] {
            let reply = send(Method::POST, &headers).await;
            assert_eq!(
                (reply.status, reply.code().as_str()),
                (StatusCode::FORBIDDEN, "request.foreign"),
                "{path} {headers:?}"
            );
        }
        let got = send(Method::GET, &[cookie.clone(), own.clone()]).await.status;
        assert!(readable || got == StatusCode::METHOD_NOT_ALLOWED || got == StatusCode::NOT_FOUND, "GET {path}: {got}");
    }
    assert_eq!(state(&office).await, before, "nothing was changed");
    let address = serve(office.app.clone()).await.unwrap();
    for origin in ["null", "https://evil.example", "http://localhost:1"] {
        assert_eq!(status(connect(address, &token, Some(origin)).await), 403, "{origin}");
    }
}

/// What a change would leave: rows and the log of who did what.
async fn state(office: &Office) -> Vec<i64> {
    let tables = ["audit", "department", "customer", "session", "activity", "seat", "notice_read", "batch"];
    let read = office.app.store.read(move |conn| {
        let count =
            |table: &&str| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        Ok(tables.iter().map(count).collect::<Result<Vec<_>, _>>()?)
    });
    read.await.unwrap()
}

#[tokio::test]
async fn the_audit_tells_who_did_what_from_where_and_only_the_administrator_reads_it() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    office.post("/api/p/departments", &admin, json!({"name": "新部门"})).await;
    office.get("/api/p/customers/1", &admin).await;
    office.get("/api/p/calls/export", &admin).await;
    let list = office.get("/api/p/audit", &admin).await.json();
    let said: Vec<(String, String)> = list["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["cells"]["action"]), text(&row["cells"]["object"])))
        .collect();
    for (action, page) in [("登录", "坐席设置"), ("添加", "部门管理"), ("查看", "客户资料"), ("导出", "通话记录")]
    {
        assert!(said.iter().any(|(a, o)| a.starts_with(action) && o.starts_with(page)), "{action} {page} in {said:?}");
    }
    assert_eq!(list["rows"][0]["cells"]["who"], "admin(8001)");
    let logins = office.get("/api/p/audit?q.deed=deed_login", &admin).await.json();
    assert_eq!(logins["total"], 1);
    for role in ["manager", "supervisor", "agent"] {
        let token = office.token(1, role).await;
        assert_eq!(office.get("/api/p/audit", &token).await.status, StatusCode::FORBIDDEN, "{role}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
