#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::{
    walk::{Walk, pruned},
    *,
};
use crate::desk::{page, sample};
use hutong_api::{catalogue, page::Row};
use rusqlite::params_from_iter;

#[test]
fn joins_nobody_needs_are_left_out() {
    let from = "cdr c LEFT JOIN campaign k ON k.id = c.campaign_id LEFT JOIN seat s ON s.id = c.seat_id";
    assert_eq!(pruned(from, "c.company_id = ?1"), "cdr c");
    assert_eq!(pruned(from, "k.name LIKE ?2"), "cdr c LEFT JOIN campaign k ON k.id = c.campaign_id");
    assert_eq!(pruned(from, "(SELECT ss.id FROM seat ss)"), "cdr c");
    assert_eq!(pruned(from, "k.name = s.name"), from);
    let chain = "a x LEFT JOIN seat s ON s.id = x.seat_id LEFT JOIN department d ON d.id = s.department_id";
    assert_eq!(pruned(chain, "d.name"), chain);
}

/// Lists must be answered from an index: a million calls are no reason to wait (F68).
#[test]
fn newest_calls_are_walked_in_order_and_counted_without_sorting() {
    let conn = sample::database();
    for reach in ["admin", "supervisor", "manager"] {
        let who = sample::who(1, reach);
        let source = page::source("calls").unwrap();
        let found = source.condition(&who, &BTreeMap::new()).unwrap();
        let walk = source.walk(&who, &Query::default(), &found);
        let order = &walk.order;
        let from = pruned(source.from, &format!("{} {order}", found.text));
        assert_eq!(from, "cdr c", "{reach}");
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT c.call_id FROM {from} WHERE {} AND {} ORDER BY {order} LIMIT 30",
            walk.company, found.text
        );
        let mut statement = conn.prepare(&sql).unwrap();
        let plan: Vec<String> =
            statement.query_map(params_from_iter(&found.params), |row| row.get(3)).unwrap().flatten().collect();
        assert!(plan[0].contains("INDEX cdr_company"), "{plan:?}");
        assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
    }
}

/// A million customers: the newest are walked in order, whatever the company has added.
#[test]
fn newest_customers_are_walked_in_order_with_a_companys_own_fields() {
    let conn = sample::database();
    let add = "INSERT INTO customer_field (company_id, name, kind, length, width, position) VALUES (1, '车牌', 'field_text', 9, 150, 15)";
    conn.execute(add, []).unwrap();
    let who = sample::who(1, "admin");
    let plan = page::with(&conn, &who, "customers", |source| {
        assert!(source.cells.iter().any(|cell| cell.sql.contains("json_extract")));
        let found = source.condition(&who, &BTreeMap::new())?;
        let Walk { order, company, .. } = source.walk(&who, &Query::default(), &found);
        let from = pruned(source.from, &format!("{} {order}", found.text));
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT c.id FROM {from} WHERE {company} AND {} ORDER BY {order} LIMIT 30",
            found.text
        );
        let mut statement = conn.prepare(&sql)?;
        let plan = statement.query_map(params_from_iter(&found.params), |row| row.get::<_, String>(3))?;
        Ok(plan.flatten().collect::<Vec<_>>())
    });
    let plan = plan.unwrap();
    assert!(!plan.iter().any(|line| line.contains("TEMP B-TREE")), "{plan:?}");
}

#[test]
fn chunks_join_up_to_the_whole_list_on_every_page() {
    let conn = sample::database();
    let who = sample::who(1, "admin");
    for page in catalogue::all() {
        let source = page::source(page.id).unwrap();
        let all: Vec<i64> = source.list(&conn, &who, &Query::default()).unwrap().rows.iter().map(|r| r.id).collect();
        let (mut joined, mut after) = (Vec::new(), None);
        loop {
            let (rows, mark) = source.chunk(&conn, &who, &BTreeMap::new(), after, 2).unwrap();
            joined.extend(rows.iter().map(|row| row.id));
            match mark {
                Some(_) => after = mark,
                None => break,
            }
        }
        assert_eq!(joined, all, "{}", page.id);
    }
}

fn many(conn: &Connection, rows: u32) {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
        INSERT INTO customer (company_id, mobile, name, category, owner_id, created, updated)
        SELECT 1, 15400100000 + i, 'n' || i, 'c' || i % 7, 4, 1000 + i / 10, 0 FROM n";
    conn.execute(sql, [rows]).unwrap();
}

