//! G.711 (ITU-T G.711, 1988): A-law and µ-law, and the step from one to the other by table.

/// A-law of a zero sample.
pub const ALAW_SILENCE: u8 = 0xD5;
/// µ-law of a zero sample.
pub const ULAW_SILENCE: u8 = 0xFF;

/// Sixteen-bit value of every A-law octet.
pub static ALAW: [i16; 256] = table_i16(true);
/// Sixteen-bit value of every µ-law octet.
pub static ULAW: [i16; 256] = table_i16(false);
/// A-law octet → µ-law octet.
pub static ALAW_TO_ULAW: [u8; 256] = cross_table(true);
/// µ-law octet → A-law octet.
pub static ULAW_TO_ALAW: [u8; 256] = cross_table(false);

pub const fn alaw_to_linear(octet: u8) -> i16 {
    let a = octet ^ 0x55;
    let segment = (a & 0x70) >> 4;
    let mut value = ((a & 0x0F) as i16) << 4;
    value += if segment == 0 { 8 } else { 0x108 };
    if segment > 1 {
        value <<= segment - 1;
    }
    if a & 0x80 != 0 { value } else { -value }
}

pub const fn linear_to_alaw(sample: i16) -> u8 {
    // 13 bits: the one's complement keeps -1 apart from 0, as the standard's decision values do.
    let value = sample >> 3;
    let (mask, magnitude) = if value >= 0 { (0xD5u8, value) } else { (0x55u8, -value - 1) };
    let segment = segment_of(magnitude, 0x1F);
    if segment >= 8 {
        return 0x7F ^ mask;
    }
    let shift = if segment < 2 { 1 } else { segment };
    let code = ((segment as u8) << 4) | ((magnitude >> shift) & 0x0F) as u8;
    code ^ mask
}

pub const fn ulaw_to_linear(octet: u8) -> i16 {
    let u = !octet;
    let value = ((((u & 0x0F) as i16) << 3) + 0x84) << ((u & 0x70) >> 4);
    if u & 0x80 != 0 { 0x84 - value } else { value - 0x84 }
}

pub const fn linear_to_ulaw(sample: i16) -> u8 {
    const BIAS: i16 = 0x21;
    const CLIP: i16 = 8159;
    let value = sample >> 2;
    let (mask, magnitude) = if value < 0 { (0x7Fu8, -value) } else { (0xFFu8, value) };
    let magnitude = if magnitude > CLIP { CLIP } else { magnitude } + BIAS;
    let segment = segment_of(magnitude, 0x3F);
    if segment >= 8 {
        return 0x7F ^ mask;
    }
    let code = ((segment as u8) << 4) | ((magnitude >> (segment + 1)) & 0x0F) as u8;
    code ^ mask
}

/// In place, octet by octet.
pub fn to_ulaw(alaw: &mut [u8]) {
    for octet in alaw {
        *octet = ALAW_TO_ULAW[*octet as usize];
    }
}

/// In place, octet by octet.
pub fn to_alaw(ulaw: &mut [u8]) {
    for octet in ulaw {
        *octet = ULAW_TO_ALAW[*octet as usize];
    }
}

const fn segment_of(magnitude: i16, first_end: i16) -> i16 {
    let mut end = first_end as i32;
    let mut segment = 0;
    while segment < 8 && magnitude as i32 > end {
        end = (end << 1) | 1;
        segment += 1;
    }
    segment
}

const fn table_i16(alaw: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = if alaw { alaw_to_linear(i as u8) } else { ulaw_to_linear(i as u8) };
        i += 1;
    }
    table
}

const fn cross_table(from_alaw: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] =
            if from_alaw { linear_to_ulaw(alaw_to_linear(i as u8)) } else { linear_to_alaw(ulaw_to_linear(i as u8)) };
        i += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_octets() {
        assert_eq!(alaw_to_linear(ALAW_SILENCE), 8);
        assert_eq!(alaw_to_linear(0x55), -8);
        assert_eq!(alaw_to_linear(0xAA), 32256);
        assert_eq!(alaw_to_linear(0x2A), -32256);
        assert_eq!(ulaw_to_linear(ULAW_SILENCE), 0);
        assert_eq!(ulaw_to_linear(0x80), 32124);
        assert_eq!(ulaw_to_linear(0x00), -32124);
        assert_eq!(linear_to_alaw(0), ALAW_SILENCE);
        assert_eq!(linear_to_ulaw(0), ULAW_SILENCE);
        assert_eq!(ALAW_TO_ULAW[ALAW_SILENCE as usize], 0xFE, "smallest positive step, not louder");
    }

    #[test]
    fn every_octet_survives_decode_and_encode() {
        for octet in 0..=255u8 {
            assert_eq!(linear_to_alaw(alaw_to_linear(octet)), octet, "A-law {octet:#x}");
            // µ-law has two zeros: 0x7F decodes to 0, which encodes as 0xFF.
            let again = linear_to_ulaw(ulaw_to_linear(octet));
            assert_eq!(ulaw_to_linear(again), ulaw_to_linear(octet), "µ-law {octet:#x}");
        }
    }

    proptest! {
        #[test]
        fn error_is_within_half_a_step(sample: i16) {
            let a = i32::from(alaw_to_linear(linear_to_alaw(sample)));
            let u = i32::from(ulaw_to_linear(linear_to_ulaw(sample)));
            let sample = i32::from(sample);
            let step = (sample.abs() / 16).max(16);
            prop_assert!((a - sample).abs() <= step, "A-law {sample} -> {a}");
            prop_assert!((u - sample).abs() <= step, "µ-law {sample} -> {u}");
        }

        #[test]
        fn crossing_keeps_sign_and_size(octet: u8) {
            let there = i32::from(ulaw_to_linear(ALAW_TO_ULAW[octet as usize]));
            let here = i32::from(alaw_to_linear(octet));
            prop_assert!((there - here).abs() <= (here.abs() / 16).max(16), "{here} -> {there}");
        }
    }
}
