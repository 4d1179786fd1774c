//! 软件费 (F100, D11): posted daily per seat; what the balance could not pay is owed.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "seat_fees",
    menu: "fees",
    columns: &[
        Column::new("serial", Kind::Number, 10),
        Column::new("date", Kind::DateTime, 19),
        Column::new("seat", Kind::Text, 14),
        Column::new("kind", Kind::Select, 10),
        Column::new("amount", Kind::Money, 10),
        Column::new("balance", Kind::Money, 12),
    ],
    filters: &[Filter::new("from", Kind::DateTime), Filter::new("to", Kind::DateTime), Filter::from("seat", "seats")],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
