//! Accounts and sessions as stored. Tokens are kept as SHA-256 only.

use super::{Answer, Reach, Who, now};
use hutong_api::{CompanyId, Lang, SeatId, catalogue::Permissions, texts::text};
use jiff::tz::TimeZone;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub const SHORTEST_PASSWORD: usize = 8;
/// A session dies this long after its login, whatever happens (ms).
pub const ABSOLUTE_MS: i64 = 12 * 3_600_000;
/// … and after this long without use (ms). An agent's open page is use (http/live).
pub const IDLE_MS: i64 = 30 * 60_000;
/// How stale `used` may be before it is written again (ms).
pub const TOUCH_MS: i64 = 60_000;

pub type TokenHash = [u8; 32];

/// What a login is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub company: CompanyId,
    pub seat: SeatId,
    pub password_hash: String,
}

pub fn account(conn: &Connection, company: &str, account: &str) -> Answer<Option<Account>> {
    let sql = "SELECT s.company_id, s.id, s.password_hash FROM seat s JOIN company c ON c.id = s.company_id
               WHERE c.code = ?1 AND s.account = ?2 AND s.enabled = 1 AND s.deleted IS NULL AND c.disabled IS NULL";
    let row = conn.prepare_cached(sql)?.query_row(params![company, account], |row| {
        Ok(Account { company: CompanyId(row.get(0)?), seat: SeatId(row.get(1)?), password_hash: row.get(2)? })
    });
    Ok(row.optional()?)
}

/// A new session; the seat's older ones end (F1). `last_login` moves on (F7).
pub fn open(tx: &Transaction<'_>, account: &Account, token: &TokenHash, lang: Lang, client: &str) -> Answer<()> {
    let at = now();
    tx.execute("DELETE FROM session WHERE seat_id = ?1", [account.seat.0])?;
    tx.execute(
        "INSERT INTO session (token_hash, company_id, seat_id, lang, created, used, client) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
        params![token, account.company.0, account.seat.0, lang_tag(lang), at, client],
    )?;
    tx.execute("UPDATE seat SET previous_login = last_login, last_login = ?2 WHERE id = ?1", [account.seat.0, at])?;
    Ok(())
}

pub fn close(tx: &Transaction<'_>, token: &TokenHash) -> Answer<()> {
    tx.execute("DELETE FROM session WHERE token_hash = ?1", [token])?;
    Ok(())
}

/// The language the session is spoken to in.
pub fn speak(tx: &Transaction<'_>, token: &TokenHash, lang: Lang) -> Answer<()> {
    tx.execute("UPDATE session SET lang = ?2 WHERE token_hash = ?1", params![token, lang_tag(lang)])?;
    Ok(())
}

pub fn password_hash(conn: &Connection, seat: SeatId) -> Answer<String> {
    Ok(conn.query_row("SELECT password_hash FROM seat WHERE id = ?1", [seat.0], |row| row.get(0))?)
}

/// One's own new password; whatever else was logged in with the old one ends.
pub fn set_password(tx: &Transaction<'_>, who: &Who, token: &TokenHash, hash: &str) -> Answer<()> {
    tx.execute("UPDATE seat SET password_hash = ?2 WHERE id = ?1", params![who.seat.0, hash])?;
    tx.execute("DELETE FROM session WHERE seat_id = ?1 AND token_hash <> ?2", params![who.seat.0, token])?;
    Ok(())
}

pub fn touch(tx: &Transaction<'_>, token: &TokenHash) -> Answer<()> {
    tx.execute("UPDATE session SET used = ?2 WHERE token_hash = ?1", params![token, now()])?;
    Ok(())
}

/// A live session: the person, and whether `touch` is due.
#[derive(Debug, Clone)]
pub struct Session {
    pub who: Who,
    pub touch_due: bool,
}

/// None when there is no such session, it is too old or idle for too long, or its seat may not log in any more.
/// Role and permissions are read every time, so a change acts at the next request (F96).
pub fn session(conn: &Connection, token: &TokenHash) -> Answer<Option<Session>> {
    let sql = "SELECT n.created, n.used, n.lang, c.id, c.code, c.name, c.zone, s.id, s.extension, s.account, s.name,
                      s.department_id, s.hide_numbers, r.code, r.name, r.scope, r.permissions
               FROM session n JOIN seat s ON s.id = n.seat_id JOIN company c ON c.id = s.company_id JOIN role r ON r.id = s.role_id
               WHERE n.token_hash = ?1 AND s.enabled = 1 AND s.deleted IS NULL AND c.disabled IS NULL";
    let found = conn.prepare_cached(sql)?.query_row([token], |row| {
        let (lang, zone): (String, String) = (row.get(2)?, row.get(6)?);
        let (lang, role_code, role_name) = (Lang::parse(&lang), row.get::<_, String>(13)?, row.get::<_, String>(14)?);
        let who = Who {
            company: CompanyId(row.get(3)?),
            company_code: row.get(4)?,
            company_name: row.get(5)?,
            seat: SeatId(row.get(7)?),
            extension: row.get(8)?,
            account: row.get(9)?,
            name: row.get(10)?,
            role: role_shown(lang, &role_code, role_name),
            reach: Reach::parse(&row.get::<_, String>(15)?),
            department: row.get(11)?,
            permissions: Permissions::from_json(&row.get::<_, String>(16)?),
            hide_numbers: row.get(12)?,
            lang,
            zone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
        };
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, who))
    });
    let at = now();
    Ok(found.optional()?.and_then(|(created, used, who)| {
        (at - used <= IDLE_MS && at - created <= ABSOLUTE_MS).then(|| Session { touch_due: at - used > TOUCH_MS, who })
    }))
}

fn role_shown(lang: Lang, code: &str, name: String) -> String {
    if name.is_empty() { text(lang, &format!("catalogue.role.{code}")).to_owned() } else { name }
}

fn lang_tag(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    }
}
