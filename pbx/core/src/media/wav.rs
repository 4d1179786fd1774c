//! WAV files (RIFF, Microsoft 1991/1994): the recorder's stereo A-law header, and reading what people upload.

/// Octets before the samples of a recording.
pub const HEADER: usize = 58;

pub const TAG_PCM: u16 = 1;
pub const TAG_ALAW: u16 = 6;
pub const TAG_ULAW: u16 = 7;

/// Header of a stereo A-law file at 8 kHz with `data` octets of samples. Sizes are capped at what 32 bits hold (74 hours).
pub fn stereo_alaw(data: u64) -> [u8; HEADER] {
    let data = u32::try_from(data.min(u64::from(u32::MAX) - 64)).unwrap_or(0);
    let mut header = [0; HEADER];
    let mut at = 0;
    let mut put = |octets: &[u8]| {
        header[at..at + octets.len()].copy_from_slice(octets);
        at += octets.len();
    };
    put(b"RIFF");
    put(&(HEADER as u32 - 8 + data + data % 2).to_le_bytes());
    put(b"WAVEfmt ");
    put(&18u32.to_le_bytes());
    put(&TAG_ALAW.to_le_bytes());
    put(&2u16.to_le_bytes());
    put(&8000u32.to_le_bytes());
    put(&16000u32.to_le_bytes());
    put(&2u16.to_le_bytes());
    put(&8u16.to_le_bytes());
    put(&0u16.to_le_bytes());
    put(b"fact");
    put(&4u32.to_le_bytes());
    put(&(data / 2).to_le_bytes());
    put(b"data");
    put(&data.to_le_bytes());
    header
}

/// True for a header as `stereo_alaw` writes it, whatever its sizes say: a file of ours, perhaps unfinished.
pub fn is_ours(header: &[u8; HEADER]) -> bool {
    let ours = stereo_alaw(0);
    [0..4, 8..46, 50..54].into_iter().all(|part| header[part.clone()] == ours[part])
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wav<'a> {
    pub tag: u16,
    pub channels: u16,
    pub rate: u32,
    pub bits: u16,
    pub data: &'a [u8],
}

impl Wav<'_> {
    /// None where the octets are not a WAV file with a format and samples. A data chunk longer than the file is cut to it.
    pub fn parse(file: &[u8]) -> Option<Wav<'_>> {
        if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
            return None;
        }
        let mut format = None;
        let mut rest = &file[12..];
        while rest.len() >= 8 {
            let size = u32::from_le_bytes([rest[4], rest[5], rest[6], rest[7]]) as usize;
            let body = &rest[8..];
            let chunk = &body[..size.min(body.len())];
            match &rest[..4] {
                b"fmt " => format = Some(chunk.first_chunk::<16>()?),
                b"data" => return Some(Wav::of(format?, chunk)),
                _ => {}
            }
            rest = body.get(size + size % 2..)?;
        }
        None
    }

    fn of<'a>(format: &[u8; 16], data: &'a [u8]) -> Wav<'a> {
        let u16_at = |at: usize| u16::from_le_bytes([format[at], format[at + 1]]);
        let rate = u32::from_le_bytes([format[4], format[5], format[6], format[7]]);
        Wav { tag: u16_at(0), channels: u16_at(2), rate, bits: u16_at(14), data }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn our_header_is_read_as_written() {
        let mut file = stereo_alaw(4).to_vec();
        file.extend_from_slice(&[1, 2, 3, 4]);
        let wav = Wav::parse(&file).unwrap();
        assert_eq!(wav, Wav { tag: TAG_ALAW, channels: 2, rate: 8000, bits: 8, data: &[1, 2, 3, 4] });
        assert_eq!(u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize, file.len() - 8);
        assert!(is_ours(file.first_chunk().unwrap()));
        file[22] = 1;
        assert!(!is_ours(file.first_chunk().unwrap()), "mono is not ours");
    }

    #[test]
    fn samples_beyond_the_end_are_cut() {
        let mut file = stereo_alaw(1000).to_vec();
        file.extend_from_slice(&[7; 10]);
        assert_eq!(Wav::parse(&file).unwrap().data, [7; 10]);
    }

    #[test]
    fn other_chunks_are_passed_over() {
        let mut file = stereo_alaw(2).to_vec();
        file.splice(50..50, *b"LIST\x03\0\0\0abc\0");
        file.extend_from_slice(&[5, 6]);
        assert_eq!(Wav::parse(&file).unwrap().data, [5, 6]);
    }

    proptest! {
        #[test]
        fn junk_never_panics(junk: Vec<u8>, cut in 0usize..80, flip in 0usize..58) {
            let _ = Wav::parse(&junk);
            let mut file = stereo_alaw(20).to_vec();
            file.extend_from_slice(&[0; 20]);
            file[flip] ^= 0xFF;
            file.truncate(cut);
            let _ = Wav::parse(&file);
        }
    }
}
