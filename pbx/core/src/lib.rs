//! The engine of Hutong: pure state machines for calls, campaigns, pacing, agents, billing and media maths.
//! Nothing here reads a clock, a random generator, a file or a socket, and no hash map is ever iterated.

pub mod agent;
pub mod billing;
mod board;
mod boot;
pub mod call;
pub mod campaign;
mod command;
mod company;
pub mod engine;
pub mod import;
pub mod io;
pub mod media;
mod setting;
pub mod time;
mod timers;
mod trunk;
pub mod whatif;

pub use engine::Engine;
pub use time::{Mono, Now, Wall};
