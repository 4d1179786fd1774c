//! The campaign list, and one campaign whole.

use super::{
    FULL, Painted, monitor, parts, small,
    table::{Col, Table, col},
};
use crate::{clock, state::State, text};
use hutong_api::board::{CampaignRow, rate_text};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

pub type Cells = Vec<Vec<(String, Style)>>;

/// The columns of campaigns, on the wall and in the list alike.
pub fn columns(state: &State, campaigns: &[&CampaignRow]) -> (Vec<Col>, Cells) {
    let theme = &state.theme;
    let cols = vec![
        col(state.t("col.campaign"), 12).grow(20),
        col(state.t("col.state"), 7),
        col(state.t("col.progress"), 14),
        col(state.t("col.done"), 11),
        col(state.t("col.rate"), 7).right(),
        col(state.t("col.abandoned"), 7).right(),
        col(state.t("col.in_flight"), 5).right(),
        col(state.t("col.to_agent"), 6).right().rank(3),
        col(state.t("col.round"), 5).right().rank(4),
        col(state.t("col.why"), 20).rank(5),
    ];
    let rows = campaigns.iter().map(|c| {
        let (word, style) = parts::campaign_word(state, c.status);
        let bar = theme.bar(c.dialled.into(), c.total.into(), 9);
        vec![
            (c.name.clone(), theme.text),
            (word, style),
            (format!("{bar}{:>4}%", c.progress_percent()), theme.text),
            (format!("{}/{}", c.dialled, c.total), theme.text),
            (c.connect_rate(), theme.text),
            (rate_text(c.abandoned, c.answered), theme.text),
            (c.in_flight.to_string(), theme.text),
            (c.to_agent.to_string(), theme.text),
            (c.round.to_string(), theme.text),
            (parts::why(state, c.why).to_owned(), theme.text),
        ]
    });
    (cols, rows.collect())
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let open = state.campaigns.detail.and_then(|id| state.board.campaigns.iter().find(|c| c.id == id));
    match open {
        Some(campaign) => detail(state, buf, body, campaign, out),
        None => list(state, buf, body, out),
    }
}

fn list(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let shown = state.campaign_rows();
    let counts = [("shown", &shown.len().to_string()), ("all", &state.board.campaigns.len().to_string())];
    let title = state.fill("campaigns.list", &counts.map(|(k, v)| (k, v.as_str())));
    let inside = parts::frame(state, buf, body, &title, "", true);
    if shown.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("campaigns.none"), state.theme.dim);
        return;
    }
    let (cols, rows) = columns(state, &shown);
    Table { cols, rows, cursor: Some(&state.campaigns.cursor), pane: 0 }.paint(state, buf, inside, out);
}

fn detail(state: &State, buf: &mut Buffer, body: Rect, campaign: &CampaignRow, out: &mut Painted) {
    if let Some(seen) = state.campaigns.watch.of(campaign.id) {
        return monitor::paint(state, buf, body, campaign, seen, out);
    }
    let upper = if small(buf.area, FULL) { 10 } else { 13 }.min(body.height);
    let left = body.width * 11 / 20;
    let first = Rect { height: upper, width: left, ..body };
    funnel(state, buf, first, campaign);
    settings(state, buf, Rect { x: body.x + left, width: body.width - left, ..first });
    let second = Rect { y: body.y + upper, height: body.height - upper, ..body };
    calls(state, buf, second, campaign, out);
}

