//! 公共池 (F22, F23): customers given up, claimed first-come, and sent back when nobody spoke with them for long.

use super::{
    Answer, Saved, Who, all_or_nothing,
    assign::{Why, change, give},
    audit,
    bulk::Run,
    form::Values,
    now, unknown,
};
use crate::store::{Store, StoreError};
use hutong_api::{Refusal, catalogue::Page};
use rusqlite::{Connection, Transaction, params};
use std::time::Duration;

/// Who gave a customer up may not claim him again for so long.
pub const NOT_AGAIN_MS: i64 = 24 * 3_600_000;
/// So long a customer who was in the pool a moment ago is said to be taken, rather than unknown.
const JUST_TAKEN_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;
/// How often the recycle rule looks.
const RECYCLE_EVERY: Duration = Duration::from_secs(3_600);
/// Customers looked at in one read.
const LOOK: i64 = 2_000;

/// 转移公共池.
pub fn release(tx: &Transaction<'_>, who: &Who, id: i64, args: &Values) -> Answer<Saved> {
    let owned: bool = tx
        .query_row(
            "SELECT owner_id IS NOT NULL FROM customer WHERE id = ?1 AND company_id = ?2",
            params![id, who.company.0],
            |row| row.get(0),
        )
        .map_err(|_| unknown())?;
    if !owned {
        return Err(Refusal::new("pool.there_already").into());
    }
    let reason = args.get("reason").map_or("", String::as_str);
    give(tx, who, id, None, &Why { kind: "release", batch: None, by: Some(who.seat.0), reason })?;
    Ok(Saved::plain(id))
}

/// 领取, each row by itself.
pub fn claims(
    tx: &Transaction<'_>,
    who: &Who,
    _page: &'static Page,
    action: &str,
    ids: &[i64],
    _args: &Values,
    run: &mut Run,
) -> Answer<()> {
    for &id in ids {
        let claimed = all_or_nothing(tx, |tx| {
            claim(tx, who, id)?;
            audit::note(tx, who, &run.client, action, &format!("public_pool:{id}"), "")
        });
        match claimed? {
            Ok(()) => run.done += 1,
            Err(refusal) => run.refuse(id, refusal),
        }
    }
    Ok(())
}

/// The store's one writer makes claims of the same customer wait for each other, so the first has him.
fn claim(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<()> {
    let free: bool = tx
        .prepare_cached("SELECT count(*) FROM customer_shown WHERE id = ?1 AND company_id = ?2 AND owner_id IS NULL")?
        .query_row(params![id, who.company.0], |row| row.get(0))?;
    if !free {
        let taken = changed(tx, who, "customer_id = ?3 AND kind = 'claim' AND at > ?2", now() - JUST_TAKEN_MS, id)? > 0;
        return Err(if taken { Refusal::new("pool.taken").into() } else { unknown() });
    }
    let given_up = "customer_id = ?3 AND kind = 'release' AND at > ?2 AND by_id = ?4";
    if changed_by(tx, who, given_up, now() - NOT_AGAIN_MS, id)? > 0 {
        return Err(Refusal::new("pool.not_again").with("hours", NOT_AGAIN_MS / 3_600_000).into());
    }
    let most: i64 = tx
        .prepare_cached("SELECT claims_per_day FROM pool_setting WHERE company_id = ?1")?
        .query_row([who.company.0], |row| row.get(0))?;
    let today = "kind = 'claim' AND by_id = ?4 AND at >= ?2";
    if most > 0 && changed_by(tx, who, today, midnight(who), id)? >= most {
        return Err(Refusal::new("pool.enough").with("max", most).into());
    }
    give(tx, who, id, Some(who.seat.0), &Why { kind: "claim", batch: None, by: Some(who.seat.0), reason: "" })
}

fn changed(tx: &Transaction<'_>, who: &Who, condition: &str, since: i64, customer: i64) -> Answer<i64> {
    let sql = format!("SELECT count(*) FROM owner_change WHERE company_id = ?1 AND {condition}");
    Ok(tx.prepare_cached(&sql)?.query_row(params![who.company.0, since, customer], |row| row.get(0))?)
}

fn changed_by(tx: &Transaction<'_>, who: &Who, condition: &str, since: i64, customer: i64) -> Answer<i64> {
    let sql = format!("SELECT count(*) FROM owner_change WHERE company_id = ?1 AND {condition}");
    let params = params![who.company.0, since, customer, who.seat.0];
    Ok(tx.prepare_cached(&sql)?.query_row(params, |row| row.get(0))?)
}

/// When the company's day began.
fn midnight(who: &Who) -> i64 {
    let day = jiff::Timestamp::now().to_zoned(who.zone.clone()).start_of_day();
    day.map_or_else(|_| now() - DAY_MS, |day| day.timestamp().as_millisecond())
}

/// Applies the recycle rule for as long as the service runs.
pub async fn keep_recycling(store: Store) {
    let mut ticks = tokio::time::interval(RECYCLE_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match recycle(&store, now()).await {
            Ok(0) => {}
            Ok(customers) => tracing::info!(customers, "went back to the pool"),
            Err(error) => tracing::warn!(%error, "the recycle rule will look again"),
        }
    }
}

/// Sends back whom nobody had contact with for as long as his company says. Returns how many.
pub async fn recycle(store: &Store, now_ms: i64) -> Result<u32, StoreError> {
    let rules: Vec<(i64, i64)> = store
        .read(|conn| {
            let sql = "SELECT company_id, recycle_days FROM pool_setting WHERE recycle_days > 0";
            let mut statement = conn.prepare_cached(sql)?;
            let rules = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
            Ok(rules)
        })
        .await?;
    let mut gone = 0;
    for (company, days) in rules {
        let (before, mut after) = (now_ms - days * DAY_MS, Some(0));
        while let Some(from) = after {
            let looked = store.read(move |conn| due(conn, company, from, before)).await?;
            after = looked.1;
            for ids in looked.0.chunks(super::bulk::CHUNK) {
                let ids = ids.to_vec();
                gone += store.write(move |tx| send_back(tx, company, &ids, before, days)).await?;
            }
        }
    }
    Ok(gone)
}

/// No contact: neither an answered call nor a record, nor was the customer's card or owner changed.
const NO_CONTACT: &str = "c.owner_id IS NOT NULL AND c.deleted IS NULL AND c.created < ?2 AND c.updated < ?2
    AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.customer_id = c.id AND a.created >= ?2)
    AND NOT EXISTS (SELECT 1 FROM cdr d WHERE d.company_id = c.company_id AND d.phone = c.mobile AND d.answered >= ?2)
    AND NOT EXISTS (SELECT 1 FROM open_call o WHERE o.company_id = c.company_id AND o.phone = c.mobile)";

