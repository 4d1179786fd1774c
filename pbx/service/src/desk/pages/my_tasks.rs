//! 预览式外呼 → 我的任务 (F59–F66).

use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    preview,
    query::{By, Owner, Source},
};
use hutong_api::{CampaignId, Refusal, catalogue::pages::my_tasks::PAGE, texts::fill};
use rusqlite::{Connection, Transaction, params};

pub static SOURCE: Source = Source {
    from: "lead c JOIN campaign k ON k.id = c.campaign_id JOIN batch b ON b.id = c.batch_id \
           LEFT JOIN cdr d ON d.call_id = c.last_call LEFT JOIN seat s ON s.id = c.seat_id",
    keep: "c.seat_id IS NOT NULL AND k.deleted IS NULL AND k.pacing = 'preview' AND b.state = 'visible'",
    owner: Some(Owner { within: "c.seat_id IN ({})", own: "c.seat_id" }),
    cells: &[
        cell("campaign", Show::Plain, "k.name"),
        cell("phone", Show::Phone, "c.phone"),
        cell("name", Show::Text, "c.name"),
        cell("state", Show::Call("state"), "c.state"),
        cell("called", Show::Time, "d.started"),
        cell("caller", Show::Plain, "d.caller"),
        cell("sip", Show::Plain, "d.sip"),
        cell("talk", Show::Duration, "d.talk_s"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
    ],
    filters: &[
        ("campaign", By::Is("c.campaign_id")),
        ("state", By::Is("c.state")),
        ("phone", By::Phone { of: &["c.phone"], or: &[] }),
        ("seat", By::Is("c.seat_id")),
    ],
    fact: "c.phase",
    allows: |phase, _| phase == "waiting",
    tool,
    notes,
    ..Source::of(&PAGE)
};

/// 导入 and 失败重呼; 下一个 dials, so it is the face's.
fn tool(tx: &Transaction<'_>, who: &Who, action: &str, args: &Values) -> Answer<Saved> {
    let campaign = CampaignId(form::int(args, "campaign").unwrap_or_default());
    super::preview_tasks::SOURCE.fact(tx, who, campaign.0)?;
    match action {
        "paste" => {
            let pasted = preview::paste(tx, who, campaign, args.get("numbers").map_or("", String::as_str))?;
            let said = After::Said(pasted.told(who.lang));
            Ok(Saved { id: 0, after: vec![After::Leads { campaign, added: pasted.added }, said] })
        }
        "redial" => {
            let leads = preview::again(tx, who, campaign)?;
            let said = fill(who.lang, "catalogue.my_tasks.again", &[("count", &leads.to_string())]);
            Ok(Saved { id: 0, after: vec![After::LeadsAgain { campaign, leads }, After::Said(said)] })
        }
        _ => Err(Refusal::new("page.no_action").into()),
    }
}

/// 执行进度: all that are his, those not called yet, and those that anybody of his tasks may take.
fn notes(conn: &Connection, who: &Who) -> Answer<Vec<String>> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE c.phase = 'waiting'),
                 (SELECT count(*) FROM campaign_seat m JOIN lead f ON f.campaign_id = m.campaign_id AND f.seat_id IS NULL AND f.phase = 'waiting'
                    JOIN campaign t ON t.id = m.campaign_id AND t.pacing = 'preview' AND t.deleted IS NULL WHERE m.seat_id = ?2)
               FROM lead c JOIN campaign k ON k.id = c.campaign_id
               WHERE c.company_id = ?1 AND c.seat_id = ?2 AND k.pacing = 'preview' AND k.deleted IS NULL";
    let (all, left, free): (i64, i64, i64) = conn
        .prepare_cached(sql)?
        .query_row(params![who.company.0, who.seat.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let args = [("all", all.to_string()), ("left", left.to_string()), ("free", free.to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(key, value)| (*key, value.as_str())).collect();
    Ok(vec![fill(who.lang, "catalogue.my_tasks.progress", &args)])
}
