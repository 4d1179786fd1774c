//! 呼叫轮询 (F105, D2): how the numbers of a trunk, a number group or a campaign take turns, and how often each is shown.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const POLICIES: &[&str] = &["round_robin", "random", "least_used", "same_area"];

pub static PAGE: Page = Page {
    id: "caller_rotation",
    menu: "settings",
    columns: &[
        Column::new("campaign", Kind::Text, 16),
        Column::new("group", Kind::Text, 14),
        Column::new("trunk", Kind::Text, 14),
        Column::new("policy", Kind::Select, 10),
        Column::new("per_hour", Kind::Number, 10),
        Column::new("per_day", Kind::Number, 10),
    ],
    filters: &[Filter::from("trunk", "trunks"), Filter::from("group", "number_groups")],
    form: &[
        Field::from("campaign", "campaigns").fixed().hint(),
        Field::from("group", "number_groups").fixed(),
        Field::from("trunk", "trunks").fixed(),
        Field::of("policy", POLICIES).required().default("round_robin").hint(),
        Field::new("per_hour", Kind::Number).default("0").hint(),
        Field::new("per_day", Kind::Number).default("0"),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
