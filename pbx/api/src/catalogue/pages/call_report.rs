//! 呼叫统计 (F49), of one task 外呼报表: what a task's day came to.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

pub static PAGE: Page = Page {
    id: "call_report",
    menu: "predictive",
    columns: &[
        Column::new("day", Kind::Date, 10),
        Column::new("campaign", Kind::Text, 14),
        Column::new("calls", Kind::Number, 7),
        Column::new("answered", Kind::Number, 7),
        Column::new("rate", Kind::Percent, 7),
        Column::new("to_agent", Kind::Number, 7),
        Column::new("abandoned", Kind::Number, 6),
        Column::new("abandon_rate", Kind::Percent, 7),
        Column::new("ring", Kind::Duration, 8),
        Column::new("talk", Kind::Duration, 8),
        Column::new("wait", Kind::Duration, 8),
        Column::new("charge", Kind::Money, 10),
    ],
    filters: &[Filter::from("campaign", "campaigns"), Filter::new("from", Kind::Date), Filter::new("to", Kind::Date)],
    form: &[],
    actions: &[Action::selection("detail").all(), Action::toolbar("export")],
    view: None,
};