/// Customers due among the next ones, and where to look on. The plus keeps to the key's order, so that each is seen once.
fn due(conn: &Connection, company: i64, from: i64, before: i64) -> Result<(Vec<i64>, Option<i64>), StoreError> {
    let sql = format!(
        "SELECT c.id, {NO_CONTACT} FROM customer c WHERE +c.company_id = ?1 AND c.id > ?3 ORDER BY c.id LIMIT {LOOK}"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows: Vec<(i64, bool)> = statement
        .query_map(params![company, before, from], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let last = rows.last().map(|(id, _)| *id);
    Ok((rows.into_iter().filter(|(_, due)| *due).map(|(id, _)| id).collect(), last))
}

fn send_back(tx: &Transaction<'_>, company: i64, ids: &[i64], before: i64, days: i64) -> Result<u32, StoreError> {
    let sql = format!("SELECT count(*) FROM customer c WHERE c.company_id = ?1 AND c.id = ?3 AND {NO_CONTACT}");
    let mut gone = 0;
    for &id in ids {
        let still: bool = tx.prepare_cached(&sql)?.query_row(params![company, before, id], |row| row.get(0))?;
        if still {
            let reason = days.to_string();
            change(tx, company, id, None, &Why { kind: "recycle", batch: None, by: None, reason: &reason })?;
            gone += 1;
        }
    }
    Ok(gone)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::sample;

    /// Seven customers of seat 4, each but the first two with something that counts as contact within thirty days.
    #[tokio::test]
    async fn customers_without_contact_go_back_and_others_stay() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        let now = 100 * DAY_MS;
        let (old, fresh) = (now - 31 * DAY_MS, now - 29 * DAY_MS);
        store
            .write(move |tx| {
                sample::fill(tx);
                let add = "INSERT INTO customer (id, company_id, mobile, owner_id, created, updated) VALUES (?1, 1, ?2, 4, ?3, ?4)";
                for id in 100..107_i64 {
                    let updated = if id == 102 { fresh } else { old };
                    tx.execute(add, params![id, format!("154000{id:05}"), old, updated])?;
                }
                tx.execute_batch(&format!(
                    "INSERT INTO activity (company_id, customer_id, seat_id, created) VALUES (1, 103, 4, {fresh}), (1, 101, 4, {old});
                     UPDATE cdr SET phone = '15400000104', answered = {fresh} WHERE call_id = 1;
                     UPDATE cdr SET phone = '15400000100' WHERE call_id = 2;
                     UPDATE customer SET deleted = 1 WHERE id = 105;
                     UPDATE customer SET owner_id = NULL WHERE id = 106;
                     UPDATE customer SET updated = {now} WHERE id < 100;
                     UPDATE pool_setting SET recycle_days = 30 WHERE company_id = 1;"
                ))?;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(recycle(&store, now).await.unwrap(), 2);
        assert_eq!(recycle(&store, now).await.unwrap(), 0);
        let (pool, history): (String, String) = store
            .read(|conn| {
                let pool = "SELECT group_concat(id) FROM customer WHERE id >= 100 AND owner_id IS NULL";
                let history = "SELECT group_concat(customer_id || ':' || from_id || ':' || reason) FROM owner_change";
                Ok((conn.query_row(pool, [], |r| r.get(0))?, conn.query_row(history, [], |r| r.get(0))?))
            })
            .await
            .unwrap();
        assert_eq!((pool.as_str(), history.as_str()), ("100,101,106", "100:4:30,101:4:30"));
    }

    #[test]
    fn the_pool_is_walked_by_the_index_on_owners() {
        let conn = sample::database();
        let plan: String = conn
            .query_row(
                "EXPLAIN QUERY PLAN SELECT c.id FROM customer c WHERE c.company_id = 1 AND c.owner_id IS NULL
                 AND c.deleted IS NULL ORDER BY c.id DESC, c.id DESC LIMIT 30",
                [],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("INDEX customer_owner"), "{plan}");
    }
}
