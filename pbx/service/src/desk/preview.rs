//! The numbers of preview tasks: added by hand, dealt to their seats, taken by one seat each, and given back.

use super::{Answer, Who, import, now, unknown};
use crate::store::{StoreError, leads};
use csv::StringRecord;
use hutong_api::{
    BatchId, CampaignId, Lang, Phone, Refusal,
    texts::{fill, text as text_of},
};
use hutong_core::{call::cause, import::clean, io::HopperLead};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Lines of one 快捷导入; more come as a file.
const MOST_LINES: usize = 2_000;
/// Between a number and the name behind it.
const SEPARATORS: [char; 5] = [',', '，', '\t', ';', '；'];
/// Rows dealt in one transaction.
const CHUNK: u32 = 500;

/// What became of pasted numbers: each line is one of these.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Pasted {
    pub added: u32,
    pub duplicate: u32,
    pub blocked: u32,
    pub bad: u32,
}

impl Pasted {
    pub fn told(self, lang: Lang) -> String {
        let Pasted { added, duplicate, blocked, bad } = self;
        let counts = [("added", added), ("duplicate", duplicate), ("blocked", blocked), ("bad", bad)];
        let counts: Vec<_> = counts.iter().map(|(key, count)| (*key, count.to_string())).collect();
        let counts: Vec<_> = counts.iter().map(|(key, count)| (*key, count.as_str())).collect();
        fill(lang, "catalogue.preview_tasks.pasted", &counts)
    }
}

/// 快捷导入 (F54): a number a line, a name behind it where there is one. 自动去重 and 黑名单过滤 hold, and say what they left out.
pub fn paste(tx: &Transaction<'_>, who: &Who, campaign: CampaignId, text: &str) -> Answer<Pasted> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_LINES {
        return Err(Refusal::new("setting.too_many_lines").with("max", MOST_LINES).into());
    }
    let batch = new_batch(tx, who, campaign, text_of(who.lang, "catalogue.preview_tasks.field.numbers"))?;
    let mut pasted = Pasted::default();
    for (at, line) in (1..).zip(lines) {
        let cut = line.find(SEPARATORS).unwrap_or(line.len());
        let name = line[cut..].trim_start_matches(SEPARATORS).trim();
        let (kind, count, refusal) = match clean(&line[..cut]) {
            Err(bad) => ("bad", &mut pasted.bad, bad.refusal()),
            Ok(phone) => match add(tx, who, campaign, batch, &phone, name)? {
                Fate::Added => {
                    pasted.added += 1;
                    continue;
                }
                Fate::Duplicate => ("duplicate", &mut pasted.duplicate, Refusal::new("import.in_campaign")),
                Fate::Blocked => ("blocked", &mut pasted.blocked, Refusal::new("import.blocked")),
            },
        };
        *count += 1;
        // As of a file: what was left out can be had back with its reason.
        import::reject(tx, (who.company, BatchId(batch), b','), (at, &StringRecord::from(vec![line])), kind, &refusal)?;
    }
    let sql = "UPDATE batch SET rows = ?2, added = ?3, duplicate = ?4, blocked = ?5, bad = ?6 WHERE id = ?1";
    let Pasted { added, duplicate, blocked, bad } = pasted;
    tx.execute(sql, params![batch, added + duplicate + blocked + bad, added, duplicate, blocked, bad])?;
    while deal(tx, campaign)? {}
    Ok(pasted)
}

