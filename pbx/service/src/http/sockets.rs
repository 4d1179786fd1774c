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

    pub fn is_open(&self, seat: SeatId) -> bool {
        self.lock().by_seat.contains_key(&seat)
    }

    /// To the seat's socket, if it has one.
    pub fn send(&self, seat: SeatId, message: ServerMsg) {
        if let Some(socket) = self.lock().by_seat.get(&seat) {
            drop(socket.to.send(message));
        }
    }

    /// A sentence in the seat's language.
    pub fn toast(&self, seat: SeatId, refusal: &Refusal) {
        if let Some(socket) = self.lock().by_seat.get(&seat) {
            drop(socket.to.send(ServerMsg::Toast(said(refusal, socket.lang))));
        }
    }

    /// Every open page of the company reads this catalogue page's rows again.
    pub fn tell_company(&self, company: CompanyId, page: &str) {
        for socket in self.lock().by_seat.values().filter(|socket| socket.company == company) {
            drop(socket.to.send(ServerMsg::Changed { page: page.to_owned() }));
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;

    #[test]
    fn a_change_is_told_to_every_socket_of_its_company_and_to_no_other() {
        let sockets = Sockets::default();
        let open = |company: i64, seat: i64| {
            let (to, from) = unbounded_channel();
            sockets.open((CompanyId(company), SeatId(seat)), TokenHash::default(), Lang::Zh, to);
            from
        };
        let (mut first, mut second, mut foreign) = (open(1, 1), open(1, 2), open(2, 11));
        sockets.tell_company(CompanyId(1), "customer_fields");
        for socket in [&mut first, &mut second] {
            assert!(matches!(socket.try_recv(), Ok(ServerMsg::Changed { page }) if page == "customer_fields"));
        }
        assert!(foreign.try_recv().is_err());
    }
}
