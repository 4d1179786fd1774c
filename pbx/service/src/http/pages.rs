//! The catalogue's pages: list, row, form, action, export, options.

use super::{
    bulk,
    caller::{Caller, Client},
    face::Face,
    imports, lookups, preview,
    problem::{Asked, Body, Named, Problem, said_to},
    seats, x_pairs,
};
use crate::desk::{self, After, Answer, Fault, Query, Who, access::SHORTEST_PASSWORD, audit, options, page};
use axum::{Json, extract::State};
use hutong_api::{
    BatchId, CampaignId, Refusal,
    catalogue::{PageView, Place, permission},
    live::Command,
    page::{ActionReply, ActionRequest, Choice, Created, Home, ListReply, PermissionGroup, RowReply, WorkView},
};
use std::collections::BTreeMap;

/// Most rows one action takes.
const MOST_IDS: usize = 1_000;

pub type Values = BTreeMap<String, String>;

pub async fn catalogue(State(face): State<Face>, caller: Caller) -> Result<Json<Vec<PageView>>, Problem> {
    Ok(Json(face.read(move |conn| page::views(conn, &caller)).await?))
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
    let mut query = query(asked)?;
    if page == "departments" {
        query.sort.get_or_insert_with(|| "outline".to_owned());
    }
    lookups::filters(&face, &caller, &page, &query.filters).await?;
    Ok(Json(
        face.read(move |conn| page::with(conn, &caller, &page, |source| source.list(conn, &caller, &query))).await?,
    ))
}

pub async fn get(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named((page, id)): Named<(String, i64)>,
) -> Result<Json<RowReply>, Problem> {
    let (who, object) = (caller.who.clone(), format!("{page}:{id}"));
    let numbers = page == "customers";
    let row = face.read(move |conn| page::get(conn, &caller, &page, id)).await?;
    // Who opened whose number is asked when customers are lured away.
    if numbers {
        face.audit(&who, &client.0, "view", object).await?;
    }
    Ok(Json(row))
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
    lookups::form(face, &caller, &page, &values).await?;
    values.remove("password_hash");
    if page == "seats" {
        hash_password(face, &mut values).await?;
    }
    let pairs = page == "x_pairs";
    if pairs {
        x_pairs::carrier_is_set(face)?;
    }
    let saved = face.write(move |tx| {
        let saved = page::save(tx, &caller, &page, id, &values)?;
        audit::note(tx, &caller, &client.0, action, &format!("{page}:{}", saved.id), "")?;
        Ok(saved)
    });
    let mut saved = saved.await?;
    let text = said(&mut saved.after);
    face.tell(saved.after);
    if pairs {
        x_pairs::bind(face, saved.id).await?;
    }
    Ok(Json(Created { id: saved.id, text }))
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
    let all = described.action(&action).is_some_and(|found| found.all);
    if request.ids.len() > MOST_IDS || (request.all && !all) {
        return Err(Problem::new("request.bad"));
    }
    match (page.as_str(), action.as_str()) {
        ("my_tasks", "dial") => return Ok(Json(preview::dial(&face, &caller, &request.ids).await?)),
        ("my_tasks", "next") => return Ok(Json(preview::next(&face, &caller, &request.args).await?)),
        _ => {}
    }
    if page == "seats"
        && let Some(reply) = seats::action(&face, &caller, &client, &action, &request).await?
    {
        return Ok(Json(reply));
    }
    if described.action(&action).is_some_and(|found| found.place == Place::Toolbar) {
        let text = tool(&face, &caller, &client, page, action, request.args).await?;
        return Ok(Json(ActionReply { done: 1, text, ..ActionReply::default() }));
    }
    if (page.as_str(), action.as_str()) == ("imports", "undo") {
        let mut reply = ActionReply::default();
        for id in request.ids {
            match imports::undo_batch(&face, &caller, &client.0, BatchId(id)).await {
                Ok(undone) => (reply.done, reply.text) = (reply.done + 1, undone.text),
                Err(problem) => reply.refused.push((id, said_to(&problem.0, caller.lang, caller.hide_numbers))),
            }
        }
        return Ok(Json(reply));
    }
    if (page.as_str(), action.as_str()) == ("campaigns", "what_if") {
        return Ok(Json(what_if(&face, &caller, request).await?));
    }
    if action == "dial" {
        return Ok(Json(dial(&face, &caller, page, &request.ids).await?));
    }
    if (page.as_str(), action.as_str()) == ("call_report", "detail") {
        return Ok(Json(report_detail(&face, &caller, request).await?));
    }
    if let Some(of) = history(&page, &action) {
        return Ok(Json(told(&face, &caller, request.ids, of).await?));
    }
    if (page.as_str(), action.as_str()) == ("x_pairs", "unbind") {
        let ids = request.ids.clone();
        let mut reply = bulk::act(&face, &caller, &client, (page, action), request).await?;
        x_pairs::unbind(&face, &caller, &ids, &mut reply).await?;
        return Ok(Json(reply));
    }
    let Some(command) = engines(&page, &action) else {
        return Ok(Json(bulk::act(&face, &caller, &client, (page, action), request).await?));
    };
    let mut reply = ActionReply::default();
    for id in request.ids {
        match engine(&face, &caller.who, &client.0, command(CampaignId(id))).await {
            Ok(()) => reply.done += 1,
            Err(problem) => reply.refused.push((id, said_to(&problem.0, caller.lang, caller.hide_numbers))),
        }
    }
    Ok(Json(reply))
}

