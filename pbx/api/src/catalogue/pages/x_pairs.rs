//! X号码绑定 (D12, F89): which seat's own phone and which customer stand behind an X number, until when.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// What is asked of the carrier and not answered yet is neither bound nor failed.
pub const STATES: &[&str] =
    &["pair_asked", "pair_bound", "pair_failed", "pair_releasing", "pair_unbound", "pair_ended"];

pub static PAGE: Page = Page {
    id: "x_pairs",
    menu: "settings",
    columns: &[
        Column::new("x", Kind::Text, 14),
        Column::new("seat", Kind::Text, 16),
        Column::new("a", Kind::Phone, 14),
        Column::new("b", Kind::Phone, 14),
        Column::new("customer", Kind::Text, 12),
        Column::new("state", Kind::Select, 8),
        Column::new("asked", Kind::DateTime, 19),
        Column::new("bound_at", Kind::DateTime, 19),
        Column::new("expires_at", Kind::DateTime, 19),
        Column::new("unbound_at", Kind::DateTime, 19),
        Column::new("carrier_id", Kind::Text, 16),
        Column::new("said", Kind::Text, 24),
    ],
    filters: &[
        Filter::new("x", Kind::Text),
        Filter::from("seat", "seats"),
        Filter::new("b", Kind::Phone),
        Filter::of("state", STATES),
    ],
    form: &[
        Field::from("x_number", "x_numbers").required(),
        Field::from("seat", "seats").required().hint(),
        Field::new("customer", Kind::Text).required().max(60).hint(),
        Field::new("days", Kind::Number).required().default("30").hint(),
    ],
    actions: &[Action::toolbar("add"), Action::toolbar("export"), Action::row("unbind").confirmed()],
    view: None,
};
