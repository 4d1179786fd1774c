//! The catalogue's pages: list, row, form, action, export, options.

use super::{
    caller::{Caller, Client},
    face::Face,
    problem::{Asked, Body, Named, Problem, said},
};
use crate::desk::{
    self, After, Answer, Fault, Query, Who, access::SHORTEST_PASSWORD, audit, csv_out, options, page, query::Mark,
};
use axum::{
    Json,
    body::{Body as Bytes, Bytes as Chunk},
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use hutong_api::{
    CampaignId, Refusal,
    catalogue::{PageView, Place, permission, views},
    live::Command,
    page::{ActionReply, ActionRequest, Choice, Created, Home, ListReply, PermissionGroup, Row, RowReply, WorkView},
};
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Most rows one action takes.
const MOST_IDS: usize = 1_000;
/// Rows of an export read at once.
const EXPORT_CHUNK: u32 = 500;

type Values = BTreeMap<String, String>;

pub async fn catalogue(caller: Caller) -> Json<Vec<PageView>> {
    Json(views(caller.lang, &caller.permissions))
}

/// The tree of 角色管理: only what the asker has himself, since nobody hands out more.
pub async fn permissions(caller: Caller) -> Json<Vec<PermissionGroup>> {
    Json(permission::tree(caller.lang, &caller.permissions))
}

/// What the workbench of an agent needs of 系统设置.
pub async fn work(State(face): State<Face>, caller: Caller) -> Result<Json<WorkView>, Problem> {
    Ok(Json(face.read(move |conn| desk::work::view(conn, &caller)).await?))
}

pub async fn home(State(face): State<Face>, caller: Caller) -> Result<Json<Home>, Problem> {
    Ok(Json(face.read(move |conn| desk::home::home(conn, &caller)).await?))
}

pub async fn list(
    State(face): State<Face>,
    caller: Caller,
    Named(page): Named<String>,
    Asked(asked): Asked<Vec<(String, String)>>,
) -> Result<Json<ListReply>, Problem> {
    page::permitted(&caller, &page, "view")?;
    let query = query(asked)?;
    Ok(Json(face.read(move |conn| page::source(&page)?.list(conn, &caller, &query)).await?))
}

pub async fn get(
    State(face): State<Face>,
    caller: Caller,
    Named((page, id)): Named<(String, i64)>,
) -> Result<Json<RowReply>, Problem> {
    Ok(Json(face.read(move |conn| page::get(conn, &caller, &page, id)).await?))
}

pub async fn add(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(page): Named<String>,
    Body(values): Body<Values>,
) -> Result<Json<Created>, Problem> {
    save(&face, caller, client, page, None, values).await
}

pub async fn edit(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, id)): Named<(String, i64)>,
    Body(values): Body<Values>,
) -> Result<Json<Created>, Problem> {
    save(&face, caller, client, page, Some(id), values).await
}

async fn save(
    face: &Face,
    caller: Caller,
    client: Client,
    page: String,
    id: Option<i64>,
    mut values: Values,
) -> Result<Json<Created>, Problem> {
    let action = if id.is_some() { "edit" } else { "add" };
    page::permitted(&caller, &page, action)?;
    values.remove("password_hash");
    if page == "seats" {
        hash_password(face, &mut values).await?;
    }
    let saved = face.write(move |tx| {
        let saved = page::save(tx, &caller, &page, id, &values)?;
        audit::note(tx, &caller, &client.0, action, &format!("{page}:{}", saved.id), "")?;
        Ok(saved)
    });
    let saved = saved.await?;
    face.tell(saved.after);
    Ok(Json(Created { id: saved.id }))
}

/// The hash is made before the transaction: it takes as long as the store gives a desk write altogether.
async fn hash_password(face: &Face, values: &mut Values) -> Result<(), Problem> {
    match values.remove("password").filter(|password| !password.is_empty()) {
        None => Ok(()),
        Some(password) if password.chars().count() < SHORTEST_PASSWORD => {
            Err(Refusal::new("field.short_password").with("min", SHORTEST_PASSWORD).into())
        }
        Some(password) => {
            values.insert("password_hash".to_owned(), face.gate.hash(password).await?);
            Ok(())
        }
    }
}

