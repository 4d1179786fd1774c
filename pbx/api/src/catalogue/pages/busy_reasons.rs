//! 示忙分类 (F107): what an agent may be 示忙 for. The codes of the first five are fixed words; a company adds its own.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "busy_reasons",
    menu: "settings",
    columns: &[
        Column::new("name", Kind::Text, 12),
        Column::new("code", Kind::Text, 14),
        Column::new("colour", Kind::Text, 8),
        Column::new("max_minutes", Kind::Number, 10),
        Column::new("max_people", Kind::Number, 10),
        Column::new("sort", Kind::Number, 6),
        Column::new("enabled", Kind::YesNo, 6),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).max(20).hint(),
        Field::new("code", Kind::Text).max(20).fixed().hint(),
        Field::new("colour", Kind::Text).max(7).default("#3b82f6").hint(),
        Field::new("max_minutes", Kind::Number).default("0").hint(),
        Field::new("max_people", Kind::Number).default("0").hint(),
        Field::new("sort", Kind::Number).default("10"),
        Field::new("enabled", Kind::YesNo).default("true"),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
