//! Choices that are rows of the company: what `options_from` names.

use super::{Answer, Who, cell::Show, page};
use hutong_api::{Refusal, page::Choice};
use rusqlite::Connection;

/// Choices of a select field or filter whose rows are the company's.
pub fn options(conn: &Connection, who: &Who, page: &str, field: &str) -> Answer<Vec<Choice>> {
    let page = page::permitted(who, page, "view")?;
    let from = page
        .fields()
        .find(|f| f.id == field)
        .and_then(|f| f.options_from)
        .or_else(|| page.filters.iter().find(|f| f.id == field).and_then(|f| f.options_from));
    let sql = match from {
        Some("scripts") => "SELECT id, name FROM script WHERE company_id = ?1 ORDER BY name",
        Some("trunks") => "SELECT id, name FROM trunk WHERE company_id = ?1 AND enabled = 1 ORDER BY name",
        Some("number_groups") => "SELECT id, name FROM number_group WHERE company_id = ?1 ORDER BY name",
        Some("campaigns") => {
            "SELECT id, name FROM campaign WHERE company_id = ?1 AND deleted IS NULL ORDER BY id DESC LIMIT 500"
        }
        Some("departments") => "SELECT id, name FROM department WHERE company_id = ?1 ORDER BY name",
        Some("roles") => {
            "SELECT id, coalesce(nullif(name, ''), '@catalogue.role.' || code) FROM role WHERE company_id = ?1 ORDER BY id"
        }
        Some("seats") => {
            "SELECT id, name || '(' || extension || ')' FROM seat WHERE company_id = ?1 AND deleted IS NULL ORDER BY extension"
        }
        _ => return Err(Refusal::new("page.unknown").into()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([who.company.0], |row| {
        let label: rusqlite::types::Value = row.get(1)?;
        Ok(Choice { value: row.get::<_, i64>(0)?.to_string(), label: Show::KeyOrText.cell(&label, who) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
