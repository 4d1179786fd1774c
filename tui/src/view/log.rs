//! What happened and who did what: the service's events with their age, and 操作日志 below.

use super::{
    Painted, page, parts,
    table::{Table, col},
};
use crate::{
    clock,
    state::{LogPane, State},
    text,
};
use hutong_api::{board::EventRow, texts};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let (wall, audit) = (state.may("wall.view"), state.page().is_some());
    if !wall || !audit {
        return if wall { events(state, buf, body, out) } else { page::paint(state, buf, body, out) };
    }
    let upper = body.height * 2 / 5;
    let (first, second) =
        (Rect { height: upper, ..body }, Rect { y: body.y + upper, height: body.height - upper, ..body });
    events(state, buf, first, out);
    page::paint(state, buf, second, out);
}

fn events(state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
    let theme = &state.theme;
    let alarms = state.board.events.iter().filter(|e| e.alarm).count().to_string();
    let open = state.board.open_alarms().count().to_string();
    let focused = state.log.pane == LogPane::Events;
    let title = state.fill("log.events", &[("alarms", &alarms), ("open", &open)]);
    let inside = parts::frame(state, buf, area, &title, "", focused);
    if state.board.events.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("log.quiet"), theme.dim);
        return;
    }
    let cols = vec![
        col(state.t("col.level"), 6),
        col(state.t("col.time"), 8),
        col(state.t("col.age"), 8).right(),
        col(state.t("col.what"), 24).grow(200),
        col(state.t("log.ack"), 20),
    ];
    let now = state.service_now();
    let rows = state.board.events.iter().rev().map(|event| {
        let args: Vec<(&str, &str)> = event.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        let (level, style) = if event.alarm {
            (format!("!{}", state.t("log.alarm")), theme.bad)
        } else {
            (state.t("log.note").into(), theme.text)
        };
        vec![
            (level, style),
            (clock::time_of_day(event.at, &state.zone), theme.text),
            (clock::span(now - event.at), theme.text),
            (texts::fill(state.lang, &event.text_key, &args), style),
            acknowledged(state, event),
        ]
    });
    let cursor = focused.then_some(&state.log.cursor);
    Table { cols, rows: rows.collect(), cursor, pane: 0 }.paint(state, buf, inside, out);
}

/// By whom and when; the alarms that wait for somebody say so.
fn acknowledged(state: &State, event: &EventRow) -> (String, Style) {
    match state.board.ack(event) {
        Some(ack) => (format!("{} {}", ack.by, clock::time_of_day(ack.at, &state.zone)), state.theme.dim),
        None if event.alarm => (state.t("log.open").to_owned(), state.theme.warn),
        None => (String::new(), state.theme.text),
    }
}
