//! 呼叫记录 (F48): the call records of campaigns, one row per attempt.

use super::calls::OWNER;
use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::attempts::PAGE;

pub static SOURCE: Source = Source {
    id: "c.call_id",
    time: Some("c.started"),
    from: "cdr c JOIN campaign k ON k.id = c.campaign_id LEFT JOIN seat s ON s.id = c.seat_id \
           LEFT JOIN trunk t ON t.id = c.trunk_id",
    owner: Some(OWNER),
    cells: &[
        cell("started", Show::Time, "c.started"),
        cell("campaign", Show::Plain, "k.name"),
        cell("phone", Show::Phone, "c.phone"),
        cell("name", Show::Text, "c.name"),
        cell("trunk", Show::Plain, "t.name"),
        cell("round", Show::Plain, "c.round"),
        cell("state", Show::Call("state"), "c.state"),
        cell("sip", Show::Plain, "c.sip"),
        cell("result", Show::Call("result"), "c.result"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("talk", Show::Duration, "c.talk_s"),
    ],
    filters: &[
        ("campaign", By::Is("c.campaign_id")),
        ("state", By::Is("c.state")),
        ("phone", By::Phone { of: &["c.phone"], or: &[] }),
        ("seat", By::Is("c.seat_id")),
        ("started_from", By::From("c.started")),
        ("started_to", By::To("c.started")),
    ],
    ..Source::of(&PAGE)
};
