//! Everything the engine starts from, read in one snapshot.

use super::{StoreError, damaged, from_word, leads::phone, limits};
use hutong_api::*;
use hutong_core::{Wall, io::*};
use jiff::{Timestamp, tz::TimeZone};
use rusqlite::{Connection, OptionalExtension, Row, params};

const DAY_MS: i64 = 86_400_000;

pub fn load(conn: &Connection, now_ms: i64) -> Result<Boot, StoreError> {
    // One snapshot: nothing may be counted in one table and not in the next.
    let tx = conn.unchecked_transaction()?;
    let boot = Boot {
        seed: seed(&tx)?,
        next_call: next_id(&tx, "call_id")?,
        next_leg: next_id(&tx, "leg_id")?,
        companies: companies(&tx, now_ms)?,
        trunks: all(&tx, TRUNKS, trunk)?,
        seats: all(&tx, SEATS, seat)?,
        scripts: all(&tx, SCRIPTS, script)?,
        campaigns: campaigns(&tx, now_ms)?,
        blocklist: all(
            &tx,
            "SELECT company_id, rtrim(phone, '*'), direction, prefix, expires FROM blocklist ORDER BY id",
            block,
        )?,
        attempts: attempts(&tx, now_ms)?,
        shown: shown(&tx, now_ms)?,
        open_calls: all(&tx, OPEN_CALLS, open_call)?,
        open_spans: all(&tx, OPEN_SPANS, span)?,
        last_alive: last_alive(&tx)?,
    };
    drop(tx);
    Ok(boot)
}

fn all<T>(conn: &Connection, sql: &str, read: impl Fn(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| read(row))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn seed(conn: &Connection) -> Result<u64, StoreError> {
    let stored: Option<String> =
        conn.query_row("SELECT value FROM meta WHERE key = 'seed'", [], |row| row.get(0)).optional()?;
    Ok(stored.and_then(|text| text.parse().ok()).unwrap_or_else(rand::random))
}

/// Above every id of open calls and CDRs. Ids rise together, so the newest CDRs hold the highest of both.
fn next_id(conn: &Connection, column: &str) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT max(coalesce((SELECT max({column}) FROM open_call), 0),
                    coalesce((SELECT max({column}) FROM (SELECT {column} FROM cdr ORDER BY call_id DESC LIMIT 10000)), 0)) + 1"
    );
    Ok(conn.query_row(&sql, [], |row| row.get(0))?)
}

const COMPANIES: &str = "SELECT id, code, name, zone, unlimited, hard_stop_lifted, seat_fee_month, cap_minute,
    cap_hour, cap_day, abandon_prompt, demo, EXISTS (SELECT 1 FROM company_rule r WHERE r.company_id = company.id AND r.preview_only),
    balance, owed FROM company ORDER BY id";

fn companies(conn: &Connection, now_ms: i64) -> Result<Vec<CompanyBoot>, StoreError> {
    let read = |row: &Row<'_>| Ok((company(row)?, Micro(row.get(13)?), Micro(row.get(14)?)));
    let mut boots = Vec::new();
    for (mut cfg, balance, owed) in all(conn, COMPANIES, read)? {
        cfg.work = work(conn, cfg.id)?;
        cfg.callers = callers(conn, cfg.id)?;
        cfg.limits = limits::limits(conn, cfg.id)?;
        cfg.groups = agent_groups(conn, cfg.id)?;
        let day = Day::of(&cfg.zone, now_ms);
        let fees_posted_today = fees_posted(conn, cfg.id, &day)?;
        let today = today(conn, cfg.id, &day)?;
        let crews = crews(conn, cfg.id)?;
        boots.push(CompanyBoot { cfg, balance, owed, fees_posted_today, today, crews });
    }
    Ok(boots)
}

fn company(row: &Row<'_>) -> rusqlite::Result<CompanyCfg> {
    Ok(CompanyCfg {
        id: CompanyId(row.get(0)?),
        code: row.get(1)?,
        name: row.get(2)?,
        zone: row.get(3)?,
        unlimited: row.get(4)?,
        hard_stop_lifted: row.get(5)?,
        seat_fee_month: Micro(row.get(6)?),
        caps: [row.get(7)?, row.get(8)?, row.get(9)?],
        abandon_prompt: row.get::<_, Option<i64>>(10)?.map(PromptId),
        demo: row.get(11)?,
        preview_only: row.get(12)?,
        work: WorkCfg::default(),
        callers: CallersCfg::default(),
        limits: LimitsCfg::default(),
        groups: Vec::new(),
    })
}

