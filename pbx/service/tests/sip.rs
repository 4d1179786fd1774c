//! SIP through real sockets: against the simulated carrier, and against SIPp as the carrier.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "sip/carrier.rs"]
mod carrier;
#[path = "sip/office.rs"]
mod office;
#[path = "sip/sipp.rs"]
mod sipp;
