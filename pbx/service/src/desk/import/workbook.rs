//! .xlsx (X16): its first sheet as text, which is then read as any CSV. A line of the text is a row of the sheet.
//! Nothing is guessed: a number keeps the digits the file has, a date becomes yyyy-mm-dd.

use calamine::{CellErrorType, DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use csv::StringRecord;
use hutong_core::import::{Fault, MAX_BYTES, MAX_ROWS};
use std::{
    fs::File,
    io::{BufReader, BufWriter, Read, Seek, SeekFrom},
    path::Path,
};

/// Bytes that all parts of a workbook may unpack to.
pub const UNPACKED: u64 = 768 << 20;
/// Bytes of its table of texts, the one part that is held in memory.
pub const STRINGS: u64 = 64 << 20;
/// Bytes between two tags: a longer run would be drawn into memory whole.
const RUN: usize = 1 << 20;
/// Parts of the archive: each costs memory before anything is read.
const PARTS: u16 = 2_000;
/// Bytes of the sheet as text.
const TEXT: u64 = 256 << 20;
/// Rows and columns of a sheet (Excel's own).
const SHEET_ROWS: u32 = 1_048_576;
const SHEET_COLUMNS: u32 = 16_384;
/// Above it a spreadsheet has thrown digits away.
const WHOLE: f64 = 1e15;

pub fn is_workbook(path: &Path) -> Result<bool, Fault> {
    let mut magic = [0; 4];
    Ok(File::open(path)?.read_exact(&mut magic).is_ok() && magic == *b"PK\x03\x04")
}

/// Writes the first sheet to `out` as UTF-8 with commas.
pub fn convert(path: &Path, out: &Path) -> Result<(), Fault> {
    if File::open(path)?.metadata()?.len() > MAX_BYTES {
        return Err(Fault::TooLarge);
    }
    guard(path)?;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(File::open(path)?)).map_err(|error| fault(&error))?;
    let name = book.sheet_names().first().cloned().ok_or(Fault::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(|error| fault(&error))?;
    let mut text = Text::new(out)?;
    while let Some(cell) = cells.next_cell().map_err(|error| fault(&error))? {
        let (row, column) = cell.get_position();
        if row >= SHEET_ROWS || column >= SHEET_COLUMNS || row < text.row {
            return Err(Fault::Read("the sheet's rows are out of order".into()));
        }
        text.put(row, column, &shown(cell.get_value()))?;
    }
    text.finish()
}

/// The text being written.
struct Text {
    out: csv::Writer<BufWriter<File>>,
    record: StringRecord,
    row: u32,
    filled: u32,
    bytes: u64,
}

impl Text {
    fn new(out: &Path) -> Result<Text, Fault> {
        let mut builder = csv::WriterBuilder::new();
        let out = builder.flexible(true).from_writer(BufWriter::new(File::create(out)?));
        Ok(Text { out, record: StringRecord::new(), row: 0, filled: 0, bytes: 0 })
    }

    fn put(&mut self, row: u32, column: u32, cell: &str) -> Result<(), Fault> {
        if cell.is_empty() {
            return Ok(());
        }
        while self.row < row {
            self.end_row()?;
        }
        while self.record.len() < column as usize {
            self.record.push_field("");
        }
        self.record.push_field(cell);
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), Fault> {
        self.filled += u32::from(!self.record.is_empty());
        self.bytes += self.record.as_slice().len() as u64 + self.record.len() as u64 + 1;
        // The reader behind counts exactly; this only ends a file that cannot be meant.
        if self.filled > MAX_ROWS + 64 {
            return Err(Fault::TooManyRows);
        }
        if self.bytes > TEXT {
            return Err(Fault::Unpacks { mib: TEXT >> 20 });
        }
        match self.record.is_empty() {
            true => self.out.write_record([""])?,
            false => self.out.write_record(&self.record)?,
        }
        self.record.clear();
        self.row += 1;
        Ok(())
    }

    fn finish(mut self) -> Result<(), Fault> {
        self.end_row()?;
        Ok(self.out.flush()?)
    }
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => digits(*number),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(moment) => date(moment),
        DataRef::Error(CellErrorType::NA) => "#N/A".to_owned(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

/// Every digit the file has. Beyond 15 a spreadsheet keeps none: that is said in its own way, so that nobody takes the
/// zeros for digits.
fn digits(number: f64) -> String {
    if number.abs() < WHOLE { number.to_string() } else { format!("{number:E}") }
}

/// A line break inside a cell: the text keeps one line a row, and two numbers under each other stay two.
fn one_line(text: &str) -> String {
    if !text.contains(['\n', '\r']) {
        return text.to_owned();
    }
    text.split(['\n', '\r']).filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join(" / ")
}

fn date(moment: &ExcelDateTime) -> String {
    if moment.is_duration() {
        let seconds = (moment.as_f64() * 86_400.0).round() as i64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    match (moment.as_f64() < 1.0, moment.as_f64().fract() == 0.0) {
        (true, _) => format!("{hour:02}:{minute:02}:{second:02}"),
        (false, true) => format!("{year:04}-{month:02}-{day:02}"),
        (false, false) => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// A small file that unpacks to a huge one is refused before anything of it is held. What the archive says of its sizes is
/// not believed: everything is unpacked once and counted.
fn guard(path: &Path) -> Result<(), Fault> {
    if parts(path)? > PARTS {
        return Err(Fault::Read("the archive has too many parts".into()));
    }
    let bad = |error: zip::result::ZipError| Fault::Read(error.to_string());
    let mut archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(bad)?;
    let (mut total, mut buffer) = (0u64, vec![0; 64 << 10]);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(bad)?;
        let name = part.name().map_err(bad)?.to_ascii_lowercase();
        let marked = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
        let strings = name.ends_with("sharedstrings.xml");
        let (mut size, mut run) = (0u64, 0usize);
        loop {
            let read = part.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if strings && size > STRINGS {
                return Err(Fault::Strings { mib: STRINGS >> 20 });
            }
            if total + size > UNPACKED {
                return Err(Fault::Unpacks { mib: UNPACKED >> 20 });
            }
            run = if marked { longest(&buffer[..read], run)? } else { 0 };
        }
        total += size;
    }
    Ok(())
}

/// How far the last tag lies behind, over pieces of a part.
fn longest(piece: &[u8], before: usize) -> Result<usize, Fault> {
    let mut run = before;
    for part in piece.split_inclusive(|byte| *byte == b'<') {
        run += part.len();
        if run > RUN {
            return Err(Fault::Unpacks { mib: (RUN >> 20) as u64 });
        }
        if part.ends_with(b"<") {
            run = 0;
        }
    }
    Ok(run)
}

/// How many parts the archive's end record counts.
fn parts(path: &Path) -> Result<u16, Fault> {
    const END: u64 = 65_557;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    let at = tail.windows(4).rposition(|four| four == b"PK\x05\x06");
    let count = at.and_then(|at| tail.get(at + 10..at + 12));
    match count {
        Some(&[low, high]) => Ok(u16::from_le_bytes([low, high])),
        _ => Err(Fault::Read("the workbook is cut off".into())),
    }
}

fn fault(error: &XlsxError) -> Fault {
    Fault::Read(format!("workbook: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime as Moment, Format, Workbook};
    use std::io::Write as _;

    fn converted(path: &Path) -> Result<String, Fault> {
        let out = path.with_extension("text");
        convert(path, &out)?;
        Ok(std::fs::read_to_string(out).unwrap())
    }

    #[test]
    fn numbers_keep_their_digits_and_dates_are_days() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.xlsx");
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let day = Format::new().set_num_format("yyyy/m/d");
        sheet.write_string(0, 0, "手机号码").unwrap();
        sheet.write_number(1, 0, 15_400_000_001.0).unwrap();
        sheet.write_number(1, 1, 0.5).unwrap();
        sheet.write_datetime_with_format(1, 2, Moment::from_ymd(2026, 6, 10).unwrap(), &day).unwrap();
        sheet.write_number(3, 0, 440_101_199_001_011_234.0).unwrap();
        sheet.write_string(4, 0, "154 0000 0002\n15400000003").unwrap();
        sheet.write_string(4, 2, "a,\"b\"").unwrap();
        book.add_worksheet().write_string(0, 0, "another sheet").unwrap();
        book.save(&path).unwrap();
        let text = converted(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..3], ["手机号码", "15400000001,0.5,2026-06-10", "\"\""]);
        assert!(
            lines[3].starts_with("4.40101199") && lines[3].ends_with("E17"),
            "lost digits are not made up: {}",
            lines[3]
        );
        assert_eq!(lines[4..], ["154 0000 0002 / 15400000003,,\"a,\"\"b\"\"\""]);
    }

    /// A workbook whose one sheet is `sheet`, stored under the size it really has.
    fn book(path: &Path, part: &str, sheet: impl Iterator<Item = Vec<u8>>) {
        let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(part, options).unwrap();
        sheet.for_each(|piece| zip.write_all(&piece).unwrap());
        zip.finish().unwrap();
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("bomb.xlsx");
        book(&path, "xl/worksheets/sheet1.xml", (0..20).map(|_| vec![b'x'; 64 << 10]));
        assert!(matches!(converted(&path), Err(Fault::Unpacks { mib: 1 })), "one text without an end");
        book(&path, "xl/sharedStrings.xml", (0..65).map(|_| b"<si/>   ".repeat(128 << 10)));
        assert!(std::fs::metadata(&path).unwrap().len() < 1 << 20);
        assert!(matches!(converted(&path), Err(Fault::Strings { mib: 64 })));
        std::fs::write(&path, b"PK\x03\x04 cut off").unwrap();
        assert!(matches!(converted(&path), Err(Fault::Read(_))));
    }
}
