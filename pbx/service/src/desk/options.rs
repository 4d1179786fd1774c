//! Choices that are rows of the company: what `options_from` names.

use super::{Answer, Who, cell::Show, page};
use hutong_api::{Refusal, page::Choice};
use rusqlite::Connection;

/// These rows are chosen by their name, which is also what is stored.
pub fn by_name(options_from: Option<&str>) -> bool {
    matches!(options_from, Some("categories" | "projects"))
}

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
        Some("prompts") => "SELECT id, name FROM prompt WHERE company_id = ?1 AND version > 0 ORDER BY name",
        Some("trunks") => "SELECT id, name FROM trunk WHERE company_id = ?1 AND enabled = 1 ORDER BY name",
        Some("agent_groups") => "SELECT id, name FROM agent_group WHERE company_id = ?1 ORDER BY name",
        Some("number_groups") => "SELECT id, name FROM number_group WHERE company_id = ?1 ORDER BY name",
        Some("campaigns") => {
            "SELECT id, name FROM campaign WHERE company_id = ?1 AND deleted IS NULL ORDER BY id DESC LIMIT 500"
        }
        Some("preview_tasks") => {
            "SELECT c.id, c.name FROM campaign c WHERE c.company_id = ?1 AND c.deleted IS NULL AND c.pacing = 'preview'
             ORDER BY c.id DESC LIMIT 500"
        }
        Some("departments") => "SELECT id, name FROM department WHERE company_id = ?1 ORDER BY name",
        Some("roles") => {
            "SELECT id, coalesce(nullif(name, ''), '@catalogue.role.' || code) FROM role WHERE company_id = ?1 ORDER BY id"
        }
        Some("seats") => {
            "SELECT id, name || '(' || extension || ')' FROM seat WHERE company_id = ?1 AND deleted IS NULL ORDER BY extension"
        }
        Some("all_seats") => {
            "SELECT id, name || '(' || extension || ')' FROM seat WHERE company_id = ?1 ORDER BY extension"
        }
        Some("notices") => {
            "SELECT id, title FROM notice WHERE company_id = ?1 AND deleted IS NULL ORDER BY id DESC LIMIT 500"
        }
        Some("free_numbers") => {
            "SELECT n.id, n.number || ' · ' || t.name FROM number n JOIN trunk t ON t.id = n.trunk_id
             WHERE n.company_id = ?1 AND n.seat_id IS NULL ORDER BY n.number LIMIT 500"
        }
        Some("used_numbers") => {
            "SELECT n.id, n.number || ' → ' || s.name || '(' || s.extension || ')' FROM number n JOIN seat s ON s.id = n.seat_id
             WHERE n.company_id = ?1 ORDER BY n.number LIMIT 500"
        }
        Some("x_numbers") => {
            "SELECT x.id, x.number || coalesce(' → ' || s.name || '(' || s.extension || ')', '') FROM x_number x
             LEFT JOIN seat s ON s.id = x.seat_id WHERE x.company_id = ?1 ORDER BY x.number LIMIT 500"
        }
        Some("categories") => "SELECT name, name FROM category WHERE company_id = ?1 ORDER BY position, name",
        Some("projects") => "SELECT name, name FROM project WHERE company_id = ?1 ORDER BY position, name",
        _ => return Err(Refusal::new("page.unknown").into()),
    };
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([who.company.0], |row| {
        let [value, label]: [rusqlite::types::Value; 2] = [row.get(0)?, row.get(1)?];
        Ok(Choice { value: Show::Plain.cell(&value, who), label: Show::KeyOrText.cell(&label, who) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
