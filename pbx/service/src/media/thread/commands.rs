//! What the media thread is told to do.

use super::{Command, Farewell, Now, Subject, Worker};
use crate::media::{
    MediaEvent, TrunkMedia,
    browser::BrowserLeg,
    poll::Ready,
    seat::SeatLeg,
    slots::Key,
    trunk::TrunkLeg,
    writer::{Message, Start},
};
use hutong_api::{LegId, PromptId, SeatId};
use hutong_core::io::Tone;
use std::{net::UdpSocket, sync::mpsc};

impl Worker {
    pub(super) fn take_commands(&mut self) {
        loop {
            match self.commands.try_recv() {
                Ok(command) => self.guarded(|worker| worker.obey(command)),
                Err(mpsc::TryRecvError::Empty) => return,
                Err(mpsc::TryRecvError::Disconnected) => {
                    self.stopped = true;
                    return;
                }
            }
        }
    }

    pub(super) fn obey(&mut self, command: Command) {
        let now = self.now();
        match command {
            Command::OpenTrunk(leg, socket) => self.open_trunk(leg, socket, now),
            Command::ConnectTrunk(leg, media) => self.connect_trunk(leg, media, now),
            Command::Answered(leg) => self.answered(leg, now),
            Command::CloseTrunk(leg) => {
                if let Some(&key) = self.legs.get(&leg) {
                    self.drop_trunk(key);
                }
            }
            Command::OpenSeat(seat, leg, ssrc) => self.open_seat(seat, *leg, ssrc, now),
            Command::CloseSeat(seat) => {
                if let Some(&trunk) = self.bridges.get(&seat) {
                    self.unbridge(trunk);
                }
                if let Some(&key) = self.by_seat.get(&seat) {
                    self.drop_seat(key, Farewell::Closed);
                }
            }
            Command::LoadPrompt(prompt, alaw) => drop(self.prompts.insert(prompt, alaw)),
            Command::Play(leg, prompt) => self.play(leg, prompt, now),
            Command::StopPlay(leg) => {
                if let Some(trunk) = self.trunk_of(leg) {
                    trunk.speaker.stop();
                }
            }
            Command::Bridge(leg, seat) => self.bridge(leg, seat),
            Command::Unbridge(leg) => {
                if let Some(&key) = self.legs.get(&leg) {
                    self.unbridge(key);
                }
            }
            Command::Tone(seat, tone) => self.tone(seat, tone, now),
            Command::Record(leg, call, path) => self.record(leg, Start { call, path }, now),
            Command::SendKey(leg, key) => self.press(leg, key, now),
            Command::StallWriter(gate, max_behind) => {
                self.tap.limit(max_behind);
                self.tap.message(Message::Stall(gate));
            }
            Command::Stop => self.stopped = true,
        }
    }

    fn trunk_of(&mut self, leg: LegId) -> Option<&mut TrunkLeg> {
        let key = *self.legs.get(&leg)?;
        self.subject = Some(Subject::Trunk(key));
        self.trunks.get_mut(key)
    }

    fn open_trunk(&mut self, leg: LegId, socket: UdpSocket, now: Now) {
        if let Some(&older) = self.legs.get(&leg) {
            self.drop_trunk(older);
        }
        let source = self.source();
        let key = self.trunks.insert(TrunkLeg::new(leg, socket, source, now.samples));
        self.legs.insert(leg, key);
    }

    fn connect_trunk(&mut self, leg: LegId, media: TrunkMedia, now: Now) {
        let Some(&key) = self.legs.get(&leg) else { return };
        let Some(trunk) = self.trunks.get_mut(key) else { return };
        trunk.connect(media);
        trunk.heard = now.samples;
        if trunk.media.is_some() && !trunk.polled {
            match self.poll.add(&trunk.socket, Ready::Trunk(key)) {
                Ok(()) => trunk.polled = true,
                Err(fault) => tracing::error!(leg = leg.0, %fault, "a trunk leg cannot be heard"),
            }
        }
    }

    fn answered(&mut self, leg: LegId, now: Now) {
        if let Some(trunk) = self.trunk_of(leg).filter(|trunk| !trunk.answered) {
            trunk.answered = true;
            trunk.heard = now.samples;
        }
    }

    fn play(&mut self, leg: LegId, prompt: PromptId, now: Now) {
        self.answered(leg, now);
        let Some(&key) = self.legs.get(&leg) else { return };
        match self.prompts.get(&prompt).cloned() {
            Some(alaw) => {
                if let Some(trunk) = self.trunk_of(leg) {
                    trunk.speaker.play(prompt, alaw);
                    self.tick_from(Subject::Trunk(key), now);
                }
            }
            // A prompt nobody loaded must not hold up the call that waits for its end.
            None => self.tell(MediaEvent::PlayEnded { leg, prompt }),
        }
    }

    fn press(&mut self, leg: LegId, key: char, now: Now) {
        if let Some(&trunk) = self.legs.get(&leg) {
            self.press_on(trunk, key, now);
        }
    }

