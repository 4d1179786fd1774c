//! 转坐席配置: agents who take the answered calls of a task together (F51).

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "agent_groups",
    menu: "predictive",
    columns: &[
        Column::new("name", Kind::Text, 16),
        Column::new("seats", Kind::Text, 40),
        Column::new("campaigns", Kind::Number, 8),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::from("seats", "seats").several().required().hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
