//! 业务记录 (F15, F24). The form is what the workbench shows beside a call; records are made there, not here.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

/// 回访类型.
pub const VISIT_TYPES: &[&str] = &["first_visit", "return_visit", "after_sale", "other_visit"];
/// 营销结果. `do_not_call` (勿再打) puts the number on the blocklist.
pub const DISPOSITIONS: &[&str] = &["interested", "call_back", "refused", "wrong_number", "do_not_call"];

pub static PAGE: Page = Page {
    id: "activities",
    menu: "customer_cases",
    columns: &[
        Column::new("created", Kind::DateTime, 19),
        Column::new("seat", Kind::Text, 14),
        Column::new("phone", Kind::Phone, 14),
        Column::new("customer", Kind::Text, 12),
        Column::new("visit_type", Kind::Select, 10),
        Column::new("disposition", Kind::Select, 10),
        Column::new("content", Kind::Text, 30),
        Column::new("more", Kind::Text, 30),
        Column::new("recording", Kind::Audio, 8),
    ],
    filters: &[
        Filter::of("visit_type", VISIT_TYPES),
        Filter::of("disposition", DISPOSITIONS),
        Filter::from("seat", "seats"),
        Filter::new("phone", Kind::Phone),
        Filter::new("content", Kind::Text),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[
        Field::of("visit_type", VISIT_TYPES),
        Field::of("disposition", DISPOSITIONS),
        Field::new("content", Kind::LongText).max(1000),
    ],
    actions: &[Action::toolbar("export")],
    view: None,
};
