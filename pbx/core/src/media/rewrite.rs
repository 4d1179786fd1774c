//! One outgoing RTP stream made of many sources: its own SSRC, sequence numbers and timestamps that never break, while
//! relays, prompts and keys take turns (RFC 3550 §5.1). Loss and order of a source stay visible: offsets are kept while it lasts.

use super::{FRAME, RATE, rtp::Header};

/// A step of sequence numbers further than this is a new source (RFC 3550 A.1).
const MAX_DROPOUT: i16 = 3000;
const MAX_MISORDER: i16 = -100;

/// Which source speaks; ids are the caller's. `OWN` is what we generate.
pub type SourceId = u32;
const OWN: SourceId = SourceId::MAX;

#[derive(Debug, Clone)]
pub struct Rewriter {
    ssrc: u32,
    /// Newest sent, and when by our clock (samples).
    sequence: u16,
    timestamp: u32,
    at: u64,
    source: Option<Source>,
}

#[derive(Debug, Clone, Copy)]
struct Source {
    id: SourceId,
    ssrc: u32,
    newest: u16,
    sequence_offset: u16,
    timestamp_offset: u32,
}

impl Rewriter {
    /// `sequence` and `timestamp` should be random (RFC 3550 §5.1). `now` counts samples of our clock, as everywhere here.
    pub fn new(ssrc: u32, sequence: u16, timestamp: u32, now: u64) -> Rewriter {
        Rewriter { ssrc, sequence, timestamp, at: now, source: None }
    }

    pub fn ssrc(&self) -> u32 {
        self.ssrc
    }

    /// Header under which a source's packet leaves. Payload type and marker are the source's, but a change of source marks.
    /// `event`: a telephone event, whose timestamp rightly lags while the key is held.
    pub fn relay(&mut self, id: SourceId, incoming: &Header, event: bool, now: u64) -> Header {
        let known = self.source.filter(|source| source.id == id && source.ssrc == incoming.ssrc);
        let mut source = match known.filter(|source| self.continues(source, incoming, event, now)) {
            Some(source) => source,
            None => self.rebase(id, incoming, now),
        };
        let marker = incoming.marker || self.source.is_none();
        let sequence = incoming.sequence.wrapping_add(source.sequence_offset);
        let timestamp = incoming.timestamp.wrapping_add(source.timestamp_offset);
        if newer(incoming.sequence, source.newest) {
            source.newest = incoming.sequence;
        }
        if newer(sequence, self.sequence) {
            self.sequence = sequence;
        }
        if timestamp.wrapping_sub(self.timestamp) as i32 > 0 {
            self.timestamp = timestamp;
            self.at = now;
        }
        self.source = Some(source);
        Header { marker, payload_type: incoming.payload_type, sequence, timestamp, ssrc: self.ssrc }
    }

    /// Header of our own next frame of 20 ms.
    pub fn frame(&mut self, payload_type: u8, now: u64) -> Header {
        let continues = self.source.is_some_and(|source| source.id == OWN);
        self.sequence = self.sequence.wrapping_add(1);
        self.timestamp = if continues { self.timestamp.wrapping_add(FRAME as u32) } else { self.stamp(now) };
        self.at = now;
        self.source = Some(Source { id: OWN, ssrc: 0, newest: 0, sequence_offset: 0, timestamp_offset: 0 });
        Header { marker: !continues, payload_type, sequence: self.sequence, timestamp: self.timestamp, ssrc: self.ssrc }
    }

    /// Header of a telephone event of ours: its first packet takes a timestamp, the others keep it.
    pub fn event(&mut self, payload_type: u8, first: bool, now: u64) -> Header {
        if first {
            self.timestamp = self.stamp(now);
            self.at = now;
        }
        self.sequence = self.sequence.wrapping_add(1);
        self.source = None;
        Header { marker: first, payload_type, sequence: self.sequence, timestamp: self.timestamp, ssrc: self.ssrc }
    }

    fn continues(&self, source: &Source, incoming: &Header, event: bool, now: u64) -> bool {
        let step = incoming.sequence.wrapping_sub(source.newest) as i16;
        if !(MAX_MISORDER..=MAX_DROPOUT).contains(&step) {
            return false;
        }
        let timestamp = incoming.timestamp.wrapping_add(source.timestamp_offset);
        let off = timestamp.wrapping_sub(self.clock(now)) as i32;
        event || off.unsigned_abs() <= RATE
    }

    fn rebase(&mut self, id: SourceId, incoming: &Header, now: u64) -> Source {
        self.source = None;
        Source {
            id,
            ssrc: incoming.ssrc,
            newest: incoming.sequence,
            sequence_offset: self.sequence.wrapping_add(1).wrapping_sub(incoming.sequence),
            timestamp_offset: self.stamp(now).wrapping_sub(incoming.timestamp),
        }
    }

