//! What each act does.

use super::{commands, modal, pages};
use crate::{
    event::*,
    keys::Act,
    state::{LogPane, Modal, Pane, Prompt, Screen, State, line::LineEdit, page::PageScreen},
};

pub fn act(state: &mut State, act: Act) -> Vec<Request> {
    match act {
        Act::Quit => quit(state),
        Act::Help => open(state, Modal::Help(LineEdit::default())),
        Act::Palette => {
            let menu = super::palette::open(state);
            open(state, Modal::Menu(menu))
        }
        Act::Redraw => vec![Request::Redraw],
        Act::Tab(at) => match state.screens().get(at).cloned() {
            Some(screen) => show(state, screen),
            None => Vec::new(),
        },
        Act::TurnTab(by) => turn_tab(state, by),
        Act::NextPane => {
            next(state);
            Vec::new()
        }
        Act::Move(by) if state.in_tree => turn_tree(state, by),
        Act::Move(by) => {
            step(state, by);
            Vec::new()
        }
        Act::Go(screen) => show(state, screen),
        Act::GoCampaign(id) => go_campaign(state, id),
        Act::GoSeat(id) => {
            open_seat(state, id);
            Vec::new()
        }
        Act::GoCustomer { id, name } => super::palette::go_customer(state, id, name),
        Act::Message => commands::message(state),
        Act::Jump => super::log::jump(state),
        Act::Acknowledge | Act::AcknowledgeAll => super::log::acknowledge(state, act == Act::AcknowledgeAll),
        Act::Unmask => super::unmask::ask(state),
        Act::Inbox => super::inbox::open(state),
        Act::WizardFile
        | Act::WizardTurn(_)
        | Act::WizardNext
        | Act::WizardBack
        | Act::WizardExisting
        | Act::WizardOwners
        | Act::WizardRejects
        | Act::WizardTask
        | Act::WizardAgain => super::wizard::act(state, &act),
        Act::Open => enter(state),
        Act::Back => back(state),
        Act::Filter => filter(state),
        Act::Start | Act::Pause | Act::Redial | Act::Append | Act::Delete => commands::campaign(state, &act),
        Act::ForceIn | Act::ForceOut | Act::ForceIdle | Act::HangUp => commands::seat(state, &act),
        Act::Prefix(prefix) => {
            state.prefix = Some(prefix);
            Vec::new()
        }
        Act::Theme(name) => {
            state.theme = crate::theme::Theme::new(name);
            Vec::new()
        }
        Act::Speak => vec![Request::Speak(match state.lang {
            hutong_api::Lang::Zh => hutong_api::Lang::En,
            hutong_api::Lang::En => hutong_api::Lang::Zh,
        })],
        Act::Undo => super::deed::undo(state),
        Act::WhatIf => super::deed::what_if(state),
        Act::Lead(action) => match state.chosen_campaign().map(|row| row.id.0) {
            Some(row) => super::monitor::lead(state, "campaigns", action, row),
            None => Vec::new(),
        },
        Act::Logout => {
            state.stage = crate::state::Stage::Login;
            state.session = None;
            state.login.fields[2].clear();
            state.login.focus = 2;
            state.login.waiting = false;
            vec![Request::Logout]
        }
        other => pages::act(state, other),
    }
}

/// A click's row on the screen or pane shown.
pub fn choose(state: &mut State, row: usize) {
    with_cursor(state, |cursor, ids| cursor.put(row, ids));
}

/// Shows a screen; a catalogue page is read.
pub fn show(state: &mut State, screen: Screen) -> Vec<Request> {
    let mut requests = Vec::new();
    if state.screen != screen {
        requests.extend(pages::close_player(state));
    }
    let tab = state.tab_of(&screen);
    if tab != state.tab_of(&state.screen) {
        state.in_tree = false;
    }
    if let Screen::Page(id) = &screen {
        state.last_pages.insert(tab, id.clone());
    }
    state.screen = screen;
    if state.screen == Screen::Log {
        state.log.pane = if state.may("wall.view") { LogPane::Events } else { LogPane::Audit };
    }
    if let Some(id) = state.page_id().map(str::to_owned) {
        state.pages.entry(id).or_default();
        requests.extend(pages::load(state));
    }
    requests
}

