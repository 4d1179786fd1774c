//! 系统语音 (F109): what callees and callers hear, uploaded as WAV or MP3. Each upload is a version.

use crate::catalogue::{Action, Column, Field, Filter, Kind, Page};

pub const PURPOSES: &[&str] = &["greeting", "abandon", "all_busy", "closed", "blocked_caller", "seat_number", "hold"];

pub static PAGE: Page = Page {
    id: "prompts",
    menu: "settings",
    columns: &[
        Column::new("name", Kind::Text, 16),
        Column::new("purpose", Kind::Select, 12),
        Column::new("file", Kind::Text, 20),
        Column::new("version", Kind::Number, 6),
        Column::new("seconds", Kind::Duration, 9),
        Column::new("updated", Kind::DateTime, 19),
    ],
    filters: &[Filter::new("name", Kind::Text), Filter::of("purpose", PURPOSES)],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::of("purpose", PURPOSES).required().default("greeting").hint(),
        Field::new("file", Kind::File).hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
        Action::row("upload"),
        Action::row("play"),
        Action::row("versions"),
    ],
    view: Some("prompts"),
};
