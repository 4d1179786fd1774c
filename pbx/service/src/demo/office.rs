//! The demo's company: 演示, an admin, the four roles, departments, seats, one trunk to the simulated carrier, the script
//! 转人工 and one campaign.

use super::state::State;
use crate::{
    media,
    store::{Store, StoreError, now_ms},
};
use anyhow::Context;
use argon2::{
    Argon2, PasswordHasher,
    password_hash::{SaltString, rand_core::OsRng},
};
use hutong_api::{CampaignId, CompanyId, Micro, SeatId, catalogue};
use hutong_core::{
    Wall,
    io::{Change, LedgerEntry, LedgerKind},
};
use rusqlite::{Transaction, params};

/// 公司账号 of the demo.
pub(super) const COMPANY: &str = "demo";
pub(super) const LEADS: &[u8] = include_bytes!("../../../../data/demo/leads.csv");
const BLOCKLIST: &str = include_str!("../../../../data/demo/blocklist.csv");
const GREETING: &[u8] = include_bytes!("../../../../data/prompts/greeting.wav");
const ABANDON: &[u8] = include_bytes!("../../../../data/prompts/abandon.wav");

/// Prepaid: enough for the whole list, little enough that one sees it fall.
const TOP_UP: Micro = Micro::yuan(500);
const SEAT_FEE_MONTH: Micro = Micro::yuan(60);
/// 0.015 yuan per started 6 seconds.
const INCREMENT_S: i64 = 6;
const PRICE: Micro = Micro(15_000);
/// The demo's callees ring out after this; 15 s is the floor for predictive dialling (features.md §4).
const RING_S: i64 = 25;
const QUICK_RING_S: i64 = 15;

pub(super) async fn make(store: &Store, state: &mut State) -> anyhow::Result<()> {
    let plan = Plan {
        carrier: state.carrier.context("no carrier")?.to_string(),
        greeting: media::prompt_from_wav(GREETING)?,
        abandon: media::prompt_from_wav(ABANDON)?,
        seats: seats(state)?,
        ring_s: if state.quick { QUICK_RING_S } else { RING_S },
        wrap_s: if state.quick { 5 } else { 15 },
    };
    let made = store.write(move |tx| plan.write(tx)).await?;
    state.company = made.company;
    state.campaign = made.campaign;
    state.admin_seat = made.admin;
    let entry = LedgerEntry {
        company: made.company,
        at: Wall(now_ms()),
        kind: LedgerKind::TopUp,
        amount: TOP_UP,
        key: "topup:demo".into(),
        call: None,
        seat: None,
        by: "demo".into(),
        note: String::new(),
    };
    let store = store.clone();
    tokio::task::spawn_blocking(move || store.submit_blocking(vec![Change::Ledger(entry)])).await??;
    Ok(())
}

struct Seat {
    extension: String,
    hash: String,
    name: String,
    role: &'static str,
}

fn seats(state: &State) -> anyhow::Result<Vec<Seat>> {
    const NAMES: [&str; 12] =
        ["一号", "二号", "三号", "四号", "五号", "六号", "七号", "八号", "九号", "十号", "十一号", "十二号"];
    let mut seats = vec![
        Seat { extension: "admin".into(), hash: hash(&state.admin_password)?, name: "管理员".into(), role: "admin" },
        Seat {
            extension: state.person.account.clone(),
            hash: hash(&state.person.password)?,
            name: "体验坐席".into(),
            role: "agent",
        },
    ];
    for (i, login) in state.bots.iter().enumerate() {
        let name = NAMES.get(i).map_or_else(|| format!("{}号", i + 1), |n| (*n).to_owned());
        let hash = hash(&login.password)?;
        seats.push(Seat { extension: login.account.clone(), hash, name: format!("演示{name}"), role: "agent" });
    }
    Ok(seats)
}

fn hash(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("argon2: {error}"))?.to_string())
}

struct Plan {
    carrier: String,
    greeting: Vec<u8>,
    abandon: Vec<u8>,
    seats: Vec<Seat>,
    ring_s: i64,
    wrap_s: i64,
}

struct Made {
    company: CompanyId,
    campaign: CampaignId,
    admin: SeatId,
}

