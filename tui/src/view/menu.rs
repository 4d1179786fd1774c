//! The help, and lists to choose from.

use super::{Painted, header::type_line, parts};
use crate::{
    fuzzy, keys,
    state::{Menu, State, line::LineEdit},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

/// Rows of the palette: a screen full is read by nobody.
const MOST: u16 = 22;

pub fn paint_help(state: &State, buf: &mut Buffer, body: Rect, typed: &LineEdit, out: &mut Painted) {
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
    // As large as the whole list, so that it stands still while it is narrowed.
    let rows = lines.len().div_ceil(2) as u16;
    let whole = parts::popup(state, buf, body, (76, rows + 3), state.t("help.title"), "");
    out.cursor = Some(search_line(state, buf, whole, typed));
    let inside = Rect { y: whole.y + 1, height: whole.height.saturating_sub(1), ..whole };
    lines.retain(|(name, words)| fuzzy::score(typed.text(), &format!("{words} {name}")).is_some());
    let half = inside.width / 2;
    let per = usize::from(inside.height).max(1);
    for (n, (name, words)) in lines.into_iter().take(per * 2).enumerate() {
        let column = Rect { x: inside.x + if n < per { 0 } else { half }, width: half, ..inside };
        let y = inside.y + (n % per) as u16;
        let x = text::put_text(buf, column, column.x, y, &text::left(name, 8), theme.title);
        text::put_text(buf, column, x, y, words, theme.text);
    }
}

/// `> ` and what is typed; where the cursor is.
fn search_line(state: &State, buf: &mut Buffer, inside: Rect, typed: &LineEdit) -> (u16, u16) {
    let first = Rect { height: 1, ..inside };
    let x = text::put_text(buf, first, first.x, first.y, "> ", state.theme.title);
    type_line(buf, Rect { x, width: first.right().saturating_sub(x), ..first }, typed, state.theme.text)
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, menu: &Menu, out: &mut Painted) {
    let theme = &state.theme;
    let inside =
        parts::popup(state, buf, body, (64, (menu.items.len() as u16).saturating_add(3).min(MOST)), &menu.title, "");
    out.cursor = Some(search_line(state, buf, inside, &menu.typed));
    let shown = menu.shown();
    let room = usize::from(inside.height.saturating_sub(1));
    let top = if shown.len() <= room { 0 } else { menu.at.saturating_sub(room / 2).min(shown.len() - room) };
    for (n, (at, item)) in shown.iter().enumerate().skip(top).take(room).enumerate() {
        let y = inside.y + 1 + n as u16;
        let style = if at == menu.at { theme.select } else { theme.text };
        let room = usize::from(inside.width).saturating_sub(text::width(&item.key) + 1);
        let line = format!("{} {}", text::left(&item.label, room), item.key);
        text::put_text(buf, inside, inside.x, y, &line, style);
    }
}
