//! 充值记录 (F101): a list; money is entered at the box only (docs/rules.md).

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "top_ups",
    menu: "fees",
    columns: &[
        Column::new("serial", Kind::Number, 10),
        Column::new("date", Kind::DateTime, 19),
        Column::new("kind", Kind::Select, 10),
        Column::new("amount", Kind::Money, 12),
        Column::new("balance", Kind::Money, 12),
        Column::new("by", Kind::Text, 14),
        Column::new("note", Kind::Text, 20),
    ],
    filters: &[Filter::new("from", Kind::DateTime), Filter::new("to", Kind::DateTime)],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
