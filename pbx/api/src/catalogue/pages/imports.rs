//! 批量导入记录: what was imported, by whom, what became of its rows; taken back within 24 hours.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

/// What rows of a file become.
pub const TARGETS: &[&str] = &["import_customers", "import_campaigns", "import_blocklist", "import_seats"];

pub static PAGE: Page = Page {
    id: "imports",
    menu: "customer_cases",
    columns: &[
        Column::new("created", Kind::DateTime, 19),
        Column::new("file_name", Kind::Text, 22),
        Column::new("target", Kind::Select, 10),
        Column::new("campaign", Kind::Text, 14),
        Column::new("by", Kind::Text, 14),
        Column::new("state", Kind::Select, 10),
        Column::new("rows", Kind::Number, 8),
        Column::new("added", Kind::Number, 8),
        Column::new("duplicate", Kind::Number, 8),
        Column::new("bad", Kind::Number, 8),
        Column::new("blocked", Kind::Number, 8),
        Column::new("updated", Kind::Number, 8),
    ],
    filters: &[
        Filter::of("target", TARGETS),
        Filter::from("by", "seats"),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[],
    // The rejects are a file: GET /api/import/{id}/rejects.
    actions: &[Action::toolbar("export"), Action::row("undo").confirmed(), Action::row("rejects")],
    view: None,
};
