//! What the SIP and media rooms keep in or read from the store.

use super::{StoreError, apply::run};
use crate::sip::{DialogRecord, SipTrunk};
use hutong_api::{LegId, PromptId, TrunkId};
use rusqlite::{Connection, OptionalExtension, params};

/// All enabled trunks, as `Sip::set_trunks` wants them.
pub fn sip_trunks(conn: &Connection) -> Result<Vec<SipTrunk>, StoreError> {
    let sql = "SELECT id, host, user, password, register, cps FROM trunk WHERE enabled ORDER BY id";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(SipTrunk {
            id: TrunkId(row.get(0)?),
            host: row.get(1)?,
            user: row.get(2)?,
            password: row.get(3)?,
            register: row.get(4)?,
            cps: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every prompt's A-law, for `Media::load_prompt`.
pub fn prompts(conn: &Connection) -> Result<Vec<(PromptId, Vec<u8>)>, StoreError> {
    let mut statement = conn.prepare("SELECT id, alaw FROM prompt ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok((PromptId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What clears the far end after a crash. A leg whose call is closed already needs nothing: not an error.
pub fn save_dialog(conn: &Connection, leg: LegId, record: Option<&DialogRecord>) -> Result<(), StoreError> {
    let json = record.and_then(|record| serde_json::to_string(record).ok());
    run(conn, "UPDATE open_call SET dialog = ?2 WHERE leg_id = ?1", params![leg.0, json]).map(drop)
}

pub fn dialog_of(conn: &Connection, leg: LegId) -> Result<Option<DialogRecord>, StoreError> {
    let sql = "SELECT dialog FROM open_call WHERE leg_id = ?1";
    let json: Option<Option<String>> = conn.prepare_cached(sql)?.query_row([leg.0], |row| row.get(0)).optional()?;
    Ok(json.flatten().and_then(|json| serde_json::from_str(&json).ok()))
}
