//! Numbers of campaigns as the dialler sees them: only those of visible batches.

use super::{
    StoreError,
    apply::{one, run},
    damaged, word,
};
use hutong_api::{CallState, CampaignId, LeadId, Phone};
use hutong_core::io::{HopperLead, LeadChange};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// The answer to `Effect::LoadLeads`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leads {
    /// In list order.
    pub leads: Vec<HopperLead>,
    /// Further numbers of this campaign wait, due or not.
    pub more: bool,
    /// When the first number that is not due yet falls due, epoch ms.
    pub next_due: Option<i64>,
}

const COLUMNS: &str = "id, phone, name, round, attempts, answered, bands";

/// Up to `want` waiting numbers whose time has come. A number stays waiting here until the engine changes it, so a
/// second call before that returns the same ones.
pub fn load_leads(conn: &Connection, campaign: CampaignId, want: u32, now_ms: i64) -> Result<Leads, StoreError> {
    // One more than wanted tells whether there are more.
    let limit = i64::from(want) + 1;
    let mut found: Vec<HopperLead> = Vec::new();
    let mut fresh = 0;
    for batch in visible_batches(conn, campaign)? {
        let sql = format!(
            "SELECT {COLUMNS} FROM lead WHERE batch_id = ?1 AND phase = 'waiting' AND not_before <= ?2
             ORDER BY not_before LIMIT ?3"
        );
        collect(conn, &sql, params![batch, now_ms, limit], &mut found)?;
        if fresh < limit {
            let before = found.len();
            let sql = format!(
                "SELECT {COLUMNS} FROM lead WHERE batch_id = ?1 AND phase = 'waiting' AND not_before IS NULL
                 ORDER BY id LIMIT ?2"
            );
            collect(conn, &sql, params![batch, limit - fresh], &mut found)?;
            fresh += i64::try_from(found.len() - before).unwrap_or(limit);
        }
    }
    found.sort_unstable_by_key(|lead| lead.lead);
    let left_over = found.len() > want as usize;
    found.truncate(want as usize);
    let next_due = next_due(conn, campaign, now_ms)?;
    Ok(Leads { leads: found, more: left_over || next_due.is_some(), next_due })
}

/// One number with its campaign, as the dialler takes it.
pub fn one_lead(conn: &Connection, lead: i64) -> Result<Option<(CampaignId, HopperLead)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, campaign_id FROM lead WHERE id = ?1");
    let mut statement = conn.prepare_cached(&sql)?;
    let read = |row: &Row<'_>| Ok((CampaignId(row.get("campaign_id")?), hopper_lead(row)?));
    Ok(statement.query_row([lead], read).optional()?)
}

/// Every number that waits, in list order.
pub fn waiting(conn: &Connection, campaign: CampaignId) -> Result<Vec<HopperLead>, StoreError> {
    let mut found = Vec::new();
    for batch in visible_batches(conn, campaign)? {
        let sql = format!("SELECT {COLUMNS} FROM lead WHERE batch_id = ?1 AND phase = 'waiting' ORDER BY id");
        collect(conn, &sql, params![batch], &mut found)?;
    }
    Ok(found)
}

/// How many numbers `Change::Redial` made 未呼叫 for this round. To be asked in the same turn's `done`.
pub fn redialled(conn: &Connection, campaign: CampaignId, round: u32) -> Result<u32, StoreError> {
    let mut sum = 0;
    for batch in visible_batches(conn, campaign)? {
        let sql = "SELECT count(*) FROM lead WHERE batch_id = ?1 AND phase = 'waiting' AND round = ?2";
        sum += conn.prepare_cached(sql)?.query_row(params![batch, round], |row| row.get::<_, u32>(0))?;
    }
    Ok(sum)
}

pub fn change(conn: &Connection, lead: &LeadChange) -> Result<(), StoreError> {
    let sql = "UPDATE lead SET phase = ?2, state = ?3, result = ?4, attempts = ?5, round = ?6, not_before = ?7,
               last_call = coalesce(?8, last_call), answered = max(answered, ?3 = 'answered'), bands = ?9,
               why = coalesce(?10, why), why_value = coalesce(?11, why_value), why_at = coalesce(?12, why_at) WHERE id = ?1";
    let values = params![
        lead.lead.0,
        word(&lead.phase),
        lead.state.word(),
        lead.result.map(|result| result.word()),
        lead.attempts,
        lead.round,
        lead.not_before.map(|at| at.0),
        lead.call.map(|call| call.0),
        lead.bands,
        lead.why.as_ref().map(|why| why.rule.word()),
        lead.why.as_ref().map(|why| &why.value),
        lead.why.as_ref().map(|why| why.at.0),
    ];
    one(conn, "lead", sql, values)
}

/// F46. An abandoned number keeps its `not_before`: the 72-hour rule (D3) outlives the round.
pub fn redial(
    conn: &Connection,
    campaign: CampaignId,
    round: u32,
    states: &[CallState],
    abandoned: bool,
) -> Result<(), StoreError> {
    let states =
        serde_json::to_string(&states.iter().map(|state| state.word()).collect::<Vec<_>>()).unwrap_or_default();
    for batch in visible_batches(conn, campaign)? {
        let sql =
            "UPDATE lead SET phase = 'waiting', state = 'not_called', round = ?2, attempts = 0, bands = 0, why = NULL,
                   not_before = CASE WHEN result = 'abandoned' THEN not_before END, result = NULL
                   WHERE batch_id = ?1 AND phase = 'done'
                   AND (CASE WHEN result = 'abandoned' THEN ?4 ELSE state IN (SELECT value FROM json_each(?3)) END)";
        run(conn, sql, params![batch, round, states, abandoned])?;
    }
    Ok(())
}

/// In the order they were imported, which is the order of their leads' ids.
pub fn visible_batches(conn: &Connection, campaign: CampaignId) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT id FROM batch WHERE campaign_id = ?1 AND state = 'visible' ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let ids = statement.query_map([campaign.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(ids)
}

fn next_due(conn: &Connection, campaign: CampaignId, now_ms: i64) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT min(not_before) FROM lead WHERE campaign_id = ?1 AND not_before > ?2 AND phase = 'waiting'";
    Ok(conn.prepare_cached(sql)?.query_row(params![campaign.0, now_ms], |row| row.get(0))?)
}

fn collect(
    conn: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    into: &mut Vec<HopperLead>,
) -> Result<(), StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    for lead in statement.query_map(values, hopper_lead)? {
        into.push(lead?);
    }
    Ok(())
}

fn hopper_lead(row: &Row<'_>) -> rusqlite::Result<HopperLead> {
    Ok(HopperLead {
        lead: LeadId(row.get(0)?),
        phone: phone(row.get(1)?)?,
        name: row.get(2)?,
        round: row.get(3)?,
        attempts: row.get(4)?,
        answered_before: row.get(5)?,
        bands: row.get(6)?,
    })
}

pub fn phone(digits: String) -> rusqlite::Result<Phone> {
    Phone::try_from(digits).map_err(|why| damaged(std::io::Error::other(why)))
}