/// 客户列表导入 (F54): one customer's number into a task.
pub fn add_customer(tx: &Transaction<'_>, who: &Who, campaign: CampaignId, customer: i64) -> Answer<()> {
    let sql = "SELECT coalesce(nullif(mobile, ''), landline), name FROM customer WHERE id = ?1 AND company_id = ?2";
    let (phone, name): (String, String) =
        tx.query_row(sql, params![customer, who.company.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let phone = Phone::from_digits(&phone).ok_or_else(|| Refusal::new("number.bad").with("number", ""))?;
    let batch = batch_of_customers(tx, who, campaign)?;
    match add(tx, who, campaign, batch, &phone, &name)? {
        Fate::Added => {
            tx.execute("UPDATE batch SET rows = rows + 1, added = added + 1 WHERE id = ?1", [batch])?;
            deal(tx, campaign)?;
            Ok(())
        }
        Fate::Duplicate => Err(Refusal::new("import.in_campaign").into()),
        Fate::Blocked => Err(Refusal::new("number.blocked").into()),
    }
}

#[derive(Clone, Copy)]
enum Fate {
    Added,
    Duplicate,
    Blocked,
}

/// Customers put into a task one by one are one batch of a task, a person and a day.
fn batch_of_customers(tx: &Transaction<'_>, who: &Who, campaign: CampaignId) -> Answer<i64> {
    let name = text_of(who.lang, "catalogue.customers.action.preview");
    let sql = "SELECT id FROM batch WHERE campaign_id = ?1 AND seat_id = ?2 AND state = 'visible' AND file_name = ?3 AND created > ?4";
    let day = now() - 86_400_000;
    match tx.query_row(sql, params![campaign.0, who.seat.0, name, day], |row| row.get(0)).optional()? {
        Some(id) => Ok(id),
        None => new_batch(tx, who, campaign, name),
    }
}

fn new_batch(tx: &Transaction<'_>, who: &Who, campaign: CampaignId, name: &str) -> Answer<i64> {
    let sql = "INSERT INTO batch (company_id, page, campaign_id, state, file_name, seat_id, created)
               VALUES (?1, 'campaigns', ?2, 'visible', ?3, ?4, ?5)";
    tx.execute(sql, params![who.company.0, campaign.0, name, who.seat.0, now()])?;
    Ok(tx.last_insert_rowid())
}

fn add(
    tx: &Transaction<'_>,
    who: &Who,
    campaign: CampaignId,
    batch: i64,
    phone: &Phone,
    name: &str,
) -> Result<Fate, StoreError> {
    if import::is_blocked(tx, who.company, phone)? {
        return Ok(Fate::Blocked);
    }
    if import::in_campaign(tx, campaign, phone)? {
        return Ok(Fate::Duplicate);
    }
    let sql = "INSERT INTO lead (company_id, campaign_id, batch_id, phone, name) VALUES (?1, ?2, ?3, ?4, ?5)";
    let name: String = name.chars().take(60).collect();
    let lead = tx.prepare_cached(sql)?.insert(params![who.company.0, campaign.0, batch, phone.as_str(), name])?;
    let sql = "INSERT INTO lead_phone (campaign_id, phone, company_id, lead_id) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute(params![campaign.0, phone.as_str(), who.company.0, lead])?;
    Ok(Fate::Added)
}

/// Deals some of a task's numbers that are nobody's to its seats, those with the fewest first; true while there may be more. A task
/// whose seats take them one by one is dealt nothing.
pub fn deal(tx: &Transaction<'_>, campaign: CampaignId) -> Result<bool, StoreError> {
    let seats =
        "SELECT m.seat_id, (SELECT count(*) FROM lead l WHERE l.seat_id = m.seat_id AND l.campaign_id = m.campaign_id)
                 FROM campaign_seat m JOIN campaign c ON c.id = m.campaign_id
                 WHERE m.campaign_id = ?1 AND c.pacing = 'preview' AND c.share = 'share_evenly' ORDER BY 2, 1";
    let mut statement = tx.prepare_cached(seats)?;
    let found = statement.query_map([campaign.0], |row| Ok((row.get::<_, i64>(1)?, row.get::<_, i64>(0)?)))?;
    let mut seats: std::collections::BTreeSet<(i64, i64)> = found.collect::<Result<_, _>>()?;
    if seats.is_empty() {
        return Ok(false);
    }
    let sql = "SELECT l.id FROM lead l JOIN batch b ON b.id = l.batch_id
               WHERE l.campaign_id = ?1 AND l.seat_id IS NULL AND b.state = 'visible' ORDER BY l.id LIMIT ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let free = statement.query_map(params![campaign.0, CHUNK], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for lead in &free {
        let Some((count, seat)) = seats.pop_first() else { break };
        tx.prepare_cached("UPDATE lead SET seat_id = ?2 WHERE id = ?1")?.execute(params![lead, seat])?;
        seats.insert((count + 1, seat));
    }
    Ok(free.len() == CHUNK as usize)
}

/// A number that a seat may dial now: its own, or one that was nobody's and is its own from here on.
#[derive(Debug)]
pub struct Claimed {
    pub campaign: CampaignId,
    pub row: HopperLead,
    /// It was nobody's before.
    pub pulled: bool,
}

/// 点拨: this row of his.
pub fn claim(tx: &Transaction<'_>, who: &Who, lead: i64) -> Answer<Claimed> {
    let sql = "SELECT l.seat_id, l.phase = 'waiting', coalesce(l.not_before, 0) FROM lead l JOIN campaign c ON c.id = l.campaign_id
               JOIN batch b ON b.id = l.batch_id
               WHERE l.id = ?1 AND l.company_id = ?2 AND c.pacing = 'preview' AND c.deleted IS NULL AND b.state = 'visible'";
    let found: Option<(Option<i64>, bool, i64)> = tx
        .query_row(sql, params![lead, who.company.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    match found {
        Some((Some(seat), true, due)) if seat == who.seat.0 && due <= now() => taken(tx, lead, false),
        Some((Some(seat), true, _)) if seat == who.seat.0 => Err(Refusal::new("number.waits").into()),
        Some((Some(seat), false, _)) if seat == who.seat.0 => Err(Refusal::new("number.taken").into()),
        _ => Err(unknown()),
    }
}

/// 下一个: his next row, else one that is nobody's. Of any number of seats that ask at once each gets another.
pub fn next(tx: &Transaction<'_>, who: &Who, campaign: Option<i64>) -> Answer<Claimed> {
    let due =
        "l.phase = 'waiting' AND coalesce(l.not_before, 0) <= ?3 AND c.pacing = 'preview' AND c.status = 'running'
               AND c.deleted IS NULL AND b.state = 'visible' AND (?4 IS NULL OR c.id = ?4)";
    let own = format!(
        "SELECT l.id FROM lead l JOIN campaign c ON c.id = l.campaign_id JOIN batch b ON b.id = l.batch_id
         WHERE l.seat_id = ?2 AND l.company_id = ?1 AND {due} ORDER BY l.id LIMIT 1"
    );
    let nobodys = format!(
        "SELECT l.id FROM campaign_seat m JOIN campaign c ON c.id = m.campaign_id JOIN lead l ON l.campaign_id = c.id
         JOIN batch b ON b.id = l.batch_id
         WHERE m.seat_id = ?2 AND m.company_id = ?1 AND l.seat_id IS NULL AND {due} ORDER BY l.id LIMIT 1"
    );
    let find = |sql: &str| {
        tx.prepare_cached(sql)?
            .query_row(params![who.company.0, who.seat.0, now(), campaign], |row| row.get::<_, i64>(0))
            .optional()
    };
    if let Some(lead) = find(&own)? {
        return taken(tx, lead, false);
    }
    let Some(lead) = find(&nobodys)? else { return Err(Refusal::new("number.none_left").into()) };
    tx.execute("UPDATE lead SET seat_id = ?2 WHERE id = ?1", params![lead, who.seat.0])?;
    taken(tx, lead, true)
}

fn taken(tx: &Transaction<'_>, lead: i64, pulled: bool) -> Answer<Claimed> {
    let (campaign, row) = leads::one_lead(tx, lead)?.ok_or_else(unknown)?;
    Ok(Claimed { campaign, row, pulled })
}

/// The dial was refused: what was nobody's is nobody's again.
pub fn give_back(tx: &Transaction<'_>, who: &Who, lead: i64) -> Result<(), StoreError> {
    let sql = "UPDATE lead SET seat_id = NULL WHERE id = ?1 AND seat_id = ?2 AND phase = 'waiting'";
    tx.execute(sql, params![lead, who.seat.0])?;
    Ok(())
}

/// 失败重呼 (F64): his own rows of the task that failed, by the same causes as 任务重呼 (D14).
pub fn again(tx: &Transaction<'_>, who: &Who, campaign: CampaignId) -> Answer<u32> {
    let also = super::cfg::campaign(tx, campaign.0)?.rules.redial.also;
    let states: Vec<&str> = cause::redial_states(&also).iter().map(|state| state.word()).collect();
    let sql = "UPDATE lead SET phase = 'waiting', state = 'not_called', round = round + 1, attempts = 0, bands = 0, why = NULL,
                 not_before = NULL, result = NULL
               WHERE campaign_id = ?1 AND seat_id = ?2 AND phase = 'done' AND state IN (SELECT value FROM json_each(?3))";
    let states = serde_json::to_string(&states).unwrap_or_default();
    Ok(tx.execute(sql, params![campaign.0, who.seat.0, states])? as u32)
}

/// The preview tasks' page of a campaign, where it is one.
pub fn page_of(conn: &Connection, campaign: i64) -> Answer<&'static str> {
    let sql = "SELECT pacing = 'preview' FROM campaign WHERE id = ?1";
    let preview: Option<bool> = conn.query_row(sql, [campaign], |row| row.get(0)).optional()?;
    Ok(if preview.unwrap_or(false) { "preview_tasks" } else { "campaigns" })
}
