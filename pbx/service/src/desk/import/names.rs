//! Names of 客户分类 and 归属项目 that customers came with become choices. A customer keeps his as text, so nothing is lost
//! where this is cut short: the next import, or the next start, takes it up.

use crate::store::{Store, StoreError};
use hutong_api::CompanyId;
use rusqlite::{Connection, Transaction, params};

/// Names of either kind that a company's customers are asked for. More are no choices but somebody's remarks.
const MOST: usize = 2_000;
/// Names stored in one transaction.
const CHUNK: usize = 500;

/// Looks for names in use that are no choices yet, and makes them choices.
pub async fn learn(store: &Store, company: CompanyId) -> Result<(), StoreError> {
    for kind in ["category", "project"] {
        let missing = store.read(move |conn| missing(conn, company, kind)).await?;
        for names in missing.chunks(CHUNK).map(<[String]>::to_vec) {
            store.write(move |tx| add(tx, company, kind, &names)).await?;
        }
    }
    Ok(())
}

pub fn companies(conn: &Connection) -> Result<Vec<CompanyId>, StoreError> {
    let mut statement = conn.prepare("SELECT id FROM company ORDER BY id")?;
    let ids = statement.query_map([], |row| Ok(CompanyId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// Each name is found by one step in the index, however many customers have it.
fn missing(conn: &Connection, company: CompanyId, kind: &str) -> Result<Vec<String>, StoreError> {
    let next = format!("SELECT min({kind}) FROM customer WHERE company_id = ?1 AND {kind} <> '' AND {kind} > ?2");
    let mut next = conn.prepare(&next)?;
    let known = format!("SELECT EXISTS (SELECT 1 FROM {kind} WHERE company_id = ?1 AND name = ?2)");
    let mut known = conn.prepare(&known)?;
    // Not what an import has staged that may yet be refused.
    // The index holds names only: the planner takes it where it is said that this is one.
    let shown =
        format!("SELECT EXISTS (SELECT 1 FROM customer_shown WHERE company_id = ?1 AND {kind} = ?2 AND {kind} <> '')");
    let mut shown = conn.prepare(&shown)?;
    let (mut missing, mut name) = (Vec::new(), String::new());
    for _ in 0..MOST {
        let Some(found) = next.query_row(params![company.0, name], |row| row.get::<_, Option<String>>(0))? else {
            break;
        };
        name = found;
        let is = |asked: &mut rusqlite::Statement<'_>| {
            asked.query_row(params![company.0, name], |row| row.get::<_, bool>(0))
        };
        if !is(&mut known)? && is(&mut shown)? {
            missing.push(name.clone());
        }
    }
    Ok(missing)
}

fn add(tx: &Transaction<'_>, company: CompanyId, kind: &str, names: &[String]) -> Result<(), StoreError> {
    // Somebody may have added one by hand since.
    let sql = format!("INSERT INTO {kind} (company_id, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
    let mut insert = tx.prepare_cached(&sql)?;
    for name in names {
        insert.execute(params![company.0, name])?;
    }
    Ok(())
}
