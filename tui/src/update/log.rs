//! From a line of the log to what it is about.

use super::acts;
use crate::{
    event::Request,
    state::{LogPane, Screen, State, Tone},
};

/// Enter: the object of the chosen event, or of the chosen row of 操作日志.
pub fn jump(state: &mut State) -> Vec<Request> {
    let words: Vec<String> = match state.log.pane {
        LogPane::Events => {
            let event = state.board.events.iter().rev().nth(state.log.cursor.at);
            event.map_or_else(Vec::new, |e| e.args.iter().map(|(_, v)| v.clone()).collect())
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
