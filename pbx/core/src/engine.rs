//! The one owner of everything live.

use crate::{
    io::{Input, Turn},
    time::{Mono, Now},
};
use hutong_api::{CompanyId, SeatId, board::BoardMsg, live::SeatView};

#[derive(Debug, Default)]
pub struct Engine {}

impl Engine {
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Takes what happened; returns what must be stored and then done.
    pub fn handle(&mut self, _now: Now, _input: Input) -> Turn {
        Turn::default()
    }

    /// When `Input::Tick` is next wanted.
    pub fn next_deadline(&self) -> Option<Mono> {
        None
    }

    /// The full board of a company (`seq` 0, no events: those come as effects).
    pub fn board(&self, _company: CompanyId, _now: Now) -> Option<BoardMsg> {
        None
    }

    pub fn seat_view(&self, _seat: SeatId) -> Option<SeatView> {
        None
    }
}
