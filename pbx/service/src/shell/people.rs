//! Who listens: the live socket of each seat, and the watchers of each company's board.

use super::Shell;
use hutong_api::{
    CompanyId, Lang, SeatId,
    board::BoardMsg,
    live::{RefusalText, ServerMsg},
    texts,
};
use hutong_core::io::{Input, SeatEvent};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{mpsc::UnboundedSender, watch};

#[derive(Default)]
pub(crate) struct People {
    seats: Mutex<Seats>,
    boards: Mutex<BTreeMap<CompanyId, watch::Sender<BoardMsg>>>,
}

#[derive(Default)]
struct Seats {
    next: u64,
    sockets: BTreeMap<SeatId, (u64, UnboundedSender<ServerMsg>)>,
}

/// Keeps a seat's socket attached.
pub struct Attached {
    shell: Shell,
    seat: SeatId,
    turn: u64,
}

pub(crate) fn attach(shell: Shell, seat: SeatId, to: UnboundedSender<ServerMsg>) -> Attached {
    let (turn, older) = shell.people.insert(seat, to);
    if let Some(older) = older {
        let code = "session.newer_login";
        let text = texts::text(Lang::Zh, &format!("refusal.{code}")).to_owned();
        // A socket that is already gone needs no farewell.
        let _ = older.send(ServerMsg::Bye(RefusalText { code: code.into(), text }));
    }
    shell.input(Input::Seat { seat, event: SeatEvent::Online });
    Attached { shell, seat, turn }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if self.shell.people.remove(self.seat, self.turn) {
            self.shell.input(Input::Seat { seat: self.seat, event: SeatEvent::Offline });
        }
    }
}

impl People {
    pub(crate) fn tell(&self, seat: SeatId, msg: ServerMsg) {
        if let Some((_, to)) = self.lock().sockets.get(&seat) {
            // The socket's task notices its own end.
            let _ = to.send(msg);
        }
    }

    pub(crate) fn board(&self, company: CompanyId) -> watch::Receiver<BoardMsg> {
        let mut boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.entry(company).or_insert_with(|| watch::channel(BoardMsg::default()).0).subscribe()
    }

    /// Companies whose board somebody watches.
    pub(crate) fn watched(&self) -> Vec<CompanyId> {
        let boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        boards.iter().filter(|(_, to)| to.receiver_count() > 0).map(|(company, _)| *company).collect()
    }

    pub(crate) fn show(&self, company: CompanyId, board: BoardMsg) {
        let boards = self.boards.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(to) = boards.get(&company) {
            to.send_replace(board);
        }
    }

    fn insert(&self, seat: SeatId, to: UnboundedSender<ServerMsg>) -> (u64, Option<UnboundedSender<ServerMsg>>) {
        let mut seats = self.lock();
        seats.next += 1;
        let turn = seats.next;
        let older = seats.sockets.insert(seat, (turn, to));
        (turn, older.map(|(_, to)| to))
    }

    /// True if this very attachment was the seat's current one.
    fn remove(&self, seat: SeatId, turn: u64) -> bool {
        let mut seats = self.lock();
        let current = seats.sockets.get(&seat).is_some_and(|(t, _)| *t == turn);
        if current {
            seats.sockets.remove(&seat);
        }
        current
    }

    fn lock(&self) -> MutexGuard<'_, Seats> {
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
