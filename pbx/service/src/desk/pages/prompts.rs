//! 系统语音 (F109): a prompt, its purpose and its versions. The newest version is what is heard.

use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    query::{By, Source},
    unknown, work,
};
use hutong_api::{Refusal, catalogue::pages::prompts::PAGE};
use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "prompt c LEFT JOIN prompt_version v ON v.prompt_id = c.id AND v.version = c.version",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("purpose", Show::Choice, "c.purpose"),
        cell("file", Show::Plain, "v.file_name"),
        cell("version", Show::Plain, "nullif(c.version, 0)"),
        cell("seconds", Show::Duration, "(v.millis + 999) / 1000"),
        cell("updated", Show::Time, "v.created"),
    ],
    filters: &[("name", By::Like(&["c.name"])), ("purpose", By::Is("c.purpose"))],
    form: &[cell("name", Show::Plain, "c.name"), cell("purpose", Show::Plain, "c.purpose")],
    fact: "CASE WHEN c.version > 0 THEN 'sound' ELSE '' END",
    allows: |fact, action| fact == "sound" || !matches!(action, "play" | "versions"),
    save,
    act: |tx, who, action, id, _| match action {
        "delete" => delete(tx, who, id),
        // The sound itself has routes of its own.
        _ => Err(Refusal::new("page.no_action").into()),
    },
    ..Source::of(&PAGE)
};

/// Kept of one prompt, so that nobody fills the disk by uploading again and again.
const MOST_VERSIONS: i64 = 100;

const ABANDON: &str = "abandon";

/// A sound file, decoded.
#[derive(Debug, Clone)]
pub struct Sound {
    pub file_name: String,
    /// 8 kHz mono A-law.
    pub alaw: Vec<u8>,
}

struct Prompt {
    name: String,
    purpose: String,
    version: i64,
    /// It is the company's abandon notice.
    notice: bool,
}

fn prompt(conn: &Connection, who: &Who, id: i64) -> Answer<Prompt> {
    let sql = "SELECT p.name, p.purpose, p.version, coalesce(c.abandon_prompt = p.id, 0)
               FROM prompt p JOIN company c ON c.id = p.company_id WHERE p.id = ?1 AND p.company_id = ?2";
    let found = conn.query_row(sql, params![id, who.company.0], |row| {
        Ok(Prompt { name: row.get(0)?, purpose: row.get(1)?, version: row.get(2)?, notice: row.get(3)? })
    });
    found.optional()?.ok_or_else(unknown)
}

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::text_value(values, "purpose").map(|purpose| ("purpose", purpose)));
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            let old = prompt(tx, who, id)?;
            // Whoever answers and finds no agent must hear something: the notice is replaced, never taken away.
            if old.notice && values.get("purpose").is_some_and(|purpose| purpose != ABANDON) {
                return Err(Refusal::new("row.abandon_needed").with("name", old.name).into());
            }
            form::unique(form::update(tx, "prompt", who.company.0, id, &columns), name)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("alaw", Value::Blob(Vec::new())));
            columns.push(("created", Value::Integer(now())));
            form::unique(form::insert(tx, "prompt", &columns), name)?
        }
    };
    settled(tx, who, id)
}

/// A new version, heard from the next call on.
pub fn upload(tx: &Transaction<'_>, who: &Who, id: i64, sound: &Sound) -> Answer<Saved> {
    let version = prompt(tx, who, id)?.version + 1;
    if version > MOST_VERSIONS {
        return Err(Refusal::new("row.many_versions").with("max", MOST_VERSIONS).into());
    }
    // The sound that was heard so far goes to its version's row.
    let sql = "UPDATE prompt_version AS v SET alaw = (SELECT p.alaw FROM prompt p WHERE p.id = v.prompt_id)
               WHERE prompt_id = ?1 AND company_id = ?2 AND version = ?3";
    tx.execute(sql, params![id, who.company.0, version - 1])?;
    let sql = "INSERT INTO prompt_version (company_id, prompt_id, version, file_name, millis, seat_id, created)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let millis = sound.alaw.len() as i64 / 8;
    tx.execute(sql, params![who.company.0, id, version, sound.file_name, millis, who.seat.0, now()])?;
    let sql = "UPDATE prompt SET alaw = ?3, version = ?4 WHERE id = ?1 AND company_id = ?2";
    tx.execute(sql, params![id, who.company.0, sound.alaw, version])?;
    let mut saved = settled(tx, who, id)?;
    saved.after.insert(0, After::Prompts);
    Ok(saved)
}

