//! Login, sessions, requests of other sites.

use super::{Office, PASSWORD, request};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use serde_json::json;

#[tokio::test]
async fn whatever_part_is_wrong_the_answer_is_the_same() {
    let office = Office::open().await;
    office.sql("UPDATE seat SET enabled = 0 WHERE id = 2; UPDATE seat SET deleted = 1 WHERE id = 3").await;
    let mut answers = Vec::new();
    for (company, account, password) in [
        ("c9", "admin", PASSWORD),
        ("c1", "nobody", PASSWORD),
        ("c1", "admin", "wrong"),
        ("c1", "manager", PASSWORD),
        ("c1", "supervisor", PASSWORD),
        ("", "", ""),
    ] {
        let reply = office.login(company, account, password).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        answers.push(reply.text());
    }
    assert!(answers[0].contains("login.failed"));
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(office.login("c1", "admin", PASSWORD).await.status, StatusCode::OK);
    assert_eq!(office.login(" c2 ", "admin", PASSWORD).await.json()["company"], "c2");
}

#[tokio::test]
async fn wrong_tries_are_slowed_for_who_made_them_only() {
    let office = Office::open().await;
    for _ in 0..5 {
        assert_eq!(office.login("c1", "agent", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    let slow = office.login("c1", "agent", PASSWORD).await;
    assert_eq!((slow.status, slow.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "login.slow_down"));
    assert_eq!(office.login("c1", "admin", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_session_by_cookie_or_bearer_until_logout_or_a_newer_login() {
    let office = Office::open().await;
    let reply = office.login("c1", "agent", PASSWORD).await;
    assert_eq!(reply.json()["zone"], "Asia/Shanghai");
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap().to_owned();
    let by_cookie = || request(Method::GET, "/api/me", "").header(header::COOKIE, pair.clone());
    let me = office.send(by_cookie().body(Body::empty()).unwrap()).await;
    assert_eq!((me.status, me.json()["extension"].as_str()), (StatusCode::OK, Some("8004")));
    assert_eq!(me.json()["token"], json!(null));
    assert!(me.json()["permissions"].as_array().unwrap().contains(&json!("seat.work")));

    let newer = office.token(1, "agent").await;
    assert_eq!(office.send(by_cookie().body(Body::empty()).unwrap()).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(office.get("/api/me", &newer).await.status, StatusCode::OK);
    assert_eq!(office.post("/api/logout", &newer, json!({})).await.status, StatusCode::OK);
    assert_eq!(office.get("/api/me", &newer).await.code(), "session.none");
    assert_eq!(office.get("/api/me", "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_changed_role_acts_at_the_next_request_and_a_disabled_seat_is_out() {
    let office = Office::open().await;
    let agent = office.token(1, "agent").await;
    assert_eq!(office.get("/api/p/calls", &agent).await.status, StatusCode::OK);
    office.sql("UPDATE role SET permissions = '[]' WHERE id = 4").await;
    assert_eq!(office.get("/api/p/calls", &agent).await.status, StatusCode::FORBIDDEN);
    office.sql("UPDATE seat SET enabled = 0 WHERE id = 4").await;
    assert_eq!(office.get("/api/me", &agent).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn other_sites_cannot_act_in_a_readers_name() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let post = |headers: Vec<(&'static str, String)>| {
        let mut builder = request(Method::POST, "/api/p/departments", "").header("content-type", "application/json");
        for (name, value) in headers {
            builder = builder.header(name, value);
        }
        builder.body(Body::from(r#"{"name":"x"}"#)).unwrap()
    };
    let (cookie, own) = (("cookie", format!("a=b; hutong={token}")), ("x-hutong", "1".to_owned()));
    let from = |origin: &str| ("origin", origin.to_owned());
    let refused = [
        vec![cookie.clone()],
        vec![cookie.clone(), ("x-hutong", "0".to_owned())],
        vec![cookie.clone(), own.clone(), from("https://evil.example")],
        vec![cookie.clone(), own.clone(), from("null")],
        vec![cookie.clone(), own.clone(), from("https://office:9999")],
        vec![("authorization", format!("Bearer {token}")), from("https://evil.example")],
    ];
    for headers in refused {
        let reply = office.send(post(headers.clone())).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::FORBIDDEN, "request.foreign"), "{headers:?}");
    }
    let good = office.send(post(vec![cookie, own, from("https://office:8443")])).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text());
    let bearer = office.send(post(vec![("authorization", format!("Bearer {token}"))])).await;
    assert_eq!(bearer.code(), "field.taken", "a token a page had to put there itself needs no further proof");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_speaks_the_readers_language() {
    let office = Office::open().await;
    for path in ["/", "/api/health", "/api/texts/en", "/api/nowhere", "/calls"] {
        let reply = office.get(path, "").await;
        assert!(
            reply.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"),
            "{path}"
        );
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    assert_eq!(office.get("/api/nowhere", "").await.code(), "request.unknown");
    let english = request(Method::GET, "/api/me", "").header(header::ACCEPT_LANGUAGE, "en-GB,en");
    let reply = office.send(english.body(Body::empty()).unwrap()).await;
    assert_eq!(reply.json()["text"], "Log in first.");
    assert_eq!(office.get("/api/me", "").await.json()["text"], "请先登录。");
    let bad = office.send(request(Method::POST, "/api/login", "").body(Body::from("{")).unwrap()).await;
    assert_eq!((bad.status, bad.code().as_str()), (StatusCode::BAD_REQUEST, "request.bad"));
}

#[tokio::test]
async fn a_session_changes_its_language() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    assert_eq!(office.post("/api/me", &token, json!({"lang": "en"})).await.json()["role"], json!("Administrator"));
    assert_eq!(
        office.get("/api/p/nowhere", &token).await.json()["text"],
        json!("There is no such page. Refresh and try again.")
    );
    assert_eq!(office.get("/api/catalogue", &token).await.json()[0]["title"], json!("Customers"));
    assert_eq!(office.post("/api/me", &token, json!({"lang": "xx"})).await.code(), "request.bad");
}

#[tokio::test]
async fn the_policy_names_this_host_and_never_more_than_a_host() {
    let office = Office::open().await;
    let policy = async |host: &str| {
        let request = axum::http::Request::get("/").header(header::HOST, host).body(Body::empty()).unwrap();
        office.send(request).await.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
    };
    assert!(policy("10.0.0.1:8443").await.ends_with("connect-src 'self' ws://10.0.0.1:8443 wss://10.0.0.1:8443"));
    assert!(policy("a; script-src *").await.ends_with("connect-src 'self'"));
}
