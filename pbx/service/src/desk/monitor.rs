//! 任务监控 (F52): what the records say of a task, put together with what the board says of its engine.

use super::{
    Answer, Who, cell, cfg, foresight, now,
    page::source,
    pages::call_report::{self, Cause},
};
use hutong_api::{
    CallResult, CallState, CampaignId, Lang,
    board::{BoardMsg, CallRow, CallStage, CampaignRow, CampaignStatus, rate_text},
    monitor::{FailureCause, FunnelStage, TaskMonitor, TaskPace},
    texts::{fill, text},
};
use hutong_core::{
    Wall,
    call::cause::redial_states,
    campaign::{
        calendar::{Windows, zone},
        holidays::Days,
        retry,
    },
    io::{CampaignCfg, CompanyCfg, PacingMode},
};
use rusqlite::{Connection, params};

/// The time over which the rate of dialling is taken.
const RATE_MS: i64 = 600_000;
/// Agents' waits of so long ago still count.
const WAIT_MS: i64 = 3_600_000;
/// How far ahead the end of a list is looked for.
const LOOK_DAYS: i64 = 14;
/// An end so much later than the dialling takes has a rest or a night in it.
const GAP_MS: i64 = 300_000;
const STAGES: [CallStage; 5] =
    [CallStage::Dialling, CallStage::Ringing, CallStage::Script, CallStage::Queued, CallStage::Talking];

/// A task as the board shows it, and its calls.
#[derive(Debug, Clone)]
pub struct Seen {
    row: CampaignRow,
    calls: Vec<CallRow>,
}

impl Seen {
    pub fn of(board: &BoardMsg, id: CampaignId) -> Option<Seen> {
        let row = board.campaigns.iter().flatten().find(|row| row.id == id)?.clone();
        let of_it = |call: &&CallRow| call.campaign.as_deref() == Some(&row.name);
        let calls = board.calls.iter().flatten().filter(of_it).cloned().collect();
        Some(Seen { row, calls })
    }
}

pub fn monitor(conn: &Connection, who: &Who, seen: &Seen) -> Answer<TaskMonitor> {
    let row = &seen.row;
    source("campaigns")?.fact(conn, who, row.id.0)?;
    let (campaign, company) = (cfg::campaign(conn, row.id.0)?, cfg::company(conn, who.company)?);
    let today = cell::time(now(), &who.zone).chars().take(10).collect::<String>();
    let (calls_by_hour, answered_by_hour) =
        call_report::hours(conn, &format!("c.campaign_id = {} AND c.day = ?1", row.id), &today)?;
    Ok(TaskMonitor {
        id: row.id,
        name: row.name.clone(),
        status: row.status,
        why: text(who.lang, &row.why.key()).to_owned(),
        facts: facts(conn, who, &campaign)?,
        funnel: funnel(conn, who.lang, row)?,
        causes: causes(conn, who.lang, &campaign)?,
        calls_by_hour,
        answered_by_hour,
        pace: pace(conn, who, seen, &campaign, &company)?,
    })
}

/// As the form words them, in the order that a supervisor asks for them.
fn facts(conn: &Connection, who: &Who, campaign: &CampaignCfg) -> Answer<Vec<(String, String)>> {
    let script: String =
        conn.query_row("SELECT name FROM script WHERE id = ?1", [campaign.script.0], |row| row.get(0))?;
    let trunk: String = conn.query_row("SELECT name FROM trunk WHERE id = ?1", [campaign.trunk.0], |row| row.get(0))?;
    let clock = |(from, to): (u16, u16)| format!("{:02}:{:02}~{:02}:{:02}", from / 60, from % 60, to / 60, to % 60);
    let facts = [
        ("script", script),
        ("trunk", trunk),
        ("run", clock(campaign.run)),
        ("rest", clock(campaign.rest)),
        ("pacing", mode(who.lang, campaign.pacing.mode).to_owned()),
        ("cap", percent(campaign.pacing.cap_bp)),
        ("ring_s", campaign.ring_s.to_string()),
        ("attempts", campaign.rules.redial.attempts.to_string()),
    ];
    let title = |field: &str| text(who.lang, &format!("catalogue.campaigns.field.{field}")).to_owned();
    Ok(facts.into_iter().map(|(field, value)| (title(field), value)).collect())
}

