//! The page `customers` as a company has set it (字段设置, F26–F28): the catalogue's columns, filters and fields in the company's
//! order and words, and the fields it added. Values of these are `customer.extra`, by "f<id>".

use super::{
    Answer, Who,
    cell::{Cell, Show, cell},
    form::{self, Values},
    query::{By, Source},
};
use hutong_api::{
    Lang,
    catalogue::{ColumnView, FieldView, FilterView, Kind, PageView, field_view, pages::customers::PAGE},
    page::Choice,
    texts::text,
};
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;

/// 标准 of 控件长度: as wide as the catalogue says.
const STANDARD: u16 = 150;
/// Pixels of a console's column, about.
const PIXELS: u16 = 10;

/// The newest recording of the customer's number. An index finds it; only shown rows ask.
const RECORDING: &str = "(SELECT r.call_id FROM cdr d JOIN recording r ON r.call_id = d.call_id WHERE d.company_id = c.company_id \
    AND d.phone = c.mobile AND r.verdict IN ('saved', 'salvaged') ORDER BY d.call_id DESC LIMIT 1)";
/// Columns that are only there where a company shows them.
const SPARE_CELLS: [(Cell<'static>, Kind, u16); 2] = [
    (cell("recording_id", Show::Plain, RECORDING), Kind::Text, 10),
    (cell("recording_file", Show::Plain, RECORDING), Kind::Audio, 8),
];
/// Filters that are only there where a company asks for them: (field, filter, how).
const SPARE_FILTERS: [(&str, &str, Kind, By<'static>); 4] = [
    ("landline", "landline", Kind::Phone, By::Phone { of: &["c.landline"], or: &[] }),
    ("address", "address", Kind::Text, By::CustomerText(&["c.address"])),
    ("updated", "updated_from", Kind::DateTime, By::From("c.updated")),
    ("updated", "updated_to", Kind::DateTime, By::To("c.updated")),
];

/// A company's fields in its order.
#[derive(Debug, Default)]
pub struct Overlay {
    fields: Vec<OwnField>,
}

#[derive(Debug)]
struct OwnField {
    /// The catalogue's, or "f<id>".
    id: String,
    added: bool,
    /// Empty = the catalogue's.
    title: String,
    kind: Kind,
    max_chars: u16,
    width: u16,
    shown: bool,
    popped: bool,
    queried: bool,
    heading: String,
    options: Vec<String>,
    /// Of an added field: its text.
    sql: String,
}

impl Overlay {
    pub fn load(conn: &Connection, who: &Who) -> Answer<Overlay> {
        let sql = "SELECT id, system, name, kind, length, width, shown, popped, queried, heading, options
                   FROM customer_field WHERE company_id = ?1 ORDER BY position, id";
        let mut statement = conn.prepare_cached(sql)?;
        let fields = statement.query_map([who.company.0], OwnField::read)?.collect::<Result<_, _>>()?;
        Ok(Overlay { fields })
    }

    /// Turns the catalogue's page into the company's.
    pub fn apply(&self, view: &mut PageView, lang: Lang) {
        view.columns = self.columns(std::mem::take(&mut view.columns), lang);
        view.filters = self.filters(std::mem::take(&mut view.filters), lang);
        view.form = self.form(lang);
    }

    /// The form as this company's people fill it in: every field that is shown.
    pub fn form(&self, lang: Lang) -> Vec<FieldView> {
        let mut own: Vec<(usize, FieldView)> = Vec::new();
        for field in PAGE.form {
            let view = field_view(&PAGE, field, lang);
            match self.find(field.id) {
                Some((at, set)) if set.shown => own.push((at, set.dress(view))),
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().map(|(at, field)| (at, field.field())));
        sorted(own)
    }

    /// A form's values as typed, checked against the company's fields.
    pub fn clean(&self, typed: &BTreeMap<String, String>, new: bool, lang: Lang) -> Answer<Values> {
        form::clean_views(&self.form(lang), typed, new)
    }

    /// The page's SQL with the company's columns and filters.
    pub fn with<T>(&self, base: &Source<'static>, work: impl FnOnce(&Source<'_>) -> T) -> T {
        let own: Vec<(&OwnField, [&str; 1])> = self.added().map(|(_, field)| (field, [field.sql.as_str()])).collect();
        let own_cells = || own.iter().map(|(field, sql)| cell(&field.id, field.show(), sql[0]));
        let spare =
            SPARE_CELLS.iter().map(|(cell, ..)| *cell).filter(|cell| self.find(cell.id).is_some_and(|f| f.1.shown));
        let shown = base.cells.iter().copied().filter(|cell| self.shows(cell.id));
        let cells: Vec<Cell<'_>> = shown.chain(spare).chain(own_cells()).collect();
        let form: Vec<Cell<'_>> = base.form.iter().copied().chain(own_cells()).collect();
        let asked = base.filters.iter().copied().filter(|(id, _)| self.asks(id));
        let spare = SPARE_FILTERS.iter().filter(|(field, ..)| self.asks(field)).map(|(_, id, _, by)| (*id, *by));
        let mut filters: Vec<(&str, By<'_>)> = asked.chain(spare).collect();
        for (field, sql) in own.iter().filter(|(field, _)| field.queried) {
            filters.push((&field.id, field.by(sql)));
        }
        work(&Source { cells: &cells, form: &form, filters: &filters, ..base.clone() })
    }

    fn columns(&self, views: Vec<ColumnView>, lang: Lang) -> Vec<ColumnView> {
        let spare = SPARE_CELLS.iter().filter(|(cell, ..)| self.find(cell.id).is_some()).map(|(cell, kind, width)| {
            let title = text(lang, &format!("catalogue.customer_fields.system.{}", cell.id)).to_owned();
            ColumnView { id: cell.id.to_owned(), title, kind: *kind, width: *width }
        });
        let mut own: Vec<(usize, ColumnView)> = Vec::new();
        for mut view in views.into_iter().chain(spare) {
            match self.find(&view.id) {
                Some((at, field)) if field.shown => {
                    field.name(&mut view.title);
                    view.width = field.columns(view.width);
                    own.push((at, view));
                }
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().map(|(at, field)| (at, field.column())));
        sorted(own)
    }

    fn filters(&self, views: Vec<FilterView>, lang: Lang) -> Vec<FilterView> {
        let spare = SPARE_FILTERS.iter().filter(|(field, ..)| self.find(field).is_some()).map(|(_, id, kind, _)| {
            let title = text(lang, &format!("catalogue.customer_fields.filter.{id}")).to_owned();
            FilterView { id: (*id).to_owned(), title, kind: *kind, choices: Vec::new(), options_from: None }
        });
        let mut own: Vec<(usize, FilterView)> = Vec::new();
        for mut view in views.into_iter().chain(spare) {
            match self.find(field_of(&view.id)) {
                Some((at, field)) if field.shown && field.queried => {
                    if field_of(&view.id) == view.id {
                        field.name(&mut view.title);
                    }
                    own.push((at, view));
                }
                Some(_) => {}
                None => own.push((usize::MAX, view)),
            }
        }
        own.extend(self.added().filter(|(_, f)| f.queried).map(|(at, field)| (at, field.filter())));
        sorted(own)
    }

    fn find(&self, id: &str) -> Option<(usize, &OwnField)> {
        self.fields.iter().enumerate().find(|(_, field)| field.id == id)
    }

    /// Added fields that are shown.
    fn added(&self) -> impl Iterator<Item = (usize, &OwnField)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.added && field.shown)
    }

    fn shows(&self, id: &str) -> bool {
        self.find(id).is_none_or(|(_, field)| field.shown)
    }

    fn asks(&self, filter: &str) -> bool {
        self.find(field_of(filter)).is_none_or(|(_, field)| field.shown && field.queried)
    }
}

/// The field a filter asks of: a span of time has two.
fn field_of(filter: &str) -> &str {
    filter.strip_suffix("_from").or_else(|| filter.strip_suffix("_to")).unwrap_or(filter)
}

fn sorted<T>(mut own: Vec<(usize, T)>) -> Vec<T> {
    own.sort_by_key(|(at, _)| *at);
    own.into_iter().map(|(_, view)| view).collect()
}

impl OwnField {
    fn read(row: &Row<'_>) -> rusqlite::Result<OwnField> {
        let (id, system): (i64, String) = (row.get(0)?, row.get(1)?);
        let added = system.is_empty();
        let kind: String = row.get(3)?;
        Ok(OwnField {
            id: if added { format!("f{id}") } else { system },
            added,
            title: row.get(2)?,
            kind: kind_of(&kind),
            max_chars: row.get(4)?,
            width: row.get(5)?,
            shown: row.get(6)?,
            popped: row.get(7)?,
            queried: row.get(8)?,
            heading: row.get(9)?,
            options: serde_json::from_str(&row.get::<_, String>(10)?).unwrap_or_default(),
            // As text, so that a choice that looks like a number is compared as what it is; numbers sort as numbers.
            sql: format!(
                "CAST(json_extract(c.extra, '$.f{id}') AS {})",
                if kind == "field_number" { "INTEGER" } else { "TEXT" }
            ),
        })
    }

    fn name(&self, title: &mut String) {
        if !self.title.is_empty() {
            title.clone_from(&self.title);
        }
    }

    fn dress(&self, mut view: FieldView) -> FieldView {
        self.name(&mut view.title);
        // A choice is as long as it is.
        if self.max_chars > 0 && view.kind != Kind::Select {
            view.max_chars = self.max_chars;
        }
        view.width = self.width;
        view.popped = self.popped;
        view.group.clone_from(&self.heading);
        view
    }

    fn choices(&self) -> Vec<Choice> {
        self.options.iter().map(|option| Choice { value: option.clone(), label: option.clone() }).collect()
    }

    fn field(&self) -> FieldView {
        FieldView {
            id: self.id.clone(),
            title: self.title.clone(),
            kind: self.kind,
            required: false,
            // The choices bound themselves.
            max_chars: if self.options.is_empty() { self.max_chars } else { 0 },
            choices: self.choices(),
            options_from: None,
            default: String::new(),
            fixed: false,
            advanced: false,
            group: self.heading.clone(),
            hint: String::new(),
            width: self.width,
            popped: self.popped,
        }
    }

    fn column(&self) -> ColumnView {
        let kind = match self.kind {
            Kind::LongText | Kind::Choices | Kind::Select => Kind::Text,
            kind => kind,
        };
        ColumnView { id: self.id.clone(), title: self.title.clone(), kind, width: self.columns(STANDARD / PIXELS) }
    }

    fn filter(&self) -> FilterView {
        let kind = match self.kind {
            Kind::LongText => Kind::Text,
            Kind::Choices => Kind::Select,
            Kind::DateTime => Kind::Date,
            kind => kind,
        };
        FilterView { id: self.id.clone(), title: self.title.clone(), kind, choices: self.choices(), options_from: None }
    }

    fn columns(&self, standard: u16) -> u16 {
        if matches!(self.width, 0 | STANDARD) { standard } else { (self.width / PIXELS).clamp(4, 60) }
    }

    fn show(&self) -> Show {
        // A day is no number that must be hidden.
        if matches!(self.kind, Kind::Date | Kind::DateTime) { Show::Plain } else { Show::Text }
    }

    fn by<'a>(&'a self, sql: &'a [&'a str; 1]) -> By<'a> {
        match self.kind {
            Kind::Date | Kind::DateTime => By::Like(sql),
            Kind::Number | Kind::Select => By::Is(sql[0]),
            Kind::Choices => By::Among(sql[0]),
            _ => By::CustomerText(sql),
        }
    }
}

/// A word of 控件类型.
pub fn kind_of(word: &str) -> Kind {
    match word {
        "field_number" => Kind::Number,
        "field_date" => Kind::Date,
        "field_datetime" => Kind::DateTime,
        "field_one" => Kind::Select,
        "field_several" => Kind::Choices,
        "field_long" => Kind::LongText,
        _ => Kind::Text,
    }
}

#[cfg(test)]
mod tests {
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
        set(&tx, &who, "address", &[("shown", "true"), ("queried", "true"), ("name", "住址"), ("length", "3")])
            .unwrap();
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
        assert_eq!(
            page::get(&tx, &who, "customers", 1).unwrap().values[&id],
            "15400000099",
            "stars stand for unchanged"
        );
    }
}
