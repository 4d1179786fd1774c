//! A model of everything around the engine, for tests: the store, an office, and (world) carriers, callees and agents.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

pub mod bench;
pub mod carrier;
pub mod checks;
pub mod model;
pub mod office;
pub mod people;
pub mod rng;
pub mod rules;
pub mod world;
