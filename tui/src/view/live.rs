//! The live wall: totals, campaigns, trunks, calls, agents, events.

use super::{
    FULL, ONE_PANE, Painted, campaigns, parts, small,
    table::{Table, col},
    totals,
};
use crate::{
    clock,
    state::{Pane, State, cursor::Cursor},
    text,
};
use hutong_api::{board::EventRow, live::SeatState, texts};
use ratatui::{buffer::Buffer, layout::Rect};

/// The wall at this size of the whole screen has a pane for trunks.
pub fn shows_trunks(size: (u16, u16)) -> bool {
    let area = Rect { x: 0, y: 0, width: size.0, height: size.1 };
    size.0 >= FULL.0 || small(area, ONE_PANE)
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let whole = buf.area;
    if small(whole, ONE_PANE) {
        return one_pane(state, buf, body, out);
    }
    let full = !small(whole, FULL);
    let top = if full { 5 } else { 2 };
    let area = Rect { height: top, ..body };
    if full {
        totals::cards(state, buf, area)
    } else {
        totals::brief(state, buf, area)
    }
    let events = if full { (body.height / 5).clamp(4, 9) } else { 0 };
    let rest = body.height - top - events;
    let upper = rest * 10 / 21;
    let side = if whole.width >= FULL.0 { 42 + whole.width.saturating_sub(120) / 4 } else { 34 };
    let row = |y: u16, height: u16| Rect { y, height, ..body };
    let (first, second) = (row(body.y + top, upper), row(body.y + top + upper, rest - upper));
    if shows_trunks((whole.width, whole.height)) {
        let (left, right) = split(first, side);
        pane(state, buf, left, Pane::Campaigns, out);
        pane(state, buf, right, Pane::Trunks, out);
    } else {
        pane(state, buf, first, Pane::Campaigns, out);
    }
    let (left, right) = split(second, side);
    pane(state, buf, left, Pane::Calls, out);
    pane(state, buf, right, Pane::Agents, out);
    if events > 0 {
        paint_events(state, buf, row(second.bottom(), events));
    }
}

fn one_pane(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    totals::brief(state, buf, Rect { height: 2, ..body });
    pane(state, buf, Rect { y: body.y + 2, height: body.height - 2, ..body }, state.wall.pane, out);
}

fn split(area: Rect, side: u16) -> (Rect, Rect) {
    let left = area.width - side.min(area.width);
    (Rect { width: left, ..area }, Rect { x: area.x + left, width: area.width - left, ..area })
}

fn pane(state: &State, buf: &mut Buffer, area: Rect, which: Pane, out: &mut Painted) {
    let focused = state.wall.pane == which;
    let cursor = |c| if focused { Some(c) } else { None };
    match which {
        Pane::Campaigns => paint_campaigns(state, buf, area, cursor(&state.wall.campaigns), out),
        Pane::Trunks => paint_trunks(state, buf, area, cursor(&state.wall.trunks), out),
        Pane::Calls => paint_calls(state, buf, area, cursor(&state.wall.calls), out),
        Pane::Agents => paint_agents(state, buf, area, cursor(&state.wall.agents), out),
    }
}

fn paint_campaigns(state: &State, buf: &mut Buffer, area: Rect, cursor: Option<&Cursor>, out: &mut Painted) {
    let rows = state.wall_campaigns();
    let running =
        rows.iter().filter(|c| c.in_flight > 0 || c.status == hutong_api::board::CampaignStatus::Running).count();
    let title = state.fill("wall.campaigns", &[("running", &running.to_string())]);
    let chosen = rows.get(state.wall.campaigns.at);
    let note = chosen.map_or(String::new(), |c| format!("{}: {}", text::cut(&c.name, 20), parts::why(state, c.why)));
    let inside = parts::frame(state, buf, area, &title, &note, cursor.is_some());
    let (cols, rows) = campaigns::columns(state, &rows);
    Table { cols, rows, cursor, pane: 0 }.paint(state, buf, inside, out);
}

