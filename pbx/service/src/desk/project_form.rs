//! The further fields that 业务记录 has for a project (项目界面, D9).

use super::{Answer, form, form::Values, overlay::kind_of};
use hutong_api::{CallId, CompanyId, catalogue::FieldView, page::Choice};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

const LONGEST: u16 = 200;
const LONGEST_LONG: u16 = 2_000;

/// The form of a call: of the customer's project, else of its task's. Empty where neither asks for more.
pub fn of_call(conn: &Connection, company: CompanyId, call: CallId, phone: &str) -> rusqlite::Result<Vec<FieldView>> {
    let customers = "SELECT project FROM customer_shown WHERE company_id = ?1 AND mobile = ?2 AND project <> ''";
    let own: Option<String> =
        conn.prepare_cached(customers)?.query_row(params![company.0, phone], |row| row.get(0)).optional()?;
    let tasks = "SELECT project FROM campaign WHERE company_id = ?2 AND id = coalesce(
                   (SELECT campaign_id FROM open_call WHERE call_id = ?1), (SELECT campaign_id FROM cdr WHERE call_id = ?1))";
    let project = match own {
        Some(project) => Some(project),
        None => conn.prepare_cached(tasks)?.query_row([call.0, company.0], |row| row.get(0)).optional()?,
    };
    match project {
        Some(project) if !project.is_empty() => of_project(conn, company, &project),
        _ => Ok(Vec::new()),
    }
}

fn of_project(conn: &Connection, company: CompanyId, project: &str) -> rusqlite::Result<Vec<FieldView>> {
    let sql = "SELECT id, name, kind, options, required FROM project_field WHERE company_id = ?1 AND project = ?2
               ORDER BY position, id";
    let mut statement = conn.prepare_cached(sql)?;
    let fields = statement.query_map(params![company.0, project], |row| {
        let (kind, options): (String, String) = (row.get(2)?, row.get(3)?);
        let options: Vec<String> = serde_json::from_str(&options).unwrap_or_default();
        Ok(FieldView {
            id: format!("p{}", row.get::<_, i64>(0)?),
            title: row.get(1)?,
            kind: kind_of(&kind),
            required: row.get(4)?,
            max_chars: match kind.as_str() {
                "field_long" => LONGEST_LONG,
                "field_one" | "field_several" => 0,
                _ => LONGEST,
            },
            choices: options.into_iter().map(|o| Choice { value: o.clone(), label: o }).collect(),
            options_from: None,
            default: String::new(),
            fixed: false,
            advanced: false,
            group: String::new(),
            hint: String::new(),
            width: 0,
            popped: true,
        })
    })?;
    fields.collect()
}

/// What was typed into the form, checked, as the JSON that a record keeps: the fields' names → texts.
pub fn answers(fields: &[FieldView], typed: &BTreeMap<String, String>) -> Answer<String> {
    let clean = form::clean_views(fields, typed, true)?;
    let named = fields.iter().filter_map(|field| {
        let value = clean.get(&field.id).filter(|value| !value.is_empty())?;
        Some((field.title.clone(), value.clone()))
    });
    Ok(serde_json::to_string(&named.collect::<Values>()).unwrap_or_else(|_| "{}".into()))
}
