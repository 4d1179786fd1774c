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
