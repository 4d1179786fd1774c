//! 任务结果 (F52, X5): the numbers of tasks, where each is now and why.

use super::calls::STATES;
use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "task_numbers",
    menu: "predictive",
    columns: &[
        Column::new("campaign", Kind::Text, 14),
        Column::new("phone", Kind::Phone, 14),
        Column::new("name", Kind::Text, 12),
        Column::new("state", Kind::Select, 10),
        Column::new("result", Kind::Select, 10),
        Column::new("round", Kind::Number, 5),
        Column::new("attempts", Kind::Number, 5),
        Column::new("due", Kind::DateTime, 19),
        Column::new("why", Kind::Text, 44),
    ],
    filters: &[Filter::from("campaign", "campaigns"), Filter::of("state", STATES), Filter::new("phone", Kind::Phone)],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
