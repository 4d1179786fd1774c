//! Recordings and the tones in them.

use anyhow::{Context, ensure};
use hutong_core::media::{
    g711::alaw_to_linear,
    goertzel,
    wav::{TAG_ALAW, Wav},
};
use std::path::Path;

/// A stereo A-law recording as samples: callee left, agent right.
pub struct Recording {
    pub callee: Vec<i16>,
    pub agent: Vec<i16>,
}

impl Recording {
    /// # Errors
    /// No file, or not stereo A-law at 8 kHz.
    pub fn read(path: &Path) -> anyhow::Result<Recording> {
        let file = std::fs::read(path).with_context(|| path.display().to_string())?;
        let wav = Wav::parse(&file).with_context(|| format!("{}: not a WAV file", path.display()))?;
        let format = (wav.tag, wav.channels, wav.rate, wav.bits);
        ensure!(format == (TAG_ALAW, 2, 8000, 8), "{}: tag, channels, rate, bits {format:?}", path.display());
        let lane = |at: usize| wav.data.iter().skip(at).step_by(2).map(|&octet| alaw_to_linear(octet)).collect();
        Ok(Recording { callee: lane(0), agent: lane(1) })
    }

    pub fn seconds(&self) -> f64 {
        self.callee.len() as f64 / 8000.0
    }
}

/// Seconds in which `hz` is by far the loudest of what is heard: over half of the energy of a block of 200 ms.
pub fn seconds_of(samples: &[i16], hz: u32) -> f64 {
    const BLOCK: usize = 1600;
    let loud = samples.chunks_exact(BLOCK).filter(|block| {
        let mean_square = block.iter().map(|&s| (f64::from(s) / 32768.0).powi(2)).sum::<f64>() / BLOCK as f64;
        let tone = goertzel::level(block, f64::from(hz)).powi(2) / 2.0;
        mean_square > 1e-5 && tone > mean_square / 2.0
    });
    loud.count() as f64 * BLOCK as f64 / 8000.0
}

/// Blocks of 10 ms, between the first and the last with sound, in which there is none: a missing packet is one or two.
pub fn holes(samples: &[i16]) -> usize {
    const BLOCK: usize = 80;
    let loud = |block: &[i16]| block.iter().any(|sample| sample.unsigned_abs() > 1_000);
    let loud: Vec<bool> = samples.chunks_exact(BLOCK).map(loud).collect();
    let (first, last) = (loud.iter().position(|loud| *loud), loud.iter().rposition(|loud| *loud));
    let heard = first.zip(last).map_or(&[][..], |(first, last)| &loud[first..=last]);
    heard.iter().filter(|loud| !**loud).count()
}

/// The tone that fills most of the samples, among `candidates`.
pub fn tone_among(samples: &[i16], candidates: impl IntoIterator<Item = u32>) -> Option<u32> {
    candidates
        .into_iter()
        .map(|hz| (seconds_of(samples, hz), hz))
        .filter(|(seconds, _)| *seconds > 0.0)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, hz)| hz)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_left_out_is_a_hole() {
        let mut samples: Vec<i16> = (0..8000).map(|at| if at % 8 < 4 { 8_000 } else { -8_000 }).collect();
        samples.splice(..0, [0; 3_000]);
        assert_eq!(holes(&samples), 0, "silence before it begins is none");
        samples[5_000..5_160].fill(0);
        assert!((1..=2).contains(&holes(&samples)));
    }

    #[test]
    fn finds_a_tone_where_it_is() {
        let tone = |hz: f64, at: usize| (8000.0 * (at as f64 * hz / 8000.0 * std::f64::consts::TAU).sin()) as i16;
        let mut samples: Vec<i16> = (0..8000).map(|at| tone(700.0, at)).collect();
        samples.extend([0; 8000]);
        assert_eq!(seconds_of(&samples, 700), 1.0);
        assert_eq!(seconds_of(&samples, 797), 0.0);
        assert_eq!(tone_among(&samples, [600, 700, 800]), Some(700));
        assert_eq!(tone_among(&samples[8000..], [600, 700]), None);
    }
}
