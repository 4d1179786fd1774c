//! `update`: what happened in, what the console asks for out. Pure: no clock, no network, no screen.

mod acts;
mod commands;
mod customers;
mod deed;
mod inbox;
mod log;
mod login;
mod modal;
mod monitor;
mod net;
mod pages;
mod palette;
mod query;
mod unmask;
mod wizard;

pub use deed::name_of;
pub use modal::import_runs;
pub use wizard::{has_rejects as wizard_has_rejects, owners as wizard_owners};

use crate::{
    event::*,
    keys::{self, Act},
    state::{LogPane, Modal, Pane, Screen, Stage, State, player::Sound},
    view::tree::PANE as TREE,
};

use hutong_api::board::CampaignStatus;

/// A page of the catalogue is read anew this often while it is on screen and nothing lies over it.
const RELOAD_MS: i64 = 10_000;
/// An import whose news stopped coming is asked for.
const POLL_MS: i64 = 2_000;
/// How long a view of the wall mode stands.
const TURN_MS: i64 = 12_000;

pub fn update(state: &mut State, event: Event) -> Vec<Request> {
    let mut requests = match event {
        Event::Tick(now) => tick(state, now),
        Event::Key(key) => press(state, key),
        Event::Paste(text) => paste(state, &text),
        Event::Hit(hit) => click(state, hit),
        Event::Wheel(_) if state.stage != Stage::Open || state.kiosk.is_some() => Vec::new(),
        Event::Wheel(by) => match &mut state.modal {
            None => acts::act(state, Act::Move(i64::from(by))),
            Some(Modal::Menu(menu)) => {
                let last = menu.shown().len().saturating_sub(1);
                menu.at = menu.at.saturating_add_signed(by as isize).min(last);
                Vec::new()
            }
            Some(_) => Vec::new(),
        },
        Event::Resize(w, h) => {
            state.size = (w, h);
            if state.wall.pane == Pane::Trunks && !crate::view::live::shows_trunks(state.size) {
                state.wall.pane = Pane::Campaigns;
            }
            Vec::new()
        }
        Event::Net(event) => net::take(state, event),
        Event::Audio(event) => audio(state, event),
    };
    settle(state);
    unmask::settle(state);
    requests.extend(customers::follow(state));
    requests.extend(monitor::follow(state));
    requests
}

/// Goes to the login screen's first useful field, or logs in at once when all three parts are known.
pub fn begin(state: &mut State, company: &str, account: &str, password: Option<&str>) -> Vec<Request> {
    login::begin(state, company, account, password)
}

fn press(state: &mut State, key: ratatui::crossterm::event::KeyEvent) -> Vec<Request> {
    use ratatui::crossterm::event::{KeyCode, KeyEventKind, KeyModifiers};
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match (&state.stage, key.code) {
        (_, KeyCode::Char('l')) if control => return vec![Request::Redraw],
        (Stage::Open, _) => {}
        (_, KeyCode::Char('c')) if control => {
            state.quit = true;
            return Vec::new();
        }
        (Stage::Login, _) => return login::press(state, key),
        (Stage::Trust { .. }, _) => return login::trust(state, key),
    }
    if state.modal.is_some() {
        return modal::press(state, key);
    }
    let found = keys::find(state, key);
    match (found, state.prefix.take()) {
        (None, _) | (Some(Act::Back), Some(_)) => Vec::new(),
        (Some(act), _) => acts::act(state, act),
    }
}

fn paste(state: &mut State, text: &str) -> Vec<Request> {
    match (&state.stage, &mut state.modal) {
        (Stage::Login, _) => state.login.fields[state.login.focus].insert(text),
        (_, Some(Modal::Prompt { line, .. } | Modal::Help(line))) => line.insert(text),
        (_, Some(Modal::Menu(menu))) => {
            menu.typed.insert(text);
            menu.at = 0;
            return palette::find(state);
        }
        (_, Some(Modal::Form(form))) => {
            if let Some(field) = form.fields.get_mut(form.focus).filter(|f| !f.picks() && !f.locked) {
                field.line.insert(text);
            }
        }
        _ => {}
    }
    Vec::new()
}

