//! An import on its way: how far, what became of the rows, and the first rejects with their reasons.

use super::parts;
use crate::{state::State, text};
use hutong_api::page::{ImportStage, ImportStatus};
use ratatui::{buffer::Buffer, layout::Rect, style::Style};

const WIDTH: u16 = 92;

pub fn paint(state: &State, buf: &mut Buffer, body: Rect) {
    let Some(import) = &state.import else { return };
    let theme = &state.theme;
    let title = state.fill("import.title", &[("file", &import.path.display().to_string())]);
    let width = WIDTH.min(body.width.saturating_sub(2));
    let lines = match &import.status {
        Some(status) => lines(state, status, width.saturating_sub(4)),
        None => vec![(state.t("import.sending").to_owned(), theme.text)],
    };
    let inside = parts::popup(state, buf, body, (width, (lines.len() as u16).max(6) + 2), &title, "");
    for (n, (line, style)) in lines.iter().take(inside.height.into()).enumerate() {
        text::put_text(buf, inside, inside.x, inside.y + n as u16, &text::cut(line, inside.width.into()), *style);
    }
}

pub fn lines(state: &State, status: &ImportStatus, width: u16) -> Vec<(String, Style)> {
    let theme = &state.theme;
    let shape = [("encoding", status.encoding.as_str()), ("separator", status.separator.as_str())];
    let mut lines = vec![
        (progress(state, status, width), theme.title),
        (state.fill("import.shape", &shape), theme.dim),
        (counts(state, status), theme.text),
        (String::new(), theme.text),
    ];
    let wrapped = |words: &str| text::wrap(words, width.into());
    if let Some(refusal) = &status.refusal {
        lines.extend(wrapped(&refusal.text).into_iter().map(|l| (l, theme.bad)));
    }
    for sample in &status.samples {
        let (kind, line) = (state.t(&format!("import.{}", sample.kind)), sample.line.to_string());
        let args = [("line", line.as_str()), ("kind", kind), ("raw", &sample.raw), ("why", &sample.reason.text)];
        lines.extend(wrapped(&state.fill("import.sample", &args)).into_iter().map(|l| (l, theme.text)));
    }
    lines
}

fn progress(state: &State, status: &ImportStatus, width: u16) -> String {
    let stage = state.t(match status.stage {
        ImportStage::Reading => "import.reading",
        ImportStage::Storing => "import.storing",
        ImportStage::Done => "import.done",
        ImportStage::Refused => "import.refused",
    });
    let columns = usize::from(width.saturating_sub(30)).min(40);
    let whole = status.bytes_total.max(1);
    let percent = status.bytes_read.min(whole) * 100 / whole;
    match status.stage {
        ImportStage::Done | ImportStage::Refused => stage.to_owned(),
        _ => format!("{stage} {} {percent}%", state.theme.bar(status.bytes_read, whole, columns)),
    }
}

/// What became of the rows, in one line.
pub fn counts(state: &State, s: &ImportStatus) -> String {
    let [rows, added, duplicate, bad, blocked] =
        [s.rows, s.added, s.duplicate, s.bad, s.blocked].map(|n| n.to_string());
    let args = [("rows", &rows), ("added", &added), ("duplicate", &duplicate), ("bad", &bad), ("blocked", &blocked)];
    state.fill("import.counts", &args.map(|(k, v)| (k, v.as_str())))
}
