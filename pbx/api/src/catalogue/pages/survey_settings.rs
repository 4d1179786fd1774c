//! 评价设置 (F110): what a customer is asked after the talk, for the company and for departments that ask otherwise.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const DIRECTIONS: &[&str] = &["survey_outbound", "survey_inbound"];
/// When the agent has hung up, or by the agent's button.
pub const WAYS: &[&str] = &["survey_automatic", "survey_by_button"];

pub static PAGE: Page = Page {
    id: "survey_settings",
    menu: "settings",
    columns: &[
        Column::new("direction", Kind::Select, 8),
        Column::new("department", Kind::Text, 16),
        Column::new("enabled", Kind::YesNo, 8),
        Column::new("prompt", Kind::Text, 16),
        Column::new("keys", Kind::Text, 30),
        Column::new("tries", Kind::Number, 8),
        Column::new("timeout_s", Kind::Number, 10),
        Column::new("min_talk_s", Kind::Number, 12),
        Column::new("how", Kind::Select, 16),
    ],
    filters: &[Filter::of("direction", DIRECTIONS), Filter::from("department", "departments")],
    form: &[
        Field::of("direction", DIRECTIONS).required().default("survey_outbound").fixed(),
        Field::from("department", "departments").fixed().hint(),
        Field::new("enabled", Kind::YesNo).default("false").hint(),
        Field::from("prompt", "prompts").hint(),
        Field::new("keys", Kind::LongText).required().max(400).hint(),
        Field::new("tries", Kind::Number).required().default("2"),
        Field::new("timeout_s", Kind::Number).required().default("5").hint(),
        Field::new("min_talk_s", Kind::Number).required().default("10").hint(),
        Field::of("how", WAYS).required().default("survey_automatic"),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
