//! 系统语音 (F109): sound files as people bring them, WAV or MP3, made what a telephone line carries: mono A-law at 8 kHz.

use crate::media::{PromptError, prompt_from_wav};
use hutong_api::Refusal;
use hutong_core::media::{RATE, g711};
use rubato::{Fft, FixedSync, Resampler, WindowFunction, audioadapter_buffers::direct::InterleavedSlice};
use std::io::Cursor;
use symphonia::core::{
    codecs::audio::{AudioDecoder, AudioDecoderOptions},
    errors::Error,
    formats::{FormatOptions, FormatReader, TrackType, probe::Hint},
    io::MediaSourceStream,
    meta::MetadataOptions,
};

/// Largest file taken, in bytes.
pub const LARGEST: usize = 20 << 20;
/// Longest sound taken.
pub const LONGEST_MINUTES: u32 = 10;
/// Sample rates that a sound file may honestly have.
const RATES: std::ops::RangeInclusive<u32> = 4_000..=192_000;
/// Of a second: given to the resampler at once. It is as sharp as this is long; 250 ms are 2,000 samples of ours.
const CHUNKS: u32 = 4;

/// A-law of a WAV or MP3 file of any usual rate and number of channels.
pub fn decode(file: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    if file.len() > LARGEST {
        return Err(too_large());
    }
    // What a line carries already is not touched, not even by decoding.
    match prompt_from_wav(&file) {
        Ok(alaw) => return Ok(alaw),
        Err(PromptError::Long) => return Err(too_long()),
        Err(_) => {}
    }
    let mut sound = open(file).ok_or_else(bad)?;
    let (mut line, mut good, mut broken) = (None, 0_u32, 0_u32);
    let (mut samples, mut mono) = (Vec::new(), Vec::new());
    while let Ok(Some(packet)) = sound.format.next_packet() {
        if packet.track_id != sound.track {
            continue;
        }
        match sound.decoder.decode(&packet) {
            Ok(heard) => {
                let (rate, channels) = (heard.spec().rate(), heard.spec().channels().count());
                heard.copy_to_vec_interleaved::<f32>(&mut samples);
                mono.clear();
                mono.extend(
                    samples.chunks_exact(channels.max(1)).map(|frame| frame.iter().sum::<f32>() / channels as f32),
                );
                line.get_or_insert(Line::new(rate)?).take(rate, &mono)?;
                good += 1;
            }
            Err(Error::DecodeError(_)) => broken += 1,
            Err(_) => break,
        }
    }
    // Anything long enough holds a few octets that look like a frame of MP3.
    let alaw = line.filter(|_| good > broken).ok_or_else(bad)?.finish()?;
    if alaw.is_empty() { Err(bad()) } else { Ok(alaw) }
}

fn bad() -> Refusal {
    Refusal::new("voice.bad_file")
}

pub fn too_large() -> Refusal {
    Refusal::new("voice.too_large").with("max", LARGEST >> 20)
}

fn too_long() -> Refusal {
    Refusal::new("voice.too_long").with("max", LONGEST_MINUTES)
}

struct Sound {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn AudioDecoder>,
    track: u32,
}

fn open(file: Vec<u8>) -> Option<Sound> {
    let stream = MediaSourceStream::new(Box::new(Cursor::new(file)), Default::default());
    let probe = symphonia::default::get_probe();
    let format = probe.probe(&Hint::new(), stream, FormatOptions::default(), MetadataOptions::default()).ok()?;
    let track = format.default_track(TrackType::Audio)?;
    let codec = track.codec_params.as_ref()?.audio()?;
    let decoder = symphonia::default::get_codecs().make_audio_decoder(codec, &AudioDecoderOptions::default()).ok()?;
    let track = track.id;
    Some(Sound { format, decoder, track })
}

