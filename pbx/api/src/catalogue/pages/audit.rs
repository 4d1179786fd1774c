//! 操作日志: who saw, played, exported or changed what, from where.

use crate::catalogue::{Action, Column, Filter, Kind, Page};

/// What an administrator looks for most; the word as stored, a dot as `_`.
pub const DEEDS: &[&str] = &[
    "deed_login",
    "deed_login_failed",
    "deed_password",
    "deed_view",
    "deed_add",
    "deed_edit",
    "deed_delete",
    "deed_export",
    "deed_calls_play",
    "deed_calls_download",
];

pub static PAGE: Page = Page {
    id: "audit",
    menu: "organisation",
    columns: &[
        Column::new("time", Kind::DateTime, 19),
        Column::new("who", Kind::Text, 16),
        Column::new("client", Kind::Text, 16),
        Column::new("action", Kind::Text, 16),
        Column::new("object", Kind::Text, 18),
        Column::new("detail", Kind::Text, 24),
    ],
    filters: &[
        Filter::new("from", Kind::DateTime),
        Filter::new("to", Kind::DateTime),
        Filter::from("seat", "all_seats"),
        Filter::of("deed", DEEDS),
        Filter::new("client", Kind::Text),
    ],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
