//! 部门管理 (F97).

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "departments",
    menu: "organisation",
    columns: &[
        Column::new("name", Kind::Text, 16),
        Column::new("parent", Kind::Text, 16),
        Column::new("description", Kind::Text, 30),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::new("description", Kind::Text).max(90),
        Field::from("parent", "departments"),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