/// From the whole list down to those who talked with an agent.
fn funnel(state: &State, buf: &mut Buffer, area: Rect, c: &CampaignRow) {
    let theme = &state.theme;
    let title = state.fill("campaigns.detail", &[("id", &c.id.to_string()), ("name", &c.name)]);
    let inside = parts::frame(state, buf, area, &title, "", true);
    let (word, style) = parts::campaign_word(state, c.status);
    let y = inside.y;
    let x = text::put_text(buf, inside, inside.x, y, &text::left(state.t("col.state"), 10), theme.head);
    let x = text::put_text(buf, inside, x, y, &format!("{word}  "), style);
    text::put_text(buf, inside, x, y, parts::why(state, c.why), theme.text);
    let facts =
        state.fill("campaigns.facts", &[("round", &c.round.to_string()), ("in_flight", &c.in_flight.to_string())]);
    text::put_text(buf, inside, inside.x, y + 1, &facts, theme.text);
    let bar_width = usize::from(inside.width.saturating_sub(26)).min(40);
    let lines = [
        ("campaigns.total", c.total, c.total, String::new()),
        ("campaigns.dialled", c.dialled, c.total, format!("{}%", c.progress_percent())),
        ("campaigns.answered", c.answered, c.total, c.connect_rate()),
        ("campaigns.to_agent", c.to_agent, c.total, rate_text(c.to_agent, c.answered)),
        ("campaigns.abandoned", c.abandoned, c.total, rate_text(c.abandoned, c.answered)),
    ];
    for (n, (key, part, whole, rate)) in lines.into_iter().enumerate() {
        let bar = theme.bar(part.into(), whole.into(), bar_width);
        let line = format!("{}{bar}{}  {rate}", text::left(state.t(key), 10), text::right(&part.to_string(), 7));
        let row = y + 3.min(inside.height.saturating_sub(5)) + n as u16;
        text::put_text(buf, inside, inside.x, row, &text::cut(&line, inside.width.into()), theme.text);
    }
}

/// What was set for it: the fields of its form, as the catalogue words them.
fn settings(state: &State, buf: &mut Buffer, area: Rect) {
    let inside = parts::frame(state, buf, area, state.t("campaigns.settings"), "", false);
    let Some(view) = state.view_of("campaigns") else { return };
    let set = |id: &str| state.campaigns.values.get(id).filter(|v| !v.is_empty());
    let shown = view.form.iter().filter_map(|f| set(&f.id).map(|v| (f, v)));
    for (n, (field, value)) in shown.take(inside.height.into()).enumerate() {
        let fetched = state.options.get(&("campaigns".to_owned(), field.id.clone()));
        let choices = fetched.unwrap_or(&field.choices);
        let value = choices.iter().find(|c| c.value == *value).map_or(value, |c| &c.label);
        let value = match value.as_str() {
            "true" => state.t("form.yes"),
            "false" => state.t("form.no"),
            other => other,
        };
        let line = format!("{} {value}", text::left(&field.title, 14));
        let y = inside.y + n as u16;
        text::put_text(buf, inside, inside.x, y, &text::cut(&line, inside.width.into()), state.theme.text);
    }
}

/// The calls it has up now.
pub fn calls(state: &State, buf: &mut Buffer, area: Rect, campaign: &CampaignRow, out: &mut Painted) {
    let theme = &state.theme;
    let mine: Vec<_> = state.board.calls.iter().filter(|c| c.campaign.as_deref() == Some(&campaign.name)).collect();
    let title = state.fill("wall.calls", &[("count", &mine.len().to_string())]);
    let inside = parts::frame(state, buf, area, &title, "", false);
    let cols = vec![
        col(state.t("col.number"), 14),
        col(state.t("col.customer"), 12).grow(12),
        col(state.t("col.agent"), 12).grow(8),
        col(state.t("col.trunk"), 10).grow(8),
        col(state.t("col.state"), 8),
        col(state.t("col.span"), 8).right(),
    ];
    let now = state.service_now();
    let rows = mine.iter().map(|c| {
        let seat = c.seat.and_then(|id| state.board.seat(id));
        vec![
            (c.number.clone(), theme.text),
            (parts::or_dash(&c.name), theme.text),
            (seat.map_or_else(|| "--".into(), |s| format!("{} {}", s.extension, s.name)), theme.text),
            (c.trunk.clone(), theme.text),
            parts::stage_word(state, c.stage),
            (clock::span(now - c.since), theme.text),
        ]
    });
    Table { cols, rows: rows.collect(), cursor: None, pane: 9 }.paint(state, buf, inside, out);
}
