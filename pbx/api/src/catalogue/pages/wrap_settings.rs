//! 话后设置 (F108): one row for the company, and one for each department that wants another rule.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "wrap_settings",
    menu: "settings",
    columns: &[
        Column::new("department", Kind::Text, 16),
        Column::new("seconds", Kind::Number, 10),
        Column::new("more_s", Kind::Number, 10),
        Column::new("must_save", Kind::YesNo, 12),
        Column::new("after_failed", Kind::YesNo, 12),
    ],
    filters: &[Filter::from("department", "departments")],
    form: &[
        Field::from("department", "departments").fixed().hint(),
        Field::new("seconds", Kind::Number).required().default("15").hint(),
        Field::new("more_s", Kind::Number).required().default("30").hint(),
        Field::new("must_save", Kind::YesNo).default("false").hint(),
        Field::new("after_failed", Kind::YesNo).default("true").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
