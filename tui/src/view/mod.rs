//! Draws the state. Nothing here changes it; what answers the mouse is handed back.

mod agents;
mod campaigns;
pub mod customers;
mod form;
mod header;
pub mod import;
mod inbox;
pub mod live;
mod log;
mod login;
mod menu;
mod monitor;
pub mod page;
mod parts;
mod pick;
mod player;
mod table;
mod told;
mod totals;
pub mod tree;
mod wizard;

use crate::{
    event::Hit,
    state::{Link, Modal, Screen, Stage, State},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Span};

/// Below this only a line asks for a larger window.
const LEAST: (u16, u16) = (60, 15);
/// Below this one pane is shown at a time.
const ONE_PANE: (u16, u16) = (80, 24);
/// Below this the wall drops its events.
const FULL: (u16, u16) = (100, 30);

#[derive(Debug, Default)]
pub struct Painted {
    pub hits: Vec<(Rect, Hit)>,
    /// Where text is being typed: input methods open their window there.
    pub cursor: Option<(u16, u16)>,
}

pub fn paint(state: &State, buf: &mut Buffer) -> Painted {
    let mut out = Painted::default();
    let area = buf.area;
    buf.set_style(area, state.theme.text);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        text::put_text(buf, area, area.x, area.y, state.t("enlarge"), state.theme.warn);
        return out;
    }
    match &state.stage {
        Stage::Login => login::paint(state, buf, &mut out),
        Stage::Trust { fingerprint, known } => login::paint_trust(state, buf, fingerprint, known.as_deref()),
        Stage::Open => open(state, buf, &mut out),
    }
    out
}

fn open(state: &State, buf: &mut Buffer, out: &mut Painted) {
    let area = buf.area;
    let body = Rect { y: area.y + 1, height: area.height - 3, ..area };
    header::paint(state, buf, out);
    match &state.screen {
        Screen::Live => live::paint(state, buf, body, out),
        Screen::Campaigns => campaigns::paint(state, buf, body, out),
        Screen::Agents => agents::paint(state, buf, body, out),
        Screen::Page(id) if id == "customers" => customers::paint(state, buf, body, out),
        Screen::Page(_) if state.tree_here().len() > 1 => tree::paint(state, buf, body, out),
        Screen::Page(_) => page::paint(state, buf, body, out),
        Screen::Import => wizard::paint(state, buf, body, out),
        Screen::Log => log::paint(state, buf, body, out),
    }
    // What is shown may no longer be so.
    if state.link != Link::Up {
        buf.set_style(body, Style::reset().patch(state.theme.dim));
    }
    header::paint_foot(state, buf, out);
    match &state.modal {
        Some(Modal::Help(typed)) => menu::paint_help(state, buf, body, typed, out),
        Some(Modal::Menu(shown)) => menu::paint(state, buf, body, shown, out),
        Some(Modal::Form(shown)) => form::paint(state, buf, tree::middle(state, body), shown, out),
        Some(Modal::Pick(shown)) => pick::paint(state, buf, body, shown, out),
        Some(Modal::Import) => import::paint(state, buf, body),
        Some(Modal::Inbox) => inbox::paint(state, buf, body, out),
        Some(Modal::Told(words)) => told::paint(state, buf, body, words),
        Some(Modal::Confirm { .. } | Modal::Prompt { .. }) | None => {}
    }
}

fn small(area: Rect, than: (u16, u16)) -> bool {
    area.width < than.0 || area.height < than.1
}

fn span(text: impl Into<String>, style: Style) -> Span<'static> {
    Span::styled(text.into(), style)
}
