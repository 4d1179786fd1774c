//! Rows that become seats (F80): good ones are added, the others given back with each bad cell named. Every seat gets a random
//! password, which is stored as its hash only and handed out once.

use super::{Task, blocking, failed, plan::Plan, stage};
use crate::{
    desk::{After, Who, form, pages::seats::setting},
    store::StoreError,
};
use csv::StringRecord;
use futures_util::future::BoxFuture;
use hutong_api::{
    BatchId, Lang, Refusal,
    catalogue::Permissions,
    live::RefusalText,
    page::{ImportStatus, RejectSample},
    texts::text,
};
use hutong_core::{
    import::{Field, Layout, number},
    io::Input,
};
use rusqlite::{Connection, Transaction, types::Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// Seats of one file: each needs a hash of 40 ms, so this is some 20 s of one core.
pub const MOST: u32 = 500;
/// What a file of seats may have, in the template's order.
pub const COLUMNS: &[&str] =
    &["extension", "account", "name", "department", "role", "mobile", "landline", "email", "note"];

/// Makes the argon2 hash of a password, in its turn among the logins.
pub type Hasher = Arc<dyn Fn(String) -> BoxFuture<'static, Result<String, Refusal>> + Send + Sync>;
/// 坐席号, 用户名, 密码 of the seats made; whoever takes them leaves nothing.
pub type Passwords = Arc<Mutex<Vec<[String; 3]>>>;

/// Who makes seats, and what of them is not stored.
#[derive(Clone)]
pub struct Newcomers {
    pub who: Who,
    pub hash: Hasher,
    pub random: fn() -> String,
    pub passwords: Passwords,
}

impl fmt::Debug for Newcomers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Newcomers").finish_non_exhaustive()
    }
}

