//! From a line of the log to what it is about.

use super::{acts, commands};
use crate::{
    event::Request,
    state::{LogPane, Screen, State, Tone},
};
use hutong_api::live::Command;

/// Enter: the object of the chosen event, or of the chosen row of 操作日志.
pub fn jump(state: &mut State) -> Vec<Request> {
    let words: Vec<String> = match state.log.pane {
        LogPane::Events => {
            state.chosen_event().map_or_else(Vec::new, |e| e.args.iter().map(|(_, v)| v.clone()).collect())
        }
        LogPane::Audit => {
            let Some((view, page)) = state.page() else { return Vec::new() };
            let row = page.chosen();
            // The last columns name the object, the first ones time and person.
            let cells = view.columns.iter().rev().filter_map(|c| row.and_then(|r| r.cells.get(&c.id)));
            cells.cloned().collect()
        }
    };
    for word in words.iter().map(|w| w.trim()).filter(|w| !w.is_empty()) {
        if let Some(requests) = to(state, word) {
            return requests;
        }
    }
    let text = state.t("log.nowhere").to_owned();
    state.say(Tone::Plain, text);
    Vec::new()
}

/// The chosen alarm, or all that are open as far as they are shown here: one that comes meanwhile stays open.
pub fn acknowledge(state: &mut State, all: bool) -> Vec<Request> {
    let last = if all { state.board.open_alarms().next_back() } else { state.chosen_event() };
    let Some(event) = last else { return Vec::new() };
    let command = Command::AlarmAck { at: event.at, text_key: (!all).then(|| event.text_key.clone()) };
    let count = if all { state.board.open_alarms().count() } else { 1 };
    commands::send(state, "did.ack", &count.to_string(), command)
}

fn to(state: &mut State, word: &str) -> Option<Vec<Request>> {
    let campaign = state.board.campaigns.iter().find(|c| c.name == word).map(|c| c.id.0);
    let first = word.split([' ', '/']).next().unwrap_or(word);
    let seat = state.board.seats.iter().find(|s| s.extension == first).map(|s| s.id.0);
    let page = state.catalogue.iter().find(|p| p.title == word || p.id == word).map(|p| (p.id.clone(), None));
    // "客户资料 12": a row of a page.
    let row = word.rsplit_once(' ').and_then(|(title, id)| {
        let view = state.catalogue.iter().find(|p| p.title == title)?;
        Some((view.id.clone(), Some(id.parse::<i64>().ok()?)))
    });
    match (campaign, seat, page.or(row)) {
        (Some(id), _, _) => Some(acts::go_campaign(state, id)),
        (_, Some(id), _) => {
            acts::open_seat(state, id);
            Some(Vec::new())
        }
        (_, _, Some((page, Some(id)))) if page == "campaigns" && state.may("wall.view") => {
            Some(acts::go_campaign(state, id))
        }
        (_, _, Some((page, id))) => {
            if let Some(id) = id {
                state.pages.entry(page.clone()).or_default().cursor.want(id);
            }
            Some(acts::show(state, Screen::Page(page)))
        }
        _ => None,
    }
}
