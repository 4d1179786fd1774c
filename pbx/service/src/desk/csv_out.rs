//! Lists as CSV that Excel opens without harm: UTF-8 with BOM, CRLF, no cell that a spreadsheet takes for a formula.

use hutong_api::{catalogue::ColumnView, page::Row};

pub const BOM: &str = "\u{feff}";

pub fn header(columns: &[ColumnView]) -> String {
    format!("{BOM}{}", line(columns.iter().map(|column| column.title.as_str())))
}

pub fn row(columns: &[ColumnView], row: &Row) -> String {
    line(columns.iter().map(|column| row.cells.get(&column.id).map_or("", String::as_str)))
}

fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut out = cells.map(cell).collect::<Vec<_>>().join(",");
    out.push_str("\r\n");
    out
}

/// A cell that begins like a formula gets an apostrophe before it; quotes where the separator or a line break is inside.
pub fn cell(value: &str) -> String {
    let formula =
        value.trim_start_matches(unseen).starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    let value = if formula { format!("'{value}") } else { value.to_owned() };
    if value.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", value.replace('"', "\"\"")) } else { value }
}

/// What may stand before a formula's sign without being seen.
fn unseen(c: char) -> bool {
    let blank = c.is_whitespace() && !matches!(c, '\t' | '\r');
    blank || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_the_rest_left_alone() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        for begin in ["+1", "-1", "@x", " =1", "＝1", "\u{200b}=1", "\u{feff}@x", "\t=1"] {
            assert!(cell(begin).starts_with('\''), "{begin}");
        }
        assert_eq!(cell("2.78%"), "2.78%");
        assert_eq!(cell("a,b"), "\"a,b\"");
        assert_eq!(cell("a\nb"), "\"a\nb\"");
    }
}