/// 转坐席配置 of a company.
pub fn agent_groups(conn: &Connection, company: CompanyId) -> Result<Vec<AgentGroup>, StoreError> {
    let sql = "SELECT g.id, (SELECT json_group_array(m.seat_id) FROM agent_group_seat m WHERE m.group_id = g.id)
               FROM agent_group g WHERE g.company_id = ?1 ORDER BY g.id";
    let mut statement = conn.prepare_cached(sql)?;
    let groups = statement.query_map([company.0], |row| {
        let seats: Vec<i64> = serde_json::from_str(&row.get::<_, String>(1)?).map_err(damaged)?;
        Ok(AgentGroup { id: row.get(0)?, seats: seats.into_iter().map(SeatId).collect() })
    })?;
    Ok(groups.collect::<Result<_, _>>()?)
}

fn crews(conn: &Connection, company: CompanyId) -> Result<Vec<(Option<i64>, String)>, StoreError> {
    let mut statement = conn.prepare_cached("SELECT nullif(group_id, 0), learnt FROM crew WHERE company_id = ?1")?;
    let crews = statement.query_map([company.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(crews.collect::<Result<_, _>>()?)
}

/// 呼叫轮询 of a company.
pub fn callers(conn: &Connection, company: CompanyId) -> Result<CallersCfg, StoreError> {
    let mut statement =
        conn.prepare_cached("SELECT id, numbers FROM number_group WHERE company_id = ?1 ORDER BY id")?;
    let groups = statement.query_map([company.0], |row| {
        Ok((row.get(0)?, serde_json::from_str(&row.get::<_, String>(1)?).map_err(damaged)?))
    })?;
    let groups = groups.collect::<Result<_, _>>()?;
    let sql = "SELECT trunk_id, group_id, campaign_id, policy, per_hour, per_day FROM caller_rotation
               WHERE company_id = ?1 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let rules = statement.query_map([company.0], |row| {
        let target = match (row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?) {
            (Some(trunk), _) => CallerTarget::Trunk(TrunkId(trunk)),
            (_, Some(group)) => CallerTarget::Group(group),
            _ => CallerTarget::Campaign(CampaignId(row.get(2)?)),
        };
        Ok(CallerRule { target, policy: from_word(row.get(3)?)?, per_hour: row.get(4)?, per_day: row.get(5)? })
    })?;
    Ok(CallersCfg { groups, rules: rules.collect::<Result<_, _>>()? })
}

/// What tokens of hidden numbers are made with.
pub fn pop_key(conn: &Connection) -> Result<String, StoreError> {
    Ok(conn.query_row("SELECT value FROM meta WHERE key = 'pop_key'", [], |row| row.get(0))?)
}

/// 系统设置 that a company's agents obey.
pub fn work(conn: &Connection, company: CompanyId) -> Result<WorkCfg, StoreError> {
    let mut work = WorkCfg::default();
    let sql = "SELECT department_id, seconds, more_s, must_save, after_failed FROM wrap_setting WHERE company_id = ?1
               ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([company.0])?;
    while let Some(row) = rows.next()? {
        let rule =
            WrapCfg { seconds: row.get(1)?, more_s: row.get(2)?, must_save: row.get(3)?, after_failed: row.get(4)? };
        match row.get::<_, Option<i64>>(0)? {
            Some(department) => work.wrap_of.push((DepartmentId(department), rule)),
            None => work.wrap = rule,
        }
    }
    let sql = "SELECT code, enabled, max_minutes, max_people FROM busy_reason WHERE company_id = ?1 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([company.0], |row| {
        Ok(BusyCfg { code: row.get(0)?, enabled: row.get(1)?, max_minutes: row.get(2)?, max_people: row.get(3)? })
    })?;
    work.busy = rows.collect::<Result<_, _>>()?;
    let sql = "SELECT kind, moment = 'at_answer', url FROM pop_setting WHERE company_id = ?1 ORDER BY id";
    let mut statement = conn.prepare_cached(sql)?;
    let rows = statement.query_map([company.0], |row| {
        Ok(PopCfg { kind: from_word(row.get(0)?)?, at_answer: row.get(1)?, url: row.get(2)? })
    })?;
    work.pops = rows.collect::<Result<_, _>>()?;
    Ok(work)
}

