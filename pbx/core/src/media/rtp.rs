//! The fixed RTP header (RFC 3550 §5.1).

use std::ops::Range;

/// Octets of a header without CSRC list and extension: what we write.
pub const HEADER: usize = 12;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub marker: bool,
    /// 0..=127.
    pub payload_type: u8,
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
}

impl Header {
    /// Header and payload, CSRC list, extension and padding taken off. None where the octets are not RTP of version 2,
    /// or are RTCP sharing the port (RFC 5761 §4: payload types 64..=95).
    pub fn parse(packet: &[u8]) -> Option<(Header, &[u8])> {
        let (header, payload) = Header::locate(packet)?;
        Some((header, packet.get(payload)?))
    }

    /// As `parse`, but where the payload lies, for those who change it in place.
    pub fn locate(packet: &[u8]) -> Option<(Header, Range<usize>)> {
        let fixed = packet.first_chunk::<HEADER>()?;
        let [first, second, ..] = *fixed;
        if first >> 6 != 2 || (64..=95).contains(&(second & 0x7F)) {
            return None;
        }
        let mut start = HEADER + 4 * usize::from(first & 0x0F);
        if first & 0x10 != 0 {
            let extension = packet.get(start..start + 4)?;
            start += 4 + 4 * usize::from(u16::from_be_bytes([extension[2], extension[3]]));
        }
        let padding = if first & 0x20 != 0 { usize::from(*packet.last()?).max(1) } else { 0 };
        let end = packet.len().checked_sub(padding)?;
        let header = Header {
            marker: second & 0x80 != 0,
            payload_type: second & 0x7F,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
        };
        (start <= end).then_some((header, start..end))
    }

    pub fn write(&self) -> [u8; HEADER] {
        let mut octets = [0; HEADER];
        octets[0] = 0x80;
        octets[1] = u8::from(self.marker) << 7 | self.payload_type & 0x7F;
        octets[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        octets[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        octets[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
        octets
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(marker: bool, pt in (0u8..128).prop_filter("RTCP", |pt| !(64..=95).contains(pt)),
            sequence: u16, timestamp: u32, ssrc: u32, payload: Vec<u8>) {
            let header = Header { marker, payload_type: pt, sequence, timestamp, ssrc };
            let mut packet = header.write().to_vec();
            packet.extend_from_slice(&payload);
            prop_assert_eq!(Header::parse(&packet), Some((header, payload.as_slice())));
        }

        #[test]
        fn junk_never_panics(packet: Vec<u8>) {
            let _ = Header::parse(&packet);
        }
    }

    #[test]
    fn extension_csrc_and_padding_are_taken_off() {
        let mut packet = vec![0x80 | 0x20 | 0x10 | 1, 8, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
        packet.extend_from_slice(&[9; 4]); // CSRC
        packet.extend_from_slice(&[0xBE, 0xDE, 0, 1, 7, 7, 7, 7]); // extension of one word
        packet.extend_from_slice(&[1, 2, 3, 0, 0, 3]); // payload, padding of three
        let (header, payload) = Header::parse(&packet).unwrap();
        assert_eq!((header.payload_type, header.ssrc, payload), (8, 3, [1, 2, 3].as_slice()));
        packet.truncate(20);
        assert_eq!(Header::parse(&packet), None, "the extension is cut");
    }

    #[test]
    fn rtcp_on_the_same_port_is_not_rtp() {
        let mut sender_report = [0u8; 28];
        sender_report[0] = 0x80;
        sender_report[1] = 200;
        assert_eq!(Header::parse(&sender_report), None);
    }
}
