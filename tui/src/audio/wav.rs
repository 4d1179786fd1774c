//! WAV as Hutong records it: stereo A-law at 8 kHz; 16-bit PCM is read too.

/// Interleaved samples, decoded.
#[derive(Debug, PartialEq)]
pub struct Sound {
    pub rate: u32,
    pub channels: usize,
    pub samples: Vec<i16>,
}

const PCM: u16 = 1;
const A_LAW: u16 = 6;

/// None if it is no WAV of a known kind. A file that was cut off is read as far as it goes.
pub fn decode(file: &[u8]) -> Option<Sound> {
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WAVE" {
        return None;
    }
    let (mut at, mut format) = (12, None);
    loop {
        let id = file.get(at..at + 4)?;
        let size = u32::from_le_bytes(file.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let body = file.get(at + 8..)?;
        let body = &body[..size.min(body.len())];
        match id {
            b"fmt " => format = Some(read_format(body)?),
            b"data" => return samples(format?, body),
            _ => {}
        }
        at = at.checked_add(8)?.checked_add(size)?.checked_add(size & 1)?;
    }
}

fn read_format(body: &[u8]) -> Option<(u16, u16, u32)> {
    let word = |at: usize| Some(u16::from_le_bytes(body.get(at..at + 2)?.try_into().ok()?));
    let rate = u32::from_le_bytes(body.get(4..8)?.try_into().ok()?);
    Some((word(0)?, word(2)?, rate))
}

fn samples((kind, channels, rate): (u16, u16, u32), body: &[u8]) -> Option<Sound> {
    let samples = match kind {
        A_LAW => body.iter().map(|b| a_law(*b)).collect(),
        PCM => body.chunks_exact(2).map(|p| i16::from_le_bytes([p[0], p[1]])).collect(),
        _ => return None,
    };
    (channels > 0 && rate > 0).then_some(Sound { rate, channels: channels.into(), samples })
}

/// ITU-T G.711 A-law to 16-bit linear.
fn a_law(code: u8) -> i16 {
    let code = code ^ 0x55;
    let mantissa = i16::from(code & 0x0f) << 4;
    let value = match (code >> 4) & 7 {
        0 => mantissa + 8,
        exponent => (mantissa + 0x108) << (exponent - 1),
    };
    if code & 0x80 != 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The decision values of G.711, table 1a: smallest, largest, and one between.
    #[test]
    fn decodes_a_law_by_the_book() {
        for (code, value) in [(0xd5, 8), (0x55, -8), (0xaa, 32256), (0x2a, -32256), (0xd4, 24), (0xc5, 264)] {
            assert_eq!(a_law(code), value, "{code:#x}");
        }
    }

    #[test]
    fn reads_a_recording_and_refuses_what_is_none() {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x12\0\0\0\x06\0\x02\0\x40\x1f\0\0".to_vec();
        wav.extend([0x80, 0x3e, 0, 0, 2, 0, 8, 0, 0, 0]);
        wav.extend(b"fact\x04\0\0\0\x02\0\0\0data\x04\0\0\0\xd5\x55\xaa\x2a");
        let sound = decode(&wav).unwrap();
        assert_eq!((sound.rate, sound.channels, sound.samples), (8000, 2, vec![8, -8, 32256, -32256]));
        assert_eq!(decode(&wav[..wav.len() - 2]).unwrap().samples.len(), 2);
        for cut in 0..wav.len() - 4 {
            decode(&wav[..cut]);
        }
        assert_eq!(decode(b"RIFF....WAVEdata\xff\xff\xff\xff"), None);
    }
}
