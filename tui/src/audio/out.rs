//! The thread that holds the sound card (cpal). Without the feature `audio` there is no card, ever.

use super::{tape::Tape, wav};
use crate::event::{AudioEvent, AudioRequest};
use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError},
    },
    time::Duration,
};

/// How often the position is told while it plays.
const TELL: Duration = Duration::from_millis(200);

pub fn run(inbox: &Receiver<AudioRequest>, emit: impl Fn(AudioEvent)) {
    let mut playing: Option<(Arc<Tape>, card::Stream)> = None;
    loop {
        let request = match inbox.recv_timeout(TELL) {
            Ok(request) => Some(request),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => return,
        };
        match request {
            Some(AudioRequest::Load(file)) => {
                playing = None;
                let Some(sound) = wav::decode(&file) else {
                    emit(AudioEvent::BadFile);
                    continue;
                };
                let tape = Arc::new(Tape::new(sound));
                match card::open(&tape) {
                    Some((stream, name)) => {
                        playing = Some((tape, stream));
                        emit(AudioEvent::Ready(name));
                    }
                    None => emit(AudioEvent::NoDevice),
                }
            }
            Some(AudioRequest::Stop) => playing = None,
            other => {
                if let Some((tape, _)) = &playing {
                    control(tape, other.as_ref(), &emit);
                }
            }
        }
    }
}

fn control(tape: &Tape, request: Option<&AudioRequest>, emit: &impl Fn(AudioEvent)) {
    match request {
        Some(AudioRequest::Play) => tape.run(true),
        Some(AudioRequest::Pause) => tape.run(false),
        Some(AudioRequest::Seek(seconds)) => tape.seek(*seconds),
        _ if tape.running() && tape.ended() => {
            tape.run(false);
            emit(AudioEvent::Ended);
        }
        _ if tape.running() => emit(AudioEvent::Position(tape.seconds())),
        _ => {}
    }
}

#[cfg(feature = "audio")]
mod card {
    use super::Tape;
    use cpal::{
        FromSample, SampleFormat, SizedSample, StreamConfig,
        traits::{DeviceTrait, HostTrait, StreamTrait},
    };
    use std::sync::Arc;

    pub type Stream = cpal::Stream;

    /// The default card with its name, reading from the tape. None: there is none that works.
    pub fn open(tape: &Arc<Tape>) -> Option<(Stream, String)> {
        let device = cpal::default_host().default_output_device()?;
        let config = device.default_output_config().ok()?;
        let name = device.description().map_or_else(|_| "audio".to_owned(), |d| d.name().to_owned());
        let format = config.sample_format();
        let config: StreamConfig = config.into();
        let stream = match format {
            SampleFormat::F32 => build::<f32>(&device, config, tape),
            SampleFormat::I32 => build::<i32>(&device, config, tape),
            SampleFormat::I16 => build::<i16>(&device, config, tape),
            SampleFormat::U8 => build::<u8>(&device, config, tape),
            _ => None,
        }?;
        stream.play().ok()?;
        Some((stream, name))
    }

    fn build<T: SizedSample + FromSample<f32>>(
        device: &cpal::Device,
        config: StreamConfig,
        tape: &Arc<Tape>,
    ) -> Option<Stream> {
        let (tape, channels, rate) = (tape.clone(), usize::from(config.channels), config.sample_rate);
        let mut scratch = Vec::new();
        let fill = move |out: &mut [T], _: &cpal::OutputCallbackInfo| {
            scratch.resize(out.len(), 0.0);
            tape.fill(&mut scratch, channels, rate);
            for (to, from) in out.iter_mut().zip(&scratch) {
                *to = T::from_sample(*from);
            }
        };
        device.build_output_stream(config, fill, |_| {}, None).ok()
    }
}

#[cfg(not(feature = "audio"))]
mod card {
    use super::Tape;
    use std::sync::Arc;

    pub type Stream = ();

    pub fn open(_: &Arc<Tape>) -> Option<(Stream, String)> {
        None
    }
}
