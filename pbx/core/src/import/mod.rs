//! Office files → clean rows (F19, F34, F35; docs/rules.md). Nothing is guessed: what cannot be read for certain is
//! refused with its line and a reason. Bytes come in through `std::io::Read`; no file is opened here.
//!
//! `decode::detect` names the encoding, `decode::Decoded` gives UTF-8, `sheet::sniff` the separator, `sheet::Rows` the
//! records with their lines, `layout::Layout` says which column is what, `number::clean` makes a cell a number.

pub mod date;
pub mod decode;
pub mod fault;
pub mod header;
pub mod layout;
pub mod number;
pub mod sheet;

pub use decode::{Decoded, Encoding, detect};
pub use fault::Fault;
pub use header::Field;
pub use layout::Layout;
pub use number::{BadNumber, clean};
pub use sheet::{Rows, sample, sniff};

/// Rows of one file (F35), the header not counted.
pub const MAX_ROWS: u32 = 300_000;
/// Bytes of one file.
pub const MAX_BYTES: u64 = 100 << 20;
/// Bytes of one cell.
pub const MAX_CELL: usize = 64 << 10;
/// Bytes of one row; beyond it nothing more is read.
pub const MAX_ROW: u64 = 1 << 20;
/// Line breaks inside one cell: more of them is a quote that was never closed.
pub const MAX_CELL_LINES: usize = 100;
/// Records looked at to find the separator and the columns.
pub const SNIFF_ROWS: usize = 50;

#[cfg(test)]
mod tests;
