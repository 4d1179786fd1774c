//! 试算 (X3) and 预演 (X4): what a task would come to, asked before it is started. Only read here; the engine plays the days.

use super::{
    Answer, Who, cfg,
    form::{self, Values},
    now, page,
    pages::campaigns,
    unknown,
};
use crate::store;
use hutong_api::{
    Lang, Micro, Refusal,
    catalogue::pages::campaigns::PAGE,
    texts::{fill, text},
};
use hutong_core::{
    Wall,
    io::{PacingCfg, PacingMode},
    whatif::{self, Question},
};
use rusqlite::{Connection, OptionalExtension, params};

/// Dials of its own after which a task's answer rate speaks for itself.
const OWN_DIALS: i64 = 50;
/// What is thought of a list nobody has dialled in an office that has not dialled.
const GUESS: f64 = 0.3;
/// Days looked ahead for one on which the task may dial.
const DAYS_AHEAD: i64 = 7;
const DAY_MS: i64 = 86_400_000;
/// Most numbers of a list that are played: a long list is told by the day, not by its end.
const MOST_NUMBERS: u32 = 20_000;

/// Everything an answer needs, and what is said beside it.
#[derive(Debug)]
pub struct Asked {
    question: Question,
    rate: Rate,
    balance: Option<Micro>,
    today: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rate {
    Own,
    Office,
    Guess,
}

pub fn ask(conn: &Connection, who: &Who, id: i64, args: &Values) -> Answer<Asked> {
    page::source("campaigns")?.fact(conn, who, id)?;
    let mut campaign = cfg::campaign(conn, id)?;
    let company = cfg::company(conn, who.company)?;
    if let Some(span) = args.get("run").and_then(|text| form::span(text)) {
        (campaign.run, campaign.rest) = (span, (0, 0));
    }
    campaign.pacing = wished(who, campaign.pacing, args)?;
    let agents = form::within(&PAGE, args, "agents", 1, 200, who.lang)?.unwrap_or(1) as u32;
    let trunk = cfg::trunk(conn, campaign.trunk.0)?;
    let script = cfg::script(conn, campaign.script.0)?;
    // What its start would refuse is no day to play.
    if campaign.pacing.mode.dials_ahead() && company.abandon_prompt.is_none() {
        return Err(Refusal::new("campaign.no_abandon_notice").into());
    }
    if !script.to_agent {
        return Err(Refusal::new("campaign.script_without_agent").into());
    }
    let greeting_s = match script.greeting {
        Some(prompt) => {
            conn.query_row("SELECT length(alaw) / 8000.0 FROM prompt WHERE id = ?1", [prompt.0], |r| r.get(0))?
        }
        None => 0.0,
    };
    let seat = "SELECT id FROM seat WHERE company_id = ?1 AND deleted IS NULL ORDER BY id LIMIT 1";
    let seat: Option<i64> = conn.query_row(seat, [who.company.0], |row| row.get(0)).optional()?;
    let numbers = "SELECT count(*) FROM lead l JOIN batch b ON b.id = l.batch_id
                   WHERE l.campaign_id = ?1 AND l.phase = 'waiting' AND b.state = 'visible'";
    let numbers: u32 = conn.query_row(numbers, [id], |row| row.get(0))?;
    if numbers == 0 {
        return Err(Refusal::new("campaign.empty").into());
    }
    let (answer_rate, rate) = answer_rate(conn, who, id)?;
    let learnt = conn.query_row("SELECT learnt FROM campaign WHERE id = ?1", [id], |row| row.get(0))?;
    let crew = "SELECT learnt FROM crew WHERE company_id = ?1 AND group_id = ?2";
    let group = campaign.group.unwrap_or(0);
    let crew: Option<String> = conn.query_row(crew, params![who.company.0, group], |row| row.get(0)).optional()?;
    let sql = "SELECT CASE WHEN unlimited THEN NULL ELSE balance END FROM company WHERE id = ?1";
    let balance: Option<i64> = conn.query_row(sql, [who.company.0], |row| row.get(0))?;
    let today = store::boot::Day::of(&company.zone, now()).from_ms;
    let seat = cfg::seat(conn, seat.ok_or_else(unknown)?)?;
    let from = Wall(today);
    let question = Question {
        company,
        trunk,
        script,
        campaign,
        seat,
        agents,
        numbers: numbers.min(MOST_NUMBERS),
        from,
        answer_rate,
        greeting_s,
        learnt,
        crew: crew.unwrap_or_default(),
    };
    Ok(Asked { question, rate, balance: balance.map(Micro), today })
}

/// Plays the first day on which the task may dial, and says what came of it.
pub fn answer(mut asked: Asked, lang: Lang) -> String {
    let opens = i64::from(asked.question.campaign.run.0) * 60_000;
    let mut answer = whatif::Answer::default();
    for day in 0..DAYS_AHEAD {
        asked.question.from = Wall(asked.today + day * DAY_MS + opens);
        answer = whatif::answer(&asked.question, 1);
        if answer.dialled > 0.0 || asked.question.numbers == 0 {
            break;
        }
    }
    said(&asked, &answer, lang)
}

fn said(asked: &Asked, answer: &whatif::Answer, lang: Lang) -> String {
    let whole = |n: f64| format!("{n:.0}");
    let percent = |part: f64, all: f64| format!("{:.1}", if all > 0.0 { 100.0 * part / all } else { 0.0 });
    let minutes = (answer.seconds / 60.0).round() as u64;
    let time = format!("{}:{:02}", minutes / 60, minutes % 60);
    let key = |name: &str| format!("catalogue.campaigns.what_if_{name}");
    let mut lines = vec![fill(
        lang,
        &key("said"),
        &[
            ("agents", &asked.question.agents.to_string()),
            ("mode", text(lang, &format!("catalogue.choice.{}", mode(asked.question.campaign.pacing.mode)))),
            ("dialled", &whole(answer.dialled)),
            ("answered", &whole(answer.answered)),
            ("rate", &percent(answer.answered, answer.dialled)),
            ("served", &whole(answer.served)),
            ("busy", &percent(answer.occupancy, 1.0)),
            ("abandoned", &percent(answer.abandon_share(), 1.0)),
            ("time", &time),
            ("cost", &answer.cost.to_string()),
        ],
    )];
    let left = f64::from(asked.question.numbers) - answer.dialled;
    let end = if answer.finished as u64 * 2 > whatif::DAYS { "done" } else { "left" };
    lines.push(fill(lang, &key(end), &[("left", &whole(left.max(0.0)))]));
    if let Some(balance) = asked.balance.filter(|balance| *balance < answer.cost) {
        lines.push(fill(lang, &key("short"), &[("balance", &balance.to_string())]));
    }
    lines.push(
        text(
            lang,
            &key(match asked.rate {
                Rate::Own => "own",
                Rate::Office => "office",
                Rate::Guess => "guess",
            }),
        )
        .to_owned(),
    );
    lines.join("\n")
}

pub const fn mode(mode: PacingMode) -> &'static str {
    match mode {
        PacingMode::Preview => "preview",
        PacingMode::Progressive => "progressive",
        PacingMode::Power => "power",
        PacingMode::Predictive => "predictive",
    }
}

