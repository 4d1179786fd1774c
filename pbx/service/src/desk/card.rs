//! The customer card of a call: what the customer file knows of its number, else what the list's row said (F14).

use hutong_api::{CallId, CompanyId, CustomerId, Phone};
use hutong_core::import::{Field, header};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Card {
    pub customer: Option<CustomerId>,
    /// Field ids of the page `customers` → value.
    pub fields: BTreeMap<String, String>,
}

/// The card to be popped for a call that is being dialled.
pub fn of_call(conn: &Connection, company: CompanyId, call: CallId, phone: &Phone) -> rusqlite::Result<Card> {
    if let Some(card) = known(conn, company, phone)? {
        return Ok(card);
    }
    let fields = listed(conn, company, call)?.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    Ok(Card { customer: None, fields })
}

/// The further columns of the list's row behind a call, by the card field their header names.
pub fn listed(conn: &Connection, company: CompanyId, call: CallId) -> rusqlite::Result<BTreeMap<&'static str, String>> {
    let sql = "SELECT extra FROM lead WHERE company_id = ?2 AND id =
                 coalesce((SELECT lead_id FROM open_call WHERE call_id = ?1), (SELECT lead_id FROM cdr WHERE call_id = ?1))";
    let extra: Option<String> =
        conn.prepare_cached(sql)?.query_row((call.0, company.0), |row| row.get(0)).optional()?;
    let cells: BTreeMap<String, String> = extra.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
    let named = cells.into_iter().filter_map(|(title, value)| Some((column(header::field(&title))?, value)));
    Ok(named.filter(|(_, value)| !value.is_empty()).collect())
}

fn known(conn: &Connection, company: CompanyId, phone: &Phone) -> rusqlite::Result<Option<Card>> {
    const FIELDS: [&str; 8] = ["mobile", "landline", "category", "note", "name", "organisation", "address", "project"];
    let sql = "SELECT id, mobile, landline, category, note, name, organisation, address, project FROM customer_shown
               WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL";
    let read = |row: &rusqlite::Row<'_>| {
        let mut card = Card { customer: Some(CustomerId(row.get(0)?)), ..Card::default() };
        for (i, field) in FIELDS.iter().enumerate() {
            card.fields.insert((*field).to_owned(), row.get(i + 1)?);
        }
        Ok(card)
    };
    conn.prepare_cached(sql)?.query_row((company.0, phone.as_str()), read).optional()
}

const fn column(field: Field) -> Option<&'static str> {
    match field {
        Field::Landline => Some("landline"),
        Field::Organisation => Some("organisation"),
        Field::Category => Some("category"),
        Field::Project => Some("project"),
        Field::Address => Some("address"),
        Field::Note => Some("note"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::sample;

    #[test]
    fn a_stranger_shows_what_the_list_said_and_a_customer_what_the_file_knows() {
        let conn = sample::database();
        let (company, call) = (CompanyId(1), CallId(1));
        conn.execute_batch(
            r#"INSERT INTO lead (id, company_id, campaign_id, batch_id, phone, extra)
                 VALUES (7, 1, 1, 1, '15409999999', '{"公司名称":"甲公司","备注":"下午打","尺码":"L"}');
               UPDATE cdr SET lead_id = 7 WHERE call_id = 1;"#,
        )
        .unwrap();
        let listed = listed(&conn, company, call).unwrap();
        assert_eq!(listed, [("note", "下午打".to_owned()), ("organisation", "甲公司".to_owned())].into());
        assert_eq!(super::listed(&conn, CompanyId(2), call).unwrap(), BTreeMap::new(), "another company's");
        let stranger = Phone::from_digits("15409999999").unwrap();
        let card = of_call(&conn, company, call, &stranger).unwrap();
        assert_eq!((card.customer, card.fields["organisation"].as_str()), (None, "甲公司"));
    }
}
