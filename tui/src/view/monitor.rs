//! 任务监控: one task whole, as docs/rules.md has it of the console's second screen.

use super::{
    FULL, Painted, campaigns, parts, small,
    table::{Table, col},
};
use crate::{clock, state::State, text};
use hutong_api::{
    board::{CampaignRow, rate_text},
    monitor::TaskMonitor,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// Columns of a title before its value; of a fact's, which the form words.
const TITLE: usize = 10;
const FACT: usize = 16;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, row: &CampaignRow, seen: &TaskMonitor, out: &mut Painted) {
    let compact = small(buf.area, FULL);
    let (upper, middle) = if compact { (body.height.saturating_sub(9), 9) } else { (14, 9) };
    let left = body.width * 11 / 20;
    let first = Rect { height: upper, width: left, ..body };
    let second = Rect { y: body.y + upper, height: middle, ..body };
    let beside = |row: Rect| Rect { x: body.x + left, width: body.width - left, ..row };
    funnel(state, buf, first, row, seen, compact);
    pace(state, buf, beside(first), seen, compact);
    causes(state, buf, Rect { width: left, ..second }, seen, out);
    hours(state, buf, beside(second), seen);
    if !compact {
        let third = Rect { y: second.y + middle, height: body.height - upper - middle, ..body };
        campaigns::calls(state, buf, third, row, out);
    }
}

fn funnel(state: &State, buf: &mut Buffer, area: Rect, row: &CampaignRow, seen: &TaskMonitor, compact: bool) {
    let theme = &state.theme;
    let title = state.fill("campaigns.detail", &[("id", &seen.id.to_string()), ("name", &seen.name)]);
    let inside = parts::frame(state, buf, area, &title, "", true);
    let (word, style) = parts::campaign_word(state, seen.status);
    let mut y = inside.y;
    let x = text::put_text(buf, inside, inside.x, y, &text::left(state.t("col.state"), TITLE), theme.head);
    let x = text::put_text(buf, inside, x, y, &format!("{word}  "), style);
    text::put_text(buf, inside, x, y, &text::cut(&seen.why, inside.right().saturating_sub(x).into()), theme.text);
    y += 1;
    let facts = if compact { &[] } else { seen.facts.as_slice() };
    for pair in facts.chunks(2) {
        let half = inside.width / 2;
        for (at, (title, value)) in pair.iter().enumerate() {
            let x = inside.x + half * at as u16;
            let x = text::put_text(buf, inside, x, y, &text::left(title, FACT), theme.head);
            text::put_text(
                buf,
                inside,
                x,
                y,
                &text::cut(value, usize::from(half).saturating_sub(FACT + 1)),
                theme.text,
            );
        }
        y += 1;
    }
    let round =
        state.fill("campaigns.facts", &[("round", &row.round.to_string()), ("in_flight", &row.in_flight.to_string())]);
    text::put_text(buf, inside, inside.x, y, &round, theme.text);
    y += 2;
    let most = seen.funnel.iter().map(|stage| stage.count).max().unwrap_or_default();
    let bar_width = usize::from(inside.width).saturating_sub(TITLE + 7 + 9).min(40);
    for stage in &seen.funnel {
        let bar = theme.bar(stage.count.into(), most.into(), bar_width);
        let count = text::right(&stage.count.to_string(), 7);
        let line = format!("{}{bar}{count}  {}", text::left(&stage.title, TITLE), stage.share);
        text::put_text(buf, inside, inside.x, y, &text::cut(&line, inside.width.into()), theme.text);
        y += 1;
    }
}

