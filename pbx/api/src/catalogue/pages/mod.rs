//! The pages, in menu order (F115).

use super::Page;

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
pub mod number_groups;
pub mod pop_settings;
pub mod roles;
pub mod scripts;
pub mod seat_fees;
pub mod seats;
pub mod top_ups;
pub mod trunks;
pub mod wrap_settings;

pub static ALL: &[&Page] = &[
    &customers::PAGE,
    &activities::PAGE,
    &campaigns::PAGE,
    &attempts::PAGE,
    &scripts::PAGE,
    &calls::PAGE,
    &seats::PAGE,
    &roles::PAGE,
    &departments::PAGE,
    &charges::PAGE,
    &seat_fees::PAGE,
    &top_ups::PAGE,
    &trunks::PAGE,
    &pop_settings::PAGE,
    &blocklist::PAGE,
    &caller_rotation::PAGE,
    &number_groups::PAGE,
    &busy_reasons::PAGE,
    &wrap_settings::PAGE,
];
