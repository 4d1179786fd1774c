//! The carrier's middle numbers over HTTP (D12, F89), as docs/x-numbers.md describes it: who has a contract puts a carrier's
//! own interface behind these two requests. Blocking: call it off the async threads. What is sent is never logged.

use crate::config::XNumbers;
use hutong_api::Refusal;
use serde::Serialize;
use std::{fs, sync::Arc, time::Duration};
use ureq::{
    Agent,
    tls::{PemItem, RootCerts, TlsConfig, parse_pem},
};

/// Largest answer read, in bytes, and characters kept of a carrier's words.
const ANSWER: u64 = 64 << 10;
const WORDS: usize = 200;
/// Where Linux systems keep the authorities they trust.
const BUNDLES: &[&str] =
    &["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];

/// What a pair is bound as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bind {
    pub x: String,
    pub a: String,
    pub b: String,
    /// RFC 3339, UTC.
    pub expires_at: String,
    /// The same for every repeat: the carrier binds once and answers with the same id.
    pub request_id: String,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome<T> {
    Done(T),
    /// The carrier's own words.
    Refused(String),
    /// No answer, or none that says which: it may have been done, and is asked again.
    Silent,
}

pub struct CarrierX {
    agent: Agent,
    url: String,
    token: String,
}

impl CarrierX {
    /// None where no carrier is set. Refusal: `cli.bad_config` is the reader's, so this only fails to find authorities to trust.
    pub fn of(config: &XNumbers) -> Option<CarrierX> {
        if config.url.is_empty() {
            return None;
        }
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(RootCerts::Specific(Arc::new(trusted())))
            .build();
        // No redirects and no proxy out of the environment: the token and the numbers go where the office wrote, or nowhere.
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(config.timeout_s)))
            .user_agent("hutong")
            .tls_config(tls)
            .build()
            .new_agent();
        let url = config.url.trim_end_matches('/').to_owned();
        Some(CarrierX { agent, url, token: config.token.clone() })
    }

    /// Done: the carrier's id of the pair.
    pub fn bind(&self, bind: &Bind) -> Outcome<String> {
        match self.post("bind", bind) {
            Said::Yes(body) => match id(&body) {
                Some(id) => Outcome::Done(id),
                None => {
                    tracing::warn!("the carrier answered a binding without an id");
                    Outcome::Silent
                }
            },
            Said::No(_, words) => Outcome::Refused(words),
            Said::Nothing => Outcome::Silent,
        }
    }

    /// A pair that the carrier does not know (any more) is unbound. Calls that are up go on: this ends what new calls find.
    pub fn unbind(&self, id: &str) -> Outcome<()> {
        match self.post("unbind", &serde_json::json!({ "id": id })) {
            Said::Yes(_) | Said::No(404 | 410, _) => Outcome::Done(()),
            Said::No(_, words) => Outcome::Refused(words),
            Said::Nothing => Outcome::Silent,
        }
    }

    fn post(&self, what: &str, body: &impl Serialize) -> Said {
        let request = self.agent.post(format!("{}/{what}", self.url));
        let request = request.header("Authorization", format!("Bearer {}", self.token));
        let mut answer = match request.send_json(body) {
            Ok(answer) => answer,
            Err(error) => {
                tracing::warn!(%error, what, "the carrier did not answer");
                return Said::Nothing;
            }
        };
        let status = answer.status().as_u16();
        let text = answer.body_mut().with_config().limit(ANSWER).read_to_string();
        match (status, text) {
            (200..=299, Ok(text)) => Said::Yes(text),
            // Too soon, too many, or the carrier's own trouble: nothing is decided.
            (408 | 425 | 429, _) | (..=399 | 500.., _) => {
                tracing::warn!(status, what, "the carrier did not decide");
                Said::Nothing
            }
            (_, text) => Said::No(status, words(status, &text.unwrap_or_default())),
        }
    }
}

enum Said {
    Yes(String),
    No(u16, String),
    Nothing,
}

/// `{"id": "…"}`, or a number.
fn id(body: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(body).ok()?;
    let id = match json.get("id")? {
        serde_json::Value::String(id) => id.clone(),
        serde_json::Value::Number(id) => id.to_string(),
        _ => return None,
    };
    (!id.is_empty() && id.chars().count() <= WORDS).then_some(id)
}

/// The sentence of a refusal: `message`, `error` or `msg` of a JSON body, else the body, else the status.
fn words(status: u16, body: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let named = ["message", "error", "msg"].iter().find_map(|name| json.get(name)?.as_str());
    let plain: String = named.unwrap_or(body).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain: String = plain.trim().chars().take(WORDS).collect();
    if plain.is_empty() { format!("HTTP {status}") } else { plain }
}

fn trusted() -> Vec<ureq::tls::Certificate<'static>> {
    let Some(pem) = BUNDLES.iter().find_map(|file| fs::read(file).ok()) else { return Vec::new() };
    let items = parse_pem(&pem).filter_map(Result::ok);
    items.filter_map(|item| if let PemItem::Certificate(found) = item { Some(found) } else { None }).collect()
}

/// What the settings may be; the reader names the file.
pub fn check(config: &XNumbers) -> Result<(), Refusal> {
    if config.url.is_empty() {
        return Ok(());
    }
    let uri: Option<axum::http::Uri> = config.url.parse().ok();
    let host = uri.as_ref().and_then(|uri| uri.host()).unwrap_or_default();
    let here = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let safe = match uri.as_ref().and_then(|uri| uri.scheme_str()) {
        Some("https") => !host.is_empty(),
        Some("http") => here,
        _ => false,
    };
    if !safe {
        return Err(Refusal::new("cli.x_numbers_url"));
    }
    if !(1..=30).contains(&config.timeout_s) {
        return Err(Refusal::new("cli.x_numbers_timeout"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str, timeout_s: u64) -> XNumbers {
        XNumbers { url: url.into(), token: "t".into(), timeout_s }
    }

    #[test]
    fn numbers_leave_the_box_only_under_tls() {
        for good in ["", "https://x.example/api", "http://127.0.0.1:8080", "http://localhost/x", "http://[::1]:1/"] {
            assert!(check(&at(good, 5)).is_ok(), "{good}");
        }
        for bad in ["http://x.example", "http://10.0.0.1", "ftp://localhost", "x.example", "https://"] {
            assert!(check(&at(bad, 5)).is_err(), "{bad}");
        }
        assert!(check(&at("https://x.example", 0)).is_err() && check(&at("https://x.example", 31)).is_err());
        assert!(!format!("{:?}", XNumbers { token: "secret".into(), ..at("", 5) }).contains("secret"));
    }

    #[test]
    fn a_refusal_has_words_and_an_id_is_one() {
        assert_eq!(words(403, r#"{"message":"号码未报备"}"#), "号码未报备");
        assert_eq!(words(400, "no\nsuch X"), "no such X");
        assert_eq!(words(403, ""), "HTTP 403");
        assert_eq!(words(400, &"长".repeat(900)).chars().count(), WORDS);
        assert_eq!(id(r#"{"id":"p-1"}"#).as_deref(), Some("p-1"));
        assert_eq!(id(r#"{"id":17}"#).as_deref(), Some("17"));
        for bad in ["", "{}", r#"{"id":""}"#, r#"{"id":null}"#] {
            assert_eq!(id(bad), None, "{bad}");
        }
    }
}
