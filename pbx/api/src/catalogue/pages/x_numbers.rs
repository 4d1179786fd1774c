//! X号码 (F89): middle numbers that a carrier has given the company, and behind which seat's own phone each stands.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "x_numbers",
    menu: "settings",
    columns: &[
        Column::new("number", Kind::Text, 14),
        Column::new("seat", Kind::Text, 16),
        Column::new("note", Kind::Text, 24),
        Column::new("created", Kind::DateTime, 19),
    ],
    filters: &[Filter::new("number", Kind::Text), Filter::from("seat", "seats")],
    form: &[
        Field::new("number", Kind::Phone).required().fixed().hint(),
        Field::from("seat", "seats").hint(),
        Field::new("note", Kind::Text).max(100),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
