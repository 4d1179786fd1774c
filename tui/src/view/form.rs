//! A form over the screen.

use super::{Painted, header::type_line, parts};
use crate::{
    state::{
        State,
        form::{Form, FormField},
        pick::Picker,
    },
    text,
};
use hutong_api::catalogue::Kind;
use ratatui::{buffer::Buffer, layout::Rect};

const LABEL: u16 = 18;
const WIDTH: u16 = 76;

/// A line of the form: a heading, or a field by its number.
enum Line<'a> {
    Heading(&'a str),
    Field(usize),
}

/// Fields of one group stand under its heading, advanced ones under theirs.
fn lines<'a>(state: &State, form: &'a Form) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut under = "";
    for (at, field) in form.fields.iter().enumerate() {
        let heading = if field.group.is_empty() && field.advanced { state.t("form.advanced") } else { &field.group };
        if heading != under && !heading.is_empty() {
            lines.push(Line::Heading(heading));
        }
        under = heading;
        lines.push(Line::Field(at));
    }
    lines
}

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, form: &Form, out: &mut Painted) {
    let theme = &state.theme;
    let lines = lines(state, form);
    let words = foot(state, form);
    let width = WIDTH.min(body.width.saturating_sub(2)).saturating_sub(4);
    let foot = text::wrap(&words.0, width.into());
    let below = foot.len().clamp(1, 3) as u16;
    let height = lines.len() as u16 + below + 3;
    let inside = parts::popup(state, buf, body, (WIDTH, height), &form.title, "");
    let room = usize::from(inside.height.saturating_sub(below + 1));
    let focus = lines.iter().position(|l| matches!(l, Line::Field(at) if *at == form.focus)).unwrap_or(0);
    let top = if lines.len() <= room { 0 } else { focus.saturating_sub(room / 2).min(lines.len() - room) };
    for (n, line) in lines.iter().skip(top).take(room).enumerate() {
        let y = inside.y + n as u16;
        match line {
            Line::Heading(title) => {
                let rule = theme.glyphs.rule;
                text::put_text(buf, inside, inside.x, y, &format!("{rule} {title} {rule}"), theme.head);
            }
            Line::Field(at) => field(state, buf, Rect { y, height: 1, ..inside }, form, *at, out),
        }
    }
    for (n, line) in foot.iter().take(below.into()).enumerate() {
        text::put_text(buf, inside, inside.x, inside.bottom().saturating_sub(below) + n as u16, line, words.1);
    }
    if let Some(picker) = &form.picker {
        super::pick::paint(state, buf, body, picker, out);
    }
}

fn field(state: &State, buf: &mut Buffer, area: Rect, form: &Form, at: usize, out: &mut Painted) {
    let theme = &state.theme;
    let Some(field) = form.fields.get(at) else { return };
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
    text::put_text(buf, area, area.x, area.y, &label, style);
    let cell = Rect { x: area.x + LABEL, width: area.width.saturating_sub(LABEL), ..area };
    if focused && !field.picks() && !field.ticks() && field.kind != Kind::Password {
        out.cursor = Some(type_line(buf, cell, &field.line, style));
        return;
    }
    let shown = shown(state, field, focused);
    let line = text::one_line(&shown);
    text::put_text(buf, cell, cell.x, cell.y, &text::cut(&line, cell.width.into()), style);
    if focused {
        out.cursor = Some((cell.x + (text::width(&shown) as u16).min(cell.width.saturating_sub(1)), cell.y));
    }
}

/// What the last lines say: an error, or why the field matters and how it is written.
fn foot(state: &State, form: &Form) -> (String, ratatui::style::Style) {
    let theme = &state.theme;
    match (&form.error, form.waiting, form.fields.get(form.focus)) {
        (Some(error), _, _) => (error.clone(), theme.bad),
        (None, true, _) => (state.t("form.waiting").to_owned(), theme.dim),
        (None, false, Some(field)) => (format!("{}  {}", field.hint, hint(state, field)).trim().to_owned(), theme.dim),
        (None, false, None) => (String::new(), theme.dim),
    }
}

fn shown(state: &State, field: &FormField, focused: bool) -> String {
    let words = match field.kind {
        Kind::Permissions if !field.value().is_empty() => {
            let ticked = Picker::of_tree(String::new(), &state.permissions, field.value()).count();
            state.fill("form.ticked", &[("count", &ticked.to_string())])
        }
        _ => parts::or_dash(&field.shown()),
    };
    if focused && field.picks() { format!("< {words} >") } else { words }
}

/// How this kind of value is written.
fn hint(state: &State, field: &FormField) -> &'static str {
    state.t(match field.kind {
        Kind::Select | Kind::YesNo => "form.hint.pick",
        Kind::Choices | Kind::Permissions => "form.hint.tick",
        Kind::Date => "form.hint.date",
        Kind::DateTime => "form.hint.date_time",
        Kind::Span => "form.hint.span",
        Kind::Duration => "form.hint.duration",
        Kind::Money => "form.hint.money",
        Kind::Number | Kind::Percent => "form.hint.number",
        Kind::Phone => "form.hint.phone",
        Kind::File => "form.hint.file",
        Kind::Password => "form.hint.password",
        Kind::LongText => "form.hint.long_text",
        Kind::Text | Kind::Audio => "form.hint.text",
    })
}
