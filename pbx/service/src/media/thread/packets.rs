//! Packets in and out: trunk to seat, seat to trunk.

use super::{Subject, Worker};
use crate::media::{
    MediaEvent, browser,
    browser::Change,
    seat::{MAX_ADDRESSES, SeatLeg},
    slots::Key,
    thread::{Farewell, Muxed},
};
use hutong_core::media::{dtmf, rtp};
use std::net::SocketAddr;

impl Worker {
    pub(super) fn hear_trunk(&mut self, key: Key, buffer: &mut [u8]) {
        self.subject = Some(Subject::Trunk(key));
        let now = self.now();
        let Some(trunk) = self.trunks.get_mut(key) else { return };
        // An error is an old refusal of the far end's host; reading has cleared it.
        let Ok(len) = trunk.socket.recv(buffer) else { return };
        let Some(heard) = trunk.hear(&mut buffer[..len], now.samples, &mut self.tap) else { return };
        if let Some(pressed) = heard.key {
            let _ = self.events.send(MediaEvent::Key { leg: trunk.id, key: pressed });
        }
        let (source, Some(seat)) = (trunk.source, trunk.seat) else { return };
        self.subject = Some(Subject::Seat(seat));
        let Some(seat) = self.seats.get_mut(seat).filter(|seat| seat.up) else { return };
        if let Some(tone) = &seat.tone {
            if !tone.yields() || heard.event {
                return;
            }
            seat.tone = None;
        }
        let payload_type = match (heard.event, seat.leg.event()) {
            (false, _) => browser::PCMA,
            (true, Some(event)) => event,
            (true, None) => return,
        };
        let header = seat.out.relay(source, &heard.header, heard.event, now.samples);
        say(seat, &self.muxed, rtp::Header { payload_type, ..header }, heard.payload);
    }

    /// Up to `share` packets of the muxed socket.
    pub(super) fn hear_browsers(&mut self, index: usize, share: usize, buffer: &mut [u8]) {
        for _ in 0..share {
            let Some((local, socket)) = self.muxed.0.get(index) else { return };
            let local = *local;
            let Ok((len, peer)) = socket.recv_from(buffer) else { return };
            let packet = &buffer[..len];
            self.guarded(|worker| match browser::Check::parse(packet) {
                Some(check) => worker.checked(check, local, peer),
                None => worker.hear_browser(peer, packet),
            });
        }
    }

    /// A check finds its leg by name. Only one whose integrity is proven is answered, and its address learnt.
    fn checked(&mut self, mut check: browser::Check, local: SocketAddr, peer: SocketAddr) {
        let Some(&key) = self.ufrags.get(check.ufrag()) else { return };
        self.subject = Some(Subject::Seat(key));
        let now = self.now();
        let Some(seat) = self.seats.get_mut(key) else { return };
        let Some(reply) = seat.leg.reply(&mut check, peer) else { return };
        self.muxed.send(local, peer, &reply);
        seat.signs.heard = now.at;
        if check.nominates() || seat.path.is_none() {
            seat.path = Some((local, peer));
        }
        if self.addresses.get(&peer) != Some(&key) {
            seat.signs.reached.get_or_insert(now.at);
            if seat.addresses.len() >= MAX_ADDRESSES {
                let oldest = seat.addresses.remove(0);
                self.addresses.remove(&oldest);
            }
            seat.addresses.push(peer);
            self.addresses.insert(peer, key);
        }
    }

