//! The agents, and what may be done to the chosen one.

use super::{
    ONE_PANE, Painted, parts, small,
    table::{Table, col},
};
use crate::{clock, keys, state::State, text};
use hutong_api::{board::SeatRow, live::Quality};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// A link worse than this is marked `!` (docs/rules.md): round trip ms, jitter ms, loss per mille.
const BAD: Quality = Quality { rtt_ms: 300, jitter_ms: 30, loss_permille: 30 };

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let side = if small(buf.area, ONE_PANE) {
        0
    } else if body.width < 100 {
        28
    } else {
        36
    };
    let list_area = Rect { width: body.width - side, ..body };
    let shown = state.seat_rows();
    let counts = [("shown", shown.len().to_string()), ("all", state.board.seats.len().to_string())];
    let title = state.fill("agents.list", &[("shown", &counts[0].1), ("all", &counts[1].1)]);
    let inside = parts::frame(state, buf, list_area, &title, "", true);
    if shown.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("agents.none"), state.theme.dim);
    } else {
        list(state, &shown).paint(state, buf, inside, out);
    }
    if side > 0 {
        detail(state, buf, Rect { x: body.x + list_area.width, width: side, ..body });
    }
}

fn list<'a>(state: &'a State, seats: &[&SeatRow]) -> Table<'a> {
    let theme = &state.theme;
    let cols = vec![
        col(state.t("col.extension"), 5).grow(2),
        col(state.t("col.name"), 8).grow(8),
        col(state.t("col.department"), 8).grow(6).rank(2),
        col(state.t("col.state"), 7),
        col(state.t("col.for"), 8).right(),
        col(state.t("col.campaign"), 10).grow(10).rank(1),
        col(state.t("col.today"), 5).right(),
        col(state.t("col.mean"), 6).right().rank(3),
        col(state.t("col.wrap"), 5).right().rank(4),
        col(state.t("col.net"), 6).right().rank(1),
    ];
    let rows = seats.iter().map(|s| {
        vec![
            (s.extension.clone(), theme.text),
            (s.name.clone(), theme.text),
            (s.department.clone(), theme.text),
            parts::seat_word(state, s),
            parts::seat_span(state, s),
            (s.campaign.clone().unwrap_or_else(|| "--".into()), theme.text),
            (s.today_calls.to_string(), theme.text),
            (
                mean(s.today_talk_s, s.today_calls).map_or_else(|| "--".into(), |s| clock::span(i64::from(s) * 1000)),
                theme.text,
            ),
            (mean(s.today_wrap_s, s.today_calls).map_or_else(|| "--".into(), |s| format!("{s}s")), theme.text),
            round_trip(state, s.quality),
        ]
    });
    Table { cols, rows: rows.collect(), cursor: Some(&state.agents.cursor), pane: 0 }
}

fn mean(sum: u32, count: u32) -> Option<u32> {
    sum.checked_div(count)
}

fn bad(q: Quality) -> bool {
    q.rtt_ms > BAD.rtt_ms || q.jitter_ms > BAD.jitter_ms || q.loss_permille > BAD.loss_permille
}

fn round_trip(state: &State, quality: Option<Quality>) -> (String, Style) {
    match quality {
        None => ("--".into(), state.theme.dim),
        Some(q) if bad(q) => (format!("{}!", q.rtt_ms), state.theme.bad),
        Some(q) => (format!("{}ms", q.rtt_ms), state.theme.text),
    }
}

fn detail(state: &State, buf: &mut Buffer, area: Rect) {
    let Some(seat) = state.chosen_seat() else {
        parts::frame(state, buf, area, "", "", false);
        return;
    };
    let inside = parts::frame(state, buf, area, &format!("{} {}", seat.extension, seat.name), "", false);
    let theme = &state.theme;
    let (word, style) = parts::seat_word(state, seat);
    let (span, _) = parts::seat_span(state, seat);
    let mut lines: Vec<(String, Style)> = vec![(format!("{word} {span}"), style)];
    let answer = state.t(if seat.auto_answer { "form.yes" } else { "form.no" });
    lines.push((state.fill("agents.auto_answer", &[("on", answer)]), theme.text));
    lines.push((String::new(), theme.text));
    let call = seat.call.and_then(|id| state.board.calls.iter().find(|c| c.id == id));
    if let Some(call) = call {
        lines.push((state.fill("agents.customer", &[("name", &parts::or_dash(&call.name))]), theme.text));
        lines.push((format!("     {}", call.number), theme.text));
        lines.push((state.fill("agents.trunk", &[("name", &call.trunk)]), theme.text));
        lines.push((String::new(), theme.text));
    }
    if let Some(q) = seat.quality {
        let loss = format!("{}.{}%", q.loss_permille / 10, q.loss_permille % 10);
        let args = [("rtt", q.rtt_ms.to_string()), ("loss", loss), ("jitter", q.jitter_ms.to_string())];
        let args = [("rtt", args[0].1.as_str()), ("loss", args[1].1.as_str()), ("jitter", args[2].1.as_str())];
        lines.push((state.fill("agents.quality", &args), if bad(q) { theme.bad } else { theme.text }));
    }
    let (talk, wrap) = (clock::sum(seat.today_talk_s), clock::sum(seat.today_wrap_s));
    let calls = seat.today_calls.to_string();
    lines.push((state.fill("agents.today", &[("calls", &calls), ("talk", &talk), ("wrap", &wrap)]), theme.text));
    lines.push((String::new(), theme.text));
    let does = ["force_in", "force_out", "force_idle", "message", "hang_up"];
    for bind in keys::bindings(state).into_iter().filter(|b| does.contains(&b.words)) {
        lines.push((format!("{} {}", bind.name, state.t(&format!("effect.{}", bind.words))), theme.title));
    }
    let wrapped = lines.into_iter().flat_map(|(line, style)| {
        let lines = if line.is_empty() { vec![line] } else { text::wrap(&line, inside.width.into()) };
        lines.into_iter().map(move |l| (l, style))
    });
    for (n, (line, style)) in wrapped.take(inside.height.into()).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, &line, style);
    }
}
