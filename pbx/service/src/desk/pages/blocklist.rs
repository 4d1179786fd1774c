//! 黑名单库 (F104): what is saved here binds the next dial decision.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    page::After,
    query::{By, Source},
};
use hutong_api::{Phone, Refusal, catalogue::pages::blocklist::PAGE, texts};
use hutong_core::{Wall, import::clean, io::BlockEntry};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "blocklist c",
    cells: &[
        cell("phone", Show::Phone, "c.phone"),
        cell("created", Show::Time, "c.created"),
        cell("direction", Show::Choice, "c.direction"),
        cell("expires", Show::Time, "c.expires"),
        cell("reason", Show::Reason, "c.reason"),
    ],
    filters: &[("phone", By::Phone { of: &["c.phone"], or: &[] }), ("direction", By::Is("c.direction"))],
    form: &[
        cell("phone", Show::Phone, "c.phone"),
        cell("direction", Show::Plain, "c.direction"),
        cell("expires", Show::Time, "c.expires"),
        cell("reason", Show::Reason, "c.reason"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    tool: |tx, who, _, args| add_many(tx, who, args),
    ..Source::of(&PAGE)
};

/// Most numbers pasted at once: they are stored in one desk transaction.
const MOST: usize = 2_000;

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let before = id.map(|id| entry(tx, who, id)).transpose()?;
    let masked = |value: &&String| who.hide_numbers && value.contains("****");
    let mut columns = common(who, values)?;
    if let Some(phone) = values.get("phone").filter(|value| !masked(value)) {
        let prefix = phone.contains('*');
        if prefix && beginning(phone).is_none() {
            return Err(form::bad(&PAGE, "field", "phone", who.lang));
        }
        columns.push(("phone", Value::Text(phone.clone())));
        columns.push(("prefix", Value::Integer(prefix.into())));
    }
    let phone = values.get("phone").map_or("", String::as_str);
    let id = match id {
        Some(id) => {
            form::unique(form::update(tx, "blocklist", who.company.0, id, &columns), phone)?;
            id
        }
        None => {
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("created", Value::Integer(now())));
            form::unique(form::insert(tx, "blocklist", &columns), phone)?
        }
    };
    let entry = entry(tx, who, id)?;
    let moved = before.filter(|b| (&b.phone, b.prefix) != (&entry.phone, entry.prefix));
    Ok(Saved { id, after: moved.map(unblock).into_iter().chain([After::Block(entry)]).collect() })
}

/// What an entry says beside its number.
fn common(who: &Who, values: &Values) -> Answer<Vec<(&'static str, Value)>> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "direction").map(|word| ("direction", word)));
    let masked = |value: &&String| who.hide_numbers && value.contains("****");
    let reason = values.get("reason").filter(|value| !masked(value));
    columns.extend(reason.map(|reason| ("reason", Value::Text(reason.clone()))));
    match values.get("expires").map(String::as_str) {
        None => {}
        Some("") => columns.push(("expires", Value::Null)),
        Some(text) => {
            let at = form::moment(text, &who.zone, false);
            let at = at.ok_or_else(|| form::bad(&PAGE, "field", "expires", who.lang))?;
            columns.push(("expires", Value::Integer(at)));
        }
    }
    Ok(columns)
}

/// The digits of "1540000*".
fn beginning(text: &str) -> Option<Phone> {
    Phone::from_digits(text.strip_suffix('*')?)
}

/// One number a line. What is no number is counted and told, the others are taken; a number that is there already gets
/// what is said now.
fn add_many(tx: &Transaction<'_>, who: &Who, args: &Values) -> Answer<Saved> {
    let text = args.get("numbers").map_or("", String::as_str);
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST {
        return Err(Refusal::new("setting.too_many_lines").with("max", MOST).into());
    }
    let common = common(who, args)?;
    let (mut after, mut bad) = (Vec::new(), 0_usize);
    for line in &lines {
        let number = match line.contains('*') {
            true => beginning(line).map(|phone| format!("{phone}*")),
            false => clean(line).ok().map(String::from),
        };
        match number {
            Some(number) => after.push(After::Block(put(tx, who, &number, &common)?)),
            None => bad += 1,
        }
    }
    let (good, bad) = (after.len().to_string(), bad.to_string());
    let said = texts::fill(who.lang, "catalogue.blocklist.added", &[("good", &good), ("bad", &bad)]);
    after.push(After::Said(said));
    Ok(Saved { id: 0, after })
}