/// Makes one rate 8 kHz, a chunk at a time: ten minutes of studio sound are a hundred megabytes at once.
struct Line {
    rate: u32,
    /// None = it is 8 kHz already.
    down: Option<Fft<f32>>,
    waiting: Vec<f32>,
    /// Frames taken so far.
    taken: u64,
    /// Silence that the resampler still puts before the sound.
    skip: usize,
    alaw: Vec<u8>,
}

impl Line {
    fn new(rate: u32) -> Result<Line, Refusal> {
        if !RATES.contains(&rate) {
            return Err(bad());
        }
        let down = match rate == RATE {
            true => None,
            false => {
                let fft = Fft::new_custom(
                    rate as usize,
                    RATE as usize,
                    (rate / CHUNKS) as usize,
                    1,
                    1,
                    WindowFunction::BlackmanHarris2,
                    FixedSync::Input,
                );
                Some(fft.map_err(|_| bad())?)
            }
        };
        let skip = down.as_ref().map_or(0, |down| down.output_delay());
        Ok(Line { rate, down, waiting: Vec::new(), taken: 0, skip, alaw: Vec::new() })
    }

    fn take(&mut self, rate: u32, mono: &[f32]) -> Result<(), Refusal> {
        if rate != self.rate {
            return Err(bad());
        }
        self.taken += mono.len() as u64;
        if self.taken > u64::from(rate) * 60 * u64::from(LONGEST_MINUTES) {
            return Err(too_long());
        }
        self.waiting.extend_from_slice(mono);
        self.convert()
    }

    fn convert(&mut self) -> Result<(), Refusal> {
        let Some(down) = &mut self.down else {
            let samples = std::mem::take(&mut self.waiting);
            self.put(&samples);
            return Ok(());
        };
        let (chunk, mut at, mut out) = (down.input_frames_next(), 0, Vec::new());
        while self.waiting.len() - at >= chunk {
            let input = InterleavedSlice::new(&self.waiting[at..at + chunk], 1, chunk).map_err(|_| bad())?;
            out.extend(down.process(&input, None).map_err(|_| bad())?.take_data());
            at += chunk;
        }
        self.waiting.drain(..at);
        self.put(&out);
        Ok(())
    }

    fn put(&mut self, samples: &[f32]) {
        let silence = self.skip.min(samples.len());
        self.skip -= silence;
        self.alaw
            .extend(samples[silence..].iter().map(|sample| g711::linear_to_alaw((sample * 32_768.0).round() as i16)));
    }

    /// What is still inside the resampler is pushed out with silence, and the sound keeps its length.
    fn finish(mut self) -> Result<Vec<u8>, Refusal> {
        let whole = (self.taken * u64::from(RATE)).div_ceil(u64::from(self.rate)) as usize;
        while self.alaw.len() < whole {
            let missing = self.down.as_ref().map_or(0, |down| down.input_frames_next()) - self.waiting.len();
            self.waiting.extend(std::iter::repeat_n(0.0, missing));
            self.convert()?;
        }
        self.alaw.truncate(whole);
        Ok(self.alaw)
    }
}