pub async fn action(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, action)): Named<(String, String)>,
    Body(request): Body<ActionRequest>,
) -> Result<Json<ActionReply>, Problem> {
    let described = page::permitted(&caller, &page, &action)?;
    if request.ids.len() > MOST_IDS {
        return Err(Problem::new("request.bad"));
    }
    let mut reply = ActionReply::default();
    if described.action(&action).is_some_and(|found| found.place == Place::Toolbar) {
        reply.text = tool(&face, &caller, &client, page, action, request.args).await?;
        reply.done = 1;
        return Ok(Json(reply));
    }
    for id in request.ids {
        match act(&face, &caller, &client, &page, &action, id, &request.args).await {
            Ok(()) => reply.done += 1,
            Err(problem) => reply.refused.push((id, said(&problem.0, caller.lang))),
        }
    }
    Ok(Json(reply))
}

async fn tool(
    face: &Face,
    caller: &Caller,
    client: &Client,
    page: String,
    action: String,
    args: Values,
) -> Result<Option<String>, Problem> {
    let (who, client) = (caller.who.clone(), client.0.clone());
    let saved = face.write(move |tx| {
        let saved = page::tool(tx, &who, &page, &action, &args)?;
        audit::note(tx, &who, &client, &action, &format!("page:{page}"), "")?;
        Ok(saved)
    });
    let mut after = saved.await?.after;
    let said = after.iter().position(|item| matches!(item, After::Said(_))).map(|at| after.remove(at));
    face.tell(after);
    Ok(match said {
        Some(After::Said(text)) => Some(text),
        _ => None,
    })
}

/// One row. What touches live calls is asked of the engine first.
async fn act(
    face: &Face,
    caller: &Caller,
    client: &Client,
    page: &str,
    action: &str,
    id: i64,
    args: &Values,
) -> Result<(), Problem> {
    let campaign = CampaignId(id);
    let command = match (page, action) {
        ("campaigns", "start") => Some(Command::CampaignStart { campaign }),
        ("campaigns", "pause") => Some(Command::CampaignPause { campaign }),
        ("campaigns", "redial") => Some(Command::CampaignRedial { campaign }),
        ("campaigns", "delete") => Some(Command::CampaignDelete { campaign }),
        _ => None,
    };
    match command {
        Some(command) => engine(face, &caller.who, &client.0, command).await,
        None => {
            let (who, client) = (caller.who.clone(), client.0.clone());
            let (page, action, args) = (page.to_owned(), action.to_owned(), args.clone());
            let saved = face.write(move |tx| {
                let saved = page::act(tx, &who, &page, &action, id, &args)?;
                audit::note(tx, &who, &client, &action, &format!("{page}:{id}"), "")?;
                Ok(saved)
            });
            face.tell(saved.await?.after);
            Ok(())
        }
    }
}

