//! The browser page, built into the binary from web/dist; any path that is no file is the page itself.

use super::problem::Problem;
use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

const INDEX: &str = "index.html";
const NOT_BUILT: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>呼通 Hutong</title>\
    <p>网页没有随本程序一起构建：请执行 make 后重新启动。</p>\
    <p>The page was not built into this binary: run make, then start again.</p></html>";

pub async fn page(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Problem::new("request.unknown").into_response();
    }
    let name = if path.is_empty() { INDEX } else { path };
    match Files::get(name).map(|file| (name, file)).or_else(|| fallback(path)) {
        Some((name, file)) => serve(name, file),
        None if path.is_empty() || !has_extension(path) => Html(NOT_BUILT).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A path the page's own router knows, such as /calls.
fn fallback(path: &str) -> Option<(&'static str, rust_embed::EmbeddedFile)> {
    if has_extension(path) { None } else { Files::get(INDEX).map(|file| (INDEX, file)) }
}

fn has_extension(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

fn serve(name: &str, file: rust_embed::EmbeddedFile) -> Response {
    let mime = HeaderValue::from_str(file.metadata.mimetype()).unwrap_or(HeaderValue::from_static("text/plain"));
    // The page names its parts by their content's hash (assets/…); everything else is asked for again.
    let cache = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, mime), (header::CACHE_CONTROL, HeaderValue::from_static(cache))];
    (headers, file.data.into_owned()).into_response()
}
