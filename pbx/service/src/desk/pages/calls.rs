//! 通话记录 (F67–F72).

use crate::desk::{
    cell::{Show, cell},
    query::{By, Owner, Source},
};
use hutong_api::catalogue::pages::calls::PAGE;

/// A call is its agent's; one that reached none is the campaign's creator's.
pub const OWNER: Owner = Owner {
    within: "(c.seat_id IN ({}) OR (c.seat_id IS NULL AND c.campaign_id IN \
             (SELECT id FROM campaign WHERE creator_id IN ({}))))",
    own: "c.seat_id",
};

pub static SOURCE: Source = Source {
    id: "c.call_id",
    time: Some("c.started"),
    from: "cdr c LEFT JOIN campaign k ON k.id = c.campaign_id LEFT JOIN seat s ON s.id = c.seat_id \
           LEFT JOIN recording r ON r.call_id = c.call_id",
    owner: Some(OWNER),
    cells: &[
        // The call's id where there is something to play: /api/recording/{id}.
        cell("recording", Show::Plain, "CASE WHEN r.verdict IN ('saved', 'salvaged') THEN r.call_id END"),
        cell("started", Show::Time, "c.started"),
        cell("caller", Show::Plain, "coalesce(s.name || '(' || s.extension || ')', c.caller)"),
        cell("callee", Show::Phone, "c.phone"),
        cell("campaign", Show::Plain, "k.name"),
        cell("state", Show::Call("state"), "c.state"),
        cell("sip", Show::Plain, "c.sip"),
        cell("result", Show::Call("result"), "c.result"),
        cell("fault", Show::KeyOrText, "'@' || c.fault"),
        cell("kind", Show::Call("kind"), "c.kind"),
        cell("satisfaction", Show::Plain, "NULL"),
        cell("billable", Show::Duration, "c.billable_s"),
        cell("talk", Show::Duration, "c.talk_s"),
    ],
    filters: &[
        ("started_from", By::From("c.started")),
        ("started_to", By::To("c.started")),
        ("phone", By::Phone { of: &["c.phone"], or: &["c.caller", "s.extension"] }),
        ("line", By::Like(&["c.caller"])),
        ("content", By::Within("c.call_id IN (SELECT call_id FROM activity WHERE company_id = ?1 AND content {})")),
        ("campaign", By::Like(&["k.name"])),
        (
            "note",
            By::Within(
                "c.phone IN (SELECT mobile FROM customer WHERE company_id = ?1 AND deleted IS NULL AND note {})",
            ),
        ),
        (
            "category",
            By::Within(
                "c.phone IN (SELECT mobile FROM customer WHERE company_id = ?1 AND deleted IS NULL AND category {})",
            ),
        ),
        ("seat", By::Is("c.seat_id")),
        ("ended_by", By::Is("c.ended_by")),
        ("state", By::Is("c.state")),
    ],
    fact: "coalesce(r.verdict, '')",
    allows,
    ..Source::of(&PAGE)
};

fn allows(verdict: &str, action: &str) -> bool {
    match action {
        "play" | "download" => matches!(verdict, "saved" | "salvaged"),
        _ => true,
    }
}
