//! 业务记录 (F24).

use crate::desk::{
    cell::{Show, cell},
    query::{By, Owner, Source},
};
use hutong_api::catalogue::pages::activities::PAGE;

pub static SOURCE: Source = Source {
    id: "a.id",
    time: Some("a.created"),
    from: "activity a JOIN seat s ON s.id = a.seat_id LEFT JOIN customer c ON c.id = a.customer_id \
           LEFT JOIN cdr d ON d.call_id = a.call_id LEFT JOIN recording r ON r.call_id = a.call_id",
    company: "a.company_id",
    owner: Some(Owner { within: "a.seat_id IN ({})", own: "a.seat_id" }),
    cells: &[
        cell("created", Show::Time, "a.created"),
        cell("seat", Show::Plain, "s.name || '(' || s.extension || ')'"),
        cell("phone", Show::Phone, "coalesce(d.phone, c.mobile)"),
        cell("customer", Show::Text, "c.name"),
        cell("visit_type", Show::Choice, "a.visit_type"),
        cell("disposition", Show::Choice, "a.disposition"),
        cell("content", Show::Text, "a.content"),
        cell("more", Show::Text, "(SELECT group_concat(key || '：' || value, '；') FROM json_each(a.extra))"),
        // The call's id where there is something to play: /api/recording/{id}.
        cell("recording", Show::Plain, "CASE WHEN r.verdict IN ('saved', 'salvaged') THEN r.call_id END"),
    ],
    filters: &[
        ("visit_type", By::Is("a.visit_type")),
        ("disposition", By::Is("a.disposition")),
        ("seat", By::Is("a.seat_id")),
        ("phone", By::Phone { of: &["d.phone", "c.mobile"], or: &[] }),
        ("content", By::CustomerText(&["a.content"])),
        ("created_from", By::From("a.created")),
        ("created_to", By::To("a.created")),
    ],
    form: &[
        cell("visit_type", Show::Plain, "a.visit_type"),
        cell("disposition", Show::Plain, "a.disposition"),
        cell("content", Show::Text, "a.content"),
    ],
    ..Source::of(&PAGE)
};
