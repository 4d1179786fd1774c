//! 呼叫统计 (F49): sums that store/report.rs keeps of a task's days.

use crate::desk::{
    Answer, Who,
    cell::{Show, cell},
    query::{By, Owner, Source},
};
use hutong_api::{
    CallResult, CallState, Lang, Micro, Refusal,
    board::rate_text,
    catalogue::pages::call_report::PAGE,
    texts::{fill, text},
};
use rusqlite::{Connection, params};

pub static SOURCE: Source = Source {
    time: Some("c.at"),
    from: "call_day c JOIN campaign k ON k.id = c.campaign_id",
    owner: Some(Owner { within: "k.creator_id IN ({})", own: "k.creator_id" }),
    cells: &[
        cell("day", Show::Plain, "c.day"),
        cell("campaign", Show::Plain, "k.name"),
        cell("calls", Show::Plain, "c.calls"),
        cell("answered", Show::Plain, "c.answered"),
        cell("rate", Show::Rate, "c.answered || '/' || c.calls"),
        cell("to_agent", Show::Plain, "c.to_agent"),
        cell("abandoned", Show::Plain, "c.abandoned"),
        cell("abandon_rate", Show::Rate, "c.abandoned || '/' || c.answered"),
        // Halves of a second go up; of no call it is nothing.
        cell("ring", Show::Duration, "(c.ring_ms + c.calls * 500) / (c.calls * 1000)"),
        cell("talk", Show::Duration, "(c.talk_s * 2 + c.to_agent) / (c.to_agent * 2)"),
        cell("wait", Show::Duration, "(c.wait_ms + c.to_agent * 500) / (c.to_agent * 1000)"),
        cell("charge", Show::Money, "c.charge"),
    ],
    filters: &[("campaign", By::Is("c.campaign_id")), ("from", By::From("c.at")), ("to", By::To("c.at"))],
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.call_report.note").to_owned()]),
    ..Source::of(&PAGE)
};

/// Calls that did not reach an agent, of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub state: CallState,
    pub result: CallResult,
    pub sip: Option<u16>,
    pub calls: u32,
}

impl Cause {
    /// 呼损 and the like are answered calls: their result says more than their state.
    pub fn title(&self, lang: Lang) -> &'static str {
        if self.state == CallState::Answered || self.result == CallResult::Interrupted {
            self.result.text(lang)
        } else {
            self.state.text(lang)
        }
    }
}

/// The causes of days that fit `which` (SQL over `call_day c`, one parameter), the commonest first.
pub fn causes(conn: &Connection, which: &str, of: &str) -> Answer<Vec<Cause>> {
    let sql = format!(
        "SELECT x.state, x.result, nullif(x.sip, 0), sum(x.calls) FROM call_day c JOIN call_cause x ON x.day_id = c.id
         WHERE {which} GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 3"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let rows = statement.query_map([of], |row| {
        Ok(Cause {
            state: CallState::parse(&row.get::<_, String>(0)?).unwrap_or(CallState::NotCalled),
            result: CallResult::parse(&row.get::<_, String>(1)?).unwrap_or(CallResult::NotConnected),
            sip: row.get(2)?,
            calls: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls and answers by the company's hour, 24 each.
pub fn hours(conn: &Connection, which: &str, of: &str) -> Answer<(Vec<u32>, Vec<u32>)> {
    let sql = format!(
        "SELECT h.hour, sum(h.calls), sum(h.answered) FROM call_day c JOIN call_hour h ON h.day_id = c.id
         WHERE {which} GROUP BY 1"
    );
    let (mut calls, mut answered) = (vec![0; 24], vec![0; 24]);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([of])?;
    while let Some(row) = rows.next()? {
        let hour = usize::from(row.get::<_, u8>(0)?).min(23);
        (calls[hour], answered[hour]) = (row.get(1)?, row.get(2)?);
    }
    Ok((calls, answered))
}

/// 原因与时段 of these rows together, as lines of text. Refused unless every one is within reach.
pub fn detail(conn: &Connection, who: &Who, ids: &[i64]) -> Answer<String> {
    if ids.is_empty() {
        return Err(Refusal::new("request.bad").into());
    }
    for id in ids {
        SOURCE.fact(conn, who, *id)?;
    }
    let of = serde_json::to_string(ids).unwrap_or_default();
    let which = "c.id IN (SELECT value FROM json_each(?1))";
    let key = |name: &str| format!("catalogue.call_report.{name}");
    let mut lines = vec![sums(conn, who, &of)?];
    let causes = causes(conn, which, &of)?;
    let failed: u32 = causes.iter().map(|cause| cause.calls).sum();
    if failed > 0 {
        lines.extend([String::new(), text(who.lang, &key("causes")).to_owned()]);
    }
    lines.extend(causes.iter().map(|cause| {
        let sip = cause.sip.map_or_else(String::new, |sip| format!(" SIP {sip}"));
        let (calls, share) = (cause.calls.to_string(), rate_text(cause.calls, failed));
        let args = [("title", cause.title(who.lang)), ("sip", &sip), ("calls", &calls), ("share", &share)];
        fill(who.lang, &key("cause"), &args)
    }));
    lines.extend([String::new(), text(who.lang, &key("hours")).to_owned()]);
    let (calls, answered) = hours(conn, which, &of)?;
    for hour in (0..24).filter(|hour| calls[*hour] > 0) {
        let (all, part) = (calls[hour], answered[hour]);
        let texts = [hour.to_string(), all.to_string(), part.to_string(), rate_text(part, all)];
        let args = ["hour", "calls", "answered", "rate"].into_iter().zip(texts.iter().map(String::as_str));
        lines.push(fill(who.lang, &key("hour"), &args.collect::<Vec<_>>()));
    }
    Ok(lines.join("\n"))
}

fn sums(conn: &Connection, who: &Who, of: &str) -> Answer<String> {
    let sql = "SELECT count(*), sum(calls), sum(answered), sum(to_agent), sum(abandoned), sum(charge) FROM call_day c
               WHERE c.id IN (SELECT value FROM json_each(?1))";
    let [days, calls, answered, to_agent, abandoned, charge] = conn.query_row(sql, params![of], |row| {
        let mut sums = [0_i64; 6];
        for (at, sum) in sums.iter_mut().enumerate() {
            *sum = row.get(at)?;
        }
        Ok(sums)
    })?;
    let rate = |part: i64, all: i64| rate_text(part.try_into().unwrap_or(u32::MAX), all.try_into().unwrap_or(u32::MAX));
    let args = [
        ("days", days.to_string()),
        ("calls", calls.to_string()),
        ("answered", answered.to_string()),
        ("rate", rate(answered, calls)),
        ("to_agent", to_agent.to_string()),
        ("abandoned", abandoned.to_string()),
        ("abandon_rate", rate(abandoned, answered)),
        ("charge", Micro(charge).to_string()),
    ];
    let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Ok(fill(who.lang, "catalogue.call_report.sums", &args))
}
