//! Campaigns (任务): their state machine, their numbers, when and how much they dial.

pub mod area;
pub(crate) mod blocklist;
pub mod calendar;
pub(crate) mod callers;
pub(crate) mod caps;
pub(crate) mod crew;
pub(crate) mod dialler;
pub mod holidays;
pub(crate) mod hopper;
pub(crate) mod hours;
pub(crate) mod learning;
pub(crate) mod opt_out;
pub mod pacing;
mod preview;
pub mod retry;
pub mod screening;
pub mod spans;
pub(crate) mod spend;
pub(crate) mod task;
