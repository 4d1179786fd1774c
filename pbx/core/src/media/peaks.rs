//! The two-lane waveform of a recording, found in one pass without holding the file.

use super::g711;

/// Pairs a lane.
pub const POINTS: usize = 600;

/// Lowest and highest sample of each of `POINTS` stretches, for both lanes, -127..=127.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peaks {
    frames: u64,
    at: u64,
    lanes: [Vec<(i8, i8)>; 2],
}

impl Peaks {
    /// For a recording of `frames` sample pairs.
    pub fn new(frames: u64) -> Peaks {
        Peaks { frames, at: 0, lanes: [vec![(0, 0); POINTS], vec![(0, 0); POINTS]] }
    }

    /// The next stereo A-law octets, in whole pairs.
    pub fn push(&mut self, octets: &[u8]) {
        for pair in octets.chunks_exact(2) {
            if self.at >= self.frames {
                return;
            }
            let point = (u128::from(self.at) * POINTS as u128 / u128::from(self.frames)) as usize;
            for (lane, &octet) in self.lanes.iter_mut().zip(pair) {
                let level = (g711::ALAW[usize::from(octet)] / 256).clamp(-127, 127) as i8;
                let (low, high) = &mut lane[point];
                *low = level.min(*low);
                *high = level.max(*high);
            }
            self.at += 1;
        }
    }

    /// Callee's and agent's lane.
    pub fn finish(self) -> [Vec<(i8, i8)>; 2] {
        self.lanes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::tone;

    #[test]
    fn a_tone_in_one_half_of_one_lane() {
        let frames = 12_000usize;
        let tone = tone::sine(440.0, 750);
        let octets: Vec<u8> = (0..frames)
            .flat_map(|at| [g711::ALAW_SILENCE, if at < 6000 { tone[at] } else { g711::ALAW_SILENCE }])
            .collect();
        let mut peaks = Peaks::new(frames as u64);
        for part in octets.chunks(700) {
            peaks.push(part);
        }
        let [callee, agent] = peaks.finish();
        assert_eq!((callee.len(), agent.len()), (POINTS, POINTS));
        assert!(callee.iter().all(|&pair| pair == (0, 0)));
        assert!(agent[..300].iter().all(|&(low, high)| low < -20 && high > 20));
        assert!(agent[300..].iter().all(|&pair| pair == (0, 0)));
    }

    #[test]
    fn short_and_empty_recordings() {
        Peaks::new(0).push(&[1, 2]);
        let mut peaks = Peaks::new(3);
        peaks.push(&[0xAA; 6]);
        assert_eq!(peaks.finish()[0].iter().filter(|pair| pair.1 > 100).count(), 3);
    }
}
