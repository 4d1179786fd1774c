//! 呼叫记录 of predictive campaigns (F48): one row per attempt.

use super::calls::STATES;
use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "attempts",
    menu: "predictive",
    columns: &[
        Column::new("started", Kind::DateTime, 19),
        Column::new("campaign", Kind::Text, 14),
        Column::new("phone", Kind::Phone, 14),
        Column::new("name", Kind::Text, 12),
        Column::new("trunk", Kind::Text, 12),
        Column::new("round", Kind::Number, 5),
        Column::new("state", Kind::Select, 10),
        Column::new("sip", Kind::Number, 9),
        Column::new("result", Kind::Select, 10),
        Column::new("seat", Kind::Text, 14),
        Column::new("talk", Kind::Duration, 9),
    ],
    filters: &[
        Filter::from("campaign", "campaigns"),
        Filter::of("state", STATES),
        Filter::new("phone", Kind::Phone),
        Filter::from("seat", "seats"),
        Filter::new("started_from", Kind::DateTime),
        Filter::new("started_to", Kind::DateTime),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
