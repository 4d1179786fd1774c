//! The recording player of the call records.

use hutong_api::page::Peaks;

pub struct Player {
    pub call: i64,
    /// What is played, in words: time, number, agent.
    pub title: String,
    pub peaks: Option<Peaks>,
    pub sound: Sound,
    pub playing: bool,
    /// Seconds from the beginning.
    pub position: f64,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sound {
    /// The recording is on its way.
    Loading,
    /// The device's name.
    Ready(String),
    NoDevice,
    BadFile,
}

impl Player {
    pub fn new(call: i64, title: String) -> Player {
        Player { call, title, peaks: None, sound: Sound::Loading, playing: false, position: 0.0 }
    }

    pub fn seconds(&self) -> f64 {
        self.peaks.as_ref().map_or(0.0, |p| p.seconds.max(0.0))
    }
}
