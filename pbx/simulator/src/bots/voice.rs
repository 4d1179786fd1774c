//! A bot's voice and ear: a steady tone out, the dominant frequency in. G.711 A-law (ITU-T G.711) is written here a
//! second time on purpose: the bots are an independent peer, so a fault in the service's tables shows up as a wrong tone.

use bytes::Bytes;
use std::{f32::consts::TAU, ops::RangeInclusive};

pub const RATE: u32 = 8000;
/// Samples of a 20 ms packet.
pub const PACKET: usize = 160;

/// Share of the block's energy one frequency must hold to be called dominant.
const DOMINANT: f32 = 0.3;
/// Root mean square below which a block is silence; full scale is 32767.
const QUIET: f32 = 150.0;
const SEARCHED: RangeInclusive<u32> = 300..=2000;
/// 400 ms: what is listened to at a time.
const BLOCK: usize = 3200;
/// The first search looks at 100 ms, so that steps of 5 Hz miss no tone.
const GLANCE: usize = 800;

/// One second of a tone as A-law; with a whole number of cycles it loops without a click.
pub fn tone(hz: u32) -> Bytes {
    (0..RATE).map(|n| encode((8000.0 * (TAU * (hz * n % RATE) as f32 / RATE as f32).sin()) as i16)).collect()
}

/// Listens until it is sure of a frequency.
#[derive(Debug, Default)]
pub struct Ear {
    block: Vec<f32>,
    sure: bool,
}

impl Ear {
    /// The frequency in Hz, once, when a block of 400 ms has a dominant one.
    pub fn hear(&mut self, alaw: &[u8]) -> Option<u32> {
        if self.sure {
            return None;
        }
        self.block.extend(alaw.iter().map(|&byte| f32::from(decode(byte))));
        if self.block.len() < BLOCK {
            return None;
        }
        let hz = dominant(&self.block);
        self.block.clear();
        self.sure = hz.is_some();
        hz
    }
}

fn dominant(block: &[f32]) -> Option<u32> {
    let energy: f32 = block.iter().map(|s| s * s).sum();
    if energy < QUIET * QUIET * block.len() as f32 {
        return None;
    }
    let glance = &block[block.len() - GLANCE..];
    let near = loudest(glance, SEARCHED.step_by(5))?;
    let hz = loudest(block, near.saturating_sub(8)..=near + 8)?;
    // A pure tone of energy E has Goertzel power E·N/2.
    (power(block, hz) * 2.0 / block.len() as f32 > DOMINANT * energy).then_some(hz)
}

fn loudest(block: &[f32], among: impl Iterator<Item = u32>) -> Option<u32> {
    among.max_by(|&a, &b| power(block, a).total_cmp(&power(block, b)))
}

/// Goertzel.
fn power(block: &[f32], hz: u32) -> f32 {
    let k = 2.0 * (TAU * hz as f32 / RATE as f32).cos();
    let (a, b) = block.iter().fold((0.0, 0.0), |(a, b), s| (s + k * a - b, a));
    a * a + b * b - k * a * b
}

fn encode(sample: i16) -> u8 {
    let magnitude = if sample >= 0 { sample } else { !sample } >> 4;
    let exponent = (magnitude >> 4).checked_ilog2().map_or(0, |e| e + 1);
    let mantissa = magnitude >> exponent.saturating_sub(1) & 0x0f;
    let sign = if sample >= 0 { 0x80 } else { 0 };
    ((exponent as u8) << 4 | mantissa as u8 | sign) ^ 0x55
}

fn decode(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let mantissa = i16::from(byte & 0x0f) * 2 + 1;
    let exponent = byte >> 4 & 7;
    let magnitude = if exponent == 0 { mantissa } else { (mantissa + 32) << (exponent - 1) } << 3;
    if byte & 0x80 != 0 { magnitude } else { -magnitude }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_law_repeats_itself_and_stays_close() {
        // Values of G.711 table 1a: silence is 0xd5, full scale 0xaa and 0x2a.
        assert_eq!((encode(0), encode(32767), encode(-32768)), (0xd5, 0xaa, 0x2a));
        for byte in 0..=255 {
            assert_eq!(encode(decode(byte)), byte);
        }
        for sample in (i16::MIN..=i16::MAX).step_by(7) {
            let error = (i32::from(decode(encode(sample))) - i32::from(sample)).abs();
            assert!(error <= 8 + i32::from(sample).abs() / 32, "{sample} is off by {error}");
        }
    }

    #[test]
    fn hears_the_tone_it_is_sent() {
        for hz in [310, 440, 613, 877, 1399, 1975] {
            let sent = tone(hz);
            let mut ear = Ear::default();
            let heard = sent.chunks(PACKET).find_map(|packet| ear.hear(packet)).unwrap();
            assert!(heard.abs_diff(hz) <= 1, "{hz} heard as {heard}");
            assert!(sent.chunks(PACKET).all(|packet| ear.hear(packet).is_none()), "told twice");
        }
    }

    #[test]
    fn hears_nothing_in_silence_and_noise() {
        let mut ear = Ear::default();
        assert!((0..100).all(|_| ear.hear(&[0xd5; PACKET]).is_none()));
        let mut state = 1u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            encode((state >> 16) as i16 / 4)
        };
        assert!((0..100).all(|_| ear.hear(&std::array::from_fn::<u8, PACKET, _>(|_| noise())).is_none()));
    }
}
