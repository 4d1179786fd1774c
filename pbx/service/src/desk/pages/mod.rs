//! One file per page with its SQL.

pub mod activities;
pub mod attempts;
pub mod blocklist;
pub mod calls;
pub mod campaigns;
pub mod charges;
pub mod customers;
pub mod departments;
pub mod ledger;
pub mod roles;
pub mod scripts;
pub mod seats;
pub mod trunks;
