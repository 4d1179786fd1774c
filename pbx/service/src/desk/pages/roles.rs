//! 角色管理 (F95).

use crate::desk::{
    cell::{Show, cell},
    query::Source,
};
use hutong_api::catalogue::pages::roles::PAGE;

pub static SOURCE: Source = Source {
    from: "role c",
    cells: &[
        cell("name", Show::KeyOrText, "coalesce(nullif(c.name, ''), '@catalogue.role.' || c.code)"),
        cell(
            "description",
            Show::KeyOrText,
            "CASE WHEN c.built_in THEN '@catalogue.role_about.' || c.code ELSE c.description END",
        ),
        cell("seats", Show::Plain, "(SELECT count(*) FROM seat s WHERE s.role_id = c.id AND s.deleted IS NULL)"),
    ],
    ..Source::of(&PAGE)
};
