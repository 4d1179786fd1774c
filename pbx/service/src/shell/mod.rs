//! The shell around the engine: one task owns `Engine`, feeds it inputs and due timers, and hands its turns to the
//! store, SIP, media and people. `Shell` is the handle everybody else holds.

use hutong_api::{
    CompanyId, Micro, Refusal, SeatId,
    board::BoardMsg,
    live::{Command, ServerMsg},
};
use hutong_core::io::{Actor, Input, LedgerKind};
use tokio::sync::{mpsc::UnboundedSender, watch};

#[derive(Debug, Clone)]
pub struct Shell {}

impl Shell {
    /// A shell nobody listens behind: inputs are dropped, asks refused as `service.stopping`. For tests of the other rooms.
    #[cfg(test)]
    pub fn unconnected() -> Shell {
        Shell {}
    }

    /// Something happened.
    pub fn input(&self, _input: Input) {}

    /// A person asks; answered once what follows from it is committed.
    pub async fn ask(&self, _who: Actor, _cmd: Command) -> Result<(), Refusal> {
        Err(Refusal::new("service.stopping"))
    }

    /// Top-up or correction by the box operator.
    pub async fn money(
        &self,
        _company: CompanyId,
        _kind: LedgerKind,
        _amount: Micro,
        _by: String,
        _note: String,
    ) -> Result<(), Refusal> {
        Err(Refusal::new("service.stopping"))
    }

    /// The seat's live socket: gets Seat, Pop, CallOver, Toast. A newer attach replaces the older, which gets Bye.
    /// Dropping the returned guard detaches.
    pub fn attach(&self, _seat: SeatId, _to: UnboundedSender<ServerMsg>) -> Attached {
        Attached {}
    }

    /// A trunk's record was changed and committed: SIP gets the whole set again.
    pub fn trunks_changed(&self) {}

    /// The company's newest board (full sections, built at most 10 times a second while anyone watches).
    pub fn board(&self, _company: CompanyId) -> watch::Receiver<BoardMsg> {
        watch::channel(BoardMsg::default()).1
    }
}

/// Keeps a seat's socket attached.
#[derive(Debug)]
pub struct Attached {}
