//! 试运行 (X4): which of a task's waiting numbers would be dialled or not and why, what they may cost, how long the money lasts and
//! how many agents they need. Only reads; each number is judged by the engine's own checks.

use super::{
    Answer, Who,
    cell::{Show, time},
    now, page, preview,
};
use crate::store::{self, StoreError, leads};
use hutong_api::{CampaignId, Micro, WhyRule, texts::fill};
use hutong_core::{
    Mono, Now, Wall,
    io::HopperLead,
    whatif::rows::{self, Fate, Hours},
};
use rusqlite::{Connection, params, types::Value};
use std::collections::BTreeMap;

/// Numbers told one by one; those that are not dialled come first.
const MOST_TOLD: usize = 5_000;
/// Share of his time that an agent talks or wraps up, where calls come as they should.
const OCCUPIED: f64 = 0.8;
/// Seconds of a talk with its 话后 where an office has none yet.
const USUAL_TALK_S: f64 = 90.0;

/// What the office's calls so far say of those to come.
struct Past {
    /// Share of dials that were answered.
    answered: f64,
    /// Mean charge of a dialled number, and of an answered one.
    charge: f64,
    charge_answered: f64,
    talk_s: f64,
}

pub fn told(conn: &Connection, who: &Who, id: i64) -> Answer<String> {
    page::source(preview::page_of(conn, id)?)?.fact(conn, who, id)?;
    let campaign = CampaignId(id);
    let at = now();
    let waiting = leads::waiting(conn, campaign)?;
    let boot = store::boot::load(conn, at)?;
    let (hours, fates) = rows::judge(boot, campaign, Now { mono: Mono(0), wall: Wall(at) }, &waiting);
    let mut lines = summary(who, &hours, &fates);
    lines.extend(money(conn, who, id, &fates)?);
    lines.push(String::new());
    lines.push(say(who, "head", &[]));
    lines.extend(each(who, &waiting, &fates));
    Ok(lines.join("\n"))
}

fn say(who: &Who, key: &str, args: &[(&str, String)]) -> String {
    let args: Vec<(&str, &str)> = args.iter().map(|(key, value)| (*key, value.as_str())).collect();
    fill(who.lang, &format!("catalogue.campaigns.dry_{key}"), &args)
}

fn summary(who: &Who, hours: &Hours, fates: &[Fate]) -> Vec<String> {
    let mut by_rule: BTreeMap<(bool, WhyRule), usize> = BTreeMap::new();
    for fate in fates {
        match fate {
            Fate::Dialled => {}
            Fate::Later(_, rule) => *by_rule.entry((true, *rule)).or_default() += 1,
            Fate::Never(rule) => *by_rule.entry((false, *rule)).or_default() += 1,
        }
    }
    let dialled = fates.iter().filter(|fate| **fate == Fate::Dialled).count();
    let mut lines = vec![say(who, "sum", &[("all", fates.len().to_string()), ("dialled", dialled.to_string())])];
    for ((later, rule), count) in by_rule {
        let rule = say(who, &format!("rule_{}", rule.word()), &[]);
        lines.push(say(who, if later { "later" } else { "never" }, &[("count", count.to_string()), ("rule", rule)]));
    }
    if let Some(reason) = hours.closed {
        let reason = fill(who.lang, &reason.key(), &[]);
        lines.push(match hours.opens {
            Some(at) => say(who, "opens", &[("reason", reason), ("at", time(at.0, &who.zone))]),
            None => say(who, "shut", &[("reason", reason)]),
        });
    }
    lines
}

