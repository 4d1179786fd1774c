//! 角色管理 (F95, F96). Nobody hands out more than he has, and nobody can lock himself or the last administrator out.

use crate::desk::{
    Answer, Reach, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    page::After,
    query::Source,
    unknown,
};
use hutong_api::{
    Lang, Refusal, SeatId,
    catalogue::{Permissions, pages::roles::PAGE, permission},
    texts::text,
};
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "role c",
    cells: &[
        cell("name", Show::KeyOrText, "coalesce(nullif(c.name, ''), '@catalogue.role.' || c.code)"),
        cell("description", Show::KeyOrText, ABOUT),
        cell("scope", Show::Choice, "c.scope"),
        cell("seats", Show::Plain, "(SELECT count(*) FROM seat s WHERE s.role_id = c.id AND s.deleted IS NULL)"),
    ],
    form: &[
        cell("name", Show::KeyOrText, "coalesce(nullif(c.name, ''), '@catalogue.role.' || c.code)"),
        cell("description", Show::KeyOrText, ABOUT),
        cell("scope", Show::Plain, "c.scope"),
        cell("permissions", Show::Words, "c.permissions"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

const ABOUT: &str =
    "CASE WHEN c.built_in AND c.description = '' THEN '@catalogue.role_about.' || c.code ELSE c.description END";

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let old = id.map(|id| Role::of(tx, who, id)).transpose()?;
    let mut columns: Vec<(&str, Value)> = Vec::new();
    if let Some(name) = values.get("name") {
        free(tx, who, id, name)?;
        columns.push(("name", Value::Text(own_text(old.as_ref(), "role", name))));
    }
    if let Some(about) = values.get("description") {
        columns.push(("description", Value::Text(own_text(old.as_ref(), "role_about", about))));
    }
    let scope = values.get("scope").cloned().or_else(|| old.as_ref().map(|old| old.scope.clone())).unwrap_or_default();
    let words = match (values.get("permissions"), &old) {
        (Some(typed), _) => parse(typed, who.lang)?,
        (None, Some(old)) => old.words.clone(),
        (None, None) => Permissions::default(),
    };
    allowed(tx, who, old.as_ref(), &scope, &words)?;
    columns.push(("scope", Value::Text(scope.clone())));
    // The administrator's stay "every word", also of pages that come later.
    if old.as_ref().is_none_or(|old| !old.admin()) {
        let json = serde_json::to_string(&words.list()).unwrap_or_default();
        columns.push(("permissions", Value::Text(json)));
    }
    let Some(old) = old else {
        columns.push(("company_id", Value::Integer(who.company.0)));
        // Its code names it to the box operator; a company's own role has no better one than its id.
        columns.push(("code", Value::Text(String::new())));
        let id = form::insert(tx, "role", &columns)?;
        tx.execute("UPDATE role SET code = 'role-' || id WHERE id = ?1", [id])?;
        return Ok(Saved::plain(id));
    };
    form::update(tx, "role", who.company.0, old.id, &columns)?;
    let less = !words.covers(&old.words) || scope != old.scope;
    let after =
        if less { end_sessions(tx, old.id)? } else { vec![After::Changed { company: who.company, page: "roles" }] };
    Ok(Saved { id: old.id, after })
}

struct Role {
    id: i64,
    code: String,
    built_in: bool,
    scope: String,
    words: Permissions,
}

impl Role {
    fn of(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Role> {
        let sql = "SELECT code, built_in, scope, permissions FROM role WHERE id = ?1 AND company_id = ?2";
        let found = tx.query_row(sql, params![id, who.company.0], |row| {
            let words = Permissions::from_json(&row.get::<_, String>(3)?);
            Ok(Role { id, code: row.get(0)?, built_in: row.get(1)?, scope: row.get(2)?, words })
        });
        found.optional()?.ok_or_else(unknown)
    }

    fn admin(&self) -> bool {
        self.built_in && self.code == "admin"
    }
}

fn allowed(tx: &Transaction<'_>, who: &Who, old: Option<&Role>, scope: &str, words: &Permissions) -> Answer<()> {
    let reach = |scope: &str| Reach::parse(scope).rank();
    let widest = reach(scope).max(old.map_or(0, |old| reach(&old.scope)));
    if !who.permissions.covers(words) || widest > who.reach.rank() {
        return Err(Refusal::new("permission.more_than_own").into());
    }
    let Some(old) = old else { return Ok(()) };
    if !who.permissions.covers(&old.words) {
        return Err(Refusal::new("permission.more_than_own").into());
    }
    let less = scope != old.scope || !words.covers(&spelled(&old.words));
    if less && old.admin() {
        return Err(Refusal::new("row.admin_role").into());
    }
    let mine: i64 = tx.query_row("SELECT role_id FROM seat WHERE id = ?1", [who.seat.0], |row| row.get(0))?;
    if less && mine == old.id {
        return Err(Refusal::new("row.own_role").into());
    }
    Ok(())
}

/// With "every word" written out, as the form brings it back.
fn spelled(words: &Permissions) -> Permissions {
    Permissions::of(words.list())
}

fn parse(typed: &str, lang: Lang) -> Answer<Permissions> {
    let known = permission::words();
    let words: Vec<&str> = typed.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    match words.iter().all(|word| known.iter().any(|k| k == word)) {
        true => Ok(Permissions::of(words)),
        false => Err(form::bad(&PAGE, "field", "permissions", lang)),
    }
}

/// A built-in role's own text stays empty, so that each reader sees it in his language.
fn own_text(old: Option<&Role>, area: &str, typed: &str) -> String {
    let same = |code: &str| [Lang::Zh, Lang::En].iter().any(|l| text(*l, &format!("catalogue.{area}.{code}")) == typed);
    match old {
        Some(old) if old.built_in && same(&old.code) => String::new(),
        _ => typed.to_owned(),
    }
}

/// Two roles of one name could not be told apart in 坐席设置.
fn free(tx: &Transaction<'_>, who: &Who, id: Option<i64>, name: &str) -> Answer<()> {
    let mut statement = tx.prepare_cached("SELECT id, code, name FROM role WHERE company_id = ?1")?;
    let mut rows = statement.query([who.company.0])?;
    while let Some(row) = rows.next()? {
        let (other, code, own): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let called = |lang| if own.is_empty() { text(lang, &format!("catalogue.role.{code}")) } else { own.as_str() };
        if Some(other) != id && (called(Lang::Zh) == name || called(Lang::En) == name) {
            return Err(Refusal::new("field.taken").with("value", name).into());
        }
    }
    Ok(())
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let old = Role::of(tx, who, id)?;
    if old.built_in {
        return Err(Refusal::new("row.built_in").into());
    }
    allowed(tx, who, None, &old.scope, &old.words)?;
    let sql = "SELECT (SELECT count(*) FROM seat s WHERE s.role_id = c.id AND s.deleted IS NULL), name FROM role c WHERE id = ?1";
    let (used, name): (i64, String) = tx.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if used > 0 {
        return Err(Refusal::new("row.in_use").with("name", name).into());
    }
    // Deleted seats keep their row for the calls' sake, and a row needs a role.
    tx.execute(
        "UPDATE seat SET role_id = (SELECT id FROM role WHERE company_id = ?2 AND code = 'agent') WHERE role_id = ?1",
        params![id, who.company.0],
    )?;
    tx.execute("DELETE FROM role WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved::plain(id))
}

/// Whoever lost something may hold it on his screen: he logs in anew.
fn end_sessions(tx: &Transaction<'_>, role: i64) -> Answer<Vec<After>> {
    let mut statement = tx.prepare_cached(
        "DELETE FROM session WHERE seat_id IN (SELECT id FROM seat WHERE role_id = ?1) RETURNING seat_id",
    )?;
    let seats = statement.query_map([role], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    Ok(seats.into_iter().map(|seat| After::Kick(SeatId(seat), "session.changed")).collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use crate::desk::{
        Answer, Reach, Saved, Who, page,
        sample::{self, code},
    };
    use hutong_api::catalogue::Permissions;
    use rusqlite::Transaction;
    use std::collections::BTreeMap;

    fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, pairs: &[(&str, &str)]) -> Answer<Saved> {
        let typed: BTreeMap<_, _> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        page::save(tx, who, "roles", id, &typed)
    }

    fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
        page::act(tx, who, "roles", "delete", id, &BTreeMap::new())
    }

    #[test]
    fn a_company_makes_edits_and_deletes_roles_of_its_own() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let form = [("name", "质检"), ("scope", "team"), ("permissions", "calls.play,calls.view")];
        let made = save(&tx, &who, None, &form).unwrap();
        let values = page::get(&tx, &who, "roles", made.id).unwrap().values;
        assert_eq!((values["permissions"].as_str(), values["scope"].as_str()), ("calls.view,calls.play", "team"));
        assert_eq!(code(save(&tx, &who, None, &form)), "field.taken");
        assert_eq!(code(save(&tx, &who, None, &[("name", "Agent"), ("scope", "own")])), "field.taken", "built in");
        let odd = [("name", "x"), ("scope", "own"), ("permissions", "calls.view,*")];
        assert_eq!(code(save(&tx, &who, None, &odd)), "field.bad");
        tx.execute("UPDATE seat SET role_id = ?1 WHERE id = 5", [made.id]).unwrap();
        assert_eq!(code(delete(&tx, &who, made.id)), "row.in_use");
        tx.execute("UPDATE seat SET deleted = 1 WHERE id = 5", []).unwrap();
        delete(&tx, &who, made.id).unwrap();
        assert_eq!(code(delete(&tx, &who, 4)), "row.built_in");
    }

    #[test]
    fn a_built_in_role_keeps_its_translated_name_until_it_gets_another() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let name =
            |tx: &Transaction<'_>| tx.query_row("SELECT name FROM role WHERE id = 4", [], |r| r.get::<_, String>(0));
        save(&tx, &who, Some(4), &[("name", "坐席"), ("description", "坐席权限")]).unwrap();
        assert_eq!(name(&tx).unwrap(), "");
        save(&tx, &who, Some(4), &[("name", "话务员")]).unwrap();
        assert_eq!(name(&tx).unwrap(), "话务员");
    }

    #[test]
    fn nobody_hands_out_more_than_he_has() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let words = ["roles.view", "roles.add", "roles.edit", "roles.delete", "calls.view"];
        let who = Who { permissions: Permissions::of(words), reach: Reach::Team, ..sample::who(1, "manager") };
        let more = "permission.more_than_own";
        let make =
            |words, scope| code(save(&tx, &who, None, &[("name", "x"), ("scope", scope), ("permissions", words)]));
        assert_eq!(make("calls.view,calls.play", "own"), more);
        assert_eq!(make("calls.view", "department"), more);
        assert!(make("calls.view", "team").starts_with("Ok"));
        assert_eq!(code(save(&tx, &who, Some(1), &[("name", "y")])), more, "the administrator's role");
        assert_eq!(code(save(&tx, &who, Some(4), &[("permissions", "calls.view")])), more, "nor takes it away");
    }

    #[test]
    fn nobody_locks_himself_out() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let admin = sample::who(1, "admin");
        assert_eq!(code(save(&tx, &admin, Some(1), &[("permissions", "roles.edit")])), "row.admin_role");
        assert_eq!(code(save(&tx, &admin, Some(1), &[("scope", "own")])), "row.admin_role");
        let all = page::get(&tx, &admin, "roles", 1).unwrap().values;
        page::save(&tx, &admin, "roles", Some(1), &all).unwrap();
        let kept: String = tx.query_row("SELECT permissions FROM role WHERE id = 1", [], |r| r.get(0)).unwrap();
        assert_eq!(kept, r#"["*"]"#, "words of later pages belong to it, too");
        let second = Who { permissions: Permissions::of(["*"]), reach: Reach::All, ..sample::who(1, "manager") };
        assert_eq!(code(save(&tx, &second, Some(2), &[("permissions", "roles.edit")])), "row.own_role");
        assert_eq!(code(save(&tx, &second, Some(2), &[("scope", "own")])), "row.own_role");
    }
}
