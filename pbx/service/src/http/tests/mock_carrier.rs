//! THIS IS A MOCK. No carrier's interface was at hand: this stands for one that keeps to docs/x-numbers.md, and no more is
//! proven by it.

use axum::{Json, Router, extract::State, http::HeaderMap, http::StatusCode, response::IntoResponse, routing::post};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

/// How the mock answers the next requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mood {
    Obliging,
    /// Does it and is never heard of: the answer comes too late.
    Mute,
    Refusing(u16, String),
}

#[derive(Debug)]
pub struct Kept {
    pub mood: Mood,
    /// request_id → its id and body.
    pub bound: BTreeMap<String, (String, Value)>,
    pub unbound: Vec<String>,
    pub asked: Vec<(String, Value)>,
    pub tokens: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct MockCarrier {
    pub address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
}

impl MockCarrier {
    pub async fn start() -> MockCarrier {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let kept =
            Kept { mood: Mood::Obliging, bound: BTreeMap::new(), unbound: vec![], asked: vec![], tokens: vec![] };
        let mock = MockCarrier { address: listener.local_addr().unwrap(), kept: Arc::new(Mutex::new(kept)) };
        let routes = Router::new()
            .route(
                "/x/bind",
                post(async |State(mock): State<MockCarrier>, headers: HeaderMap, Json(body)| {
                    mock.answer("bind", &headers, body).await
                }),
            )
            .route(
                "/x/unbind",
                post(async |State(mock): State<MockCarrier>, headers: HeaderMap, Json(body)| {
                    mock.answer("unbind", &headers, body).await
                }),
            )
            .with_state(mock.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        mock
    }

    pub fn mood(&self, mood: Mood) {
        self.kept.lock().unwrap().mood = mood;
    }

    pub fn look<T>(&self, at: impl FnOnce(&Kept) -> T) -> T {
        at(&self.kept.lock().unwrap())
    }

    async fn answer(&self, what: &str, headers: &HeaderMap, body: Value) -> axum::response::Response {
        let (mood, id) = {
            let mut kept = self.kept.lock().unwrap();
            kept.asked.push((what.to_owned(), body.clone()));
            kept.tokens.push(headers["authorization"].to_str().unwrap().to_owned());
            if let Mood::Refusing(status, body) = &kept.mood {
                return (StatusCode::from_u16(*status).unwrap(), body.clone()).into_response();
            }
            let id = match what {
                "bind" => {
                    let next = format!("p-{}", kept.bound.len() + 1);
                    let request = body["request_id"].as_str().unwrap().to_owned();
                    kept.bound.entry(request).or_insert((next, body)).0.clone()
                }
                _ => {
                    kept.unbound.push(body["id"].as_str().unwrap().to_owned());
                    String::new()
                }
            };
            (kept.mood.clone(), id)
        };
        if mood == Mood::Mute {
            std::future::pending::<()>().await;
        }
        Json(json!({ "id": id })).into_response()
    }
}
