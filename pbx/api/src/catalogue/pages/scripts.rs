//! 话术 (F36): what a callee hears at the answer, and whether an agent follows; a campaign picks one.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "scripts",
    menu: "predictive",
    columns: &[
        Column::new("name", Kind::Text, 16),
        Column::new("greeting", Kind::Text, 16),
        Column::new("to_agent", Kind::YesNo, 8),
        Column::new("created", Kind::DateTime, 19),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::from("greeting", "prompts").hint(),
        Field::new("to_agent", Kind::YesNo).default("true").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
