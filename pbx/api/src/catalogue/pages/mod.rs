//! The pages, in menu order (F115).

use super::Page;

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
pub mod categories;
pub mod charges;
pub mod company_rules;
pub mod customer_fields;
pub mod customers;
pub mod departments;
pub mod forward_settings;
pub mod hold_music;
pub mod imports;
pub mod my_tasks;
pub mod notices;
pub mod number_groups;
pub mod number_moves;
pub mod opt_outs;
pub mod owner_changes;
pub mod pool_settings;
pub mod pop_settings;
pub mod preview_tasks;
pub mod project_fields;
pub mod projects;
pub mod prompts;
pub mod public_pool;
pub mod roles;
pub mod scripts;
pub mod seat_fees;
pub mod seats;
pub mod survey_settings;
pub mod task_numbers;
pub mod top_ups;
pub mod trunks;
pub mod wrap_settings;
pub mod x_numbers;
pub mod x_pairs;

pub static ALL: &[&Page] = &[
    &customers::PAGE,
    &public_pool::PAGE,
    &activities::PAGE,
    &callbacks::PAGE,
    &owner_changes::PAGE,
    &imports::PAGE,
    &categories::PAGE,
    &projects::PAGE,
    &project_fields::PAGE,
    &campaigns::PAGE,
    &attempts::PAGE,
    &call_report::PAGE,
    &task_numbers::PAGE,
    &campaign_defaults::PAGE,
    &agent_groups::PAGE,
    &scripts::PAGE,
    &preview_tasks::PAGE,
    &my_tasks::PAGE,
    &calls::PAGE,
    &seats::PAGE,
    &number_moves::PAGE,
    &roles::PAGE,
    &departments::PAGE,
    &audit::PAGE,
    &notices::PAGE,
    &notices::RECEIPTS,
    &charges::PAGE,
    &seat_fees::PAGE,
    &top_ups::PAGE,
    &trunks::PAGE,
    &customer_fields::PAGE,
    &pop_settings::PAGE,
    &blocklist::PAGE,
    &opt_outs::PAGE,
    &caller_rotation::PAGE,
    &number_groups::PAGE,
    &x_numbers::PAGE,
    &x_pairs::PAGE,
    &forward_settings::PAGE,
    &busy_reasons::PAGE,
    &wrap_settings::PAGE,
    &prompts::PAGE,
    &survey_settings::PAGE,
    &hold_music::PAGE,
    &pool_settings::PAGE,
    &company_rules::PAGE,
    &calendar_days::PAGE,
    &call_areas::PAGE,
];
