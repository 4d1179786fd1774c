//! 预览式外呼 → 任务列表 (F53–F58). The record is a campaign whose mode is preview.

use super::campaigns::{ALL_MODES, STATUSES};
use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// How the numbers come to the seats: dealt evenly when they are added, or taken one by one by whoever is free.
pub const SHARES: &[&str] = &["share_evenly", "share_pull"];

pub static PAGE: Page = Page {
    id: "preview_tasks",
    menu: "preview",
    columns: &[
        Column::new("id", Kind::Number, 8),
        Column::new("name", Kind::Text, 16),
        Column::new("project", Kind::Text, 12),
        Column::new("seats", Kind::Text, 24),
        Column::new("ring_s", Kind::Number, 8),
        Column::new("status", Kind::Select, 8),
        Column::new("progress", Kind::Percent, 8),
        Column::new("dialled", Kind::Text, 11),
        Column::new("rate", Kind::Percent, 8),
        Column::new("creator", Kind::Text, 12),
    ],
    filters: &[
        Filter::new("name", Kind::Text),
        Filter::of("status", STATUSES),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::from("project", "projects"),
        Field::new("ring_s", Kind::Number).default("50").hint(),
        Field::from("trunk", "trunks").required(),
        Field::new("file", Kind::File).fixed(),
        Field::new("numbers", Kind::LongText).max(60_000).fixed().hint(),
        Field::from("seats", "seats").several().hint(),
        Field::of("share", SHARES).default("share_evenly").hint(),
        Field::new("sync_customers", Kind::YesNo).default("false").fixed(),
        Field::new("run", Kind::Span).default("09:00~20:00").advanced(),
        Field::new("rest", Kind::Span).default("12:00~14:00").advanced(),
        Field::of("pacing", ALL_MODES).default("preview").advanced().hint(),
        Field::from("script", "scripts").advanced().hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("start"),
        Action::row("pause"),
        Action::row("append"),
        Action::row("redial").confirmed(),
        Action::row("edit"),
    ],
    view: None,
};
