//! Two small companies in a database of their own, for tests. Every name and number is made up.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{Answer, Fault, Reach, Who, form::Values};
use hutong_api::{
    CompanyId, Lang, SeatId,
    catalogue::{BUILT_IN_ROLES, Permissions},
};
use jiff::tz::TimeZone;
use rusqlite::{Connection, params};

/// One role has no permission at all: code `none`.
pub const ROLES: [&str; 5] = ["admin", "manager", "supervisor", "agent", "none"];

/// Company 1 has seats 1 (admin), 2 (manager), 3 (supervisor), 4 (agent), 5 (none); company 2 seats 11…15.
pub fn database() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(&crate::store::migrate::MIGRATIONS.concat()).unwrap();
    fill(&conn);
    conn
}

/// Fills an empty schema.
pub fn fill(conn: &Connection) {
    for company in [1_i64, 2] {
        conn.execute(
            "INSERT INTO company (id, code, name, created) VALUES (?1, ?2, ?3, 0)",
            params![company, format!("c{company}"), format!("公司{company}")],
        )
        .unwrap();
        // The twelve fields a company starts with: none of company 1 has an id above 10, nor of company 2 one below 11.
        for step in if company == 1 { [-100, 88] } else { [100, -90] } {
            let move_on = "UPDATE customer_field SET id = id + ?2 WHERE company_id = ?1";
            conn.execute(move_on, [company, step]).unwrap();
        }
        seats(conn, company);
        records(conn, company);
    }
    crate::store::report::make(conn).unwrap();
    conn.execute_batch(
        "UPDATE call_hour SET day_id = day_id + 9 WHERE day_id = 2; UPDATE call_cause SET day_id = day_id + 9 WHERE day_id = 2;
         UPDATE call_day SET id = id + 9 WHERE id = 2",
    )
    .unwrap();
}

fn seats(conn: &Connection, company: i64) {
    let base = (company - 1) * 10;
    conn.execute("INSERT INTO department (id, company_id, name) VALUES (?1, ?2, '业务部')", [base + 1, company])
        .unwrap();
    conn.execute(
        "INSERT INTO department (id, company_id, name, parent_id) VALUES (?1, ?2, '业务一组', ?3)",
        [base + 2, company, base + 1],
    )
    .unwrap();
    for (at, code) in ROLES.into_iter().enumerate() {
        let id = base + at as i64 + 1;
        let built_in = BUILT_IN_ROLES.iter().find(|role| role.code == code);
        let words = serde_json::to_string(built_in.map_or(&[] as &[&str], |role| role.words)).unwrap();
        conn.execute(
            "INSERT INTO role (id, company_id, code, name, built_in, scope, permissions) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6)",
            params![id, company, code, if built_in.is_some() { "" } else { code }, built_in.map_or("own", |r| r.scope), words],
        )
        .unwrap();
        conn.execute(
            "INSERT INTO seat (id, company_id, extension, account, password_hash, name, role_id, department_id)
             VALUES (?1, ?2, ?3, ?4, '', ?4, ?1, ?5)",
            params![id, company, format!("80{id:02}"), code, base + if at < 3 { 1 } else { 2 }],
        )
        .unwrap();
    }
}