/// 拨打 in a row: 快速拨号 by the caller's own seat, of a number the page need not know.
async fn dial(face: &Face, caller: &Caller, page: String, ids: &[i64]) -> Result<ActionReply, Problem> {
    caller.needs("seat.work")?;
    let (&[id], who) = (ids, caller.who.clone()) else { return Err(Problem::new("request.bad")) };
    let number = face.read(move |conn| desk::dialled::number(conn, &who, &page, id)).await?;
    face.app.shell.ask(caller.actor(), Command::Dial { number }).await?;
    Ok(ActionReply { done: 1, ..ActionReply::default() })
}

/// 试算 (X3): read first, played beside everything else.
async fn what_if(face: &Face, caller: &Caller, request: ActionRequest) -> Result<ActionReply, Problem> {
    let (who, lang) = (caller.who.clone(), caller.lang);
    let [id] = request.ids[..] else { return Err(Problem::new("request.bad")) };
    let asked = face.read(move |conn| {
        let (_, args) = page::asked(&who, "campaigns", "what_if", &request.args, |place| place == Place::Row)?;
        desk::foresight::ask(conn, &who, id, &args)
    });
    let asked = asked.await?;
    let said = tokio::task::spawn_blocking(move || desk::foresight::answer(asked, lang)).await;
    let text = said.map_err(|_| Problem::new("service.store"))?;
    Ok(ActionReply { done: 1, text: Some(text), ..ActionReply::default() })
}

/// 原因与时段 of the ticked days together, or of all that the filters find.
async fn report_detail(face: &Face, caller: &Caller, request: ActionRequest) -> Result<ActionReply, Problem> {
    let who = caller.who.clone();
    let said = face.read(move |conn| {
        let found = match request.all {
            true => page::source("call_report")?.ids(conn, &who, &request.filters)?,
            false => request.ids,
        };
        Ok((found.len() as u32, desk::pages::call_report::detail(conn, &who, &found)?))
    });
    let (done, text) = said.await?;
    Ok(ActionReply { done, text: Some(text), ..ActionReply::default() })
}

/// Buttons that only tell: what became of one row.
type History = fn(&rusqlite::Connection, &Who, i64) -> Answer<String>;

fn history(page: &str, action: &str) -> Option<History> {
    match (page, action) {
        ("campaigns", "dry_run") => Some(desk::dry_run::told),
        ("customers", "owners") => Some(desk::pages::owner_changes::of_customer),
        ("seats", "numbers") => Some(desk::pages::number_moves::of_seat),
        _ => None,
    }
}

