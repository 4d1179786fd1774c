//! 流量费用 (F99): one line per billed leg, also the unanswered at 0.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "charges",
    menu: "fees",
    columns: &[
        Column::new("serial", Kind::Number, 10),
        Column::new("date", Kind::DateTime, 19),
        Column::new("caller", Kind::Text, 14),
        Column::new("callee", Kind::Phone, 14),
        Column::new("seconds", Kind::Number, 9),
        Column::new("increment", Kind::Number, 12),
        Column::new("rate", Kind::Text, 14),
        Column::new("charge", Kind::Money, 10),
    ],
    filters: &[
        Filter::new("from", Kind::DateTime),
        Filter::new("to", Kind::DateTime),
        Filter::new("caller", Kind::Text),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
