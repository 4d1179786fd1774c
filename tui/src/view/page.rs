//! A page of the catalogue as a table, as PageView describes it.

use super::{
    Painted, parts, player,
    table::{Col, Table, col},
};
use crate::{
    state::{LogPane, Screen, State},
    text,
};
use hutong_api::{
    Phone,
    catalogue::{ColumnView, Kind, Place},
    page::Row,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

/// Rows of the player's pane.
const PLAYER: u16 = 9;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect, out: &mut Painted) {
    let Some((view, page)) = state.page() else { return };
    let below = if state.player.is_some() { PLAYER.min(body.height / 2) } else { 0 };
    let area = Rect { height: body.height - below, ..body };
    let total = if page.more { format!("{}+", page.total) } else { page.total.to_string() };
    let counts = [page.page.to_string(), page.pages().to_string(), total, page.size.to_string()];
    let note = state.fill(
        "page.count",
        &[("page", &counts[0]), ("pages", &counts[1]), ("total", &counts[2]), ("size", &counts[3])],
    );
    let marked = match page.meant() {
        0 => String::new(),
        _ if page.all => state.fill("page.all", &[("count", &page.total.to_string())]),
        n => state.fill("page.marked", &[("count", &n.to_string())]),
    };
    let parts = [marked, note].into_iter().chain(page.notes.iter().cloned());
    let note = parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join("  ");
    let title = match set_filters(state) {
        filters if filters.is_empty() => view.title.clone(),
        filters => format!("{}  {} {filters}", view.title, state.t("page.filter")),
    };
    let focused = match state.screen {
        Screen::Log => state.log.pane == LogPane::Audit,
        _ => !state.in_tree,
    };
    let inside = parts::frame(state, buf, area, &title, &note, focused);
    if page.rows.is_empty() && !page.loading {
        text::put_text(buf, inside, inside.x, inside.y + 1, state.t("page.none"), state.theme.dim);
    }
    let ticks = view.actions.iter().any(|a| a.place == Place::Selection);
    let room = inside.width.saturating_sub(if ticks { 2 } else { 0 });
    let shown = columns(&view.columns, page.shift, room);
    let tick = |id: i64| {
        let on = page.all || page.marked.contains(&id);
        ticks.then(|| (if on { "x" } else { "" }.to_owned(), state.theme.title))
    };
    let rows = page.rows.iter().map(|row| {
        let cells = shown.iter().map(|c| cell(state, c, row));
        tick(row.id).into_iter().chain(cells).collect()
    });
    let mut cols: Vec<Col> = Vec::new();
    if ticks {
        cols.push(col("", 1));
    }
    cols.extend(shown.iter().map(|c| table_column(c)));
    if let Some(last) = cols.iter_mut().rev().find(|c| !c.right) {
        last.grow = 40;
    }
    Table {
        cols,
        rows: rows.collect(),
        cursor: focused.then_some(&page.cursor),
        pane: if state.screen == Screen::Log { 1 } else { 0 },
    }
    .paint(state, buf, inside, out);
    if below > 0 {
        player::paint(state, buf, Rect { y: area.bottom(), height: below, ..body });
    }
}

/// The first column stays; the others from `shift` on, as many as there is room for.
fn columns(all: &[ColumnView], shift: usize, room: u16) -> Vec<&ColumnView> {
    let mut left = room;
    let mut out = Vec::new();
    for (at, column) in all.iter().enumerate() {
        if at > 0 && at <= shift {
            continue;
        }
        let need = width(column) + u16::from(at > 0);
        if need > left && !out.is_empty() {
            break;
        }
        left = left.saturating_sub(need);
        out.push(column);
    }
    out
}

/// Wide enough for its title too; of a recording only a mark is shown.
fn width(column: &ColumnView) -> u16 {
    let own = if column.kind == Kind::Audio { 1 } else { column.width };
    own.max(text::width(&column.title).min(16) as u16)
}

fn table_column(column: &ColumnView) -> Col {
    let out = col(&column.title, width(column));
    match column.kind {
        Kind::Number | Kind::Money | Kind::Percent | Kind::Duration => out.right(),
        _ => out,
    }
}

pub fn cell(state: &State, column: &ColumnView, row: &Row) -> (String, Style) {
    let value = row.cells.get(&column.id).map_or("", String::as_str);
    if let Some(whole) = whole(state, column, row) {
        return (whole.to_owned(), state.theme.warn);
    }
    let words = match (column.kind, value) {
        (_, "") => "--".to_owned(),
        // The console masks even where the page shows numbers in full (D15).
        (Kind::Phone, _) => masked(value),
        (Kind::Audio, _) => state.theme.glyphs.play.to_owned(),
        (Kind::YesNo, "true") => state.t("form.yes").to_owned(),
        (Kind::YesNo, "false") => state.t("form.no").to_owned(),
        _ => value.to_owned(),
    };
    (words, state.theme.text)
}

/// The number in full, where the person has asked for this row's.
fn whole<'a>(state: &'a State, column: &ColumnView, row: &Row) -> Option<&'a str> {
    let shown = state.unmasked.as_ref()?;
    let here = Some(shown.page.as_str()) == state.page_id() && shown.id == row.id;
    shown.numbers.get(&column.id).map(String::as_str).filter(|number| here && !number.is_empty())
}

pub fn masked(value: &str) -> String {
    Phone::from_digits(value).map_or_else(|| value.to_owned(), |phone| phone.masked())
}

/// The page has columns that do not fit.
pub fn hides_columns(state: &State) -> bool {
    let Some((view, _)) = state.page() else { return false };
    let all: u16 = view.columns.iter().map(|c| width(c) + 1).sum();
    let beside = match &state.screen {
        _ if state.tree_here().len() > 1 => super::tree::width(state),
        Screen::Page(id) if id == "customers" && super::customers::wide(state) => 38,
        _ => 0,
    };
    all > state.size.0.saturating_sub(3 + beside)
}

/// The filters that are set, in words.
fn set_filters(state: &State) -> String {
    let Some((view, page)) = state.page() else { return String::new() };
    let set = view.filters.iter().filter_map(|f| {
        let value = page.filters.get(&f.id).filter(|v| !v.is_empty())?;
        let fetched = state.options.get(&(view.id.clone(), f.id.clone()));
        let label = fetched.unwrap_or(&f.choices).iter().find(|c| c.value == *value).map_or(value, |c| &c.label);
        Some(format!("{}={label}", f.title))
    });
    set.collect::<Vec<_>>().join(" ")
}
