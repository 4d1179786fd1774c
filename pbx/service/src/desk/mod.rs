//! desk
pub mod import;
