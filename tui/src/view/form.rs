//! A form over the screen.

use super::{Painted, header::type_line, parts};
use crate::{
    state::{
        State,
        form::{Form, FormField},
    },
    text,
};
use hutong_api::catalogue::Kind;
use ratatui::{buffer::Buffer, layout::Rect};

const LABEL: u16 = 18;
const WIDTH: u16 = 76;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, form: &Form, out: &mut Painted) {
    let theme = &state.theme;
    let height = form.fields.len() as u16 + 4;
    let inside = parts::popup(state, buf, body, (WIDTH, height), &form.title, "");
    let room = usize::from(inside.height.saturating_sub(2));
    let top =
        if form.fields.len() <= room { 0 } else { form.focus.saturating_sub(room / 2).min(form.fields.len() - room) };
    for (n, (at, field)) in form.fields.iter().enumerate().skip(top).take(room).enumerate() {
        let y = inside.y + n as u16;
        let focused = at == form.focus;
        let style = if focused {
            theme.title
        } else if field.locked {
            theme.dim
        } else {
            theme.text
        };
        let star = if field.required { "*" } else { " " };
        let label = format!("{star}{}", text::cut(&field.title, usize::from(LABEL - 2)));
        text::put_text(buf, inside, inside.x, y, &label, style);
        let cell = Rect { x: inside.x + LABEL, y, width: inside.width.saturating_sub(LABEL), height: 1 };
        if focused && !field.picks() && field.kind != Kind::Password {
            out.cursor = Some(type_line(buf, cell, &field.line, style));
        } else {
            let shown = shown(field, focused);
            text::put_text(buf, cell, cell.x, y, &text::cut(&shown, cell.width.into()), style);
            if focused {
                out.cursor = Some((cell.x + (text::width(&shown) as u16).min(cell.width.saturating_sub(1)), y));
            }
        }
    }
    let (words, style) = match (&form.error, form.waiting) {
        (Some(error), _) => (error.as_str(), theme.bad),
        (None, true) => (state.t("form.waiting"), theme.dim),
        _ => match form.fields.get(form.focus) {
            Some(field) => (hint(state, field), theme.dim),
            None => ("", theme.dim),
        },
    };
    let y = inside.bottom().saturating_sub(1);
    text::put_text(buf, inside, inside.x, y, &text::cut(words, inside.width.into()), style);
}

fn shown(field: &FormField, focused: bool) -> String {
    let words = parts::or_dash(&field.shown());
    if focused && field.picks() { format!("< {words} >") } else { words }
}

/// How this kind of value is written.
fn hint(state: &State, field: &FormField) -> &'static str {
    state.t(match field.kind {
        Kind::Select | Kind::YesNo | Kind::Choices | Kind::Permissions => "form.hint.pick",
        Kind::Date | Kind::DateTime => "form.hint.date_time",
        Kind::Span => "form.hint.span",
        Kind::Duration => "form.hint.duration",
        Kind::Money => "form.hint.money",
        Kind::Number | Kind::Percent => "form.hint.number",
        Kind::Phone => "form.hint.phone",
        Kind::File => "form.hint.file",
        Kind::Password => "form.hint.password",
        Kind::Text | Kind::LongText | Kind::Audio => "form.hint.text",
    })
}
