//! 预览式外呼 → 我的任务 (F59–F66): the numbers of preview tasks that are a seat's own, dialled by a click.

use super::calls::STATES;
use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "my_tasks",
    menu: "preview",
    columns: &[
        Column::new("campaign", Kind::Text, 14),
        Column::new("phone", Kind::Phone, 14),
        Column::new("name", Kind::Text, 12),
        Column::new("state", Kind::Select, 10),
        Column::new("called", Kind::DateTime, 19),
        Column::new("caller", Kind::Text, 14),
        Column::new("sip", Kind::Number, 8),
        Column::new("talk", Kind::Duration, 9),
        Column::new("seat", Kind::Text, 14),
    ],
    filters: &[
        Filter::from("campaign", "preview_tasks"),
        Filter::of("state", STATES),
        Filter::new("phone", Kind::Phone),
        Filter::from("seat", "seats"),
    ],
    form: &[],
    actions: &[
        Action::toolbar("next").asks(&[Field::from("campaign", "preview_tasks")]),
        Action::toolbar("paste").asks(&[
            Field::from("campaign", "preview_tasks").required(),
            Field::new("numbers", Kind::LongText).required().max(60_000).hint(),
        ]),
        Action::toolbar("redial").asks(&[Field::from("campaign", "preview_tasks").required()]),
        Action::row("dial"),
    ],
    view: None,
};
