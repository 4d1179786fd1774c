//! Why a whole file is refused.

use super::{MAX_BYTES, MAX_CELL, MAX_ROWS};
use hutong_api::Refusal;

/// Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("neither UTF-8 nor GB18030 (line {line})")]
    Encoding { line: u64 },
    /// Text that is UTF-8 but for a few bytes: reading it as GB18030 would make nonsense of every name.
    #[error("damaged UTF-8")]
    Damaged,
    #[error("a NUL byte in line {line}")]
    Nul { line: u64 },
    #[error("a quote opened in line {line} is never closed")]
    OpenQuote { line: u64 },
    #[error("row too long in line {line}")]
    LongRow { line: u64 },
    #[error("cell too long in line {line}")]
    LongCell { line: u64 },
    #[error("too many rows")]
    TooManyRows,
    #[error("too large")]
    TooLarge,
    #[error("an Excel workbook, not CSV")]
    Workbook,
    #[error("the workbook unpacks to more than {mib} MiB")]
    Unpacks { mib: u64 },
    #[error("the workbook's text table is larger than {mib} MiB")]
    Strings { mib: u64 },
    #[error("no column of numbers")]
    NoNumbers { header: String },
    #[error("no column of seat numbers")]
    NoSeats { header: String },
    #[error("no rows")]
    Empty,
    #[error("read: {0}")]
    Read(String),
}

impl Fault {
    pub fn refusal(&self) -> Refusal {
        match self {
            Fault::Encoding { line } => Refusal::new("import.encoding").with("line", line),
            Fault::Damaged => Refusal::new("import.damaged_utf8"),
            Fault::Nul { line } => Refusal::new("import.nul").with("line", line),
            Fault::OpenQuote { line } => Refusal::new("import.open_quote").with("line", line),
            Fault::LongRow { line } => Refusal::new("import.long_row").with("line", line),
            Fault::LongCell { line } => Refusal::new("import.long_cell").with("line", line).with("kib", MAX_CELL >> 10),
            Fault::TooManyRows => Refusal::new("import.too_many_rows").with("limit", MAX_ROWS),
            Fault::TooLarge => Refusal::new("import.too_large").with("mib", MAX_BYTES >> 20),
            Fault::Workbook => Refusal::new("import.workbook"),
            Fault::Unpacks { mib } => Refusal::new("import.unpacks_too_large").with("mib", mib),
            Fault::Strings { mib } => Refusal::new("import.too_much_text").with("mib", mib),
            Fault::NoNumbers { header } => Refusal::new("import.no_number_column").with("header", header),
            Fault::NoSeats { header } => Refusal::new("import.no_seat_column").with("header", header),
            Fault::Empty => Refusal::new("import.empty"),
            Fault::Read(why) => Refusal::new("import.unreadable").with("why", why),
        }
    }
}

impl From<Fault> for std::io::Error {
    fn from(fault: Fault) -> std::io::Error {
        std::io::Error::other(fault)
    }
}

impl From<std::io::Error> for Fault {
    /// A fault that travelled through a reader comes out as itself.
    fn from(error: std::io::Error) -> Fault {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>()) {
            Some(fault) => fault.clone(),
            None => Fault::Read(error.to_string()),
        }
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Fault {
        let line = error.position().map_or(0, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => error.into(),
            csv::ErrorKind::Utf8 { .. } => Fault::Encoding { line },
            other => Fault::Read(format!("{other:?}")),
        }
    }
}