fn asked(sort: Option<&str>, filters: &[(&str, &str)]) -> Query {
    let filters = filters.iter().map(|(id, value)| ((*id).to_owned(), (*value).to_owned())).collect();
    Query { sort: sort.map(str::to_owned), filters, ..Query::default() }
}

#[test]
fn rows_are_counted_up_to_ten_thousand_unless_asked_exactly() {
    let conn = sample::database();
    many(&conn, 10_005);
    let (who, source) = (sample::who(1, "admin"), page::source("customers").unwrap());
    let list = |query: &Query| source.list(&conn, &who, query).unwrap();
    let first = list(&Query::default());
    assert_eq!((first.total, first.more, first.rows.len()), (10_000, true, 30));
    assert_eq!(first.rows[0].cells["name"], "n10005");
    let exact = list(&Query { exact: true, ..Query::default() });
    assert_eq!((exact.total, exact.more), (10_006, false));
    let few = list(&asked(None, &[("name", "n1234")]));
    assert_eq!((few.total, few.more), (1, false));
    // Pages join up, also behind what one walk looks at.
    let at = |page, size| list(&Query { page, size, ..Query::default() }).rows;
    let name = |row: &Row| row.cells["name"].clone();
    assert_eq!(name(&at(333, 30)[29]), name(&at(9_990, 1)[0]));
    assert_eq!(at(10_006, 1).len(), 1);
    assert_eq!(at(10_007, 1).len(), 0);
    assert_eq!(list(&asked(Some("name"), &[])).rows[0].cells["name"], "=甲");
    let far = Query { page: 51, size: 200, ..asked(Some("name"), &[]) };
    match source.list(&conn, &who, &far) {
        Err(crate::desk::Fault::Refused(refusal)) => assert_eq!(refusal.code, "list.sorted_too_far"),
        other => panic!("{other:?}"),
    }
    let by_time = Query { page: 51, size: 200, ..asked(Some("created"), &[]) };
    assert!(source.list(&conn, &who, &by_time).is_err(), "oldest first is a sort as any other");
    assert_eq!(list(&Query { page: 51, size: 200, ..asked(Some("-created"), &[]) }).rows.len(), 6);
}

/// The ways that keep a million customers below the figures of the bench.
#[test]
fn filters_of_customers_go_by_their_index_and_texts_by_the_key() {
    let conn = sample::database();
    let source = page::source("customers").unwrap();
    let plan = |role: &str, query: &Query| {
        let who = sample::who(1, role);
        let found = source.condition(&who, &query.filters).unwrap();
        let walk = source.walk(&who, query, &found);
        let from = pruned(source.from, &format!("{} {}", found.text, walk.order));
        let sql = format!(
            "EXPLAIN QUERY PLAN SELECT c.id FROM {from} WHERE {} AND {} ORDER BY {} LIMIT 30",
            walk.company, found.text, walk.order
        );
        let mut statement = conn.prepare(&sql).unwrap();
        let plan: Vec<String> =
            statement.query_map(params_from_iter(&found.params), |row| row.get(3)).unwrap().flatten().collect();
        plan.join("\n")
    };
    let sorts = |plan: &str| plan.contains("TEMP B-TREE");
    for (filter, index) in [
        (None, "customer_created"),
        (Some(("created_from", "2026-06-10")), "customer_created"),
        (Some(("owner", "4")), "customer_owner"),
        (Some(("category", "意向")), "customer_category"),
        (Some(("project", "项目")), "customer_project"),
    ] {
        let plan = plan("admin", &asked(None, filter.as_slice()));
        assert!(plan.contains(&format!("INDEX {index} ")) && !sorts(&plan), "{filter:?}: {plan}");
    }
    let number = plan("admin", &asked(None, &[("mobile", "15400000001")]));
    assert!(number.contains("customer_mobile") && number.contains("customer_landline"), "{number}");
    for filter in [("name", "甲"), ("organisation", "x"), ("mobile", "0001")] {
        let plan = plan("admin", &asked(None, &[filter]));
        assert!(plan.starts_with("SCAN c") && !plan.starts_with("SCAN c USING") && !sorts(&plan), "{plan}");
    }
    let own = plan("agent", &asked(None, &[("name", "甲")]));
    assert!(own.contains("INDEX customer_owner ") && !sorts(&own), "{own}");
}