    /// Where our clock says the stream stands.
    fn clock(&self, now: u64) -> u32 {
        self.timestamp.wrapping_add(now.saturating_sub(self.at) as u32)
    }

    /// The same, at least a frame on.
    fn stamp(&self, now: u64) -> u32 {
        self.timestamp.wrapping_add((now.saturating_sub(self.at) as u32).max(FRAME as u32))
    }
}

fn newer(sequence: u16, than: u16) -> bool {
    sequence.wrapping_sub(than) as i16 > 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(ssrc: u32, sequence: u16, timestamp: u32) -> Header {
        Header { marker: false, payload_type: 8, sequence, timestamp, ssrc }
    }

    #[test]
    fn loss_and_order_of_a_source_stay() {
        let mut out = Rewriter::new(1, 65_530, 4_294_967_000, 0);
        let sent: Vec<_> = [(100, 0), (101, 160), (103, 480), (102, 320), (104, 640)]
            .iter()
            .enumerate()
            .map(|(at, &(sequence, timestamp))| out.relay(7, &packet(9, sequence, timestamp), false, at as u64 * 160))
            .collect();
        let first = sent[0];
        assert!(first.marker && sent[1..].iter().all(|header| !header.marker));
        let steps: Vec<_> = sent.iter().map(|header| header.sequence.wrapping_sub(first.sequence)).collect();
        assert_eq!(steps, [0, 1, 3, 2, 4]);
        let stamps: Vec<_> = sent.iter().map(|header| header.timestamp.wrapping_sub(first.timestamp)).collect();
        assert_eq!(stamps, [0, 160, 480, 320, 640]);
    }

    #[test]
    fn a_change_of_source_marks_and_follows_the_clock() {
        let mut out = Rewriter::new(1, 10, 1000, 0);
        let relayed = out.relay(7, &packet(9, 100, 50_000), false, 160);
        let prompt = out.frame(8, 160 + 800);
        assert!(prompt.marker);
        assert_eq!(prompt.sequence, relayed.sequence + 1);
        assert_eq!(prompt.timestamp, relayed.timestamp + 800);
        let next = out.frame(8, 160 + 960);
        assert_eq!((next.marker, next.timestamp), (false, prompt.timestamp + 160));
        let back = out.relay(7, &packet(9, 106, 50_960), false, 160 + 1120);
        assert!(back.marker);
        assert_eq!((back.sequence, back.timestamp), (next.sequence + 1, next.timestamp + 160));
    }

    #[test]
    fn a_restarted_source_does_not_break_the_stream() {
        let mut out = Rewriter::new(1, 10, 1000, 0);
        let before = out.relay(7, &packet(9, 100, 50_000), false, 160);
        let jumped = out.relay(7, &packet(9, 40_000, 3_000_000_000), false, 320);
        assert!(jumped.marker);
        assert_eq!(jumped.sequence, before.sequence + 1);
        assert_eq!(jumped.timestamp, before.timestamp + 160);
    }

    #[test]
    fn our_keys_hold_their_timestamp_and_audio_follows() {
        let mut out = Rewriter::new(1, 10, 1000, 0);
        let audio = out.relay(7, &packet(9, 100, 50_000), false, 0);
        let first = out.event(101, true, 160);
        let second = out.event(101, false, 320);
        assert_eq!((first.marker, second.marker), (true, false));
        assert_eq!(first.timestamp, second.timestamp);
        assert_eq!(second.sequence, audio.sequence + 2);
        let after = out.relay(7, &packet(9, 103, 50_480), false, 480);
        assert_eq!((after.sequence, after.timestamp), (second.sequence + 1, first.timestamp + 320));
    }

    #[test]
    fn a_held_key_is_no_jump() {
        let mut out = Rewriter::new(1, 10, 1000, 0);
        let first = out.relay(7, &packet(9, 100, 50_000), true, 0);
        let last = out.relay(7, &packet(9, 101, 50_000), true, 40_000);
        assert_eq!((last.timestamp, last.marker), (first.timestamp, false));
    }

    proptest! {
        /// Whatever sources do, no step of ours is one a receiver would take for a new stream.
        #[test]
        fn steps_stay_small(packets: Vec<(u8, u16, u32, u8)>) {
            let mut out = Rewriter::new(1, 0, 0, 0);
            let mut now = 0;
            let mut last: Option<Header> = None;
            for (kind, sequence, timestamp, wait) in packets {
                now += u64::from(wait) * 8;
                let sent = match kind % 4 {
                    0 => out.frame(8, now),
                    1 => out.event(101, kind > 100, now),
                    _ => out.relay(u32::from(kind % 3), &packet(u32::from(kind % 5), sequence, timestamp), kind > 200, now),
                };
                if let Some(last) = last {
                    let step = sent.sequence.wrapping_sub(last.sequence) as i16;
                    prop_assert!((-6200..=6200).contains(&step), "step {}", step);
                }
                last = Some(sent);
            }
        }
    }
}
