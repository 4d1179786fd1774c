//! Files handed back: the rejects of an import, ready to be corrected and imported again, and the templates.

use crate::store::StoreError;
use csv::StringRecord;
use hutong_api::{
    BatchId, CompanyId, Lang, Refusal,
    texts::{fill, text},
};
use hutong_core::import::sheet::separator_of;
use rusqlite::{Connection, OptionalExtension, params};

const BOM: &[u8] = "\u{feff}".as_bytes();

/// Every row that was not added, as it stood in the file, behind its line and the reason in words. UTF-8 with BOM. None
/// where the company has no such import. Up to 300,000 rows: ask on a blocking thread. `show` hides what the reader may
/// not see of a cell (号码隐藏).
pub fn rejects_csv(
    conn: &Connection,
    company: CompanyId,
    batch: BatchId,
    lang: Lang,
    show: &dyn Fn(String) -> String,
) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT header, separator FROM batch WHERE id = ?1 AND company_id = ?2";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?));
    let Some((header, separator)) = conn.query_row(sql, params![batch.0, company.0], read).optional()? else {
        return Ok(None);
    };
    let separator = separator_of(&separator);
    let mut sheet = Sheet::new();
    let mut cells = vec![text(lang, "import.rejects.line").to_owned(), text(lang, "import.rejects.reason").to_owned()];
    // A sheet without a header row has numbers where its header would stand.
    cells.extend(serde_json::from_str::<Vec<String>>(&header).unwrap_or_default().into_iter().map(show));
    sheet.row(&cells)?;
    let sql = "SELECT line, code, args, raw FROM reject WHERE batch_id = ?1 AND company_id = ?2 ORDER BY line";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query(params![batch.0, company.0])?;
    while let Some(row) = rows.next()? {
        let (line, code, args): (u32, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let refusal = Refusal { code: code.into(), args: serde_json::from_str(&args).unwrap_or_default() };
        let mut cells = vec![line.to_string(), show(refusal.text(lang))];
        cells.extend(cells_of(&row.get::<_, String>(3)?, separator).into_iter().map(show));
        sheet.row(&cells)?;
    }
    Ok(Some(sheet.finish()?))
}

/// The passwords made for seats of a file: 坐席号, 用户名, 密码. UTF-8 with BOM.
pub fn passwords_csv(rows: &[[String; 3]], lang: Lang) -> Result<Vec<u8>, StoreError> {
    let mut sheet = Sheet::new();
    let header: Vec<String> = text(lang, "catalogue.seats.done.passwords").split(',').map(str::to_owned).collect();
    sheet.row(&header)?;
    rows.iter().try_for_each(|row| sheet.row(row))?;
    sheet.finish()
}

/// The template of page "campaigns", "customers", "blocklist" or "seats": a header row whose words the import knows. No sample row, because
/// somebody would dial it.
pub fn template(page: &str, lang: Lang) -> Option<Vec<u8>> {
    let columns: &[&str] = match page {
        "campaigns" => &["mobile", "name", "landline", "organisation", "note"],
        "customers" => {
            &["mobile", "name", "landline", "organisation", "category", "owner", "project", "address", "note"]
        }
        "blocklist" => &["mobile", "direction", "reason"],
        "seats" => super::seats::COLUMNS,
        _ => return None,
    };
    let own = if page == "seats" { "catalogue.seats.field" } else { "import.column" };
    let words: Vec<String> = columns.iter().map(|column| fill(lang, &format!("{own}.{column}"), &[])).collect();
    let mut sheet = Sheet::new();
    sheet.row(&words).ok()?;
    sheet.finish().ok()
}

struct Sheet(csv::Writer<Vec<u8>>);

impl Sheet {
    fn new() -> Sheet {
        let mut builder = csv::WriterBuilder::new();
        Sheet(builder.terminator(csv::Terminator::CRLF).flexible(true).from_writer(BOM.to_vec()))
    }

    fn row(&mut self, cells: &[String]) -> Result<(), StoreError> {
        let harmless = cells.iter().map(|cell| disarmed(cell));
        self.0.write_record(harmless).map_err(|error| StoreError::Other(error.to_string()))
    }

    fn finish(mut self) -> Result<Vec<u8>, StoreError> {
        self.0.flush()?;
        self.0.into_inner().map_err(|error| StoreError::Other(error.to_string()))
    }
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe, which the import takes off again.
fn disarmed(cell: &str) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// A row as stored: its cells in the sheet's own order and separator, without the line break.
pub fn raw(record: &StringRecord, separator: u8) -> Result<String, StoreError> {
    let bad = |error: &dyn std::fmt::Display| StoreError::Other(error.to_string());
    let mut writer = csv::WriterBuilder::new().delimiter(separator).flexible(true).from_writer(Vec::new());
    writer.write_record(record).map_err(|error| bad(&error))?;
    let bytes = writer.into_inner().map_err(|error| bad(&error))?;
    Ok(String::from_utf8_lossy(&bytes).trim_end_matches('\n').to_owned())
}

fn cells_of(raw: &str, separator: u8) -> Vec<String> {
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.delimiter(separator).has_headers(false).flexible(true).from_reader(raw.as_bytes());
    reader.records().flatten().flat_map(|record| record.iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}
