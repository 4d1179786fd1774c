//! 预览式外呼 → 任务列表 (F53–F58): a campaign whose numbers its seats dial.

use super::campaigns;
use crate::desk::{
    After, Answer, Reach, Saved, Who,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    preview,
    query::{By, Owner, Source},
};
use hutong_api::{CampaignId, Refusal, catalogue::pages::preview_tasks::PAGE};
use hutong_core::io::Setting;
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "campaign c LEFT JOIN seat s ON s.id = c.creator_id",
    keep: "c.deleted IS NULL AND c.pacing = 'preview'",
    owner: Some(Owner { within: MINE, own: OWN }),
    cells: &[
        cell("id", Show::Plain, "c.id"),
        cell("name", Show::Plain, "c.name"),
        cell("project", Show::Plain, "c.project"),
        cell("seats", Show::Plain, SEATS),
        cell("ring_s", Show::Plain, "c.ring_s"),
        cell("status", Show::Call("campaign"), "c.status"),
        cell("progress", Show::Progress, "c.dialled || '/' || c.total"),
        cell("dialled", Show::Plain, "c.dialled || '/' || c.total"),
        cell("rate", Show::Rate, "c.answered || '/' || c.dialled"),
        cell("creator", Show::Plain, "s.name"),
    ],
    filters: &[
        ("name", By::Like(&["c.name"])),
        ("status", By::Is("c.status")),
        ("created_from", By::From("c.created")),
        ("created_to", By::To("c.created")),
    ],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("project", Show::Plain, "c.project"),
        cell("ring_s", Show::Plain, "c.ring_s"),
        cell("trunk", Show::Plain, "c.trunk_id"),
        cell("numbers", Show::Plain, "''"),
        cell("seats", Show::Plain, "(SELECT group_concat(m.seat_id) FROM campaign_seat m WHERE m.campaign_id = c.id)"),
        cell("share", Show::Plain, "c.share"),
        cell("sync_customers", Show::Flag, "c.sync_customers"),
        cell("run", Show::Plain, campaigns::RUN),
        cell("rest", Show::Plain, campaigns::REST),
        cell("pacing", Show::Plain, "c.pacing"),
        cell("script", Show::Plain, "c.script_id"),
    ],
    fact: "c.status",
    allows: campaigns::allows,
    save,
    act: |tx, who, _, id, _| campaigns::delete(tx, who, id),
    ..Source::of(&PAGE)
};

/// Whose task it is: who made it, and who works it.
const MINE: &str = "c.id IN (SELECT id FROM campaign WHERE creator_id IN ({}) UNION ALL \
    SELECT campaign_id FROM campaign_seat WHERE seat_id IN ({}))";
const OWN: &str = "c.id IN (SELECT id FROM campaign WHERE creator_id = {} UNION ALL \
    SELECT campaign_id FROM campaign_seat WHERE seat_id = {})";
const SEATS: &str = "(SELECT group_concat(t.name || '(' || t.extension || ')', '、') FROM campaign_seat m \
    JOIN seat t ON t.id = m.seat_id WHERE m.campaign_id = c.id)";

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = campaigns::columns(tx, who, values)?;
    columns.extend(form::text_value(values, "share").map(|share| ("share", share)));
    let name = values.get("name").map_or("", String::as_str);
    let seats = seats(tx, who, id.is_none(), values)?;
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "campaign", who.company.0, id, &columns), name)?;
            id
        }
        None => {
            if !columns.iter().any(|(column, _)| *column == "script_id") {
                columns.push(("script_id", Value::Integer(0)));
            }
            form::unique(form::insert(tx, "campaign", &campaigns::with_owner(columns, who, values)), name)?
        }
    };
    if let Some(seats) = seats {
        tx.execute("DELETE FROM campaign_seat WHERE campaign_id = ?1", [id])?;
        for seat in seats {
            let sql = "INSERT INTO campaign_seat (campaign_id, seat_id, company_id) VALUES (?1, ?2, ?3)";
            tx.prepare_cached(sql)?.execute(params![id, seat, who.company.0])?;
        }
    }
    campaigns::may_go_on(tx, who, id)?;
    let mut after = vec![After::Setting(Box::new(Setting::Campaign(cfg::campaign(tx, id)?)))];
    if let Some(text) = values.get("numbers").filter(|text| !text.trim().is_empty()) {
        let pasted = preview::paste(tx, who, CampaignId(id), text)?;
        after.push(After::Leads { campaign: CampaignId(id), added: pasted.added });
        after.push(After::Said(pasted.told(who.lang)));
    }
    Ok(Saved { id, after })
}

/// 本人 where none is chosen; 指定人员 only by who sees more than himself.
fn seats(tx: &Transaction<'_>, who: &Who, new: bool, values: &Values) -> Answer<Option<Vec<i64>>> {
    let chosen = values.get("seats").map(|text| form::ids(text).unwrap_or_default());
    let seats = match chosen {
        None if !new => return Ok(None),
        None => vec![who.seat.0],
        Some(seats) if seats.is_empty() => vec![who.seat.0],
        Some(seats) => seats,
    };
    if who.reach == Reach::Own && seats != [who.seat.0] {
        return Err(Refusal::new("campaign.only_self").into());
    }
    for seat in &seats {
        if *seat != who.seat.0 {
            super::seats::SOURCE.fact(tx, who, *seat)?;
        }
    }
    Ok(Some(seats))
}
