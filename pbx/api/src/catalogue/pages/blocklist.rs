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
        Column::new("expires", Kind::DateTime, 19),
        Column::new("reason", Kind::Text, 24),
    ],
    filters: &[Filter::new("phone", Kind::Phone), Filter::of("direction", DIRECTIONS)],
    form: &[Field::new("phone", Kind::Phone).required().max(40).hint(), DIRECTION, EXPIRES, REASON],
    actions: &[
        Action::toolbar("add"),
        Action::toolbar("import"),
        Action::toolbar("add_many").asks(&[
            Field::new("numbers", Kind::LongText).required().max(60_000).hint(),
            DIRECTION,
            EXPIRES,
            REASON,
        ]),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};

const DIRECTION: Field = Field::of("direction", DIRECTIONS).required().default("both");
const EXPIRES: Field = Field::new("expires", Kind::DateTime).hint();
const REASON: Field = Field::new("reason", Kind::Text).max(90);
