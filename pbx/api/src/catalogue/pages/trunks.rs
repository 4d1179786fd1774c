//! 线路 (F39). Peers, secrets, caller numbers and rates are set on the box itself (docs/rules.md):
//! they are no form fields.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "trunks",
    menu: "settings",
    columns: &[
        Column::new("name", Kind::Text, 14),
        Column::new("host", Kind::Text, 22),
        Column::new("callers", Kind::Text, 24),
        Column::new("channels", Kind::Number, 6),
        Column::new("cps", Kind::Number, 6),
        Column::new("increment", Kind::Number, 12),
        Column::new("rate", Kind::Text, 14),
        Column::new("enabled", Kind::YesNo, 6),
        Column::new("simulated", Kind::YesNo, 6),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::new("channels", Kind::Number).required().default("10"),
        Field::new("cps", Kind::Number).required().default("5"),
        Field::new("enabled", Kind::YesNo).default("true"),
    ],
    actions: &[Action::toolbar("export"), Action::row("edit")],
    view: None,
};
