//! The bot's HTTP requests. `ureq` blocks, so each runs on the blocking pool: rare and short.

use anyhow::{Context, anyhow};
use hutong_api::{
    live::RefusalText,
    page::{ActivityRequest, Created, LoginRequest, PhoneAnswer, PhoneOffer, Session},
};
use serde::{Serialize, de::DeserializeOwned};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// One bot's own connection, with its own cookies.
#[derive(Clone)]
pub struct Api {
    service: SocketAddr,
    http: ureq::Agent,
    token: Option<Arc<str>>,
}

impl Api {
    /// Logs in.
    ///
    /// # Errors
    /// The service cannot be reached, or refuses: its code is in the error.
    pub async fn login(service: SocketAddr, request: LoginRequest) -> anyhow::Result<(Api, Session)> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build();
        let mut api = Api { service, http: config.into(), token: None };
        let session: Session = api.post("/api/login", request).await.context("login")?;
        api.token = session.token.as_deref().map(Arc::from);
        Ok((api, session))
    }

    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub async fn phone(&self, sdp: String) -> anyhow::Result<String> {
        let answer: PhoneAnswer = self.post("/api/phone", PhoneOffer { sdp }).await.context("phone")?;
        Ok(answer.sdp)
    }

    pub async fn save(&self, activity: ActivityRequest) -> anyhow::Result<i64> {
        let created: Created = self.post("/api/activity", activity).await.context("activity")?;
        Ok(created.id)
    }

    async fn post<B, R>(&self, path: &'static str, body: B) -> anyhow::Result<R>
    where
        B: Serialize + Send + 'static,
        R: DeserializeOwned + Send + 'static,
    {
        let mut request = self.http.post(self.url(path)).header("X-Hutong", "1");
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        tokio::task::spawn_blocking(move || read(request.send_json(&body)?)).await?
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.service)
    }
}

fn read<R: DeserializeOwned>(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<R> {
    let status = response.status();
    let body = response.body_mut().read_to_string()?;
    if status.is_success() {
        return serde_json::from_str(&body).with_context(|| format!("answer not understood: {body}"));
    }
    let code = serde_json::from_str::<RefusalText>(&body).map_or(body, |refusal| refusal.code);
    Err(anyhow!("{status}: {code}"))
}
