//! The rules of a task and the limits of a company, from their rows.

use super::{StoreError, apply::run};
use hutong_api::{CallState, CompanyId, Micro};
use hutong_core::{
    campaign::{holidays, spans},
    io::{AreaCfg, DayKind, LimitsCfg, OptOut, OwnDay, RedialCfg, TaskRules},
};
use rusqlite::{Connection, Row, params};

/// Columns of `campaign c` that `rules` reads, from its first on.
pub const RULES: &str =
    "c.weekdays, c.spans, c.holidays, c.attempts, c.wait_busy, c.wait_no_answer, c.wait_unreachable,
    c.wait_line, c.gap, c.redial_also, c.best_hour";

pub fn rules(row: &Row<'_>, first: usize) -> rusqlite::Result<TaskRules> {
    let seconds = |at: usize| Ok::<_, rusqlite::Error>(row.get::<_, u32>(first + at)?.saturating_mul(60));
    let also: String = row.get(first + 9)?;
    Ok(TaskRules {
        weekdays: weekdays(&row.get::<_, String>(first)?),
        spans: spans::parse(&row.get::<_, String>(first + 1)?).unwrap_or_default(),
        skip_holidays: row.get::<_, String>(first + 2)? == "holidays_skip",
        redial: RedialCfg {
            attempts: row.get(first + 3)?,
            busy_s: seconds(4)?,
            no_answer_s: seconds(5)?,
            unreachable_s: seconds(6)?,
            line_s: seconds(7)?,
            gap_s: seconds(8)?,
            also: also.split(',').filter_map(CallState::parse).collect(),
            best_hour: row.get(first + 10)?,
        },
    })
}

/// "1,2,3" → bits, 1 = Monday.
fn weekdays(text: &str) -> u8 {
    let days = text.split(',').filter_map(|day| day.trim().parse::<u8>().ok());
    days.filter(|day| (1..=7).contains(day)).fold(0, |mask, day| mask | 1 << (day - 1))
}

pub fn limits(conn: &Connection, company: CompanyId) -> Result<LimitsCfg, StoreError> {
    let sql = "SELECT d.spend_day, d.spend_seat_day, coalesce(r.opt_out_key, 1) FROM company c
               LEFT JOIN campaign_default d ON d.company_id = c.id LEFT JOIN company_rule r ON r.company_id = c.id
               WHERE c.id = ?1";
    let mut limits = conn.prepare_cached(sql)?.query_row([company.0], |row| {
        let money = |at| Ok::<_, rusqlite::Error>(Micro(row.get::<_, Option<i64>>(at)?.unwrap_or_default()));
        Ok(LimitsCfg {
            spend_day: money(0)?,
            spend_seat_day: money(1)?,
            opt_out_key: row.get(2)?,
            ..LimitsCfg::default()
        })
    })?;
    let sql = "SELECT name, prefixes, later_min FROM call_area WHERE company_id = ?1 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let areas = statement.query_map([company.0], |row| {
        let prefixes: String = row.get(1)?;
        let prefixes = prefixes.split_whitespace().map(str::to_owned).collect();
        Ok(AreaCfg { name: row.get(0)?, prefixes, later_min: row.get(2)? })
    })?;
    limits.areas = areas.collect::<Result<_, _>>()?;
    let sql = "SELECT date, kind FROM calendar_day WHERE company_id = ?1 ORDER BY date";
    let mut statement = conn.prepare_cached(sql)?;
    let days = statement.query_map([company.0], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for day in days {
        let (date, kind) = day?;
        let own = holidays::parse_date(&date).zip(DayKind::parse(&kind));
        limits.days.extend(own.map(|(date, kind)| OwnDay { date, kind }));
    }
    Ok(limits)
}

/// A refusal of further calls (X14): the proof, and the entry that stops calls both ways, for good. No promise to call again
/// outlives it.
pub fn opt_out(conn: &Connection, told: &OptOut) -> Result<(), StoreError> {
    let sql = "INSERT INTO opt_out (company_id, at, phone, how, call_id, seat_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (phone, seat) = (told.phone.as_str(), told.seat.map(|seat| seat.0));
    run(conn, sql, params![told.company.0, told.at.0, phone, told.how.word(), told.call.0, seat])?;
    let sql = "INSERT INTO blocklist (company_id, phone, direction, reason, created)
        VALUES (?1, ?2, 'both', ?3, ?4)
        ON CONFLICT (company_id, phone) DO UPDATE SET direction = 'both', expires = NULL, reason = excluded.reason";
    run(conn, sql, params![told.company.0, phone, format!("@{}", told.how.key()), told.at.0])?;
    let sql = "UPDATE callback SET state = 'callback_dropped', closed = ?3 WHERE state = 'callback_waiting' AND customer_id IN
        (SELECT id FROM customer WHERE company_id = ?1 AND mobile = ?2 AND deleted IS NULL)";
    run(conn, sql, params![told.company.0, phone, told.at.0]).map(drop)
}
