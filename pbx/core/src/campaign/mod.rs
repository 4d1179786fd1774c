//! Campaigns (任务): their state machine, their numbers, when and how much they dial.

pub(crate) mod blocklist;
pub mod calendar;
pub(crate) mod callers;
pub(crate) mod caps;
pub(crate) mod crew;
pub(crate) mod dialler;
pub(crate) mod hopper;
pub(crate) mod learning;
pub mod pacing;
pub mod screening;
pub(crate) mod task;
