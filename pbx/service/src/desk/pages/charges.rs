//! 流量费用 (F99): the charge of every leg, straight from its call record.

use super::calls::OWNER;
use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::charges::PAGE;

pub static SOURCE: Source = Source {
    id: "c.call_id",
    time: Some("c.started"),
    from: "cdr c LEFT JOIN seat s ON s.id = c.seat_id LEFT JOIN campaign k ON k.id = c.campaign_id",
    owner: Some(OWNER),
    cells: &[
        cell("serial", Show::Plain, "c.call_id"),
        cell("date", Show::Time, "c.started"),
        cell("caller", Show::Plain, "coalesce(s.extension, c.caller)"),
        cell("callee", Show::Phone, "c.phone"),
        cell("seconds", Show::Plain, "c.billable_s"),
        cell("increment", Show::Plain, "c.increment_s"),
        cell("rate", Show::Price, "c.price || '/' || c.increment_s"),
        cell("charge", Show::Money, "c.charge"),
    ],
    filters: &[
        ("from", By::From("c.started")),
        ("to", By::To("c.started")),
        ("caller", By::Like(&["s.extension", "s.name", "c.caller"])),
    ],
    ..Source::of(&PAGE)
};
