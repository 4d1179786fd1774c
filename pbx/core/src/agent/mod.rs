//! Agents (坐席): their states, who is free, and the spans their day is made of.

pub(crate) mod busy;
pub(crate) mod card;
pub(crate) mod roster;
pub(crate) mod seat;
pub(crate) mod spans;
pub(crate) mod wrap;
