//! 勿再打 (X14): read only; the engine and 业务记录 write it.

use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::opt_outs::PAGE;

pub static SOURCE: Source = Source {
    time: Some("c.at"),
    from: "opt_out c LEFT JOIN seat s ON s.id = c.seat_id",
    cells: &[
        cell("id", Show::Plain, "c.id"),
        cell("at", Show::Time, "c.at"),
        cell("phone", Show::Phone, "c.phone"),
        cell("how", Show::Call("opt_out"), "c.how"),
        cell("call", Show::Plain, "c.call_id"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
    ],
    filters: &[
        ("phone", By::Phone { of: &["c.phone"], or: &[] }),
        ("seat", By::Is("c.seat_id")),
        ("from", By::From("c.at")),
        ("to", By::To("c.at")),
    ],
    ..Source::of(&PAGE)
};
