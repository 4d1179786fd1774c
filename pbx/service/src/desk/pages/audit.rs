//! 操作日志. Rows are only ever added.

use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::audit::PAGE;

pub static SOURCE: Source = Source {
    time: Some("c.at"),
    from: "audit c LEFT JOIN seat s ON s.id = c.seat_id",
    cells: &[
        cell("time", Show::Time, "c.at"),
        cell("who", Show::Plain, "coalesce(s.name || '(' || s.extension || ')', c.os_user)"),
        cell("client", Show::Plain, "c.client"),
        cell("action", Show::Deed, "c.action || ' ' || c.object"),
        cell("object", Show::Object, "c.object"),
        cell("detail", Show::Text, "c.detail"),
    ],
    filters: &[
        ("from", By::From("c.at")),
        ("to", By::To("c.at")),
        ("seat", By::Is("c.seat_id")),
        ("deed", By::Is("'deed_' || replace(c.action, '.', '_')")),
        ("client", By::Like(&["c.client"])),
    ],
    ..Source::of(&PAGE)
};
