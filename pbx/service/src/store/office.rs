//! Making the first records of an office: what `hutong init`, the admin commands and the demo need before pages do it.
//! Times are now; a name taken already is `Taken`.

use super::{StoreError, now_ms};
use hutong_api::{
    BatchId, CampaignId, CompanyId, DepartmentId, Micro, Phone, PromptId, RoleId, ScriptId, SeatId, TrunkId,
    catalogue::BUILT_IN_ROLES,
};
use rusqlite::{Connection, ErrorCode, OptionalExtension, Params, params};

#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// Code, name, extension or account exists already in this company.
    #[error("{0} exists already")]
    Taken(String),
    #[error("there is no {0}")]
    Unknown(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for OfficeError {
    fn from(error: rusqlite::Error) -> OfficeError {
        OfficeError::Store(error.into())
    }
}

#[derive(Debug, Clone)]
pub struct NewCompany {
    /// 公司账号
    pub code: String,
    pub name: String,
    /// IANA name.
    pub zone: String,
    /// 不限额
    pub unlimited: bool,
    pub demo: bool,
}

#[derive(Debug, Clone)]
pub struct NewSeat {
    /// 坐席号
    pub extension: String,
    pub account: String,
    /// As `password::hash` makes it.
    pub password_hash: String,
    pub name: String,
    /// admin, manager, supervisor, agent, or a role of the company's own.
    pub role: String,
    pub department: Option<DepartmentId>,
    /// Of quick dial.
    pub trunk: Option<TrunkId>,
}

#[derive(Debug, Clone)]
pub struct NewTrunk {
    pub name: String,
    /// host or host:port
    pub host: String,
    pub user: String,
    pub password: String,
    pub register: bool,
    /// The simulated carrier of a demo.
    pub simulated: bool,
    pub channels: u32,
    pub cps: u32,
    /// 计费模式 in seconds and its price (D1).
    pub increment_s: u32,
    pub price: Micro,
    pub callers: Vec<Phone>,
}

#[derive(Debug, Clone)]
pub struct NewCampaign {
    pub name: String,
    pub script: ScriptId,
    pub trunk: TrunkId,
    /// Minutes of the day, [from, to).
    pub run: (u16, u16),
    pub rest: (u16, u16),
    pub ring_s: u32,
    /// 0 = the trunk's.
    pub channels: u32,
    pub sync_customers: bool,
    pub creator: SeatId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Inbound,
    Outbound,
    Both,
}

/// The company with its built-in roles.
pub fn create_company(conn: &Connection, new: &NewCompany) -> Result<CompanyId, OfficeError> {
    let sql = "INSERT INTO company (code, name, zone, unlimited, demo, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![new.code, new.name, new.zone, new.unlimited, new.demo, now_ms()];
    let company = CompanyId(insert(conn, &new.code, sql, values)?);
    create_role_set(conn, company)?;
    Ok(company)
}

pub fn create_role_set(conn: &Connection, company: CompanyId) -> Result<(), OfficeError> {
    for role in BUILT_IN_ROLES {
        let words = serde_json::to_string(role.words).unwrap_or_default();
        let sql =
            "INSERT INTO role (company_id, code, name, built_in, scope, permissions) VALUES (?1, ?2, '', 1, ?3, ?4)";
        insert(conn, role.code, sql, params![company.0, role.code, role.scope, words])?;
    }
    Ok(())
}

pub fn create_department(conn: &Connection, company: CompanyId, name: &str) -> Result<DepartmentId, OfficeError> {
    let sql = "INSERT INTO department (company_id, name) VALUES (?1, ?2)";
    insert(conn, name, sql, params![company.0, name]).map(DepartmentId)
}

pub fn create_seat(conn: &Connection, company: CompanyId, new: &NewSeat) -> Result<SeatId, OfficeError> {
    let role = role(conn, company, &new.role)?;
    let sql = "INSERT INTO seat (company_id, extension, account, password_hash, name, role_id, department_id, trunk_id)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let NewSeat { extension, account, password_hash, name, department, trunk, .. } = new;
    let (department, trunk) = (department.map(|id| id.0), trunk.map(|id| id.0));
    let values = params![company.0, extension, account, password_hash, name, role.0, department, trunk];
    insert(conn, &format!("{extension} / {account}"), sql, values).map(SeatId)
}

pub fn create_trunk(conn: &Connection, company: CompanyId, new: &NewTrunk) -> Result<TrunkId, OfficeError> {
    let callers: Vec<&str> = new.callers.iter().map(Phone::as_str).collect();
    let callers = serde_json::to_string(&callers).unwrap_or_default();
    let sql =
        "INSERT INTO trunk (company_id, name, host, user, password, register, simulated, channels, cps, increment_s,
               price, callers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let values = params![
        company.0,
        new.name,
        new.host,
        new.user,
        new.password,
        new.register,
        new.simulated,
        new.channels,
        new.cps,
        new.increment_s,
        new.price.0,
        callers,
    ];
    insert(conn, &new.name, sql, values).map(TrunkId)
}

/// `alaw`: 8 kHz mono A-law without a header.
pub fn create_prompt(conn: &Connection, company: CompanyId, name: &str, alaw: &[u8]) -> Result<PromptId, OfficeError> {
    let sql = "INSERT INTO prompt (company_id, name, alaw, created) VALUES (?1, ?2, ?3, ?4)";
    insert(conn, name, sql, params![company.0, name, alaw, now_ms()]).map(PromptId)
}

/// A disabled company's sessions end at once; enabled, its people log in again.
pub fn set_disabled(conn: &Connection, company: CompanyId, disabled: bool) -> Result<(), OfficeError> {
    let at = disabled.then(now_ms);
    conn.execute("UPDATE company SET disabled = ?2 WHERE id = ?1", params![company.0, at])?;
    if disabled {
        conn.execute("DELETE FROM session WHERE company_id = ?1", [company.0])?;
    }
    Ok(())
}

/// What an answered callee without an agent hears (D17).
pub fn set_abandon_prompt(conn: &Connection, company: CompanyId, prompt: PromptId) -> Result<(), OfficeError> {
    conn.execute("UPDATE company SET abandon_prompt = ?2 WHERE id = ?1", params![company.0, prompt.0])?;
    Ok(())
}

/// Callee caps per minute, hour and day; 0 = none, for a demo only.
pub fn set_caps(conn: &Connection, company: CompanyId, caps: [u32; 3]) -> Result<(), OfficeError> {
    let sql = "UPDATE company SET cap_minute = ?2, cap_hour = ?3, cap_day = ?4 WHERE id = ?1";
    conn.execute(sql, params![company.0, caps[0], caps[1], caps[2]])?;
    Ok(())
}

/// 话后 in seconds, and 软件费 per seat and month.
pub fn set_terms(conn: &Connection, company: CompanyId, wrap_s: u32, seat_fee: Micro) -> Result<(), OfficeError> {
    conn.execute("UPDATE company SET seat_fee_month = ?2 WHERE id = ?1", params![company.0, seat_fee.0])?;
    let sql = "UPDATE wrap_setting SET seconds = ?2 WHERE company_id = ?1 AND department_id IS NULL";
    conn.execute(sql, params![company.0, wrap_s])?;
    Ok(())
}

/// An optional greeting, then to an agent (转人工).
pub fn create_script(
    conn: &Connection,
    company: CompanyId,
    name: &str,
    greeting: Option<PromptId>,
) -> Result<ScriptId, OfficeError> {
    let sql = "INSERT INTO script (company_id, name, greeting, to_agent, created) VALUES (?1, ?2, ?3, 1, ?4)";
    insert(conn, name, sql, params![company.0, name, greeting.map(|id| id.0), now_ms()]).map(ScriptId)
}

pub fn create_campaign(conn: &Connection, company: CompanyId, new: &NewCampaign) -> Result<CampaignId, OfficeError> {
    let sql =
        "INSERT INTO campaign (company_id, name, script_id, trunk_id, run_from, run_to, rest_from, rest_to, ring_s,
               channels, sync_customers, creator_id, created)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
    let values = params![
        company.0,
        new.name,
        new.script.0,
        new.trunk.0,
        new.run.0,
        new.run.1,
        new.rest.0,
        new.rest.1,
        new.ring_s,
        new.channels,
        new.sync_customers,
        new.creator.0,
        now_ms(),
    ];
    insert(conn, &new.name, sql, values).map(CampaignId)
}

