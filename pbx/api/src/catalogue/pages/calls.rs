//! 通话记录 (F67–F73). 归属地 is no filter until an office loads a table (D18).

use crate::catalogue::{Action, Column, Filter, Kind, Page};

/// 呼叫状态 a finished call can have.
pub const STATES: &[&str] = &[
    "answered",
    "no_answer",
    "busy",
    "rejected",
    "vacant",
    "unreachable",
    "powered_off",
    "suspended",
    "timed_out",
    "line_fault",
    "blocked",
    "capped",
    "off_hours",
];

/// 挂机原因 (F71).
pub const ENDED_BY: &[&str] = &["callee", "agent", "supervisor", "system", "trunk"];

pub static PAGE: Page = Page {
    id: "calls",
    menu: "reports",
    columns: &[
        Column::new("recording", Kind::Audio, 8),
        Column::new("started", Kind::DateTime, 19),
        Column::new("caller", Kind::Text, 14),
        Column::new("callee", Kind::Phone, 14),
        Column::new("campaign", Kind::Text, 14),
        Column::new("state", Kind::Select, 10),
        Column::new("sip", Kind::Number, 9),
        Column::new("result", Kind::Select, 10),
        Column::new("fault", Kind::Text, 14),
        Column::new("kind", Kind::Select, 10),
        Column::new("satisfaction", Kind::Text, 10),
        Column::new("billable", Kind::Duration, 9),
        Column::new("talk", Kind::Duration, 9),
    ],
    filters: &[
        Filter::new("started_from", Kind::DateTime),
        Filter::new("started_to", Kind::DateTime),
        Filter::new("phone", Kind::Phone),
        Filter::new("line", Kind::Text),
        Filter::new("content", Kind::Text),
        Filter::new("campaign", Kind::Text),
        Filter::new("note", Kind::Text),
        Filter::new("category", Kind::Text),
        Filter::from("seat", "seats"),
        Filter::of("ended_by", ENDED_BY),
        Filter::of("state", STATES),
    ],
    form: &[],
    actions: &[Action::row("play"), Action::row("download"), Action::toolbar("export")],
    view: Some("player"),
};
