//! The customer card of a call: what the customer file knows of its number, else what the list's row said (F14).

use super::{pages::customers::COLUMNS, project_form};
use hutong_api::{CallId, CompanyId, CustomerId, Phone, catalogue::FieldView};
use hutong_core::import::{Field, header};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    pub customer: Option<CustomerId>,
    /// Field ids of the page `customers` → value.
    pub fields: BTreeMap<String, String>,
    /// What the project's form asks beside the page's own three fields.
    pub form: Vec<FieldView>,
}

/// The card to be popped for a call that is being dialled.
pub fn of_call(conn: &Connection, company: CompanyId, call: CallId, phone: &Phone) -> rusqlite::Result<Card> {
    let form = project_form::of_call(conn, company, call, phone.as_str())?;
    if let Some(card) = known(conn, company, phone)? {
        return Ok(Card { form, ..card });
    }
    let fields = listed(conn, company, call)?.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    Ok(Card { customer: None, fields, form })
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
    let sql = format!(
        "SELECT id, extra, {} FROM customer_shown WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL",
        COLUMNS.join(", ")
    );
    let read = |row: &rusqlite::Row<'_>| {
        let mut card = Card { customer: Some(CustomerId(row.get(0)?)), ..Card::default() };
        for (i, field) in COLUMNS.iter().enumerate() {
            card.fields.insert((*field).to_owned(), row.get(i + 2)?);
        }
        let extra: String = row.get(1)?;
        card.fields.extend(serde_json::from_str::<BTreeMap<String, String>>(&extra).unwrap_or_default());
        Ok(card)
    };
    let mut card = conn.prepare_cached(&sql)?.query_row((company.0, phone.as_str()), read).optional()?;
    if let Some(card) = &mut card {
        popped(conn, company, &mut card.fields)?;
    }
    Ok(card)
}

/// Leaves what 字段设置 shows on a card: no hidden field, and no added one that is gone.
fn popped(conn: &Connection, company: CompanyId, fields: &mut BTreeMap<String, String>) -> rusqlite::Result<()> {
    let sql = "SELECT iif(system = '', 'f' || id, system), shown AND popped OR system = 'mobile' FROM customer_field
               WHERE company_id = ?1";
    let mut statement = conn.prepare_cached(sql)?;
    let set: BTreeMap<String, bool> =
        statement.query_map([company.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    fields.retain(|id, _| set.get(id).copied().unwrap_or(COLUMNS.contains(&id.as_str())));
    Ok(())
}

const fn column(field: Field) -> Option<&'static str> {
    match field {
        Field::Landline => Some("landline"),
        Field::Organisation => Some("organisation"),
        Field::Category => Some("category"),
        Field::Project => Some("project"),
        Field::Address => Some("address"),
        Field::Note => Some("note"),
        Field::Mobile | Field::Name | Field::Owner | Field::Ours | Field::Other => None,
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
        assert!(card.form.is_empty());
    }

    #[test]
    fn a_card_has_what_is_to_be_popped_and_the_form_of_its_project() {
        let conn = sample::database();
        let (company, call) = (CompanyId(1), CallId(1));
        conn.execute_batch(
            r#"INSERT INTO customer_field (id, company_id, name, kind, length, width, popped) VALUES
                 (50, 1, '车牌', 'field_text', 9, 150, 1), (51, 1, '内部', 'field_text', 9, 150, 0);
               UPDATE customer SET extra = '{"f50":"闽D","f51":"x","f52":"y"}', address = '路', project = '项目' WHERE id = 1;
               UPDATE customer_field SET shown = 0 WHERE company_id = 1 AND system = 'address';"#,
        )
        .unwrap();
        let phone = Phone::from_digits(&sample::phone(1)).unwrap();
        let card = of_call(&conn, company, call, &phone).unwrap();
        assert_eq!(card.fields["f50"], "闽D");
        assert!(["f51", "f52", "address"].iter().all(|id| !card.fields.contains_key(*id)), "{card:?}");
        assert_eq!(card.form.iter().map(|field| field.title.as_str()).collect::<Vec<_>>(), ["预算"]);
        conn.execute_batch("UPDATE customer SET project = ''; UPDATE campaign SET project = '项目'").unwrap();
        assert_eq!(of_call(&conn, company, call, &phone).unwrap().form.len(), 1, "of the task's project");
        let other = of_call(&conn, CompanyId(2), call, &phone).unwrap();
        assert!(other.form.is_empty() && other.customer.is_none(), "another company's");
    }
}
