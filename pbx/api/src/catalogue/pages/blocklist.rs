//! 黑名单库 (F104): acts on the next dial decision.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// 限制类型: 限制呼入呼出, 限制呼出, 限制呼入.
pub const DIRECTIONS: &[&str] = &["both", "outbound", "inbound"];

pub static PAGE: Page = Page {
    id: "blocklist",
    menu: "settings",
    columns: &[
        Column::new("phone", Kind::Phone, 14),
        Column::new("created", Kind::DateTime, 19),
        Column::new("direction", Kind::Select, 14),
        Column::new("reason", Kind::Text, 24),
    ],
    filters: &[Filter::new("phone", Kind::Phone), Filter::of("direction", DIRECTIONS)],
    form: &[
        Field::new("phone", Kind::Phone).required().max(40),
        Field::of("direction", DIRECTIONS).required().default("both"),
        Field::new("reason", Kind::Text).max(90),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::toolbar("import"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
