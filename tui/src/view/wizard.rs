//! The import wizard: the file, its columns, its first rows, and what becomes of them.

use super::{
    Painted, import, parts,
    table::{Table, col},
};
use crate::{
    state::{State, cursor::Cursor, wizard::Step},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let top = 6.min(body.height);
    facts(state, buf, Rect { height: top, ..body });
    let rest = Rect { y: body.y + top, height: body.height - top, ..body };
    let wizard = &state.wizard;
    let Some(look) = &wizard.look else { return begin(state, buf, rest) };
    if wizard.step == Step::Run {
        return run(state, buf, rest);
    }
    let most = (rest.height / 2).max(4);
    let height = (look.columns.len() as u16 + 3).min(most);
    columns(state, buf, Rect { height, ..rest }, out);
    preview(state, buf, Rect { y: rest.y + height, height: rest.height - height, ..rest }, out);
}

/// `1文件 > [2列对应] > …`
fn steps(state: &State) -> String {
    let keys = ["wizard.file", "wizard.map", "wizard.options", "wizard.run"];
    let here = state.wizard.step as usize;
    let word = |(at, key): (usize, &&str)| {
        let words = format!("{}{}", at + 1, state.t(key));
        if at == here { format!("[{words}]") } else { words }
    };
    keys.iter().enumerate().map(word).collect::<Vec<_>>().join(" > ")
}

fn facts(state: &State, buf: &mut Buffer, area: Rect) {
    let (theme, wizard) = (&state.theme, &state.wizard);
    let title = format!("{}  {}", state.t("wizard.title"), steps(state));
    let inside = parts::frame(state, buf, area, &title, "", true);
    let mut lines: Vec<(String, Style)> = Vec::new();
    if let Some(look) = &wizard.look {
        let (rows, size) = (look.rows.to_string(), size(look.bytes));
        lines.push((
            state.fill("wizard.facts", &[("file", &look.file_name), ("size", &size), ("rows", &rows)]),
            theme.text,
        ));
        let shape = [("encoding", look.encoding.as_str()), ("separator", look.separator.as_str())];
        lines.push((state.fill("import.shape", &shape), theme.dim));
        let owners = crate::update::wizard_owners(state);
        let chosen = wizard.owners.split(',').filter(|id| !id.is_empty());
        let names = chosen.map(|id| owners.iter().find(|c| c.value == id).map_or(id, |c| c.label.as_str()));
        let names = names.collect::<Vec<_>>().join("、");
        let owners = if names.is_empty() { state.t("wizard.nobody") } else { &names };
        let existing = state.t(&format!("wizard.existing_{}", wizard.existing.word()));
        let words = state.fill("wizard.policy", &[("existing", existing), ("owners", owners)]);
        lines.push((words, if wizard.step == Step::Options { theme.title } else { theme.text }));
    } else if !wizard.path.as_os_str().is_empty() {
        lines.push((wizard.path.display().to_string(), theme.text));
    }
    if let Some(error) = &wizard.error {
        lines.push((error.clone(), theme.bad));
    }
    for (n, (line, style)) in lines.iter().enumerate() {
        let line = text::cut(line, inside.width.into());
        text::put_text(buf, inside, inside.x, inside.y + n as u16, &line, *style);
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} B"),
        10_000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

fn begin(state: &State, buf: &mut Buffer, area: Rect) {
    let inside = parts::frame(state, buf, area, state.t("wizard.how"), "", false);
    let words = if state.wizard.looking { "import.sending" } else { "wizard.begin" };
    for (n, line) in text::wrap(state.t(words), inside.width.into()).iter().enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, line, state.theme.text);
    }
}

fn columns(state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
    let (theme, wizard) = (&state.theme, &state.wizard);
    let Some(look) = &wizard.look else { return };
    let mapping = wizard.step == Step::Map;
    let inside = parts::frame(state, buf, area, state.t("wizard.map"), "", mapping);
    let cols = vec![
        col("#", 3).right(),
        col(state.t("wizard.header"), 16).grow(10),
        col(state.t("wizard.field"), 22).grow(8),
        col(state.t("wizard.sample"), 20).grow(60),
    ];
    let rows = look.columns.iter().enumerate().map(|(at, column)| {
        let given = wizard.columns.get(at).map_or("", String::as_str);
        let title = wizard.field_title(given).unwrap_or(state.t("wizard.ignored"));
        let note = if column.remembered && column.field == given { state.t("wizard.remembered") } else { "" };
        let field = if mapping && at == wizard.at { format!("< {title} >") } else { format!("{title} {note}") };
        let sample = look.first.first().and_then(|row| row.get(at)).map_or("", String::as_str);
        let style = if given.is_empty() { theme.dim } else { theme.text };
        vec![
            ((at + 1).to_string(), theme.dim),
            (column.header.clone(), theme.text),
            (field, style),
            (sample.to_owned(), theme.text),
        ]
    });
    let mut cursor = Cursor::default();
    let ids: Vec<i64> = (0..look.columns.len() as i64).collect();
    cursor.put(wizard.at, &ids);
    let cursor = mapping.then_some(&cursor);
    Table { cols, rows: rows.collect(), cursor, pane: 0 }.paint(state, buf, inside, out);
}

/// The first rows under the fields they are given to.
fn preview(state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
    let wizard = &state.wizard;
    let Some(look) = &wizard.look else { return };
    let inside = parts::frame(state, buf, area, state.t("wizard.preview"), "", false);
    let given: Vec<usize> = (0..wizard.columns.len()).filter(|at| !wizard.columns[*at].is_empty()).collect();
    let mut cols = vec![col(state.t("wizard.line"), 4).right()];
    for at in &given {
        cols.push(col(wizard.field_title(&wizard.columns[*at]).unwrap_or_default(), 16).grow(8).rank(1));
    }
    let rows = look.first.iter().enumerate().map(|(n, row)| {
        let number = ((n + 2).to_string(), state.theme.dim);
        let cell = |at: &usize| (row.get(*at).cloned().unwrap_or_default(), state.theme.text);
        std::iter::once(number).chain(given.iter().map(cell)).collect()
    });
    Table { cols, rows: rows.collect(), cursor: None, pane: 9 }.paint(state, buf, inside, out);
}

fn run(state: &State, buf: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let inside = parts::frame(state, buf, area, state.t("wizard.progress"), "", true);
    let status = state.import.as_ref().and_then(|i| i.status.as_ref());
    let Some(status) = status else {
        text::put_text(buf, inside, inside.x, inside.y, state.t("import.sending"), theme.text);
        return;
    };
    let mut lines = import::lines(state, status, inside.width);
    if !crate::update::import_runs(state) {
        let mut say = |key: &str| lines.insert(3, (state.t(key).to_owned(), theme.title));
        if status.undo.is_some() {
            say("wizard.can_undo");
        }
        if crate::update::wizard_has_rejects(state) {
            say("wizard.can_save");
        }
    }
    for (n, (line, style)) in lines.iter().take(inside.height.into()).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, &text::cut(line, inside.width.into()), *style);
    }
}
