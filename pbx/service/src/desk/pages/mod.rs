//! One file per page with its SQL.

pub mod activities;
pub mod agent_groups;
pub mod attempts;
pub mod audit;
pub mod blocklist;
pub mod busy_reasons;
pub mod calendar_days;
pub mod call_areas;
pub mod call_report;
pub mod callbacks;
pub mod caller_rotation;
pub mod calls;
pub mod campaign_defaults;
pub mod campaigns;
pub mod charges;
pub mod customer_fields;
pub mod customers;
pub mod departments;
pub mod forward_settings;
pub mod hold_music;
pub mod imports;
pub mod ledger;
pub mod my_tasks;
pub mod named;
pub mod notices;
pub mod number_groups;
pub mod number_moves;
pub mod opt_outs;
pub mod owner_changes;
pub mod pop_settings;
pub mod preview_tasks;
pub mod project_fields;
pub mod prompts;
pub mod public_pool;
pub mod roles;
pub mod rules;
pub mod scripts;
pub mod seat_heir;
pub mod seat_numbers;
pub mod seat_range;
pub mod seats;
pub mod survey_settings;
pub mod task_numbers;
pub mod trunks;
pub mod wrap_settings;
pub mod x_numbers;
pub mod x_pairs;

use super::query::Source;

/// Every page of the catalogue has its SQL (a test says so).
pub static ALL: &[&Source] = &[
    &customers::SOURCE,
    &public_pool::SOURCE,
    &activities::SOURCE,
    &callbacks::SOURCE,
    &owner_changes::SOURCE,
    &imports::SOURCE,
    &named::CATEGORIES,
    &named::PROJECTS,
    &project_fields::SOURCE,
    &campaigns::SOURCE,
    &attempts::SOURCE,
    &call_report::SOURCE,
    &task_numbers::SOURCE,
    &campaign_defaults::SOURCE,
    &agent_groups::SOURCE,
    &scripts::SOURCE,
    &preview_tasks::SOURCE,
    &my_tasks::SOURCE,
    &calls::SOURCE,
    &seats::SOURCE,
    &number_moves::SOURCE,
    &roles::SOURCE,
    &departments::SOURCE,
    &audit::SOURCE,
    &notices::SOURCE,
    &notices::RECEIPTS,
    &charges::SOURCE,
    &ledger::SEAT_FEES,
    &ledger::TOP_UPS,
    &trunks::SOURCE,
    &customer_fields::SOURCE,
    &pop_settings::SOURCE,
    &blocklist::SOURCE,
    &opt_outs::SOURCE,
    &caller_rotation::SOURCE,
    &number_groups::SOURCE,
    &x_numbers::SOURCE,
    &x_pairs::SOURCE,
    &forward_settings::SOURCE,
    &busy_reasons::SOURCE,
    &wrap_settings::SOURCE,
    &prompts::SOURCE,
    &survey_settings::SOURCE,
    &hold_music::SOURCE,
    &rules::POOL_SETTINGS,
    &rules::COMPANY_RULES,
    &calendar_days::SOURCE,
    &call_areas::SOURCE,
];
