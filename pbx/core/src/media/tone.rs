//! Tones an agent hears, generated as A-law. Frequencies and cadences of the Chinese network (GB/T 3380): 450 Hz.

use super::{RATE, g711};

/// About -13 dBm0: clear beside speech, not painful in a headset.
const LEVEL: f64 = 0.22;

/// 1 s of 450 Hz, 4 s of silence: one turn of the loop.
pub fn ring_back() -> Vec<u8> {
    let mut alaw = sine(450.0, 1000);
    alaw.extend(silence(4000));
    alaw
}

/// Two short beeps, 0.28 s in all.
pub fn beep() -> Vec<u8> {
    let mut alaw = sine(1000.0, 100);
    alaw.extend(silence(80));
    alaw.extend(sine(1000.0, 100));
    alaw
}

/// Busy tone, 0.35 s on and off, for a second and a bit so that it ends with a whole turn.
pub fn busy() -> Vec<u8> {
    let mut alaw = sine(450.0, 350);
    alaw.extend(silence(350));
    alaw.extend(sine(450.0, 350));
    alaw
}

pub fn silence(millis: usize) -> Vec<u8> {
    vec![g711::ALAW_SILENCE; millis * RATE as usize / 1000]
}

pub fn sine(hertz: f64, millis: usize) -> Vec<u8> {
    alaw(millis * RATE as usize / 1000, |at| {
        LEVEL * (at as f64 * hertz / f64::from(RATE) * std::f64::consts::TAU).sin()
    })
}

/// `wave` gives -1..=1 for each sample.
pub fn alaw(samples: usize, wave: impl Fn(usize) -> f64) -> Vec<u8> {
    (0..samples).map(|at| g711::linear_to_alaw((wave(at) * f64::from(i16::MAX)) as i16)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::goertzel;

    fn linear(alaw: &[u8]) -> Vec<i16> {
        alaw.iter().map(|&octet| g711::alaw_to_linear(octet)).collect()
    }

    #[test]
    fn ring_back_is_one_second_on_and_four_off() {
        let ring = linear(&ring_back());
        assert_eq!(ring.len(), 40_000);
        assert!(goertzel::level(&ring[..8000], 450.0) > 0.2);
        assert!(goertzel::level(&ring[8000..], 450.0) < 0.001);
    }

    #[test]
    fn busy_has_its_pause() {
        let busy = linear(&busy());
        assert!(goertzel::level(&busy[..2800], 450.0) > 0.2);
        assert!(goertzel::level(&busy[2800..5600], 450.0) < 0.001);
    }
}
