//! The person behind a request, found once by `guard` and handed to the handlers.

use super::problem::Problem;
use crate::desk::{Who, access::TokenHash};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use sha2::{Digest, Sha256};
use std::{net::SocketAddr, ops::Deref};

/// The session's cookie. Over https its name makes the browser vouch for it: from this very host, Secure, for every path.
pub const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-hutong" } else { "hutong" }
}

/// A logged-in person. As an extractor it refuses everybody else with 401.
#[derive(Debug, Clone)]
pub struct Caller {
    pub who: Who,
    pub token: TokenHash,
}

impl Deref for Caller {
    type Target = Who;
    fn deref(&self) -> &Who {
        &self.who
    }
}

impl Caller {
    pub fn needs(&self, word: &str) -> Result<(), Problem> {
        if self.who.may(word) { Ok(()) } else { Err(Problem::new("permission.denied")) }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::new("session.none"))
    }
}

/// The address a request came from, for audit and back-off; empty where there is none (tests).
#[derive(Debug, Clone, Default)]
pub struct Client(pub String);

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Client, Self::Rejection> {
        let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Client(address.map_or_else(String::new, |from| from.0.ip().to_canonical().to_string())))
    }
}

/// The token a request carries, and whether it came as the cookie. An Authorization header is taken before the cookie.
pub fn token(headers: &HeaderMap, secure: bool) -> Option<(TokenHash, bool)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let token = value.to_str().ok()?.strip_prefix("Bearer ")?;
        return Some((hash(token.trim()), false));
    }
    cookie(headers, secure).map(|token| (hash(token), true))
}

pub fn cookie(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let name = cookie_name(secure);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

pub fn hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}