/// Cost, how long the money lasts, and the agents that one day of the task's hours needs.
fn money(conn: &Connection, who: &Who, id: i64, fates: &[Fate]) -> Answer<Vec<String>> {
    let dialled = fates.iter().filter(|fate| !matches!(fate, Fate::Never(_))).count() as f64;
    let Some(past) = past(conn, who, id)? else { return Ok(vec![say(who, "no_past", &[])]) };
    let yuan = |micro: f64| Micro(micro.round() as i64).to_string();
    let (expected, most) = (dialled * past.charge, dialled * past.charge_answered);
    let cost = [("expected", yuan(expected)), ("most", yuan(most)), ("rate", format!("{:.1}", 100.0 * past.answered))];
    let mut lines = vec![say(who, "cost", &cost)];
    let sql = "SELECT CASE WHEN unlimited THEN NULL ELSE balance END FROM company WHERE id = ?1";
    let balance: Option<i64> = conn.query_row(sql, [who.company.0], |row| row.get(0))?;
    if let Some(balance) = balance {
        let balance = balance as f64;
        lines.push(match balance < expected {
            true => {
                say(who, "short", &[("balance", yuan(balance)), ("count", format!("{:.0}", balance / past.charge))])
            }
            false => say(who, "enough", &[("balance", yuan(balance))]),
        });
    }
    let sql = "SELECT (run_to - run_from + 1440) % 1440, CASE WHEN rest_from = rest_to THEN 0 ELSE (rest_to - rest_from + 1440) % 1440 END
               FROM campaign WHERE id = ?1";
    let (run, rest): (f64, f64) = conn.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let open_s = (if run == 0.0 { 1440.0 } else { run } - rest).max(1.0) * 60.0;
    let talk_s = dialled * past.answered * past.talk_s;
    let agents = (talk_s / (open_s * OCCUPIED)).ceil().max(1.0);
    let hours = format!("{:.1}", talk_s / OCCUPIED / 3600.0);
    lines.push(say(
        who,
        "agents",
        &[("agents", format!("{agents:.0}")), ("hours", hours), ("day", format!("{:.1}", open_s / 3600.0))],
    ));
    Ok(lines)
}

/// The task's own calls where there are fifty of them, else the office's; None where there are too few of either.
fn past(conn: &Connection, who: &Who, id: i64) -> Answer<Option<Past>> {
    const ENOUGH: i64 = 50;
    let sql = "SELECT count(*), count(answered), coalesce(sum(charge), 0), coalesce(sum(talk_s), 0), count(bridged)
               FROM cdr WHERE company_id = ?1 AND result <> 'not_sent' AND (?2 IS NULL OR campaign_id = ?2)";
    let ask = |campaign: Option<i64>| -> Result<(i64, i64, i64, i64, i64), StoreError> {
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        Ok(conn.prepare_cached(sql)?.query_row(params![who.company.0, campaign], read)?)
    };
    let own = ask(Some(id))?;
    let (dials, answered, charge, talk_s, talks) = if own.0 >= ENOUGH { own } else { ask(None)? };
    if dials < ENOUGH {
        return Ok(None);
    }
    let share = |part: i64, all: i64, none: f64| if all > 0 { part as f64 / all as f64 } else { none };
    Ok(Some(Past {
        answered: share(answered, dials, 0.0),
        charge: share(charge, dials, 0.0),
        charge_answered: share(charge, answered, 0.0),
        talk_s: share(talk_s, talks, USUAL_TALK_S),
    }))
}

/// A line for each number: 号码, 客户名称, 结果, 原因.
fn each(who: &Who, waiting: &[HopperLead], fates: &[Fate]) -> Vec<String> {
    let mut order: Vec<(bool, usize)> =
        fates.iter().enumerate().map(|(at, fate)| (*fate == Fate::Dialled, at)).collect();
    order.sort_unstable();
    let line = |(_, at): (bool, usize)| {
        let (row, fate) = (&waiting[at], fates[at]);
        let (word, why) = match fate {
            Fate::Dialled => ("will", String::new()),
            Fate::Later(until, rule) => ("waits", format!("{}|||{}", rule.word(), until.0)),
            Fate::Never(rule) => ("not", format!("{}||{}|", rule.word(), now())),
        };
        let phone = Show::Phone.cell(&Value::Text(row.phone.to_string()), who);
        let name = Show::Text.cell(&Value::Text(row.name.replace(',', "，")), who);
        let why = if why.is_empty() { why } else { Show::Why.cell(&Value::Text(why), who) };
        format!("{phone},{name},{},{why}", say(who, word, &[]))
    };
    let mut lines: Vec<String> = order.iter().take(MOST_TOLD).map(|one| line(*one)).collect();
    if order.len() > MOST_TOLD {
        lines.push(say(who, "more", &[("count", (order.len() - MOST_TOLD).to_string())]));
    }
    lines
}