fn open(state: &mut State, modal: Modal) -> Vec<Request> {
    state.modal = Some(modal);
    Vec::new()
}

fn quit(state: &mut State) -> Vec<Request> {
    if modal::import_runs(state) {
        return open(state, Modal::Import);
    }
    state.quit = true;
    Vec::new()
}

fn turn_tab(state: &mut State, by: i8) -> Vec<Request> {
    let screens = state.screens();
    if screens.is_empty() {
        return Vec::new();
    }
    let here = state.tab_of(&state.screen);
    let at = screens.iter().position(|s| state.tab_of(s) == here).unwrap_or(0) as i64;
    let next = (at + i64::from(by)).rem_euclid(screens.len() as i64) as usize;
    show(state, screens[next].clone())
}

/// The next pane of whatever is on screen.
fn next(state: &mut State) {
    match state.screen {
        Screen::Live => state.wall.pane = next_pane(state),
        Screen::Log => {
            state.log.pane = match state.log.pane {
                LogPane::Events => LogPane::Audit,
                LogPane::Audit => LogPane::Events,
            }
        }
        _ if state.page_id() == Some("customers") => state.history.open = !state.history.open,
        _ => state.in_tree = !state.in_tree && state.tree_here().len() > 1,
    }
}

/// The next or previous page of the tree.
fn turn_tree(state: &mut State, by: i64) -> Vec<Request> {
    let ids: Vec<String> = state.tree_here().iter().map(|p| p.id.clone()).collect();
    let at = ids.iter().position(|id| Some(id.as_str()) == state.page_id()).unwrap_or(0) as i64;
    let last = ids.len().saturating_sub(1) as i64;
    let next = at.saturating_add(by).clamp(0, last);
    match ids.get(next as usize) {
        Some(id) if next != at => show(state, Screen::Page(id.clone())),
        _ => Vec::new(),
    }
}

fn next_pane(state: &State) -> Pane {
    let trunks = crate::view::live::shows_trunks(state.size);
    match state.wall.pane {
        Pane::Campaigns if trunks => Pane::Trunks,
        Pane::Campaigns | Pane::Trunks => Pane::Calls,
        Pane::Calls => Pane::Agents,
        Pane::Agents => Pane::Campaigns,
    }
}

fn step(state: &mut State, by: i64) {
    with_cursor(state, |cursor, ids| cursor.step(by, ids));
}

/// The cursor of what is on screen, and the ids it moves over.
fn with_cursor(state: &mut State, change: impl FnOnce(&mut crate::state::cursor::Cursor, &[i64])) {
    match (&state.screen, state.wall.pane) {
        (Screen::Live, Pane::Campaigns) => {
            let ids: Vec<i64> = state.wall_campaigns().iter().map(|c| c.id.0).collect();
            change(&mut state.wall.campaigns, &ids);
        }
        (Screen::Live, Pane::Trunks) => {
            let ids: Vec<i64> = state.board.trunks.iter().map(|t| t.id.0).collect();
            change(&mut state.wall.trunks, &ids);
        }
        (Screen::Live, Pane::Calls) => {
            let ids: Vec<i64> = state.board.calls.iter().map(|c| c.id.0).collect();
            change(&mut state.wall.calls, &ids);
        }
        (Screen::Live, Pane::Agents) => {
            let ids: Vec<i64> = state.wall_seats().iter().map(|s| s.id.0).collect();
            change(&mut state.wall.agents, &ids);
        }
        (Screen::Campaigns, _) => {
            let ids: Vec<i64> = state.campaign_rows().iter().map(|c| c.id.0).collect();
            if state.campaigns.detail.is_none() {
                change(&mut state.campaigns.cursor, &ids);
            }
        }
        (Screen::Agents, _) => {
            let ids: Vec<i64> = state.seat_rows().iter().map(|s| s.id.0).collect();
            change(&mut state.agents.cursor, &ids);
        }
        (Screen::Log, _) if state.log.pane == LogPane::Events => {
            let ids = state.board.event_ids();
            change(&mut state.log.cursor, &ids);
        }
        (Screen::Import, _) => {
            let ids: Vec<i64> = (0..state.wizard.columns.len() as i64).collect();
            let mut cursor = crate::state::cursor::Cursor::default();
            cursor.put(state.wizard.at, &ids);
            change(&mut cursor, &ids);
            state.wizard.at = cursor.at;
        }
        _ => {
            if let Some(id) = state.page_id().map(str::to_owned) {
                let page: &mut PageScreen = state.pages.entry(id).or_default();
                let ids = page.ids();
                change(&mut page.cursor, &ids);
            }
        }
    }
}

