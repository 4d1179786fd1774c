#![allow(clippy::unwrap_used)]
use super::*;
use crate::desk::{Fault, Query, page, page::After, sample};
use hutong_api::CompanyId;
use rusqlite::Transaction;

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

fn code<T: std::fmt::Debug>(answer: Answer<T>) -> String {
    match answer {
        Err(Fault::Refused(refusal)) => refusal.code.into_owned(),
        other => format!("{other:?}"),
    }
}

fn field(tx: &Transaction<'_>, who: &Who, pairs: &[(&str, &str)]) -> String {
    let saved = page::save(tx, who, "customer_fields", None, &values(pairs)).unwrap();
    assert_eq!(saved.after, [After::Changed { company: CompanyId(1), page: "customer_fields" }]);
    format!("f{}", saved.id)
}

fn set(tx: &Transaction<'_>, who: &Who, system: &str, pairs: &[(&str, &str)]) -> Answer<crate::desk::Saved> {
    let sql = "SELECT id FROM customer_field WHERE company_id = 1 AND system = ?1";
    let id = tx.query_row(sql, [system], |row| row.get(0)).unwrap();
    page::save(tx, who, "customer_fields", Some(id), &values(pairs))
}

fn customers(tx: &Transaction<'_>, who: &Who) -> PageView {
    page::views(tx, who).unwrap().into_iter().find(|view| view.id == "customers").unwrap()
}

fn found(tx: &Transaction<'_>, who: &Who, filters: &[(&str, &str)]) -> Vec<i64> {
    let query = Query { filters: values(filters), ..Query::default() };
    let list = page::with(tx, who, "customers", |source| source.list(tx, who, &query)).unwrap();
    list.rows.iter().map(|row| row.id).collect()
}

/// V defaults of F26.
#[test]
fn a_company_starts_with_the_manuals_fields() {
    let mut conn = sample::database();
    let tx = conn.transaction().unwrap();
    let who = sample::who(1, "admin");
    let list = page::source("customer_fields").unwrap().list(&tx, &who, &Query::default()).unwrap();
    let shown: Vec<_> = list
        .rows
        .iter()
        .map(|row| (row.cells["name"].as_str(), row.cells["length"].as_str(), row.cells["shown"].as_str()))
        .collect();
    assert!(list.rows.iter().all(|row| row.cells["width"] == "150"));
    let expected = [
        ("手机号码", "40", "是"),
        ("客户名称", "60", "是"),
        ("电话号码", "20", "是"),
        ("公司名称", "60", "是"),
        ("客户分类", "11", "是"),
        ("归属人", "30", "是"),
        ("归属项目", "11", "是"),
        ("地址", "90", "是"),
        ("录音id", "30", "否"),
        ("录音文件", "90", "否"),
        ("添加时间", "0", "是"),
        ("更新时间", "0", "是"),
    ];
    assert_eq!(shown, expected);
    assert!(list.rows.iter().all(|row| row.actions == ["edit"]), "none can be deleted");
    let columns: Vec<_> = customers(&tx, &who).columns.into_iter().map(|column| column.title).collect();
    let manual = [
        "手机号码",
        "客户名称",
        "电话号码",
        "公司名称",
        "客户分类",
        "归属人",
        "归属项目",
        "地址",
        "添加时间",
        "更新时间",
        "备注",
    ];
    assert_eq!(columns, manual, "the page as the manual shows it (F16)");
}

#[test]
fn added_fields_of_every_type_are_listed_filtered_sorted_and_checked() {
    let mut conn = sample::database();
    let tx = conn.transaction().unwrap();
    let who = sample::who(1, "admin");
    let queried = ("queried", "true");
    let size = field(&tx, &who, &[("name", "尺码"), ("kind", "field_one"), ("options", "S\nM\n42"), queried]);
    let likes = field(&tx, &who, &[("name", "爱好"), ("kind", "field_several"), ("options", "茶，大茶"), queried]);
    let word = field(&tx, &who, &[("name", "车牌"), ("length", "3"), queried, ("position", "15")]);
    let day = field(&tx, &who, &[("name", "生日"), ("kind", "field_date"), queried]);
    let time = field(&tx, &who, &[("name", "约时"), ("kind", "field_datetime")]);
    let count = field(&tx, &who, &[("name", "人数"), ("kind", "field_number"), queried]);
    let long = field(&tx, &who, &[("name", "经过"), ("kind", "field_long"), ("length", "4000")]);
    let view = customers(&tx, &who);
    assert_eq!(view.columns[1].title, "车牌", "by 排序");
    assert!(view.form.iter().any(|field| field.id == size && field.choices.len() == 3));
    let save = |pairs: &[(&str, &str)]| page::save(&tx, &who, "customers", Some(1), &values(pairs));
    save(&[(&size, "42"), (&likes, "大茶"), (&word, "闽中文"), (&day, "1990-01-02"), (&time, "2026-06-10 09:30")])
        .unwrap();
    save(&[(&count, "12"), (&long, &"长".repeat(4000))]).unwrap();
    save(&[(&word, "\"\\")]).unwrap();
    assert_eq!(found(&tx, &who, &[(&word, "\"\\")]), [1], "as the JSON writes it otherwise");
    save(&[(&word, "闽中文")]).unwrap();
    for (field, wrong, refusal) in [
        (&size, "XL", "field.choice"),
        (&likes, "茶,酒", "field.choice"),
        (&word, "四个字符", "field.too_long"),
        (&day, "昨天", "field.bad"),
        (&time, "2026-13-01 00:00", "field.bad"),
        (&count, "many", "field.bad"),
    ] {
        assert_eq!(code(save(&[(field, wrong)])), refusal, "{wrong}");
    }
    let kept = page::get(&tx, &who, "customers", 1).unwrap().values;
    assert_eq!((kept[&size].as_str(), kept[&time].as_str()), ("42", "2026-06-10 09:30:00"));
    for (filter, hit, miss) in [
        (&size, "42", "S"),
        (&likes, "大茶", "茶"),
        (&word, "中", "京"),
        (&day, "1990-01", "1991"),
        (&count, "12", "1"),
    ] {
        assert_eq!(
            (found(&tx, &who, &[(filter, hit)]), found(&tx, &who, &[(filter, miss)])),
            (vec![1], vec![]),
            "{hit}"
        );
    }
    let sorted = Query { sort: Some(format!("-{count}")), ..Query::default() };
    let list = page::with(&tx, &who, "customers", |source| source.list(&tx, &who, &sorted)).unwrap();
    assert_eq!(list.rows[0].cells[&likes], "大茶");
    let other = sample::who(2, "admin");
    assert!(customers(&tx, &other).columns.iter().all(|column| column.title != "车牌"), "another company's");
}

