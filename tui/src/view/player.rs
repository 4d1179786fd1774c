//! The recording as two lanes, the customer's above the agent's, and where it is being played.

use super::parts;
use crate::{
    clock,
    state::{
        State,
        player::{Player, Sound},
    },
    text,
};
use ratatui::{buffer::Buffer, layout::Rect};

const LABEL: u16 = 6;

pub fn paint(state: &State, buf: &mut Buffer, area: Rect) {
    let Some(player) = &state.player else { return };
    let theme = &state.theme;
    let title = state.fill("player.title", &[("what", &player.title)]);
    let inside = parts::frame(state, buf, area, &title, "", true);
    let lane = if inside.height >= 6 { 2 } else { 1 };
    let room = usize::from(inside.width.saturating_sub(LABEL));
    let mut y = inside.y;
    for (key, callee) in [("player.customer", true), ("player.agent", false)] {
        text::put_text(buf, inside, inside.x, y + lane - 1, state.t(key), theme.head);
        for (n, line) in wave(state, player, callee, room, lane).iter().enumerate() {
            text::put_text(buf, inside, inside.x + LABEL, y + n as u16, line, theme.good);
        }
        y += lane;
    }
    text::put_text(buf, inside, inside.x + LABEL, y, &theme.glyphs.rule.repeat(room), theme.dim);
    if player.seconds() > 0.0 && room > 0 {
        let share = (player.position / player.seconds()).clamp(0.0, 1.0);
        let x = inside.x + LABEL + (share * (room - 1) as f64).round() as u16;
        text::put_text(buf, inside, x, y, theme.glyphs.mark, theme.warn);
    }
    let ms = |seconds: f64| clock::span((seconds * 1000.0) as i64);
    let times = format!("{} / {}", ms(player.position), ms(player.seconds()));
    let sound = match &player.sound {
        Sound::Loading => state.t("player.loading").to_owned(),
        Sound::Ready(name) if player.playing => format!("{} {name}", theme.glyphs.play),
        Sound::Ready(name) => format!("{} {name}", theme.glyphs.pause),
        Sound::NoDevice => state.t("player.no_device").to_owned(),
        Sound::BadFile => state.t("player.bad_file").to_owned(),
    };
    let style = if matches!(player.sound, Sound::NoDevice | Sound::BadFile) { theme.warn } else { theme.text };
    let x = text::put_text(buf, inside, inside.x, y + 1, &format!("{times}   "), theme.text);
    let room = usize::from(inside.right().saturating_sub(x));
    text::put_text(buf, inside, x, y + 1, &text::cut(&sound, room), style);
}

/// `lane` lines of one speaker, the loudest of each column's share.
fn wave(state: &State, player: &Player, callee: bool, columns: usize, lane: u16) -> Vec<String> {
    let Some(peaks) = &player.peaks else { return Vec::new() };
    let pairs = if callee { &peaks.callee } else { &peaks.agent };
    let steps = usize::from(lane) * 8;
    // By the square root, so that quiet speech is seen too.
    let height = |loud: usize| ((loud as f64 / 127.0).sqrt() * steps as f64).round() as usize;
    let heights: Vec<usize> = (0..columns).map(|x| height(loudest(pairs, x, columns))).collect();
    let levels = &state.theme.glyphs.levels;
    (0..usize::from(lane))
        .rev()
        .map(|row| {
            let glyph = |h: &usize| match h.saturating_sub(row * 8).min(8) {
                // The lowest line shows where there is silence, too.
                0 if row == 0 => levels[0],
                0 => " ",
                n => levels[n - 1],
            };
            heights.iter().map(glyph).collect()
        })
        .collect()
}

/// 0..=127.
fn loudest(pairs: &[(i8, i8)], x: usize, columns: usize) -> usize {
    let from = pairs.len() * x / columns.max(1);
    let to = (pairs.len() * (x + 1) / columns.max(1)).max(from + 1).min(pairs.len());
    let loud = |(low, high): &(i8, i8)| usize::from(low.unsigned_abs().max(high.unsigned_abs())).min(127);
    pairs.get(from..to).unwrap_or_default().iter().map(loud).max().unwrap_or(0)
}
