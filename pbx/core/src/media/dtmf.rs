//! Keys as named telephone events (RFC 4733 §2.3), and as tones where the far end knows no events.

use super::{FRAME, RATE, tone};

/// Octets of an event payload.
pub const EVENT: usize = 4;
/// Frames a pressed key lasts: 160 ms.
pub const KEY_FRAMES: u16 = 8;
/// Frames of quiet after a key: 60 ms.
pub const GAP_FRAMES: u16 = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// 0..=15 are the keys.
    pub code: u8,
    pub end: bool,
    /// -dBm0.
    pub volume: u8,
    /// Samples since the event's timestamp.
    pub duration: u16,
}

impl Event {
    pub fn parse(payload: &[u8]) -> Option<Event> {
        let octets = payload.first_chunk::<EVENT>()?;
        Some(Event {
            code: octets[0],
            end: octets[1] & 0x80 != 0,
            volume: octets[1] & 0x3F,
            duration: u16::from_be_bytes([octets[2], octets[3]]),
        })
    }

    pub fn write(&self) -> [u8; EVENT] {
        let [high, low] = self.duration.to_be_bytes();
        [self.code, u8::from(self.end) << 7 | self.volume & 0x3F, high, low]
    }

    /// The key, where the event is one.
    pub fn key(&self) -> Option<char> {
        KEYS.get(usize::from(self.code)).map(|&key| char::from(key))
    }

    /// Event `frame` (from 0) of a key; the three after `KEY_FRAMES` repeat the end (RFC 4733 §2.5.1.4). None when it is over.
    pub fn of_key(key: char, frame: u16) -> Option<Event> {
        let code = code(key)?;
        let (end, count) = match frame {
            0..KEY_FRAMES => (false, frame + 1),
            KEY_FRAMES..=10 => (true, KEY_FRAMES),
            _ => return None,
        };
        Some(Event { code, end, volume: 10, duration: count * FRAME as u16 })
    }
}

const KEYS: &[u8; 16] = b"0123456789*#ABCD";
/// Low and high frequency of each key, in the order of `KEYS` (ITU-T Q.23).
const PAIRS: [(f64, f64); 16] = [
    (941.0, 1336.0),
    (697.0, 1209.0),
    (697.0, 1336.0),
    (697.0, 1477.0),
    (770.0, 1209.0),
    (770.0, 1336.0),
    (770.0, 1477.0),
    (852.0, 1209.0),
    (852.0, 1336.0),
    (852.0, 1477.0),
    (941.0, 1209.0),
    (941.0, 1477.0),
    (697.0, 1633.0),
    (770.0, 1633.0),
    (852.0, 1633.0),
    (941.0, 1633.0),
];

/// Event code of a key; None for anything that is not on a keypad.
pub fn code(key: char) -> Option<u8> {
    let key = u8::try_from(key.to_ascii_uppercase()).ok()?;
    KEYS.iter().position(|&known| known == key).map(|at| at as u8)
}

/// The key's two tones for its whole length, A-law.
pub fn tones(key: char) -> Option<Vec<u8>> {
    let (low, high) = PAIRS[usize::from(code(key)?)];
    let samples = usize::from(KEY_FRAMES) * FRAME;
    Some(tone::alaw(samples, |at| {
        let t = at as f64 / f64::from(RATE) * std::f64::consts::TAU;
        0.25 * (low * t).sin() + 0.32 * (high * t).sin()
    }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::media::{g711, goertzel};

    #[test]
    fn every_key_there_and_back() {
        for key in "0123456789*#ABCD".chars() {
            let event = Event::of_key(key, 0).unwrap();
            assert_eq!(Event::parse(&event.write()).unwrap().key(), Some(key));
        }
        assert_eq!(code('x'), None);
        assert_eq!(code('号'), None);
        assert_eq!(Event::parse(&[1, 2, 3]), None);
        assert_eq!(Event { code: 16, end: false, volume: 0, duration: 0 }.key(), None, "flash is no key");
    }

    #[test]
    fn a_key_grows_ends_three_times_and_is_over() {
        let events: Vec<_> = (0..20).map_while(|frame| Event::of_key('5', frame)).collect();
        assert_eq!(events.len(), 11);
        assert!(events[..8].windows(2).all(|pair| pair[1].duration == pair[0].duration + 160));
        assert!(events[..8].iter().all(|event| !event.end));
        assert!(events[8..].iter().all(|event| event.end && event.duration == 1280));
    }

    #[test]
    fn tones_hold_both_frequencies() {
        let samples: Vec<i16> = tones('5').unwrap().iter().map(|&octet| g711::alaw_to_linear(octet)).collect();
        assert!(goertzel::level(&samples, 770.0) > 0.15);
        assert!(goertzel::level(&samples, 1336.0) > 0.15);
        assert!(goertzel::level(&samples, 1477.0) < 0.03);
    }
}
