//! Every route of the HTTP interface, written down once: the OpenAPI document is made of this table, and tests hold the
//! router, the matrix of roles and the document against it.

use super::{login::Speak, numbers, openapi::Components};
use hutong_api::{board::*, catalogue::PageView, live::*, monitor::TaskMonitor, page::*};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// Puts a type and all it needs among the components, and says how to refer to it.
pub type Model = fn(&mut Components) -> Value;

#[derive(Debug, Clone, Copy)]
pub enum Takes {
    Nothing,
    Json(Model),
    /// The form of a catalogue page: field id → value.
    Form,
    /// multipart/form-data with the part `file`.
    File,
}

#[derive(Debug, Clone, Copy)]
pub enum Gives {
    Json(Model),
    List(Model),
    /// Text → text.
    Words,
    /// A body of these media types.
    Bytes(&'static [&'static str]),
    /// No body.
    Nothing,
    /// Becomes a WebSocket (`ClientMsg`, `ServerMsg`).
    Socket,
}

/// Who may call it. Whose rows he reaches is another matter, and the same everywhere: row.unknown beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// No login.
    Nobody,
    /// Any session.
    Login,
    /// This permission word.
    Word(&'static str),
    /// `<page>.<word>` of the page in the path.
    Page(&'static str),
    /// `<page>.<action>` of page and action in the path.
    Action,
    /// This word, and `<page>.view` of the page in the path.
    Both(&'static str),
    /// `customers.import`; into a campaign `campaigns.append` or, one's own, `campaigns.add`.
    Import,
}

#[derive(Debug, Clone, Copy)]
pub struct Route {
    pub verb: Verb,
    /// Behind /api.
    pub path: &'static str,
    /// Text `route.<name>`; unique.
    pub name: &'static str,
    pub needs: Needs,
    /// Query parameters: name and whether it is a number.
    pub query: &'static [(&'static str, bool)],
    pub takes: Takes,
    pub gives: Gives,
}

const fn get(path: &'static str, name: &'static str, needs: Needs, gives: Gives) -> Route {
    Route { verb: Verb::Get, path, name, needs, query: &[], takes: Takes::Nothing, gives }
}

const fn post(path: &'static str, name: &'static str, needs: Needs, takes: Takes, gives: Gives) -> Route {
    Route { verb: Verb::Post, path, name, needs, query: &[], takes, gives }
}

impl Route {
    const fn asked(mut self, query: &'static [(&'static str, bool)]) -> Route {
        self.query = query;
        self
    }
}

fn of<T: ToSchema>(into: &mut Components) -> Value {
    into.model::<T>()
}

const CSV: &[&str] = &["text/csv"];
const SHEETS: &[&str] = &["text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"];
const WAV: &[&str] = &["audio/wav"];
const LIST: &[(&str, bool)] = &[("page", true), ("size", true), ("sort", false), ("exact", true)];

use Gives::{Bytes, List, Socket, Words};
use Needs::{Action, Both, Import, Login, Nobody, Page, Word};

