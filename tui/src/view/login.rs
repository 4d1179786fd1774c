//! The login screen, and the question about a certificate.

use super::{Painted, header::type_line, parts};
use crate::{
    state::{State, line::LineEdit},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

const LABEL: u16 = 14;

pub fn paint(state: &State, buf: &mut Buffer, out: &mut Painted) {
    let inside = parts::popup(state, buf, buf.area, (58, 13), state.t("login.title"), &state.server);
    let theme = &state.theme;
    for (at, key) in ["login.company", "login.account", "login.password"].iter().enumerate() {
        let y = inside.y + 1 + at as u16 * 2;
        let focused = at == state.login.focus;
        let label = if focused { theme.title } else { theme.text };
        text::put_text(buf, inside, inside.x, y, state.t(key), label);
        let field = Rect { x: inside.x + LABEL, y, width: inside.width.saturating_sub(LABEL), height: 1 };
        buf.set_style(field, theme.head);
        let line = &state.login.fields[at];
        let shown = if at == 2 { LineEdit::new(&"*".repeat(line.text().chars().count())) } else { line.clone() };
        for x in field.left()..field.right() {
            buf[(x, y)].set_symbol("_");
        }
        let cursor = type_line(buf, field, &shown, label);
        if focused {
            out.cursor = Some(cursor);
        }
    }
    let y = inside.y + 7;
    let room = usize::from(inside.width);
    let (words, style) = match (&state.login.error, state.login.waiting) {
        (_, true) => (state.t("login.waiting").to_owned(), theme.text),
        (Some(error), _) => (error.clone(), theme.bad),
        _ => (String::new(), theme.text),
    };
    for (n, line) in text::wrap(&words, room).iter().take(2).enumerate() {
        text::put_text(buf, inside, inside.x, y + n as u16, line, style);
    }
    text::put_text(
        buf,
        inside,
        inside.x,
        inside.bottom().saturating_sub(1),
        &text::cut(state.t("login.keys"), room),
        theme.dim,
    );
}

pub fn paint_trust(state: &State, buf: &mut Buffer, fingerprint: &str, known: Option<&str>) {
    let inside = parts::popup(state, buf, buf.area, (72, 14), state.t("trust.title"), state.t("trust.keys"));
    let theme = &state.theme;
    let (words, style) = match known {
        None => (state.t("trust.first"), theme.text),
        Some(_) => (state.t("trust.changed"), theme.bad),
    };
    let mut y = inside.y;
    for line in text::wrap(words, inside.width.into()) {
        text::put_text(buf, inside, inside.x, y, &line, style);
        y += 1;
    }
    y += 1;
    for half in [fingerprint.get(..32), fingerprint.get(32..)].into_iter().flatten() {
        text::put_text(buf, inside, inside.x, y, &grouped(half), theme.title);
        y += 1;
    }
}

/// Hex in groups of four, as people compare it.
fn grouped(hex: &str) -> String {
    hex.as_bytes().chunks(4).map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join(" ")
}
