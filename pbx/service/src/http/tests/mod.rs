//! The whole face over a real database, request by request.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod alarms;
mod callbacks;
mod canary;
mod commands;
mod data;
mod hostile;
mod live;
mod matrix;
mod mock_carrier;
mod monitor;
mod newcomers;
mod organisation;
mod preview;
mod records;
mod secure;
mod sessions;
mod voice;
mod work;
mod x_pairs;

use super::{App, router};
use crate::{
    config::Config,
    desk::{self, sample},
    media::{Media, MediaConfig},
    shell::Shell,
    store::Store,
};
use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::SaltString};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use hutong_api::page::Session;
use hutong_core::{Engine, Mono, Now, Wall, io::Input};
use serde_json::{Value, json};
use std::{net::Ipv4Addr, sync::Arc};
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse";

/// The two sample companies behind the router.
pub struct Office {
    pub app: App,
    router: Router,
    pub dir: tempfile::TempDir,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Office {
    pub async fn open() -> Office {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let hash = cheap_hash(PASSWORD);
        store
            .write(move |tx| {
                sample::fill(tx);
                tx.execute("UPDATE seat SET password_hash = ?1", [hash])?;
                Ok(())
            })
            .await
            .unwrap();
        let media = MediaConfig { trunk_ip: Ipv4Addr::LOCALHOST.into(), trunk_ports: (40000, 40010), browser: vec![] };
        let (events, _) = tokio::sync::mpsc::unbounded_channel();
        let config = Config {
            data_dir: dir.path().to_owned(),
            http_listen: (Ipv4Addr::LOCALHOST, 0).into(),
            tls: false,
            ..Config::default()
        };
        let app = App {
            config: Arc::new(config),
            shell: Shell::showing(engine(&store)),
            store,
            media: Media::start(media, events).unwrap(),
            demo: false,
        };
        Office { router: router(app.clone()), app, dir }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.into_body().collect().await.unwrap().to_bytes().to_vec();
        Reply { status, headers, body }
    }

    pub async fn get(&self, path: &str, token: &str) -> Reply {
        self.send(request(Method::GET, path, token).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Reply {
        let request = request(Method::POST, path, token).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn login(&self, company: &str, account: &str, password: &str) -> Reply {
        self.post("/api/login", "", json!({"company": company, "account": account, "password": password})).await
    }

    pub async fn token(&self, company: i64, role: &str) -> String {
        let reply = self.login(&format!("c{company}"), role, PASSWORD).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        serde_json::from_slice::<Session>(&reply.body).unwrap().token.unwrap()
    }

    pub async fn sql(&self, sql: impl Into<String>) {
        let sql = sql.into();
        self.app.store.write(move |tx| Ok(tx.execute_batch(&sql)?)).await.unwrap();
    }
}

/// With a Bearer token unless it is empty.
pub fn request(method: Method, path: &str, token: &str) -> axum::http::request::Builder {
    let builder = Request::builder().method(method).uri(path).header(header::HOST, "office:8443");
    if token.is_empty() { builder } else { builder.header(header::AUTHORIZATION, format!("Bearer {token}")) }
}

/// The engine as it starts from this store.
fn engine(store: &Store) -> Engine {
    let mut engine = Engine::new();
    let now = Now { mono: Mono(0), wall: Wall(desk::now()) };
    engine.handle(now, Input::Boot(Box::new(store.boot().unwrap())));
    engine
}

/// As weak as argon2 allows: the tests check the way, not the strength.
fn cheap_hash(password: &str) -> String {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    argon.hash_password(password.as_bytes(), &SaltString::encode_b64(&[7; 16]).unwrap()).unwrap().to_string()
}
