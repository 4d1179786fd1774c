//! Tables: columns by display width; the least needed are dropped first where there is no room.

use super::{Painted, span};
use crate::{event::Hit, state::State, text};
use ratatui::{buffer::Buffer, layout::Rect, style::Style, text::Line};

pub struct Col {
    pub title: String,
    pub width: u16,
    pub right: bool,
    /// 0 stays; of the others the highest goes first.
    pub rank: u8,
    /// Takes up to this many more columns where there is room.
    pub grow: u16,
}

pub fn col(title: &str, width: u16) -> Col {
    Col { title: title.to_owned(), width, right: false, rank: 0, grow: 0 }
}

impl Col {
    pub fn right(mut self) -> Col {
        self.right = true;
        self
    }

    pub fn rank(mut self, rank: u8) -> Col {
        self.rank = rank;
        self
    }

    pub fn grow(mut self, by: u16) -> Col {
        self.grow = by;
        self
    }

    fn cell(&self, text: &str, width: u16) -> String {
        if self.right { text::right(text, width.into()) } else { text::left(text, width.into()) }
    }
}

/// Which columns are shown, and how wide. One blank stands between two.
fn fit(cols: &[Col], room: u16) -> Vec<(usize, u16)> {
    let mut shown: Vec<usize> = (0..cols.len()).collect();
    let need = |shown: &[usize]| shown.iter().map(|i| cols[*i].width + 1).sum::<u16>().saturating_sub(1);
    while need(&shown) > room {
        let Some(rank) = shown.iter().map(|i| cols[*i].rank).max().filter(|r| *r > 0) else { break };
        let Some(at) = shown.iter().rposition(|i| cols[*i].rank == rank) else { break };
        shown.remove(at);
    }
    let mut spare = room.saturating_sub(need(&shown));
    let mut out = Vec::with_capacity(shown.len());
    for i in shown {
        let more = cols[i].grow.min(spare);
        spare -= more;
        out.push((i, cols[i].width + more));
    }
    out
}

pub struct Table<'a> {
    pub cols: Vec<Col>,
    pub rows: Vec<Vec<(String, Style)>>,
    pub cursor: Option<&'a crate::state::cursor::Cursor>,
    /// Pane number, for the mouse.
    pub pane: usize,
}

impl Table<'_> {
    pub fn paint(&self, state: &State, buf: &mut Buffer, area: Rect, out: &mut Painted) {
        if area.is_empty() {
            return;
        }
        let shown = fit(&self.cols, area.width);
        let titles = shown.iter().map(|(i, w)| self.cols[*i].cell(&self.cols[*i].title, *w));
        let head = titles.collect::<Vec<_>>().join(" ");
        text::put_text(buf, area, area.x, area.y, &text::cut(&head, area.width.into()), state.theme.head);
        let height = usize::from(area.height - 1);
        let top = self.cursor.map_or(0, |c| c.top(self.rows.len(), height));
        for (line, (at, row)) in self.rows.iter().enumerate().skip(top).take(height).enumerate() {
            let y = area.y + 1 + line as u16;
            let mut spans = Vec::with_capacity(shown.len() * 2);
            for (n, (i, w)) in shown.iter().enumerate() {
                if n > 0 {
                    spans.push(span(" ", Style::new()));
                }
                let (words, style) = row.get(*i).cloned().unwrap_or_default();
                spans.push(span(self.cols[*i].cell(&words, *w), style));
            }
            text::put(buf, area, area.x, y, &Line::from(spans));
            let whole = Rect { y, height: 1, ..area };
            if self.cursor.is_some_and(|c| c.at == at) {
                buf.set_style(whole, state.theme.select);
            }
            out.hits.push((whole, Hit::Row(self.pane, at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_needed_column_goes_first_and_spare_room_is_shared() {
        let cols = [col("a", 4).grow(3), col("b", 4).rank(2), col("c", 4).rank(1)];
        assert_eq!(fit(&cols, 14), [(0, 4), (1, 4), (2, 4)]);
        assert_eq!(fit(&cols, 12), [(0, 7), (2, 4)]);
        assert_eq!(fit(&cols, 8), [(0, 7)]);
        assert_eq!(fit(&cols, 2), [(0, 4)]);
    }
}
