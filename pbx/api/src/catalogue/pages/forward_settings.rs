//! 转移设置 (F106): where calls to a seat go instead.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const MOMENTS: &[&str] = &["forward_always", "forward_busy", "forward_no_answer", "forward_offline"];

pub static PAGE: Page = Page {
    id: "forward_settings",
    menu: "settings",
    columns: &[
        Column::new("seat", Kind::Text, 16),
        Column::new("moment", Kind::Select, 12),
        Column::new("seconds", Kind::Number, 10),
        Column::new("to", Kind::Text, 20),
        Column::new("enabled", Kind::YesNo, 8),
    ],
    filters: &[Filter::from("seat", "seats"), Filter::of("moment", MOMENTS)],
    form: &[
        Field::from("seat", "seats").required().fixed().hint(),
        Field::of("moment", MOMENTS).required().default("forward_no_answer"),
        Field::new("seconds", Kind::Number).required().default("20").hint(),
        Field::from("to_seat", "seats").hint(),
        Field::from("to_department", "departments"),
        Field::new("to_mobile", Kind::Phone).hint(),
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
