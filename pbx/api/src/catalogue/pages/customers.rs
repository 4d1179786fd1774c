//! 客户资料 (F16–F22). A company's own columns, filters and fields come on top (字段设置).

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// 分配方式: evenly, all to one, by counts.
pub const ASSIGN_MODES: &[&str] = &["assign_evenly", "assign_one", "assign_counts"];
/// What a customer said to being called (D22).
pub const CONSENTS: &[&str] = &["consent_given", "consent_refused"];

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
        Filter::from("category", "categories"),
        Filter::from("project", "projects"),
        Filter::from("owner", "seats"),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[
        Field::new("mobile", Kind::Phone).required().max(40),
        Field::new("name", Kind::Text).max(60),
        Field::new("landline", Kind::Phone).max(20),
        Field::new("organisation", Kind::Text).max(60),
        Field::from("category", "categories"),
        Field::from("project", "projects"),
        Field::new("address", Kind::Text).max(90),
        Field::new("note", Kind::LongText).max(500),
        Field::of("consent", CONSENTS).group("consent"),
        Field::new("consent_source", Kind::Text).max(60).group("consent"),
        Field::new("consent_on", Kind::Date).group("consent"),
        Field::new("consent_text", Kind::LongText).max(500).group("consent").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("assign").all().asks(&[
            Field::of("mode", ASSIGN_MODES).required().default("assign_evenly"),
            Field::from("seats", "seats").several(),
            Field::new("counts", Kind::Text).max(1000).hint(),
        ]),
        Action::toolbar("import"),
        Action::selection("delete").all().confirmed(),
        Action::toolbar("export"),
        Action::selection("release").all().asks(&[Field::new("reason", Kind::Text).required().max(90)]),
        Action::selection("preview").all().asks(&[Field::from("campaign", "preview_tasks").required()]),
        Action::row("dial"),
        Action::row("edit"),
        Action::row("owners"),
    ],
    view: None,
};
