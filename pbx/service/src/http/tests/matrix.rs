//! What the catalogue says, the routes do: every page × action × role, and nothing of another company.

use super::{Office, Reply};
use crate::{
    desk::sample::{self, ROLES},
    http::routes::{Needs, ROUTES, Route, Takes, Verb},
};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use hutong_api::catalogue::{self, Field, Kind, Page, Permissions, Place};
use serde_json::json;
use std::collections::BTreeMap;

#[tokio::test]
async fn every_action_of_every_page_is_permitted_exactly_as_the_role_says() {
    let office = Office::open().await;
    for role in ROLES {
        let token = office.token(1, role).await;
        let permissions = sample::who(1, role).permissions;
        for page in catalogue::all() {
            for action in std::iter::once("view").chain(page.actions.iter().map(|action| action.id)) {
                let reply = try_it(&office, &token, page, action).await;
                let denied = reply.status == StatusCode::FORBIDDEN;
                let allowed = allowed(&permissions, page, action);
                assert_eq!(denied, !allowed, "{role} {}.{action}: {} {}", page.id, reply.status, reply.text());
                assert!(!reply.status.is_server_error(), "{role} {}.{action}: {}", page.id, reply.text());
            }
        }
    }
}

/// Numbers go into a campaign by `append`, or by `add` when one has just made it.
fn allowed(permissions: &Permissions, page: &Page, action: &str) -> bool {
    permissions.allows(&page.word(action)) || (action == "append" && permissions.allows(&page.word("add")))
}

async fn try_it(office: &Office, token: &str, page: &Page, action: &str) -> Reply {
    let base = format!("/api/p/{}", page.id);
    match action {
        "view" => office.get(&base, token).await,
        "add" => office.post(&base, token, json!({})).await,
        "edit" => office.post(&format!("{base}/1"), token, json!({})).await,
        "export" => office.get(&format!("{base}/export"), token).await,
        "import" => upload(office, &format!("/api/import/{}", page.id), token, "a").await,
        "append" => upload(office, &format!("/api/import/{}?campaign=1", page.id), token, "a").await,
        "upload" => upload(office, &format!("/api/file/{}/1", page.id), token, "a").await,
        "play" if page.id == "prompts" => office.get("/api/file/prompts/1", token).await,
        "play" => office.get("/api/recording/1", token).await,
        "download" => office.get("/api/recording/1?download=1", token).await,
        _ => office.post(&format!("{base}/action/{action}"), token, json!({"ids": []})).await,
    }
}

pub async fn upload(office: &Office, path: &str, token: &str, text: &str) -> Reply {
    upload_named(office, path, token, "a.csv", text).await
}

pub async fn upload_named(office: &Office, path: &str, token: &str, name: &str, text: &str) -> Reply {
    let request =
        super::request(Method::POST, path, token).header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    office.send(request.body(Body::from(multipart(name, text))).unwrap()).await
}

pub fn multipart(name: &str, text: &str) -> String {
    format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n{text}\r\n--B--\r\n"
    )
}

