//! One `Change` → its statements. Nothing here decides anything; the engine has.

use super::{StoreError, leads, ledger, limits, recordings, report, word};
use hutong_core::{
    Wall,
    io::{CampaignState, Cdr, Change, OpenCall, Span},
};
use rusqlite::{Connection, Params, params};

pub fn apply(conn: &Connection, change: &Change) -> Result<(), StoreError> {
    match change {
        Change::OpenCall(call) => open_call(conn, call),
        Change::CallAnswered { call, at } => {
            let sql = "UPDATE open_call SET answered = ?2, proven = max(coalesce(proven, 0), ?2) WHERE call_id = ?1";
            one(conn, "answered call", sql, params![call.0, at.0])
        }
        Change::CallBridged { call, seat, at } => {
            let sql = "UPDATE open_call SET seat_id = ?2, bridged = ?3 WHERE call_id = ?1";
            one(conn, "bridged call", sql, params![call.0, seat.0, at.0])
        }
        Change::CallProven { call, at } => {
            one(conn, "proven call", "UPDATE open_call SET proven = ?2 WHERE call_id = ?1", params![call.0, at.0])
        }
        Change::CallHold { call, held } => {
            one(conn, "held call", "UPDATE open_call SET held = ?2 WHERE call_id = ?1", params![call.0, held.0])
        }
        Change::CloseCall(cdr) => close_call(conn, cdr),
        Change::Ledger(entry) => ledger::post(conn, entry),
        Change::Lead(lead) => leads::change(conn, lead),
        Change::Campaign { campaign, state } => campaign_state(conn, campaign.0, state),
        Change::Redial { campaign, round, states, abandoned } => {
            leads::redial(conn, *campaign, *round, states, *abandoned)
        }
        Change::OptOut(told) => limits::opt_out(conn, told),
        Change::Span(span) => self::span(conn, span),
        Change::Event { company, event } => {
            let args = serde_json::to_string(&event.args).unwrap_or_default();
            let sql = "INSERT INTO event (company_id, at, alarm, text_key, args) VALUES (?1, ?2, ?3, ?4, ?5)";
            run(conn, sql, params![company.0, event.at, event.alarm, event.text_key, args]).map(drop)
        }
        Change::AutoAnswer { seat, on } => {
            one(conn, "seat", "UPDATE seat SET auto_answer = ?2 WHERE id = ?1", params![seat.0, on])
        }
        Change::Learnt { campaign, state } => {
            one(conn, "campaign", "UPDATE campaign SET learnt = ?2 WHERE id = ?1", params![campaign.0, state])
        }
        Change::Crew { company, group, state } => {
            let sql = "INSERT INTO crew (company_id, group_id, learnt) VALUES (?1, ?2, ?3)
                       ON CONFLICT (company_id, group_id) DO UPDATE SET learnt = excluded.learnt";
            run(conn, sql, params![company.0, group.unwrap_or(0), state]).map(drop)
        }
        Change::Alive { at } => {
            let sql = "INSERT INTO meta (key, value) VALUES ('alive', ?1)
                       ON CONFLICT (key) DO UPDATE SET value = excluded.value";
            run(conn, sql, params![at.0.to_string()]).map(drop)
        }
    }
}

pub fn run(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    Ok(conn.prepare_cached(sql)?.execute(params)?)
}

/// For facts about a row that should exist. A missing one is logged, not refused: the rest of the turn may carry a CDR
/// and its money, and those must not be lost with it.
pub fn one(conn: &Connection, what: &str, sql: &str, params: impl Params) -> Result<(), StoreError> {
    if run(conn, sql, params)? == 0 {
        tracing::error!(what, "the engine told a fact about a row that is not stored");
    }
    Ok(())
}

fn ms(at: Option<Wall>) -> Option<i64> {
    at.map(|at| at.0)
}

fn open_call(conn: &Connection, call: &OpenCall) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO open_call (call_id, leg_id, company_id, kind, campaign_id, lead_id, round, trunk_id, seat_id,
        phone, name, caller, started, answered, bridged, proven, held, increment_s, price, tries)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";
    let values = params![
        call.call.0,
        call.leg.0,
        call.company.0,
        call.kind.word(),
        call.campaign.map(|id| id.0),
        call.lead.map(|id| id.0),
        call.round,
        call.trunk.0,
        call.seat.map(|id| id.0),
        call.phone.as_str(),
        call.name,
        call.caller,
        call.started.0,
        ms(call.answered),
        ms(call.bridged),
        ms(call.proven),
        call.held.0,
        call.increment_s,
        call.price.0,
        call.tries,
    ];
    run(conn, sql, values).map(drop)
}

fn close_call(conn: &Connection, cdr: &Cdr) -> Result<(), StoreError> {
    let call = &cdr.open;
    // Without its intent row a CDR would be a second one, or one of a call that was never opened.
    if run(conn, "DELETE FROM open_call WHERE call_id = ?1", params![call.call.0])? == 0 {
        return Err(StoreError::Other(format!("call {} is not open", call.call)));
    }
    let sql = "INSERT INTO cdr (call_id, leg_id, company_id, kind, campaign_id, lead_id, round, trunk_id, seat_id,
        phone, name, caller, started, answered, bridged, ended, state, result, ended_by, sip, q850, fault,
        billable_s, talk_s, increment_s, price, charge, recorded)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
        ?23, ?24, ?25, ?26, ?27, ?28)";
    let values = params![
        call.call.0,
        call.leg.0,
        call.company.0,
        call.kind.word(),
        call.campaign.map(|id| id.0),
        call.lead.map(|id| id.0),
        call.round,
        call.trunk.0,
        call.seat.map(|id| id.0),
        call.phone.as_str(),
        call.name,
        call.caller,
        call.started.0,
        ms(call.answered),
        ms(call.bridged),
        cdr.ended.0,
        cdr.state.word(),
        cdr.result.word(),
        cdr.by.word(),
        cdr.sip,
        cdr.q850,
        cdr.fault,
        cdr.billable_s,
        cdr.talk_s,
        call.increment_s,
        call.price.0,
        cdr.charge.0,
        cdr.recorded,
    ];
    run(conn, sql, values)?;
    report::count(conn, cdr)?;
    if cdr.recorded {
        let began = call.answered.unwrap_or(call.started);
        recordings::recording_begun(conn, call.company, call.call, &recordings::recording_path(call.call, began))?;
    }
    Ok(())
}

fn campaign_state(conn: &Connection, campaign: i64, state: &CampaignState) -> Result<(), StoreError> {
    let sql = "UPDATE campaign SET status = ?2, round = ?3, total = ?4, dialled = ?5, answered = ?6, to_agent = ?7,
               abandoned = ?8 WHERE id = ?1";
    let CampaignState { status, round, total, dialled, answered, to_agent, abandoned } = state;
    let values = params![campaign, status.word(), round, total, dialled, answered, to_agent, abandoned];
    one(conn, "campaign", sql, values)
}

fn span(conn: &Connection, span: &Span) -> Result<(), StoreError> {
    let sql = "INSERT INTO seat_span (seat_id, started, company_id, state, reason, ended) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (seat_id, started) DO UPDATE SET state = excluded.state, reason = excluded.reason, ended = excluded.ended";
    let to = ms(span.to);
    run(conn, sql, params![span.seat.0, span.from.0, span.company.0, word(&span.state), span.reason, to]).map(drop)
}
