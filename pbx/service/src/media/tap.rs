//! The recorder's near end, on the media thread: packets of all recordings go into one buffer, the buffer to the writer.
//! Nothing here waits: where the writer is behind, the buffer is dropped and the stretch is told with the next message.

use super::writer::{Message, Start};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc::Sender,
};

/// Octets after which a buffer goes to the writer at once.
const FULL: usize = 256 << 10;
/// Samples after which it goes anyway: one second.
const DUE: u64 = 8000;
/// Octets the writer may be behind: ten seconds of a hundred calls.
pub const MAX_BEHIND: usize = 16 << 20;

/// One packet as it lies in the buffer, before its octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tapped {
    pub recording: u32,
    pub lane: usize,
    pub ssrc: u32,
    pub timestamp: u32,
    /// When it came or went, in samples of the media clock.
    pub at: u64,
}

const HEAD: usize = 24;

#[derive(Debug)]
pub struct Tap {
    writer: Sender<Message>,
    behind: Arc<AtomicUsize>,
    max_behind: usize,
    buffer: Vec<u8>,
    /// When the buffer was begun.
    since: u64,
    lost: Option<(u64, u64)>,
    next: u32,
    open: u32,
}

impl Tap {
    pub fn new(writer: Sender<Message>, behind: Arc<AtomicUsize>) -> Tap {
        let buffer = Vec::with_capacity(FULL + 2048);
        Tap { writer, behind, max_behind: MAX_BEHIND, buffer, since: 0, lost: None, next: 1, open: 0 }
    }

    pub fn limit(&mut self, max_behind: usize) {
        self.max_behind = max_behind;
    }

    /// The recording's number, for `packet` and `close`.
    pub fn open(&mut self, start: Start, now: u64) -> u32 {
        let recording = self.next;
        self.next += 1;
        if self.open == 0 {
            self.since = now;
        }
        self.open += 1;
        let _ = self.writer.send(Message::Open { recording, start, at: now });
        recording
    }

    pub fn close(&mut self, recording: u32, now: u64) {
        self.hand_over(now);
        self.open = self.open.saturating_sub(1);
        let _ = self.writer.send(Message::Close { recording, at: now, lost: self.lost });
    }

    pub fn packet(&mut self, tapped: Tapped, octets: &[u8]) {
        self.buffer.extend_from_slice(&tapped.write(octets.len() as u16));
        self.buffer.extend_from_slice(octets);
        if self.buffer.len() >= FULL {
            self.hand_over(tapped.at);
        }
    }

    /// Called at least once a second.
    pub fn tick(&mut self, now: u64) {
        if now >= self.since + DUE && self.open > 0 {
            self.hand_over(now);
        }
    }

    pub fn message(&mut self, message: Message) {
        let _ = self.writer.send(message);
    }

    fn hand_over(&mut self, now: u64) {
        let size = self.buffer.len();
        if size > 0 && self.behind.load(Ordering::Relaxed) + size > self.max_behind {
            let from = self.lost.map_or(self.since, |lost| lost.0);
            self.lost = Some((from, now));
            self.buffer.clear();
        } else {
            self.behind.fetch_add(size, Ordering::Relaxed);
            // The next buffer starts as large as this one was used: an office at night holds no quarter megabyte.
            let packets = std::mem::replace(&mut self.buffer, Vec::with_capacity(size + size / 8 + 2048));
            let _ = self.writer.send(Message::Packets { packets, at: now, lost: self.lost.take() });
        }
        self.since = now;
    }
}

impl Tapped {
    fn write(&self, len: u16) -> [u8; HEAD] {
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&self.recording.to_le_bytes());
        head[4] = self.lane as u8;
        head[6..8].copy_from_slice(&len.to_le_bytes());
        head[8..12].copy_from_slice(&self.ssrc.to_le_bytes());
        head[12..16].copy_from_slice(&self.timestamp.to_le_bytes());
        head[16..24].copy_from_slice(&self.at.to_le_bytes());
        head
    }

    /// The first packet of a buffer, its octets, and the rest of the buffer.
    pub fn read(buffer: &[u8]) -> Option<(Tapped, &[u8], &[u8])> {
        let (head, rest) = buffer.split_first_chunk::<HEAD>()?;
        let u32_at = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let tapped = Tapped {
            recording: u32_at(0),
            lane: usize::from(head[4] & 1),
            ssrc: u32_at(8),
            timestamp: u32_at(12),
            at: u64::from(u32_at(20)) << 32 | u64::from(u32_at(16)),
        };
        let (octets, rest) = rest.split_at_checked(usize::from(u16::from_le_bytes([head[6], head[7]])))?;
        Some((tapped, octets, rest))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn packets_lie_one_behind_the_other() {
        let one = Tapped { recording: 7, lane: 1, ssrc: 8, timestamp: 9, at: u64::MAX - 1 };
        let two = Tapped { recording: 8, lane: 0, ..one };
        let buffer = [one.write(3).as_slice(), &[1, 2, 3], &two.write(0)].concat();
        let (read, octets, rest) = Tapped::read(&buffer).unwrap();
        assert_eq!((read, octets), (one, [1, 2, 3].as_slice()));
        let (read, octets, rest) = Tapped::read(rest).unwrap();
        assert_eq!((read, octets.len(), rest.len()), (two, 0, 0));
        assert!(Tapped::read(rest).is_none());
    }

    #[test]
    fn a_writer_behind_loses_a_stretch_and_hears_of_it() {
        let (writer, messages) = std::sync::mpsc::channel();
        let behind = Arc::new(AtomicUsize::new(0));
        let mut tap = Tap::new(writer, behind.clone());
        tap.limit(100);
        let recording = tap.open(Start { call: hutong_api::CallId(1), path: "x".into() }, 0);
        let packet = Tapped { recording, lane: 0, ssrc: 1, timestamp: 1, at: 10 };
        for second in 1..=3 {
            tap.packet(packet, &[0; 60]);
            tap.tick(second * 8000);
        }
        behind.store(0, Ordering::Relaxed);
        tap.close(recording, 25_000);
        let told: Vec<_> = messages.try_iter().collect();
        assert!(matches!(told[1], Message::Packets { at: 8000, lost: None, .. }));
        assert!(matches!(told[2], Message::Packets { at: 25_000, lost: Some((8000, 24_000)), .. }));
        assert!(matches!(told[3], Message::Close { at: 25_000, lost: None, .. }));
        assert_eq!(told.len(), 4);
    }
}
