//! The routes, one line each, as hutong-api's `page` lists them.

use super::{
    activity, bulk, embedded, export,
    face::Face,
    files,
    guard::guard,
    imports, live, login, monitor, notices, numbers, openapi, pages, password, phone,
    problem::{Named, Problem},
    recording,
};
use crate::desk::voice;
use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use hutong_api::{Lang, texts};
use std::collections::BTreeMap;

/// Largest JSON body, in bytes.
const JSON_LIMIT: usize = 256 << 10;
/// An upload with its multipart frame.
const UPLOAD_LIMIT: usize = imports::LARGEST + (64 << 10);
const SOUND_LIMIT: usize = voice::LARGEST + (64 << 10);

#[cfg(test)]
pub fn router(app: super::App) -> Router {
    routes(Face::new(app))
}

pub fn routes(face: Face) -> Router {
    let api = Router::new()
        .route("/login", post(login::login))
        .route("/logout", post(login::logout))
        .route("/me", get(login::me).post(login::speak))
        .route("/me/password", post(password::change))
        .route("/texts/{lang}", get(all_texts))
        .route("/catalogue", get(pages::catalogue))
        .route("/permissions", get(pages::permissions))
        .route("/openapi.json", get(openapi::openapi))
        .route("/home", get(pages::home))
        .route("/work", get(pages::work))
        .route("/p/{page}", get(pages::list).post(pages::add))
        .route("/p/{page}/export", get(export::export))
        .route("/p/{page}/options/{field}", get(pages::options))
        .route("/p/{page}/action/{action}", post(pages::action))
        .route("/p/{page}/{id}", get(pages::get).post(pages::edit))
        .route("/numbers/{page}/{id}", post(numbers::unmask))
        .route("/file/{page}/{id}", get(files::get).post(files::put).layer(DefaultBodyLimit::max(SOUND_LIMIT)))
        .route("/template/{page}", get(imports::template))
        .route("/import/{page}", get(imports::status).post(imports::upload).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/import/{page}/look", post(imports::look).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/import/{page}/run", post(imports::run))
        .route("/monitor/{campaign}", get(monitor::task))
        .route("/notices", get(notices::mine))
        .route("/notices/{id}/read", post(notices::read))
        .route("/undo/{what}", post(bulk::undo))
        .route("/import/{page}/rejects", get(imports::rejects))
        .route("/import/{page}/passwords", get(imports::passwords))
        .route("/recording/{call}", get(recording::audio))
        .route("/recording/{call}/peaks", get(recording::peaks))
        .route("/phone", post(phone::offer))
        .route("/activity", post(activity::save))
        .route("/live", get(live::open))
        .route("/health", get(async || Json(serde_json::json!({"ok": true}))))
        .layer(DefaultBodyLimit::max(JSON_LIMIT));
    Router::new()
        .nest("/api", api)
        .fallback(embedded::page)
        .layer(middleware::from_fn_with_state(face.clone(), guard))
        .with_state(face)
}

async fn all_texts(Named(lang): Named<String>) -> Result<Json<&'static BTreeMap<String, String>>, Problem> {
    match lang.as_str() {
        "zh-CN" => Ok(Json(texts::catalogue(Lang::Zh))),
        "en" => Ok(Json(texts::catalogue(Lang::En))),
        _ => Err(Problem::new("request.unknown")),
    }
}
