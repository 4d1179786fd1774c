//! 归属记录 (F18, F22): whose a customer was, and how that changed.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub const KINDS: &[&str] = &["own_assign", "own_undo", "own_release", "own_claim", "own_recycle"];

pub static PAGE: Page = Page {
    id: "owner_changes",
    menu: "customer_cases",
    columns: &[
        Column::new("at", Kind::DateTime, 19),
        Column::new("customer", Kind::Text, 12),
        Column::new("mobile", Kind::Phone, 14),
        Column::new("kind", Kind::Select, 10),
        Column::new("from", Kind::Text, 14),
        Column::new("to", Kind::Text, 14),
        Column::new("by", Kind::Text, 14),
        Column::new("reason", Kind::Text, 20),
    ],
    filters: &[
        Filter::new("mobile", Kind::Phone),
        Filter::new("customer", Kind::Text),
        Filter::of("kind", KINDS),
        Filter::from("from", "all_seats"),
        Filter::from("to", "all_seats"),
        Filter::new("at_from", Kind::DateTime),
        Filter::new("at_to", Kind::DateTime),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
