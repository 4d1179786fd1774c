//! 软件费 and 充值记录 (F100, F101): the ledger's rows of those kinds.

use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::{seat_fees, top_ups};

pub static SEAT_FEES: Source = Source {
    time: Some("c.at"),
    from: "ledger c LEFT JOIN seat s ON s.id = c.seat_id",
    keep: "c.kind IN ('seat_fee', 'seat_fee_owed')",
    cells: &[
        cell("serial", Show::Plain, "c.id"),
        cell("date", Show::Time, "c.at"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("kind", Show::Choice, "c.kind"),
        cell("amount", Show::Money, "c.amount"),
        cell("balance", Show::Money, "c.balance_after"),
    ],
    filters: &[("from", By::From("c.at")), ("to", By::To("c.at")), ("seat", By::Is("c.seat_id"))],
    ..Source::of(&seat_fees::PAGE)
};

pub static TOP_UPS: Source = Source {
    time: Some("c.at"),
    from: "ledger c",
    keep: "c.kind IN ('top_up', 'correction')",
    cells: &[
        cell("serial", Show::Plain, "c.id"),
        cell("date", Show::Time, "c.at"),
        cell("kind", Show::Choice, "c.kind"),
        cell("amount", Show::Money, "CASE WHEN c.debit = 'balance' THEN -c.amount ELSE c.amount END"),
        cell("balance", Show::Money, "c.balance_after"),
        cell("by", Show::Plain, "c.by"),
        cell("note", Show::Plain, "c.note"),
    ],
    filters: &[("from", By::From("c.at")), ("to", By::To("c.at"))],
    ..Source::of(&top_ups::PAGE)
};
