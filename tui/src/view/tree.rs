//! Pages that share a tab: the tree of the menus, the page chosen there, and why its settings matter.

use super::{Painted, page, parts, small};
use crate::{
    event::Hit,
    state::{Modal, State},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// The tree's pane, for the mouse.
pub const PANE: usize = 7;
const TREE: u16 = 20;
const WHY: u16 = 34;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    if small(buf.area, super::ONE_PANE) {
        return if state.in_tree { tree(state, buf, body, out) } else { page::paint(state, buf, body, out) };
    }
    tree(state, buf, Rect { width: TREE, ..body }, out);
    let rest = beside(state, body);
    page::paint(state, buf, rest, out);
    if rest.right() < body.right() {
        why(state, buf, Rect { x: rest.right(), width: body.right() - rest.right(), ..body });
    }
}

/// What is left of the body for the page.
fn beside(state: &State, body: Rect) -> Rect {
    let why = if state.size.0 >= 110 && has_hints(state) { WHY } else { 0 };
    Rect { x: body.x + TREE, width: body.width - TREE - why, ..body }
}

/// Where a form stands, so that the tree and the reasons stay in sight.
pub fn middle(state: &State, body: Rect) -> Rect {
    let room = beside(state, Rect { width: body.width.max(TREE + WHY), ..body });
    let beside_tree = state.tree_here().len() > 1 && state.size.0 >= 110 && room.width >= 56;
    if beside_tree { room } else { body }
}

fn has_hints(state: &State) -> bool {
    let fields = state.page().into_iter().flat_map(|(view, _)| &view.form);
    fields.into_iter().any(|f| !f.hint.is_empty())
}

fn tree(state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
    let theme = &state.theme;
    let title = state.tab_title(&state.screen);
    let inside = parts::frame(state, buf, area, &title, "", state.in_tree);
    let pages = state.tree_here();
    // A heading where the menu changes, then its pages.
    let mut lines: Vec<(Option<usize>, String)> = Vec::new();
    let mut menu = "";
    for (at, page) in pages.iter().enumerate() {
        if page.menu != menu {
            lines.push((None, page.menu_title.clone()));
        }
        menu = &page.menu;
        lines.push((Some(at), page.title.clone()));
    }
    let here = state.page_id();
    let chosen = lines.iter().position(|(at, _)| at.is_some_and(|at| Some(pages[at].id.as_str()) == here));
    let (room, chosen) = (usize::from(inside.height), chosen.unwrap_or(0));
    let top = if lines.len() <= room { 0 } else { chosen.saturating_sub(room / 2).min(lines.len() - room) };
    for (n, (line, (at, words))) in lines.iter().enumerate().skip(top).take(room).enumerate() {
        let row = Rect { y: inside.y + n as u16, height: 1, ..inside };
        let mark = if line == chosen { "> " } else { "  " };
        let (words, style) = match at {
            None => (text::left(words, inside.width.into()), theme.head),
            Some(_) => (text::left(&format!("{mark}{words}"), inside.width.into()), theme.text),
        };
        text::put_text(buf, row, row.x, row.y, &words, style);
        if line == chosen {
            buf.set_style(row, if state.in_tree { theme.select } else { theme.title });
        }
        if let Some(at) = at {
            out.hits.push((row, Hit::Row(PANE, *at)));
        }
    }
}

/// The field under the cursor explained, or every field that has a reason.
fn why(state: &State, buf: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("tree.why"), "", false);
    let mut lines: Vec<(String, Style)> = Vec::new();
    let mut tell = |title: &str, hint: &str| {
        lines.push((title.to_owned(), theme.title));
        lines.extend(text::wrap(hint, inside.width.into()).into_iter().map(|l| (l, theme.text)));
        lines.push((String::new(), theme.text));
    };
    match &state.modal {
        Some(Modal::Form(form)) => {
            if let Some(field) = form.fields.get(form.focus).filter(|f| !f.hint.is_empty()) {
                tell(&field.title, &field.hint);
            }
        }
        _ => {
            for field in state.page().into_iter().flat_map(|(view, _)| &view.form).filter(|f| !f.hint.is_empty()) {
                tell(&field.title, &field.hint);
            }
        }
    }
    for (n, (line, style)) in lines.iter().take(inside.height.into()).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, line, *style);
    }
}
