//! 公共池设置 (F22): how many customers a seat may claim a day, and when one nobody spoke with goes back.

use crate::catalogue::{Action, Column, Field, Kind, Page};

pub static PAGE: Page = Page {
    id: "pool_settings",
    menu: "settings",
    columns: &[
        Column::new("claims_per_day", Kind::Number, 14),
        Column::new("recycle_days", Kind::Number, 14),
        Column::new("updated", Kind::DateTime, 19),
        Column::new("by", Kind::Text, 14),
    ],
    filters: &[],
    form: &[
        Field::new("claims_per_day", Kind::Number).required().hint(),
        Field::new("recycle_days", Kind::Number).required().hint(),
    ],
    actions: &[Action::row("edit")],
    view: None,
};
