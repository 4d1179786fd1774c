//! The first line (tabs, balance, link, clock) and the last two (status, keys).

use super::{Painted, span};
use crate::{
    clock,
    event::Hit,
    keys::{self, Act},
    state::{Link, Modal, Prompt, Screen, State, Tone},
    text,
};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};

const MOST_STATUS_LINES: usize = 3;

pub fn paint(state: &State, buf: &mut Buffer, out: &mut Painted) {
    let area = Rect { height: 1, ..buf.area };
    let right = right_side(state, area.width);
    let right_width = right.width() as u16;
    let company = state.session.as_ref().map_or("", |s| s.company.as_str());
    let left = format!(" {} {}", state.t("name"), text::cut(company, 10));
    let at = text::put_text(buf, area, area.x, area.y, &left, state.theme.title);
    let at = text::put_text(buf, area, at, area.y, state.theme.glyphs.border.vertical_left, state.theme.dim);
    let room = Rect { x: at, width: area.width.saturating_sub(at + right_width), ..area };
    tabs(state, buf, room, out);
    text::put(buf, area, area.right().saturating_sub(right_width), area.y, &right);
}

fn right_side(state: &State, width: u16) -> Line<'static> {
    let theme = &state.theme;
    let mut spans = Vec::new();
    if state.board.totals.demo || state.session.as_ref().is_some_and(|s| s.demo) {
        spans.push(span(format!(" {}", state.t("demo")), theme.warn));
    }
    let unread = state.inbox.unread();
    if unread > 0 {
        spans.push(span(
            format!(" {}", state.fill("inbox.unread_count", &[("count", &unread.to_string())])),
            theme.warn,
        ));
    }
    if state.board.known() && width >= 80 {
        let totals = &state.board.totals;
        let text = if totals.unlimited {
            format!(" {}", state.t("unlimited"))
        } else {
            format!(" {} ¥{}", state.t("balance"), totals.balance)
        };
        let style = if !totals.unlimited && totals.balance.0 <= 0 { theme.bad } else { theme.text };
        spans.push(span(text, style));
    }
    let glyphs = theme.glyphs;
    spans.push(match state.link {
        Link::Up => span(format!(" {}{}", glyphs.talk, state.t("link.up")), theme.good),
        Link::Connecting => span(format!(" {}{}", glyphs.idle, state.t("link.connecting")), theme.warn),
        Link::Down { .. } => span(format!(" {}{}", glyphs.lost, state.t("link.down")), theme.bad),
    });
    spans.push(span(format!(" {} ", clock::time_of_day(state.service_now(), &state.zone)), theme.text));
    Line::from(spans)
}

/// The tabs that fit, the one shown always among them.
fn tabs(state: &State, buf: &mut Buffer, room: Rect, out: &mut Painted) {
    let screens = state.screens();
    let tab = state.tab_of(&state.screen);
    let here = screens.iter().position(|s| state.tab_of(s) == tab).unwrap_or(0);
    let labels: Vec<String> = screens.iter().enumerate().map(|(at, s)| label(state, at, s, at == here)).collect();
    let widths: Vec<usize> = labels.iter().map(|l| text::width(l)).collect();
    let (mut from, mut to) = (0, labels.len());
    while widths[from..to].iter().sum::<usize>() + 2 > usize::from(room.width) && to - from > 1 {
        // Cut at the far side of the one shown, keeping the first ones where possible.
        if to - 1 > here { to -= 1 } else { from += 1 }
    }
    let mut x = room.x;
    if from > 0 {
        x = text::put_text(buf, room, x, room.y, "<", state.theme.dim);
    }
    for (at, label) in labels.iter().enumerate().take(to).skip(from) {
        let style = if at == here { state.theme.title } else { state.theme.text };
        let start = x;
        x = text::put_text(buf, room, x, room.y, label, style);
        out.hits.push((Rect { x: start, y: room.y, width: x - start, height: 1 }, Hit::Tab(at)));
    }
    if to < labels.len() {
        text::put_text(buf, room, x, room.y, ">", state.theme.dim);
    }
}

