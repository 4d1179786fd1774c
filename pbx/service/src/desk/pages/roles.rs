//! 角色管理 (F95).

use crate::desk::{
    cell::{Show, cell},
    query::{Source, always},
};
use hutong_api::catalogue::pages::roles::PAGE;

pub static SOURCE: Source = Source {
    page: &PAGE,
    id: "c.id",
    time: None,
    from: "role c",
    company: "c.company_id",
    keep: "1",
    owner: None,
    cells: &[
        cell("name", Show::KeyOrText, "coalesce(nullif(c.name, ''), '@catalogue.role.' || c.code)"),
        cell(
            "description",
            Show::KeyOrText,
            "CASE WHEN c.built_in THEN '@catalogue.role_about.' || c.code ELSE c.description END",
        ),
        cell("seats", Show::Plain, "(SELECT count(*) FROM seat s WHERE s.role_id = c.id AND s.deleted IS NULL)"),
    ],
    filters: &[],
    form: &[],
    fact: "''",
    allows: always,
};
