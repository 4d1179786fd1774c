//! Recordings made audible where there is a sound card; a clear word where there is none.

mod out;
mod tape;
mod wav;

use crate::event::{AudioEvent, AudioRequest};
use std::sync::mpsc;

/// The player's thread; requests go in by its sender.
pub struct Audio {
    requests: mpsc::Sender<AudioRequest>,
}

impl Audio {
    pub fn new(emit: impl Fn(AudioEvent) + Send + 'static) -> Audio {
        let (requests, inbox) = mpsc::channel();
        drop(std::thread::Builder::new().name("audio".into()).spawn(move || out::run(&inbox, emit)));
        Audio { requests }
    }

    /// Never blocks.
    pub fn request(&self, request: AudioRequest) {
        drop(self.requests.send(request));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::time::Duration;

    /// With a sound card or without: one clear word comes, and nothing panics.
    #[test]
    fn says_what_it_can_do() {
        let (sender, events) = mpsc::channel();
        let audio = Audio::new(move |event| drop(sender.send(event)));
        audio.request(AudioRequest::Load(b"no wav".to_vec()));
        assert!(matches!(events.recv_timeout(Duration::from_secs(20)).unwrap(), AudioEvent::BadFile));
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x06\0\x02\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x08\0".to_vec();
        wav.extend(b"data\x04\0\0\0\xd5\xd5\xd5\xd5");
        audio.request(AudioRequest::Load(wav));
        let answer = events.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(matches!(answer, AudioEvent::Ready(_) | AudioEvent::NoDevice), "{answer:?}");
    }
}
