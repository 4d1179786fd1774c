//! 批量添加 (F80): seats from–to, alike but for their number.

use super::seats::{covered, setting, theirs};
use crate::desk::{
    Answer, Saved, Who,
    form::{self, Values},
};
use hutong_api::Refusal;
use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

/// Each needs a hash of 40 ms.
pub const MOST: usize = 100;

/// The seat numbers asked for, none of them taken.
pub fn plan(conn: &Connection, who: &Who, args: &Values) -> Answer<Vec<String>> {
    let (first, last) = (args.get("first").map_or("", String::as_str), args.get("last").map_or("", String::as_str));
    let refused = || Refusal::new("field.seat_range").with("max", MOST);
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
    let (Some(from), Some(to)) = (digits(first), digits(last)) else { return Err(refused().into()) };
    if first.len() != last.len() || from > to || (to - from) as usize >= MOST {
        return Err(refused().into());
    }
    let extensions: Vec<String> = (from..=to).map(|n| format!("{n:0width$}", width = first.len())).collect();
    for extension in &extensions {
        let sql = "SELECT 1 FROM seat WHERE company_id = ?1 AND (extension = ?2 OR account = ?2)";
        if conn.prepare_cached(sql)?.query_row(params![who.company.0, extension], |_| Ok(())).optional()?.is_some() {
            return Err(Refusal::new("field.taken").with("value", extension).into());
        }
    }
    Ok(extensions)
}

/// Adds each with its hash; all or none.
pub fn add(tx: &Transaction<'_>, who: &Who, args: &Values, seats: &[(String, String)]) -> Answer<Saved> {
    let role = form::int(args, "role").unwrap_or_default();
    covered(tx, who, role)?;
    let department = form::int(args, "department");
    if let Some(department) = department {
        theirs(tx, who, "department", department)?;
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let mut after = Vec::new();
    for (extension, hash) in seats {
        let columns = [
            ("company_id", Value::Integer(who.company.0)),
            ("extension", text(extension)),
            ("account", text(extension)),
            ("name", text(extension)),
            ("password_hash", text(hash)),
            ("role_id", Value::Integer(role)),
            ("department_id", department.map_or(Value::Null, Value::Integer)),
            ("level", text(args.get("level").map_or("normal", String::as_str))),
        ];
        let id = form::unique(form::insert(tx, "seat", &columns), extension)?;
        after.push(setting(tx, id)?);
    }
    Ok(Saved { id: 0, after })
}
