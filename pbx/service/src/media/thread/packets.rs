//! Packets in and out: trunk to seat, seat to trunk.

use super::{Now, Subject, Worker};
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
        say(seat, &self.muxed, now, rtp::Header { payload_type, ..header }, heard.payload);
    }

    /// Up to `share` packets of the muxed socket.
    pub(super) fn hear_browsers(&mut self, index: usize, share: usize, buffer: &mut [u8]) {
        for _ in 0..share {
            let Some((local, socket)) = self.muxed.0.get(index) else { return };
            let local = *local;
            let Ok((len, peer)) = socket.recv_from(buffer) else { return };
            let packet = &buffer[..len];
            if let Some(key) = self.whose(local, peer, packet) {
                self.guarded(|worker| worker.hear_browser(key, local, peer, packet));
            }
        }
    }

    /// The leg a packet belongs to: a check by its user name, once its integrity is proven; all else by its address.
    fn whose(&mut self, local: SocketAddr, peer: SocketAddr, packet: &[u8]) -> Option<Key> {
        let known = self.addresses.get(&peer).copied();
        let Some(check) = browser::Check::parse(packet) else {
            return known;
        };
        let key = *self.ufrags.get(&check.ufrag)?;
        let now = self.now();
        self.subject = Some(Subject::Seat(key));
        let seat = self.seats.get_mut(key).filter(|seat| seat.leg.vouches_for(packet))?;
        seat.signs.heard = now.at;
        if check.nominates {
            seat.path = Some((local, peer));
        }
        if known != Some(key) {
            seat.signs.reached.get_or_insert(now.at);
            if seat.addresses.len() >= MAX_ADDRESSES {
                let oldest = seat.addresses.remove(0);
                self.addresses.remove(&oldest);
            }
            seat.addresses.push(peer);
            self.addresses.insert(peer, key);
        }
        Some(key)
    }

    fn hear_browser(&mut self, key: Key, local: SocketAddr, peer: SocketAddr, packet: &[u8]) {
        self.subject = Some(Subject::Seat(key));
        let now = self.now();
        let Worker { seats, trunks, tap, .. } = self;
        let Some(seat) = seats.get_mut(key) else { return };
        let (source, event_type) = (seat.source, seat.leg.event());
        let mut trunk = seat.trunk.and_then(|trunk| trunks.get_mut(trunk));
        let mut heard_audio = false;
        let mut pressed = None;
        seat.leg.input(now.at, local, peer, packet, |header, payload| {
            heard_audio = true;
            let event = Some(header.payload_type) == event_type;
            let Some(trunk) = trunk.as_deref_mut().filter(|_| event || header.payload_type == browser::PCMA) else {
                return;
            };
            if event && !trunk.knows_events() {
                pressed = dtmf::Event::parse(payload).and_then(|event| event.key()).map(|key| (header.timestamp, key));
            } else {
                trunk.relay(source, header, event, payload, now.samples, tap);
            }
        });
        if heard_audio {
            (seat.signs.heard, seat.signs.heard_audio) = (now.at, now.at);
        }
        // A far end without events hears the key as a tone, once for all packets of its event.
        if let (Some((timestamp, key)), Some(trunk)) = (pressed, seat.trunk)
            && seat.last_key.replace(timestamp) != Some(timestamp)
        {
            self.press_on(trunk, key, now);
        }
        let is_media = packet.first().is_some_and(|first| (128..=191).contains(first));
        if !is_media {
            self.drive(key);
        }
    }

    /// Sends what a leg has ready, learns what became of it and when it wants the clock.
    pub(super) fn drive(&mut self, key: Key) {
        self.subject = Some(Subject::Seat(key));
        let Some(seat) = self.seats.get_mut(key) else { return };
        let muxed = &self.muxed;
        let change = seat.leg.drain(|local, peer, datagram| muxed.send(local, peer, datagram));
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
pub(super) fn say(seat: &mut SeatLeg, muxed: &Muxed, now: Now, header: rtp::Header, payload: &[u8]) {
    let path = seat.path;
    seat.leg.send(now.at, &header, payload, |local, peer, datagram| {
        let (local, peer) = path.unwrap_or((local, peer));
        muxed.send(local, peer, datagram);
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::media::thread::{Command, tests::bench};
    use hutong_api::SeatId;

    #[test]
    fn an_address_is_learnt_by_the_password_only() {
        let mut bench = bench();
        let (leg, check) = browser::tests::leg_and_check();
        bench.worker.obey(Command::OpenSeat(SeatId(1), Box::new(leg), 77));
        let (page, stranger): (SocketAddr, SocketAddr) =
            ("192.0.2.1:5000".parse().unwrap(), "192.0.2.2:5000".parse().unwrap());
        let ours: SocketAddr = "192.0.2.9:8443".parse().unwrap();
        let mut forged = check.clone();
        let at = forged.len() - 20;
        forged[at] ^= 1;
        assert_eq!(bench.worker.whose(ours, stranger, &forged), None);
        let key = bench.worker.whose(ours, page, &check).unwrap();
        let (hello, audio) = ([22, 254, 253, 0], [0x80, 8, 0, 0]);
        for packet in [hello, audio] {
            assert_eq!(bench.worker.whose(ours, page, &packet), Some(key));
            assert_eq!(bench.worker.whose(ours, stranger, &packet), None, "not even routed to the leg");
        }
        assert_eq!(bench.worker.seats.get_mut(key).unwrap().path, Some((ours, page)));
        // A page that roams is heard at its last addresses, and spoken to at the very last.
        let from = |port: u16| SocketAddr::from(([192, 0, 2, 3], port));
        for port in 1..=100 {
            assert_eq!(bench.worker.whose(ours, from(port), &check), Some(key));
        }
        assert_eq!(bench.worker.seats.get_mut(key).unwrap().path, Some((ours, from(100))));
        let heard = (1..=100).filter(|&port| bench.worker.whose(ours, from(port), &audio).is_some()).count();
        assert_eq!((heard, bench.worker.addresses.len()), (MAX_ADDRESSES, MAX_ADDRESSES));
        bench.worker.obey(Command::CloseSeat(SeatId(1)));
        assert_eq!(bench.worker.whose(ours, from(100), &audio), None);
        assert!(bench.worker.addresses.is_empty() && bench.worker.ufrags.is_empty() && bench.worker.by_seat.is_empty());
    }
}
