//! The recorder's far end: a thread of its own places packets by RTP time and appends to each call's file.

use super::{MediaEvent, RecordingClosed, tap::Tapped};
use hutong_api::CallId;
use hutong_core::media::{g711, placement, wav};
use std::{
    collections::HashMap,
    fs::File,
    io,
    os::unix::fs::{DirBuilderExt, FileExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::Receiver,
    },
};
use tokio::sync::mpsc::UnboundedSender;

/// Octets of samples after which the sizes in the header are brought up to date: 5 s.
const PATCH: u64 = 5 * 16_000;

#[derive(Debug)]
pub struct Start {
    pub call: CallId,
    pub path: PathBuf,
}

/// Times are samples of the media clock. `lost` is a stretch of which no packet of any recording got through.
#[derive(Debug)]
pub enum Message {
    Open {
        recording: u32,
        start: Start,
        at: u64,
    },
    Packets {
        packets: Vec<u8>,
        at: u64,
        lost: Option<(u64, u64)>,
    },
    Close {
        recording: u32,
        at: u64,
        lost: Option<(u64, u64)>,
    },
    /// Tests only: waits until the sender is gone, as a disk that does not answer.
    Stall(Receiver<()>),
}

/// Runs until the media thread is gone; what is open then is closed as it stands.
pub fn run(messages: &Receiver<Message>, behind: &Arc<AtomicUsize>, events: &UnboundedSender<MediaEvent>) {
    let mut recordings: HashMap<u32, Recording> = HashMap::new();
    while let Ok(message) = messages.recv() {
        match message {
            Message::Open { recording, start, at } => {
                recordings.insert(recording, Recording::open(start, at));
            }
            Message::Packets { packets, at, lost } => {
                place(&mut recordings, &packets);
                for recording in recordings.values_mut() {
                    recording.lose(lost);
                    recording.advance(at.saturating_sub(placement::HOLDBACK));
                }
                behind.fetch_sub(packets.len(), Ordering::Relaxed);
            }
            Message::Close { recording, at, lost } => {
                if let Some(mut recording) = recordings.remove(&recording) {
                    recording.lose(lost);
                    let _ = events.send(MediaEvent::RecordingClosed(recording.close(at)));
                }
            }
            Message::Stall(gate) => drop(gate.recv()),
        }
    }
}

fn place(recordings: &mut HashMap<u32, Recording>, packets: &[u8]) {
    let mut rest = packets;
    while let Some((tapped, octets, next)) = Tapped::read(rest) {
        if let Some(recording) = recordings.get_mut(&tapped.recording) {
            let arrival = tapped.at.saturating_sub(recording.began);
            recording.placement.put(tapped.lane, tapped.ssrc, tapped.timestamp, arrival, octets);
        }
        rest = next;
    }
}

#[derive(Debug)]
struct Recording {
    call: CallId,
    path: PathBuf,
    file: io::Result<File>,
    /// Media clock at its first sample.
    began: u64,
    placement: placement::Placement,
    /// Octets of samples in the file.
    written: u64,
    /// Octets of samples the header knows.
    patched: u64,
    /// Stretches without audio, in samples since it began.
    gaps: Vec<(u64, u64)>,
    chunk: Vec<u8>,
}

impl Recording {
    fn open(start: Start, began: u64) -> Recording {
        let file = create(&start.path);
        if let Err(fault) = &file {
            tracing::error!(call = start.call.0, %fault, "a recording cannot be begun");
        }
        Recording {
            call: start.call,
            path: start.path,
            file,
            began,
            placement: placement::Placement::default(),
            written: 0,
            patched: 0,
            gaps: Vec::new(),
            chunk: Vec::new(),
        }
    }

    /// Notes a stretch of the media clock that was lost before it came here.
    fn lose(&mut self, lost: Option<(u64, u64)>) {
        if let Some((from, to)) = lost
            && to > self.began
        {
            self.gap(from.saturating_sub(self.began), to - self.began);
        }
    }

