//! Time as an argument.

use serde::{Deserialize, Serialize};

/// Monotonic milliseconds of this process; dies with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Mono(pub u64);

/// Wall clock: epoch milliseconds, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Wall(pub i64);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub mono: Mono,
    pub wall: Wall,
}

impl Mono {
    pub const fn after_ms(self, ms: u64) -> Mono {
        Mono(self.0 + ms)
    }
}

impl Wall {
    pub const fn after_ms(self, ms: i64) -> Wall {
        Wall(self.0 + ms)
    }
}
