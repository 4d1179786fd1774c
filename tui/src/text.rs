//! Everything about display width in one place: a Han character is two columns, ambiguous ones are one (or the ascii theme is used).

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
    widgets::{Clear, Widget},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Display columns of `text`.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` without what could move the cursor or turn the direction of reading: control and bidi characters become blanks.
pub fn clean(text: &str) -> String {
    let bidi =
        |c| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || bidi(c) { ' ' } else { c }).collect()
}

/// The longest beginning of `text` that fits `columns`, ending in `~` where something was cut; cleaned.
pub fn cut(text: &str, columns: usize) -> String {
    let clean = clean(text);
    if clean.width() <= columns {
        return clean;
    }
    if columns == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in clean.chars() {
        let w = c.width().unwrap_or(0);
        if used + w > columns - 1 {
            break;
        }
        out.push(c);
        used += w;
    }
    out.push('~');
    out
}

/// Several lines as one: `↵` is one column wide everywhere.
pub fn one_line(text: &str) -> String {
    text.replace('\n', "↵")
}

/// `text` in exactly `columns`, at the left.
pub fn left(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    let gap = columns - cut.width().min(columns);
    cut + &" ".repeat(gap)
}

/// `text` in exactly `columns`, at the right.
pub fn right(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    " ".repeat(columns - cut.width().min(columns)) + &cut
}

/// The end of `text` that fits `columns`: what a line editor shows while the cursor is at its end.
pub fn tail(text: &str, columns: usize) -> String {
    let mut out: Vec<char> = Vec::new();
    let mut used = 0;
    for c in clean(text).chars().rev() {
        let w = c.width().unwrap_or(0);
        if used + w > columns {
            break;
        }
        out.push(c);
        used += w;
    }
    out.into_iter().rev().collect()
}

/// Breaks `text` into lines of at most `columns`, at blanks where there are some and anywhere between Han characters.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let (mut line, mut used, mut blank) = (String::new(), 0, None);
        for c in clean(paragraph).chars() {
            let w = c.width().unwrap_or(0);
            if used + w > columns {
                let rest = match blank {
                    Some(at) => line.split_off(at),
                    None => String::new(),
                };
                lines.push(line.trim_end().to_owned());
                line = rest.trim_start().to_owned();
                used = line.width();
                blank = None;
            }
            line.push(c);
            used += w;
            if c == ' ' {
                blank = Some(line.len());
            }
        }
        lines.push(line);
    }
    lines
}

/// Writes spans from (x, y) within `area`, cut at its right edge without splitting a wide glyph; returns the column after them.
pub fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, line: &Line) -> u16 {
    if y < area.y || y >= area.bottom() || x >= area.right() {
        return x;
    }
    let mut at = x;
    for span in &line.spans {
        let room = area.right().saturating_sub(at);
        if room == 0 {
            break;
        }
        let (next, _) = buf.set_stringn(at, y, span.content.as_ref(), room as usize, line.style.patch(span.style));
        at = next;
    }
    at
}

/// Writes plain text; see [`put`].
pub fn put_text(buf: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
    put(buf, area, x, y, &Line::from(Span::styled(text.to_owned(), style)))
}

/// Empties `area` for a pop-up. A wide glyph that straddles its left edge would swallow the pop-up's border
/// (ratatui#2526), so that glyph is blanked first; a half glyph left at the right edge likewise. Never use `Clear` alone.
pub fn overlay(buf: &mut Buffer, area: Rect) -> Rect {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return area;
    }
    for y in area.top()..area.bottom() {
        if area.x > buf.area.x {
            let cell = &mut buf[(area.x - 1, y)];
            if cell.symbol().width() > 1 {
                cell.set_symbol(" ");
            }
        }
    }
    Clear.render(area, buf);
    area
}

/// What the terminal would show of `buf`, one line per row, trailing blanks kept out.
pub fn plain(buf: &Buffer) -> String {
    let mut out = String::new();
    for y in buf.area.top()..buf.area.bottom() {
        let mut line = String::new();
        let mut skip = 0;
        for x in buf.area.left()..buf.area.right() {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buf[(x, y)].symbol();
            line.push_str(symbol);
            skip = symbol.width().saturating_sub(1);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pads_and_cuts_by_display_columns() {
        assert_eq!(left("坐席", 6), "坐席  ");
        assert_eq!(right("12", 4), "  12");
        assert_eq!(left("福建厦门移动", 7), "福建厦~");
        assert_eq!(left("福建厦门移动", 6), "福建~ ");
        assert_eq!(width(&left("福建厦门移动", 6)), 6);
        assert_eq!(cut("ab\tc", 4), "ab c");
        for columns in 0..9 {
            assert_eq!(width(&left("a中b文c", columns)), columns);
            assert_eq!(width(&right("a中b文c", columns)), columns);
        }
        assert_eq!(tail("路径/a.csv", 6), "/a.csv");
    }

    #[test]
    fn nothing_moves_the_cursor_or_turns_the_reading() {
        let hostile = "a\u{1b}[2J\u{9b}1m\u{202e}b\u{2066}c\u{200f}\r\0";
        let shown = [cut(hostile, 40), tail(hostile, 40), wrap(hostile, 40).concat(), left(hostile, 40)];
        for text in shown {
            assert!(text.starts_with('a') && clean(&text) == text, "{text:?}");
        }
    }

    #[test]
    fn wraps_at_blanks_and_between_han() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("请先签入坐席", 6), ["请先签", "入坐席"]);
    }

    /// docs/rules.md: without the cure the border's cell is swallowed by the glyph at its left.
    #[test]
    fn a_popup_over_chinese_keeps_its_left_border() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        buf.set_string(0, 0, "中文中文中文", Style::default());
        let area = overlay(&mut buf, Rect::new(3, 0, 4, 1));
        buf.set_string(area.x, area.y, "│  │", Style::default());
        assert_eq!(buf[(2, 0)].symbol(), " ");
        assert_eq!(buf[(3, 0)].symbol(), "│");
    }
}
