//! 部门管理 (F97): a tree, listed in its own order by 1.2.3.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "departments",
    menu: "organisation",
    columns: &[
        Column::new("outline", Kind::Text, 10),
        Column::new("name", Kind::Text, 16),
        Column::new("path", Kind::Text, 30),
        Column::new("seats", Kind::Number, 8),
        Column::new("description", Kind::Text, 30),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::new("description", Kind::Text).max(90),
        Field::from("parent", "departments"),
        Field::new("place", Kind::Number).default("0").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("add_below")
            .asks(&[Field::new("name", Kind::Text).required().max(40), Field::new("description", Kind::Text).max(90)]),
        Action::row("edit"),
    ],
    view: None,
};
