//! Frames, pop-ups and the console's short words for states.

use super::span;
use crate::{clock, state::State, text};
use hutong_api::{
    board::{CallStage, CampaignStatus, IdleReason, SeatRow},
    live::SeatState,
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::Line,
    widgets::{Block, Widget},
};

/// Longer than this and a state is marked `!`: busy, wrap-up (ms).
const BUSY_LONG_MS: i64 = 10 * 60_000;
const WRAP_LONG_MS: i64 = 60_000;

/// A frame with its title, `note` in its lower edge; returns the inside, one blank column kept free at each side.
pub fn frame(state: &State, buf: &mut Buffer, area: Rect, title: &str, note: &str, focused: bool) -> Rect {
    let theme = &state.theme;
    let edge = if focused { theme.title } else { theme.dim };
    let room = usize::from(area.width.saturating_sub(4));
    let mut block = Block::bordered().border_set(theme.glyphs.border).border_style(edge);
    if !title.is_empty() && room > 2 {
        block = block.title_top(Line::from(vec![
            span(theme.glyphs.rule, edge),
            span(format!(" {} ", text::cut(title, room - 2)), theme.title),
        ]));
    }
    if !note.is_empty() && room > 2 {
        block = block.title_bottom(Line::from(vec![
            span(theme.glyphs.rule, edge),
            span(format!(" {} ", text::cut(note, room - 2)), theme.text),
        ]));
    }
    let inside = block.inner(area);
    block.render(area, buf);
    Rect { x: inside.x + 1.min(inside.width), width: inside.width.saturating_sub(2), ..inside }
}

/// A pop-up in the middle of `body`, at most as large as asked for.
pub fn popup(state: &State, buf: &mut Buffer, body: Rect, size: (u16, u16), title: &str, note: &str) -> Rect {
    let (w, h) = (size.0.min(body.width.saturating_sub(2)), size.1.min(body.height));
    let area = Rect { x: body.x + (body.width - w) / 2, y: body.y + (body.height - h) / 2, width: w, height: h };
    let area = text::overlay(buf, area);
    buf.set_style(area, state.theme.text);
    frame(state, buf, area, title, note, true)
}

pub fn campaign_word(state: &State, status: CampaignStatus) -> (String, Style) {
    let glyphs = state.theme.glyphs;
    let (glyph, style) = match status {
        CampaignStatus::Running => (glyphs.run, state.theme.good),
        CampaignStatus::Paused => (glyphs.pause, state.theme.warn),
        CampaignStatus::Ready => (glyphs.ready, state.theme.text),
        CampaignStatus::Finished => (glyphs.done, state.theme.dim),
    };
    (format!("{glyph}{}", state.t(&format!("status.{}", status.word()))), style)
}

/// Why a running campaign does not dial, in a few words.
pub fn why(state: &State, reason: IdleReason) -> &'static str {
    let key = reason.key();
    state.t(&format!("why.{}", key.rsplit('.').next().unwrap_or_default()))
}

pub fn stage_word(state: &State, stage: CallStage) -> (String, Style) {
    let theme = &state.theme;
    let style = match stage {
        CallStage::Talking => theme.good,
        CallStage::Queued => theme.bad,
        CallStage::Ringing | CallStage::Script => theme.warn,
        CallStage::Dialling => theme.text,
    };
    let word = state.t(&format!("stage.{}", stage.key().rsplit('.').next().unwrap_or_default()));
    (if stage == CallStage::Queued { format!("!{word}") } else { word.to_owned() }, style)
}

/// Glyph and word of a seat's state; of 示忙 its reason.
pub fn seat_word(state: &State, seat: &SeatRow) -> (String, Style) {
    let (glyphs, theme) = (state.theme.glyphs, &state.theme);
    let (glyph, style) = match seat.state {
        SeatState::Talking => (glyphs.talk, theme.good),
        SeatState::Ringing => (glyphs.ring, theme.warn),
        SeatState::Idle => (glyphs.idle, theme.text),
        SeatState::WrapUp => (glyphs.wrap, theme.warn),
        SeatState::Busy => (glyphs.busy, theme.warn),
        SeatState::Lost => (glyphs.lost, theme.bad),
        SeatState::SignedOut => (glyphs.off, theme.dim),
    };
    let known = |reason: &&str| ["break", "meal", "training", "meeting"].contains(reason);
    let word = match seat.reason.as_deref().filter(known) {
        Some(reason) if seat.state == SeatState::Busy => state.t(&format!("busy.{reason}")),
        _ => state.t(&format!("seat.{}", seat.state.key().rsplit('.').next().unwrap_or_default())),
    };
    (format!("{glyph}{word}"), style)
}

/// How long a seat has been so; `!` where that is too long.
pub fn seat_span(state: &State, seat: &SeatRow) -> (String, Style) {
    let ms = state.service_now() - seat.since;
    let long = match seat.state {
        SeatState::Busy => ms > BUSY_LONG_MS,
        SeatState::WrapUp => ms > WRAP_LONG_MS,
        SeatState::Lost => true,
        SeatState::SignedOut => return ("--".into(), state.theme.dim),
        _ => false,
    };
    match long {
        true => (format!("{}!", clock::span(ms)), state.theme.bad),
        false => (clock::span(ms), state.theme.text),
    }
}

/// `or` where there is nothing to show.
pub fn or_dash(text: &str) -> String {
    if text.is_empty() { "--".into() } else { text.to_owned() }
}
