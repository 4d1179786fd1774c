//! Around every request: who it is, whether it really comes from our page, the refusal's sentence, the security headers.

use super::{
    caller::{Caller, cookie, token},
    face::Face,
    problem::{Problem, said_to},
};
use axum::{
    Json,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hutong_api::{Lang, Refusal};

/// Nothing from elsewhere: no script, style, frame or connection but our own.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
                   frame-ancestors 'none'; connect-src 'self'";

pub async fn guard(State(face): State<Face>, mut request: Request, next: Next) -> Response {
    let mut lang = spoken(request.headers());
    let policy = policy(request.headers());
    let mut hide_numbers = false;
    let response = match identify(&face, &mut request, &mut lang).await {
        Ok(()) => {
            hide_numbers = request.extensions().get::<Caller>().is_some_and(|caller| caller.hide_numbers);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    headers(translate(response, lang, hide_numbers), policy)
}

/// Puts a `Caller` into the request where it carries a live session, and refuses what other sites make a browser send.
async fn identify(face: &Face, request: &mut Request, lang: &mut Lang) -> Result<(), Problem> {
    let headers = request.headers();
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrades = headers.contains_key(header::UPGRADE);
    if (changes || upgrades) && !same_origin(headers) {
        return Err(Problem::new("request.foreign"));
    }
    let secure = face.app.config.tls;
    let by_cookie = cookie(headers, secure).is_some() && !headers.contains_key(header::AUTHORIZATION);
    if changes && by_cookie && headers.get("x-hutong").is_none_or(|value| value != "1") {
        return Err(Problem::new("request.foreign"));
    }
    let Some((token, _)) = token(headers, secure).filter(|_| request.uri().path().starts_with("/api/")) else {
        return Ok(());
    };
    if let Some(who) = face.session(token).await? {
        *lang = who.lang;
        request.extensions_mut().insert(Caller { who, token });
    }
    Ok(())
}

/// An Origin, where sent, must be this host. ("null" is nobody's.)
fn same_origin(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    matches!((origin, host), (Some(origin), Some(host)) if origin.eq_ignore_ascii_case(host))
}

fn translate(response: Response, lang: Lang, hide_numbers: bool) -> Response {
    let Some(refusal) = response.extensions().get::<Refusal>() else { return response };
    (response.status(), Json(said_to(refusal, lang, hide_numbers))).into_response()
}

/// Older Chromium cores do not take 'self' for the live socket, so it is named.
fn policy(headers: &HeaderMap) -> HeaderValue {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    let named = HeaderValue::try_from(format!("{CSP} ws://{host} wss://{host}"));
    named.ok().filter(|_| plain && !host.is_empty()).unwrap_or(HeaderValue::from_static(CSP))
}

fn headers(mut response: Response, policy: HeaderValue) -> Response {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The language before there is a session.
pub fn spoken(headers: &HeaderMap) -> Lang {
    headers.get(header::ACCEPT_LANGUAGE).and_then(|tags| tags.to_str().ok()).map_or(Lang::Zh, Lang::parse)
}
