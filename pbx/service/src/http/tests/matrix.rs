//! What the catalogue says, the routes do: every page × action × role, and nothing of another company.

use super::{Office, Reply};
use crate::desk::sample::{self, ROLES};
use axum::{
    body::Body,
    http::{Method, StatusCode, header},
};
use hutong_api::catalogue::{self, Page, Permissions};
use serde_json::json;

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
    permissions.allows(&page.word(action))
        || (page.id == "campaigns" && action == "append" && permissions.allows("campaigns.add"))
}

async fn try_it(office: &Office, token: &str, page: &Page, action: &str) -> Reply {
    let base = format!("/api/p/{}", page.id);
    match action {
        "view" => office.get(&base, token).await,
        "add" => office.post(&base, token, json!({})).await,
        "edit" => office.post(&format!("{base}/1"), token, json!({})).await,
        "export" => office.get(&format!("{base}/export"), token).await,
        "import" => upload(office, &format!("/api/import/{}", page.id), token, "a").await,
        "append" => upload(office, "/api/import/campaigns?campaign=1", token, "a").await,
        "play" => office.get("/api/recording/1", token).await,
        "download" => office.get("/api/recording/1?download=1", token).await,
        _ => office.post(&format!("{base}/action/{action}"), token, json!({"ids": []})).await,
    }
}

pub async fn upload(office: &Office, path: &str, token: &str, text: &str) -> Reply {
    let body = format!(
        "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{text}\r\n--B--\r\n"
    );
    let request =
        super::request(Method::POST, path, token).header(header::CONTENT_TYPE, "multipart/form-data; boundary=B");
    office.send(request.body(Body::from(body)).unwrap()).await
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
        for action in page.actions {
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
        "append" => upload(office, "/api/import/campaigns?campaign=11", token, "a").await,
        "play" => office.get("/api/recording/11", token).await,
        "download" => office.get("/api/recording/11?download=1", token).await,
        _ => office.post(&format!("{base}/action/{action}"), token, json!({"ids": [11]})).await,
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
