//! 公告 and messages: the list, or the one being read.

use super::{
    Painted, parts,
    table::{Table, col},
};
use crate::{
    clock,
    state::{State, cursor::Cursor},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

const SIZE: (u16, u16) = (92, 18);

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let entries = state.inbox.entries();
    let theme = &state.theme;
    if let Some(entry) = state.inbox.reading() {
        let lines = text::wrap(&entry.body, usize::from(SIZE.0.min(body.width.saturating_sub(2)).saturating_sub(4)));
        let height = (lines.len() as u16).saturating_add(4).min(SIZE.1);
        let inside = parts::popup(state, buf, body, (SIZE.0, height), &entry.title, "");
        let facts = format!("{}  {}", clock::day_and_time(entry.at, &state.zone), entry.by);
        text::put_text(buf, inside, inside.x, inside.y, &facts, theme.dim);
        let room = usize::from(inside.height.saturating_sub(2));
        let gone = state.inbox.gone.min(lines.len().saturating_sub(room));
        for (n, line) in lines.iter().skip(gone).take(room).enumerate() {
            text::put_text(buf, inside, inside.x, inside.y + 2 + n as u16, line, theme.text);
        }
        return;
    }
    let unread = state.inbox.unread().to_string();
    let size = (SIZE.0, (entries.len() as u16).saturating_add(3).clamp(6, SIZE.1));
    let inside = parts::popup(state, buf, body, size, &state.fill("inbox.title", &[("unread", &unread)]), "");
    if entries.is_empty() {
        text::put_text(buf, inside, inside.x, inside.y, state.t("inbox.none"), theme.dim);
        return;
    }
    let cols = vec![
        col(state.t("col.state"), 6),
        col(state.t("col.time"), 11),
        col(state.t("inbox.from"), 14),
        col(state.t("col.what"), 20).grow(80),
    ];
    let rows = entries.iter().map(|entry| {
        let (word, style) = match (entry.read, entry.urgent) {
            (true, _) => ("inbox.read", theme.dim),
            (false, true) => ("inbox.urgent", theme.bad),
            (false, false) => ("inbox.unread", theme.good),
        };
        vec![
            (state.t(word).to_owned(), style),
            (clock::day_and_time(entry.at, &state.zone), theme.text),
            (parts::or_dash(&entry.by), theme.text),
            (text::one_line(&entry.title), theme.text),
        ]
    });
    let ids: Vec<i64> = (0..entries.len() as i64).collect();
    let mut cursor = Cursor::default();
    cursor.put(state.inbox.at, &ids);
    Table { cols, rows: rows.collect(), cursor: Some(&cursor), pane: 0 }.paint(state, buf, inside, out);
}
