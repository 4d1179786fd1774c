//! 角色管理 (F95, F96).

use crate::catalogue::{Action, Column, Field, Kind, Page};

/// Whose rows a role sees: 全部, 本部门及下级, 本部门, 本人.
pub const SCOPES: &[&str] = &["all", "department", "team", "own"];

pub static PAGE: Page = Page {
    id: "roles",
    menu: "organisation",
    columns: &[
        Column::new("name", Kind::Text, 14),
        Column::new("description", Kind::Text, 30),
        Column::new("scope", Kind::Select, 14),
        Column::new("seats", Kind::Number, 8),
    ],
    filters: &[],
    form: &[
        Field::new("name", Kind::Text).required().max(40),
        Field::new("description", Kind::Text).max(90),
        Field::of("scope", SCOPES).required().default("own"),
        Field::new("permissions", Kind::Permissions).hint(),
    ],
    actions: &[
        Action::toolbar("add"),
        Action::selection("delete").confirmed(),
        Action::toolbar("export"),
        Action::row("edit"),
    ],
    view: None,
};