    /// Anything but a check is heard from learnt addresses only.
    fn hear_browser(&mut self, peer: SocketAddr, packet: &[u8]) {
        let Some(&key) = self.addresses.get(&peer) else { return };
        self.subject = Some(Subject::Seat(key));
        let now = self.now();
        let Worker { seats, trunks, tap, .. } = self;
        let Some(seat) = seats.get_mut(key) else { return };
        let (source, event_type) = (seat.source, seat.leg.event());
        let trunk = seat.trunk.and_then(|trunk| trunks.get_mut(trunk));
        let mut pressed = None;
        let was_audio = seat.leg.input(now.at, packet, |header, payload| {
            let event = Some(header.payload_type) == event_type;
            let Some(trunk) = trunk.filter(|_| event || header.payload_type == browser::PCMA) else { return };
            if event && !trunk.knows_events() {
                pressed = dtmf::Event::parse(payload).and_then(|event| event.key()).map(|key| (header.timestamp, key));
            } else {
                trunk.relay(source, header, event, payload, now.samples, tap);
            }
        });
        if was_audio {
            (seat.signs.heard, seat.signs.heard_audio) = (now.at, now.at);
        } else {
            self.drive(key);
        }
        // A far end without events hears the key as a tone, once for all packets of its event.
        if let Some((timestamp, pressed)) = pressed
            && let Some(seat) = self.seats.get_mut(key)
            && seat.last_key.replace(timestamp) != Some(timestamp)
            && let Some(trunk) = seat.trunk
        {
            self.press_on(trunk, pressed, now);
        }
    }

    /// Sends what a leg has ready, learns what became of it and when it wants the clock.
    pub(super) fn drive(&mut self, key: Key) {
        self.subject = Some(Subject::Seat(key));
        let Some(seat) = self.seats.get_mut(key) else { return };
        let (muxed, path) = (&self.muxed, seat.path);
        let change = seat.leg.drain(|datagram| muxed.send_on(path, datagram));
        seat.deadline = seat.leg.deadline();
        self.next_deadline = self.next_deadline.into_iter().chain(seat.deadline).min();
        match change {
            Some(Change::Up) if !seat.up => {
                seat.up = true;
                let seat = seat.id;
                self.tell(MediaEvent::SeatUp { seat });
            }
            Some(Change::Down) => self.drop_seat(key, Farewell::Closed),
            _ => {}
        }
    }
}

/// One packet to a seat's browser.
pub(super) fn say(seat: &mut SeatLeg, muxed: &Muxed, header: rtp::Header, payload: &[u8]) {
    let path = seat.path;
    seat.leg.send(&header, payload, |datagram| muxed.send_on(path, datagram));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::media::thread::{
        Command,
        tests::{Bench, bench},
    };
    use hutong_api::SeatId;

    #[test]
    fn an_address_is_learnt_by_the_password_only() {
        let mut bench = bench();
        let (leg, check) = browser::tests::leg_and_check();
        bench.worker.obey(Command::OpenSeat(SeatId(1), Box::new(leg), 77));
        let (page, stranger): (SocketAddr, SocketAddr) =
            ("192.0.2.1:5000".parse().unwrap(), "192.0.2.2:5000".parse().unwrap());
        let ours: SocketAddr = "192.0.2.9:8443".parse().unwrap();
        let check_from = |bench: &mut Bench, peer, packet: &[u8]| {
            bench.worker.checked(browser::Check::parse(packet).unwrap(), ours, peer);
            bench.worker.addresses.get(&peer).copied()
        };
        let mut forged = check.clone();
        let at = forged.len() - 20;
        forged[at] ^= 1;
        assert_eq!(check_from(&mut bench, stranger, &forged), None);
        let key = check_from(&mut bench, page, &check).unwrap();
        assert_eq!(bench.worker.seats.get_mut(key).unwrap().path, Some((ours, page)));
        // A page that roams is heard at its last addresses, and spoken to at the very last.
        let from = |port: u16| SocketAddr::from(([192, 0, 2, 3], port));
        for port in 1..=100 {
            assert_eq!(check_from(&mut bench, from(port), &check), Some(key));
        }
        assert_eq!(bench.worker.seats.get_mut(key).unwrap().path, Some((ours, from(100))));
        let heard = (1..=100).filter(|&port| bench.worker.addresses.contains_key(&from(port))).count();
        assert_eq!((heard, bench.worker.addresses.len()), (MAX_ADDRESSES, MAX_ADDRESSES));
        bench.worker.obey(Command::CloseSeat(SeatId(1)));
        assert!(bench.worker.addresses.is_empty() && bench.worker.ufrags.is_empty() && bench.worker.by_seat.is_empty());
    }
}
