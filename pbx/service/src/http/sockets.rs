//! The open live sockets, one per seat. A newer one takes the older's place, and the older is told why.
//! Whether the seat is online is the shell's to tell, from what is attached there.

use super::problem::said;
use crate::desk::access::TokenHash;
use hutong_api::{CompanyId, Lang, Refusal, SeatId, live::ServerMsg};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
};
use tokio::sync::mpsc::UnboundedSender;

#[derive(Default)]
pub struct Sockets {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    next: u64,
    by_seat: HashMap<SeatId, Socket>,
}

struct Socket {
    ticket: u64,
    company: CompanyId,
    session: TokenHash,
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
    pub fn open(
        &self,
        (company, seat): (CompanyId, SeatId),
        session: TokenHash,
        lang: Lang,
        to: UnboundedSender<ServerMsg>,
    ) -> Ticket {
        let mut open = self.lock();
        open.next += 1;
        let number = open.next;
        if let Some(older) = open.by_seat.insert(seat, Socket { ticket: number, company, session, lang, to }) {
            let same = older.session == session;
            older.say_bye(&Refusal::new(if same { "session.other_tab" } else { "session.newer_login" }));
        }
        Ticket { seat, number }
    }

    pub fn close(&self, ticket: Ticket) {
        let mut open = self.lock();
        if open.by_seat.get(&ticket.seat).is_some_and(|socket| socket.ticket == ticket.number) {
            open.by_seat.remove(&ticket.seat);
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

    /// To every socket of the company.
    pub fn send_all(&self, company: CompanyId, message: &ServerMsg) {
        for socket in self.lock().by_seat.values().filter(|socket| socket.company == company) {
            drop(socket.to.send(message.clone()));
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