/// Blocks a number, or changes how it is blocked.
pub fn block(
    conn: &Connection,
    company: CompanyId,
    phone: &Phone,
    direction: Direction,
    reason: &str,
) -> Result<(), OfficeError> {
    let word = match direction {
        Direction::Inbound => "inbound",
        Direction::Outbound => "outbound",
        Direction::Both => "both",
    };
    let sql = "INSERT INTO blocklist (company_id, phone, direction, reason, created) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (company_id, phone) DO UPDATE SET direction = excluded.direction, reason = excluded.reason,
               expires = NULL";
    conn.execute(sql, params![company.0, phone.as_str(), word, reason, now_ms()])?;
    Ok(())
}

/// The engine's random seed, for a run that can be repeated.
pub fn set_seed(conn: &Connection, seed: u64) -> Result<(), OfficeError> {
    let sql =
        "INSERT INTO meta (key, value) VALUES ('seed', ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    conn.execute(sql, [seed.to_string()])?;
    Ok(())
}

pub fn company(conn: &Connection, code: &str) -> Result<CompanyId, OfficeError> {
    find(conn, code, "SELECT id FROM company WHERE code = ?1", params![code]).map(CompanyId)
}

pub fn role(conn: &Connection, company: CompanyId, code: &str) -> Result<RoleId, OfficeError> {
    let sql = "SELECT id FROM role WHERE company_id = ?1 AND code = ?2";
    find(conn, code, sql, params![company.0, code]).map(RoleId)
}

