//! 客户资料: the list, what is known of the chosen customer, and what can be done.

use super::{Painted, page, parts};
use crate::{keys, state::State, text};
use hutong_api::{catalogue::Kind, page::Row};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

const DETAIL: u16 = 36;
/// Rows of the pane that says what can be done.
const DEEDS: u16 = 5;

/// List and detail stand side by side.
pub fn wide(state: &State) -> bool {
    state.size.0 >= 100
}

pub fn shows_detail(state: &State) -> bool {
    wide(state) || state.history.open
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    if !wide(state) {
        return if state.history.open { detail(state, buf, body) } else { page::paint(state, buf, body, out) };
    }
    let below = if body.height >= 27 { DEEDS } else { 0 };
    let upper = Rect { height: body.height - below, ..body };
    page::paint(state, buf, Rect { width: body.width - DETAIL, ..upper }, out);
    detail(state, buf, Rect { x: body.x + body.width - DETAIL, width: DETAIL, ..upper });
    if below > 0 {
        deeds(state, buf, Rect { y: upper.bottom(), height: below, ..body });
    }
}

fn detail(state: &State, buf: &mut Buffer, area: Rect) {
    let Some((view, page)) = state.page() else { return };
    let Some(row) = page.chosen() else {
        parts::frame(state, buf, area, state.t("customers.detail"), "", false);
        return;
    };
    let theme = &state.theme;
    let title = crate::update::name_of(view, &row.cells);
    let inside = parts::frame(state, buf, area, &title, "", false);
    let mut lines: Vec<(String, Style)> = Vec::new();
    for column in &view.columns {
        let value = row.cells.get(&column.id).map_or("", String::as_str);
        if column.kind != Kind::Audio && !value.is_empty() {
            let (value, _) = page::cell(state, column, row);
            lines.push((format!("{} {value}", text::left(&column.title, 9)), theme.text));
        }
    }
    let history = &state.history;
    if history.hidden {
        lines.push((String::new(), theme.text));
        lines.push((state.t("customers.hidden").into(), theme.dim));
    } else {
        let shown: [(&str, &[Row]); 2] = [("activities", &history.activities), ("calls", &history.calls)];
        for (at, (list, rows)) in shown.into_iter().enumerate() {
            let Some(of) = state.view_of(list) else { continue };
            lines.push((String::new(), theme.text));
            lines.push((format!("{0} {1} {0}", theme.glyphs.rule, of.title), theme.head));
            if rows.is_empty() {
                let key = if history.tags[at].is_some() { "status.loading" } else { "page.none" };
                lines.push((state.t(key).into(), theme.dim));
            }
            for row in rows {
                lines.push((brief(state, of, row), theme.text));
            }
        }
    }
    let mut y = inside.y;
    for (line, style) in lines {
        // A long value goes on in the next line; two are enough for the eye.
        let wrapped = if line.is_empty() { vec![line] } else { text::wrap(&line, inside.width.into()) };
        for line in wrapped.iter().take(2) {
            text::put_text(buf, inside, inside.x, y, line, style);
            y += 1;
        }
    }
}

/// A row in few words: day and time, then what its first other columns say.
fn brief(state: &State, view: &hutong_api::catalogue::PageView, row: &Row) -> String {
    let mut words = Vec::new();
    for column in &view.columns {
        let Some(value) = row.cells.get(&column.id).filter(|v| !v.is_empty()) else { continue };
        match column.kind {
            Kind::DateTime => words.insert(0, value.get(5..16).unwrap_or(value).to_owned()),
            Kind::Phone | Kind::Number => {}
            Kind::Duration if value == "00:00:00" => {}
            Kind::Audio => words.push(state.theme.glyphs.play.to_owned()),
            _ => words.push(value.clone()),
        }
    }
    words.join(" ")
}

fn deeds(state: &State, buf: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("customers.deeds"), "", false);
    let shown = ["assign", "pool", "block", "delete", "import", "export", "new", "edit", "fields"];
    let mut seen: Vec<&str> = Vec::new();
    let mut words = String::new();
    for bind in keys::bindings(state) {
        if bind.name != "Enter" && bind.name != "n" && shown.contains(&bind.words) && !seen.contains(&bind.words) {
            seen.push(bind.words);
            words += &format!("{} {}   ", bind.name, state.t(&format!("effect.{}", bind.words)));
        }
    }
    let lines = text::wrap(words.trim_end(), inside.width.into());
    for (n, line) in lines.iter().take(2).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, line, theme.text);
    }
    text::put_text(buf, inside, inside.x, inside.bottom() - 1, state.t("customers.syntax"), theme.dim);
}
