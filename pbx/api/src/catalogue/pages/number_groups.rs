//! 号码组: numbers of the company's trunks that belong together, for 呼叫轮询 and campaigns (F105).

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "number_groups",
    menu: "settings",
    columns: &[Column::new("name", Kind::Text, 16), Column::new("numbers", Kind::Text, 40)],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[Field::new("name", Kind::Text).required().max(40), Field::new("numbers", Kind::LongText).required().hint()],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
