//! 话术 (F36): listed; a campaign picks one.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "scripts",
    menu: "predictive",
    columns: &[
        Column::new("name", Kind::Text, 16),
        Column::new("greeting", Kind::Text, 16),
        Column::new("to_agent", Kind::YesNo, 8),
        Column::new("created", Kind::DateTime, 19),
    ],
    filters: &[Filter::new("name", Kind::Text)],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
