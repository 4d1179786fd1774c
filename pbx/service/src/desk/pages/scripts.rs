//! 话术 (F36).

use crate::desk::{
    cell::{Show, cell},
    query::{By, Source},
};
use hutong_api::catalogue::pages::scripts::PAGE;

pub static SOURCE: Source = Source {
    from: "script c LEFT JOIN prompt p ON p.id = c.greeting",
    cells: &[
        cell("name", Show::Plain, "c.name"),
        cell("greeting", Show::Plain, "p.name"),
        cell("to_agent", Show::YesNo, "c.to_agent"),
        cell("created", Show::Time, "c.created"),
    ],
    filters: &[("name", By::Like(&["c.name"]))],
    ..Source::of(&PAGE)
};