/// 名单 counts the rows of its files; 有效 what was taken of them and not closed undialled (D13).
fn funnel(conn: &Connection, lang: Lang, row: &CampaignRow) -> Answer<Vec<FunnelStage>> {
    let sql = "SELECT coalesce(sum(rows), 0) FROM batch WHERE campaign_id = ?1 AND state = 'visible'";
    let listed: u32 = conn.prepare_cached(sql)?.query_row([row.id.0], |row| row.get(0))?;
    let stages = [
        ("listed", listed),
        ("valid", row.total),
        ("dialled", row.dialled),
        ("answered", row.answered),
        ("to_agent", row.to_agent),
    ];
    let mut before = None;
    Ok(stages
        .into_iter()
        .map(|(name, count)| {
            let share = before.replace(count).map_or_else(String::new, |whole| rate_text(count, whole));
            FunnelStage { title: text(lang, &format!("call.monitor.{name}")).to_owned(), count, share }
        })
        .collect())
}

fn causes(conn: &Connection, lang: Lang, campaign: &CampaignCfg) -> Answer<Vec<FailureCause>> {
    let found = call_report::causes(conn, "c.campaign_id = CAST(?1 AS INTEGER)", &campaign.id.to_string())?;
    let failed: u32 = found.iter().map(|cause| cause.calls).sum();
    Ok(found
        .iter()
        .map(|cause| FailureCause {
            title: cause.title(lang).to_owned(),
            sip: cause.sip.map_or_else(String::new, |sip| sip.to_string()),
            count: cause.calls,
            share: rate_text(cause.calls, failed),
            next: next(lang, campaign, cause),
        })
        .collect())
}

/// What becomes of numbers that ended so, by the task's own rules.
fn next(lang: Lang, campaign: &CampaignCfg, cause: &Cause) -> String {
    let redial = &campaign.rules.redial;
    let wait = retry::wait_s(redial, cause.state) / 60;
    let (wait, attempts) = (wait.to_string(), redial.attempts.to_string());
    let repeats = redial_states(&redial.also).contains(&cause.state);
    let key = match (cause.result, cause.state) {
        (CallResult::Abandoned, _) if campaign.pacing.mode.dials_ahead() => "next_abandoned",
        (CallResult::Abandoned, _) => "next_redial",
        (_, CallState::LineFault) if redial.line_s > 0 => "next_line",
        _ if redial.attempts > 1 && retry::wait_s(redial, cause.state) > 0 => "next_wait",
        _ if repeats => "next_redial",
        _ => "next_none",
    };
    fill(lang, &format!("call.monitor.{key}"), &[("minutes", &wait), ("attempts", &attempts)])
}

fn pace(conn: &Connection, who: &Who, seen: &Seen, campaign: &CampaignCfg, company: &CompanyCfg) -> Answer<TaskPace> {
    let pace = seen.row.pace;
    let legs = STAGES.map(|stage| {
        let count = seen.calls.iter().filter(|call| call.stage == stage).count();
        (text(who.lang, stage.key()).to_owned(), count as u32)
    });
    let answered = pace.served + pace.lost;
    let (done_at, eta) = eta(conn, who, &seen.row, campaign, company)?;
    Ok(TaskPace {
        mode: mode(who.lang, campaign.pacing.mode).to_owned(),
        legs: legs.to_vec(),
        agents: pace.agents,
        free: pace.free,
        per_agent: match pace.free {
            0 => "--".to_owned(),
            free => format!("{:.1}", f64::from(pace.flights) / f64::from(free)),
        },
        abandoned_bp: (pace.lost * 10_000).checked_div(answered).unwrap_or_default(),
        cap_bp: campaign.pacing.cap_bp,
        abandoned: abandoned(who.lang, seen, campaign.pacing.cap_bp),
        wait: wait(conn, who, campaign.group)?,
        done_at,
        eta,
    })
}

