//! A refusal on its way out: the status by its code; `guard` adds the sentence in the reader's language.

use crate::{
    desk::{Fault, cell},
    store::StoreError,
};
use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Path, Query, Request},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use hutong_api::{Lang, Refusal, live::RefusalText};
use serde::de::DeserializeOwned;

#[derive(Debug, Clone)]
pub struct Problem(pub Refusal);

impl Problem {
    pub fn new(code: &'static str) -> Problem {
        Problem(Refusal::new(code))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Problem {
        Problem(refusal)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        tracing::warn!(%error, "store");
        Problem::new(match error {
            StoreError::Full => "request.storage_full",
            StoreError::Gone => "request.busy",
            _ => "request.failed",
        })
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Problem {
        match fault {
            Fault::Refused(refusal) => Problem(refusal),
            Fault::Store(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = status(&self.0.code).into_response();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// The body of a refusal in a language.
pub fn said(refusal: &Refusal, lang: Lang) -> RefusalText {
    RefusalText { code: refusal.code.to_string(), text: refusal.text(lang) }
}

/// The same for one reader: with 号码隐藏 not even a refusal repeats a number (F87).
pub fn said_to(refusal: &Refusal, lang: Lang, hide_numbers: bool) -> RefusalText {
    let said = said(refusal, lang);
    RefusalText { text: if hide_numbers { cell::scrub(&said.text) } else { said.text }, ..said }
}

/// Statuses as hutong-api's `page` lists them. What the engine refuses conflicts with its state.
pub fn status(code: &str) -> StatusCode {
    match code {
        "login.failed" => StatusCode::UNAUTHORIZED,
        "login.slow_down" => StatusCode::TOO_MANY_REQUESTS,
        "permission.denied" | "request.foreign" => StatusCode::FORBIDDEN,
        "row.unknown" | "import.no_campaign" | "page.unknown" | "page.no_action" | "request.unknown"
        | "recording.none" | "recording.gone" => StatusCode::NOT_FOUND,
        "field.taken" | "field.owned" | "activity.other_call" => StatusCode::CONFLICT,
        "request.failed" => StatusCode::INTERNAL_SERVER_ERROR,
        "request.busy" | "request.storage_full" | "phone.gone" | "service.stopping" | "service.busy" => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        _ => match code.split('.').next() {
            Some("session") => StatusCode::UNAUTHORIZED,
            Some("field" | "request" | "phone" | "voice") => StatusCode::BAD_REQUEST,
            _ => StatusCode::CONFLICT,
        },
    }
}

/// A JSON body; what does not parse is `request.bad`, not the framework's words.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        let parsed = Json::<T>::from_request(request, state).await;
        parsed.map(|Json(body)| Body(body)).map_err(|_| Problem::new("request.bad"))
    }
}

/// Path parameters; what does not parse names nothing.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Problem> {
        let parsed = Path::<T>::from_request_parts(parts, state).await;
        parsed.map(|Path(name)| Named(name)).map_err(|_| Problem::new("row.unknown"))
    }
}

/// Query parameters.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Problem> {
        let parsed = Query::<T>::from_request_parts(parts, state).await;
        parsed.map(|Query(asked)| Asked(asked)).map_err(|_| Problem::new("request.bad"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::path::{Path, PathBuf};

    /// Every code that this room and the desk refuse with has its sentence, in both languages.
    #[test]
    fn every_code_has_its_sentence() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut seen = 0;
        for file in files(&source.join("http")).into_iter().chain(files(&source.join("desk"))) {
            let text = std::fs::read_to_string(&file).unwrap();
            let calls =
                ["Refusal::new(\"", "Problem::new(\"", "=> \""].into_iter().flat_map(|call| text.split(call).skip(1));
            for code in calls.filter_map(|rest| rest.split_once('"')).map(|(code, _)| code) {
                let area = code.split('.').next().unwrap();
                let ours = [
                    "login",
                    "session",
                    "permission",
                    "row",
                    "page",
                    "field",
                    "request",
                    "recording",
                    "phone",
                    "activity",
                    "voice",
                ];
                if code.contains('.') && ours.contains(&area) {
                    seen += 1;
                    for lang in [Lang::Zh, Lang::En] {
                        let key = format!("refusal.{code}");
                        assert!(
                            hutong_api::texts::catalogue(lang).contains_key(&key),
                            "{key} {lang:?} ({})",
                            file.display()
                        );
                    }
                }
            }
        }
        assert!(seen > 40, "the scan has gone blind: {seen}");
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }
}