fn click(state: &mut State, hit: Hit) -> Vec<Request> {
    if state.stage != Stage::Open || state.modal.is_some() || state.kiosk.is_some() {
        return Vec::new();
    }
    let prefix = state.prefix.take();
    match hit {
        Hit::Act(Act::Back) if prefix.is_some() => Vec::new(),
        Hit::Act(act) => acts::act(state, act),
        Hit::Tab(at) => acts::act(state, Act::Tab(at)),
        Hit::Row(pane, row) => {
            if let (TREE, Some(page)) = (pane, state.tree_here().get(row).map(|p| p.id.clone())) {
                return acts::show(state, Screen::Page(page));
            }
            state.in_tree = false;
            if state.screen == Screen::Log {
                state.log.pane = if pane == 0 { LogPane::Events } else { LogPane::Audit };
            }
            if state.screen == Screen::Live {
                state.wall.pane = [Pane::Campaigns, Pane::Trunks, Pane::Calls, Pane::Agents][pane.min(3)];
            }
            acts::choose(state, row);
            Vec::new()
        }
    }
}

fn tick(state: &mut State, now: i64) -> Vec<Request> {
    state.now = now;
    if state.toast.as_ref().is_some_and(|t| t.until <= now) {
        state.toast = None;
    }
    let mut requests = kiosk(state);
    if let Some(batch) = modal::stale_import(state, POLL_MS) {
        requests.push(Request::PollImport(batch));
    }
    let stale = state.page().is_some_and(|(_, page)| !page.loading && now - page.loaded_at >= RELOAD_MS);
    if stale && state.modal.is_none() && state.link == crate::state::Link::Up {
        requests.extend(pages::load(state));
    }
    requests
}

/// On the wall the board and every running task take turns.
fn kiosk(state: &mut State) -> Vec<Request> {
    let now = state.now;
    let Some(kiosk) = state.kiosk.as_mut().filter(|k| state.stage == Stage::Open && now - k.since >= TURN_MS) else {
        return Vec::new();
    };
    kiosk.since = now;
    let at = kiosk.at;
    let running: Vec<i64> =
        state.wall_campaigns().iter().filter(|c| c.status == CampaignStatus::Running).map(|c| c.id.0).collect();
    let next = if at >= running.len() { 0 } else { at + 1 };
    state.kiosk = Some(crate::state::Kiosk { since: now, at: next });
    match next.checked_sub(1).and_then(|n| running.get(n)) {
        Some(id) => acts::go_campaign(state, *id),
        None => acts::show(state, Screen::Live),
    }
}

fn audio(state: &mut State, event: AudioEvent) -> Vec<Request> {
    let Some(player) = &mut state.player else { return Vec::new() };
    match event {
        AudioEvent::Ready(name) => {
            player.sound = Sound::Ready(name);
            player.playing = true;
            return vec![Request::Audio(AudioRequest::Play)];
        }
        AudioEvent::NoDevice => {
            player.sound = Sound::NoDevice;
            player.playing = false;
        }
        AudioEvent::BadFile => player.sound = Sound::BadFile,
        AudioEvent::Position(at) => player.position = at,
        AudioEvent::Ended => {
            player.playing = false;
            player.position = player.seconds();
        }
    }
    Vec::new()
}

/// Lists may have moved under their cursors.
fn settle(state: &mut State) {
    let ids: Vec<i64> = state.wall_campaigns().iter().map(|c| c.id.0).collect();
    state.wall.campaigns.settle(&ids);
    let ids: Vec<i64> = state.campaign_rows().iter().map(|c| c.id.0).collect();
    state.campaigns.cursor.settle(&ids);
    let ids: Vec<i64> = state.wall_seats().iter().map(|s| s.id.0).collect();
    state.wall.agents.settle(&ids);
    let ids: Vec<i64> = state.seat_rows().iter().map(|s| s.id.0).collect();
    state.agents.cursor.settle(&ids);
    let ids: Vec<i64> = state.board.calls.iter().map(|c| c.id.0).collect();
    state.wall.calls.settle(&ids);
    let ids: Vec<i64> = state.board.trunks.iter().map(|t| t.id.0).collect();
    state.wall.trunks.settle(&ids);
    let ids = state.board.event_ids();
    state.log.cursor.settle(&ids);
    let gone = state.campaigns.detail.is_some_and(|id| !state.board.campaigns.iter().any(|c| c.id == id));
    if gone {
        state.campaigns.detail = None;
    }
}
