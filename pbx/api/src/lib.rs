//! The vocabulary of Hutong: what the service, its console, its page and its simulator say to each other.
//! No I/O, no clock, no rules beyond well-formedness.

pub mod board;
pub mod call;
pub mod catalogue;
pub mod id;
pub mod live;
pub mod money;
pub mod monitor;
pub mod page;
pub mod phone;
pub mod refusal;
pub mod texts;

pub use call::{CallKind, CallResult, CallState, EndedBy, OptOutHow, WhyRule};
pub use id::*;
pub use money::Micro;
pub use phone::Phone;
pub use refusal::Refusal;
pub use texts::Lang;
