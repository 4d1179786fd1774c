//! The service: the shell around hutong-core. SIP, RTP, WebRTC, SQLite and HTTP live here, each in its own room.

pub mod carrier_x;
pub mod cli;
pub mod config;
pub mod demo;
pub mod desk;
pub mod http;
pub mod log;
pub mod media;
pub mod operator;
pub mod password;
pub mod run;
pub mod shell;
pub mod sip;
pub mod store;
