//! Where recorded packets go in the file: a stereo window by RTP time, held back for late packets, quiet where nothing came.

use super::{RATE, g711};

/// Callee: what the trunk leg sends us.
pub const LEFT: usize = 0;
/// Agent and prompts: what we send the trunk leg.
pub const RIGHT: usize = 1;
/// Samples by which RTP time may be off our clock before it is anchored anew: 200 ms.
pub const SLACK: u64 = RATE as u64 / 5;
/// Samples kept back for late packets: 300 ms.
pub const HOLDBACK: u64 = RATE as u64 * 3 / 10;

/// Positions are samples since the recording began.
#[derive(Debug, Default)]
pub struct Placement {
    /// Everything before it has left.
    flushed: u64,
    /// Interleaved A-law from `flushed` on.
    window: Vec<u8>,
    lanes: [Option<Anchor>; 2],
}

#[derive(Debug, Clone, Copy)]
struct Anchor {
    ssrc: u32,
    timestamp: u32,
    position: u64,
}

impl Placement {
    pub fn flushed(&self) -> u64 {
        self.flushed
    }

    /// A packet's A-law, which came (or went) at `arrival`. What is too late for the window is lost.
    pub fn put(&mut self, lane: usize, ssrc: u32, timestamp: u32, arrival: u64, alaw: &[u8]) {
        let position = self.position(lane, ssrc, timestamp, arrival);
        let late = self.flushed.saturating_sub(position);
        if late >= alaw.len() as u64 {
            return;
        }
        let late = late as usize;
        let start = (position + late as u64 - self.flushed) as usize * 2;
        let alaw = &alaw[late..];
        self.extend(start + alaw.len() * 2);
        for (pair, &octet) in self.window[start..].chunks_exact_mut(2).zip(alaw) {
            pair[lane] = octet;
        }
    }

    /// Appends everything before `until` to `out` and forgets it. `until` does not go back.
    pub fn flush(&mut self, until: u64, out: &mut Vec<u8>) {
        let octets = until.saturating_sub(self.flushed) as usize * 2;
        self.extend(octets);
        out.extend(self.window.drain(..octets));
        self.flushed = self.flushed.max(until);
    }

    fn position(&mut self, lane: usize, ssrc: u32, timestamp: u32, arrival: u64) -> u64 {
        let expected = self.lanes[lane]
            .filter(|anchor| anchor.ssrc == ssrc)
            .and_then(|anchor| {
                anchor.position.checked_add_signed(i64::from(timestamp.wrapping_sub(anchor.timestamp) as i32))
            })
            .filter(|position| position.abs_diff(arrival) <= SLACK);
        let position = expected.unwrap_or(arrival);
        self.lanes[lane] = Some(Anchor { ssrc, timestamp, position });
        position
    }

    fn extend(&mut self, octets: usize) {
        if self.window.len() < octets {
            self.window.resize(octets, g711::ALAW_SILENCE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lane(octets: &[u8], lane: usize) -> Vec<u8> {
        octets.iter().skip(lane).step_by(2).copied().collect()
    }

    fn all(placement: &mut Placement, until: u64) -> Vec<u8> {
        let mut out = Vec::new();
        placement.flush(until, &mut out);
        out
    }

    #[test]
    fn late_and_swapped_packets_land_in_their_place() {
        let mut placement = Placement::default();
        placement.put(LEFT, 1, 1000, 800, &[1; 160]);
        placement.put(LEFT, 1, 1320, 1130, &[3; 160]);
        placement.put(LEFT, 1, 1160, 1140, &[2; 160]);
        placement.put(RIGHT, 2, 5, 960, &[9; 160]);
        let out = all(&mut placement, 1600);
        let left = lane(&out, LEFT);
        assert_eq!(left.len(), 1600);
        assert!(left[..800].iter().all(|&octet| octet == g711::ALAW_SILENCE));
        assert_eq!(left[800..1280], [[1; 160], [2; 160], [3; 160]].concat());
        assert!(left[1280..].iter().all(|&octet| octet == g711::ALAW_SILENCE));
        assert_eq!(lane(&out, RIGHT)[960..1120], [9; 160]);
    }

    #[test]
    fn a_new_stream_or_a_jump_is_anchored_at_our_clock() {
        let mut placement = Placement::default();
        placement.put(LEFT, 1, 1000, 0, &[1; 160]);
        placement.put(LEFT, 2, 77, 400, &[2; 160]);
        placement.put(LEFT, 2, 900_000, 800, &[3; 160]);
        let left = lane(&all(&mut placement, 960), LEFT);
        assert_eq!(left[400..560], [2; 160]);
        assert_eq!(left[800..960], [3; 160]);
    }

    #[test]
    fn jitter_below_the_slack_does_not_move_anything() {
        let mut placement = Placement::default();
        for packet in 0..50u64 {
            let jitter = packet * 7919 % 1500;
            placement.put(
                LEFT,
                1,
                packet as u32 * 160,
                packet * 160 + jitter * u64::from(packet > 0),
                &[packet as u8; 160],
            );
        }
        let left = lane(&all(&mut placement, 8000), LEFT);
        assert!(left.chunks(160).enumerate().all(|(at, chunk)| chunk == [at as u8; 160]));
    }

    #[test]
    fn too_late_is_lost_and_the_rest_stands() {
        let mut placement = Placement::default();
        placement.put(LEFT, 1, 0, 0, &[1; 160]);
        let before = all(&mut placement, 1000);
        placement.put(LEFT, 1, 160, 1100, &[2; 160]);
        placement.put(LEFT, 1, 960, 1100, &[4; 160]);
        let after = lane(&all(&mut placement, 1120), LEFT);
        assert_eq!(before.len(), 2000);
        assert_eq!(after, [4; 120], "the first 40 samples of the last packet were too late");
    }

    proptest! {
        #[test]
        fn length_is_what_was_flushed(packets in prop::collection::vec((0usize..2, 0u32..3, any::<u32>(), 0u64..400, 0usize..200), 0..60)) {
            let mut placement = Placement::default();
            let (mut now, mut out) = (0, Vec::new());
            for (lane, ssrc, timestamp, wait, len) in packets {
                now += wait;
                placement.put(lane, ssrc, timestamp, now, &vec![1; len]);
                placement.flush(now.saturating_sub(HOLDBACK), &mut out);
            }
            placement.flush(now, &mut out);
            prop_assert_eq!(out.len() as u64, now * 2);
            prop_assert!(placement.window.len() as u64 <= 2 * (SLACK + 200));
        }
    }
}