/// The WAV file that a player plays: 16-bit PCM, which every browser knows.
pub fn wav(alaw: &[u8]) -> Vec<u8> {
    let size = alaw.len() as u32 * 2;
    let mut file = Vec::with_capacity(44 + alaw.len() * 2);
    file.extend(b"RIFF");
    file.extend((36 + size).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(RATE.to_le_bytes());
    file.extend((RATE * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(size.to_le_bytes());
    file.extend(alaw.iter().flat_map(|&octet| g711::alaw_to_linear(octet).to_le_bytes()));
    file
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_core::media::goertzel;

    /// A WAV file of samples in the given format.
    pub fn file(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
        let block = channels * bits / 8;
        let mut file = b"RIFF".to_vec();
        file.extend((36 + data.len() as u32).to_le_bytes());
        file.extend(b"WAVEfmt \x10\0\0\0");
        file.extend(tag.to_le_bytes());
        file.extend(channels.to_le_bytes());
        file.extend(rate.to_le_bytes());
        file.extend((rate * u32::from(block)).to_le_bytes());
        file.extend(block.to_le_bytes());
        file.extend(bits.to_le_bytes());
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        file
    }

    /// A sine in 16-bit stereo, half as loud on the right.
    pub fn tone(rate: u32, hertz: f64, seconds: u32) -> Vec<u8> {
        let frames = (0..rate * seconds).flat_map(|at| {
            let sine = (f64::from(at) * hertz / f64::from(rate) * std::f64::consts::TAU).sin();
            [(sine * 16_384.0) as i16, (sine * 8_192.0) as i16]
        });
        file(1, 2, rate, 16, &frames.flat_map(i16::to_le_bytes).collect::<Vec<_>>())
    }

    fn heard(alaw: &[u8]) -> Vec<i16> {
        alaw.iter().map(|&octet| g711::alaw_to_linear(octet)).collect()
    }

    fn refused(file: Vec<u8>) -> String {
        decode(file).unwrap_err().code.into_owned()
    }

    #[test]
    fn a_tone_keeps_its_pitch_its_level_and_its_length_at_every_rate() {
        for rate in [11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
            let samples = heard(&decode(tone(rate, 1_004.0, 2)).unwrap());
            assert_eq!(samples.len(), 16_000, "{rate}");
            let level = goertzel::level(&samples[400..15_600], 1_004.0);
            assert!((0.36..0.39).contains(&level), "{rate}: {level}, half of the two channels together is 0.375");
            assert!(goertzel::level(&samples[400..15_600], 1_500.0) < 0.005, "{rate}");
        }
    }

    #[test]
    fn what_a_line_cannot_carry_does_not_come_back_as_another_tone() {
        let samples = heard(&decode(tone(44_100, 5_000.0, 1)).unwrap());
        assert!(goertzel::level(&samples[400..7_600], 3_000.0) < 0.005);
    }

    #[test]
    fn a_line_s_own_format_passes_through_unchanged() {
        let alaw: Vec<u8> = (0..16_000_u32).map(|at| (at * 7 % 256) as u8).collect();
        assert_eq!(decode(file(6, 1, RATE, 8, &alaw)).unwrap(), alaw);
        assert_eq!(decode(wav(&alaw)).unwrap(), alaw, "and what is played is what was taken");
    }

    /// A frame of MPEG-1 layer III at 128 kbit/s and 44.1 kHz whose side information is all zero is 1152 frames of silence.
    #[test]
    fn an_mp3_is_taken() {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0xc4]);
        let alaw = decode(frame.repeat(20)).unwrap();
        let whole = 20 * 1152 * 8_000 / 44_100;
        assert!((whole - 500..=whole + 1).contains(&alaw.len()), "{} of {whole}", alaw.len());
        assert!(heard(&alaw).iter().all(|sample| sample.abs() < 16));
    }

    #[test]
    fn what_is_no_sound_or_too_much_of_it_is_refused_with_its_reason() {
        assert_eq!(refused(Vec::new()), "voice.bad_file");
        assert_eq!(refused(b"name,phone\n".repeat(5_000)), "voice.bad_file");
        assert_eq!(
            refused((0..200_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
            "voice.bad_file"
        );
        assert_eq!(refused(file(1, 1, 8_000, 16, &[])), "voice.bad_file");
        assert_eq!(refused(file(1, 1, 1_000_000, 16, &[0; 64])), "voice.bad_file");
        assert_eq!(refused(vec![0; LARGEST + 1]), "voice.too_large");
        assert_eq!(refused(file(6, 1, 8_000, 8, &vec![0xd5; 8_000 * 600 + 1])), "voice.too_long");
        assert_eq!(refused(file(1, 2, 8_000, 8, &vec![0x80; 2 * (8_000 * 600 + 8_000)])), "voice.too_long");
        assert_eq!(decode(file(6, 1, 8_000, 8, &vec![0xd5; 8_000 * 600])).unwrap().len(), 4_800_000);
    }
}
