//! The first reading: finds every fault that refuses a file whole, and counts its rows.

use super::{fields::Fields, workbook};
use csv::StringRecord;
use hutong_api::{Refusal, page::ImportStatus};
use hutong_core::import::{
    Decoded, Encoding, Fault, Field, Layout, MAX_BYTES, MAX_ROWS, Rows, SNIFF_ROWS, detect, sample, sniff,
};
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::watch;

/// How a file is to be read.
#[derive(Debug, Clone)]
pub struct Plan {
    pub path: PathBuf,
    pub encoding: Encoding,
    pub separator: u8,
    pub layout: Layout,
    /// Rows of data.
    pub rows: u32,
    /// Its first records.
    pub first: Vec<StringRecord>,
    /// The text was made of a workbook.
    pub workbook: bool,
    /// The text of a workbook goes with the last plan that reads it.
    _made: Option<Arc<Made>>,
}

/// How the columns of a sheet are understood.
#[derive(Debug)]
pub enum Columns<'a> {
    /// By their headers, or by what is in them; there must be one of numbers.
    Found(&'a Fields),
    /// The same, to be shown to a person.
    Shown(&'a Fields),
    /// As a person assigned them.
    Assigned(&'a Fields, Vec<Field>),
}

/// A file made here.
#[derive(Debug)]
struct Made(PathBuf);

impl Drop for Made {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Records between two tellings of progress.
const TELL: u32 = 4_096;

impl Plan {
    /// `workbook`: the file is the text of one, made before.
    pub fn check(
        path: &Path,
        workbook: bool,
        columns: Columns<'_>,
        progress: &watch::Sender<ImportStatus>,
    ) -> Result<Plan, Refusal> {
        check(path, workbook, columns, progress).map_err(|fault| fault.refusal())
    }

    /// As shown to people and stored.
    pub fn word(&self) -> &'static str {
        if self.workbook { "XLSX" } else { self.encoding.word() }
    }

    /// Keeps the text of a workbook under a name of the caller's, who removes it.
    pub fn keep_text(&self, path: &Path) -> io::Result<()> {
        std::fs::hard_link(&self.path, path)
    }

    /// A fresh reader at the file's beginning, and how many bytes it has taken.
    pub fn open(&self) -> Result<(Rows<Decoded<Counted>>, Arc<AtomicU64>), Fault> {
        open(&self.path, self.encoding, self.separator)
    }
}

impl Columns<'_> {
    fn layout(&self, first: &[StringRecord]) -> Result<Layout, Fault> {
        match self {
            Columns::Found(fields) if fields.seats => Layout::of_seats_assigned(first, Vec::new()),
            Columns::Shown(fields) if fields.seats => Layout::of_seats(first),
            Columns::Assigned(fields, assigned) if fields.seats => Layout::of_seats_assigned(first, assigned.clone()),
            Columns::Found(fields) => Layout::find_among(first, &fields.titles()),
            Columns::Shown(fields) => Layout::guess(first, &fields.titles()),
            Columns::Assigned(fields, assigned) => {
                Layout::guess(first, &fields.titles())?.assigned(first, assigned.clone())
            }
        }
    }
}

fn check(
    path: &Path,
    workbook: bool,
    columns: Columns<'_>,
    progress: &watch::Sender<ImportStatus>,
) -> Result<Plan, Fault> {
    if workbook || !workbook::is_workbook(path)? {
        return check_text(path, workbook, columns, progress);
    }
    let text = path.with_extension("text");
    let made = Made(text.clone());
    workbook::convert(path, &text)?;
    let plan = check_text(&text, true, columns, progress)?;
    Ok(Plan { _made: Some(Arc::new(made)), ..plan })
}

fn check_text(
    path: &Path,
    workbook: bool,
    columns: Columns<'_>,
    progress: &watch::Sender<ImportStatus>,
) -> Result<Plan, Fault> {
    let bytes_total = File::open(path)?.metadata()?.len();
    if bytes_total > MAX_BYTES && !workbook {
        return Err(Fault::TooLarge);
    }
    progress.send_modify(|status| status.bytes_total = bytes_total);
    let encoding = if workbook { Encoding::Utf8 } else { detect(File::open(path)?)? };
    let separator = match workbook {
        true => b',',
        false => sniff(&sample(Decoded::new(File::open(path)?, encoding))?),
    };
    let (mut rows, taken) = open(path, encoding, separator)?;
    let (mut record, mut first, mut layout, mut records) = (StringRecord::new(), Vec::new(), None, 0u32);
    while rows.next(&mut record)? {
        records += 1;
        if first.len() < SNIFF_ROWS {
            first.push(record.clone());
        } else if layout.is_none() {
            layout = Some(columns.layout(&first)?);
        }
        let header = layout.as_ref().map_or(0, |layout| layout.skip as u32);
        if records > MAX_ROWS + header && layout.is_some() {
            return Err(Fault::TooManyRows);
        }
        if records.is_multiple_of(TELL) {
            progress.send_modify(|status| {
                status.bytes_read = taken.load(Ordering::Relaxed);
                status.rows = records;
            });
        }
    }
    let layout = match layout {
        Some(layout) => layout,
        None => columns.layout(&first)?,
    };
    let rows = records.saturating_sub(layout.skip as u32);
    progress.send_modify(|status| (status.bytes_read, status.rows) = (bytes_total, rows));
    if rows == 0 {
        return Err(Fault::Empty);
    }
    Ok(Plan { path: path.to_owned(), encoding, separator, layout, rows, first, workbook, _made: None })
}

fn open(path: &Path, encoding: Encoding, separator: u8) -> Result<(Rows<Decoded<Counted>>, Arc<AtomicU64>), Fault> {
    let taken = Arc::new(AtomicU64::new(0));
    let input = Counted { file: File::open(path)?, taken: taken.clone() };
    Ok((Rows::new(Decoded::new(input, encoding), separator), taken))
}

/// A file that counts what was read of it.
pub struct Counted {
    file: File,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out)?;
        self.taken.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