const TRUNKS: &str = "SELECT id, company_id, name, enabled, simulated, channels, cps, increment_s, price, callers
    FROM trunk ORDER BY id";

fn trunk(row: &Row<'_>) -> rusqlite::Result<TrunkCfg> {
    Ok(TrunkCfg {
        id: TrunkId(row.get(0)?),
        company: CompanyId(row.get(1)?),
        name: row.get(2)?,
        enabled: row.get(3)?,
        simulated: row.get(4)?,
        channels: row.get(5)?,
        cps: row.get(6)?,
        increment_s: row.get(7)?,
        price: Micro(row.get(8)?),
        callers: serde_json::from_str(&row.get::<_, String>(9)?).map_err(damaged)?,
    })
}

const SEATS: &str = "SELECT s.id, s.company_id, s.extension, s.name, coalesce(d.name, ''), s.enabled, s.auto_answer,
    s.hide_numbers, s.trunk_id, s.department_id, s.pop_busy,
    (SELECT json_group_array(n.number) FROM number n WHERE n.seat_id = s.id) FROM seat s LEFT JOIN department d ON d.id = s.department_id
    WHERE s.deleted IS NULL ORDER BY s.id";

fn seat(row: &Row<'_>) -> rusqlite::Result<SeatCfg> {
    Ok(SeatCfg {
        id: SeatId(row.get(0)?),
        company: CompanyId(row.get(1)?),
        extension: row.get(2)?,
        name: row.get(3)?,
        department: row.get(4)?,
        enabled: row.get(5)?,
        auto_answer: row.get(6)?,
        hide_numbers: row.get(7)?,
        trunk: row.get::<_, Option<i64>>(8)?.map(TrunkId),
        department_id: row.get::<_, Option<i64>>(9)?.map(DepartmentId),
        pop_busy: row.get(10)?,
        callers: serde_json::from_str(&row.get::<_, String>(11)?).map_err(damaged)?,
    })
}

const SCRIPTS: &str = "SELECT id, company_id, name, greeting, to_agent FROM script ORDER BY id";

fn script(row: &Row<'_>) -> rusqlite::Result<ScriptCfg> {
    Ok(ScriptCfg {
        id: ScriptId(row.get(0)?),
        company: CompanyId(row.get(1)?),
        name: row.get(2)?,
        greeting: row.get::<_, Option<i64>>(3)?.map(PromptId),
        to_agent: row.get(4)?,
    })
}

const CAMPAIGNS: &str = "SELECT c.id, c.company_id, c.name, c.script_id, c.trunk_id, c.run_from, c.run_to, c.rest_from,
    c.rest_to, c.ring_s, c.channels, coalesce(s.name, ''), c.status, c.round, c.dialled, c.answered, c.to_agent,
    c.abandoned, c.number_group, c.pacing, c.ratio_tenths, c.cap_bp, c.abandon_clock, c.weight, c.agent_group, c.learnt,
    {RULES} FROM campaign c LEFT JOIN seat s ON s.id = c.creator_id WHERE c.deleted IS NULL ORDER BY c.id";

/// 总数 is counted anew: an append may have become visible in the last moment of a process whose engine never heard of it.
fn campaigns(conn: &Connection, now_ms: i64) -> Result<Vec<CampaignBoot>, StoreError> {
    let mut boots = all(conn, &CAMPAIGNS.replace("{RULES}", limits::RULES), campaign)?;
    let sql = "SELECT count(*) FROM batch b JOIN lead l ON l.batch_id = b.id
               WHERE b.campaign_id = ?1 AND b.state = 'visible' AND l.phase <> 'closed'";
    let mut count = conn.prepare(sql)?;
    let mut zones = conn.prepare("SELECT zone FROM company WHERE id = ?1")?;
    for boot in &mut boots {
        boot.state.total = count.query_row([boot.cfg.id.0], |row| row.get(0))?;
        let zone: String = zones.query_row([boot.cfg.company.0], |row| row.get(0))?;
        boot.ledger = abandon_ledger(conn, boot.cfg.id, Day::of(&zone, now_ms).from_ms)?;
    }
    Ok(boots)
}

