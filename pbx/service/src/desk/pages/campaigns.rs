//! 呼叫任务 (F29–F36). Status changes belong to the engine; here are the record and its list.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    now,
    page::After,
    pages::customers,
    query::{By, Owner, Source},
};
use hutong_api::{
    CampaignId, Refusal,
    catalogue::{Page, pages::campaigns::PAGE},
};
use hutong_core::{campaign::spans, io::Setting};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "campaign c JOIN script p ON p.id = c.script_id LEFT JOIN seat s ON s.id = c.creator_id",
    keep: "c.deleted IS NULL AND c.pacing <> 'preview'",
    owner: Some(Owner { within: "c.creator_id IN ({})", own: "c.creator_id" }),
    cells: &[
        cell("id", Show::Plain, "c.id"),
        cell("name", Show::Plain, "c.name"),
        cell("script", Show::Plain, "p.name"),
        cell("status", Show::Call("campaign"), "c.status"),
        cell("run", Show::Plain, RUN),
        cell("rest", Show::Plain, REST),
        cell("progress", Show::Progress, "c.dialled || '/' || c.total"),
        cell("dialled", Show::Plain, "c.dialled || '/' || c.total"),
        cell("rate", Show::Rate, "c.answered || '/' || c.dialled"),
        cell("creator", Show::Plain, "s.name"),
    ],
    filters: &[
        ("name", By::Like(&["c.name"])),
        ("script", By::Is("c.script_id")),
        ("status", By::Is("c.status")),
        ("created_from", By::From("c.created")),
        ("created_to", By::To("c.created")),
    ],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("script", Show::Plain, "c.script_id"),
        cell("trunk", Show::Plain, "c.trunk_id"),
        cell("project", Show::Plain, "c.project"),
        cell("sync_customers", Show::Flag, "c.sync_customers"),
        cell("run", Show::Plain, RUN),
        cell("rest", Show::Plain, REST),
        cell("ring_s", Show::Plain, "c.ring_s"),
        cell("channels", Show::Plain, "c.channels"),
        cell("number_group", Show::Plain, "c.number_group"),
        cell("weekdays", Show::Plain, "c.weekdays"),
        cell("spans", Show::Plain, "c.spans"),
        cell("holidays", Show::Plain, "c.holidays"),
        cell("attempts", Show::Plain, "c.attempts"),
        cell("wait_busy", Show::Plain, "c.wait_busy"),
        cell("wait_no_answer", Show::Plain, "c.wait_no_answer"),
        cell("wait_unreachable", Show::Plain, "c.wait_unreachable"),
        cell("wait_line", Show::Plain, "c.wait_line"),
        cell("gap", Show::Plain, "c.gap"),
        cell("redial_also", Show::Plain, "c.redial_also"),
        cell("best_hour", Show::Flag, "c.best_hour"),
        cell("pacing", Show::Plain, "c.pacing"),
        cell("ratio", Show::Plain, "printf('%d.%d', c.ratio_tenths / 10, c.ratio_tenths % 10)"),
        cell("cap", Show::Plain, "rtrim(rtrim(printf('%d.%02d', c.cap_bp / 100, c.cap_bp % 100), '0'), '.')"),
        cell("clock", Show::Plain, "c.abandon_clock"),
        cell("agent_group", Show::Plain, "c.agent_group"),
        cell("weight", Show::Plain, "c.weight"),
    ],
    fact: "c.status",
    allows,
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

pub const RUN: &str = "printf('%02d:%02d~%02d:%02d', c.run_from / 60, c.run_from % 60, c.run_to / 60, c.run_to % 60)";
pub const REST: &str =
    "printf('%02d:%02d~%02d:%02d', c.rest_from / 60, c.rest_from % 60, c.rest_to / 60, c.rest_to % 60)";

