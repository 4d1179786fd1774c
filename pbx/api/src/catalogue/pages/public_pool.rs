//! 公共池 (F23): customers nobody owns, for whoever claims them first.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "public_pool",
    menu: "customer_cases",
    columns: &[
        Column::new("mobile", Kind::Phone, 14),
        Column::new("name", Kind::Text, 12),
        Column::new("organisation", Kind::Text, 20),
        Column::new("category", Kind::Text, 10),
        Column::new("project", Kind::Text, 10),
        Column::new("created", Kind::DateTime, 19),
        Column::new("updated", Kind::DateTime, 19),
        Column::new("last_change", Kind::Text, 30),
    ],
    filters: &[
        Filter::new("mobile", Kind::Phone),
        Filter::new("name", Kind::Text),
        Filter::new("organisation", Kind::Text),
        Filter::from("category", "categories"),
        Filter::from("project", "projects"),
    ],
    form: &[],
    actions: &[Action::selection("claim")],
    view: None,
};
