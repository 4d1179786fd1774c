//! 等待语音 (F111). Kept and checked; nobody waits in a queue yet.

use super::survey_settings::{chosen, department};
use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
};
use hutong_api::{catalogue::pages::hold_music::PAGE, texts::text};
use rusqlite::{Transaction, types::Value};

pub static SOURCE: Source = Source {
    from: "hold_music c LEFT JOIN department d ON d.id = c.department_id LEFT JOIN prompt p ON p.id = c.prompt_id",
    cells: &[
        cell("department", Show::KeyOrText, "coalesce(d.name, '@catalogue.cell.whole_company')"),
        cell("prompt", Show::Plain, "p.name"),
        cell("announce", Show::YesNo, "c.announce"),
    ],
    filters: &[("department", By::Is("c.department_id"))],
    form: &[
        cell("department", Show::Plain, "c.department_id"),
        cell("prompt", Show::Plain, "c.prompt_id"),
        cell("announce", Show::Flag, "c.announce"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.hold_music.note").to_owned()]),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    if let Some((prompt, _)) = chosen(tx, who, values, "prompt", "prompt")? {
        columns.push(("prompt_id", Value::Integer(prompt)));
    }
    columns.extend(form::bit(values, "announce").map(|bit| ("announce", bit)));
    let (of, name) = department(tx, who, values)?;
    columns.extend(id.is_none().then_some(("department_id", of)));
    Ok(changed(who, form::put(tx, who, "hold_music", id, columns, &name)?))
}

fn changed(who: &Who, id: i64) -> Saved {
    Saved { id, after: vec![After::Changed { company: who.company, page: PAGE.id }] }
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    form::remove(tx, who, "hold_music", id)?;
    Ok(changed(who, id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::desk::sample::{code, values};
    use crate::desk::{page, sample};

    #[test]
    fn each_department_has_one_music_of_the_companys_prompts() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "hold_music", id, &values(pairs));
        assert_eq!(code(save(None, &[])), "field.required");
        assert_eq!(code(save(None, &[("prompt", "11")])), "row.unknown");
        let made = save(None, &[("prompt", "1"), ("announce", "true")]).unwrap();
        assert_eq!(made.after, [After::Changed { company: who.company, page: "hold_music" }]);
        assert_eq!(code(save(None, &[("prompt", "1")])), "field.taken");
        assert_eq!(code(save(None, &[("prompt", "1"), ("department", "12")])), "row.unknown");
        let own = save(None, &[("prompt", "1"), ("department", "2")]).unwrap();
        assert_eq!(code(save(Some(made.id), &[("prompt", "11")])), "row.unknown");
        page::act(&tx, &who, "hold_music", "delete", own.id, &values(&[])).unwrap();
        let left = "SELECT announce FROM hold_music WHERE company_id = 1";
        assert!(tx.query_row(left, [], |row| row.get::<_, bool>(0)).unwrap());
    }
}
