//! 节假日历 (X15): a company's own holidays and working days beside the published ones, which they win over.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const KINDS: &[&str] = &["day_holiday", "day_workday", "day_plain"];

pub static PAGE: Page = Page {
    id: "calendar_days",
    menu: "settings",
    columns: &[
        Column::new("date", Kind::Date, 11),
        Column::new("kind", Kind::Select, 12),
        Column::new("name", Kind::Text, 24),
    ],
    filters: &[Filter::of("kind", KINDS)],
    form: &[
        Field::new("date", Kind::Date).required(),
        Field::of("kind", KINDS).required().default("day_holiday").hint(),
        Field::new("name", Kind::Text).max(40),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::toolbar("add_many").asks(&[Field::new("lines", Kind::LongText).required().max(60_000).hint()]),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