fn pace(state: &State, buf: &mut Buffer, area: Rect, seen: &TaskMonitor, compact: bool) {
    let theme = &state.theme;
    let pace = &seen.pace;
    let inside = parts::frame(state, buf, area, &state.fill("monitor.pace", &[("mode", &pace.mode)]), "", false);
    let legs: Vec<String> = pace.legs.iter().map(|(title, count)| format!("{title}{count}")).collect();
    let numbers =
        [("agents", pace.agents.to_string()), ("free", pace.free.to_string()), ("ratio", pace.per_agent.clone())];
    let numbers: Vec<_> = numbers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let over = pace.abandoned_bp > pace.cap_bp;
    let rest = usize::from(inside.width).saturating_sub(TITLE);
    let share = format!(" {}/{}", rate_text(pace.abandoned_bp, 10_000), rate_text(pace.cap_bp, 10_000));
    let width = rest.saturating_sub(share.len()).min(24);
    let gauge = theme.bar(pace.abandoned_bp.into(), pace.cap_bp.max(1).into(), width) + &share;
    let bad = if over { theme.bad } else { theme.text };
    let mut lines: Vec<(&str, String, Style)> = vec![
        ("monitor.legs", legs.join(" "), theme.text),
        ("monitor.agents", state.fill("monitor.agents_said", &numbers), theme.text),
        ("monitor.abandoned", gauge, bad),
        ("monitor.wait", pace.wait.clone(), theme.text),
    ];
    // Where there is no room for sentences the moment alone is told.
    if compact {
        let at = pace.done_at.map_or_else(|| "--".to_owned(), |at| clock::day_and_time(at, &state.zone));
        lines.push(("monitor.eta", at, theme.text));
    } else {
        lines.insert(3, ("", pace.abandoned.clone(), bad));
        lines.push(("monitor.eta", pace.eta.clone(), theme.text));
    }
    let mut y = inside.y;
    for (title, said, style) in lines {
        let title = if title.is_empty() { "" } else { state.t(title) };
        text::put_text(buf, inside, inside.x, y, &text::left(title, TITLE), theme.head);
        for line in text::wrap(&said, rest) {
            text::put_text(buf, inside, inside.x + TITLE as u16, y, &line, style);
            y += 1;
        }
    }
}

fn causes(state: &State, buf: &mut Buffer, area: Rect, seen: &TaskMonitor, out: &mut Painted) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("monitor.causes"), "", false);
    if seen.causes.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("monitor.no_causes"), theme.dim);
        return;
    }
    let cols = vec![
        col(state.t("monitor.cause"), 8).grow(4),
        col("SIP", 3),
        col(state.t("monitor.count"), 5).right(),
        col(state.t("monitor.share"), 6).right().rank(2),
        col(state.t("monitor.next"), 19).grow(9),
    ];
    let rows = seen.causes.iter().map(|cause| {
        let cells =
            [&cause.title, &cause.sip, &cause.count.to_string(), &cause.share, &cause.next].map(String::to_owned);
        cells.into_iter().map(|cell| (cell, theme.text)).collect()
    });
    Table { cols, rows: rows.collect(), cursor: None, pane: 8 }.paint(state, buf, inside, out);
}

/// A glyph an hour, and the newest hours in figures.
fn hours(state: &State, buf: &mut Buffer, area: Rect, seen: &TaskMonitor) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("monitor.hours"), "", false);
    let line = |n: u16, title: &str, words: &str, buf: &mut Buffer| {
        text::put_text(buf, inside, inside.x, inside.y + n, &text::left(title, 6), theme.head);
        text::put_text(buf, inside, inside.x + 6, inside.y + n, words, theme.text);
    };
    line(0, state.t("monitor.calls"), &theme.spark(&seen.calls_by_hour), buf);
    line(1, state.t("monitor.answered"), &theme.spark(&seen.answered_by_hour), buf);
    line(2, "", "0     6     12    18    ", buf);
    let called = (0..24).rev().filter(|hour| seen.calls_by_hour.get(*hour).is_some_and(|calls| *calls > 0));
    let room = usize::from(inside.height.saturating_sub(3));
    for (n, hour) in called.take(room).enumerate() {
        let (calls, answered) =
            (seen.calls_by_hour[hour], seen.answered_by_hour.get(hour).copied().unwrap_or_default());
        let parts = [hour.to_string(), calls.to_string(), answered.to_string(), rate_text(answered, calls)];
        let args: Vec<_> =
            ["hour", "calls", "answered", "rate"].into_iter().zip(parts.iter().map(String::as_str)).collect();
        let said = state.fill("monitor.hour", &args);
        let y = inside.y + 3 + n as u16;
        text::put_text(buf, inside, inside.x, y, &text::cut(&said, inside.width.into()), theme.text);
    }
}
