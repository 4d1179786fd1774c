//! 客户分类 and 归属项目 (F25): names that customers carry as text. What is in use stays, and its new name reaches its customers.

use crate::desk::{
    Answer, Saved, Who,
    cell::{Show, cell},
    form::{self, Values},
    query::{By, Source},
    unknown,
};
use hutong_api::{
    Refusal,
    catalogue::pages::{categories, projects},
};
use rusqlite::{Transaction, params, types::Value};

pub static CATEGORIES: Source = Source {
    from: "category c",
    cells: CELLS,
    filters: &[("name", By::Like(&["c.name"]))],
    form: CELLS,
    save: |tx, who, id, values, _| save(tx, who, "category", id, values),
    act: |tx, who, _, id, _| delete(tx, who, "category", id),
    ..Source::of(&categories::PAGE)
};

pub static PROJECTS: Source = Source {
    from: "project c",
    cells: CELLS,
    filters: &[("name", By::Like(&["c.name"]))],
    form: CELLS,
    save: |tx, who, id, values, _| save(tx, who, "project", id, values),
    act: |tx, who, _, id, _| delete(tx, who, "project", id),
    ..Source::of(&projects::PAGE)
};

const CELLS: &[crate::desk::cell::Cell] =
    &[cell("name", Show::Plain, "c.name"), cell("position", Show::Plain, "c.position")];

/// A name that more customers carry is not changed: their rows would keep the store busy for longer than a desk may.
const MOST_RENAMED: i64 = 2_000;

fn save(tx: &Transaction<'_>, who: &Who, table: &str, id: Option<i64>, values: &Values) -> Answer<Saved> {
    let mut columns = Vec::new();
    columns.extend(form::text_value(values, "name").map(|name| ("name", name)));
    columns.extend(form::int(values, "position").map(|position| ("position", Value::Integer(position))));
    let name = values.get("name").map_or("", String::as_str);
    let old = id.map(|id| name_of(tx, who, table, id)).transpose()?;
    let id = form::put(tx, who, table, id, columns, name)?;
    if let Some(old) = old.filter(|old| !name.is_empty() && name != old) {
        rename(tx, who, table, &old, name)?;
    }
    Ok(Saved::plain(id))
}

fn rename(tx: &Transaction<'_>, who: &Who, column: &str, old: &str, new: &str) -> Answer<()> {
    if in_use(tx, who, column, old, MOST_RENAMED + 1)? > MOST_RENAMED {
        return Err(Refusal::new("row.in_use_by_many").with("name", old).with("max", MOST_RENAMED).into());
    }
    let sql = format!("UPDATE customer SET {column} = ?3 WHERE company_id = ?1 AND {column} <> '' AND {column} = ?2");
    tx.execute(&sql, params![who.company.0, old, new])?;
    if column == "project" {
        for table in ["campaign", "project_field"] {
            let sql = format!("UPDATE {table} SET project = ?3 WHERE company_id = ?1 AND project = ?2");
            tx.execute(&sql, params![who.company.0, old, new])?;
        }
    }
    Ok(())
}

fn delete(tx: &Transaction<'_>, who: &Who, table: &str, id: i64) -> Answer<Saved> {
    let name = name_of(tx, who, table, id)?;
    if in_use(tx, who, table, &name, 1)? > 0 || (table == "project" && has_tasks(tx, who, &name)?) {
        return Err(Refusal::new("row.in_use").with("name", name).into());
    }
    form::remove(tx, who, table, id)?;
    Ok(Saved::plain(id))
}

/// How many customers carry the name, as far as it matters; deleted ones too, since they can come back.
fn in_use(tx: &Transaction<'_>, who: &Who, column: &str, name: &str, enough: i64) -> Answer<i64> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM customer WHERE company_id = ?1 AND {column} <> '' AND {column} = ?2 LIMIT ?3)"
    );
    Ok(tx.query_row(&sql, params![who.company.0, name, enough], |row| row.get(0))?)
}

/// Tasks of the project, or fields of its form.
fn has_tasks(tx: &Transaction<'_>, who: &Who, name: &str) -> Answer<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM campaign WHERE company_id = ?1 AND project = ?2 AND deleted IS NULL)
                   OR EXISTS (SELECT 1 FROM project_field WHERE company_id = ?1 AND project = ?2)";
    Ok(tx.query_row(sql, params![who.company.0, name], |row| row.get(0))?)
}

fn name_of(tx: &Transaction<'_>, who: &Who, table: &str, id: i64) -> Answer<String> {
    let sql = format!("SELECT name FROM {table} WHERE id = ?1 AND company_id = ?2");
    tx.query_row(&sql, params![id, who.company.0], |row| row.get(0)).map_err(|_| unknown())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use crate::desk::sample::{code, values};
    use crate::desk::{options::options, page, sample};

    #[test]
    fn names_are_once_in_a_company_chosen_by_their_text_and_stay_while_in_use() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        for (page, field) in [("categories", "category"), ("projects", "project")] {
            let made = page::save(&tx, &who, page, None, &values(&[("name", "甲类")])).unwrap();
            assert_eq!(code(page::save(&tx, &who, page, None, &values(&[("name", "甲类")]))), "field.taken");
            let chosen = page::save(&tx, &who, "customers", Some(1), &values(&[(field, "甲类")]));
            chosen.unwrap();
            assert_eq!(code(page::act(&tx, &who, page, "delete", made.id, &values(&[]))), "row.in_use");
            page::save(&tx, &who, page, Some(made.id), &values(&[("name", "乙类")])).unwrap();
            assert_eq!(page::get(&tx, &who, "customers", 1).unwrap().values[field], "乙类");
            let found = options(&tx, &who, "customers", field).unwrap();
            assert!(found.iter().any(|choice| choice.value == "乙类") && found.iter().all(|c| c.value != "甲类"));
            page::save(&tx, &who, "customers", Some(1), &values(&[(field, "")])).unwrap();
            page::act(&tx, &who, page, "delete", made.id, &values(&[])).unwrap();
        }
    }

    #[test]
    fn a_form_takes_only_known_names() {
        let mut conn = sample::database();
        let tx = conn.transaction().unwrap();
        let who = sample::who(1, "admin");
        let wrong = page::save(&tx, &who, "customers", Some(1), &values(&[("category", "没有")]));
        assert_eq!(code(wrong), "field.choice");
        page::save(&tx, &who, "categories", None, &values(&[("name", "没有")])).unwrap();
        page::save(&tx, &who, "customers", Some(1), &values(&[("category", "没有")])).unwrap();
        let other = options(&tx, &sample::who(2, "admin"), "customers", "category").unwrap();
        assert!(other.iter().all(|choice| choice.value != "没有"), "another company's");
    }

    #[test]
    fn customers_of_a_category_are_found_by_its_index() {
        let conn = sample::database();
        let plan: String = conn
            .query_row(
                "EXPLAIN QUERY PLAN SELECT c.id FROM customer c WHERE c.company_id = 1 AND c.category <> '' AND c.category = ?1
                 ORDER BY c.created DESC, c.id DESC LIMIT 30",
                ["甲"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("INDEX customer_category"), "{plan}");
    }
}
