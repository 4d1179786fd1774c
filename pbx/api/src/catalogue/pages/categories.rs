//! 客户分类 (F25): the words a customer may be sorted by.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "categories",
    menu: "customer_cases",
    columns: &[Column::new("name", Kind::Text, 14), Column::new("position", Kind::Number, 6)],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[Field::new("name", Kind::Text).required().max(40), Field::new("position", Kind::Number).default("0")],
    actions: &[Action::toolbar("add"), Action::selection("delete").confirmed(), Action::row("edit")],
    view: None,
};
