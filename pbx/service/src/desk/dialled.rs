//! 拨打 in a row: the number behind it, which need not leave the service for it (F87).

use super::{Answer, Who, page};
use hutong_api::Refusal;
use rusqlite::{Connection, params};

/// The number of a row within reach: 手机号码, else 电话号码 (D8).
pub fn number(conn: &Connection, who: &Who, page: &str, id: i64) -> Answer<String> {
    let sql = match page {
        "customers" => "SELECT mobile, landline FROM customer WHERE id = ?1 AND company_id = ?2 AND deleted IS NULL",
        "callbacks" => {
            "SELECT k.mobile, k.landline FROM callback c JOIN customer k ON k.id = c.customer_id
             WHERE c.id = ?1 AND c.company_id = ?2 AND k.deleted IS NULL"
        }
        _ => return Err(Refusal::new("page.no_action").into()),
    };
    page::source(page)?.fact(conn, who, id)?;
    let (mobile, landline): (String, String) =
        conn.query_row(sql, params![id, who.company.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(if mobile.is_empty() { landline } else { mobile })
}
