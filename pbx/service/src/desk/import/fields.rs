//! The fields that columns of a file can be given to: ours, and those a company added to its customers (字段设置).

use super::Goal;
use crate::store::{StoreError, now_ms};
use csv::StringRecord;
use hutong_api::{CompanyId, Lang, Refusal, page::Choice, texts::text};
use hutong_core::import::{Field, Layout, date, header, layout::tidy};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Characters where a field sets no length.
const LONGEST: usize = 4_000;

/// A field of the company's own.
#[derive(Debug, Clone)]
pub struct Added {
    /// Its key among the customer's further values.
    pub id: String,
    pub title: String,
    kind: String,
    limit: usize,
    options: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Fields {
    pub added: Vec<Added>,
    /// The file is one of seats, whose columns have names of their own.
    pub seats: bool,
}

impl Fields {
    /// Only customers have fields of a company's own.
    pub fn load(conn: &Connection, company: CompanyId, goal: Goal) -> Result<Fields, StoreError> {
        let there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'customer_field')
                     AND EXISTS (SELECT 1 FROM pragma_table_info('customer') WHERE name = 'extra')";
        if goal != Goal::Customers || !conn.query_row(there, [], |row| row.get::<_, bool>(0))? {
            return Ok(Fields { seats: goal == Goal::Seats, ..Fields::default() });
        }
        let sql = "SELECT 'f' || id, name, kind, length, options FROM customer_field
                   WHERE company_id = ?1 AND system = '' ORDER BY position, id";
        let mut statement = conn.prepare(sql)?;
        let read = |row: &rusqlite::Row<'_>| {
            let limit: i64 = row.get(3)?;
            let options: String = row.get(4)?;
            Ok(Added {
                id: row.get(0)?,
                title: row.get(1)?,
                kind: row.get(2)?,
                limit: usize::try_from(limit).ok().filter(|limit| *limit > 0).unwrap_or(LONGEST),
                options: serde_json::from_str(&options).unwrap_or_default(),
            })
        };
        let added = statement.query_map([company.0], read)?.collect::<Result<_, _>>()?;
        Ok(Fields { added, seats: false })
    }

    pub fn titles(&self) -> Vec<String> {
        self.added.iter().map(|field| field.title.clone()).collect()
    }

    /// What a column may be given to where rows become this.
    pub fn choices(&self, goal: Goal, lang: Lang) -> Vec<Choice> {
        let ours: &[&str] = match goal {
            Goal::Campaign { .. } => &["mobile", "landline", "name"],
            Goal::Customers => {
                &["mobile", "name", "landline", "organisation", "category", "owner", "project", "address", "note"]
            }
            Goal::Blocklist => &["mobile", "direction", "reason"],
            Goal::Seats => super::seats::COLUMNS,
        };
        let words = if goal == Goal::Seats { "catalogue.seats.field" } else { "import.column" };
        let ours = ours
            .iter()
            .map(|id| Choice { value: (*id).to_owned(), label: text(lang, &format!("{words}.{id}")).to_owned() });
        let added = self.added.iter().map(|field| Choice { value: field.id.clone(), label: field.title.clone() });
        ours.chain(added).collect()
    }

    /// The id of what a column is taken for; empty where rows of this goal have no such field.
    pub fn id(&self, goal: Goal, field: Field) -> String {
        let id = match field {
            Field::Added(at) => self.added.get(usize::from(at)).map(|field| field.id.as_str()),
            field => header::IDS.iter().find(|(_, ours)| *ours == field).map(|(id, _)| *id),
        };
        let id = id.unwrap_or_default();
        let known = self.choices(goal, Lang::Zh).iter().any(|choice| choice.value == id);
        if known { id.to_owned() } else { String::new() }
    }

    /// The fields of ids as a person assigned them; empty = ignored.
    pub fn of_ids(&self, goal: Goal, ids: &[String]) -> Result<Vec<Field>, Refusal> {
        let choices = self.choices(goal, Lang::Zh);
        let one = |id: &String| match id.as_str() {
            "" => Ok(Field::Other),
            id if !choices.iter().any(|choice| choice.value == id) => {
                Err(Refusal::new("import.unknown_field").with("field", id))
            }
            id => {
                let added = self.added.iter().position(|field| field.id == id).and_then(|at| u16::try_from(at).ok());
                let ours = header::IDS.iter().find(|(known, _)| *known == id).map(|(_, field)| *field);
                Ok(added.map(Field::Added).or(ours).unwrap_or(Field::Other))
            }
        };
        ids.iter().map(one).collect()
    }

    /// The values a row has for the company's own fields, each in its stored form.
    pub fn values(&self, layout: &Layout, record: &StringRecord) -> Result<BTreeMap<String, String>, Refusal> {
        let mut values = BTreeMap::new();
        for (at, field) in (0u16..).zip(&self.added) {
            let cell = layout.cell(record, Field::Added(at));
            if !cell.is_empty() {
                values.insert(field.id.clone(), field.clean(cell)?);
            }
        }
        Ok(values)
    }
}