#[test]
fn hiding_takes_a_field_from_every_face_and_never_drops_what_is_in_it() {
    let mut conn = sample::database();
    let tx = conn.transaction().unwrap();
    let who = sample::who(1, "admin");
    page::save(&tx, &who, "customers", Some(1), &values(&[("address", "一号路")])).unwrap();
    set(&tx, &who, "address", &[("shown", "false")]).unwrap();
    let view = customers(&tx, &who);
    assert!(view.columns.iter().all(|c| c.id != "address") && view.form.iter().all(|f| f.id != "address"));
    page::save(&tx, &who, "customers", Some(1), &values(&[("address", "二号路"), ("name", "乙")])).unwrap();
    set(&tx, &who, "address", &[("shown", "true"), ("queried", "true"), ("name", "住址"), ("length", "3")]).unwrap();
    let view = customers(&tx, &who);
    assert!(view.filters.iter().any(|f| f.id == "address" && f.title == "住址"));
    assert_eq!(found(&tx, &who, &[("address", "一号")]), [1], "as it was");
    let long = page::save(&tx, &who, "customers", Some(1), &values(&[("address", "四个字长")]));
    assert_eq!(code(long), "field.too_long");
}

#[test]
fn system_fields_stay_what_they_are() {
    let mut conn = sample::database();
    let tx = conn.transaction().unwrap();
    let who = sample::who(1, "admin");
    assert_eq!(code(set(&tx, &who, "mobile", &[("shown", "false")])), "field.always_shown");
    set(&tx, &who, "mobile", &[("kind", "field_long")]).unwrap();
    let kind: String = tx
        .query_row("SELECT kind FROM customer_field WHERE company_id = 1 AND system = 'mobile'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(kind, "field_text");
    let id: i64 = tx
        .query_row("SELECT id FROM customer_field WHERE company_id = 1 AND system = 'owner'", [], |r| r.get(0))
        .unwrap();
    assert_eq!(code(page::act(&tx, &who, "customer_fields", "delete", id, &Values::new())), "field.system");
    let add = |pairs: &[(&str, &str)]| code(page::save(&tx, &who, "customer_fields", None, &values(pairs)));
    assert_eq!(add(&[("name", "手机号码")]), "field.taken");
    assert_eq!(add(&[("name", "Address")]), "field.taken");
    assert_eq!(add(&[("name", "级别"), ("kind", "field_one")]), "field.no_options");
    field(&tx, &who, &[("name", "级别")]);
    assert_eq!(add(&[("name", "级别")]), "field.taken");
}

#[test]
fn numbers_in_added_fields_are_hidden_like_any() {
    let mut conn = sample::database();
    let tx = conn.transaction().unwrap();
    let mut who = sample::who(1, "admin");
    let id = field(&tx, &who, &[("name", "备用号码"), ("queried", "true")]);
    page::save(&tx, &who, "customers", Some(1), &values(&[(&id, "15400000099")])).unwrap();
    who.hide_numbers = true;
    assert_eq!(page::get(&tx, &who, "customers", 1).unwrap().values[&id], "****");
    assert_eq!(found(&tx, &who, &[(&id, "15400000")]), Vec::<i64>::new());
    page::save(&tx, &who, "customers", Some(1), &values(&[(&id, "****"), ("name", "丙")])).unwrap();
    who.hide_numbers = false;
    assert_eq!(page::get(&tx, &who, "customers", 1).unwrap().values[&id], "15400000099", "stars stand for unchanged");
}