/// A supervisor's command: within his company and reach, permitted, audited; then the engine decides.
pub async fn engine(face: &Face, who: &Who, client: &str, command: Command) -> Result<(), Problem> {
    let (word, object, id) = match &command {
        Command::CampaignStart { campaign } => ("campaigns.start", "campaigns", campaign.0),
        Command::CampaignPause { campaign } => ("campaigns.pause", "campaigns", campaign.0),
        Command::CampaignRedial { campaign } => ("campaigns.redial", "campaigns", campaign.0),
        Command::CampaignDelete { campaign } => ("campaigns.delete", "campaigns", campaign.0),
        Command::ForceSignIn { seat } | Command::ForceSignOut { seat } | Command::ForceIdle { seat } => {
            ("seats.force", "seats", seat.0)
        }
        Command::HangUpCall { call } => ("calls.hang_up", "call", call.0),
        _ => return Err(Problem::new("request.bad")),
    };
    if !who.may(word) {
        return Err(Problem::new("permission.denied"));
    }
    let reader = who.clone();
    face.read(move |conn| match object {
        "call" => desk::recording::open_call(conn, &reader, id),
        page => page::source(page)?.fact(conn, &reader, id).map(drop),
    })
    .await?;
    let deletes = matches!(command, Command::CampaignDelete { .. });
    face.app.shell.ask(who.actor(), command).await?;
    let (who, client) = (who.clone(), client.to_owned());
    let after = face.write(move |tx| {
        audit::note(tx, &who, &client, word, &format!("{object}:{id}"), "")?;
        if deletes { Ok(page::act(tx, &who, "campaigns", "delete", id, &Values::new())?.after) } else { Ok(Vec::new()) }
    });
    face.tell(after.await?);
    Ok(())
}

pub async fn options(
    State(face): State<Face>,
    caller: Caller,
    Named((page, field)): Named<(String, String)>,
) -> Result<Json<Vec<Choice>>, Problem> {
    Ok(Json(face.read(move |conn| options::options(conn, &caller, &page, &field)).await?))
}

/// Streams in chunks by key, so that any length takes the same memory and no read lasts.
pub async fn export(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(page): Named<String>,
    Asked(asked): Asked<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let described = page::permitted(&caller, &page, "export")?;
    let filters = query(asked)?.filters;
    // A bad filter is refused before the first byte is sent.
    let first = chunk(&face, &caller.who, &page, &filters, None).await?;
    face.audit(&caller, &client.0, "export", format!("page:{page}")).await?;
    let (to, from) = mpsc::channel::<Result<Chunk, std::io::Error>>(2);
    let name = format!("{page}-{}.csv", desk::cell::time(desk::now(), &caller.zone).replace([' ', ':'], "-"));
    tokio::spawn(async move {
        let mut text = csv_out::header(described, caller.lang);
        let (mut rows, mut last) = first;
        loop {
            rows.iter().for_each(|row| text.push_str(&csv_out::row(described, row)));
            if to.send(Ok(Chunk::from(std::mem::take(&mut text)))).await.is_err() {
                return;
            }
            let Some(mark) = last.filter(|_| rows.len() == EXPORT_CHUNK as usize) else { return };
            (rows, last) = match chunk(&face, &caller.who, &page, &filters, Some(mark)).await {
                Ok(next) => next,
                // The connection is cut, so that half a file is not taken for a whole one.
                Err(_) => return drop(to.send(Err(std::io::ErrorKind::Other.into())).await),
            };
        }
    });
    let rows = futures_util::stream::unfold(from, |mut from| async { Some((from.recv().await?, from)) });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Bytes::from_stream(rows)).into_response())
}

async fn chunk(
    face: &Face,
    who: &Who,
    page: &str,
    filters: &BTreeMap<String, String>,
    after: Option<Mark>,
) -> Result<(Vec<Row>, Option<Mark>), Problem> {
    let (who, page, filters) = (who.clone(), page.to_owned(), filters.clone());
    face.read(move |conn| page::source(&page)?.chunk(conn, &who, &filters, after, EXPORT_CHUNK)).await
}

/// page, size, sort and `q.<filter>`; anything else is ignored.
fn query(asked: Vec<(String, String)>) -> Answer<Query> {
    let mut query = Query::default();
    let number = |text: &str| text.parse().map_err(|_| Fault::from(Refusal::new("request.bad")));
    for (key, value) in asked {
        match key.as_str() {
            "page" => query.page = number(&value)?,
            "size" => query.size = number(&value)?,
            "sort" => query.sort = Some(value),
            key => {
                if let Some(filter) = key.strip_prefix("q.") {
                    query.filters.insert(filter.to_owned(), value);
                }
            }
        }
    }
    Ok(query)
}
