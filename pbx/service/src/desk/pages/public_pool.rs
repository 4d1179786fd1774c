//! 公共池 (F23): every customer nobody owns, whatever the reader's reach.

use crate::desk::{
    cell::{Show, cell},
    pool,
    query::{By, Source},
};
use hutong_api::catalogue::pages::public_pool::PAGE;

/// Who gave him up and why: the newest change of owner, found by its index for shown rows only.
const LAST_CHANGE: &str = "(SELECT coalesce(s.name || '(' || s.extension || ') ', '') || h.reason FROM owner_change h \
    LEFT JOIN seat s ON s.id = h.by_id WHERE h.customer_id = c.id AND h.kind = 'release' ORDER BY h.at DESC LIMIT 1)";

pub static SOURCE: Source = Source {
    from: "customer c",
    // Ids rise with time, and the index on owners holds the ownerless in their order.
    time: Some("c.id"),
    keep: "c.owner_id IS NULL AND c.deleted IS NULL \
           AND (c.batch_id IS NULL OR c.batch_id IN (SELECT id FROM batch WHERE state = 'visible'))",
    cells: &[
        cell("mobile", Show::Phone, "c.mobile"),
        cell("name", Show::Text, "c.name"),
        cell("organisation", Show::Text, "c.organisation"),
        cell("category", Show::Text, "c.category"),
        cell("project", Show::Text, "c.project"),
        cell("created", Show::Time, "c.created"),
        cell("updated", Show::Time, "c.updated"),
        cell("last_change", Show::Text, LAST_CHANGE),
    ],
    filters: &[
        ("mobile", By::Phone { of: &["c.mobile", "c.landline"], or: &[] }),
        ("name", By::CustomerText(&["c.name"])),
        ("organisation", By::CustomerText(&["c.organisation"])),
        ("category", By::Is("c.category <> '' AND c.category")),
        ("project", By::Is("c.project <> '' AND c.project")),
    ],
    many: pool::claims,
    ..Source::of(&PAGE)
};
