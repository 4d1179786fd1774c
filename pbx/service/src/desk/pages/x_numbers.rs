//! X号码 (F89): the list that 分配X号 chooses from. Pairs are bound on their own page, x_pairs.

use super::seats;
use crate::desk::{
    After, Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    now,
    query::{By, Source},
};
use hutong_api::{Refusal, catalogue::pages::x_numbers::PAGE, texts::text};
use rusqlite::{Transaction, params, types::Value};

pub static SOURCE: Source = Source {
    from: "x_number c LEFT JOIN seat s ON s.id = c.seat_id",
    cells: &[
        cell("number", Show::Plain, "c.number"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("note", Show::Plain, "c.note"),
        cell("created", Show::Time, "nullif(c.created, 0)"),
    ],
    filters: &[("number", By::Like(&["c.number"])), ("seat", By::Is("c.seat_id"))],
    form: &[
        cell("number", Show::Plain, "c.number"),
        cell("seat", Show::Plain, "c.seat_id"),
        cell("note", Show::Plain, "c.note"),
    ],
    save,
    act: |tx, who, _, id, _| delete(tx, who, id),
    notes: |_, who| Ok(vec![text(who.lang, "catalogue.x_numbers.note").to_owned()]),
    ..Source::of(&PAGE)
};

fn save(tx: &Transaction<'_>, who: &Who, id: Option<i64>, values: &Values, _typed: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "note").map(|note| ("note", note)));
    if values.contains_key("seat") {
        columns.push(("seat_id", behind(tx, who, form::int(values, "seat"))?));
    }
    let id = match id {
        Some(id) => {
            form::update(tx, "x_number", who.company.0, id, &columns)?;
            id
        }
        None => {
            let number = values.get("number").map_or("", String::as_str);
            if !line(number) {
                return Err(Refusal::new("setting.x_line").with("number", number).into());
            }
            columns.push(("number", Value::Text(number.to_owned())));
            columns.push(("company_id", Value::Integer(who.company.0)));
            columns.push(("created", Value::Integer(now())));
            form::unique(form::insert(tx, "x_number", &columns), number)?
        }
    };
    Ok(changed(who, id))
}

fn changed(who: &Who, id: i64) -> Saved {
    Saved { id, after: vec![After::Changed { company: who.company, page: PAGE.id }] }
}

/// Calls to X ring the seat's own phone, so it must have one.
fn behind(tx: &Transaction<'_>, who: &Who, seat: Option<i64>) -> Answer<Value> {
    let Some(seat) = seat else { return Ok(Value::Null) };
    seats::SOURCE.fact(tx, who, seat)?;
    let sql = "SELECT mobile, name || '(' || extension || ')' FROM seat WHERE id = ?1";
    let (mobile, name): (String, String) = tx.query_row(sql, [seat], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if mobile.is_empty() {
        return Err(Refusal::new("row.no_own_phone").with("seat", name).into());
    }
    Ok(Value::Integer(seat))
}

/// A mobile or a landline: 400 and 95 numbers cannot be middle numbers.
pub fn line(number: &str) -> bool {
    number.bytes().all(|digit| digit.is_ascii_digit())
        && (number.starts_with('0') || (number.starts_with('1') && number.len() == 11))
}

fn delete(tx: &Transaction<'_>, who: &Who, id: i64) -> Answer<Saved> {
    super::x_pairs::free(tx, who, id)?;
    tx.execute("DELETE FROM x_number WHERE id = ?1 AND company_id = ?2", params![id, who.company.0])?;
    Ok(changed(who, id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::desk::sample::{code, values};
    use crate::desk::{page, sample};

    #[test]
    fn an_x_number_is_a_line_and_stands_before_a_phone() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let save = |id, pairs: &[(&str, &str)]| page::save(&tx, &who, "x_numbers", id, &values(pairs));
        for bad in ["4000000000", "95000", "154****0001"] {
            assert_eq!(code(save(None, &[("number", bad)])), "setting.x_line", "{bad}");
        }
        let made = save(None, &[("number", "154 0000 9901"), ("note", "测试")]).unwrap();
        assert_eq!(code(save(None, &[("number", "15400009901")])), "field.taken");
        assert_eq!(code(save(Some(made.id), &[("seat", "4")])), "row.no_own_phone");
        assert_eq!(code(save(Some(made.id), &[("seat", "14")])), "row.unknown", "another company's");
        tx.execute("UPDATE seat SET mobile = '15400000004' WHERE id = 4", []).unwrap();
        save(Some(made.id), &[("seat", "4")]).unwrap();
        let seat = page::get(&tx, &who, "seats", 4).unwrap();
        assert_eq!(seat.values["extension"], "8004");
        let behind = "SELECT seat_id FROM x_number WHERE id = ?1";
        assert_eq!(tx.query_row(behind, [made.id], |row| row.get::<_, i64>(0)).unwrap(), 4);
        save(Some(made.id), &[("seat", "")]).unwrap();
        page::act(&tx, &who, "x_numbers", "delete", made.id, &values(&[])).unwrap();
        assert_eq!(code(page::act(&tx, &who, "x_numbers", "delete", made.id, &values(&[]))), "row.unknown");
    }
}