/// A-law of a version, of the newest where none is named.
pub fn sound(conn: &Connection, who: &Who, id: i64, version: Option<i64>) -> Answer<Vec<u8>> {
    let version = version.unwrap_or(prompt(conn, who, id)?.version);
    let sql = "SELECT coalesce(v.alaw, p.alaw) FROM prompt_version v JOIN prompt p ON p.id = v.prompt_id
               WHERE v.prompt_id = ?1 AND v.company_id = ?2 AND v.version = ?3";
    let found = conn.query_row(sql, params![id, who.company.0, version], |row| row.get(0));
    found.optional()?.ok_or_else(unknown)
}

/// The prompt that is to be the abandon notice is it as soon as there is something to hear.
fn settled(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let now = prompt(tx, who, id)?;
    if now.purpose == ABANDON && now.version > 0 && !now.notice {
        tx.execute("UPDATE company SET abandon_prompt = ?2 WHERE id = ?1", [who.company.0, id])?;
    }
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let gone = prompt(tx, who, id)?;
    if gone.notice {
        return Err(Refusal::new("row.abandon_needed").with("name", gone.name).into());
    }
    let sql = "SELECT EXISTS (SELECT 1 FROM script WHERE company_id = ?1 AND greeting = ?2)";
    if tx.query_row(sql, [who.company.0, id], |row| row.get(0))? {
        return Err(Refusal::new("row.prompt_in_use").with("name", gone.name).into());
    }
    tx.execute("DELETE FROM prompt_version WHERE prompt_id = ?1 AND company_id = ?2", [id, who.company.0])?;
    tx.execute("DELETE FROM prompt WHERE id = ?1 AND company_id = ?2", [id, who.company.0])?;
    Ok(Saved { id, after: work::changed(tx, who.company, PAGE.id)? })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::sample::{code, values};
    use crate::desk::{Query, options::options, page, sample};
    use hutong_api::PromptId;
    use hutong_core::io::Setting;

    fn of(octet: u8) -> Sound {
        Sound { file_name: "新.wav".into(), alaw: vec![octet; 12_001] }
    }

    /// The abandon notice that live work is told of.
    fn told(saved: &Saved) -> Option<PromptId> {
        let found = saved.after.iter().find_map(|after| match after {
            After::Setting(setting) => Some(setting),
            _ => None,
        });
        let Setting::Company(cfg) = &**found.unwrap() else { panic!("{saved:?}") };
        cfg.abandon_prompt
    }

    #[test]
    fn each_upload_is_a_version_and_the_newest_is_heard() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let id = page::save(&tx, &who, "prompts", None, &values(&[("name", "欢迎")])).unwrap().id;
        let row = |tx: &Transaction<'_>| {
            let list = SOURCE.list(tx, &who, &Query::default()).unwrap();
            list.rows.into_iter().find(|row| row.id == id).unwrap()
        };
        assert_eq!(row(&tx).actions, ["edit", "upload"], "there is nothing to play");
        assert_eq!(code(sound(&tx, &who, id, None)), "row.unknown");
        let greetings = |tx: &Transaction<'_>| options(tx, &who, "scripts", "greeting").unwrap().len();
        let before = greetings(&tx);
        upload(&tx, &who, id, &of(1)).unwrap();
        let second = upload(&tx, &who, id, &of(2)).unwrap();
        assert_eq!(second.after[0], After::Prompts);
        assert_eq!(greetings(&tx), before + 1);
        assert_eq!(row(&tx).actions, ["edit", "upload", "play", "versions"]);
        let cells = row(&tx).cells;
        let shown = ["name", "purpose", "file", "version", "seconds"].map(|id| cells[id].clone());
        assert_eq!(shown, ["欢迎", "开场语", "新.wav", "2", "00:00:02"]);
        assert_eq!(sound(&tx, &who, id, None).unwrap()[0], 2);
        assert_eq!(sound(&tx, &who, id, Some(1)).unwrap()[0], 1);
        let heard: Vec<u8> = tx.query_row("SELECT alaw FROM prompt WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        assert_eq!(heard, of(2).alaw);
        tx.execute("UPDATE prompt SET version = ?2 WHERE id = ?1", [id, MOST_VERSIONS]).unwrap();
        assert_eq!(code(upload(&tx, &who, id, &of(3))), "row.many_versions");
        let other = sample::who(2, "admin");
        assert_eq!(code(sound(&tx, &other, id, Some(1))), "row.unknown");
        assert_eq!(code(upload(&tx, &other, id, &of(4))), "row.unknown");
    }

    #[test]
    fn there_is_one_abandon_notice_and_it_is_replaced_only() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let purpose = |tx: &Transaction<'_>, id| prompt(tx, &who, id).unwrap().purpose;
        let form = |name| values(&[("name", name), ("purpose", ABANDON)]);
        let made = page::save(&tx, &who, "prompts", None, &form("告知一")).unwrap();
        assert_eq!(told(&made), None, "there is nothing to hear yet");
        assert_eq!(told(&upload(&tx, &who, made.id, &of(1)).unwrap()), Some(PromptId(made.id)));
        let next = page::save(&tx, &who, "prompts", None, &form("告知二")).unwrap();
        assert_eq!(told(&next), Some(PromptId(made.id)));
        let edit = values(&[("purpose", "greeting")]);
        assert_eq!(code(page::save(&tx, &who, "prompts", Some(made.id), &edit)), "row.abandon_needed");
        assert_eq!(code(page::act(&tx, &who, "prompts", "delete", made.id, &values(&[]))), "row.abandon_needed");
        assert_eq!(told(&upload(&tx, &who, next.id, &of(2)).unwrap()), Some(PromptId(next.id)));
        assert_eq!((purpose(&tx, made.id).as_str(), purpose(&tx, next.id).as_str()), ("greeting", ABANDON));
        page::act(&tx, &who, "prompts", "delete", made.id, &values(&[])).unwrap();
        let left: i64 = tx
            .query_row("SELECT count(*) FROM prompt_version WHERE prompt_id = ?1", [made.id], |row| row.get(0))
            .unwrap();
        assert_eq!(left, 0);
    }

    #[test]
    fn prompts_that_were_there_before_versions_are_version_one() {
        let conn = Connection::open_in_memory().unwrap();
        let migrations = crate::store::migrate::MIGRATIONS;
        conn.execute_batch(&migrations[..3].concat()).unwrap();
        conn.execute_batch(
            "INSERT INTO company (id, code, name, created) VALUES (1, 'c1', '公司1', 0);
             INSERT INTO prompt (id, company_id, name, alaw, created) VALUES (1, 1, '开场语', x'd5d5', 7), (2, 1, '告知', x'd5', 7);
             UPDATE company SET abandon_prompt = 2;",
        )
        .unwrap();
        conn.execute_batch(&migrations[3..].concat()).unwrap();
        // And those that the box adds later are, too.
        conn.execute(
            "INSERT INTO prompt (id, company_id, name, alaw, created) VALUES (3, 1, '后来', x'd5d5d5', 7)",
            [],
        )
        .unwrap();
        let who = sample::who(1, "admin");
        for (id, purpose, octets) in [(1, "greeting", 2), (2, ABANDON, 1), (3, "greeting", 3)] {
            let there = prompt(&conn, &who, id).unwrap();
            assert_eq!((there.purpose.as_str(), there.version, there.notice), (purpose, 1, id == 2), "{id}");
            assert_eq!(sound(&conn, &who, id, Some(1)).unwrap().len(), octets, "{id}");
        }
    }
}