fn label(state: &State, at: usize, screen: &Screen, here: bool) -> String {
    let number = if at < 9 { (at + 1).to_string() } else { String::new() };
    let title = text::cut(&state.tab_title(screen), 12);
    if here { format!("[{number}{title}]") } else { format!(" {number}{title} ") }
}

pub fn paint_foot(state: &State, buf: &mut Buffer, out: &mut Painted) {
    let area = buf.area;
    let status = Rect { y: area.bottom() - 2, height: 1, ..area };
    match &state.modal {
        Some(Modal::Confirm { text: question, .. }) => {
            buf.set_style(status, state.theme.select);
            text::put_text(buf, status, status.x + 1, status.y, question, state.theme.select);
        }
        Some(Modal::Prompt { prompt, line }) => prompt_line(state, buf, status, prompt, line, out),
        _ => status_line(state, buf, status),
    }
    hints(state, buf, Rect { y: area.bottom() - 1, height: 1, ..area }, out);
}

fn prompt_line(
    state: &State,
    buf: &mut Buffer,
    area: Rect,
    prompt: &Prompt,
    line: &crate::state::line::LineEdit,
    out: &mut Painted,
) {
    let asked = match prompt {
        Prompt::Filter => state.t("prompt.filter").to_owned(),
        Prompt::Append { name, .. } => state.fill("prompt.append", &[("name", &text::cut(name, 20))]),
        Prompt::Count { count, action, .. } => {
            state.fill("prompt.count", &[("action", action), ("count", &count.to_string())])
        }
        Prompt::Query { error } => {
            if let Some(error) = error {
                said(state, buf, area, error);
            }
            state.t("prompt.filter").to_owned()
        }
        Prompt::Message { who, .. } => state.fill("prompt.message", &[("who", who)]),
        Prompt::WizardFile => state.t("prompt.wizard_file").to_owned(),
        Prompt::ImportInto { page } => {
            let title = state.view_of(page).map_or(page.as_str(), |v| v.title.as_str());
            state.fill("prompt.import", &[("page", title)])
        }
    };
    let x = text::put_text(buf, area, area.x + 1, area.y, &asked, state.theme.title) + 1;
    out.cursor =
        Some(type_line(buf, Rect { x, width: area.right().saturating_sub(x + 1), ..area }, line, state.theme.text));
}

/// What is wrong with the line being typed, above it.
fn said(state: &State, buf: &mut Buffer, area: Rect, words: &str) {
    let lines = text::wrap(words, usize::from(area.width.saturating_sub(2)));
    let count = lines.len().min(MOST_STATUS_LINES) as u16;
    let above = Rect { y: area.y.saturating_sub(count), height: count, ..area };
    text::overlay(buf, above);
    for (n, line) in lines.iter().take(count.into()).enumerate() {
        text::put_text(buf, above, above.x + 1, above.y + n as u16, line, state.theme.bad);
    }
}

/// Draws a line being typed so that its cursor is in sight; returns where the cursor is.
pub fn type_line(buf: &mut Buffer, area: Rect, line: &crate::state::line::LineEdit, style: Style) -> (u16, u16) {
    let (before, after) = line.split();
    let (before, after) = (text::one_line(before), text::one_line(after));
    let before = text::tail(&before, usize::from(area.width.saturating_sub(1)));
    let x = text::put_text(buf, area, area.x, area.y, &before, style);
    text::put_text(buf, area, x, area.y, &after, style);
    (x.min(area.right().saturating_sub(1)), area.y)
}

