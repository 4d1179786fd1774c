//! 高级配置 (F50): what a new task starts with, how often one callee may be called, and what a day may cost.

use super::campaigns::{ALSO, HOLIDAYS, WEEKDAYS};
use crate::catalogue::{Action, Column, Field, Kind, Page};

pub static PAGE: Page = Page {
    id: "campaign_defaults",
    menu: "predictive",
    columns: &[
        Column::new("run", Kind::Span, 11),
        Column::new("rest", Kind::Span, 11),
        Column::new("ring_s", Kind::Number, 8),
        Column::new("attempts", Kind::Number, 8),
        Column::new("caps", Kind::Text, 14),
        Column::new("spend_day", Kind::Money, 12),
        Column::new("updated", Kind::DateTime, 19),
        Column::new("by", Kind::Text, 14),
    ],
    filters: &[],
    form: &[
        Field::new("run", Kind::Span).required().group("tasks"),
        Field::new("rest", Kind::Span).required().group("tasks"),
        Field::of("weekdays", WEEKDAYS).several().required().group("tasks"),
        Field::of("holidays", HOLIDAYS).required().group("tasks"),
        Field::new("ring_s", Kind::Number).required().group("tasks"),
        Field::new("channels", Kind::Number).required().group("tasks"),
        Field::new("attempts", Kind::Number).required().hint().group("redial"),
        Field::new("wait_busy", Kind::Number).required().hint().group("redial"),
        Field::new("wait_no_answer", Kind::Number).required().group("redial"),
        Field::new("wait_unreachable", Kind::Number).required().group("redial"),
        Field::new("wait_line", Kind::Number).required().group("redial"),
        Field::new("gap", Kind::Number).required().group("redial"),
        Field::of("redial_also", ALSO).several().group("redial"),
        Field::new("best_hour", Kind::YesNo).required().group("redial"),
        Field::new("cap_minute", Kind::Number).required().hint().group("limits"),
        Field::new("cap_hour", Kind::Number).required().group("limits"),
        Field::new("cap_day", Kind::Number).required().group("limits"),
        Field::new("spend_day", Kind::Money).required().hint().group("limits"),
        Field::new("spend_seat_day", Kind::Money).required().group("limits"),
    ],
    actions: &[Action::row("edit")],
    view: None,
};
