//! Catalogue pages: lists, filters, forms, actions; and the player of the call records.

use super::deed::{self, name_of};
use crate::{
    event::*,
    keys::{Act, allows, is_other},
    state::{
        Item, Link, Menu, Modal, Prompt, Screen, State,
        form::{Form, Purpose},
        line::LineEdit,
        page::PageScreen,
        player::{Player, Sound},
    },
};
use hutong_api::{
    catalogue::{ActionView, FieldView, Kind, Place},
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
        Act::Row(id) => deed::begin(state, &id),
        Act::Mark => mark(state),
        Act::MarkAll => mark_all(state),
        Act::Unmark => {
            if let Some(page) = here(state) {
                page.unmark();
            }
            Vec::new()
        }
        Act::Play => play(state),
        Act::PlayPause => play_pause(state),
        Act::Seek(by) => seek(state, by),
        Act::ClosePlayer => close_player(state),
        Act::Download => download(state),
        Act::Export(format) => export(state, format),
        Act::Template => fetch(state, |page| (format!("/api/template/{page}"), format!("{page}.csv"))),
        Act::ImportFile => {
            if let Some(page) = state.page_id() {
                let prompt = Prompt::ImportInto { page: page.to_owned() };
                state.modal = Some(Modal::Prompt { prompt, line: LineEdit::default() });
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks for the rows of the page on screen.
pub fn load(state: &mut State) -> Vec<Request> {
    let Some(id) = state.page_id().map(str::to_owned) else { return Vec::new() };
    state.last_tag += 1;
    let page = state.pages.entry(id.clone()).or_default();
    page.tag = state.last_tag;
    page.loading = true;
    vec![Request::List { page: id, tag: page.tag, query: page.query() }]
}

/// Asks for the choices of a page's fetched selects, those of its form or of its filters.
pub fn options(state: &State, page: &str, of_form: bool) -> Vec<Request> {
    let Some(view) = state.view_of(page) else { return Vec::new() };
    if of_form {
        return fetch_choices(page, &view.form);
    }
    let fetched = view.filters.iter().filter(|f| f.options_from.is_some());
    fetched.map(|f| Request::Options { page: page.into(), field: f.id.clone() }).collect()
}

/// Asks for the choices of these fields that the service holds.
pub fn fetch_choices(page: &str, fields: &[FieldView]) -> Vec<Request> {
    let fetched = fields.iter().filter(|f| f.options_from.is_some());
    let mut requests: Vec<Request> =
        fetched.map(|f| Request::Options { page: page.into(), field: f.id.clone() }).collect();
    if fields.iter().any(|f| f.kind == Kind::Permissions) {
        requests.push(Request::Permissions);
    }
    requests
}

/// The page on screen.
fn here(state: &mut State) -> Option<&mut PageScreen> {
    let id = state.page_id()?.to_owned();
    state.pages.get_mut(&id)
}

/// Ticks the chosen row and goes on to the next, as one ticks down a list.
fn mark(state: &mut State) -> Vec<Request> {
    let Some(page) = here(state) else { return Vec::new() };
    let Some(id) = page.chosen().map(|r| r.id) else { return Vec::new() };
    page.all = false;
    if !page.marked.remove(&id) {
        page.marked.insert(id);
    }
    let ids = page.ids();
    page.cursor.step(1, &ids);
    Vec::new()
}

/// Everything found. How much that is must be known, so it is counted to the end.
fn mark_all(state: &mut State) -> Vec<Request> {
    let Some(page) = here(state) else { return Vec::new() };
    page.all = !page.all;
    page.marked.clear();
    if page.all && page.more {
        page.exact = true;
        return load(state);
    }
    Vec::new()
}

pub fn unfilter(state: &mut State) -> Vec<Request> {
    if let Some(page) = here(state) {
        page.refilter(Default::default());
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
fn form_page(state: &State) -> Option<String> {
    match &state.screen {
        Screen::Campaigns => Some("campaigns".into()),
        _ => state.page_id().map(str::to_owned),
    }
}

fn form(state: &mut State, purpose: Purpose) -> Vec<Request> {
    form_page(state).map_or_else(Vec::new, |page| form_of(state, &page, purpose))
}

pub fn form_of(state: &mut State, page: &str, purpose: Purpose) -> Vec<Request> {
    let Some(view) = state.view_of(page) else { return Vec::new() };
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

pub fn filter_form(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let title = state.fill("form.filter", &[("page", &view.title)]);
    let mut form = Form::of_filters(view, title, &page.filters, &yes_no(state));
    let id = view.id.clone();
    fill_options(state, &mut form);
    state.modal = Some(Modal::Form(form));
    options(state, &id, false)
}

/// Choices already fetched once are shown at once.
pub fn fill_options(state: &State, form: &mut Form) {
    for field in form.fields.iter_mut().filter(|f| f.fetched) {
        if let Some(known) = state.options.get(&(form.page.clone(), field.id.clone())) {
            field.choices = known.clone();
        }
    }
}

pub fn yes_no(state: &State) -> [Choice; 2] {
    [("true", "form.yes"), ("false", "form.no")]
        .map(|(value, key)| Choice { value: value.into(), label: state.t(key).into() })
}

fn shift(state: &mut State, by: i8) {
    let most = state.page().map_or(0, |(v, _)| v.columns.len().saturating_sub(2));
    if let Some(page) = here(state) {
        page.shift = page.shift.saturating_add_signed(isize::from(by)).min(most);
    }
}

fn turn(state: &mut State, by: i8) -> Vec<Request> {
    if let Some(page) = here(state) {
        page.page = page.page.saturating_add_signed(i32::from(by)).clamp(1, page.pages());
        page.cursor = Default::default();
    }
    load(state)
}

fn actions(state: &mut State) -> Vec<Request> {
    let Some((view, page)) = state.page() else { return Vec::new() };
    let does = |a: &&ActionView| a.place == Place::Toolbar || page.chosen().is_some_and(|row| allows(row, a));
    let others = view.actions.iter().filter(|a| is_other(&a.id)).filter(does);
    let items =
        others.map(|a| Item { label: a.title.clone(), key: String::new(), act: Act::Row(a.id.clone()) }).collect();
    let menu = Menu { title: view.title.clone(), items, typed: LineEdit::default(), at: 0, finding: None };
    state.modal = Some(Modal::Menu(menu));
    Vec::new()
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

fn export(state: &mut State, format: &str) -> Vec<Request> {
    let (page, query) = match (&state.screen, state.page()) {
        // The hand-drawn list shows every campaign of the board, so that is what is exported.
        (Screen::Campaigns, _) => ("campaigns".to_owned(), Vec::new()),
        (_, Some((view, screen))) => (view.id.clone(), screen.query()),
        _ => return Vec::new(),
    };
    let mut filters: Vec<(String, String)> = query.into_iter().filter(|(k, _)| k.starts_with("q.")).collect();
    if format != "csv" {
        filters.push(("format".into(), format.into()));
    }
    let path = format!("/api/p/{page}/export?{}", crate::net::query_string(&filters));
    vec![Request::Download { path, into: PathBuf::from(format!("{page}-export.{format}")) }]
}

fn fetch(state: &mut State, what: impl FnOnce(&str) -> (String, String)) -> Vec<Request> {
    let Some(page) = state.page_id() else { return Vec::new() };
    let (path, file) = what(page);
    vec![Request::Download { path, into: PathBuf::from(file) }]
}

/// A page's rows changed: read them again if they are on screen.
pub fn changed(state: &mut State, page: &str) -> Vec<Request> {
    match &state.screen {
        _ if state.page_id() == Some(page) && state.link != Link::Connecting => load(state),
        Screen::Campaigns if page == "campaigns" => match state.campaigns.detail {
            Some(id) => vec![Request::Row { page: page.into(), id: id.0 }],
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}