fn status_line(state: &State, buf: &mut Buffer, area: Rect) {
    let theme = &state.theme;
    let (words, style) = match (&state.toast, state.link) {
        (Some(toast), _) => {
            let style = match toast.tone {
                Tone::Plain => theme.text,
                Tone::Good => theme.good,
                Tone::Bad => theme.bad,
            };
            (toast.text.clone(), style)
        }
        (None, Link::Down { retry_at }) => {
            let seconds = ((retry_at - state.now).max(0) as u64).div_ceil(1000).to_string();
            (state.fill("link.retry", &[("seconds", &seconds)]), theme.bad)
        }
        _ => (context(state), theme.dim),
    };
    // What a refusal says to do must not be cut off: it grows upwards over the screen.
    let lines = text::wrap(&words, usize::from(area.width.saturating_sub(2)));
    let count = lines.len().clamp(1, MOST_STATUS_LINES);
    let more = count as u16 - 1;
    let area = Rect { y: area.y - more, height: area.height + more, ..area };
    if more > 0 {
        text::overlay(buf, area);
    }
    for (n, line) in lines.iter().take(count).enumerate() {
        text::put_text(buf, area, area.x + 1, area.y + n as u16, line, style);
    }
}

/// What the screen is about, when there is nothing else to say.
fn context(state: &State) -> String {
    let open = state.board.open_alarms().count();
    let about = about(state);
    if state.screen != Screen::Live || state.kiosk.is_some() || open == 0 {
        return about;
    }
    let alarms = state.fill("status.alarms", &[("count", &open.to_string())]);
    // One line: it tells of something, and must not cover the rows above.
    text::cut(&format!("{alarms}  {about}"), usize::from(state.size.0.saturating_sub(2)))
}

fn about(state: &State) -> String {
    if !state.board.known() && state.may("wall.view") {
        return state.t("status.waiting").into();
    }
    if state.kiosk.is_some() {
        return state.t("status.kiosk").into();
    }
    match &state.screen {
        Screen::Campaigns if !state.campaigns.filter.is_empty() => {
            state.fill("status.filter", &[("text", &state.campaigns.filter)])
        }
        Screen::Agents if !state.agents.filter.is_empty() => {
            state.fill("status.filter", &[("text", &state.agents.filter)])
        }
        // Where there is no room for the events, the last one.
        Screen::Live if super::small(state.area(), super::FULL) => match state.board.events.back() {
            Some(event) => super::live::event_line(state, event),
            None => String::new(),
        },
        Screen::Live | Screen::Campaigns => match state.chosen_campaign() {
            Some(c) => format!("{}: {}", c.name, super::parts::why(state, c.why)),
            None => String::new(),
        },
        Screen::Import => state.t("wizard.foot").into(),
        _ if state.page().is_some_and(|(_, p)| p.loading && p.rows.is_empty()) => state.t("status.loading").into(),
        _ => String::new(),
    }
}

fn hints(state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
    let theme = &state.theme;
    if let Some(key) = keys::modal_hint(state) {
        let words = text::cut(state.t(key), usize::from(area.width.saturating_sub(2)));
        text::put_text(buf, area, area.x + 1, area.y, &words, theme.text);
        return;
    }
    let mut shown: Vec<(String, &'static str, Act)> = keys::bindings(state)
        .into_iter()
        .filter(|b| b.hint)
        .map(|b| (format!("<{}>", b.shown(theme.ascii())), state.t(&format!("key.{}", b.words)), b.act))
        .collect();
    let width = |shown: &[(String, &str, Act)]| {
        shown.iter().map(|(k, w, _)| text::width(k) + text::width(w) + 2).sum::<usize>()
    };
    // Help, commands and quit stay; the screen's last keys go first.
    while width(&shown) > usize::from(area.width) && shown.len() > 3 {
        shown.remove(shown.len() - 4);
    }
    let mut x = area.x + 1;
    for (key, words, act) in shown {
        let from = x;
        x = text::put_text(buf, area, x, area.y, &key, theme.title);
        x = text::put_text(buf, area, x, area.y, words, theme.text);
        out.hits.push((Rect { x: from, y: area.y, width: x - from, height: 1 }, Hit::Act(act)));
        x = text::put_text(buf, area, x, area.y, "  ", theme.text);
    }
}
