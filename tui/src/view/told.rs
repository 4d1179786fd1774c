//! What a button told, where it is more than a line.

use super::parts;
use crate::{state::State, text};
use ratatui::{buffer::Buffer, layout::Rect};

const WIDTH: u16 = 76;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, words: &str) {
    let width = usize::from(WIDTH.min(body.width.saturating_sub(2)).saturating_sub(4));
    let lines = text::wrap(words, width);
    let height = (lines.len() as u16).saturating_add(2).min(body.height);
    let inside = parts::popup(state, buf, body, (WIDTH, height), "", "");
    for (n, line) in lines.iter().take(usize::from(inside.height)).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, line, state.theme.text);
    }
}
