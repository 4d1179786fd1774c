//! 话术 (F36). Live work hears of each at once.

use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    cfg,
    form::{self, Values},
    now,
    query::{By, Source},
    unknown,
};
use hutong_api::{Refusal, catalogue::pages::scripts::PAGE};
use hutong_core::io::Setting;
use rusqlite::{OptionalExtension, Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "script c LEFT JOIN prompt p ON p.id = c.greeting",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("greeting", Show::Plain, "p.name"),
        cell("to_agent", Show::YesNo, "c.to_agent"),
        cell("created", Show::Time, "c.created"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    form: &[
        cell("name", Show::Plain, "c.name"),
        cell("greeting", Show::Plain, "c.greeting"),
        cell("to_agent", Show::Flag, "c.to_agent"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::bit(values, "to_agent").map(|bit| ("to_agent", bit)));
    if values.contains_key("greeting") {
        let greeting = form::int(values, "greeting");
        if let Some(prompt) = greeting {
            playable(tx, who, prompt)?;
        }
        columns.push(("greeting", greeting.map_or(Value::Null, Value::Integer)));
    }
    let name = values.get("name").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "script", who.company.0, id, &columns), name)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("created", Value::Integer(now())));
            form::unique(form::insert(tx, "script", &columns), name)?
        }
    };
    let setting = Setting::Script(cfg::script(tx, id)?);
    Ok(Saved { id, after: vec![After::Setting(Box::new(setting)), changed(who)] })
}

fn changed(who: &Who) -> After {
    After::Changed { company: who.company, page: PAGE.id }
}

/// A prompt of the company with something to hear.
fn playable(tx: &Transaction<'_>, who: &Who, prompt: i64) -> Answer<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM prompt WHERE id = ?1 AND company_id = ?2 AND version > 0)";
    match tx.query_row(sql, [prompt, who.company.0], |row| row.get(0))? {
        true => Ok(()),
        false => Err(unknown()),
    }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let sql = "SELECT name, EXISTS (SELECT 1 FROM campaign k WHERE k.company_id = c.company_id AND k.script_id = c.id
                                      AND k.deleted IS NULL)
               FROM script c WHERE id = ?1 AND company_id = ?2";
    let found = tx.query_row(sql, params![id, who.company.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (name, used): (String, bool) = found.ok_or_else(unknown)?;
    if used {
        return Err(Refusal::new("row.script_in_use").with("name", name).into());
    }
    tx.execute("DELETE FROM script WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: vec![changed(who)] })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::desk::{Fault, page, sample};
    use hutong_api::PromptId;

    fn values(pairs: &[(&str, &str)]) -> Values {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
        match answer {
            Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn live_work_hears_of_a_script_and_its_greeting_as_they_are_saved() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let heard = |saved: &Saved| match saved.after.as_slice() {
            [After::Setting(setting), After::Changed { .. }] => match &**setting {
                Setting::Script(script) => (script.name.clone(), script.greeting, script.to_agent),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let form = values(&[("name", "新话术"), ("greeting", "1")]);
        let made = page::save(&tx, &who, "scripts", None, &form).unwrap();
        assert_eq!(heard(&made), ("新话术".into(), Some(PromptId(1)), true));
        let edit = values(&[("greeting", ""), ("to_agent", "false")]);
        let saved = page::save(&tx, &who, "scripts", Some(made.id), &edit).unwrap();
        assert_eq!(heard(&saved), ("新话术".into(), None, false));
        let foreign = values(&[("greeting", "11")]);
        assert_eq!(code(page::save(&tx, &who, "scripts", Some(made.id), &foreign)), "row.unknown");
        let empty = page::save(&tx, &who, "prompts", None, &values(&[("name", "空")])).unwrap().id.to_string();
        let silent = values(&[("greeting", &empty)]);
        assert_eq!(code(page::save(&tx, &who, "scripts", Some(made.id), &silent)), "row.unknown");
        assert_eq!(code(page::save(&tx, &who, "scripts", None, &values(&[("name", "新话术")]))), "field.taken");
    }

    #[test]
    fn scripts_and_greetings_in_use_stay() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let delete = |page: &str, id| page::act(&tx, &who, page, "delete", id, &values(&[]));
        assert_eq!(code(delete("scripts", 1)), "row.script_in_use");
        let form = values(&[("name", "新话术"), ("greeting", "1")]);
        let made = page::save(&tx, &who, "scripts", None, &form).unwrap();
        assert_eq!(code(delete("prompts", 1)), "row.prompt_in_use");
        delete("scripts", made.id).unwrap();
        delete("prompts", 1).unwrap();
        tx.execute("UPDATE campaign SET deleted = 1 WHERE company_id = 1", []).unwrap();
        delete("scripts", 1).unwrap();
    }
}
