//! 角色管理 (F95): listed; the permission tree comes with the office's records.

use crate::catalogue::{Action, Column, Kind, Page};

pub static PAGE: Page = Page {
    id: "roles",
    menu: "organisation",
    columns: &[
        Column::new("name", Kind::Text, 14),
        Column::new("description", Kind::Text, 30),
        Column::new("seats", Kind::Number, 8),
    ],
    filters: &[],
    form: &[],
    actions: &[Action::toolbar("export")],
    view: None,
};
