//! Live commands: what is asked of the engine, with a confirm that names the target where it is hard to undo.

use crate::{
    event::Request,
    keys::Act,
    state::{Link, Modal, Pane, Prompt, Screen, State, Tone, line::LineEdit},
};
use hutong_api::{board::CallRow, live::Command};

pub fn campaign(state: &mut State, act: &Act) -> Vec<Request> {
    let Some(row) = state.chosen_campaign() else { return Vec::new() };
    let (id, name) = (row.id, row.name.clone());
    let left = row.total.saturating_sub(row.dialled).to_string();
    let args = [("name", name.as_str()), ("left", left.as_str())];
    match act {
        Act::Start => {
            let label = state.fill("ask.start", &args);
            confirm(state, label, "did.start", &name, Command::CampaignStart { campaign: id })
        }
        // Pausing stops dialling and harms nothing: no question, so that it is quick.
        Act::Pause => send(state, "did.pause", &name, Command::CampaignPause { campaign: id }),
        Act::Redial => {
            let label = state.fill("ask.redial", &args);
            confirm(state, label, "did.redial", &name, Command::CampaignRedial { campaign: id })
        }
        Act::Delete => {
            let label = state.fill("ask.delete_campaign", &args);
            confirm(state, label, "did.delete", &name, Command::CampaignDelete { campaign: id })
        }
        Act::Append => {
            let prompt = Prompt::Append { campaign: id, name };
            state.modal = Some(Modal::Prompt { prompt, line: LineEdit::default() });
            Vec::new()
        }
        _ => Vec::new(),
    }
}

pub fn seat(state: &mut State, act: &Act) -> Vec<Request> {
    let on_calls = state.screen == Screen::Live && state.wall.pane == Pane::Calls;
    if *act == Act::HangUp && on_calls {
        let chosen = state.wall.calls.id();
        let call = state.board.calls.iter().find(|c| Some(c.id.0) == chosen).cloned();
        return call.map_or_else(Vec::new, |call| hang_up(state, &call));
    }
    let Some(row) = state.chosen_seat() else { return Vec::new() };
    let (seat, call) = (row.id, row.call);
    let who = format!("{} {}", row.extension, row.name);
    let ask = |state: &State, key: &str| state.fill(key, &[("who", who.as_str())]);
    match act {
        Act::ForceIn => {
            let text = ask(state, "ask.force_in");
            confirm(state, text, "did.force_in", &who, Command::ForceSignIn { seat })
        }
        Act::ForceOut => {
            let text = ask(state, "ask.force_out");
            confirm(state, text, "did.force_out", &who, Command::ForceSignOut { seat })
        }
        Act::ForceIdle => {
            let text = ask(state, "ask.force_idle");
            confirm(state, text, "did.force_idle", &who, Command::ForceIdle { seat })
        }
        Act::HangUp => {
            let found = call.and_then(|id| state.board.calls.iter().find(|c| c.id == id).cloned());
            found.map_or_else(Vec::new, |call| hang_up(state, &call))
        }
        _ => Vec::new(),
    }
}

/// Asks for a line to the chosen agent's page.
pub fn message(state: &mut State) -> Vec<Request> {
    if let Some(row) = state.chosen_seat() {
        let prompt = Prompt::Message { seat: row.id, who: format!("{} {}", row.extension, row.name) };
        state.modal = Some(Modal::Prompt { prompt, line: LineEdit::default() });
    }
    Vec::new()
}

pub fn say(state: &mut State, seat: hutong_api::SeatId, who: &str, text: String) -> Vec<Request> {
    send(state, "did.message", who, Command::Message { seat, text })
}

fn hang_up(state: &mut State, call: &CallRow) -> Vec<Request> {
    let seat = call.seat.and_then(|id| state.board.seat(id));
    let who = seat.map_or_else(|| "--".to_owned(), |s| format!("{} {}", s.extension, s.name));
    let whom = [call.name.as_str(), call.number.as_str()].join(" ").trim().to_owned();
    let text = state.fill("ask.hang_up", &[("who", &who), ("whom", &whom)]);
    confirm(state, text, "did.hang_up", &whom, Command::HangUpCall { call: call.id })
}

fn confirm(state: &mut State, text: String, done: &str, target: &str, command: Command) -> Vec<Request> {
    if let Some(request) = send(state, done, target, command).pop() {
        state.modal = Some(Modal::Confirm { text, request });
    }
    Vec::new()
}

/// A command is never kept for later: what was meant now may be wrong when the link is back.
pub fn send(state: &mut State, done: &str, target: &str, cmd: Command) -> Vec<Request> {
    if state.link != Link::Up {
        let text = state.t("link.not_sent").to_owned();
        state.say(Tone::Bad, text);
        return Vec::new();
    }
    state.last_req = state.last_req.wrapping_add(1).max(1);
    let words = state.fill(done, &[("target", target)]);
    state.pending.insert(state.last_req, words);
    vec![Request::Send { req: state.last_req, cmd }]
}
