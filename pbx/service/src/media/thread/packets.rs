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
            if let Some(key) = self.whose(peer, packet) {
                self.guarded(|worker| worker.hear_browser(key, local, peer, packet));
            }
        }
    }

    /// The leg a packet belongs to: a check by its user name, once its integrity is proven; all else by its address.
    fn whose(&mut self, peer: SocketAddr, packet: &[u8]) -> Option<Key> {
        let known = self.addresses.get(&peer).copied();
        let Some(ufrag) = browser::ufrag_of(packet) else {
            return known;
        };
        let key = *self.ufrags.get(&ufrag)?;
        let now = self.now();
        self.subject = Some(Subject::Seat(key));
        let seat = self.seats.get_mut(key).filter(|seat| seat.leg.vouches_for(packet))?;
        seat.signs.heard = now.at;
        if known != Some(key) {
            if seat.addresses.len() >= MAX_ADDRESSES {
                return None;
            }
            seat.addresses.push(peer);
            seat.signs.reached.get_or_insert(now.at);
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
    seat.leg.send(now.at, &header, payload, |local, peer, datagram| muxed.send(local, peer, datagram));
}
