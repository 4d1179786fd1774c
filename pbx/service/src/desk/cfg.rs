//! Records as live work needs them: what `Input::Setting` carries after a change.

use super::Answer;
use crate::store;
use hutong_api::{CampaignId, CompanyId, DepartmentId, Micro, PromptId, ScriptId, SeatId, TrunkId};
use hutong_core::io::{CampaignCfg, CompanyCfg, ScriptCfg, SeatCfg, TrunkCfg};
use rusqlite::Connection;

pub fn company(conn: &Connection, id: CompanyId) -> Answer<CompanyCfg> {
    let sql = "SELECT code, name, zone, unlimited, hard_stop_lifted, seat_fee_month, cap_minute, cap_hour, cap_day,
                      abandon_prompt, demo, EXISTS (SELECT 1 FROM company_rule r WHERE r.company_id = company.id AND r.preview_only)
               FROM company WHERE id = ?1";
    let (work, callers) = (store::boot::work(conn, id)?, store::boot::callers(conn, id)?);
    let limits = store::limits::limits(conn, id)?;
    let groups = store::boot::agent_groups(conn, id)?;
    Ok(conn.query_row(sql, [id.0], |row| {
        Ok(CompanyCfg {
            id,
            code: row.get(0)?,
            name: row.get(1)?,
            zone: row.get(2)?,
            unlimited: row.get(3)?,
            hard_stop_lifted: row.get(4)?,
            seat_fee_month: Micro(row.get(5)?),
            caps: [row.get(6)?, row.get(7)?, row.get(8)?],
            abandon_prompt: row.get::<_, Option<i64>>(9)?.map(PromptId),
            demo: row.get(10)?,
            preview_only: row.get(11)?,
            work,
            callers,
            limits,
            groups,
        })
    })?)
}

pub fn campaign(conn: &Connection, id: i64) -> Answer<CampaignCfg> {
    let sql = format!(
        "SELECT c.company_id, c.name, c.script_id, c.trunk_id, c.run_from, c.run_to, c.rest_from, c.rest_to, c.ring_s,
                c.channels, coalesce(s.name, ''), c.number_group, c.pacing, c.ratio_tenths, c.cap_bp, c.abandon_clock,
                c.weight, c.agent_group, {}
         FROM campaign c LEFT JOIN seat s ON s.id = c.creator_id WHERE c.id = ?1",
        store::limits::RULES
    );
    Ok(conn.query_row(&sql, [id], |row| {
        Ok(CampaignCfg {
            id: CampaignId(id),
            company: CompanyId(row.get(0)?),
            name: row.get(1)?,
            script: ScriptId(row.get(2)?),
            trunk: TrunkId(row.get(3)?),
            run: (row.get(4)?, row.get(5)?),
            rest: (row.get(6)?, row.get(7)?),
            ring_s: row.get(8)?,
            channels: row.get(9)?,
            creator: row.get(10)?,
            number_group: row.get(11)?,
            rules: store::limits::rules(row, 18)?,
            pacing: store::boot::pacing(row, 12)?,
            group: row.get(17)?,
        })
    })?)
}

pub fn script(conn: &Connection, id: i64) -> Answer<ScriptCfg> {
    let sql = "SELECT company_id, name, greeting, to_agent FROM script WHERE id = ?1";
    Ok(conn.query_row(sql, [id], |row| {
        Ok(ScriptCfg {
            id: ScriptId(id),
            company: CompanyId(row.get(0)?),
            name: row.get(1)?,
            greeting: row.get::<_, Option<i64>>(2)?.map(PromptId),
            to_agent: row.get(3)?,
        })
    })?)
}

pub fn seat(conn: &Connection, id: i64) -> Answer<SeatCfg> {
    let sql = "SELECT c.company_id, c.extension, c.name, coalesce(d.name, ''), c.enabled AND c.deleted IS NULL, c.auto_answer,
                      c.hide_numbers, c.trunk_id, c.department_id, c.pop_busy,
                      (SELECT json_group_array(n.number) FROM number n WHERE n.seat_id = c.id)
               FROM seat c LEFT JOIN department d ON d.id = c.department_id WHERE c.id = ?1";
    Ok(conn.query_row(sql, [id], |row| {
        Ok(SeatCfg {
            id: SeatId(id),
            company: CompanyId(row.get(0)?),
            extension: row.get(1)?,
            name: row.get(2)?,
            department: row.get(3)?,
            enabled: row.get(4)?,
            auto_answer: row.get(5)?,
            hide_numbers: row.get(6)?,
            trunk: row.get::<_, Option<i64>>(7)?.map(TrunkId),
            department_id: row.get::<_, Option<i64>>(8)?.map(DepartmentId),
            pop_busy: row.get(9)?,
            callers: serde_json::from_str(&row.get::<_, String>(10)?).unwrap_or_default(),
        })
    })?)
}

pub fn trunk(conn: &Connection, id: i64) -> Answer<TrunkCfg> {
    let sql = "SELECT company_id, name, enabled, simulated, channels, cps, increment_s, price, callers FROM trunk WHERE id = ?1";
    Ok(conn.query_row(sql, [id], |row| {
        Ok(TrunkCfg {
            id: TrunkId(id),
            company: CompanyId(row.get(0)?),
            name: row.get(1)?,
            enabled: row.get(2)?,
            simulated: row.get(3)?,
            channels: row.get(4)?,
            cps: row.get(5)?,
            increment_s: row.get(6)?,
            price: Micro(row.get(7)?),
            callers: serde_json::from_str(&row.get::<_, String>(8)?).unwrap_or_default(),
        })
    })?)
}
