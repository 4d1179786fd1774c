//! 弹屏设置 (F103): when the card of a call opens, and what page of the office's own opens beside it. One row for each kind
//! of calls. Which fields the card has is 字段设置's 是否弹屏显示.

use crate::catalogue::{Action, Column, Field, Kind, Page};

/// While it rings, or when the two talk.
pub const MOMENTS: &[&str] = &["at_ring", "at_answer"];

pub static PAGE: Page = Page {
    id: "pop_settings",
    menu: "settings",
    columns: &[
        Column::new("kind", Kind::Text, 10),
        Column::new("moment", Kind::Select, 12),
        Column::new("url", Kind::Text, 50),
    ],
    filters: &[],
    form: &[
        Field::of("moment", MOMENTS).required().default("at_ring").hint(),
        Field::new("url", Kind::Text).max(500).hint(),
    ],
    actions: &[Action::toolbar("export"), Action::row("edit")],
    view: None,
};
