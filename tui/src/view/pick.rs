//! A list to tick, over the form it belongs to.

use super::{Painted, parts};
use crate::{
    state::{
        State,
        pick::{Picker, Tick},
    },
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

const WIDTH: u16 = 56;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, picker: &Picker, out: &mut Painted) {
    let theme = &state.theme;
    let note = state.fill("form.ticked", &[("count", &picker.count().to_string())]);
    let height = (picker.rows.len() as u16).saturating_add(2).max(4);
    let inside = parts::popup(state, buf, body, (WIDTH, height), &picker.title, &note);
    if picker.rows.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("form.no_choice"), theme.dim);
    }
    let room = usize::from(inside.height);
    let top = match picker.rows.len() <= room {
        true => 0,
        false => picker.at.saturating_sub(room / 2).min(picker.rows.len() - room),
    };
    for (n, (at, row)) in picker.rows.iter().enumerate().skip(top).take(room).enumerate() {
        let y = inside.y + n as u16;
        let tick = match picker.tick(at) {
            Tick::No => "[ ]",
            Tick::Some => "[-]",
            Tick::All => "[x]",
        };
        let (indent, style) = if row.value.is_none() { ("", theme.head) } else { ("  ", theme.text) };
        let line = text::left(&format!("{indent}{tick} {}", row.label), inside.width.into());
        let style = if at == picker.at { theme.select } else { style };
        text::put_text(buf, inside, inside.x, y, &line, style);
        if at == picker.at {
            out.cursor = Some((inside.x, y));
        }
    }
}
