//! Rows that become entries of 黑名单库 (F104): number, direction, reason.

use crate::store::{StoreError, now_ms};
use csv::StringRecord;
use hutong_api::{CompanyId, Lang, Phone, Refusal, catalogue::pages::blocklist::DIRECTIONS, texts::text};
use hutong_core::{
    import::{Field, Layout},
    io::BlockEntry,
};
use rusqlite::{Transaction, params};

/// Characters of a reason.
const REASON: usize = 90;

/// Ok(None): the number is there already, and its entry stays as it is.
pub fn add(
    tx: &Transaction<'_>,
    company: CompanyId,
    layout: &Layout,
    (record, phone): (&StringRecord, &Phone),
) -> Result<Result<Option<BlockEntry>, Refusal>, StoreError> {
    let Some(direction) = direction(&layout.cell(record, Field::Direction)) else {
        return Ok(Err(Refusal::new("import.bad_direction")));
    };
    let reason = layout.cell(record, Field::Reason);
    if reason.chars().count() > REASON {
        let column = layout.header_of(Field::Reason).to_owned();
        return Ok(Err(Refusal::new("import.long_field").with("column", column).with("limit", REASON)));
    }
    let sql = "INSERT INTO blocklist (company_id, phone, direction, reason, created) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO NOTHING";
    let values = params![company.0, phone.as_str(), direction, reason, now_ms()];
    let added = tx.prepare_cached(sql)?.execute(values)? == 1;
    Ok(Ok(added.then(|| BlockEntry::number(company, phone.clone(), direction != "inbound"))))
}

/// The code of a direction by its code or its word in either language; blank = both.
fn direction(cell: &str) -> Option<&'static str> {
    let named = |code: &str| {
        let word = |lang| text(lang, &format!("catalogue.choice.{code}"));
        [code, word(Lang::Zh), word(Lang::En)].iter().any(|known| known.eq_ignore_ascii_case(cell))
    };
    if cell.is_empty() { Some("both") } else { DIRECTIONS.iter().copied().find(|code| named(code)) }
}
