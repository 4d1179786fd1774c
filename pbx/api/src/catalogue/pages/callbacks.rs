//! 预约回访: who promised to call which customer again, and when. Made beside a call, with its 业务记录.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const STATES: &[&str] = &["callback_waiting", "callback_done", "callback_dropped"];

pub static PAGE: Page = Page {
    id: "callbacks",
    menu: "customer_cases",
    columns: &[
        Column::new("due", Kind::DateTime, 19),
        Column::new("seat", Kind::Text, 14),
        Column::new("customer", Kind::Text, 12),
        Column::new("phone", Kind::Phone, 14),
        Column::new("state", Kind::Select, 8),
        Column::new("note", Kind::Text, 30),
        Column::new("created", Kind::DateTime, 19),
        Column::new("closed", Kind::DateTime, 19),
    ],
    filters: &[
        Filter::of("state", STATES),
        Filter::from("seat", "seats"),
        Filter::new("phone", Kind::Phone),
        Filter::new("due_from", Kind::DateTime),
        Filter::new("due_to", Kind::DateTime),
    ],
    form: &[
        Field::new("due", Kind::DateTime).required(),
        Field::from("seat", "seats").required(),
        Field::new("note", Kind::LongText).max(500),
    ],
    actions: &[
        Action::toolbar("export"),
        Action::row("dial"),
        Action::row("done"),
        Action::row("edit"),
        Action::row("drop").confirmed(),
    ],
    view: None,
};
