//! 勿再打 (X14): each refusal of further calls with its time, as proof.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "opt_outs",
    menu: "settings",
    columns: &[
        Column::new("id", Kind::Number, 8),
        Column::new("at", Kind::DateTime, 19),
        Column::new("phone", Kind::Phone, 14),
        Column::new("how", Kind::Text, 14),
        Column::new("call", Kind::Number, 8),
        Column::new("seat", Kind::Text, 14),
    ],
    filters: &[
        Filter::new("phone", Kind::Phone),
        Filter::from("seat", "seats"),
        Filter::new("from", Kind::DateTime),
        Filter::new("to", Kind::DateTime),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