/// One of everything, and the golden campaigns of F30 in company 1.
fn records(conn: &Connection, company: i64) {
    let b = (company - 1) * 10;
    let phone = phone(company);
    conn.execute_batch(&format!(
        "INSERT INTO trunk (id, company_id, name, host, user, password, channels, cps, increment_s, price, callers)
           VALUES ({b}+1, {company}, '线路', '127.0.0.1:5070', 'u', 'trunk-secret', 10, 5, 60, 150000, '[\"05920000000\"]');
         INSERT INTO script (id, company_id, name, created) VALUES ({b}+1, {company}, '转人工', 0);
         INSERT INTO prompt (id, company_id, name, alaw, created) VALUES ({b}+1, {company}, '开场语', x'd5d5d5d5d5d5d5d5', 0);
         INSERT INTO customer (id, company_id, mobile, name, note, owner_id, created, updated)
           VALUES ({b}+1, {company}, '{phone}', '=甲', '打 {phone}', {b}+4, 0, 0);
         INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, round, trunk_id, seat_id, phone, name, caller, started,
             answered, bridged, ended, state, result, ended_by, sip, billable_s, talk_s, increment_s, price, charge, recorded)
           VALUES ({b}+1, {b}+1, {company}, 'campaign', {b}+1, 1, {b}+1, {b}+4, '{phone}', '甲', '05920000000', 1000, 2000, 3000,
             63000, 'answered', 'to_agent', 'callee', 200, 61, 60, 60, 150000, 300000, 1);
         INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, round, trunk_id, phone, name, caller, started, ended,
             state, result, ended_by, sip, fault, billable_s, talk_s, increment_s, price, charge, recorded)
           VALUES ({b}+2, {b}+2, {company}, 'campaign', {b}+1, 1, {b}+1, '{phone}', '甲', '05920000000', 1000, 2000, 'busy',
             'not_connected', 'callee', 486, 'call.fault.busy', 0, 0, 60, 150000, 0, 0);
         INSERT INTO recording (call_id, company_id, verdict, path, millis)
           VALUES ({b}+1, {company}, 'saved', 'rec/1970/01/01/{b}1.wav', 61000);
         INSERT INTO activity (id, company_id, call_id, customer_id, seat_id, disposition, content, created)
           VALUES ({b}+1, {company}, {b}+1, {b}+1, {b}+4, 'interested', '回电 {phone}', 5000);
         INSERT INTO callback (id, company_id, customer_id, seat_id, due, note, creator_id, created)
           VALUES ({b}+1, {company}, {b}+1, {b}+4, 9000, '再打 {phone}', {b}+4, 5000);
         INSERT INTO batch (id, company_id, page, state, file_name, seat_id, created)
           VALUES ({b}+1, {company}, 'customers', 'visible', '名单.csv', {b}+1, 5000);
         INSERT INTO category (id, company_id, name) VALUES ({b}+1, {company}, '意向');
         INSERT INTO project (id, company_id, name) VALUES ({b}+1, {company}, '项目');
         INSERT INTO project_field (id, company_id, project, name, kind) VALUES ({b}+1, {company}, '项目', '预算', 'field_number');
         UPDATE pool_setting SET id = {b}+1 WHERE company_id = {company};
         UPDATE company_rule SET id = {b}+1 WHERE company_id = {company};
         INSERT INTO blocklist (id, company_id, phone, direction, created) VALUES ({b}+1, {company}, '{phone}9', 'both', 0);
         INSERT INTO ledger (id, company_id, at, kind, debit, credit, amount, key, by, note, balance_after, hash)
           VALUES ({b}+1, {company}, 0, 'top_up', 'cash', 'balance', 100000000, 'topup:1', 'root', '', 100000000, x'00');
         INSERT INTO ledger (id, company_id, at, kind, debit, credit, amount, key, seat_id, by, note, balance_after, hash)
           VALUES ({b}+2, {company}, 0, 'seat_fee', 'balance', 'fee_revenue', 1000000, 'fee:1', {b}+4, '', '', 99000000, x'00');"
    ))
    .unwrap();
    let golden: &[(u32, u32, u32)] = if company == 1 { &GOLDEN } else { &GOLDEN[..1] };
    for (at, (dialled, total, answered)) in golden.iter().enumerate() {
        conn.execute(
            "INSERT INTO campaign (id, company_id, name, script_id, trunk_id, run_from, run_to, rest_from, rest_to, creator_id, created,
               dialled, total, answered) VALUES (?1, ?2, ?3, ?4, ?4, 480, 1200, 720, 840, ?5, ?6, ?7, ?8, ?9)",
            params![b + at as i64 + 1, company, format!("任务{at}"), b + 1, b + 3, at as i64, dialled, total, answered],
        )
        .unwrap();
    }
}

/// (已呼, 总数, 接通) of the manual's rows (F30), in order.
pub const GOLDEN: [(u32, u32, u32); 8] =
    [(36, 1242, 1), (0, 0, 0), (7, 7, 6), (50, 50, 36), (10, 10, 7), (41, 41, 26), (1, 1, 1), (0, 3, 0)];

/// A form as typed.
pub fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// The code an answer was refused with, or what it was.
pub fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer {
        Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
        other => format!("{other:?}"),
    }
}

/// The company's one customer number.
pub fn phone(company: i64) -> String {
    format!("1540000000{company}")
}

/// The seat of a role in a company.
pub fn who(company: i64, role: &str) -> Who {
    let at = ROLES.iter().position(|code| *code == role).unwrap() as i64;
    let id = (company - 1) * 10 + at + 1;
    let built_in = BUILT_IN_ROLES.iter().find(|r| r.code == role);
    Who {
        company: CompanyId(company),
        company_code: format!("c{company}"),
        company_name: format!("公司{company}"),
        seat: SeatId(id),
        extension: format!("80{id:02}"),
        account: role.into(),
        name: role.into(),
        role: role.into(),
        reach: Reach::parse(built_in.map_or("own", |r| r.scope)),
        department: Some((company - 1) * 10 + if at < 3 { 1 } else { 2 }),
        permissions: Permissions::of(built_in.map_or(&[] as &[&str], |r| r.words)),
        hide_numbers: false,
        lang: Lang::Zh,
        zone: TimeZone::get("Asia/Shanghai").unwrap(),
    }
}
