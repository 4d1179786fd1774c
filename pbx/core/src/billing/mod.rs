//! Money: what a call costs, what is reserved for it, what is posted.

pub mod hold;
pub(crate) mod ledger;
pub mod rating;
pub mod seat_fee;
