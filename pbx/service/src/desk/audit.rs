//! Who saw, played, exported or changed what, from where. Ids and counts, never numbers (docs/rules.md).

use super::{Answer, Who, cell::scrub, now};
use hutong_api::CompanyId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// `object` is e.g. "call:17" or "page:calls"; `client` the address it came from.
pub fn note(tx: &Transaction<'_>, who: &Who, client: &str, action: &str, object: &str, detail: &str) -> Answer<()> {
    tx.prepare_cached(
        "INSERT INTO audit (company_id, at, seat_id, client, action, object, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![who.company.0, now(), who.seat.0, client, action, object, detail])?;
    Ok(())
}

/// The company of this 公司账号.
pub fn company(conn: &Connection, code: &str) -> Answer<Option<CompanyId>> {
    let found = conn.query_row("SELECT id FROM company WHERE code = ?1", [code], |row| row.get(0).map(CompanyId));
    Ok(found.optional()?)
}

/// The same where nobody is known to have done it. Digits of a number that somebody typed are not kept.
pub fn nobody(tx: &Transaction<'_>, company: CompanyId, client: &str, action: &str, detail: &str) -> Answer<()> {
    let sql = "INSERT INTO audit (company_id, at, client, action, object, detail) VALUES (?1, ?2, ?3, ?4, '', ?5)";
    tx.prepare_cached(sql)?.execute(params![company.0, now(), client, action, scrub(detail)])?;
    Ok(())
}

/// The same of the box operator, known by the OS user alone.
pub fn operator(
    conn: &Connection,
    company: CompanyId,
    os_user: &str,
    action: &str,
    object: &str,
    detail: &str,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO audit (company_id, at, os_user, client, action, object, detail)
               VALUES (?1, ?2, ?3, 'box', ?4, ?5, ?6)";
    conn.execute(sql, params![company.0, now(), os_user, action, object, detail])?;
    Ok(())
}