/// Buttons by status (F31, F33): redial only of a finished campaign (D3).
pub fn allows(status: &str, action: &str) -> bool {
    match action {
        "start" => matches!(status, "ready" | "paused"),
        "pause" => status == "running",
        "redial" => status == "finished",
        "delete" => status != "running",
        _ => true,
    }
}

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let columns = columns(tx, who, values)?;
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "campaign", who.company.0, id, &columns), name)?;
            id
        }
        None => form::unique(form::insert(tx, "campaign", &with_owner(columns, who, values)), name)?,
    };
    may_go_on(tx, who, id)?;
    let setting = Setting::Campaign(cfg::campaign(tx, id)?);
    Ok(Saved { id, after: vec![After::Setting(Box::new(setting))] })
}

/// A running task is not edited into what could not be started: the engine would pause it.
pub fn may_go_on(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<()> {
    let sql = "SELECT c.status = 'running' AND c.pacing <> 'preview', c.pacing IN ('power', 'predictive'),
                      coalesce(p.to_agent, -1), o.abandon_prompt IS NOT NULL
               FROM campaign c JOIN company o ON o.id = c.company_id LEFT JOIN script p ON p.id = c.script_id
               WHERE c.id = ?1 AND c.company_id = ?2";
    let (dials, ahead, to_agent, notice): (bool, bool, i64, bool) =
        tx.query_row(sql, params![id, who.company.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let code = match (dials, to_agent) {
        (false, _) => return Ok(()),
        (true, -1) => "campaign.no_script",
        (true, 0) => "campaign.script_without_agent",
        (true, _) if ahead && !notice => "campaign.no_abandon_notice",
        (true, _) => return Ok(()),
    };
    Err(Refusal::new(code).into())
}

pub fn columns(tx: &Transaction<'_>, who: &Who, values: &Values) -> Answer<Vec<(&'static str, Value)>> {
    let mut out = Vec::new();
    if let Some(name) = form::text_value(values, "name") {
        out.push(("name", name));
    }
    if let Some(project) = form::text_value(values, "project") {
        customers::known(tx, who, values)?;
        out.push(("project", project));
    }
    for (field, column, table) in [("script", "script_id", "script"), ("trunk", "trunk_id", "trunk")] {
        if let Some(id) = form::int(values, field) {
            theirs(tx, who, table, id)?;
            out.push((column, Value::Integer(id)));
        }
    }
    for (field, from, to) in [("run", "run_from", "run_to"), ("rest", "rest_from", "rest_to")] {
        if let Some((a, b)) = values.get(field).and_then(|text| form::span(text)) {
            if field == "run" && empty(a, b) {
                return Err(Refusal::new("campaign.no_hours").into());
            }
            out.push((from, Value::Integer(a.into())));
            out.push((to, Value::Integer(b.into())));
        }
    }
    if let Some(text) = values.get("spans") {
        let spans = spans::parse(text).ok_or_else(|| form::bad(&PAGE, "field", "spans", who.lang))?;
        out.push(("spans", Value::Text(spans::text(&spans))));
    }
    out.extend(redial_columns(&PAGE, who, values)?);
    out.extend(pacing(who, values)?);
    for (field, table) in [("number_group", "number_group"), ("agent_group", "agent_group")] {
        if values.contains_key(field) {
            let group = form::int(values, field);
            if let Some(group) = group {
                theirs(tx, who, table, group)?;
            }
            out.push((field, group.map_or(Value::Null, Value::Integer)));
        }
    }
    Ok(out)
}

/// What a task and 高级配置 have in common.
pub fn redial_columns(page: &Page, who: &Who, values: &Values) -> Answer<Vec<(&'static str, Value)>> {
    /// Minutes: a week.
    const LONGEST: i64 = 10_080;
    const NUMBERS: [(&str, i64, i64); 8] = [
        // At least 15 s of ringing (docs/rules.md).
        ("ring_s", 15, 120),
        ("channels", 0, 1000),
        ("attempts", 1, 10),
        ("wait_busy", 0, LONGEST),
        ("wait_no_answer", 0, LONGEST),
        ("wait_unreachable", 0, LONGEST),
        ("wait_line", 0, LONGEST),
        ("gap", 0, LONGEST),
    ];
    let mut out = Vec::new();
    for (field, least, most) in NUMBERS {
        let number = form::within(page, values, field, least, most, who.lang)?;
        out.extend(number.map(|number| (field, Value::Integer(number))));
    }
    for field in ["weekdays", "holidays", "redial_also"] {
        out.extend(form::text_value(values, field).map(|text| (field, text)));
    }
    out.extend(form::bit(values, "best_hour").map(|bit| ("best_hour", bit)));
    Ok(out)
}

/// Calls for each free agent from 1.0 to 5.0, the abandon cap up to 10 %.
fn pacing(who: &Who, values: &Values) -> Answer<Vec<(&'static str, Value)>> {
    let mut out: Vec<_> = form::text_value(values, "pacing").map(|mode| ("pacing", mode)).into_iter().collect();
    out.extend(form::text_value(values, "clock").map(|clock| ("abandon_clock", clock)));
    out.extend(number(who, values, "ratio", 10, (10, 50))?.map(|n| ("ratio_tenths", Value::Integer(n))));
    out.extend(cap(who, values)?.map(|n| ("cap_bp", Value::Integer(n.into()))));
    out.extend(form::within(&PAGE, values, "weight", 1, 10, who.lang)?.map(|n| ("weight", Value::Integer(n))));
    Ok(out)
}

/// The abandon cap in hundredths of a percent, where it is said.
pub fn cap(who: &Who, values: &Values) -> Answer<Option<u32>> {
    Ok(number(who, values, "cap", 100, (0, 1_000))?.and_then(|n| n.try_into().ok()))
}

fn number(who: &Who, values: &Values, field: &str, parts: i64, bounds: (i64, i64)) -> Answer<Option<i64>> {
    let Some(text) = values.get(field).filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = decimal(text, parts).filter(|n| (bounds.0..=bounds.1).contains(n));
    found.map(Some).ok_or_else(|| {
        let refusal = Refusal::new("field.range").with("field", form::title(&PAGE, "field", field, who.lang));
        refusal.with("min", bounds.0 / parts).with("max", bounds.1 / parts).into()
    })
}

/// "2.5" in so many parts of one, exactly: no more digits than `parts` has noughts.
fn decimal(text: &str, parts: i64) -> Option<i64> {
    let (whole, rest) =
        text.trim().trim_end_matches('%').split_once('.').unwrap_or((text.trim().trim_end_matches('%'), ""));
    let digits = parts.ilog10() as usize;
    if rest.len() > digits || !rest.chars().chain(whole.chars()).all(|c| c.is_ascii_digit()) || whole.len() > 4 {
        return None;
    }
    let rest: i64 = format!("{rest:0<digits$}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * parts + rest)
}

/// Equal ends hold no minute (calendar::inside), so such a campaign could never dial; as a rest they mean none.
fn empty(from: u16, to: u16) -> bool {
    from == to || (from, to) == (1440, 0)
}

pub fn with_owner(mut columns: Vec<(&'static str, Value)>, who: &Who, values: &Values) -> Vec<(&'static str, Value)> {
    columns.push(("company_id", Value::Integer(who.company.0)));
    columns.push(("creator_id", Value::Integer(who.seat.0)));
    columns.push(("created", Value::Integer(now())));
    columns.extend(form::bit(values, "sync_customers").map(|bit| ("sync_customers", bit)));
    columns
}

fn theirs(tx: &Transaction<'_>, who: &Who, table: &str, id: i64) -> Answer<()> {
    let sql = format!("SELECT count(*) FROM {table} WHERE id = ?1 AND company_id = ?2");
    let found: i64 = tx.query_row(&sql, params![id, who.company.0], |row| row.get(0))?;
    match found {
        0 => Err(Refusal::new("row.unknown").into()),
        _ => Ok(()),
    }
}

/// Once the engine has let go of it. Call records and recordings stay (F32).
pub fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::update(tx, "campaign", who.company.0, id, &[("deleted", Value::Integer(now()))])?;
    let gone = Setting::CampaignGone { campaign: CampaignId(id) };
    Ok(Saved { id, after: vec![After::Setting(Box::new(gone))] })
}
