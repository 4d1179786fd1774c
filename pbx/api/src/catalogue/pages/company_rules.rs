//! 外呼合规 (D22): the lock under which a company calls by hand and by preview only.

use crate::catalogue::{Action, Column, Field, Kind, Page};

pub static PAGE: Page = Page {
    id: "company_rules",
    menu: "settings",
    columns: &[
        Column::new("preview_only", Kind::YesNo, 14),
        Column::new("opt_out_key", Kind::YesNo, 14),
        Column::new("note", Kind::Text, 30),
        Column::new("updated", Kind::DateTime, 19),
        Column::new("by", Kind::Text, 14),
    ],
    filters: &[],
    form: &[
        Field::new("preview_only", Kind::YesNo).required().hint(),
        Field::new("opt_out_key", Kind::YesNo).required().hint(),
        Field::new("note", Kind::LongText).max(500).hint(),
    ],
    actions: &[Action::row("edit")],
    view: None,
};
