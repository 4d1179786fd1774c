//! Agents (坐席): their states, who is free, and the spans their day is made of.

pub(crate) mod roster;
pub(crate) mod seat;
pub(crate) mod spans;
