//! 呼叫任务 (F29–F36, F40, F41, F45, F46). Defaults of the windows: docs/rules.md.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const STATUSES: &[&str] = &["ready", "running", "paused", "finished"];

/// 1 = Monday.
pub const WEEKDAYS: &[&str] = &["1", "2", "3", "4", "5", "6", "7"];
/// Whether official holidays are dialled (X15).
pub const HOLIDAYS: &[&str] = &["holidays_dial", "holidays_skip"];
/// The tick-boxes of D14.
pub const ALSO: &[&str] = &["rejected", "vacant", "suspended"];
/// How it dials ahead of its agents, and where the two seconds of D17 begin.
pub const MODES: &[&str] = &["progressive", "power", "predictive"];
/// With the one in which agents dial themselves (预览式外呼).
pub const ALL_MODES: &[&str] = &["preview", "progressive", "power", "predictive"];
pub const CLOCKS: &[&str] = &["connect", "greeting_end"];

pub static PAGE: Page = Page {
    id: "campaigns",
    menu: "predictive",
    columns: &[
        Column::new("id", Kind::Number, 8),
        Column::new("name", Kind::Text, 16),
        Column::new("script", Kind::Text, 14),
        Column::new("status", Kind::Select, 8),
        Column::new("run", Kind::Span, 11),
        Column::new("rest", Kind::Span, 11),
        Column::new("progress", Kind::Percent, 8),
        Column::new("dialled", Kind::Text, 11),
        Column::new("rate", Kind::Percent, 8),
        Column::new("creator", Kind::Text, 12),
    ],
    filters: &[
        Filter::new("name", Kind::Text),
        Filter::from("script", "scripts"),
        Filter::of("status", STATUSES),
        Filter::new("created_from", Kind::DateTime),
        Filter::new("created_to", Kind::DateTime),
    ],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::from("script", "scripts").required(),
        Field::from("trunk", "trunks").required(),
        Field::from("project", "projects"),
        Field::new("file", Kind::File).fixed(),
        Field::new("sync_customers", Kind::YesNo).default("false").fixed(),
        Field::new("run", Kind::Span).default("09:00~20:00").advanced(),
        Field::new("rest", Kind::Span).default("12:00~14:00").advanced(),
        Field::new("ring_s", Kind::Number).default("30").advanced(),
        Field::new("channels", Kind::Number).default("0").advanced(),
        Field::from("number_group", "number_groups").advanced(),
        Field::of("weekdays", WEEKDAYS).several().default("1,2,3,4,5,6,7").advanced(),
        Field::new("spans", Kind::LongText).max(2_000).hint().advanced(),
        Field::of("holidays", HOLIDAYS).default("holidays_dial").hint().advanced(),
        Field::new("attempts", Kind::Number).default("1").hint().advanced(),
        Field::new("wait_busy", Kind::Number).default("5").hint().advanced(),
        Field::new("wait_no_answer", Kind::Number).default("120").advanced(),
        Field::new("wait_unreachable", Kind::Number).default("120").advanced(),
        Field::new("wait_line", Kind::Number).default("1").advanced(),
        Field::new("gap", Kind::Number).default("0").hint().advanced(),
        Field::of("redial_also", ALSO).several().hint().advanced(),
        Field::new("best_hour", Kind::YesNo).default("false").hint().advanced(),
        Field::of("pacing", ALL_MODES).default("predictive").advanced().hint(),
        Field::new("ratio", Kind::Text).default("1.5").max(4).advanced().hint(),
        Field::new("cap", Kind::Text).default("3").max(5).advanced().hint(),
        Field::of("clock", CLOCKS).default("greeting_end").advanced().hint(),
        Field::from("agent_group", "agent_groups").advanced().hint(),
        Field::new("weight", Kind::Number).default("1").advanced().hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("start"),
        Action::row("pause"),
        Action::row("append"),
        Action::row("redial").confirmed(),
        Action::row("what_if").asks(&[
            Field::new("agents", Kind::Number).required().default("5"),
            Field::of("pacing", MODES).default("predictive"),
            Field::new("cap", Kind::Text).default("3").max(5),
            Field::new("run", Kind::Span),
        ]),
        Action::row("dry_run"),
        Action::row("edit"),
        Action::row("results").opens("task_numbers", "campaign"),
        Action::row("report").opens("call_report", "campaign"),
        Action::row("monitor"),
    ],
    view: None,
};
