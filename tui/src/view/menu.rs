//! The help, and lists to choose from.

use super::{Painted, header::type_line, parts};
use crate::{
    keys,
    state::{Menu, State},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

pub fn paint_help(state: &State, buf: &mut Buffer, body: Rect) {
    let theme = &state.theme;
    let mut lines: Vec<(&str, &str)> = Vec::new();
    let digit = |name: &str| name.len() == 1 && name.as_bytes()[0].is_ascii_digit();
    for bind in keys::bindings(state) {
        if bind.name != "1" && digit(bind.name) {
            continue;
        }
        let name = if bind.name == "1" { "1-9" } else { bind.shown(theme.ascii()) };
        lines.push((name, state.t(&format!("key.{}", bind.words))));
    }
    let rows = lines.len().div_ceil(2) as u16;
    let inside = parts::popup(state, buf, body, (76, rows + 2), state.t("help.title"), "");
    let half = inside.width / 2;
    let per = usize::from(inside.height).max(1);
    for (n, (name, words)) in lines.into_iter().take(per * 2).enumerate() {
        let column = Rect { x: inside.x + if n < per { 0 } else { half }, width: half, ..inside };
        let y = inside.y + (n % per) as u16;
        let x = text::put_text(buf, column, column.x, y, &text::left(name, 8), theme.title);
        text::put_text(buf, column, x, y, words, theme.text);
    }
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, menu: &Menu, out: &mut Painted) {
    let theme = &state.theme;
    let inside = parts::popup(state, buf, body, (56, menu.items.len() as u16 + 3), &menu.title, "");
    let first = Rect { height: 1, ..inside };
    let x = text::put_text(buf, first, first.x, first.y, "> ", theme.title);
    out.cursor =
        Some(type_line(buf, Rect { x, width: first.right().saturating_sub(x), ..first }, &menu.typed, theme.text));
    let shown = menu.shown();
    let room = usize::from(inside.height.saturating_sub(1));
    let top = if shown.len() <= room { 0 } else { menu.at.saturating_sub(room / 2).min(shown.len() - room) };
    for (n, (at, (label, _))) in shown.iter().enumerate().skip(top).take(room).enumerate() {
        let y = inside.y + 1 + n as u16;
        let style = if at == menu.at { theme.select } else { theme.text };
        text::put_text(buf, inside, inside.x, y, &text::left(label, inside.width.into()), style);
    }
}
