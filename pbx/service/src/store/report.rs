//! 呼叫统计 (F49): each call record of a task is counted into its day as it is written, so that a report over a million of them
//! reads a few rows.

use super::{StoreError, apply::run};
use hutong_api::CallResult;
use hutong_core::{
    Wall,
    campaign::calendar::{local, zone},
    io::Cdr,
};
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::BTreeMap;

/// What counting needs of a call record.
const RECORD: &str =
    "SELECT company_id, campaign_id, started, answered, bridged, ended, state, result, sip, talk_s, charge FROM cdr
    WHERE campaign_id IS NOT NULL AND result <> 'not_sent'";
const MADE: &str = "call_report";

struct Record {
    company: i64,
    campaign: i64,
    started: i64,
    answered: Option<i64>,
    bridged: Option<i64>,
    ended: i64,
    state: String,
    result: String,
    sip: i64,
    talk_s: i64,
    charge: i64,
}

/// Counts one call record as it is written. One of no task, or that never left the box, counts nowhere.
pub fn count(conn: &Connection, cdr: &Cdr) -> Result<(), StoreError> {
    let open = &cdr.open;
    let Some(campaign) = open.campaign.filter(|_| cdr.result != CallResult::NotSent) else { return Ok(()) };
    let record = Record {
        company: open.company.0,
        campaign: campaign.0,
        started: open.started.0,
        answered: open.answered.map(|at| at.0),
        bridged: open.bridged.map(|at| at.0),
        ended: cdr.ended.0,
        state: cdr.state.word().to_owned(),
        result: cdr.result.word().to_owned(),
        sip: cdr.sip.map_or(0, i64::from),
        talk_s: cdr.talk_s.into(),
        charge: cdr.charge.0,
    };
    let of = "SELECT zone FROM company WHERE id = ?1";
    let name: Option<String> = conn.prepare_cached(of)?.query_row([record.company], |row| row.get(0)).optional()?;
    add(conn, &record, &zone(&name.unwrap_or_default()))
}

/// Once in the life of a file: counts the records that were there before anything was counted.
pub fn make_once(conn: &mut Connection) -> Result<(), StoreError> {
    let tx = conn.transaction()?;
    let made = "SELECT EXISTS (SELECT 1 FROM meta WHERE key = ?1)";
    if tx.query_row(made, [MADE], |row| row.get(0))? {
        return Ok(());
    }
    make(&tx)?;
    tx.execute("INSERT INTO meta (key, value) VALUES (?1, '1')", [MADE])?;
    tx.commit()?;
    Ok(())
}

/// Counts every call record anew.
pub fn make(conn: &Connection) -> Result<(), StoreError> {
    conn.execute_batch("DELETE FROM call_day; DELETE FROM call_hour; DELETE FROM call_cause;")?;
    let mut zones = BTreeMap::new();
    let mut statement = conn.prepare("SELECT id, zone FROM company")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        zones.insert(row.get::<_, i64>(0)?, zone(&row.get::<_, String>(1)?));
    }
    let mut statement = conn.prepare(&format!("{RECORD} ORDER BY call_id"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let record = read(row)?;
        if let Some(zone) = zones.get(&record.company) {
            add(conn, &record, zone)?;
        }
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        company: row.get(0)?,
        campaign: row.get(1)?,
        started: row.get(2)?,
        answered: row.get(3)?,
        bridged: row.get(4)?,
        ended: row.get(5)?,
        state: row.get(6)?,
        result: row.get(7)?,
        sip: row.get::<_, Option<i64>>(8)?.unwrap_or_default(),
        talk_s: row.get(9)?,
        charge: row.get(10)?,
    })
}