    fn gap(&mut self, from: u64, to: u64) {
        match self.gaps.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => self.gaps.push((from, to)),
        }
    }

    /// Writes what lies before `until` (media clock). What the disk refuses becomes a gap and, once it answers, silence.
    fn advance(&mut self, until: u64) {
        let before = self.placement.flushed();
        let until = until.saturating_sub(self.began).max(before);
        self.chunk.clear();
        // What earlier writes left out is filled first, so that time in the file stays time on the clock.
        self.chunk.resize((before * 2 - self.written) as usize, g711::ALAW_SILENCE);
        self.placement.flush(until, &mut self.chunk);
        if self.chunk.is_empty() {
            return;
        }
        let at = wav::HEADER as u64 + self.written;
        match self.file.as_ref().map(|file| file.write_all_at(&self.chunk, at)) {
            Ok(Ok(())) => self.written += self.chunk.len() as u64,
            Ok(Err(fault)) => {
                tracing::warn!(call = self.call.0, %fault, "a stretch of a recording is lost");
                self.gap(before, until);
            }
            Err(_) => self.gap(before, until),
        }
        if self.written >= self.patched + PATCH {
            self.patch();
        }
    }

    fn patch(&mut self) {
        if let Ok(file) = &self.file
            && file.write_all_at(&wav::stereo_alaw(self.written), 0).is_ok()
        {
            self.patched = self.written;
        }
    }

    fn close(mut self, at: u64) -> RecordingClosed {
        self.advance(at);
        self.patch();
        let bytes = if self.file.is_ok() { wav::HEADER as u64 + self.written } else { 0 };
        let gaps = self.gaps.iter().map(|&(from, to)| (from / 8, (to - from) / 8)).collect();
        RecordingClosed { call: self.call, path: self.path, bytes, millis: self.written / 16, gaps }
    }
}

fn create(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        // Voices of customers: nobody else on this box may even list them.
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let file = File::create(path)?;
    file.write_all_at(&wav::stereo_alaw(0), 0)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn recording(path: PathBuf) -> Recording {
        Recording::open(Start { call: CallId(1), path }, 1000)
    }

    #[test]
    fn what_the_disk_refuses_is_a_gap_and_later_silence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.wav");
        let mut recording = recording(path.clone());
        recording.placement.put(0, 1, 0, 0, &[1; 160]);
        recording.advance(1000 + 160);
        // A handle that cannot write stands for a disk that does not.
        recording.file = File::open(&path);
        recording.placement.put(0, 1, 160, 160, &[2; 160]);
        recording.advance(1000 + 320);
        recording.placement.put(0, 1, 320, 320, &[3; 160]);
        recording.advance(1000 + 480);
        recording.file = File::options().write(true).open(&path);
        recording.placement.put(0, 1, 480, 480, &[4; 160]);
        let closed = recording.close(1000 + 640);
        assert_eq!((closed.gaps, closed.millis, closed.bytes), (vec![(20, 40)], 80, 58 + 1280));
        let file = std::fs::read(&path).unwrap();
        let left: Vec<u8> = wav::Wav::parse(&file).unwrap().data.iter().step_by(2).copied().collect();
        assert_eq!(left, [[1; 160], [g711::ALAW_SILENCE; 160], [g711::ALAW_SILENCE; 160], [4; 160]].concat());
    }

    #[test]
    fn folders_of_recordings_are_the_services_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        drop(recording(folder.path().join("rec/2026/06/10/1.wav")));
        for made in ["rec", "rec/2026", "rec/2026/06/10"] {
            let mode = std::fs::metadata(folder.path().join(made)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o700, "{made}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_made_is_all_gap() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let mut recording = recording(folder.path().join("file/below/1.wav"));
        recording.advance(1000 + 8000);
        let closed = recording.close(1000 + 16_000);
        assert_eq!((closed.bytes, closed.millis, closed.gaps), (0, 0, vec![(0, 2000)]));
    }
}
