//! The inbox: opened over any screen; what is read there is read everywhere.

use crate::{
    event::Request,
    state::{Modal, State},
};
use hutong_api::page::Notice;
use ratatui::crossterm::event::{KeyCode, KeyEvent};

pub fn open(state: &mut State) -> Vec<Request> {
    state.inbox.open = None;
    state.inbox.at = 0;
    state.modal = Some(Modal::Inbox);
    // Some may have begun since the list was read.
    vec![Request::Notices]
}

pub fn press(state: &mut State, key: KeyEvent) -> Vec<Request> {
    let mut requests = Vec::new();
    let reading = state.inbox.open.is_some();
    match key.code {
        KeyCode::Esc | KeyCode::Enter if reading => state.inbox.close(),
        KeyCode::Esc => return requests,
        KeyCode::Enter => requests.extend(state.inbox.read().map(Request::NoticeRead)),
        KeyCode::Down | KeyCode::Char('j') | KeyCode::PageDown if reading => state.inbox.gone += 1,
        KeyCode::Up | KeyCode::Char('k') | KeyCode::PageUp if reading => {
            state.inbox.gone = state.inbox.gone.saturating_sub(1);
        }
        _ if reading => {}
        KeyCode::Down | KeyCode::Char('j') => state.inbox.step(1),
        KeyCode::Up | KeyCode::Char('k') => state.inbox.step(-1),
        KeyCode::PageDown => state.inbox.step(10),
        KeyCode::PageUp => state.inbox.step(-10),
        _ => {}
    }
    state.modal = Some(Modal::Inbox);
    requests
}

/// The list stands on the row it stood on; what is being read stays read.
pub fn listed(state: &mut State, notices: Vec<Notice>) {
    let inbox = &mut state.inbox;
    let chosen = inbox.entries().get(inbox.at).map(|e| e.letter);
    inbox.notices = notices;
    let entries = inbox.entries();
    let at = chosen.and_then(|letter| entries.iter().position(|e| e.letter == letter));
    inbox.at = at.unwrap_or(inbox.at).min(entries.len().saturating_sub(1));
    if inbox.reading().is_none() {
        inbox.open = None;
    }
}
