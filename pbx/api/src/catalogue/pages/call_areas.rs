//! 地区时段 (X15, D18): places whose clock is not the company's, by the beginnings of their numbers.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "call_areas",
    menu: "settings",
    columns: &[
        Column::new("name", Kind::Text, 14),
        Column::new("prefixes", Kind::Text, 40),
        Column::new("later_min", Kind::Number, 10),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::new("prefixes", Kind::LongText).required().max(60_000).hint(),
        Field::new("later_min", Kind::Number).required().default("120").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
