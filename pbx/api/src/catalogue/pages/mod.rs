//! The pages, in menu order.

use super::Page;

pub const ALL: &[&Page] = &[];
