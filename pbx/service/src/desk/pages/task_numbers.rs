//! 任务结果 (F52, X5).

use crate::desk::{
    cell::{Show, cell},
    query::{By, Owner, Source},
};
use hutong_api::catalogue::pages::task_numbers::PAGE;

pub static SOURCE: Source = Source {
    from: "lead c JOIN campaign k ON k.id = c.campaign_id JOIN batch b ON b.id = c.batch_id",
    keep: "k.deleted IS NULL AND b.state = 'visible'",
    owner: Some(Owner { within: "k.creator_id IN ({})", own: "k.creator_id" }),
    cells: &[
        cell("campaign", Show::Plain, "k.name"),
        cell("phone", Show::Phone, "c.phone"),
        cell("name", Show::Text, "c.name"),
        cell("state", Show::Call("state"), "c.state"),
        cell("result", Show::Call("result"), "c.result"),
        cell("round", Show::Plain, "c.round"),
        cell("attempts", Show::Plain, "c.attempts"),
        cell("due", Show::Time, "CASE c.phase WHEN 'waiting' THEN c.not_before END"),
        cell("why", Show::Why, WHY),
    ],
    filters: &[
        ("campaign", By::Is("c.campaign_id")),
        ("state", By::Is("c.state")),
        ("phone", By::Phone { of: &["c.phone"], or: &[] }),
    ],
    ..Source::of(&PAGE)
};

const WHY: &str = "c.why || '|' || coalesce(c.why_value, '') || '|' || coalesce(c.why_at, '') || '|' || \
    coalesce(CASE c.phase WHEN 'waiting' THEN c.not_before END, '')";
