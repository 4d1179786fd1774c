//! 坐席设置 (F80–F87, F91). Nobody hands out a role, or touches a seat, that may do more than he may himself.

use crate::desk::{
    Answer, Saved, Who, access,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    now,
    page::After,
    query::{By, Owner, Source},
    unknown,
};
use hutong_api::{
    Refusal, SeatId,
    catalogue::{Permissions, pages::seats::PAGE},
};
use hutong_core::io::Setting;
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "seat c JOIN role r ON r.id = c.role_id LEFT JOIN department d ON d.id = c.department_id \
           LEFT JOIN trunk t ON t.id = c.trunk_id",
    keep: "c.deleted IS NULL",
    owner: Some(Owner { within: "c.id IN ({})", own: "c.id" }),
    cells: &[
        cell("extension", Show::Plain, "c.extension"),
        cell("account", Show::Plain, "c.account"),
        cell("name", Show::Plain, "c.name"),
        cell("mobile", Show::Phone, "c.mobile"),
        cell("landline", Show::Phone, "c.landline"),
        cell("email", Show::Plain, "c.email"),
        cell("department", Show::Plain, "d.name"),
        cell("level", Show::Choice, "c.level"),
        cell("role", Show::KeyOrText, "coalesce(nullif(r.name, ''), '@catalogue.role.' || r.code)"),
        cell("pop_busy", Show::YesNo, "c.pop_busy"),
        cell("hide_numbers", Show::YesNo, "c.hide_numbers"),
        cell("numbers", Show::Plain, "(SELECT group_concat(value, ' ') FROM json_each(t.callers))"),
        cell("x_number", Show::Plain, "NULL"),
        cell("note", Show::Text, "c.note"),
    ],
    filters: &[
        ("quick", By::CustomerText(&["c.extension", "c.account", "c.name"])),
        ("department", By::Is("c.department_id")),
    ],
    form: &[
        cell("extension", Show::Plain, "c.extension"),
        cell("level", Show::Plain, "c.level"),
        cell("account", Show::Plain, "c.account"),
        cell("name", Show::Plain, "c.name"),
        cell("role", Show::Plain, "c.role_id"),
        cell("mobile", Show::Phone, "c.mobile"),
        cell("landline", Show::Phone, "c.landline"),
        cell("email", Show::Plain, "c.email"),
        cell("department", Show::Plain, "c.department_id"),
        cell("trunk", Show::Plain, "c.trunk_id"),
        cell("auto_answer", Show::Flag, "c.auto_answer"),
        cell("pop_busy", Show::Flag, "c.pop_busy"),
        cell("hide_numbers", Show::Flag, "c.hide_numbers"),
        cell("enabled", Show::Flag, "c.enabled"),
        cell("note", Show::Text, "c.note"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

/// Text columns of the form that are stored as they are.
const TEXTS: &[&str] = &["level", "account", "name", "mobile", "landline", "email", "note"];

/// `typed` brings the argon2 hash of the form's password, made before this transaction; none = unchanged.
fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, typed: &Values) -> Answer<Saved> {
    let hash = typed.get("password_hash");
    let old = id.map(|id| Old::of(tx, who, id)).transpose()?;
    let mut columns = columns(tx, who, values, old.as_ref())?;
    columns.extend(hash.map(|hash| ("password_hash", Value::Text(hash.clone()))));
    let name = values.get("account").or(values.get("extension")).map_or("", String::as_str);
    let Some(old) = old else {
        if hash.is_none() {
            return Err(Refusal::new("field.short_password").with("min", access::SHORTEST_PASSWORD).into());
        }
        columns.extend(form::text_value(values, "extension").map(|text| ("extension", text)));
        columns.push(("company_id", Value::Integer(who.company.0)));
        let id = form::unique(form::insert(tx, "seat", &columns), name)?;
        return Ok(Saved { id, after: vec![setting(tx, id)?] });
    };
    form::unique(form::update(tx, "seat", who.company.0, old.id, &columns), name)?;
    let mut after = vec![setting(tx, old.id)?];
    if hash.is_some() || old.differs(tx)? {
        after.push(end_sessions(tx, old.id)?);
    }
    Ok(Saved { id: old.id, after })
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    Old::of(tx, who, id)?;
    not_me(who, id)?;
    form::update(tx, "seat", who.company.0, id, &[("deleted", Value::Integer(now())), ("enabled", Value::Integer(0))])?;
    let gone = Setting::SeatGone { seat: SeatId(id) };
    Ok(Saved { id, after: vec![After::Setting(Box::new(gone)), end_sessions(tx, id)?] })
}

/// What decides whether a change ends the seat's sessions.
struct Old {
    id: i64,
    role: i64,
    enabled: bool,
    hidden: bool,
}

impl Old {
    fn of(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Old> {
        let old = Old::read(tx, id)?;
        covered(tx, who, old.role)?;
        Ok(old)
    }

    fn read(tx: &Transaction<'_>, id: i64) -> Answer<Old> {
        let sql = "SELECT role_id, enabled, hide_numbers FROM seat WHERE id = ?1";
        let row = tx
            .query_row(sql, [id], |r| Ok(Old { id, role: r.get(0)?, enabled: r.get(1)?, hidden: r.get(2)? }))
            .optional()?;
        row.ok_or_else(unknown)
    }

    fn differs(&self, tx: &Transaction<'_>) -> Answer<bool> {
        let new = Old::read(tx, self.id)?;
        Ok((new.role, new.enabled, new.hidden) != (self.role, self.enabled, self.hidden))
    }
}

fn columns(tx: &Transaction<'_>, who: &Who, values: &Values, old: Option<&Old>) -> Answer<Vec<(&'static str, Value)>> {
    let masked = |value: &str| who.hide_numbers && value.contains("****");
    let mut out = Vec::new();
    for name in TEXTS {
        let value = values.get(*name).filter(|value| !masked(value));
        out.extend(value.map(|value| (*name, Value::Text(value.clone()))));
    }
    for name in ["auto_answer", "pop_busy", "hide_numbers", "enabled"] {
        out.extend(form::bit(values, name).map(|bit| (name, bit)));
    }
    if let (Some(old), Some("false")) = (old, values.get("enabled").map(String::as_str)) {
        not_me(who, old.id)?;
    }
    if let Some(role) = form::int(values, "role") {
        covered(tx, who, role)?;
        if let Some(old) = old.filter(|old| old.role != role) {
            not_me(who, old.id)?;
        }
        out.push(("role_id", Value::Integer(role)));
    }
    for (field, column, table) in [("department", "department_id", "department"), ("trunk", "trunk_id", "trunk")] {
        if values.contains_key(field) {
            let id = form::int(values, field);
            if let Some(id) = id {
                theirs(tx, who, table, id)?;
            }
            out.push((column, id.map_or(Value::Null, Value::Integer)));
        }
    }
    Ok(out)
}

/// An administrator cannot lock himself out (F96).
fn not_me(who: &Who, id: i64) -> Answer<()> {
    if who.seat.0 == id { Err(Refusal::new("row.own_seat").into()) } else { Ok(()) }
}

fn covered(tx: &Transaction<'_>, who: &Who, role: i64) -> Answer<()> {
    let sql = "SELECT permissions FROM role WHERE id = ?1 AND company_id = ?2";
    let words: Option<String> = tx.query_row(sql, params![role, who.company.0], |row| row.get(0)).optional()?;
    let words = words.ok_or_else(unknown)?;
    match who.permissions.covers(&Permissions::from_json(&words)) {
        true => Ok(()),
        false => Err(Refusal::new("permission.denied").into()),
    }
}

fn theirs(tx: &Transaction<'_>, who: &Who, table: &str, id: i64) -> Answer<()> {
    let sql = format!("SELECT count(*) FROM {table} WHERE id = ?1 AND company_id = ?2");
    let found: i64 = tx.query_row(&sql, params![id, who.company.0], |row| row.get(0))?;
    if found == 0 { Err(unknown()) } else { Ok(()) }
}

fn end_sessions(tx: &Transaction<'_>, id: i64) -> Answer<After> {
    tx.execute("DELETE FROM session WHERE seat_id = ?1", [id])?;
    Ok(After::Kick(SeatId(id), "session.changed"))
}

fn setting(tx: &Transaction<'_>, id: i64) -> Answer<After> {
    Ok(After::Setting(Box::new(Setting::Seat(cfg::seat(tx, id)?))))
}
