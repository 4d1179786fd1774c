//! Prompts as people bring them: WAV at 8 kHz mono, made A-law.

use hutong_core::media::{
    RATE, g711,
    wav::{self, Wav},
};

/// Longest prompt: ten minutes.
const MAX: usize = 600 * RATE as usize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    #[error("not a WAV file")]
    NotWav,
    #[error("{0} channels; a prompt has one")]
    Channels(u16),
    #[error("{0} samples a second; a prompt has 8000")]
    Rate(u32),
    #[error("WAV format {tag} with {bits} bits; a prompt is PCM with 16, A-law or µ-law")]
    Format { tag: u16, bits: u16 },
    #[error("the prompt is empty")]
    Empty,
    #[error("the prompt is longer than ten minutes")]
    Long,
}

/// A-law of an 8 kHz mono WAV in PCM 16, A-law or µ-law. Everything else is refused, so that nothing plays at the wrong speed.
pub fn prompt_from_wav(file: &[u8]) -> Result<Vec<u8>, PromptError> {
    let wav = Wav::parse(file).ok_or(PromptError::NotWav)?;
    if wav.channels != 1 {
        return Err(PromptError::Channels(wav.channels));
    }
    if wav.rate != RATE {
        return Err(PromptError::Rate(wav.rate));
    }
    let alaw: Vec<u8> = match (wav.tag, wav.bits) {
        (wav::TAG_PCM, 16) => {
            wav.data.chunks_exact(2).map(|two| g711::linear_to_alaw(i16::from_le_bytes([two[0], two[1]]))).collect()
        }
        (wav::TAG_ALAW, 8) => wav.data.to_vec(),
        (wav::TAG_ULAW, 8) => wav.data.iter().map(|&octet| g711::ULAW_TO_ALAW[usize::from(octet)]).collect(),
        (tag, bits) => return Err(PromptError::Format { tag, bits }),
    };
    match alaw.len() {
        0 => Err(PromptError::Empty),
        1..=MAX => Ok(alaw),
        _ => Err(PromptError::Long),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let mut file = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0".to_vec();
        file.extend(tag.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend([0; 6]);
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        file
    }

    #[test]
    fn the_three_kinds_are_taken() {
        let pcm = [0i16, 1000, -1000].map(i16::to_le_bytes).concat();
        let expected = [0i16, 1000, -1000].map(g711::linear_to_alaw);
        assert_eq!(prompt_from_wav(&file(1, 1, 8000, 16, &pcm)), Ok(expected.to_vec()));
        assert_eq!(prompt_from_wav(&file(6, 1, 8000, 8, &expected)), Ok(expected.to_vec()));
        let mut ulaw = expected;
        g711::to_ulaw(&mut ulaw);
        assert_eq!(prompt_from_wav(&file(7, 1, 8000, 8, &ulaw)).map(|alaw| alaw.len()), Ok(3));
    }

    #[test]
    fn the_others_are_refused_with_their_reason() {
        assert_eq!(prompt_from_wav(b"ID3 mp3"), Err(PromptError::NotWav));
        assert_eq!(prompt_from_wav(&file(1, 2, 8000, 16, &[0; 4])), Err(PromptError::Channels(2)));
        assert_eq!(prompt_from_wav(&file(1, 1, 44_100, 16, &[0; 4])), Err(PromptError::Rate(44_100)));
        assert_eq!(prompt_from_wav(&file(3, 1, 8000, 32, &[0; 4])), Err(PromptError::Format { tag: 3, bits: 32 }));
        assert_eq!(prompt_from_wav(&file(6, 1, 8000, 8, &[])), Err(PromptError::Empty));
        assert_eq!(prompt_from_wav(&file(6, 1, 8000, 8, &vec![0; MAX + 1])), Err(PromptError::Long));
    }
}