fn campaign(row: &Row<'_>) -> rusqlite::Result<CampaignBoot> {
    let cfg = CampaignCfg {
        id: CampaignId(row.get(0)?),
        company: CompanyId(row.get(1)?),
        name: row.get(2)?,
        script: ScriptId(row.get(3)?),
        trunk: TrunkId(row.get(4)?),
        run: (row.get(5)?, row.get(6)?),
        rest: (row.get(7)?, row.get(8)?),
        ring_s: row.get(9)?,
        channels: row.get(10)?,
        creator: row.get(11)?,
        number_group: row.get(18)?,
        rules: limits::rules(row, 26)?,
        pacing: pacing(row, 19)?,
        group: row.get(24)?,
    };
    let state = CampaignState {
        status: from_word(row.get(12)?)?,
        round: row.get(13)?,
        total: 0,
        dialled: row.get(14)?,
        answered: row.get(15)?,
        to_agent: row.get(16)?,
        abandoned: row.get(17)?,
    };
    Ok(CampaignBoot { cfg, state, learnt: row.get(25)?, ledger: AbandonLedger::default() })
}

/// Mode, ratio, cap, clock and weight from the column `at` on.
pub fn pacing(row: &Row<'_>, at: usize) -> rusqlite::Result<PacingCfg> {
    Ok(PacingCfg {
        mode: from_word(row.get(at)?)?,
        ratio_tenths: row.get(at + 1)?,
        cap_bp: row.get(at + 2)?,
        clock: from_word(row.get(at + 3)?)?,
        weight: row.get(at + 4)?,
    })
}

/// The days that an abandon cap looks back on, today apart (X2).
const LEDGER_DAYS: i64 = 30;

/// Answered calls that were served in time and that were not, today and in the days before.
fn abandon_ledger(conn: &Connection, campaign: CampaignId, midnight: i64) -> Result<AbandonLedger, StoreError> {
    let sql = "SELECT min(started) FILTER (WHERE started >= ?2),
                      count(*) FILTER (WHERE result = 'to_agent' AND started >= ?2),
                      count(*) FILTER (WHERE result = 'abandoned' AND started >= ?2),
                      count(*) FILTER (WHERE result = 'to_agent' AND started < ?2),
                      count(*) FILTER (WHERE result = 'abandoned' AND started < ?2)
               FROM cdr WHERE campaign_id = ?1 AND kind = 'campaign' AND started >= ?2 - ?3";
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement.query_row([campaign.0, midnight, LEDGER_DAYS * 86_400_000], |row| {
        Ok(AbandonLedger {
            first: row.get::<_, Option<i64>>(0)?.map(Wall),
            served: row.get(1)?,
            abandoned: row.get(2)?,
            served_before: row.get(3)?,
            abandoned_before: row.get(4)?,
        })
    })?)
}

fn block(row: &Row<'_>) -> rusqlite::Result<BlockEntry> {
    let outbound = row.get_ref(2)?.as_str()? != "inbound";
    let (company, phone, until) =
        (CompanyId(row.get(0)?), phone(row.get(1)?)?, row.get::<_, Option<i64>>(4)?.map(Wall));
    Ok(BlockEntry { company, phone, outbound, prefix: row.get(3)?, until })
}

