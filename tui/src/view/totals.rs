//! The day's totals: cards on a large screen, two lines on a small one.

use super::{live::signed_in, parts, span};
use crate::{state::State, text};
use hutong_api::{board::rate_text, live::SeatState};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};

/// Five framed cards.
pub fn cards(state: &State, buf: &mut Buffer, area: Rect) {
    let figures = Figures::of(state);
    let cards = [
        (state.t("card.dialled").to_owned(), figures.dialled(state)),
        (state.t("card.rate").to_owned(), figures.rate(state)),
        (state.t("card.abandoned").to_owned(), figures.abandoned(state)),
        (state.fill("card.agents", &[("count", &signed_in(state).to_string())]), figures.agents(state)),
        (state.t("card.money").to_owned(), figures.money(state)),
    ];
    let count = cards.len() as u16;
    for (n, (title, lines)) in cards.into_iter().enumerate() {
        let n = n as u16;
        let (from, to) = (area.width * n / count, area.width * (n + 1) / count);
        let inside = parts::frame(state, buf, Rect { x: area.x + from, width: to - from, ..area }, &title, "", false);
        for (row, line) in lines.into_iter().enumerate() {
            text::put_text(
                buf,
                inside,
                inside.x,
                inside.y + row as u16,
                &text::cut(&line, inside.width.into()),
                state.theme.text,
            );
        }
    }
}

/// Two lines without frames, for small screens.
pub fn brief(state: &State, buf: &mut Buffer, area: Rect) {
    let f = Figures::of(state);
    let lines = [
        [f.dialled(state)[0].clone(), f.short_rate(state), f.short_abandoned(state), f.channels(state)].join("  "),
        [f.agents(state)[0].clone(), f.agents(state)[1].clone(), f.money(state)[0].clone()].join("  "),
    ];
    for (n, line) in lines.iter().enumerate() {
        let line = text::cut(line, usize::from(area.width.saturating_sub(2)));
        text::put(buf, area, area.x + 1, area.y + n as u16, &Line::from(span(line, Style::new())));
    }
}

struct Figures<'a> {
    totals: &'a hutong_api::board::Totals,
    hour: usize,
}

impl Figures<'_> {
    fn of(state: &State) -> Figures<'_> {
        let at = jiff::Timestamp::from_millisecond(state.service_now()).unwrap_or_default();
        let hour = at.to_zoned(state.zone.clone()).hour();
        Figures { totals: &state.board.totals, hour: usize::try_from(hour).unwrap_or(0) }
    }

    /// Hours of today up to now, at most `most`.
    fn hours<'b>(&self, values: &'b [u32], most: usize) -> &'b [u32] {
        let upto = &values[..values.len().min(self.hour + 1)];
        &upto[upto.len().saturating_sub(most)..]
    }

    fn dialled(&self, state: &State) -> [String; 3] {
        let t = self.totals;
        let (dialled, answered) = (t.dialled.to_string(), t.answered.to_string());
        [
            state.fill("card.dialled_answered", &[("dialled", &dialled), ("answered", &answered)]),
            state.theme.spark(self.hours(&t.dialled_by_hour, 18)),
            self.channels(state),
        ]
    }

    fn channels(&self, state: &State) -> String {
        let t = self.totals;
        state.fill("card.channels", &[("now", &t.channels.to_string()), ("most", &t.channels_max.to_string())])
    }

    fn rate(&self, state: &State) -> [String; 3] {
        let t = self.totals;
        let by_hour: Vec<u32> = t
            .answered_by_hour
            .iter()
            .zip(&t.dialled_by_hour)
            .map(|(a, d)| (u64::from(*a) * 1000 / u64::from((*d).max(1))) as u32)
            .collect();
        [rate_text(t.answered, t.dialled), state.theme.spark(self.hours(&by_hour, 18)), state.t("card.by_hour").into()]
    }

    fn short_rate(&self, state: &State) -> String {
        format!("{} {}", state.t("card.rate"), rate_text(self.totals.answered, self.totals.dialled))
    }

    fn abandoned(&self, state: &State) -> [String; 3] {
        let t = self.totals;
        let (part, whole) = (t.abandoned.to_string(), t.answered.to_string());
        [
            rate_text(t.abandoned, t.answered),
            state.fill("card.abandoned_of", &[("part", &part), ("whole", &whole)]),
            state.fill("card.to_agent", &[("count", &t.to_agent.to_string())]),
        ]
    }

    fn short_abandoned(&self, state: &State) -> String {
        format!("{} {}", state.t("card.abandoned"), rate_text(self.totals.abandoned, self.totals.answered))
    }

    fn agents(&self, state: &State) -> [String; 3] {
        let count = |which: &[SeatState]| state.board.seats.iter().filter(|s| which.contains(&s.state)).count();
        let of = |which: SeatState| count(&[which]).to_string();
        let occupied = count(&[SeatState::Talking, SeatState::Ringing, SeatState::WrapUp]);
        let share = (occupied * 100).checked_div(signed_in(state)).unwrap_or(0).to_string();
        let oldest = (self.totals.queued_oldest_ms / 1000).to_string();
        let counts =
            [("talk", &of(SeatState::Talking)), ("ring", &of(SeatState::Ringing)), ("wrap", &of(SeatState::WrapUp))];
        let queue = [
            ("idle", &of(SeatState::Idle)),
            ("busy", &of(SeatState::Busy)),
            ("count", &self.totals.queued.to_string()),
            ("oldest", &oldest),
        ];
        [
            state.fill("card.seats", &counts.map(|(k, v)| (k, v.as_str()))),
            state.fill("card.queue", &queue.map(|(k, v)| (k, v.as_str()))),
            state.fill("card.occupancy", &[("share", &share)]),
        ]
    }

    fn money(&self, state: &State) -> [String; 3] {
        let t = self.totals;
        let balance = if t.unlimited {
            state.t("unlimited").to_owned()
        } else {
            format!("{} ¥{}", state.t("balance"), t.balance)
        };
        [
            state.fill("card.charged", &[("amount", &t.charged.to_string())]),
            balance,
            state.fill("card.held", &[("amount", &t.held.to_string())]),
        ]
    }
}
