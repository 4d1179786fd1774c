//! Login with 公司账号, 账号, 密码 (F1); logout; who am I.

use super::{
    caller::{Caller, Client, cookie, cookie_name, hash, token},
    face::Face,
    failures,
    problem::{Body, Problem},
};
use crate::desk::access::{self, ABSOLUTE_MS};
use axum::{
    Extension, Json,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use hutong_api::{
    Lang, Refusal,
    page::{LoginRequest, Session},
};
use hutong_core::io::{Input, SeatEvent};
use std::time::Instant;

/// Longest password looked at, in bytes.
pub const LONGEST: usize = 512;

/// Whatever is wrong, the answer and its time are the same.
pub async fn login(
    State(face): State<Face>,
    client: Client,
    Body(request): Body<LoginRequest>,
) -> Result<Response, Problem> {
    let LoginRequest { company, account, password, lang } = request;
    let key = format!("{}/{}", company.trim(), account.trim()).to_lowercase();
    face.gate.check(&key, &client.0, Instant::now())?;
    let (company, name) = (company.trim().to_owned(), account.trim().to_owned());
    let typed = (company.clone(), name.clone());
    let found = face.read(move |conn| access::account(conn, &company, &name)).await?;
    let known = found.as_ref().map(|account| account.password_hash.clone());
    let right = password.len() <= LONGEST && face.gate.verify(password, known).await?;
    let Some(account) = found.filter(|_| right) else {
        face.gate.wrong(&key, &client.0, Instant::now());
        tracing::info!(client = %client.0, "login failed");
        failures::note(&face, typed.0, &typed.1, client.0);
        return Err(Problem::new("login.failed"));
    };
    face.gate.right(&key, &client.0);

    let token = hex(&rand::random::<[u8; 32]>());
    let (hashed, from, seat) = (hash(&token), client.0.clone(), account.seat);
    face.write(move |tx| access::open(tx, &account, &hashed, lang, &from)).await?;
    face.sockets.bye(seat, &Refusal::new("session.newer_login"));
    // A page that died keeps its standing leg until its silence is noticed: until then it would pass for the new one's.
    face.app.media.seat_close(seat);
    face.app.shell.input(Input::Seat { seat, event: SeatEvent::PhoneDown });
    let who = face.session(hashed).await?.ok_or_else(|| Problem::new("login.failed"))?;
    face.audit(&who, &client.0, "login", format!("seat:{seat}")).await?;
    let caller = Caller { who, token: hashed };
    let session = Session { token: Some(token.clone()), ..session(&face, &caller) };
    Ok(([(header::SET_COOKIE, set_cookie(&face, &token, ABSOLUTE_MS / 1000))], Json(session)).into_response())
}

pub async fn logout(
    State(face): State<Face>,
    client: Client,
    headers: HeaderMap,
    caller: Option<Extension<Caller>>,
) -> Result<Response, Problem> {
    if let (Some((token, _)), Some(Extension(caller))) = (token(&headers, face.app.config.tls), caller) {
        face.write(move |tx| access::close(tx, &token)).await?;
        face.audit(&caller, &client.0, "logout", format!("seat:{}", caller.seat)).await?;
        face.sockets.bye(caller.seat, &Refusal::new("session.ended"));
        face.app.media.seat_close(caller.seat);
    }
    let clear =
        cookie(&headers, face.app.config.tls).is_some().then(|| [(header::SET_COOKIE, set_cookie(&face, "", 0))]);
    Ok((clear, Json(serde_json::json!({}))).into_response())
}

pub async fn me(State(face): State<Face>, caller: Caller) -> Json<Session> {
    Json(session(&face, &caller))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
pub struct Speak {
    lang: Lang,
}

/// The session's language from now on.
pub async fn speak(
    State(face): State<Face>,
    mut caller: Caller,
    Body(Speak { lang }): Body<Speak>,
) -> Result<Json<Session>, Problem> {
    let token = caller.token;
    face.write(move |tx| access::speak(tx, &token, lang)).await?;
    let who = face.session(token).await?.ok_or_else(|| Problem::new("session.none"))?;
    caller.who = who;
    Ok(Json(session(&face, &caller)))
}

fn session(face: &Face, caller: &Caller) -> Session {
    let who = &caller.who;
    Session {
        token: None,
        company: who.company_code.clone(),
        company_name: who.company_name.clone(),
        seat: who.seat,
        extension: who.extension.clone(),
        account: who.account.clone(),
        name: who.name.clone(),
        role: who.role.clone(),
        permissions: who.permissions.list(),
        demo: face.app.demo,
        lang: who.lang,
        zone: who.zone.iana_name().unwrap_or("Asia/Shanghai").to_owned(),
    }
}

fn set_cookie(face: &Face, token: &str, seconds: i64) -> HeaderValue {
    let secure = if face.app.config.tls { "; Secure" } else { "" };
    let name = cookie_name(face.app.config.tls);
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static(""))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