/// A row in order.
struct Seat {
    line: u32,
    record: StringRecord,
    extension: String,
    account: String,
    columns: Vec<(&'static str, Value)>,
    hash: String,
    password: String,
}

type Judged = Result<Seat, Reject>;

struct Reject {
    line: u32,
    record: StringRecord,
    kind: &'static str,
    refusal: Refusal,
}

/// What cells are held against.
struct Known {
    extensions: BTreeSet<String>,
    accounts: BTreeSet<String>,
    departments: BTreeMap<String, i64>,
    /// By code and by name in both languages.
    roles: BTreeMap<String, (i64, Permissions)>,
}

/// Judges, hashes, and adds all that are good in one transaction.
pub async fn rows(
    task: &Task,
    batch: BatchId,
    plan: Plan,
    say: &impl Fn(Input),
    progress: &watch::Sender<ImportStatus>,
) -> Result<(), Refusal> {
    let work = task.how.seats.clone().ok_or(Refusal::new("page.no_action"))?;
    if plan.rows > MOST {
        return Err(Refusal::new("import.too_many_seats").with("max", MOST));
    }
    let company = task.company;
    let mut known = task.store.read(move |conn| Known::load(conn, company.0)).await.map_err(failed)?;
    let (layout, separator, who) = (plan.layout.clone(), plan.separator, work.who.clone());
    let records = blocking(move || read(&plan)).await?;
    let mut judged: Vec<Judged> = records.into_iter().map(|row| known.judge(&layout, &who, row)).collect();
    for seat in judged.iter_mut().flatten() {
        seat.password = (work.random)();
        seat.hash = (work.hash)(seat.password.clone()).await?;
    }
    let header = layout.header_of(Field::Extension).to_owned();
    let at = (company, batch, separator);
    let written = task.store.write(move |tx| write(tx, at, &header, judged)).await.map_err(failed)?;
    written.after.into_iter().for_each(|after| {
        if let After::Setting(setting) = after {
            say(Input::Setting(setting));
        }
    });
    *work.passwords.lock().unwrap_or_else(|e| e.into_inner()) = written.passwords;
    progress.send_modify(|status| {
        status.added = written.added;
        status.passwords = written.added > 0;
        for reject in &written.rejects {
            *(if reject.kind == "duplicate" { &mut status.duplicate } else { &mut status.bad }) += 1;
        }
        status.samples =
            written.rejects.iter().take(stage::SAMPLES).map(|one| one.sample(&layout, task.lang)).collect();
    });
    Ok(())
}

fn read(plan: &Plan) -> Result<Vec<(u32, StringRecord)>, Refusal> {
    let run = || {
        let (mut rows, _) = plan.open()?;
        let (mut record, mut at, mut found) = (StringRecord::new(), 0, Vec::new());
        while rows.next(&mut record)? {
            at += 1;
            if at > plan.layout.skip {
                found.push((u32::try_from(rows.line()).unwrap_or(u32::MAX), std::mem::take(&mut record)));
            }
        }
        Ok(found)
    };
    run().map_err(|fault: hutong_core::import::Fault| fault.refusal())
}

impl Known {
    fn load(conn: &Connection, company: i64) -> Result<Known, StoreError> {
        let texts = |sql: &str| -> Result<BTreeSet<String>, StoreError> {
            Ok(conn.prepare(sql)?.query_map([company], |row| row.get(0))?.collect::<Result<_, _>>()?)
        };
        let mut departments = conn.prepare("SELECT name, id FROM department WHERE company_id = ?1")?;
        let departments = departments.query_map([company], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut known = Known {
            extensions: texts("SELECT extension FROM seat WHERE company_id = ?1")?,
            accounts: texts("SELECT account FROM seat WHERE company_id = ?1")?,
            departments: departments.collect::<Result<_, _>>()?,
            roles: BTreeMap::new(),
        };
        let mut roles = conn.prepare("SELECT id, code, name, permissions FROM role WHERE company_id = ?1")?;
        let mut rows = roles.query([company])?;
        while let Some(row) = rows.next()? {
            let (code, name): (String, String) = (row.get(1)?, row.get(2)?);
            let of = (row.get(0)?, Permissions::from_json(&row.get::<_, String>(3)?));
            let names = match name.is_empty() {
                true => {
                    [Lang::Zh, Lang::En].map(|lang| text(lang, &format!("catalogue.role.{code}")).to_owned()).to_vec()
                }
                false => vec![name],
            };
            known.roles.extend(names.into_iter().chain([code]).map(|name| (name, of.clone())));
        }
        Ok(known)
    }

    fn judge(&mut self, layout: &Layout, who: &Who, (line, record): (u32, StringRecord)) -> Judged {
        match self.columns(layout, who, &record) {
            Ok((extension, account, columns)) => {
                self.extensions.insert(extension.clone());
                self.accounts.insert(account.clone());
                let (hash, password) = (String::new(), String::new());
                Ok(Seat { line, record, extension, account, columns, hash, password })
            }
            Err((kind, refusal)) => Err(Reject { line, record, kind, refusal }),
        }
    }

    /// The first bad cell of a row is named by its column.
    #[allow(clippy::type_complexity)]
    fn columns(
        &self,
        layout: &Layout,
        who: &Who,
        record: &StringRecord,
    ) -> Result<(String, String, Vec<(&'static str, Value)>), (&'static str, Refusal)> {
        let bad = |code: &'static str, field: Field, value: &str| {
            Refusal::new(code).with("column", layout.header_of(field)).with("value", value)
        };
        let cell = |field: Field, limit: usize| {
            let cell = layout.cell(record, field);
            match cell.chars().count() > limit {
                true => Err(("bad", bad("import.long_field", field, "").with("limit", limit))),
                false => Ok(cell),
            }
        };
        let phone = |field: Field| match cell(field, 40)? {
            blank if blank.is_empty() => Ok(blank),
            typed => match number::clean(&typed) {
                Ok(phone) => Ok(phone.to_string()),
                Err(_) => Err(("bad", bad("import.seat_phone", field, &typed))),
            },
        };
        let extension = cell(Field::Extension, 8)?;
        if extension.is_empty() {
            return Err(("bad", bad("import.seat_number", Field::Extension, "")));
        }
        let or = |cell: String, other: &str| if cell.is_empty() { other.to_owned() } else { cell };
        let account = or(cell(Field::Account, 32)?, &extension);
        let department = match cell(Field::Department, 90)? {
            blank if blank.is_empty() => Value::Null,
            name => match self.departments.get(&name) {
                Some(id) => Value::Integer(*id),
                None => return Err(("bad", bad("import.seat_department", Field::Department, &name))),
            },
        };
        // Most of a file are agents.
        let role = or(cell(Field::Role, 90)?, "agent");
        let role = match self.roles.get(&role) {
            None => return Err(("bad", bad("import.seat_role", Field::Role, &role))),
            Some((_, words)) if !who.permissions.covers(words) => {
                return Err(("bad", bad("import.seat_role_more", Field::Role, &role)));
            }
            Some((id, _)) => *id,
        };
        let text = Value::Text;
        let columns = vec![
            ("company_id", Value::Integer(who.company.0)),
            ("extension", text(extension.clone())),
            ("account", text(account.clone())),
            ("name", text(or(cell(Field::Name, 32)?, &extension))),
            ("role_id", Value::Integer(role)),
            ("department_id", department),
            ("mobile", text(phone(Field::Mobile)?)),
            ("landline", text(phone(Field::Landline)?)),
            ("email", text(cell(Field::Email, 90)?)),
            ("note", text(cell(Field::Note, 200)?)),
        ];
        if self.extensions.contains(&extension) {
            return Err(("duplicate", bad("import.seat_taken", Field::Extension, &extension)));
        }
        match self.accounts.contains(&account) {
            true => Err(("duplicate", bad("import.seat_taken", Field::Account, &account))),
            false => Ok((extension, account, columns)),
        }
    }
}

impl Reject {
    fn sample(&self, layout: &Layout, lang: Lang) -> RejectSample {
        RejectSample {
            line: self.line,
            raw: layout.cell(&self.record, Field::Extension).chars().take(40).collect(),
            kind: self.kind.into(),
            reason: RefusalText { code: self.refusal.code.to_string(), text: self.refusal.text(lang) },
        }
    }
}

#[derive(Default)]
struct Written {
    added: u32,
    after: Vec<After>,
    passwords: Vec<[String; 3]>,
    rejects: Vec<Reject>,
}

fn write(
    tx: &Transaction<'_>,
    at: (hutong_api::CompanyId, BatchId, u8),
    header: &str,
    judged: Vec<Judged>,
) -> Result<Written, StoreError> {
    let mut written = Written::default();
    for row in judged {
        match row {
            Err(reject) => written.rejects.push(reject),
            Ok(Seat { line, record, extension, account, mut columns, hash, password }) => {
                columns.push(("password_hash", Value::Text(hash)));
                match form::insert(tx, "seat", &columns) {
                    Ok(id) => {
                        written.added += 1;
                        written.passwords.push([extension, account, password]);
                        written.after.push(set(tx, id)?);
                    }
                    // Somebody else was quicker.
                    Err(error) if taken(&error) => {
                        let refusal = Refusal::new("import.seat_taken").with("column", header).with("value", extension);
                        written.rejects.push(Reject { line, record, kind: "duplicate", refusal });
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
    }
    for Reject { line, record, kind, refusal } in &written.rejects {
        stage::reject(tx, at, (*line, record), kind, refusal)?;
    }
    Ok(written)
}

fn set(tx: &Transaction<'_>, id: i64) -> Result<After, StoreError> {
    setting(tx, id).map_err(|fault| match fault {
        crate::desk::Fault::Store(error) => error,
        crate::desk::Fault::Refused(refusal) => StoreError::Other(refusal.code.into_owned()),
    })
}

fn taken(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqliteFailure(e, _) if e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
}
