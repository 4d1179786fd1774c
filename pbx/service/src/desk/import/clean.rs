//! What is left of imports that did not come to their end.

use super::{customers, names, undo};
use crate::store::{Store, StoreError};
use hutong_api::{BatchId, CampaignId, CompanyId};
use rusqlite::{Connection, Transaction, params};

/// Rows deleted in one transaction.
const CHUNK: u32 = 2_000;

/// At the start of the process, before the engine boots: clears what a crash left half staged, and finishes copying
/// customers, and learning their names, of imports that were complete. Returns how many imports were cleared.
pub async fn clean_staging(store: &Store) -> Result<u32, StoreError> {
    let left = store
        .read(|conn| {
            let mut statement = conn.prepare("SELECT id FROM batch WHERE state = 'staging'")?;
            let ids = statement.query_map([], |row| Ok(BatchId(row.get(0)?)))?.collect::<Result<Vec<_>, _>>()?;
            Ok(ids)
        })
        .await?;
    for batch in &left {
        discard(store, *batch).await?;
    }
    for batch in store.read(customers::unsynced).await? {
        customers::sync(store, batch).await?;
    }
    for company in store.read(names::companies).await? {
        names::learn(store, company).await?;
    }
    for batch in store.read(undo::unfinished).await? {
        undo::clear(store, batch).await?;
    }
    Ok(left.len() as u32)
}

/// Staging batches of one target. Asked only by an import that has the target to itself: none of them is alive.
pub fn leftovers(
    conn: &Connection,
    company: CompanyId,
    page: &str,
    campaign: Option<CampaignId>,
) -> Result<Vec<BatchId>, StoreError> {
    let sql = "SELECT id FROM batch WHERE state = 'staging' AND company_id = ?1 AND page = ?2 AND campaign_id IS ?3";
    let mut statement = conn.prepare(sql)?;
    let values = params![company.0, page, campaign.map(|id| id.0)];
    let ids = statement.query_map(values, |row| Ok(BatchId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

/// Deletes the rows of a batch that never became visible, in chunks, and marks it refused.
pub async fn discard(store: &Store, batch: BatchId) -> Result<(), StoreError> {
    restore(store, batch).await?;
    for sql in [
        "DELETE FROM lead WHERE id IN (SELECT id FROM lead WHERE batch_id = ?1 LIMIT ?2)",
        "DELETE FROM customer WHERE id IN (SELECT id FROM customer WHERE batch_id = ?1 LIMIT ?2)",
        "DELETE FROM reject WHERE batch_id = ?1 AND line IN (SELECT line FROM reject WHERE batch_id = ?1 LIMIT ?2)",
    ] {
        while store.write(move |tx| delete(tx, sql, batch)).await? > 0 {}
    }
    let sql = "UPDATE batch SET state = 'refused' WHERE id = ?1 AND state = 'staging'";
    store.write(move |tx| Ok(tx.execute(sql, [batch.0])?)).await?;
    Ok(())
}

/// Customers that the import changed are as they were, unless somebody changed them since.
pub async fn restore(store: &Store, batch: BatchId) -> Result<(), StoreError> {
    while store.write(move |tx| restore_chunk(tx, batch)).await? {}
    Ok(())
}

/// True while there may be more.
fn restore_chunk(tx: &Transaction<'_>, batch: BatchId) -> Result<bool, StoreError> {
    const ROWS: usize = 500;
    let sql = "SELECT customer_id, row, at FROM import_before WHERE batch_id = ?1 LIMIT ?2";
    let rows: Vec<(i64, String, i64)> = tx
        .prepare_cached(sql)?
        .query_map(params![batch.0, ROWS as i64], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    for (customer, row, at) in &rows {
        customers::put_back(tx, *customer, row, *at)?;
        let gone = "DELETE FROM import_before WHERE batch_id = ?1 AND customer_id = ?2";
        tx.prepare_cached(gone)?.execute(params![batch.0, customer])?;
    }
    Ok(rows.len() == ROWS)
}

fn delete(tx: &Connection, sql: &str, batch: BatchId) -> Result<usize, StoreError> {
    let staging = "SELECT EXISTS (SELECT 1 FROM batch WHERE id = ?1 AND state = 'staging')";
    if !tx.query_row(staging, [batch.0], |row| row.get::<_, bool>(0))? {
        return Err(StoreError::Other(format!("batch {batch} is not in staging")));
    }
    Ok(tx.prepare_cached(sql)?.execute(params![batch.0, CHUNK])?)
}