pub fn department(conn: &Connection, company: CompanyId, name: &str) -> Result<DepartmentId, OfficeError> {
    let sql = "SELECT id FROM department WHERE company_id = ?1 AND name = ?2";
    find(conn, name, sql, params![company.0, name]).map(DepartmentId)
}

pub fn prompt(conn: &Connection, company: CompanyId, name: &str) -> Result<PromptId, OfficeError> {
    let sql = "SELECT id FROM prompt WHERE company_id = ?1 AND name = ?2";
    find(conn, name, sql, params![company.0, name]).map(PromptId)
}

pub fn trunk(conn: &Connection, company: CompanyId, name: &str) -> Result<TrunkId, OfficeError> {
    let sql = "SELECT id FROM trunk WHERE company_id = ?1 AND name = ?2";
    find(conn, name, sql, params![company.0, name]).map(TrunkId)
}

/// Money of a company: balance and what seat fees it owes.
pub fn money(conn: &Connection, company: CompanyId) -> Result<(Micro, Micro), OfficeError> {
    let sql = "SELECT balance, owed FROM company WHERE id = ?1";
    Ok(conn.query_row(sql, [company.0], |row| Ok((Micro(row.get(0)?), Micro(row.get(1)?))))?)
}

/// What can be taken without touching reservations of calls not closed yet, and whether the company is 不限额.
pub fn available(conn: &Connection, company: CompanyId) -> Result<(Micro, bool), OfficeError> {
    let sql = "SELECT balance - (SELECT coalesce(sum(held), 0) FROM open_call o WHERE o.company_id = c.id), unlimited
               FROM company c WHERE id = ?1";
    Ok(conn.query_row(sql, [company.0], |row| Ok((Micro(row.get(0)?), row.get(1)?)))?)
}

/// The batches of a campaign, newest first: what a demo looks at.
pub fn batches(conn: &Connection, campaign: CampaignId) -> Result<Vec<BatchId>, OfficeError> {
    let mut statement = conn.prepare("SELECT id FROM batch WHERE campaign_id = ?1 ORDER BY id DESC")?;
    let ids = statement.query_map([campaign.0], |row| Ok(BatchId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

fn insert(conn: &Connection, what: &str, sql: &str, values: impl Params) -> Result<i64, OfficeError> {
    match conn.execute(sql, values) {
        Ok(_) => Ok(conn.last_insert_rowid()),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            Err(OfficeError::Taken(what.to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

fn find(conn: &Connection, what: &str, sql: &str, values: impl Params) -> Result<i64, OfficeError> {
    conn.query_row(sql, values, |row| row.get(0)).optional()?.ok_or_else(|| OfficeError::Unknown(what.to_owned()))
}