fn put(tx: &Transaction<'_>, who: &Who, number: &str, common: &[(&'static str, Value)]) -> Answer<BlockEntry> {
    let sql = "INSERT INTO blocklist (company_id, phone, prefix, direction, created) VALUES (?1, ?2, ?3, 'both', ?4)
               ON CONFLICT (company_id, phone) DO UPDATE SET phone = phone RETURNING id";
    let values = params![who.company.0, number, number.ends_with('*'), now()];
    let id = tx.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
    form::update(tx, "blocklist", who.company.0, id, common)?;
    entry(tx, who, id)
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    let gone = entry(tx, who, id)?;
    tx.execute("DELETE FROM blocklist WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(Saved { id, after: vec![unblock(gone)] })
}

fn unblock(entry: BlockEntry) -> After {
    After::Unblock { company: entry.company, phone: entry.phone, prefix: entry.prefix }
}

fn entry(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<BlockEntry> {
    let sql = "SELECT phone, direction, prefix, expires FROM blocklist WHERE id = ?1 AND company_id = ?2";
    let mut statement = tx.prepare_cached(sql)?;
    let (phone, direction, prefix, expires): (String, String, bool, Option<i64>) = statement
        .query_row(params![id, who.company.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let phone = Phone::from_digits(phone.trim_end_matches('*')).ok_or_else(crate::desk::unknown)?;
    let until = expires.map(Wall);
    Ok(BlockEntry { company: who.company, phone, outbound: direction != "inbound", prefix, until })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::desk::sample::values;
    use crate::desk::{Fault, page, sample};

    #[test]
    fn a_beginning_with_an_end_reaches_the_engine_and_a_bad_one_is_refused() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "blocklist", id, &values(pairs));
        let made = save(None, &[("phone", "1540000*"), ("expires", "2030-01-01 08:00")]).unwrap();
        let [After::Block(entry)] = made.after.as_slice() else { panic!("{made:?}") };
        assert_eq!((entry.phone.as_str(), entry.prefix, entry.outbound), ("1540000", true, true));
        assert_eq!(entry.until, Some(Wall(1_893_456_000_000)), "in company time");
        let row = page::get(&tx, &who, "blocklist", made.id).unwrap();
        assert_eq!((row.values["phone"].as_str(), row.values["expires"].as_str()), ("1540000*", "2030-01-01 08:00:00"));
        let moved = save(Some(made.id), &[("phone", "15400000008"), ("expires", "")]).unwrap();
        let [After::Unblock { prefix: true, .. }, After::Block(entry)] = moved.after.as_slice() else {
            panic!("{moved:?}")
        };
        assert_eq!((entry.prefix, entry.until), (false, None));
        for bad in [[("phone", "15*0000")], [("phone", "15*")], [("phone", "*")]] {
            assert!(matches!(save(None, &bad), Err(Fault::Refused(r)) if r.code == "field.bad"), "{bad:?}");
        }
        let soon = save(None, &[("phone", "15400000007"), ("expires", "soon")]);
        assert!(matches!(soon, Err(Fault::Refused(r)) if r.code.starts_with("field.")));
    }

    #[test]
    fn a_pasted_list_is_taken_but_for_what_is_no_number_which_is_counted() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let list = "154 0000 0021\n\n+86-15400000022\nnonsense\n1542*\n12*\n15400000021";
        let args = values(&[("numbers", list), ("direction", "outbound"), ("reason", "投诉")]);
        let saved = page::tool(&tx, &who, "blocklist", "add_many", &args).unwrap();
        let blocks = saved.after.iter().filter(|after| matches!(after, After::Block(e) if e.outbound)).count();
        assert_eq!(blocks, 4, "the second mention of a number changes nothing");
        let Some(After::Said(said)) = saved.after.last() else { panic!("{saved:?}") };
        assert!(said.contains('4') && said.contains('2'), "{said}");
        let sql = "SELECT count(*) FROM blocklist WHERE company_id = 1 AND direction = 'outbound' AND reason = '投诉'";
        assert_eq!(tx.query_row(sql, [], |row| row.get::<_, i64>(0)), Ok(3));
        let long = "15400000021\n".repeat(MOST + 1);
        let too_many = page::tool(&tx, &who, "blocklist", "add_many", &values(&[("numbers", &long)]));
        assert!(matches!(too_many, Err(Fault::Refused(r)) if r.code == "setting.too_many_lines"));
    }
}
