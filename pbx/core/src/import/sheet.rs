//! Decoded text → records with their line numbers, in bounded memory.

use super::{Fault, MAX_CELL, MAX_CELL_LINES, MAX_ROW, SNIFF_ROWS};
use csv::StringRecord;
use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

/// What may separate cells. Earlier ones win a tie.
const SEPARATORS: [u8; 3] = *b",;\t";

/// Put behind the text: only if it comes back as a record of its own were all quotes closed.
const END: &str = "\n\u{1}end of sheet\u{1}\n";
const END_CELL: &str = "\u{1}end of sheet\u{1}";

const BUFFER: usize = 64 << 10;
const SAMPLE: u64 = 256 << 10;

/// The beginning of a text, enough for `sniff`.
pub fn sample(text: impl Read) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    text.take(SAMPLE).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The separator under which the first rows agree best on more than one column; a comma where there is only one.
/// `sample` is the beginning of the text; a row cut off at its end may be in it. Excel's own first line `sep=;` decides alone.
pub fn sniff(sample: &str) -> u8 {
    if let Some(separator) = named(sample) {
        return separator;
    }
    let score = |separator: u8| {
        let columns = column_counts(sample, separator);
        let usual = columns.iter().copied().max_by_key(|n| columns.iter().filter(|m| *m == n).count()).unwrap_or(0);
        let agreeing = columns.iter().filter(|n| **n == usual).count();
        if usual < 2 { (0, 0) } else { (agreeing * 1000 / columns.len().max(1), usual) }
    };
    let mut best = (SEPARATORS[0], (0, 0));
    for separator in SEPARATORS {
        let found = score(separator);
        if found > best.1 {
            best = (separator, found);
        }
    }
    best.0
}

/// The separator's word, as stored and shown.
pub const fn separator_word(separator: u8) -> &'static str {
    match separator {
        b';' => ";",
        b'\t' => "tab",
        _ => ",",
    }
}

/// The separator of its word; a comma for any other.
pub fn separator_of(word: &str) -> u8 {
    match word {
        ";" => b';',
        "tab" => b'\t',
        _ => b',',
    }
}

fn named(sample: &str) -> Option<u8> {
    let first = sample.lines().next()?.trim_matches('"');
    let separator = first.strip_prefix("sep=")?.bytes().next().unwrap_or(b'\t');
    SEPARATORS.contains(&separator).then_some(separator)
}

fn column_counts(sample: &str, separator: u8) -> Vec<usize> {
    let mut reader = builder(separator).from_reader(sample.as_bytes());
    reader.records().take(SNIFF_ROWS).map_while(Result::ok).map(|record| record.len()).collect()
}

fn builder(separator: u8) -> csv::ReaderBuilder {
    let mut builder = csv::ReaderBuilder::new();
    builder.delimiter(separator).has_headers(false).flexible(true).buffer_capacity(BUFFER);
    builder
}

/// The records of a sheet. Blank ones are skipped.
pub struct Rows<R> {
    reader: csv::Reader<Guard<R>>,
    allowed: Rc<Cell<u64>>,
    line: u64,
    closed: bool,
}

impl<R: Read> Rows<R> {
    /// `text` is UTF-8.
    pub fn new(text: R, separator: u8) -> Rows<R> {
        let allowed = Rc::new(Cell::new(0));
        let guard = Guard { text, end: END.as_bytes(), given: 0, allowed: allowed.clone() };
        Rows { reader: builder(separator).from_reader(guard), allowed, line: 0, closed: false }
    }

    /// The next record that holds anything; false at the end.
    pub fn next(&mut self, record: &mut StringRecord) -> Result<bool, Fault> {
        loop {
            let start = self.reader.position();
            let line = start.line();
            self.allowed.set(start.byte() + MAX_ROW + 2 * BUFFER as u64);
            let read = self.reader.read_record(record).map_err(|error| match Fault::from(error) {
                Fault::LongRow { .. } => Fault::LongRow { line },
                other => other,
            })?;
            if !read {
                // Whatever swallowed the end mark began in the last record.
                return if self.closed { Ok(false) } else { Err(Fault::OpenQuote { line: self.line }) };
            }
            // csv takes the position before it skips blank lines; counting back from the record's end is exact.
            let breaks = record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
            self.line = self.reader.position().line().saturating_sub(1 + breaks);
            self.closed = record.len() == 1 && &record[0] == END_CELL;
            if self.closed {
                continue;
            }
            self.check(record)?;
            let for_excel = self.line == 1 && record[0].starts_with("sep=");
            if !for_excel && record.iter().any(|cell| !blank(cell)) {
                return Ok(true);
            }
        }
    }

    /// Line of the last record's beginning, 1 = the first.
    pub fn line(&self) -> u64 {
        self.line
    }

    fn check(&self, record: &StringRecord) -> Result<(), Fault> {
        let line = self.line;
        for cell in record {
            if cell.len() > MAX_CELL {
                return Err(Fault::LongCell { line });
            }
            if cell.len() > MAX_CELL_LINES && cell.bytes().filter(|byte| *byte == b'\n').count() > MAX_CELL_LINES {
                return Err(Fault::OpenQuote { line });
            }
            if cell.contains(END_CELL) {
                // No line break ended this record, so that its line was counted back one too far.
                return Err(Fault::OpenQuote { line: line + 1 });
            }
        }
        Ok(())
    }
}

fn blank(cell: &str) -> bool {
    cell.chars().all(|c| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

/// Hands the text on, then the end mark, and no more than `allowed` bytes: a quote never closed must not draw the whole
/// file into memory.
struct Guard<R> {
    text: R,
    end: &'static [u8],
    given: u64,
    allowed: Rc<Cell<u64>>,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given > self.allowed.get() {
            return Err(Fault::LongRow { line: 0 }.into());
        }
        let read = match self.text.read(out)? {
            0 => self.end.read(out)?,
            n => n,
        };
        self.given += read as u64;
        Ok(read)
    }
}