/// A call that is still open left the box too, or was about to: for a cap that is the same.
fn attempts(conn: &Connection, now_ms: i64) -> Result<Vec<(CompanyId, Phone, Wall)>, StoreError> {
    let sql = "SELECT company_id, phone, started FROM (
        SELECT d.company_id, d.phone, d.started FROM company c JOIN cdr d ON d.company_id = c.id
        WHERE d.started >= ?1 AND d.result <> 'not_sent'
        UNION ALL SELECT company_id, phone, started FROM open_call WHERE started >= ?1) ORDER BY started";
    let mut statement = conn.prepare(sql)?;
    let rows = statement
        .query_map([now_ms - DAY_MS], |row| Ok((CompanyId(row.get(0)?), phone(row.get(1)?)?, Wall(row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Numbers shown in the last day, for 呼叫轮询.
fn shown(conn: &Connection, now_ms: i64) -> Result<Vec<(CompanyId, String, Wall)>, StoreError> {
    let sql = "SELECT company_id, caller, started FROM (
        SELECT d.company_id, d.caller, d.started FROM company c JOIN cdr d ON d.company_id = c.id WHERE d.started >= ?1
        UNION ALL SELECT company_id, caller, started FROM open_call WHERE started >= ?1) WHERE caller <> '' ORDER BY started";
    let mut statement = conn.prepare(sql)?;
    let rows =
        statement.query_map([now_ms - DAY_MS], |row| Ok((CompanyId(row.get(0)?), row.get(1)?, Wall(row.get(2)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const OPEN_CALLS: &str =
    "SELECT call_id, leg_id, company_id, kind, campaign_id, lead_id, round, trunk_id, seat_id, phone,
    name, caller, started, answered, bridged, proven, held, increment_s, price, tries FROM open_call ORDER BY call_id";

fn open_call(row: &Row<'_>) -> rusqlite::Result<OpenCall> {
    let wall = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Wall));
    Ok(OpenCall {
        call: CallId(row.get(0)?),
        leg: LegId(row.get(1)?),
        company: CompanyId(row.get(2)?),
        kind: from_word(row.get(3)?)?,
        campaign: row.get::<_, Option<i64>>(4)?.map(CampaignId),
        lead: row.get::<_, Option<i64>>(5)?.map(LeadId),
        round: row.get(6)?,
        trunk: TrunkId(row.get(7)?),
        seat: row.get::<_, Option<i64>>(8)?.map(SeatId),
        phone: phone(row.get(9)?)?,
        name: row.get(10)?,
        caller: row.get(11)?,
        started: Wall(row.get(12)?),
        answered: wall(13)?,
        bridged: wall(14)?,
        proven: wall(15)?,
        held: Micro(row.get(16)?),
        increment_s: row.get(17)?,
        price: Micro(row.get(18)?),
        tries: row.get(19)?,
    })
}

const OPEN_SPANS: &str = "SELECT company_id, seat_id, state, reason, started FROM seat_span WHERE ended IS NULL
    ORDER BY seat_id, started";

fn span(row: &Row<'_>) -> rusqlite::Result<Span> {
    Ok(Span {
        company: CompanyId(row.get(0)?),
        seat: SeatId(row.get(1)?),
        state: from_word(row.get(2)?)?,
        reason: row.get(3)?,
        from: Wall(row.get(4)?),
        to: None,
    })
}

/// The latest moment that anything was stored at: the dead process lived at least until then.
fn last_alive(conn: &Connection) -> Result<Option<Wall>, StoreError> {
    let sql = "SELECT max(at) FROM (
        SELECT CAST(value AS INTEGER) AS at FROM meta WHERE key = 'alive'
        UNION ALL SELECT max(started, coalesce(answered, 0), coalesce(bridged, 0), coalesce(proven, 0)) FROM open_call
        UNION ALL SELECT at FROM (SELECT ended AS at FROM cdr ORDER BY call_id DESC LIMIT 1000)
        UNION ALL SELECT at FROM (SELECT at FROM event ORDER BY id DESC LIMIT 1)
        UNION ALL SELECT started FROM seat_span WHERE ended IS NULL)";
    Ok(conn.query_row(sql, [], |row| row.get::<_, Option<i64>>(0))?.map(Wall))
}

/// One local day of a company.
pub struct Day {
    zone: TimeZone,
    pub from_ms: i64,
    /// yyyy-mm-dd, as in the keys of seat fees.
    pub date: String,
}

impl Day {
    /// The day that holds `now_ms` in this zone; an unknown zone counts as Asia/Shanghai, the default.
    pub fn of(zone: &str, now_ms: i64) -> Day {
        let zone = TimeZone::get(zone).or_else(|_| TimeZone::get("Asia/Shanghai")).unwrap_or(TimeZone::UTC);
        let now = Timestamp::from_millisecond(now_ms).unwrap_or_default().to_zoned(zone.clone());
        let midnight = now.start_of_day().map_or(now_ms, |start| start.timestamp().as_millisecond());
        Day { zone, from_ms: midnight, date: now.date().to_string() }
    }

    fn hour(&self, at_ms: i64) -> usize {
        let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
        usize::try_from(self.zone.to_datetime(at).hour()).unwrap_or(0).min(23)
    }
}

fn fees_posted(conn: &Connection, company: CompanyId, day: &Day) -> Result<Vec<SeatId>, StoreError> {
    let sql = "SELECT DISTINCT seat_id FROM ledger WHERE company_id = ?1 AND kind IN ('seat_fee', 'seat_fee_owed')
        AND key IN ('fee:' || seat_id || ':' || ?2, 'owed:' || seat_id || ':' || ?2) AND at >= ?3 ORDER BY seat_id";
    let mut statement = conn.prepare(sql)?;
    // A posting carries its own time: one made shortly before midnight for the next day is found by the margin.
    let rows =
        statement.query_map(params![company.0, day.date, day.from_ms - DAY_MS], |row| Ok(SeatId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn today(conn: &Connection, company: CompanyId, day: &Day) -> Result<TodayBoot, StoreError> {
    let mut today = TodayBoot { dialled_by_hour: vec![0; 24], answered_by_hour: vec![0; 24], ..TodayBoot::default() };
    let sql =
        "SELECT started, answered, result FROM cdr WHERE company_id = ?1 AND started >= ?2 AND result <> 'not_sent'
        UNION ALL SELECT started, answered, CASE WHEN bridged IS NULL THEN '' ELSE 'to_agent' END FROM open_call
        WHERE company_id = ?1 AND started >= ?2";
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query(params![company.0, day.from_ms])?;
    while let Some(row) = rows.next()? {
        let hour = day.hour(row.get(0)?);
        let answered = row.get::<_, Option<i64>>(1)?.is_some();
        today.dialled += 1;
        today.dialled_by_hour[hour] += 1;
        today.answered += u32::from(answered);
        today.answered_by_hour[hour] += u32::from(answered);
        match row.get_ref(2)?.as_str().map_err(|e| StoreError::Other(e.to_string()))? {
            "to_agent" => today.to_agent += 1,
            "abandoned" => today.abandoned += 1,
            _ => {}
        }
    }
    let sql = "SELECT coalesce(sum(amount), 0) FROM ledger WHERE company_id = ?1 AND at >= ?2 AND kind = 'call_charge'";
    today.charged = Micro(conn.query_row(sql, params![company.0, day.from_ms], |row| row.get(0))?);
    let sql = "SELECT l.seat_id, -sum(l.amount) FROM ledger l JOIN cdr d ON d.call_id = l.call_id
        WHERE l.company_id = ?1 AND l.at >= ?2 AND l.kind = 'call_charge' AND l.seat_id IS NOT NULL AND d.kind IN ('outbound', 'preview')
        GROUP BY l.seat_id";
    let mut statement = conn.prepare(sql)?;
    let spent =
        statement.query_map(params![company.0, day.from_ms], |row| Ok((SeatId(row.get(0)?), Micro(row.get(1)?))))?;
    today.by_hand = spent.collect::<Result<_, _>>()?;
    today.seats = seats_today(conn, company, day)?;
    Ok(today)
}

fn seats_today(conn: &Connection, company: CompanyId, day: &Day) -> Result<Vec<(SeatId, u32, u32, u32)>, StoreError> {
    let sql = "SELECT seat_id, sum(calls), sum(talk), sum(wrap) / 1000 FROM (
        SELECT seat_id, 1 AS calls, talk_s AS talk, 0 AS wrap FROM cdr
        WHERE company_id = ?1 AND started >= ?2 AND seat_id IS NOT NULL AND answered IS NOT NULL
        UNION ALL SELECT seat_id, 0, 0, ended - max(started, ?2) FROM seat_span
        WHERE company_id = ?1 AND started >= ?2 - 86400000 AND state = 'wrap_up' AND ended > ?2)
        GROUP BY seat_id ORDER BY seat_id";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map(params![company.0, day.from_ms], |row| {
        Ok((SeatId(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
