//! 首页 (F4–F8): today is the company's day.

use super::{Answer, Reach, Who, form, now, page};
use hutong_api::{Micro, page::Home};
use jiff::{Timestamp, ToSpan, civil::Date};
use rusqlite::{Connection, params, params_from_iter, types::Value};

/// Days of the charge trend, today included.
const TREND_DAYS: i32 = 30;

pub fn home(conn: &Connection, who: &Who) -> Answer<Home> {
    let today = Timestamp::now().to_zoned(who.zone.clone()).date();
    let since = midnight(who, today);
    let mut home = Home { last_login: last_login(conn, who)?, ..Home::default() };
    if who.may("charges.view") {
        home.balance =
            Some(Micro(conn.query_row("SELECT balance FROM company WHERE id = ?1", [who.company.0], |r| r.get(0))?));
        home.charges_by_day = charges(conn, who, today)?;
    }
    home.new_customers_today = count(conn, who, "customers", "c.created", since, "1")?;
    home.new_activities_today = count(conn, who, "activities", "a.created", since, "1")?;
    home.my_campaigns = campaigns(conn, who)?;
    let tonight = midnight_after(who, now());
    let due = format!("c.state = 'callback_waiting' AND c.due < {tonight}");
    home.callbacks_today = if who.may("callbacks.view") { count(conn, who, "callbacks", "c.due", 0, &due)? } else { 0 };
    (home.calls_by_hour, home.answered_by_hour) = by_hour(conn, who, since)?;
    Ok(home)
}

fn last_login(conn: &Connection, who: &Who) -> Answer<Option<i64>> {
    Ok(conn.query_row("SELECT previous_login FROM seat WHERE id = ?1", [who.seat.0], |row| row.get(0))?)
}

/// Rows of a page within the person's reach since a moment.
fn count(conn: &Connection, who: &Who, page: &str, column: &str, since: i64, also: &str) -> Answer<u32> {
    let source = page::source(page)?;
    let mut params = vec![Value::Integer(who.company.0), Value::Integer(since)];
    let reach = source.owner.as_ref().map_or("1".into(), |o| who.reaches(o.within, o.own, &mut params));
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {} = ?1 AND {column} >= ?2 AND {also} AND {} AND {reach}",
        source.from, source.company, source.keep
    );
    Ok(conn.prepare_cached(&sql)?.query_row(params_from_iter(&params), |row| row.get(0))?)
}

/// Unfinished campaigns: for who takes calls all of them, since every agent serves each (pacing is shared); else those in reach.
fn campaigns(conn: &Connection, who: &Who) -> Answer<u32> {
    let takes_calls = who.reach == Reach::Own && who.may("seat.work");
    let who = if takes_calls { &Who { reach: Reach::All, ..who.clone() } } else { who };
    count(conn, who, "campaigns", "c.created", 0, "c.status <> 'finished'")
}

/// Calls and answers per local hour; hours are counted from local midnight.
fn by_hour(conn: &Connection, who: &Who, since: i64) -> Answer<(Vec<u32>, Vec<u32>)> {
    let source = page::source("calls")?;
    let mut params = vec![Value::Integer(who.company.0), Value::Integer(since)];
    let reach = source.owner.as_ref().map_or("1".into(), |o| who.reaches(o.within, o.own, &mut params));
    let sql = format!(
        "SELECT (c.started - ?2) / 3600000, count(*), count(c.answered) FROM {} \
         WHERE c.company_id = ?1 AND c.started >= ?2 AND {reach} GROUP BY 1",
        source.from
    );
    let (mut calls, mut answered) = (vec![0; 24], vec![0; 24]);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(&params))?;
    while let Some(row) = rows.next()? {
        // A day that is 25 hours long by its zone puts the last into 23.
        let hour = usize::try_from(row.get::<_, i64>(0)?).unwrap_or_default().min(23);
        calls[hour] += row.get::<_, u32>(1)?;
        answered[hour] += row.get::<_, u32>(2)?;
    }
    Ok((calls, answered))
}

/// Σ 流量费用 per local day, from the call records (F6).
fn charges(conn: &Connection, who: &Who, today: Date) -> Answer<Vec<(String, Micro)>> {
    let mut statement = conn.prepare_cached(
        "SELECT coalesce(sum(charge), 0) FROM cdr WHERE company_id = ?1 AND started >= ?2 AND started < ?3",
    )?;
    let mut out = Vec::new();
    for back in (0..TREND_DAYS).rev() {
        let Ok(day) = today.checked_sub(back.days()) else { continue };
        let next = day.tomorrow().unwrap_or(day);
        let params = params![who.company.0, midnight(who, day), midnight(who, next)];
        out.push((day.to_string(), Micro(statement.query_row(params, |row| row.get(0))?)));
    }
    Ok(out)
}

/// The end of the company's day that a moment lies in.
pub fn midnight_after(who: &Who, at: i64) -> i64 {
    let day = Timestamp::from_millisecond(at).map(|at| at.to_zoned(who.zone.clone()).date());
    day.ok().and_then(|day| day.tomorrow().ok()).map_or(i64::MAX, |day| midnight(who, day))
}

fn midnight(who: &Who, day: Date) -> i64 {
    form::moment(&day.to_string(), &who.zone, false).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::sample;

    fn call(conn: &Connection, id: i64, started: i64, charge: i64) {
        conn.execute(
            "INSERT INTO cdr (call_id, leg_id, company_id, kind, round, trunk_id, seat_id, phone, name, caller, started, answered,
               ended, state, result, ended_by, billable_s, talk_s, increment_s, price, charge, recorded)
             VALUES (?1, ?1, 1, 'outbound', 1, 1, 4, '15400000001', '', '', ?2, ?2, ?2, 'answered', 'to_agent', 'callee', 1, 1, 1,
               1, ?3, 0)",
            params![id, started, charge],
        )
        .unwrap();
    }

    #[test]
    fn today_begins_and_ends_at_the_companys_midnight() {
        let conn = sample::database();
        let admin = sample::who(1, "admin");
        let today = Timestamp::now().to_zoned(admin.zone.clone()).date();
        let midnight = midnight(&admin, today);
        call(&conn, 101, midnight - 1, 1_000_000);
        call(&conn, 102, midnight, 20_000);
        call(&conn, 103, midnight + 3_600_000, 3_000);
        let home = home(&conn, &admin).unwrap();
        assert_eq!((home.calls_by_hour[0], home.calls_by_hour[1], home.calls_by_hour.iter().sum::<u32>()), (1, 1, 2));
        assert_eq!(home.answered_by_hour, home.calls_by_hour);
        let days = home.charges_by_day;
        assert_eq!(days.len(), 30);
        assert_eq!(days[29], (today.to_string(), Micro(23_000)));
        assert_eq!(days[28].1, Micro(1_000_000));
        assert_eq!(home.balance, Some(Micro(0)));
    }

    #[test]
    fn an_agent_sees_his_own_day_and_no_money() {
        let conn = sample::database();
        let agent = sample::who(1, "agent");
        call(&conn, 101, super::super::now(), 0);
        let home = home(&conn, &agent).unwrap();
        assert_eq!((home.balance, home.charges_by_day.len()), (None, 0));
        assert_eq!((home.calls_by_hour.iter().sum::<u32>(), home.my_campaigns), (1, 8));
        assert_eq!(super::home(&conn, &sample::who(1, "none")).unwrap().calls_by_hour.iter().sum::<u32>(), 0);
    }
}
