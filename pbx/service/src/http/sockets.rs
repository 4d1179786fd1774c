//! The open live sockets, one per seat. A newer one takes the older's place, and only the last one's end is the seat's Offline.

use super::problem::said;
use crate::shell::Shell;
use hutong_api::{Lang, Refusal, SeatId, live::ServerMsg};
use hutong_core::io::{Input, SeatEvent};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};
use tokio::sync::mpsc::UnboundedSender;

pub struct Sockets {
    shell: Shell,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    by_seat: HashMap<SeatId, Socket>,
}

struct Socket {
    ticket: u64,
    lang: Lang,
    to: UnboundedSender<ServerMsg>,
}

/// Names one opening of a seat's socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    seat: SeatId,
    number: u64,
}

impl Sockets {
    pub fn new(shell: Shell) -> Sockets {
        Sockets { shell, open: Mutex::default() }
    }

    pub fn open(&self, seat: SeatId, lang: Lang, to: UnboundedSender<ServerMsg>) -> Ticket {
        let mut open = self.lock();
        open.next += 1;
        let number = open.next;
        if let Some(older) = open.by_seat.insert(seat, Socket { ticket: number, lang, to }) {
            older.say_bye(&Refusal::new("session.newer_login"));
        }
        // Under the lock, so that Online and Offline reach the engine in their true order.
        self.shell.input(Input::Seat { seat, event: SeatEvent::Online });
        Ticket { seat, number }
    }

    pub fn close(&self, ticket: Ticket) {
        let mut open = self.lock();
        if open.by_seat.get(&ticket.seat).is_some_and(|socket| socket.ticket == ticket.number) {
            open.by_seat.remove(&ticket.seat);
            self.shell.input(Input::Seat { seat: ticket.seat, event: SeatEvent::Offline });
        }
    }

    /// Ends the seat's socket with a word of why.
    pub fn bye(&self, seat: SeatId, why: &Refusal) {
        if let Some(socket) = self.lock().by_seat.get(&seat) {
            socket.say_bye(why);
        }
    }

    /// To the seat's socket, if it has one.
    pub fn send(&self, seat: SeatId, message: ServerMsg) {
        if let Some(socket) = self.lock().by_seat.get(&seat) {
            drop(socket.to.send(message));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(|e| e.into_inner())
    }
}

impl Socket {
    fn say_bye(&self, why: &Refusal) {
        drop(self.to.send(ServerMsg::Bye(said(why, self.lang))));
    }
}