async fn told(face: &Face, caller: &Caller, ids: Vec<i64>, of: History) -> Result<ActionReply, Problem> {
    let mut reply = ActionReply::default();
    let mut lines = Vec::new();
    for id in ids {
        let who = caller.who.clone();
        match face.read(move |conn| of(conn, &who, id)).await {
            Ok(text) => {
                reply.done += 1;
                lines.push(text);
            }
            Err(problem) => reply.refused.push((id, said_to(&problem.0, caller.lang, caller.hide_numbers))),
        }
    }
    reply.text = (!lines.is_empty()).then(|| lines.join("\n\n"));
    Ok(reply)
}

/// What touches live calls is asked of the engine first, one by one.
fn engines(page: &str, action: &str) -> Option<fn(CampaignId) -> Command> {
    match (page, action) {
        ("campaigns" | "preview_tasks", "start") => Some(|campaign| Command::CampaignStart { campaign }),
        ("campaigns" | "preview_tasks", "pause") => Some(|campaign| Command::CampaignPause { campaign }),
        ("campaigns" | "preview_tasks", "redial") => Some(|campaign| Command::CampaignRedial { campaign }),
        ("campaigns" | "preview_tasks", "delete") => Some(|campaign| Command::CampaignDelete { campaign }),
        _ => None,
    }
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
    let text = said(&mut after);
    face.tell(after);
    Ok(text)
}

/// What a deed says of itself, taken out: the rest is for live work.
fn said(after: &mut Vec<After>) -> Option<String> {
    let at = after.iter().position(|item| matches!(item, After::Said(_)))?;
    match after.remove(at) {
        After::Said(text) => Some(text),
        _ => None,
    }
}

/// A supervisor's command: within his company and reach, permitted, audited; then the engine decides.
pub async fn engine(face: &Face, who: &Who, client: &str, command: Command) -> Result<(), Problem> {
    let (deed, object, id) = match &command {
        Command::CampaignStart { campaign } => ("start", "campaigns", campaign.0),
        Command::CampaignPause { campaign } => ("pause", "campaigns", campaign.0),
        Command::CampaignRedial { campaign } => ("redial", "campaigns", campaign.0),
        Command::CampaignDelete { campaign } => ("delete", "campaigns", campaign.0),
        Command::ForceSignIn { seat } | Command::ForceSignOut { seat } | Command::ForceIdle { seat } => {
            ("force", "seats", seat.0)
        }
        Command::HangUpCall { call } => ("hang_up", "call", call.0),
        _ => return Err(Problem::new("request.bad")),
    };
    // A preview task is a campaign, but its buttons are those of its own page.
    let object = match object {
        "campaigns" => face.read(move |conn| desk::preview::page_of(conn, id)).await?,
        object => object,
    };
    let word = format!("{}.{deed}", if object == "call" { "calls" } else { object });
    if !who.may(&word) {
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
        audit::note(tx, &who, &client, &word, &format!("{object}:{id}"), "")?;
        if deletes { Ok(page::act(tx, &who, object, "delete", id, &Values::new())?.after) } else { Ok(Vec::new()) }
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

/// page, size, sort, exact and `q.<filter>`; anything else is ignored.
pub(super) fn query(asked: Vec<(String, String)>) -> Answer<Query> {
    let mut query = Query::default();
    let number = |text: &str| text.parse().map_err(|_| Fault::from(Refusal::new("request.bad")));
    for (key, value) in asked {
        match key.as_str() {
            "page" => query.page = number(&value)?,
            "size" => query.size = number(&value)?,
            "sort" => query.sort = Some(value),
            "exact" => query.exact = value == "1" || value == "true",
            key => {
                if let Some(filter) = key.strip_prefix("q.") {
                    query.filters.insert(filter.to_owned(), value);
                }
            }
        }
    }
    Ok(query)
}