#[tokio::test]
async fn nothing_of_another_company_can_be_seen_or_touched() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    for page in catalogue::all() {
        let list = office.get(&format!("/api/p/{}?size=200", page.id), &token).await;
        assert!(!list.text().contains(&sample::phone(2)) && !list.text().contains("公司2"), "{}", page.id);
        for row in list.json()["rows"].as_array().unwrap() {
            assert!(row["id"].as_i64().unwrap() <= 10, "{}: {row}", page.id);
        }
        for id in [11, 99] {
            let reply = office.get(&format!("/api/p/{}/{id}", page.id), &token).await;
            assert_eq!((reply.status, reply.code().as_str()), (StatusCode::NOT_FOUND, "row.unknown"), "{}", page.id);
        }
        // 下一个 names no row: what it gives is the caller's own (preview.rs).
        for action in page.actions.iter().filter(|action| (page.id, action.id) != ("my_tasks", "next")) {
            let reply = try_foreign(&office, &token, page, action.id).await;
            assert!(foreign_refused(&reply), "{}.{}: {} {}", page.id, action.id, reply.status, reply.text());
        }
    }
    for path in ["/api/recording/11", "/api/recording/11/peaks", "/api/import/11", "/api/import/11/rejects"] {
        assert_eq!(office.get(path, &token).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let agent = office.token(1, "agent").await;
    let activity = json!({"call": 11, "visit_type": "", "disposition": "", "content": ""});
    assert_eq!(office.post("/api/activity", &agent, activity).await.status, StatusCode::NOT_FOUND);
}

async fn try_foreign(office: &Office, token: &str, page: &Page, action: &str) -> Reply {
    let base = format!("/api/p/{}", page.id);
    match action {
        "add" if page.id == "campaigns" => {
            office.post(&base, token, json!({"name": "x", "script": "11", "trunk": "11"})).await
        }
        "add" if page.id == "seats" => {
            let form = json!({"extension": "1", "account": "x", "name": "x", "role": "11", "password": "long enough"});
            office.post(&base, token, form).await
        }
        "add" if page.id == "departments" => office.post(&base, token, json!({"name": "x", "parent": "11"})).await,
        "add" | "add_many" | "export" | "import" => {
            Reply { status: StatusCode::NOT_FOUND, headers: Default::default(), body: Vec::new() }
        }
        "edit" => office.post(&format!("{base}/11"), token, json!({"name": "x"})).await,
        "append" => upload(office, &format!("/api/import/{}?campaign=11", page.id), token, "a").await,
        "upload" => upload(office, &format!("/api/file/{}/11", page.id), token, "a").await,
        "play" if page.id == "prompts" => office.get("/api/file/prompts/11", token).await,
        "play" => office.get("/api/recording/11", token).await,
        "download" => office.get("/api/recording/11?download=1", token).await,
        _ => {
            let found = page.action(action).unwrap();
            // A toolbar's action has no rows ticked: what it asks names the other company's.
            let answer = if found.place == Place::Toolbar { foreign_answer } else { answer };
            let args: BTreeMap<_, _> = found.asks.iter().map(|field| (field.id, answer(field))).collect();
            office.post(&format!("{base}/action/{action}"), token, json!({"ids": [11], "args": args})).await
        }
    }
}

/// Something an action's question takes: its first choice, or a number, which is also a row of the asker's company.
fn answer(field: &Field) -> &'static str {
    let free = if field.kind == Kind::Span { "09:00~18:00" } else { "1" };
    field.choices.first().copied().unwrap_or(free)
}

/// Rows of the other company wherever a row is asked for.
fn foreign_answer(field: &Field) -> &'static str {
    match (field.options_from, field.kind) {
        (Some(_), _) => "11",
        (None, Kind::Password) => "",
        (None, _) => answer(field),
    }
}

fn foreign_refused(reply: &Reply) -> bool {
    reply.status == StatusCode::NOT_FOUND || reply.json()["refused"][0][1]["code"] == "row.unknown"
}