fn paint_trunks(state: &State, buf: &mut Buffer, area: Rect, cursor: Option<&Cursor>, out: &mut Painted) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("wall.trunks"), "", cursor.is_some());
    let cols = vec![
        col(state.t("col.trunk"), 9).grow(12),
        col(state.t("col.registered"), 6).grow(10),
        col(state.t("col.use"), 10),
        col(state.t("col.asr"), 4).right().rank(2),
        col(state.t("col.pdd"), 5).right().rank(3),
    ];
    let rows = state.board.trunks.iter().map(|t| {
        let (word, style) = match (&t.fault, t.up, t.simulated) {
            (Some(fault), _, _) => (format!("{} {}", theme.glyphs.lost, fault_text(state, fault)), theme.bad),
            (None, false, _) => (format!("{} {}", theme.glyphs.lost, state.t("trunk.down")), theme.bad),
            (None, true, true) => (format!("{} {}", theme.glyphs.yes, state.t("trunk.simulated")), theme.good),
            (None, true, false) => (format!("{} {}", theme.glyphs.yes, state.t("trunk.up")), theme.good),
        };
        let share = theme.bar(t.channels.into(), t.channels_max.into(), 3);
        let asr = if t.attempts == 0 {
            "--".into()
        } else {
            format!("{}%", u64::from(t.answers) * 100 / u64::from(t.attempts))
        };
        let pdd = if t.pdd_ms == 0 { "--".into() } else { format!("{}.{}s", t.pdd_ms / 1000, t.pdd_ms / 100 % 10) };
        vec![
            (t.name.clone(), theme.text),
            (word, style),
            (format!("{share} {}/{}", t.channels, t.channels_max), theme.text),
            (asr, theme.text),
            (pdd, theme.text),
        ]
    });
    Table { cols, rows: rows.collect(), cursor, pane: 1 }.paint(state, buf, inside, out);
}

/// A fault is a text key or words of its own.
fn fault_text(state: &State, fault: &str) -> String {
    texts::catalogue(state.lang).get(fault).cloned().unwrap_or_else(|| fault.to_owned())
}

fn paint_calls(state: &State, buf: &mut Buffer, area: Rect, cursor: Option<&Cursor>, out: &mut Painted) {
    let theme = &state.theme;
    let calls = &state.board.calls;
    let title = state.fill("wall.calls", &[("count", &calls.len().to_string())]);
    let inside = parts::frame(state, buf, area, &title, "", cursor.is_some());
    let cols = vec![
        col(state.t("col.agent"), 6).grow(3),
        col(state.t("col.customer"), 7).grow(9),
        col(state.t("col.number"), 12).grow(1),
        col(state.t("col.campaign"), 12).grow(10).rank(2),
        col(state.t("col.trunk"), 9).grow(6).rank(3),
        col(state.t("col.state"), 6),
        col(state.t("col.span"), 7).right(),
    ];
    let now = state.service_now();
    let rows = calls.iter().map(|c| {
        let seat = c.seat.and_then(|id| state.board.seat(id)).map_or("--", |s| s.extension.as_str());
        let (word, style) = parts::stage_word(state, c.stage);
        let campaign = c.campaign.clone().unwrap_or_else(|| state.t("wall.manual").to_owned());
        vec![
            (seat.to_owned(), theme.text),
            (parts::or_dash(&c.name), theme.text),
            (c.number.clone(), theme.text),
            (campaign, theme.text),
            (c.trunk.clone(), theme.text),
            (word, style),
            (clock::span(now - c.since), theme.text),
        ]
    });
    Table { cols, rows: rows.collect(), cursor, pane: 2 }.paint(state, buf, inside, out);
}

fn paint_agents(state: &State, buf: &mut Buffer, area: Rect, cursor: Option<&Cursor>, out: &mut Painted) {
    let theme = &state.theme;
    let seats = state.wall_seats();
    let title = state.fill("wall.agents", &[("count", &signed_in(state).to_string())]);
    let inside = parts::frame(state, buf, area, &title, "", cursor.is_some());
    let cols = vec![
        col(state.t("col.extension"), 5).grow(1),
        col(state.t("col.name"), 7).grow(9),
        col(state.t("col.state"), 7),
        col(state.t("col.for"), 8).right(),
        col(state.t("col.today"), 5).right().rank(2),
    ];
    let rows = seats.iter().map(|s| {
        vec![
            (s.extension.clone(), theme.text),
            (s.name.clone(), theme.text),
            parts::seat_word(state, s),
            parts::seat_span(state, s),
            (s.today_calls.to_string(), theme.text),
        ]
    });
    Table { cols, rows: rows.collect(), cursor, pane: 3 }.paint(state, buf, inside, out);
}

pub fn signed_in(state: &State) -> usize {
    state.board.seats.iter().filter(|s| s.state != SeatState::SignedOut).count()
}

fn paint_events(state: &State, buf: &mut Buffer, area: Rect) {
    let inside = parts::frame(state, buf, area, state.t("wall.events"), "", false);
    for (n, event) in state.board.events.iter().rev().take(inside.height.into()).enumerate() {
        let style = if event.alarm { state.theme.bad } else { state.theme.text };
        let line = event_line(state, event);
        text::put_text(buf, inside, inside.x, inside.y + n as u16, &text::cut(&line, inside.width.into()), style);
    }
}

/// When, an alarm's mark, and what.
pub fn event_line(state: &State, event: &EventRow) -> String {
    let args: Vec<(&str, &str)> = event.args.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mark = if event.alarm { "!" } else { " " };
    let words = texts::fill(state.lang, &event.text_key, &args);
    format!("{} {mark} {words}", clock::time_of_day(event.at, &state.zone))
}
