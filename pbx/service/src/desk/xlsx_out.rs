//! Lists as a workbook whose cells are all text: no number loses its first zero or its last digits, and no cell is a formula.
//! Rows go to a temporary file as they come, so that any length takes the same memory.

use crate::store::StoreError;
use hutong_api::{catalogue::ColumnView, page::Row};
use rust_xlsxwriter::{Format, IgnoreError, Workbook, Worksheet, XlsxError};
use std::path::Path;

/// Rows a sheet may have; what is beyond goes onto a further sheet.
const SHEET_ROWS: u32 = 1_048_576;
/// Characters a cell may have.
const CELL: usize = 32_767;

pub struct Book {
    workbook: Workbook,
    columns: Vec<ColumnView>,
    sheet: Worksheet,
    next: u32,
    most: u32,
}

impl Book {
    /// `dir` is there and takes the temporary files.
    pub fn new(dir: &Path, columns: Vec<ColumnView>) -> Result<Book, StoreError> {
        Book::with_sheets_of(SHEET_ROWS, dir, columns)
    }

    fn with_sheets_of(most: u32, dir: &Path, columns: Vec<ColumnView>) -> Result<Book, StoreError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(dir).map_err(failed)?;
        let sheet = begun(&mut workbook, &columns)?;
        Ok(Book { workbook, columns, sheet, next: 1, most })
    }

    pub fn row(&mut self, row: &Row) -> Result<(), StoreError> {
        if self.next == self.most {
            let next = begun(&mut self.workbook, &self.columns)?;
            self.workbook.push_worksheet(std::mem::replace(&mut self.sheet, next));
            self.next = 1;
        }
        for (at, column) in (0u16..).zip(&self.columns) {
            let text = row.cells.get(&column.id).map_or("", String::as_str);
            if !text.is_empty() {
                let text: String = text.chars().take(CELL).collect();
                self.sheet.write_string(self.next, at, text).map_err(failed)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    pub fn save(mut self, path: &Path) -> Result<(), StoreError> {
        self.workbook.push_worksheet(self.sheet);
        self.workbook.save(path).map(drop).map_err(failed)
    }
}

fn begun(workbook: &mut Workbook, columns: &[ColumnView]) -> Result<Worksheet, StoreError> {
    let mut sheet = workbook.new_worksheet_with_constant_memory().map_err(failed)?;
    sheet.set_freeze_panes(1, 0).map_err(failed)?;
    let last = u16::try_from(columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
    // Without it Excel marks every telephone number as a mistake.
    sheet.ignore_error_range(0, 0, SHEET_ROWS - 1, last, IgnoreError::NumberStoredAsText).map_err(failed)?;
    let bold = Format::new().set_bold();
    for (at, column) in (0u16..).zip(columns) {
        sheet.set_column_width(at, f64::from(column.width.max(8)) + 2.0).map_err(failed)?;
        sheet.write_string_with_format(0, at, &column.title, &bold).map_err(failed)?;
    }
    Ok(sheet)
}

fn failed(error: XlsxError) -> StoreError {
    match error {
        XlsxError::IoError(error) => error.into(),
        other => StoreError::Other(format!("workbook: {other}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook};
    use hutong_api::catalogue::Kind;

    #[test]
    fn every_cell_comes_back_as_the_text_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let column = |id: &str| ColumnView { id: id.into(), title: id.to_uppercase(), kind: Kind::Text, width: 10 };
        let texts = ["05920000001", "=1+1", "13900001111", "+86", "<a&b>", "行1\n行2", "\u{1}x"];
        let mut book = Book::with_sheets_of(5, dir.path(), vec![column("a"), column("b")]).unwrap();
        for (id, text) in (0..).zip(texts) {
            book.row(&Row { id, cells: [("a".to_owned(), text.to_owned())].into(), actions: vec![] }).unwrap();
        }
        let path = dir.path().join("out.xlsx");
        book.save(&path).unwrap();
        let mut read: Xlsx<_> = open_workbook(&path).unwrap();
        let mut found = Vec::new();
        for name in read.sheet_names() {
            let range = read.worksheet_range(&name).unwrap();
            assert_eq!(range.get((0, 1)), Some(&Data::String("B".into())), "each sheet has its header");
            found.extend(range.rows().skip(1).map(|row| row[0].clone()));
        }
        assert_eq!(found, texts.map(|text| Data::String(text.to_owned())));
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(left, ["out.xlsx"], "no temporary file stays");
    }
}