#[tokio::test]
async fn an_agent_sees_his_own_rows_only() {
    let office = Office::open().await;
    office.sql("INSERT INTO customer (id, company_id, mobile, name, owner_id, created, updated) VALUES (7, 1, '15400000007', '乙', 3, 0, 0)").await;
    let ids = |reply: &Reply| -> Vec<i64> {
        reply.json()["rows"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
    };
    let (agent, admin) = (office.token(1, "agent").await, office.token(1, "admin").await);
    let supervisor = office.token(1, "supervisor").await;
    assert_eq!(ids(&office.get("/api/p/customers", &agent).await), [1]);
    assert_eq!(ids(&office.get("/api/p/customers", &admin).await), [7, 1]);
    assert_eq!(ids(&office.get("/api/p/customers", &supervisor).await), [7], "the agent is of another team");
    assert_eq!(office.get("/api/p/customers/7", &agent).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        ids(&office.get("/api/p/customers", &office.token(1, "manager").await).await),
        [7, 1],
        "below his department"
    );
    assert_eq!(ids(&office.get("/api/p/calls", &agent).await), [1]);
}

/// Every route × role and without login, against the table's own rule.
#[tokio::test]
async fn every_route_is_open_exactly_to_whom_the_table_says() {
    let office = Office::open().await;
    for route in ROUTES {
        for page in pages_of(route) {
            let reply = call(&office, route, page, "").await;
            let closed = reply.status == StatusCode::UNAUTHORIZED && reply.code() != "login.failed";
            assert_eq!(closed, route.needs != Needs::Nobody, "{} {}: {}", route.path, page.id, reply.text());
        }
    }
    for role in ROLES {
        let permissions = sample::who(1, role).permissions;
        for route in ROUTES.iter().filter(|route| route.name != "login" && route.name != "logout") {
            for page in pages_of(route) {
                // A role that was signed out by an earlier call signs in again.
                let token = office.token(1, role).await;
                let reply = call(&office, route, page, &token).await;
                let may = permits(&permissions, route, page);
                assert_eq!(
                    reply.status == StatusCode::FORBIDDEN,
                    !may,
                    "{role} {} {}: {} {}",
                    route.path,
                    page.id,
                    reply.status,
                    reply.text()
                );
                assert!(
                    !reply.status.is_server_error()
                        || reply.code() == "service.stopping"
                        || reply.code() == "phone.gone",
                    "{role} {} {}: {}",
                    route.path,
                    page.id,
                    reply.text()
                );
            }
        }
    }
}

/// All pages where the path names one, else one that stands for none.
fn pages_of(route: &Route) -> Vec<&'static Page> {
    let named = route.path.contains("{page}") && route.needs != Needs::Import && route.name != "action";
    if named { catalogue::all().to_vec() } else { vec![catalogue::find("customers").unwrap()] }
}

fn permits(permissions: &Permissions, route: &Route, page: &Page) -> bool {
    match route.needs {
        Needs::Nobody | Needs::Login => true,
        Needs::Word(word) => permissions.allows(word),
        Needs::Both(word) => permissions.allows(word) && permissions.allows(&page.word("view")),
        // What a page does not offer is no route of it: 404, for everybody alike.
        Needs::Page(word) if word != "view" && page.action(word).is_none() => true,
        Needs::Page(word) => permissions.allows(&page.word(word)),
        Needs::Action => permissions.allows("customers.delete"),
        Needs::Import => permissions.allows("customers.import"),
    }
}

async fn call(office: &Office, route: &Route, page: &Page, token: &str) -> Reply {
    let fill = |part: &str| match part {
        "{page}" => page.id.to_owned(),
        "{action}" => "delete".to_owned(),
        "{lang}" => "en".to_owned(),
        "{field}" => page.fields().find(|f| f.options_from.is_some()).map_or("none", |f| f.id).to_owned(),
        part if part.starts_with('{') => "1".to_owned(),
        part => part.to_owned(),
    };
    let path = format!("/api{}", route.path.split('/').map(fill).collect::<Vec<_>>().join("/"));
    match (route.verb, route.takes) {
        (Verb::Get, _) => office.get(&path, token).await,
        (Verb::Post, Takes::Form) => office.post(&path, token, json!({})).await,
        (Verb::Post, Takes::File) => upload(office, &path, token, "a").await,
        (Verb::Post, Takes::Json(_)) if route.name == "activity" => {
            let record = json!({"call": 1, "visit_type": "", "disposition": "", "content": ""});
            office.post(&path, token, record).await
        }
        (Verb::Post, Takes::Json(_)) if route.name == "import_run" => {
            office.post(&path, token, json!({"look": "none"})).await
        }
        (Verb::Post, Takes::Json(_)) if route.name == "phone" => office.post(&path, token, json!({"sdp": ""})).await,
        (Verb::Post, Takes::Json(_)) if route.name == "speak" => {
            office.post(&path, token, json!({"lang": "zh-CN"})).await
        }
        (Verb::Post, _) => office.post(&path, token, json!({"ids": []})).await,
    }
}