/// The task's own pacing with what is asked otherwise.
fn wished(who: &Who, own: PacingCfg, args: &Values) -> Answer<PacingCfg> {
    let mut pacing = own;
    match args.get("pacing").map(String::as_str) {
        Some("progressive") => pacing.mode = PacingMode::Progressive,
        Some("power") => pacing.mode = PacingMode::Power,
        Some("predictive") => pacing.mode = PacingMode::Predictive,
        _ => {}
    }
    if let Some(cap) = campaigns::cap(who, args)? {
        pacing.cap_bp = cap;
    }
    Ok(pacing)
}

/// The share of dials that were answered: of the task, of the office's last thirty days, or a guess.
fn answer_rate(conn: &Connection, who: &Who, id: i64) -> Answer<(f64, Rate)> {
    let own = "SELECT count(*), count(answered) FROM cdr WHERE campaign_id = ?1 AND result <> 'not_sent'";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let share = |(all, answered): (i64, i64)| (all >= OWN_DIALS).then(|| answered as f64 / all as f64);
    if let Some(rate) = share(conn.query_row(own, [id], read)?) {
        return Ok((rate, Rate::Own));
    }
    let office =
        "SELECT count(*), count(answered) FROM cdr WHERE company_id = ?1 AND started >= ?2 AND result <> 'not_sent'";
    let since = now() - 30 * DAY_MS;
    Ok(match share(conn.query_row(office, params![who.company.0, since], read)?) {
        Some(rate) => (rate, Rate::Office),
        None => (GUESS, Rate::Guess),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::{Fault, sample};

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_task_is_played_as_asked_and_its_own_record_is_not_touched() {
        let conn = sample::database();
        let who = sample::who(1, "admin");
        let asked = |args: &Values| ask(&conn, &who, 1, args);
        let progressive = asked(&values(&[("pacing", "progressive")]));
        assert!(matches!(progressive, Err(Fault::Refused(refusal)) if refusal.code == "campaign.empty"));
        conn.execute_batch(
            "INSERT INTO batch (id, company_id, page, campaign_id, state, file_name, seat_id, created)
               VALUES (61, 1, 'campaigns', 1, 'visible', '', 1, 0);
             WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 80)
             INSERT INTO lead (company_id, campaign_id, batch_id, phone) SELECT 1, 1, 61, printf('0999%08d', i) FROM n;",
        )
        .unwrap();
        let before: String = conn.query_row("SELECT pacing FROM campaign WHERE id = 1", [], |row| row.get(0)).unwrap();
        let args = values(&[("agents", "6"), ("pacing", "predictive"), ("cap", "1"), ("run", "12:00~14:00")]);
        let silent = asked(&args);
        assert!(matches!(silent, Err(Fault::Refused(refusal)) if refusal.code == "campaign.no_abandon_notice"));
        conn.execute_batch("UPDATE company SET abandon_prompt = 1 WHERE id = 1").unwrap();
        let asked = asked(&args).unwrap();
        assert_eq!((asked.question.agents, asked.question.campaign.run), (6, (720, 840)));
        assert_eq!((asked.question.campaign.pacing.cap_bp, asked.rate), (100, Rate::Guess));
        let said = answer(asked, Lang::Zh);
        assert!(said.contains("6 名坐席") && said.contains("预测") && !said.contains("拨打 0 个"), "{said}");
        let after: String = conn.query_row("SELECT pacing FROM campaign WHERE id = 1", [], |row| row.get(0)).unwrap();
        assert_eq!(before, after);
    }

    #[test]
    fn another_companys_task_and_a_foolish_cap_are_refused() {
        let conn = sample::database();
        assert!(ask(&conn, &sample::who(11, "admin"), 1, &values(&[("agents", "2")])).is_err());
        let bad = ask(&conn, &sample::who(1, "admin"), 1, &values(&[("agents", "2"), ("cap", "50")]));
        assert!(matches!(bad, Err(Fault::Refused(refusal)) if refusal.code == "field.range"));
    }
}