/// In the order of hutong-api's `page`.
pub const ROUTES: &[Route] = &[
    post("/login", "login", Nobody, Takes::Json(of::<LoginRequest>), Gives::Json(of::<Session>)),
    post("/logout", "logout", Nobody, Takes::Nothing, Gives::Nothing),
    get("/me", "me", Login, Gives::Json(of::<Session>)),
    post("/me", "speak", Login, Takes::Json(of::<Speak>), Gives::Json(of::<Session>)),
    post("/me/password", "password", Login, Takes::Json(of::<PasswordChange>), Gives::Nothing),
    get("/texts/{lang}", "texts", Nobody, Words),
    get("/catalogue", "catalogue", Login, List(of::<PageView>)),
    get("/permissions", "permissions", Login, List(of::<PermissionGroup>)),
    get("/openapi.json", "openapi", Login, Bytes(&["application/json"])),
    get("/home", "home", Login, Gives::Json(of::<Home>)),
    get("/p/{page}", "list", Page("view"), Gives::Json(of::<ListReply>)).asked(LIST),
    post("/p/{page}", "add", Page("add"), Takes::Form, Gives::Json(of::<Created>)),
    get("/p/{page}/export", "export", Page("export"), Bytes(SHEETS)).asked(&[("format", false)]),
    get("/p/{page}/options/{field}", "options", Page("view"), List(of::<Choice>)),
    post(
        "/p/{page}/action/{action}",
        "action",
        Action,
        Takes::Json(of::<ActionRequest>),
        Gives::Json(of::<ActionReply>),
    ),
    get("/p/{page}/{id}", "row", Page("view"), Gives::Json(of::<RowReply>)),
    post("/p/{page}/{id}", "edit", Page("edit"), Takes::Form, Gives::Json(of::<Created>)),
    post("/numbers/{page}/{id}", "numbers", Both(numbers::WORD), Takes::Nothing, Gives::Json(of::<RowReply>)),
    get("/template/{page}", "template", Page("view"), Bytes(CSV)),
    post("/import/{page}", "import", Import, Takes::File, Gives::Json(of::<ImportStatus>))
        .asked(&[("campaign", true), ("sync", false)]),
    post("/import/{page}/look", "import_look", Import, Takes::File, Gives::Json(of::<ImportLook>)),
    post("/import/{page}/run", "import_run", Import, Takes::Json(of::<ImportWish>), Gives::Json(of::<ImportStatus>)),
    get("/import/{batch}", "import_status", Login, Gives::Json(of::<ImportStatus>)),
    get("/import/{batch}/rejects", "rejects", Login, Bytes(CSV)),
    get("/import/{batch}/passwords", "passwords", Word("seats.import"), Bytes(CSV)),
    get("/work", "work", Login, Gives::Json(of::<WorkView>)),
    get("/monitor/{campaign}", "monitor", Word("campaigns.monitor"), Gives::Json(of::<TaskMonitor>)),
    get("/notices", "notices", Login, List(of::<Notice>)),
    post("/notices/{id}/read", "notice_read", Login, Takes::Nothing, Gives::Nothing),
    post("/undo/{what}", "undo", Login, Takes::Nothing, Gives::Json(of::<ActionReply>)),
    post("/file/{page}/{id}", "file_put", Page("upload"), Takes::File, Gives::Json(of::<Created>)),
    get("/file/{page}/{id}", "file", Page("play"), Bytes(WAV)).asked(&[("version", true)]),
    get("/recording/{call}", "recording", Word("calls.play"), Bytes(WAV)).asked(&[("download", true)]),
    get("/recording/{call}/peaks", "peaks", Word("calls.play"), Gives::Json(of::<Peaks>)),
    post("/phone", "phone", Word("seat.work"), Takes::Json(of::<PhoneOffer>), Gives::Json(of::<PhoneAnswer>)),
    post("/activity", "activity", Word("seat.work"), Takes::Json(of::<ActivityRequest>), Gives::Json(of::<Created>)),
    get("/live", "live", Login, Socket),
    get("/health", "health", Nobody, Words),
];

/// What the live socket speaks, and what several rooms share without a route of its own.
pub const SPOKEN: &[Model] =
    &[of::<ClientMsg>, of::<ServerMsg>, of::<Command>, of::<BoardMsg>, of::<RefusalText>, of::<ActionRequest>];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use hutong_api::{Lang, texts::catalogue};
    use std::collections::BTreeSet;

    fn nameless(path: &str) -> String {
        let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
        path.split('/').map(part).collect::<Vec<_>>().join("/")
    }

    /// `.route("/x", get(…).post(…))` of the router's own text.
    fn routed() -> BTreeSet<(String, String)> {
        let source: String = include_str!("router.rs").split_whitespace().collect();
        let mut found = BTreeSet::new();
        for route in source.split(".route(\"").skip(1) {
            let (path, rest) = route.split_once('"').unwrap();
            // What follows the last route of the table is no handler of it.
            let handlers = rest.split(".layer(").next().unwrap();
            for verb in ["get", "post"] {
                if [",", "."].iter().any(|before| handlers.contains(&format!("{before}{verb}("))) {
                    found.insert((nameless(path), verb.to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn the_router_and_the_table_hold_the_same_routes() {
        let word = |verb| if verb == Verb::Get { "get" } else { "post" };
        let listed: BTreeSet<_> =
            ROUTES.iter().map(|route| (nameless(route.path), word(route.verb).to_owned())).collect();
        assert_eq!(listed.len(), ROUTES.len(), "one line a route");
        assert!(listed.len() > 20, "the scan has gone blind");
        assert_eq!(listed, routed());
    }

    #[test]
    fn every_route_has_a_name_of_its_own_and_its_sentence() {
        let names: BTreeSet<_> = ROUTES.iter().map(|route| route.name).collect();
        assert_eq!(names.len(), ROUTES.len());
        for name in names {
            for lang in [Lang::Zh, Lang::En] {
                assert!(catalogue(lang).contains_key(&format!("route.{name}")), "route.{name} {lang:?}");
            }
        }
    }
}
