//! Recordings at rest: making a file whole after a crash, and its waveform.

use hutong_api::page;
use hutong_core::media::{peaks, wav};
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek},
    os::unix::fs::FileExt,
    path::Path,
};

/// Gives a recording cut short by a crash the sizes its length says: (octets of the file, milliseconds).
/// `InvalidData` where the file is none of ours; nothing is changed then.
pub fn salvage(path: &Path) -> io::Result<(u64, u64)> {
    let file = OpenOptions::new().read(true).write(true).open(path)?;
    let data = samples(&file)? & !1;
    let bytes = wav::HEADER as u64 + data;
    file.set_len(bytes)?;
    file.write_all_at(&wav::stereo_alaw(data), 0)?;
    Ok((bytes, data / 16))
}

/// The waveform of a recording, finished or not. `InvalidData` where the file is none of ours.
pub fn peaks(path: &Path) -> io::Result<page::Peaks> {
    let mut file = File::open(path)?;
    let frames = samples(&file)? / 2;
    file.seek(io::SeekFrom::Start(wav::HEADER as u64))?;
    let mut found = peaks::Peaks::new(frames);
    let mut octets = vec![0; 64 << 10];
    let mut kept = 0;
    loop {
        let read = file.read(&mut octets[kept..])?;
        if read == 0 {
            break;
        }
        let whole = (kept + read) & !1;
        found.push(&octets[..whole]);
        octets.copy_within(whole..kept + read, 0);
        kept = (kept + read) - whole;
    }
    let [callee, agent] = found.finish();
    Ok(page::Peaks { seconds: frames as f64 / 8000.0, callee, agent })
}

/// Octets of samples in a file of ours, whatever its header says.
fn samples(file: &File) -> io::Result<u64> {
    let mut header = [0; wav::HEADER];
    file.read_exact_at(&mut header, 0).map_err(|_| not_ours())?;
    if !wav::is_ours(&header) {
        return Err(not_ours());
    }
    Ok(file.metadata()?.len() - wav::HEADER as u64)
}

fn not_ours() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not a stereo A-law recording")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_core::media::tone;

    #[test]
    fn a_file_cut_anywhere_becomes_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.wav");
        for extra in [0usize, 1, 2, 3, 16_001] {
            let mut octets = wav::stereo_alaw(0).to_vec();
            octets.resize(wav::HEADER + extra, 1);
            std::fs::write(&path, &octets).unwrap();
            let (bytes, millis) = salvage(&path).unwrap();
            let file = std::fs::read(&path).unwrap();
            assert_eq!((file.len() as u64, millis), (bytes, extra as u64 / 2 / 8));
            assert_eq!(wav::Wav::parse(&file).unwrap().data.len(), extra & !1);
            assert_eq!(salvage(&path).unwrap(), (bytes, millis), "twice is as once");
        }
    }

    #[test]
    fn what_is_not_ours_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.wav");
        for octets in [b"".as_slice(), b"RIFF", &[0; 500]] {
            std::fs::write(&path, octets).unwrap();
            assert_eq!(salvage(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
            assert_eq!(std::fs::read(&path).unwrap(), octets);
        }
        assert_eq!(salvage(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn the_waveform_of_a_file_longer_than_one_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("1.wav");
        let (tone, quiet) = (tone::sine(440.0, 10_000), tone::silence(10_000));
        let mut octets = wav::stereo_alaw(0).to_vec();
        octets.extend(quiet.iter().zip(&tone).flat_map(|(&left, &right)| [left, right]));
        std::fs::write(&path, &octets).unwrap();
        let peaks = peaks(&path).unwrap();
        assert_eq!((peaks.seconds, peaks.callee.len(), peaks.agent.len()), (10.0, 600, 600));
        assert!(peaks.callee.iter().all(|&pair| pair == (0, 0)));
        assert!(peaks.agent.iter().all(|&(low, high)| low < -20 && high > 20));
    }
}
