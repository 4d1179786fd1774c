//! Catalogue pages: lists, filters, forms, actions; and the player of the call records.

use crate::{
    event::*,
    keys::{Act, allows, is_other},
    state::{
        Link, Menu, Modal, Prompt, Screen, State,
        form::{Form, Purpose},
        line::LineEdit,
        player::{Player, Sound},
    },
};
use hutong_api::{
    catalogue::{Kind, PageView},
    page::Choice,
};
use std::path::PathBuf;

pub fn act(state: &mut State, act: Act) -> Vec<Request> {
    match act {
        Act::Filter => filter_form(state),
        Act::Columns(by) => {
            shift(state, by);
            Vec::new()
        }
        Act::TurnPage(by) => turn(state, by),
        Act::Reload => load(state),
        Act::New => form(state, Purpose::New),
        Act::Edit => edit(state),
        Act::Actions => actions(state),
        Act::Row(id) => row_action(state, &id),
        Act::Play => play(state),
        Act::PlayPause => play_pause(state),
        Act::Seek(by) => seek(state, by),
        Act::ClosePlayer => close_player(state),
        Act::Download => download(state),
        Act::Export => export(state),
        Act::Template => fetch(state, |page| (format!("/api/template/{page}"), format!("{page}.csv"))),
        Act::ImportFile => {
            if let Screen::Page(page) = &state.screen {
                let prompt = Prompt::ImportInto { page: page.clone() };
                state.modal = Some(Modal::Prompt { prompt, line: LineEdit::default() });
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks for the rows of the page on screen.
pub fn load(state: &mut State) -> Vec<Request> {
    let Screen::Page(id) = &state.screen else { return Vec::new() };
    let id = id.clone();
    state.last_tag += 1;
    let page = state.pages.entry(id.clone()).or_default();
    page.tag = state.last_tag;
    page.loading = true;
    vec![Request::List { page: id, tag: page.tag, query: page.query() }]
}

/// Asks for the choices of a page's fetched selects, those of its form or of its filters.
pub fn options(state: &State, page: &str, of_form: bool) -> Vec<Request> {
    let Some(view) = state.view_of(page) else { return Vec::new() };
    let fields: Vec<&String> = if of_form {
        view.form.iter().filter(|f| f.options_from.is_some()).map(|f| &f.id).collect()
    } else {
        view.filters.iter().filter(|f| f.options_from.is_some()).map(|f| &f.id).collect()
    };
    fields.into_iter().map(|field| Request::Options { page: page.into(), field: field.clone() }).collect()
}

pub fn unfilter(state: &mut State) -> Vec<Request> {
    if let Screen::Page(id) = &state.screen
        && let Some(page) = state.pages.get_mut(id)
    {
        page.filters.clear();
        page.page = 1;
    }
    load(state)
}

pub fn close_player(state: &mut State) -> Vec<Request> {
    match state.player.take() {
        Some(_) => vec![Request::Audio(AudioRequest::Stop)],
        None => Vec::new(),
    }
}

/// The page whose form the keys n and e open.
fn form_page(state: &State) -> Option<&PageView> {
    match &state.screen {
        Screen::Campaigns => state.view_of("campaigns"),
        Screen::Page(id) => state.view_of(id),
        _ => None,
    }
}

fn form(state: &mut State, purpose: Purpose) -> Vec<Request> {
    let Some(view) = form_page(state) else { return Vec::new() };
    let key = if purpose == Purpose::New { "form.new" } else { "form.edit" };
    let title = state.fill(key, &[("page", &view.title)]);
    let mut form = Form::of_page(view, title, purpose, &yes_no(state));
    let page = view.id.clone();
    fill_options(state, &mut form);
    let mut requests = options(state, &page, true);
    if let Purpose::Edit(id) = purpose {
        requests.push(Request::Row { page, id });
    }
    state.modal = Some(Modal::Form(form));
    requests
}

fn edit(state: &mut State) -> Vec<Request> {
    let id = match &state.screen {
        Screen::Campaigns => state.chosen_campaign().map(|c| c.id.0),
        _ => state.page().and_then(|(_, page)| page.chosen().map(|r| r.id)),
    };
    id.map_or_else(Vec::new, |id| form(state, Purpose::Edit(id)))
}

fn filter_form(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let title = state.fill("form.filter", &[("page", &view.title)]);
    let mut form = Form::of_filters(view, title, &page.filters, &yes_no(state));
    let id = view.id.clone();
    fill_options(state, &mut form);
    state.modal = Some(Modal::Form(form));
    options(state, &id, false)
}

/// Choices already fetched once are shown at once.
fn fill_options(state: &State, form: &mut Form) {
    for field in form.fields.iter_mut().filter(|f| f.fetched) {
        if let Some(known) = state.options.get(&(form.page.clone(), field.id.clone())) {
            field.choices = known.clone();
        }
    }
}

fn yes_no(state: &State) -> [Choice; 2] {
    [("true", "form.yes"), ("false", "form.no")]
        .map(|(value, key)| Choice { value: value.into(), label: state.t(key).into() })
}

fn shift(state: &mut State, by: i8) {
    let Screen::Page(id) = &state.screen else { return };
    let most = state.view_of(id).map_or(0, |v| v.columns.len().saturating_sub(2));
    if let Some(page) = state.pages.get_mut(id) {
        page.shift = page.shift.saturating_add_signed(isize::from(by)).min(most);
    }
}

fn turn(state: &mut State, by: i8) -> Vec<Request> {
    let Screen::Page(id) = &state.screen else { return Vec::new() };
    if let Some(page) = state.pages.get_mut(id) {
        page.page = page.page.saturating_add_signed(i32::from(by)).clamp(1, page.pages());
        page.cursor = Default::default();
    }
    load(state)
}

fn actions(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let Some(row) = page.chosen() else { return Vec::new() };
    let others = view.actions.iter().filter(|a| is_other(&a.id) && allows(row, a));
    let items = others.map(|a| (a.title.clone(), Act::Row(a.id.clone()))).collect();
    let menu = Menu { title: view.title.clone(), items, typed: LineEdit::default(), at: 0 };
    state.modal = Some(Modal::Menu(menu));
    Vec::new()
}

fn row_action(state: &mut State, id: &str) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let (Some(row), Some(action)) = (page.chosen(), view.actions.iter().find(|a| a.id == id)) else {
        return Vec::new();
    };
    let request = Request::Action { page: view.id.clone(), action: id.into(), ids: vec![row.id] };
    if !action.confirm && id != "delete" {
        return vec![request];
    }
    let target = name_of(view, &row.cells);
    let text = state.fill("ask.action", &[("action", &action.title), ("target", &target)]);
    state.modal = Some(Modal::Confirm { text, request });
    Vec::new()
}

/// How a confirm names a row: its first two cells with something in them.
fn name_of(view: &PageView, cells: &std::collections::BTreeMap<String, String>) -> String {
    let shown = view.columns.iter().filter(|c| c.kind != Kind::Audio).filter_map(|c| cells.get(&c.id));
    shown.filter(|v| !v.is_empty()).take(2).cloned().collect::<Vec<_>>().join(" ")
}

fn play(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let Some(row) = page.chosen() else { return Vec::new() };
    let (call, title) = (row.id, name_of(view, &row.cells));
    let mut requests = close_player(state);
    state.player = Some(Player::new(call, title));
    requests.extend([Request::Peaks(call), Request::Recording(call)]);
    requests
}

fn play_pause(state: &mut State) -> Vec<Request> {
    let Some(player) = state.player.as_mut().filter(|p| matches!(p.sound, Sound::Ready(_))) else {
        return Vec::new();
    };
    player.playing = !player.playing;
    if !player.playing {
        return vec![Request::Audio(AudioRequest::Pause)];
    }
    let mut requests = Vec::new();
    if player.position >= player.seconds() {
        player.position = 0.0;
        requests.push(Request::Audio(AudioRequest::Seek(0.0)));
    }
    requests.push(Request::Audio(AudioRequest::Play));
    requests
}

fn seek(state: &mut State, by: i8) -> Vec<Request> {
    let Some(player) = &mut state.player else { return Vec::new() };
    player.position = (player.position + f64::from(by)).clamp(0.0, player.seconds());
    vec![Request::Audio(AudioRequest::Seek(player.position))]
}

fn download(state: &mut State) -> Vec<Request> {
    let chosen = state.page().and_then(|(_, page)| page.chosen().map(|r| r.id));
    let Some(call) = chosen else { return Vec::new() };
    vec![Request::Download {
        path: format!("/api/recording/{call}?download=1"),
        into: PathBuf::from(format!("recording-{call}.wav")),
    }]
}

fn export(state: &mut State) -> Vec<Request> {
    let (page, query) = match (&state.screen, state.page()) {
        // The hand-drawn list shows every campaign of the board, so that is what is exported.
        (Screen::Campaigns, _) => ("campaigns".to_owned(), Vec::new()),
        (_, Some((view, screen))) => (view.id.clone(), screen.query()),
        _ => return Vec::new(),
    };
    let filters: Vec<(String, String)> = query.into_iter().filter(|(k, _)| k.starts_with("q.")).collect();
    let path = format!("/api/p/{page}/export?{}", crate::net::query_string(&filters));
    vec![Request::Download { path, into: PathBuf::from(format!("{page}-export.csv")) }]
}

fn fetch(state: &mut State, what: impl FnOnce(&str) -> (String, String)) -> Vec<Request> {
    let Screen::Page(page) = &state.screen else { return Vec::new() };
    let (path, file) = what(page);
    vec![Request::Download { path, into: PathBuf::from(file) }]
}

/// A page's rows changed: read them again if they are on screen.
pub fn changed(state: &mut State, page: &str) -> Vec<Request> {
    match &state.screen {
        Screen::Page(id) if id == page && state.link != Link::Connecting => load(state),
        Screen::Campaigns if page == "campaigns" => match state.campaigns.detail {
            Some(id) => vec![Request::Row { page: page.into(), id: id.0 }],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}
