//! 客户资料 (F16–F21). 分配 and 公共池 come with the office's records.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "customers",
    menu: "customer_cases",
    columns: &[
        Column::new("mobile", Kind::Phone, 14),
        Column::new("name", Kind::Text, 12),
        Column::new("landline", Kind::Phone, 14),
        Column::new("organisation", Kind::Text, 20),
        Column::new("category", Kind::Text, 10),
        Column::new("owner", Kind::Text, 14),
        Column::new("project", Kind::Text, 10),
        Column::new("address", Kind::Text, 20),
        Column::new("created", Kind::DateTime, 19),
        Column::new("updated", Kind::DateTime, 19),
        Column::new("note", Kind::Text, 20),
    ],
    filters: &[
        Filter::new("mobile", Kind::Phone),
        Filter::new("name", Kind::Text),
        Filter::new("organisation", Kind::Text),
        Filter::new("category", Kind::Text),
        Filter::from("owner", "seats"),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[
        Field::new("mobile", Kind::Phone).required().max(40),
        Field::new("name", Kind::Text).max(60),
        Field::new("landline", Kind::Phone).max(20),
        Field::new("organisation", Kind::Text).max(60),
        Field::new("category", Kind::Text).max(11),
        Field::new("project", Kind::Text).max(11),
        Field::new("address", Kind::Text).max(90),
        Field::new("note", Kind::LongText).max(500),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::toolbar("import"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