/// Enter: from the wall to the screen of what is chosen there, from the list to the campaign.
fn enter(state: &mut State) -> Vec<Request> {
    match (&state.screen, state.wall.pane) {
        (Screen::Live, Pane::Campaigns) => {
            let Some(id) = state.wall.campaigns.id() else { return Vec::new() };
            go_campaign(state, id)
        }
        (Screen::Live, Pane::Agents) => {
            if let Some(id) = state.wall.agents.id() {
                open_seat(state, id);
            }
            Vec::new()
        }
        (Screen::Live, Pane::Calls) => {
            let chosen = state.wall.calls.id();
            let seat = state.board.calls.iter().find(|c| Some(c.id.0) == chosen).and_then(|c| c.seat);
            if let Some(seat) = seat {
                open_seat(state, seat.0);
            }
            Vec::new()
        }
        (Screen::Campaigns, _) => match state.campaigns.cursor.id() {
            Some(id) => open_campaign(state, id),
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

pub fn go_campaign(state: &mut State, id: i64) -> Vec<Request> {
    state.screen = Screen::Campaigns;
    state.campaigns.filter.clear();
    open_campaign(state, id)
}

pub fn open_seat(state: &mut State, id: i64) {
    state.screen = Screen::Agents;
    state.agents.filter.clear();
    let ids: Vec<i64> = state.seat_rows().iter().map(|s| s.id.0).collect();
    state.agents.cursor.find(id, &ids);
}

fn open_campaign(state: &mut State, id: i64) -> Vec<Request> {
    let ids: Vec<i64> = state.campaign_rows().iter().map(|c| c.id.0).collect();
    state.campaigns.cursor.find(id, &ids);
    state.campaigns.detail = Some(hutong_api::CampaignId(id));
    state.campaigns.values.clear();
    if state.view_of("campaigns").is_none() {
        return Vec::new();
    }
    let mut requests = vec![Request::Row { page: "campaigns".into(), id }];
    requests.extend(pages::options(state, "campaigns", true));
    requests
}

fn back(state: &mut State) -> Vec<Request> {
    match state.screen {
        Screen::Campaigns if state.campaigns.detail.is_some() => state.campaigns.detail = None,
        Screen::Campaigns => state.campaigns.filter.clear(),
        Screen::Agents => state.agents.filter.clear(),
        Screen::Page(_) | Screen::Log => return pages::unfilter(state),
        Screen::Live | Screen::Import => {}
    }
    Vec::new()
}

fn filter(state: &mut State) -> Vec<Request> {
    let line = match state.screen {
        Screen::Page(_) if state.page_id() == Some("customers") => return super::customers::ask(state),
        Screen::Page(_) | Screen::Log => return pages::act(state, Act::Filter),
        Screen::Campaigns => LineEdit::new(&state.campaigns.filter),
        _ => LineEdit::new(&state.agents.filter),
    };
    open(state, Modal::Prompt { prompt: Prompt::Filter, line })
}