impl Plan {
    fn write(self, tx: &Transaction<'_>) -> Result<Made, StoreError> {
        let now = now_ms();
        let add = |sql: &str, params: &[&dyn rusqlite::ToSql]| -> Result<i64, StoreError> {
            tx.execute(sql, params)?;
            Ok(tx.last_insert_rowid())
        };
        let company = add(
            "INSERT INTO company (code, name, hard_stop_lifted, seat_fee_month, wrap_s, demo, created)
             VALUES (?1, '演示', 1, ?2, ?3, 1, ?4)",
            params![COMPANY, SEAT_FEE_MONTH.0, self.wrap_s, now],
        )?;
        let prompt = "INSERT INTO prompt (company_id, name, alaw, created) VALUES (?1, ?2, ?3, ?4)";
        let greeting = add(prompt, params![company, "问候语", self.greeting, now])?;
        let abandon = add(prompt, params![company, "无坐席提示", self.abandon, now])?;
        tx.execute("UPDATE company SET abandon_prompt = ?2 WHERE id = ?1", params![company, abandon])?;
        let trunk = add(
            "INSERT INTO trunk (company_id, name, host, simulated, channels, cps, increment_s, price, callers)
             VALUES (?1, '模拟线路', ?2, 1, 60, 10, ?3, ?4, '[\"05920000001\",\"05920000002\"]')",
            params![company, self.carrier, INCREMENT_S, PRICE.0],
        )?;
        let script = add(
            "INSERT INTO script (company_id, name, greeting, to_agent, created) VALUES (?1, '转人工', ?2, 1, ?3)",
            params![company, greeting, now],
        )?;
        let admin = self.people(tx, company)?;
        let campaign = add(
            "INSERT INTO campaign (company_id, name, script_id, trunk_id, run_from, run_to, rest_from, rest_to, ring_s,
               creator_id, created) VALUES (?1, '演示任务', ?2, ?3, 0, 1440, 720, 720, ?4, ?5, ?6)",
            params![company, script, trunk, self.ring_s, admin, now],
        )?;
        for (number, direction) in blocked() {
            add(
                "INSERT INTO blocklist (company_id, phone, direction, created) VALUES (?1, ?2, ?3, ?4)",
                params![company, number, direction, now],
            )?;
        }
        Ok(Made { company: CompanyId(company), campaign: CampaignId(campaign), admin: SeatId(admin) })
    }

    /// Roles, departments and seats. Returns the admin's seat.
    fn people(&self, tx: &Transaction<'_>, company: i64) -> Result<i64, StoreError> {
        let department = "INSERT INTO department (company_id, name) VALUES (?1, ?2)";
        tx.execute(department, params![company, "客服部"])?;
        tx.execute(department, params![company, "业务部"])?;
        let sales = tx.last_insert_rowid();
        for role in catalogue::BUILT_IN_ROLES {
            let sql = "INSERT INTO role (company_id, code, name, built_in, scope, permissions) VALUES (?1, ?2, '', 1, ?3, ?4)";
            let words = serde_json::to_string(role.words).unwrap_or_default();
            tx.execute(sql, params![company, role.code, role.scope, words])?;
        }
        let mut admin = 0;
        for seat in &self.seats {
            tx.execute(
                "INSERT INTO seat (company_id, extension, account, password_hash, name, role_id, department_id)
                 VALUES (?1, ?2, ?2, ?3, ?4, (SELECT id FROM role WHERE company_id = ?1 AND code = ?5), ?6)",
                params![company, seat.extension, seat.hash, seat.name, seat.role, sales],
            )?;
            if seat.role == "admin" {
                admin = tx.last_insert_rowid();
            }
        }
        Ok(admin)
    }
}

/// Number and direction of each line of the demo's blocklist.
fn blocked() -> Vec<(String, &'static str)> {
    let mut reader = csv::Reader::from_reader(BLOCKLIST.trim_start_matches('\u{feff}').as_bytes());
    let direction = |word: &str| match word {
        "限制呼入" => "inbound",
        "限制呼出" => "outbound",
        _ => "both",
    };
    let rows = reader.records().flatten();
    rows.filter_map(|row| Some((row.get(0)?.to_owned(), direction(row.get(1).unwrap_or_default())))).collect()
}
