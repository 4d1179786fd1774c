//! One file per page with its SQL.

pub mod activities;
pub mod attempts;
pub mod blocklist;
pub mod busy_reasons;
pub mod caller_rotation;
pub mod calls;
pub mod campaigns;
pub mod charges;
pub mod customers;
pub mod departments;
pub mod ledger;
pub mod number_groups;
pub mod pop_settings;
pub mod roles;
pub mod scripts;
pub mod seats;
pub mod trunks;
pub mod wrap_settings;

use super::query::Source;

/// Every page of the catalogue has its SQL (a test says so).
pub static ALL: &[&Source] = &[
    &customers::SOURCE,
    &activities::SOURCE,
    &campaigns::SOURCE,
    &attempts::SOURCE,
    &scripts::SOURCE,
    &calls::SOURCE,
    &seats::SOURCE,
    &roles::SOURCE,
    &departments::SOURCE,
    &charges::SOURCE,
    &ledger::SEAT_FEES,
    &ledger::TOP_UPS,
    &trunks::SOURCE,
    &pop_settings::SOURCE,
    &blocklist::SOURCE,
    &caller_rotation::SOURCE,
    &number_groups::SOURCE,
    &busy_reasons::SOURCE,
    &wrap_settings::SOURCE,
];
