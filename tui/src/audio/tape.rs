//! A recording under the reading head: what the sound card's callback reads, what the player moves.

use super::wav::Sound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// Positions are source frames in 1/65536.
const ONE: u64 = 1 << 16;

pub struct Tape {
    sound: Sound,
    at: AtomicU64,
    running: AtomicBool,
}

impl Tape {
    pub fn new(sound: Sound) -> Tape {
        Tape { sound, at: AtomicU64::new(0), running: AtomicBool::new(false) }
    }

    fn frames(&self) -> u64 {
        (self.sound.samples.len() / self.sound.channels) as u64
    }

    pub fn run(&self, on: bool) {
        self.running.store(on, Relaxed);
    }

    pub fn running(&self) -> bool {
        self.running.load(Relaxed)
    }

    pub fn ended(&self) -> bool {
        self.at.load(Relaxed) / ONE >= self.frames()
    }

    pub fn seconds(&self) -> f64 {
        self.at.load(Relaxed) as f64 / ONE as f64 / f64::from(self.sound.rate)
    }

    pub fn seek(&self, seconds: f64) {
        let frame = (seconds.max(0.0) * f64::from(self.sound.rate)) as u64;
        self.at.store(frame.min(self.frames()) * ONE, Relaxed);
    }

    /// Fills `out` with frames of `channels` at `rate`, read on with linear interpolation; silence where it rests.
    #[cfg_attr(not(feature = "audio"), allow(dead_code))]
    pub fn fill(&self, out: &mut [f32], channels: usize, rate: u32) {
        let step = ONE * u64::from(self.sound.rate) / u64::from(rate.max(1));
        let start = self.at.load(Relaxed);
        let mut at = start;
        for frame in out.chunks_mut(channels.max(1)) {
            let (left, right) = if self.running() && at / ONE < self.frames() { self.read(at) } else { (0.0, 0.0) };
            for (n, sample) in frame.iter_mut().enumerate() {
                *sample = if channels == 1 { (left + right) / 2.0 } else { [left, right, 0.0][n.min(2)] };
            }
            if self.running() {
                at = (at + step).min(self.frames() * ONE);
            }
        }
        // A seek meanwhile wins.
        let _ = self.at.compare_exchange(start, at, Relaxed, Relaxed);
    }

    #[cfg_attr(not(feature = "audio"), allow(dead_code))]
    fn read(&self, at: u64) -> (f32, f32) {
        let (frame, part) = ((at / ONE) as usize, (at % ONE) as f32 / ONE as f32);
        let channels = self.sound.channels;
        let sample = |frame: usize, channel: usize| {
            let at = frame * channels + channel.min(channels - 1);
            f32::from(self.sound.samples.get(at).copied().unwrap_or(0)) / 32768.0
        };
        let between = |channel: usize| sample(frame, channel) * (1.0 - part) + sample(frame + 1, channel) * part;
        (between(0), between(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plays_at_the_cards_rate_and_stops_at_the_end() {
        let samples = (0..16_000).flat_map(|n| [if n < 8000 { 16384 } else { 0 }, -16384]).collect();
        let tape = Tape::new(Sound { rate: 8000, channels: 2, samples });
        let mut out = vec![9.0; 96_000];
        tape.fill(&mut out, 2, 48_000);
        assert_eq!((out[0], tape.seconds()), (0.0, 0.0), "it rests");
        tape.run(true);
        tape.fill(&mut out, 2, 48_000);
        assert!((tape.seconds() - 1.0).abs() < 0.01, "{}", tape.seconds());
        assert_eq!((out[0], out[1]), (0.5, -0.5));
        tape.seek(99.0);
        assert!(tape.ended());
        tape.seek(0.5);
        tape.fill(&mut out[..3], 1, 48_000);
        assert_eq!(out[0], 0.0, "both lanes in one speaker");
    }
}