fn abandoned(lang: Lang, seen: &Seen, cap_bp: u32) -> String {
    let pace = seen.row.pace;
    let (today, month) = (pace.served + pace.lost, pace.served_before + pace.lost_before + pace.served + pace.lost);
    let lost = pace.lost + pace.lost_before;
    let over = u64::from(pace.lost) * 10_000 > u64::from(cap_bp) * u64::from(today)
        || u64::from(lost) * 10_000 > u64::from(cap_bp) * u64::from(month);
    let args = [
        ("lost", pace.lost.to_string()),
        ("answered", today.to_string()),
        ("share", rate_text(pace.lost, today)),
        ("month", rate_text(lost, month)),
        ("cap", percent(cap_bp)),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(lang, if over { "call.monitor.abandoned_over" } else { "call.monitor.abandoned_said" }, &args)
}

/// The mean of the group's waits that ended in a call within the last hour.
fn wait(conn: &Connection, who: &Who, group: Option<i64>) -> Answer<String> {
    let sql = "SELECT avg(s.ended - s.started) FROM seat_span s
        WHERE s.company_id = ?1 AND s.started >= ?2 AND s.state = 'idle' AND s.ended IS NOT NULL
          AND EXISTS (SELECT 1 FROM seat_span n WHERE n.seat_id = s.seat_id AND n.started = s.ended AND n.state IN ('ringing', 'talking'))
          AND (?3 IS NULL OR s.seat_id IN (SELECT seat_id FROM agent_group_seat WHERE group_id = ?3))";
    let mean: Option<f64> =
        conn.prepare_cached(sql)?.query_row(params![who.company.0, now() - WAIT_MS, group], |row| row.get(0))?;
    Ok(match mean {
        Some(ms) => fill(who.lang, "call.monitor.wait_said", &[("seconds", &format!("{:.0}", ms / 1000.0))]),
        None => text(who.lang, "call.monitor.wait_unknown").to_owned(),
    })
}

/// When the numbers left will have been dialled once more each, at the rate of the last ten minutes in which it dialled.
fn eta(
    conn: &Connection,
    who: &Who,
    row: &CampaignRow,
    campaign: &CampaignCfg,
    company: &CompanyCfg,
) -> Answer<(Option<i64>, String)> {
    let say = |key: &str, args: &[(&str, &str)]| Ok((None, fill(who.lang, &format!("call.monitor.eta_{key}"), args)));
    if row.status == CampaignStatus::Finished {
        return say("finished", &[]);
    }
    let sql = "SELECT count(*) FROM batch b JOIN lead l ON l.batch_id = b.id
               WHERE b.campaign_id = ?1 AND b.state = 'visible' AND l.phase = 'waiting'";
    let left: i64 = conn.prepare_cached(sql)?.query_row([row.id.0], |row| row.get(0))?;
    if left == 0 {
        return say("none_left", &[]);
    }
    let Some(rate) = rate(conn, row.id)? else { return say("unknown", &[("left", &left.to_string())]) };
    let minutes = (left as f64 / rate).ceil().max(1.0) as usize;
    let simulated: bool =
        conn.query_row("SELECT simulated FROM trunk WHERE id = ?1", [campaign.trunk.0], |row| row.get(0))?;
    let windows = Windows {
        run: campaign.run,
        rest: campaign.rest,
        rules: &campaign.rules,
        days: &Days::new(&company.limits.days),
        exempt: company.hard_stop_lifted || simulated,
    };
    let from = now();
    let end = windows.after_open(&zone(&company.zone), Wall(from), minutes, LOOK_DAYS);
    let gap = end.is_some_and(|end| end.0 - from > minutes as i64 * 60_000 + GAP_MS);
    let args = [
        ("left", left.to_string()),
        ("rate", format!("{rate:.1}")),
        ("time", format!("{}:{:02}", minutes / 60, minutes % 60)),
        ("at", end.map_or_else(String::new, |end| cell::time(end.0, &who.zone).chars().take(16).collect())),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut said = fill(who.lang, if end.is_some() { "call.monitor.eta_said" } else { "call.monitor.eta_long" }, &args);
    if gap {
        said.push_str(text(who.lang, "call.monitor.eta_gap"));
    }
    if row.status != CampaignStatus::Running {
        said.push_str(text(who.lang, "call.monitor.eta_stopped"));
    }
    Ok((end.map(|end| end.0), said))
}

/// Calls a minute over the last ten minutes in which the task dialled; None before its first.
fn rate(conn: &Connection, id: CampaignId) -> Answer<Option<f64>> {
    let last: Option<i64> = conn
        .prepare_cached("SELECT max(started) FROM cdr WHERE campaign_id = ?1")?
        .query_row([id.0], |row| row.get(0))?;
    let Some(last) = last else { return Ok(None) };
    let sql = "SELECT count(*), min(started) FROM cdr WHERE campaign_id = ?1 AND started > ?2 AND result <> 'not_sent'";
    let (calls, first): (i64, Option<i64>) =
        conn.prepare_cached(sql)?.query_row(params![id.0, last - RATE_MS], |row| Ok((row.get(0)?, row.get(1)?)))?;
    // A minute at least: two calls in one second are no rate.
    let ms = (last - first.unwrap_or(last)).max(60_000);
    Ok((calls > 0).then(|| calls as f64 * 60_000.0 / ms as f64))
}

fn mode(lang: Lang, mode: PacingMode) -> &'static str {
    text(lang, &format!("catalogue.choice.{}", foresight::mode(mode)))
}

/// Hundredths of a percent as "3%", "0.75%".
fn percent(bp: u32) -> String {
    rate_text(bp, 10_000)
}