/// Own row, own department, another department, another company: what a role sees in a list it may open, export and act
/// upon, and nothing else. The rule is written down here once more, in words instead of SQL.
#[tokio::test]
async fn a_role_reaches_rows_as_its_scope_says() {
    let office = Office::open().await;
    office
        .sql(
            "INSERT INTO department (id, company_id, name) VALUES (3, 1, '客服部');
             INSERT INTO seat (id, company_id, extension, account, password_hash, name, role_id, department_id)
               VALUES (6, 1, '8006', 'other', '', 'other', 4, 3);
             DELETE FROM customer;
             WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 6)
               INSERT INTO customer (id, company_id, mobile, owner_id, created, updated)
               SELECT 100 + n, 1, '1540000010' || n, n, 0, 0 FROM k;
             WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 6)
               INSERT INTO activity (id, company_id, seat_id, created) SELECT 100 + n, 1, n, 0 FROM k;
             WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < 6)
               INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, round, trunk_id, seat_id, phone, name, caller, started,
                 ended, state, result, ended_by, billable_s, talk_s, increment_s, price, charge, recorded)
               SELECT 100 + n, 100 + n, 1, 'campaign', 1, 1, 1, n, '1540000010' || n, '', '', 0, 0, 'busy', 'not_connected', 'callee',
                 0, 0, 60, 0, 0, 0 FROM k;
             INSERT INTO customer (id, company_id, mobile, owner_id, created, updated) VALUES (111, 2, '15400000111', 14, 0, 0);
             INSERT INTO activity (id, company_id, seat_id, created) VALUES (111, 2, 14, 0);",
        )
        .await;
    for role in ["admin", "manager", "supervisor", "agent"] {
        let token = office.token(1, role).await;
        let me = ROLES.iter().position(|code| *code == role).unwrap() as i64 + 1;
        let reached: Vec<i64> = (1..=6).filter(|owner| reaches(role, me, *owner)).map(|owner| 100 + owner).collect();
        for page in ["customers", "activities", "calls", "attempts"] {
            let base = format!("/api/p/{page}");
            let list = office.get(&format!("{base}?size=200"), &token).await;
            let mut seen: Vec<i64> = list.json()["rows"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|r| r["id"].as_i64())
                .filter(|id| *id > 100)
                .collect();
            seen.sort_unstable();
            assert_eq!(seen, reached, "{role} {page}");
            for id in (101..=106).chain([111]) {
                let reply = office.get(&format!("{base}/{id}"), &token).await;
                let there = reply.status == StatusCode::OK;
                assert_eq!(there, reached.contains(&id), "{role} {page}/{id}: {}", reply.text());
            }
        }
        for id in (101..=106).chain([111]).filter(|id| !reached.contains(id)) {
            let edit = office.post(&format!("/api/p/customers/{id}"), &token, json!({"name": "x"})).await;
            assert_eq!(edit.status, StatusCode::NOT_FOUND, "{role} {id}");
            if sample::who(1, role).may("customers.delete") {
                let reply = office.post("/api/p/customers/action/delete", &token, json!({"ids": [id]})).await;
                assert_eq!(reply.json()["done"], json!(0), "{role} {id}: {}", reply.text());
            }
        }
    }
}

/// Seats 1…3 sit in department 1, seats 4 and 5 in department 2 below it, seat 6 in department 3 beside it.
fn reaches(role: &str, me: i64, owner: i64) -> bool {
    let department = |seat: i64| {
        if seat <= 3 {
            1
        } else if seat <= 5 {
            2
        } else {
            3
        }
    };
    match role {
        "admin" => true,
        "manager" => department(owner) <= 2,
        "supervisor" => department(owner) == department(me),
        _ => owner == me,
    }
}
