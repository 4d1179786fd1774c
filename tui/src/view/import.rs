//! An import on its way: how far, what became of the rows, and the first rejects with their reasons.

use super::parts;
use crate::{state::State, text};
use hutong_api::page::{ImportStage, ImportStatus};
use ratatui::{buffer::Buffer, layout::Rect};

pub fn paint(state: &State, buf: &mut Buffer, body: Rect) {
    let Some(import) = &state.import else { return };
    let theme = &state.theme;
    let title = state.fill("import.title", &[("file", &import.path.display().to_string())]);
    let samples = import.status.as_ref().map_or(0, |s| s.samples.len() as u16);
    let inside = parts::popup(state, buf, body, (92, 8 + samples.min(20)), &title, "");
    let Some(status) = &import.status else {
        text::put_text(buf, inside, inside.x, inside.y, state.t("import.sending"), theme.text);
        return;
    };
    let put = |buf: &mut Buffer, n: u16, line: &str, style| {
        text::put_text(buf, inside, inside.x, inside.y + n, &text::cut(line, inside.width.into()), style);
    };
    put(buf, 0, &progress(state, status, inside.width), theme.title);
    let args = [("encoding", status.encoding.as_str()), ("separator", status.separator.as_str())];
    put(buf, 1, &state.fill("import.shape", &args), theme.dim);
    put(buf, 2, &counts(state, status), theme.text);
    if let Some(refusal) = &status.refusal {
        for (n, line) in text::wrap(&refusal.text, inside.width.into()).iter().enumerate() {
            put(buf, 3 + n as u16, line, theme.bad);
        }
        return;
    }
    for (n, sample) in status.samples.iter().enumerate() {
        let kind = state.t(&format!("import.{}", sample.kind));
        let line = sample.line.to_string();
        let args =
            [("line", line.as_str()), ("kind", kind), ("raw", sample.raw.as_str()), ("why", &sample.reason.text)];
        put(buf, 4 + n as u16, &state.fill("import.sample", &args), theme.text);
    }
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

fn counts(state: &State, s: &ImportStatus) -> String {
    let [rows, added, duplicate, bad, blocked] =
        [s.rows, s.added, s.duplicate, s.bad, s.blocked].map(|n| n.to_string());
    let args = [("rows", &rows), ("added", &added), ("duplicate", &duplicate), ("bad", &bad), ("blocked", &blocked)];
    state.fill("import.counts", &args.map(|(k, v)| (k, v.as_str())))
}
