//! Calls: from the decision to dial to the CDR.

pub mod cause;
pub(crate) mod cdr;
pub(crate) mod dial;
pub(crate) mod leg;
pub(crate) mod live;
pub(crate) mod queue;
