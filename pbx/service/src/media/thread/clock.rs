//! What the media thread does by the clock: frames of players, deadlines of legs, and a look around each second.

use super::{Farewell, HOUSEKEEPING, Now, Subject, Worker, packets::say};
use crate::media::{MediaEvent, browser, player::Out, slots::Key};
use std::time::{Duration, Instant};

const FRAME: Duration = Duration::from_millis(20);
/// Players start on this grid, so that those that fall due together are woken for together.
const GRID: Duration = Duration::from_millis(5);
/// A player this late does not catch up, it goes on from now.
const TOO_LATE: Duration = Duration::from_millis(200);
/// Samples an answered trunk leg may be silent: 30 s (RC9).
const SILENT: u64 = 30 * 8000;

impl Worker {
    pub(super) fn keep_time(&mut self) {
        let now = self.now();
        if self.next_tick.is_some_and(|due| due <= now.at) {
            self.tick_players(now);
        }
        if self.next_deadline.is_some_and(|due| due <= now.at) {
            self.tick_legs(now);
        }
        if self.next_housekeeping <= now.at {
            self.next_housekeeping = now.at + HOUSEKEEPING;
            self.look_around(now);
        }
    }

    /// The leg has something to play: its first frame leaves on the next line of the grid.
    pub(super) fn tick_from(&mut self, subject: Subject, now: Now) {
        let ticking = match subject {
            Subject::Trunk(key) => self.trunks.get_mut(key).map(|trunk| &mut trunk.ticking),
            Subject::Seat(key) => self.seats.get_mut(key).map(|seat| &mut seat.ticking),
        };
        match ticking {
            Some(ticking) if !*ticking => *ticking = true,
            _ => return,
        }
        let grid = GRID.as_micros() as u64;
        let since = now.at.duration_since(self.epoch).as_micros() as u64;
        let due = self.epoch + Duration::from_micros(since.next_multiple_of(grid));
        self.ticking.push((subject, due));
        self.next_tick = Some(self.next_tick.map_or(due, |next| next.min(due)));
    }

    pub(super) fn tick_players(&mut self, now: Now) {
        let mut ticking = std::mem::take(&mut self.ticking);
        ticking.retain_mut(|(subject, due)| {
            while *due <= now.at {
                let mut more = false;
                let subject = *subject;
                self.guarded(|worker| {
                    more = match subject {
                        Subject::Trunk(key) => worker.tick_trunk(key, now),
                        Subject::Seat(key) => worker.tick_seat(key, now),
                    }
                });
                if !more {
                    return false;
                }
                *due += FRAME;
                if *due + TOO_LATE < now.at {
                    *due = now.at + FRAME;
                }
            }
            true
        });
        // Nothing a tick does starts another player, yet what did would wait here.
        ticking.append(&mut self.ticking);
        self.ticking = ticking;
        self.next_tick = self.ticking.iter().map(|(_, due)| *due).min();
    }

    /// False once there is nothing more to play.
    fn tick_trunk(&mut self, key: Key, now: Now) -> bool {
        self.subject = Some(Subject::Trunk(key));
        let Some(trunk) = self.trunks.get_mut(key) else { return false };
        match trunk.speaker.tick(trunk.knows_events() || trunk.media.is_none()) {
            Out::Audio(frame) => trunk.say_frame(&frame, now.samples, &mut self.tap),
            Out::Event { first, payload } => trunk.say_event(first, &payload, now.samples),
            Out::Quiet => {}
            Out::Ended(prompt) => {
                let _ = self.events.send(MediaEvent::PlayEnded { leg: trunk.id, prompt });
            }
            Out::Idle => {}
        }
        trunk.ticking = trunk.speaker.active();
        trunk.ticking
    }

    fn tick_seat(&mut self, key: Key, now: Now) -> bool {
        self.subject = Some(Subject::Seat(key));
        let Some(seat) = self.seats.get_mut(key) else { return false };
        let frame = seat.tone.as_mut().and_then(|tone| tone.tick());
        match frame {
            Some(frame) if seat.up => {
                let header = seat.out.frame(browser::PCMA, now.samples);
                say(seat, &self.muxed, header, &frame);
            }
            Some(_) => {}
            None => seat.tone = None,
        }
        seat.ticking = seat.tone.is_some();
        seat.ticking
    }

    fn tick_legs(&mut self, now: Now) {
        let due = |deadline: Option<Instant>| deadline.is_some_and(|deadline| deadline <= now.at);
        let keys: Vec<Key> = self.seats.iter_mut().filter(|(_, seat)| due(seat.deadline)).map(|(key, _)| key).collect();
        for key in keys {
            self.guarded(|worker| {
                worker.subject = Some(Subject::Seat(key));
                if let Some(seat) = worker.seats.get_mut(key) {
                    seat.leg.tick(now.at);
                }
                worker.drive(key);
            });
        }
        // A leg that names a moment already past is not asked again before a millisecond is over.
        let soonest = now.at + Duration::from_millis(1);
        self.next_deadline =
            self.seats.iter_mut().filter_map(|(_, seat)| seat.deadline).min().map(|at| at.max(soonest));
    }

    pub(super) fn look_around(&mut self, now: Now) {
        self.tap.tick(now.samples);
        for (_, trunk) in self.trunks.iter_mut() {
            let silent = trunk.answered && now.samples.saturating_sub(trunk.heard) > SILENT;
            if silent && !trunk.silence_told {
                trunk.silence_told = true;
                let _ = self.events.send(MediaEvent::Silent { leg: trunk.id });
            }
        }
        let gone: Vec<Key> = self
            .seats
            .iter_mut()
            .filter(|(_, seat)| seat.signs.are_gone(seat.up, now.at))
            .map(|(key, _)| key)
            .collect();
        for key in gone {
            self.guarded(|worker| {
                worker.subject = Some(Subject::Seat(key));
                worker.drop_seat(key, Farewell::Closed);
            });
        }
    }
}
