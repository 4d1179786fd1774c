//! 号码记录 (F90): which seat had which number when.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "number_moves",
    menu: "seat_management",
    columns: &[
        Column::new("at", Kind::DateTime, 19),
        Column::new("number", Kind::Text, 14),
        Column::new("trunk", Kind::Text, 12),
        Column::new("from", Kind::Text, 16),
        Column::new("to", Kind::Text, 16),
        Column::new("by", Kind::Text, 16),
    ],
    filters: &[
        Filter::new("number", Kind::Text),
        Filter::from("from", "all_seats"),
        Filter::from("to", "all_seats"),
        Filter::new("at_from", Kind::DateTime),
        Filter::new("at_to", Kind::DateTime),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