    pub(super) fn press_on(&mut self, trunk: Key, key: char, now: Now) {
        if let Some(leg) = self.trunks.get_mut(trunk) {
            leg.speaker.press(key);
            self.tick_from(Subject::Trunk(trunk), now);
        }
    }

    fn record(&mut self, leg: LegId, start: Start, now: Now) {
        self.answered(leg, now);
        let Some(&key) = self.legs.get(&leg) else { return };
        let Some(trunk) = self.trunks.get_mut(key) else { return };
        if let Some(older) = trunk.recording.take() {
            self.tap.close(older, now.samples);
        }
        trunk.recording = Some(self.tap.open(start, now.samples));
    }

    fn tone(&mut self, seat: SeatId, tone: Tone, now: Now) {
        let Some(&key) = self.by_seat.get(&seat) else { return };
        self.subject = Some(Subject::Seat(key));
        let Some(leg) = self.seats.get_mut(key) else { return };
        leg.tone = self.tones.of(tone);
        if leg.tone.is_some() {
            self.tick_from(Subject::Seat(key), now);
        }
    }

    fn bridge(&mut self, leg: LegId, seat: SeatId) {
        let Some(&key) = self.legs.get(&leg) else { return };
        if self.bridges.get(&seat) == Some(&key) {
            return;
        }
        self.unbridge(key);
        if let Some(&other) = self.bridges.get(&seat) {
            self.unbridge(other);
        }
        self.bridges.insert(seat, key);
        if let Some(trunk) = self.trunks.get_mut(key) {
            trunk.bridge = Some(seat);
            trunk.seat = self.by_seat.get(&seat).copied();
            if let Some(leg) = trunk.seat.and_then(|seat| self.seats.get_mut(seat)) {
                leg.trunk = Some(key);
            }
        }
    }

    fn unbridge(&mut self, key: Key) {
        let Some(trunk) = self.trunks.get_mut(key) else { return };
        let Some(seat) = trunk.bridge.take() else { return };
        self.bridges.remove(&seat);
        if let Some(leg) = trunk.seat.take().and_then(|seat| self.seats.get_mut(seat)) {
            leg.trunk = None;
        }
    }

    pub(super) fn drop_trunk(&mut self, key: Key) {
        self.unbridge(key);
        let Some(mut trunk) = self.trunks.remove(key) else { return };
        if self.legs.get(&trunk.id) == Some(&key) {
            self.legs.remove(&trunk.id);
        }
        let recording = trunk.recording.take();
        // Closing the socket takes it out of the poller, too. It comes first: who hears that the recording is closed may
        // take it that the port is free.
        drop(trunk);
        if let Some(recording) = recording {
            let now = self.now();
            self.tap.close(recording, now.samples);
        }
    }

    /// The newer leg of a seat takes the older one's place in its call; nobody is told that the older one went.
    fn open_seat(&mut self, seat: SeatId, leg: BrowserLeg, ssrc: u32, now: Now) {
        let mut tone = None;
        if let Some(&older) = self.by_seat.get(&seat) {
            tone = self.seats.get_mut(older).and_then(|older| older.tone.take());
            self.guarded(|worker| worker.drop_seat(older, Farewell::Replaced));
        }
        let source = self.source();
        let ufrag = leg.ufrag().to_owned();
        let mut standing = SeatLeg::new(seat, leg, ssrc, source, now.at, now.samples);
        standing.trunk = self.bridges.get(&seat).copied();
        standing.tone = tone;
        let (trunk, plays) = (standing.trunk, standing.tone.is_some());
        let key = self.seats.insert(standing);
        self.ufrags.insert(ufrag, key);
        self.by_seat.insert(seat, key);
        if let Some(trunk) = trunk.and_then(|trunk| self.trunks.get_mut(trunk)) {
            trunk.seat = Some(key);
        }
        if plays {
            self.tick_from(Subject::Seat(key), now);
        }
        self.drive(key);
    }

    pub(super) fn drop_seat(&mut self, key: Key, farewell: Farewell) {
        let Some(mut leg) = self.seats.remove(key) else { return };
        self.ufrags.remove(leg.leg.ufrag());
        for address in &leg.addresses {
            if self.addresses.get(address) == Some(&key) {
                self.addresses.remove(address);
            }
        }
        if self.by_seat.get(&leg.id) == Some(&key) {
            self.by_seat.remove(&leg.id);
        }
        if let Some(trunk) = leg.trunk.and_then(|trunk| self.trunks.get_mut(trunk)).filter(|it| it.seat == Some(key)) {
            trunk.seat = None;
        }
        if farewell != Farewell::Replaced {
            self.tell(MediaEvent::SeatDown { seat: leg.id });
        }
        if farewell != Farewell::Broken {
            let (muxed, path) = (&self.muxed, leg.path);
            leg.leg.close(self.now().at);
            leg.leg.drain(|datagram| muxed.send_on(path, datagram));
        }
    }

    pub(super) fn tell(&self, event: MediaEvent) {
        let _ = self.events.send(event);
    }
}