impl Added {
    fn clean(&self, cell: String) -> Result<String, Refusal> {
        let bad = || Refusal::new("import.bad_field").with("column", &self.title);
        if cell.chars().count() > self.limit {
            return Err(Refusal::new("import.long_field").with("column", &self.title).with("limit", self.limit));
        }
        let known = |word: &str| self.options.is_empty() || self.options.iter().any(|option| option == word);
        match self.kind.as_str() {
            "field_number" => cell.parse::<i64>().map(|number| number.to_string()).map_err(|_| bad()),
            "field_date" => date::date(&cell).ok_or_else(bad),
            "field_datetime" => date::moment(&cell).ok_or_else(bad),
            "field_one" if !known(&cell) => Err(bad()),
            "field_several" => {
                let words: Vec<String> = cell.split([',', '，', '、', ';', '；']).map(tidy).collect();
                let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
                if words.iter().all(|word| known(word)) { Ok(words.join(",")) } else { Err(bad()) }
            }
            _ => Ok(cell),
        }
    }
}

/// Files of one shape have the same header; without one, as many columns.
fn shape(layout: &Layout) -> String {
    match layout.has_header {
        false => format!("width {}", layout.header.len()),
        true => {
            let digest = Sha256::digest(layout.header.join("\u{1f}"));
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        }
    }
}

/// How a person assigned the columns of such a file last.
pub fn remembered(
    conn: &Connection,
    company: CompanyId,
    page: &str,
    layout: &Layout,
) -> Result<Option<Vec<String>>, StoreError> {
    let sql = "SELECT fields FROM import_shape WHERE company_id = ?1 AND page = ?2 AND shape = ?3";
    let fields: Option<String> =
        conn.query_row(sql, params![company.0, page, shape(layout)], |row| row.get(0)).optional()?;
    let fields: Option<Vec<String>> = fields.and_then(|json| serde_json::from_str(&json).ok());
    Ok(fields.filter(|fields| fields.len() == layout.header.len()))
}

pub fn remember(
    tx: &Transaction<'_>,
    company: CompanyId,
    page: &str,
    layout: &Layout,
    columns: &[String],
) -> Result<(), StoreError> {
    const SHAPES: u32 = 200;
    let sql = "INSERT INTO import_shape (company_id, page, shape, fields, used) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT DO UPDATE SET fields = excluded.fields, used = excluded.used";
    let fields = serde_json::to_string(columns).unwrap_or_default();
    tx.execute(sql, params![company.0, page, shape(layout), fields, now_ms()])?;
    let sql = "DELETE FROM import_shape WHERE company_id = ?1 AND used <= (SELECT used FROM import_shape
               WHERE company_id = ?1 ORDER BY used DESC LIMIT 1 OFFSET ?2)";
    tx.execute(sql, params![company.0, SHAPES])?;
    Ok(())
}
