//! 项目界面 (D9, F24): what 业务记录 asks beside its own three fields, by project.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page, pages::customer_fields::KINDS};

pub static PAGE: Page = Page {
    id: "project_fields",
    menu: "customer_cases",
    columns: &[
        Column::new("project", Kind::Text, 14),
        Column::new("name", Kind::Text, 14),
        Column::new("kind", Kind::Select, 8),
        Column::new("options", Kind::Text, 24),
        Column::new("required", Kind::YesNo, 6),
        Column::new("position", Kind::Number, 6),
    ],
    filters: &[Filter::from("project", "projects"), Filter::new("name", Kind::Text)],
    form: &[
        Field::from("project", "projects").required().fixed(),
        Field::of("kind", KINDS).required().default("field_text").fixed(),
        Field::new("name", Kind::Text).required().max(20),
        Field::new("options", Kind::LongText).hint(),
        Field::new("required", Kind::YesNo).default("false"),
        Field::new("position", Kind::Number).hint(),
    ],
    actions: &[Action::toolbar("add"), Action::selection("delete").confirmed(), Action::row("edit")],
    view: None,
};
