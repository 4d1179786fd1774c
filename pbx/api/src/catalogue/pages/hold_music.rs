//! 等待语音 (F111): what a caller hears while he waits, for the company and for departments that want another.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "hold_music",
    menu: "settings",
    columns: &[
        Column::new("department", Kind::Text, 16),
        Column::new("prompt", Kind::Text, 20),
        Column::new("announce", Kind::YesNo, 12),
    ],
    filters: &[Filter::from("department", "departments")],
    form: &[
        Field::from("department", "departments").fixed().hint(),
        Field::from("prompt", "prompts").required().hint(),
        Field::new("announce", Kind::YesNo).default("false").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