fn add(conn: &Connection, call: &Record, zone: &TimeZone) -> Result<(), StoreError> {
    let here = local(zone, Wall(call.started));
    let midnight = here.date.to_zoned(zone.clone()).map_or(call.started, |at| at.timestamp().as_millisecond());
    let to_agent = call.result == "to_agent";
    let wait = call.answered.zip(call.bridged).map_or(0, |(answered, bridged)| (bridged - answered).max(0));
    let ring = (call.answered.unwrap_or(call.ended) - call.started).max(0);
    let sql = "INSERT INTO call_day (company_id, campaign_id, day, at, calls, answered, to_agent, abandoned, ring_ms, wait_ms, talk_s, charge)
        VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        ON CONFLICT (campaign_id, day) DO UPDATE SET calls = calls + 1, answered = answered + ?5, to_agent = to_agent + ?6,
        abandoned = abandoned + ?7, ring_ms = ring_ms + ?8, wait_ms = wait_ms + ?9, talk_s = talk_s + ?10, charge = charge + ?11
        RETURNING id";
    let values = params![
        call.company,
        call.campaign,
        here.date.to_string(),
        midnight,
        call.answered.is_some(),
        to_agent,
        call.result == "abandoned",
        ring,
        wait,
        call.talk_s,
        call.charge,
    ];
    let day: i64 = conn.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    let sql = "INSERT INTO call_hour (day_id, hour, calls, answered) VALUES (?1, ?2, 1, ?3)
        ON CONFLICT (day_id, hour) DO UPDATE SET calls = calls + 1, answered = answered + ?3";
    run(conn, sql, params![day, here.minute / 60, call.answered.is_some()])?;
    if !to_agent {
        let sql = "INSERT INTO call_cause (day_id, state, result, sip, calls) VALUES (?1, ?2, ?3, ?4, 1)
            ON CONFLICT (day_id, state, result, sip) DO UPDATE SET calls = calls + 1";
        run(conn, sql, params![day, call.state, call.result, call.sip])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::store::migrate::MIGRATIONS;
    use proptest::prelude::*;

    type Days = Vec<(i64, String, [i64; 8])>;

    fn office() -> Connection {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&MIGRATIONS.concat()).unwrap();
        conn.execute_batch(
            "INSERT INTO company (id, code, name, created, zone) VALUES (1, 'a', 'A', 0, 'Asia/Shanghai'), (2, 'b', 'B', 0, 'America/New_York')",
        )
        .unwrap();
        conn
    }

    fn days(conn: &Connection) -> Days {
        let sql = "SELECT campaign_id, day, calls, answered, to_agent, abandoned, ring_ms, wait_ms, talk_s, charge FROM call_day
                   ORDER BY campaign_id, day";
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| {
            let mut sums = [0; 8];
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = row.get(at + 2)?;
            }
            Ok((row.get(0)?, row.get(1)?, sums))
        });
        rows.unwrap().collect::<Result<_, _>>().unwrap()
    }

    fn parts(conn: &Connection, sql: &str) -> Vec<(i64, i64)> {
        let mut statement = conn.prepare(sql).unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<Result<_, _>>().unwrap()
    }

    /// One call of the generated store.
    #[derive(Debug, Clone)]
    struct Call {
        campaign: Option<i64>,
        started: i64,
        ring: i64,
        wait: Option<i64>,
        result: usize,
        sip: Option<u16>,
        charge: i64,
    }

    fn call() -> impl Strategy<Value = Call> {
        let moment = 1_781_000_000_000_i64..1_781_400_000_000;
        let parts =
            (proptest::option::weighted(0.9, 1_i64..4), moment, 0_i64..60_000, proptest::option::of(0_i64..9_000));
        let ends = (0..CallResult::ALL.len(), proptest::option::of(400_u16..610), 0_i64..500_000);
        (parts, ends).prop_map(|((campaign, started, ring, wait), (result, sip, charge))| Call {
            campaign,
            started,
            ring,
            wait,
            result,
            sip,
            charge,
        })
    }

    fn write(conn: &Connection, id: i64, call: &Call) {
        let result = CallResult::ALL[call.result];
        let answered =
            matches!(result, CallResult::ToAgent | CallResult::Abandoned).then_some(call.started + call.ring);
        let bridged = answered.zip(call.wait).map(|(at, wait)| at + wait).filter(|_| result == CallResult::ToAgent);
        // A company a campaign: 3 is the one with another clock.
        let company = if call.campaign == Some(3) { 2 } else { 1 };
        conn.execute(
            "INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, round, trunk_id, phone, name, caller, started, answered,
               bridged, ended, state, result, ended_by, sip, billable_s, talk_s, increment_s, price, charge, recorded)
             VALUES (?1, ?1, ?2, 'campaign', ?3, 1, 1, '15400000001', '', '', ?4, ?5, ?6, ?7, 'busy', ?8, 'callee', ?9, 0, ?10, 1, 1, ?11, 0)",
            params![
                id,
                company,
                call.campaign,
                call.started,
                answered,
                bridged,
                call.started + call.ring + 5_000,
                result.word(),
                call.sip,
                call.ring / 1000,
                call.charge,
            ],
        )
        .unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        /// Written apart, in SQL over the records themselves: days of Shanghai are eight hours ahead, of New York in June four
        /// behind.
        #[test]
        fn sums_are_the_call_records_own(calls in proptest::collection::vec(call(), 0..60)) {
            let conn = office();
            for (at, call) in calls.iter().enumerate() {
                write(&conn, at as i64 + 1, call);
            }
            make(&conn).unwrap();
            let apart = "SELECT campaign_id, date((started + CASE company_id WHEN 1 THEN 28800000 ELSE -14400000 END) / 1000, 'unixepoch') d,
                count(*), count(answered), sum(result = 'to_agent'), sum(result = 'abandoned'), sum(coalesce(answered, ended) - started),
                sum(coalesce(bridged - answered, 0)), sum(talk_s), sum(charge)
                FROM cdr WHERE campaign_id IS NOT NULL AND result <> 'not_sent' GROUP BY 1, 2 ORDER BY 1, 2";
            let mut statement = conn.prepare(apart).unwrap();
            let rows = statement.query_map([], |row| {
                let mut sums = [0; 8];
                for (at, sum) in sums.iter_mut().enumerate() {
                    *sum = row.get(at + 2)?;
                }
                Ok((row.get(0)?, row.get(1)?, sums))
            });
            let apart: Days = rows.unwrap().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(days(&conn), apart);
            let of_days = parts(&conn, "SELECT id, calls FROM call_day ORDER BY id");
            let of_hours = parts(&conn, "SELECT day_id, sum(calls) FROM call_hour GROUP BY 1 ORDER BY 1");
            prop_assert_eq!(&of_days, &of_hours, "every call has its hour");
            let failed = parts(&conn, "SELECT id, calls - to_agent FROM call_day WHERE calls > to_agent ORDER BY id");
            let causes = parts(&conn, "SELECT day_id, sum(calls) FROM call_cause GROUP BY 1 ORDER BY 1");
            prop_assert_eq!(failed, causes, "and its cause");
        }
    }

    #[test]
    fn records_from_before_are_counted_once() {
        let mut conn = office();
        let call = Call {
            campaign: Some(1),
            started: 1_781_000_000_000,
            ring: 4_000,
            wait: None,
            result: 3,
            sip: None,
            charge: 0,
        };
        write(&conn, 1, &call);
        make_once(&mut conn).unwrap();
        make_once(&mut conn).unwrap();
        assert_eq!(days(&conn).iter().map(|day| day.2[0]).sum::<i64>(), 1);
        write(&conn, 2, &call);
        make_once(&mut conn).unwrap();
        assert_eq!(days(&conn).iter().map(|day| day.2[0]).sum::<i64>(), 1, "not again");
    }
}
