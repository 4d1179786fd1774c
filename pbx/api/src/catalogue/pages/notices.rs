//! 公告管理 (F98), and who has read what.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const AUDIENCES: &[&str] = &["everyone", "departments"];

pub static PAGE: Page = Page {
    id: "notices",
    menu: "notices",
    columns: &[
        Column::new("title", Kind::Text, 24),
        Column::new("audience", Kind::Select, 10),
        Column::new("departments", Kind::Text, 20),
        Column::new("from", Kind::DateTime, 19),
        Column::new("to", Kind::DateTime, 19),
        Column::new("urgent", Kind::YesNo, 6),
        Column::new("read", Kind::Text, 10),
        Column::new("author", Kind::Text, 14),
        Column::new("created", Kind::DateTime, 19),
    ],
    filters: &[Filter::new("title", Kind::Text)],
    form: &[
        Field::new("title", Kind::Text).required().max(80),
        Field::new("body", Kind::LongText).required().max(2000),
        Field::of("audience", AUDIENCES).default("everyone"),
        Field::from("departments", "departments").several().hint(),
        Field::new("from", Kind::DateTime),
        Field::new("to", Kind::DateTime).hint(),
        Field::new("urgent", Kind::YesNo).default("false").hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};

/// 阅读回执: one row for each reader of a notice.
pub static RECEIPTS: Page = Page {
    id: "notice_reads",
    menu: "notices",
    columns: &[
        Column::new("notice", Kind::Text, 24),
        Column::new("seat", Kind::Text, 14),
        Column::new("department", Kind::Text, 12),
        Column::new("at", Kind::DateTime, 19),
    ],
    filters: &[
        Filter::from("notice", "notices"),
        Filter::from("department", "departments"),
        Filter::new("from", Kind::DateTime),
        Filter::new("to", Kind::DateTime),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
