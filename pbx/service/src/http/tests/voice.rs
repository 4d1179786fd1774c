//! 系统语音: from the uploaded file to what a player gets, and who may.

use super::Office;
use crate::{
    desk::{
        sample,
        voice::tests::{file, tone},
    },
    http::tests::Reply,
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};

async fn upload(office: &Office, token: &str, path: &str, name: &str, sound: &[u8]) -> Reply {
    let head = format!("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [head.as_bytes(), sound, b"\r\n--B--\r\n"].concat();
    let request =
        super::request(Method::POST, path, token).header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    office.send(request.body(Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn a_file_becomes_the_next_version_and_is_heard_as_a_line_carries_it() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let reply = upload(&office, &token, "/api/file/prompts/1", "新 开场.wav", &tone(44_100, 1_004.0, 2)).await;
    assert_eq!((reply.status, reply.json()["id"].as_i64()), (StatusCode::OK, Some(1)), "{}", reply.text());
    let list = office.get("/api/p/prompts", &token).await.json();
    let cells = &list["rows"][0]["cells"];
    assert_eq!((cells["file"].as_str(), cells["version"].as_str()), (Some("新 开场.wav"), Some("2")));
    assert_eq!(cells["seconds"], "00:00:02");
    let now = office.get("/api/file/prompts/1", &token).await;
    assert_eq!(now.headers[header::CONTENT_TYPE], "audio/wav");
    assert_eq!(now.body.len(), 44 + 2 * 16_000);
    let first = office.get("/api/file/prompts/1?version=1", &token).await;
    assert_eq!(first.body.len(), 44 + 2 * 8);
    assert_eq!(office.get("/api/file/prompts/1?version=3", &token).await.status, StatusCode::NOT_FOUND);
    let audit = office.get("/api/p/audit?size=200", &token).await.text();
    assert!(audit.contains("上传") && audit.contains("试听") && audit.contains("系统语音 1"), "{audit}");
}

#[tokio::test]
async fn a_file_that_is_no_sound_is_refused_and_the_old_one_stays() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let bad = upload(&office, &token, "/api/file/prompts/1", "a.mp3", b"name,phone").await;
    assert_eq!((bad.status, bad.code().as_str()), (StatusCode::BAD_REQUEST, "voice.bad_file"));
    let long =
        upload(&office, &token, "/api/file/prompts/1", "a.wav", &file(6, 1, 8_000, 8, &vec![0; 4_800_001])).await;
    assert_eq!(long.code(), "voice.too_long", "{}", long.text());
    let large = upload(&office, &token, "/api/file/prompts/1", "a.wav", &vec![0; (20 << 20) + 1]).await;
    assert_eq!(large.code(), "voice.too_large");
    let larger = upload(&office, &token, "/api/file/prompts/1", "a.wav", &vec![0; 21 << 20]).await;
    assert_eq!(larger.code(), "voice.too_large");
    assert_eq!(office.get("/api/p/prompts", &token).await.json()["rows"][0]["cells"]["version"], "1");
}

#[tokio::test]
async fn only_whom_the_role_permits_and_only_this_page() {
    let office = Office::open().await;
    let admin = office.token(1, "admin").await;
    for role in sample::ROLES.into_iter().filter(|role| *role != "admin") {
        let token = office.token(1, role).await;
        let put = upload(&office, &token, "/api/file/prompts/1", "a.wav", &tone(8_000, 440.0, 1)).await;
        let get = office.get("/api/file/prompts/1", &token).await;
        assert_eq!((put.status, get.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN), "{role}");
    }
    let foreign = upload(&office, &admin, "/api/file/prompts/11", "a.wav", &tone(8_000, 440.0, 1)).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(office.get("/api/file/prompts/11", &admin).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        office.get("/api/file/calls/1", &admin).await.code(),
        "page.no_action",
        "a recording is no file of a row"
    );
}

/// The earlier versions are a permission of their own.
#[tokio::test]
async fn an_earlier_version_needs_its_own_word() {
    let office = Office::open().await;
    office.sql(r#"UPDATE role SET permissions = '["prompts.view","prompts.play"]' WHERE id = 4"#).await;
    let token = office.token(1, "agent").await;
    assert_eq!(office.get("/api/file/prompts/1", &token).await.status, StatusCode::OK);
    assert_eq!(office.get("/api/file/prompts/1?version=1", &token).await.status, StatusCode::FORBIDDEN);
}
