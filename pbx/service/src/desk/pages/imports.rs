//! 批量导入记录 (F19): every import of the company within reach, newest first.

use crate::desk::{
    cell::{Show, cell},
    query::{By, Owner, Source},
};
use hutong_api::catalogue::pages::imports::PAGE;

/// 24 hours, as `import::UNDO_MS`.
const FACT: &str = "CASE WHEN c.state = 'visible' AND c.page NOT IN ('blocklist', 'seats') AND c.added + c.updated > 0
    AND c.created > unixepoch() * 1000 - 86400000 THEN 'undo ' ELSE '' END
    || CASE WHEN c.duplicate + c.bad + c.blocked > 0 THEN 'rejects' ELSE '' END";

pub static SOURCE: Source = Source {
    time: Some("c.created"),
    from: "batch c LEFT JOIN seat s ON s.id = c.seat_id LEFT JOIN campaign k ON k.id = c.campaign_id",
    owner: Some(Owner { within: "c.seat_id IN ({})", own: "c.seat_id" }),
    cells: &[
        cell("created", Show::Time, "c.created"),
        cell("file_name", Show::Text, "c.file_name"),
        cell("target", Show::Choice, "'import_' || c.page"),
        cell("campaign", Show::Plain, "k.name"),
        cell("by", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("state", Show::Choice, "'import_' || c.state"),
        cell("rows", Show::Plain, "c.rows"),
        cell("added", Show::Plain, "c.added"),
        cell("duplicate", Show::Plain, "c.duplicate"),
        cell("bad", Show::Plain, "c.bad"),
        cell("blocked", Show::Plain, "c.blocked"),
        cell("updated", Show::Plain, "c.updated"),
    ],
    filters: &[
        ("target", By::Is("'import_' || c.page")),
        ("by", By::Is("c.seat_id")),
        ("created_from", By::From("c.created")),
        ("created_to", By::To("c.created")),
    ],
    fact: FACT,
    allows: |fact, action| fact.contains(action),
    ..Source::of(&PAGE)
};
