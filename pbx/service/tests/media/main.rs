//! The media plane through real sockets: carriers on plain UDP, browsers on the full WebRTC stack.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod chromium;
mod far;

use far::{BROWSER_EVENT, Browser, Carrier, PATIENCE, Voice, key_packets};
use hutong::media::{self, Codec, Media, MediaConfig, MediaEvent, OfferError, RecordingClosed, TrunkMedia};
use hutong_api::{CallId, LegId, PromptId, SeatId};
use hutong_core::{
    io::Tone,
    media::{g711, goertzel, rtp::Header, tone, wav::Wav},
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{sync::mpsc, time::timeout};

const LEG: LegId = LegId(1);
const SEAT: SeatId = SeatId(7);

struct House {
    media: Media,
    events: mpsc::UnboundedReceiver<MediaEvent>,
}

impl House {
    fn new() -> House {
        House::at("127.0.0.1", (0, 0))
    }

    fn at(trunk_ip: &str, trunk_ports: (u16, u16)) -> House {
        let (events_in, events) = mpsc::unbounded_channel();
        let browser = vec!["127.0.0.1:0".parse().unwrap()];
        let config = MediaConfig { trunk_ip: trunk_ip.parse().unwrap(), trunk_ports, browser };
        House { media: Media::start(config, events_in).unwrap(), events }
    }

    async fn event<T>(&mut self, mut wanted: impl FnMut(MediaEvent) -> Option<T>) -> T {
        let found = async {
            loop {
                if let Some(found) = wanted(self.events.recv().await.expect("the media thread lives")) {
                    return found;
                }
            }
        };
        timeout(PATIENCE, found).await.expect("the event in time")
    }

    async fn seat(&mut self, seat: SeatId) -> Browser {
        let (mut browser, offer) = Browser::new().await;
        let answer = self.media.seat_offer(seat, offer).await.unwrap();
        browser.answer(answer).await;
        browser.connected().await;
        self.event(|event| matches!(event, MediaEvent::SeatUp { seat: up } if up == seat).then_some(())).await;
        browser
    }

    async fn closed_recording(&mut self) -> RecordingClosed {
        self.event(|event| match event {
            MediaEvent::RecordingClosed(closed) => Some(closed),
            _ => None,
        })
        .await
    }

    async fn key(&mut self) -> char {
        self.event(|event| match event {
            MediaEvent::Key { leg: LEG, key } => Some(key),
            _ => None,
        })
        .await
    }

    /// A trunk leg whose far end has answered; where it listens.
    fn trunk(&self, leg: LegId, carrier: &Carrier, codec: Codec, dtmf: Option<u8>) -> SocketAddr {
        let ours = self.media.open_trunk(leg).unwrap();
        self.media.connect_trunk(leg, TrunkMedia { remote: carrier.address(), codec, dtmf });
        ours
    }
}

/// Amplitude of a tone in the second half of each lane of a recording: (callee, agent).
fn levels(path: &Path, hertz: f64) -> (f64, f64) {
    let file = std::fs::read(path).unwrap();
    let wav = Wav::parse(&file).unwrap();
    assert_eq!((wav.tag, wav.channels, wav.rate), (6, 2, 8000));
    let lane = |lane| {
        let samples: Vec<i16> =
            wav.data.iter().skip(lane).step_by(2).map(|&octet| g711::ALAW[usize::from(octet)]).collect();
        // Block by block: a busy machine may shift the tone's phase, which would cancel it in one long look.
        let blocks: Vec<f64> =
            samples[samples.len() / 2..].chunks_exact(800).map(|block| goertzel::level(block, hertz)).collect();
        blocks.iter().sum::<f64>() / blocks.len() as f64
    };
    (lane(0), lane(1))
}

fn record(house: &House, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rec/2026").join(name);
    house.media.record(LEG, CallId(11), path.clone());
    (folder, path)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tone_each_way_and_in_its_lane_of_the_recording() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, Some(101));
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    let _agent = browser.speak(1000.0);
    browser.ear.hears(440.0, &[1000.0]).await;
    carrier.ear.hears(1000.0, &[440.0]).await;
    let (_folder, path) = record(&house, "11.wav");
    browser.ear.clear();
    while browser.ear.heard.len() < 100 {
        browser.ear.next().await;
    }
    house.media.close_trunk(LEG);
    let closed = house.closed_recording().await;
    assert_eq!((closed.call, &closed.path, closed.gaps.len()), (CallId(11), &path, 0));
    assert!((1900..4000).contains(&closed.millis), "{} ms", closed.millis);
    assert_eq!(closed.bytes, std::fs::metadata(&path).unwrap().len());
    assert_eq!((closed.bytes - 58) / 16, closed.millis);
    let (callee, agent) = levels(&path, 440.0);
    assert!(callee > 0.2 && agent < 0.01, "440 Hz: callee {callee}, agent {agent}");
    let (callee, agent) = levels(&path, 1000.0);
    assert!(callee < 0.01 && agent > 0.2, "1000 Hz: callee {callee}, agent {agent}");
    assert_eq!(media::salvage(&path).unwrap(), (closed.bytes, closed.millis), "a finished file is whole");
    let peaks = media::peaks(&path).unwrap();
    assert!(peaks.callee[300].1 > 20 && peaks.agent[300].0 < -20);
    sox_reads(&path);
}

/// A second reader's opinion, where it is installed.
fn sox_reads(path: &Path) {
    let Ok(said) = std::process::Command::new("soxi").arg(path).output() else { return };
    let said = String::from_utf8_lossy(&said.stdout).into_owned() + &String::from_utf8_lossy(&said.stderr);
    let samples = format!("{} samples", (std::fs::metadata(path).unwrap().len() - 58) / 2);
    for part in ["Channels       : 2", "Sample Rate    : 8000", "A-law", samples.as_str()] {
        assert!(said.contains(part), "no {part} in {said}");
    }
    assert!(!said.contains("WARN"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_is_played_to_its_end() {
    let mut house = House::new();
    let mut carrier = Carrier::new().await;
    house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.load_prompt(PromptId(3), tone::sine(600.0, 1000).into());
    house.media.play(LEG, PromptId(3));
    house.event(|event| matches!(event, MediaEvent::PlayEnded { leg: LEG, prompt: PromptId(3) }).then_some(())).await;
    carrier.ear.hears(600.0, &[]).await;
    while carrier.ear.heard.len() < 50 {
        carrier.ear.next().await;
    }
    let headers: Vec<_> = carrier.ear.heard.iter().map(|(header, _)| *header).collect();
    assert!(headers[0].marker && headers[1..].iter().all(|header| !header.marker));
    assert!(headers.windows(2).all(|pair| pair[1].sequence == pair[0].sequence.wrapping_add(1)));
    assert!(headers.windows(2).all(|pair| pair[1].timestamp == pair[0].timestamp.wrapping_add(160)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trunk_of_the_other_law() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcmu, None);
    house.media.bridge(LEG, SEAT);
    let (_folder, path) = record(&house, "11.wav");
    let _callee = carrier.speak(ours, 440.0, 0);
    let _agent = browser.speak(1000.0);
    browser.ear.hears(440.0, &[1000.0]).await;
    carrier.ear.hears(1000.0, &[440.0]).await;
    assert!(carrier.ear.heard.iter().all(|(header, _)| header.payload_type == 0));
    // The wrong law would still ring, but not as loud as it was spoken.
    let loudness = (browser.ear.level(440.0), carrier.ear.level(1000.0));
    assert!((loudness.0 - 0.22).abs() < 0.03 && (loudness.1 - 0.22).abs() < 0.03, "{loudness:?}");
    assert!(browser.ear.heard.iter().all(|(header, _)| header.payload_type == 8));
    // The right lane hears the agent's A-law, the left one the callee's µ-law: both are A-law in the file.
    browser.ear.clear();
    while browser.ear.heard.len() < 60 {
        browser.ear.next().await;
    }
    house.media.close_trunk(LEG);
    house.closed_recording().await;
    assert!(levels(&path, 440.0).0 > 0.2);
    assert!(levels(&path, 1000.0).1 > 0.2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_in_a_call_replaces_the_agent_only() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    house.media.load_prompt(PromptId(3), tone::sine(600.0, 3000).into());
    let _callee = carrier.speak(ours, 440.0, 8);
    let _agent = browser.speak(1000.0);
    carrier.ear.hears(1000.0, &[]).await;
    house.media.play(LEG, PromptId(3));
    carrier.ear.hears(600.0, &[1000.0]).await;
    browser.ear.clear();
    browser.ear.hears(440.0, &[600.0]).await;
    house.media.stop_play(LEG);
    carrier.ear.hears(1000.0, &[600.0]).await;
    // One stream for the carrier, whoever spoke: no step a phone would stumble over.
    let headers: Vec<_> = carrier.ear.heard.iter().map(|(header, _)| *header).collect();
    assert!(headers.windows(2).all(|pair| pair[1].ssrc == pair[0].ssrc));
    assert!(
        headers.windows(2).all(|pair| (-5..=5).contains(&(pair[1].sequence.wrapping_sub(pair[0].sequence) as i16)))
    );
    assert_eq!(headers.iter().filter(|header| header.marker).count(), 3, "agent, prompt, agent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_pass_both_ways_and_are_told_once() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, Some(101));
    house.media.bridge(LEG, SEAT);
    let callee = carrier.speak(ours, 440.0, 8);
    browser.ear.hears(440.0, &[]).await;
    drop(callee);
    // The callee presses 5, then 5 again, then #.
    for (turn, key) in ['5', '5', '#'].into_iter().enumerate() {
        let turn = turn as u16;
        let first = Header {
            marker: true,
            payload_type: 101,
            sequence: 100 + turn * 20,
            timestamp: 800 * u32::from(turn),
            ssrc: 5,
        };
        carrier.send(ours, &key_packets(key, 101, first)).await;
        assert_eq!(house.key().await, key);
    }
    assert_eq!(browser.ear.hears_key('#', BROWSER_EVENT).await, 11);
    assert!(house.events.try_recv().is_err(), "each key once");
    // The agent presses 7 on the page, and the service presses 9 for him.
    let first = Header { marker: true, payload_type: BROWSER_EVENT, sequence: 9, timestamp: 9, ssrc: 0 };
    for packet in key_packets('7', BROWSER_EVENT, first) {
        browser.send(&packet).await;
    }
    assert_eq!(carrier.ear.hears_key('7', 101).await, 11);
    house.media.send_key(LEG, '9');
    assert_eq!(carrier.ear.hears_key('9', 101).await, 11);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trunk_without_events_hears_keys_as_tones() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    browser.ear.hears(440.0, &[]).await;
    let first = Header { marker: true, payload_type: BROWSER_EVENT, sequence: 9, timestamp: 9, ssrc: 0 };
    for packet in key_packets('7', BROWSER_EVENT, first) {
        browser.send(&packet).await;
    }
    house.media.send_key(LEG, '7');
    while carrier.ear.heard.len() < 16 {
        carrier.ear.next().await;
    }
    let samples: Vec<i16> = carrier.ear.heard[..8]
        .iter()
        .flat_map(|(_, octets)| octets.iter().map(|&octet| g711::ALAW[usize::from(octet)]))
        .collect();
    assert!(goertzel::level(&samples, 852.0) > 0.15 && goertzel::level(&samples, 1209.0) > 0.15);
    assert!(carrier.ear.packets.try_recv().is_err(), "two keys of eight frames, no more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stalled_disk_delays_no_packet_and_marks_the_gap() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    let (_folder, path) = record(&house, "11.wav");
    let _callee = carrier.speak(ours, 440.0, 8);
    browser.ear.hears(440.0, &[]).await;
    let (stalled, gate) = std::sync::mpsc::channel();
    // A second of this call fits, two do not.
    house.media.stall_writer(gate, 12_000);
    browser.ear.clear();
    let began = tokio::time::Instant::now();
    while browser.ear.heard.len() < 150 {
        browser.ear.next().await;
    }
    assert!(began.elapsed() < Duration::from_millis(4500), "3 s of audio took {:?}", began.elapsed());
    let sequences: Vec<_> = browser.ear.heard.iter().map(|(header, _)| header.sequence).collect();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "none lost, none late");
    drop(stalled);
    while browser.ear.heard.len() < 270 {
        browser.ear.next().await;
    }
    house.media.close_trunk(LEG);
    let closed = house.closed_recording().await;
    let [(from, length)] = closed.gaps[..] else { panic!("one gap, not {:?}", closed.gaps) };
    assert!(
        (900..4000).contains(&length) && from + length < closed.millis,
        "{:?} of {} ms",
        closed.gaps,
        closed.millis
    );
    assert_eq!((closed.bytes - 58) / 16, closed.millis, "the gap is there as silence");
    let file = std::fs::read(&path).unwrap();
    let lane: Vec<i16> =
        Wav::parse(&file).unwrap().data.iter().step_by(2).map(|&octet| g711::ALAW[usize::from(octet)]).collect();
    let middle = ((from + length / 2) * 8) as usize;
    assert!(goertzel::level(&lane[middle - 1600..middle + 1600], 440.0) < 0.01, "silence in the gap");
    assert!(goertzel::level(&lane[lane.len() - 4800..lane.len() - 3200], 440.0) > 0.2, "audio after it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_crash_leaves_is_salvaged() {
    let house = House::new();
    let carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    let (folder, path) = record(&house, "11.wav");
    let _callee = carrier.speak(ours, 440.0, 8);
    // As a crash would find it: some seconds written, the sizes in the header old.
    let left = folder.path().join("left.wav");
    let until = tokio::time::Instant::now() + PATIENCE;
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while std::fs::copy(&path, &left).unwrap_or(0) < 58 + 2 * 16_000 {
        assert!(tokio::time::Instant::now() < until, "nothing is written");
        looks.tick().await;
    }
    let told = u32::from_le_bytes(std::fs::read(&left).unwrap()[54..58].try_into().unwrap());
    assert_eq!(told, 0);
    let (bytes, millis) = media::salvage(&left).unwrap();
    assert!(bytes >= 58 + 2 * 16_000 && millis >= 2000);
    assert!(levels(&left, 440.0).0 > 0.2);
    sox_reads(&left);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_not_heard() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let (carrier, stranger) = (Carrier::new().await, Carrier::new().await);
    let ours = house.media.open_trunk(LEG).unwrap();
    // Before, during and after the first SDP, at the right port and with the right payload type.
    let _spray = stranger.speak(ours, 2000.0, 8);
    let mut early = Voice::new(2000.0, 8);
    for _ in 0..50 {
        stranger.send(ours, &[early.next_frame()]).await;
    }
    house.media.bridge(LEG, SEAT);
    let (_folder, path) = record(&house, "11.wav");
    house.media.connect_trunk(LEG, TrunkMedia { remote: carrier.address(), codec: Codec::Pcma, dtmf: Some(101) });
    let _callee = carrier.speak(ours, 440.0, 8);
    let first = Header { marker: true, payload_type: 101, sequence: 1, timestamp: 1, ssrc: 5 };
    stranger.send(ours, &key_packets('1', 101, first)).await;
    browser.ear.hears(440.0, &[2000.0]).await;
    while browser.ear.heard.len() < 100 {
        browser.ear.next().await;
        assert!(browser.ear.level(2000.0) < 0.001, "nothing of the stranger, -60 dBFS");
    }
    let of_stranger = |(_, octets): &&far::Packet| {
        let samples: Vec<i16> = octets.iter().map(|&octet| g711::ALAW[usize::from(octet)]).collect();
        goertzel::level(&samples, 2000.0) > 0.02
    };
    assert_eq!(browser.ear.heard.iter().filter(of_stranger).count(), 0, "not one packet since the bridge");
    house.media.close_trunk(LEG);
    house.closed_recording().await;
    let (callee, agent) = levels(&path, 2000.0);
    assert!(callee < 0.001 && agent < 0.001, "callee {callee}, agent {agent}");
    assert!(levels(&path, 440.0).0 > 0.2);
    assert!(house.events.try_recv().is_err(), "nor his key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_legs_free_their_ports_and_files() {
    // An address of this process's own, and ports the kernel gives to nobody by itself: no other test can be in the way.
    let [.., high, low] = std::process::id().to_be_bytes();
    let mut house = House::at(&format!("127.9.{high}.{low}"), (28_200, 28_207));
    let folder = tempfile::tempdir().unwrap();
    for turn in 0..50 {
        for leg in 1..=4 {
            let leg = LegId(turn * 10 + leg);
            let ours = house.media.open_trunk(leg).unwrap();
            assert_eq!(ours.port() % 2, 0);
            let remote = "127.0.0.1:9".parse().unwrap();
            house.media.connect_trunk(leg, TrunkMedia { remote, codec: Codec::Pcma, dtmf: None });
            house.media.record(leg, CallId(leg.0), folder.path().join(format!("{leg}.wav")));
        }
        assert!(house.media.open_trunk(LegId(9)).is_err(), "the range is full");
        for leg in 1..=4 {
            house.media.close_trunk(LegId(turn * 10 + leg));
        }
        for _ in 0..4 {
            house.closed_recording().await;
        }
    }
    let sockets = std::fs::read_to_string("/proc/self/net/udp").unwrap();
    assert_eq!(sockets.matches(" 0900007F:").count(), 0, "{sockets}");
    let open =
        std::fs::read_dir("/proc/self/fd").unwrap().filter_map(|file| std::fs::read_link(file.unwrap().path()).ok());
    assert_eq!(open.filter(|path| path.starts_with(folder.path())).count(), 0, "recordings still open");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_seats_share_one_port_and_hear_their_own_calls() {
    let mut house = House::new();
    let (mut one, mut two) = (house.seat(SeatId(1)).await, house.seat(SeatId(2)).await);
    let (mut carrier_one, mut carrier_two) = (Carrier::new().await, Carrier::new().await);
    let to_one = house.trunk(LegId(1), &carrier_one, Codec::Pcma, None);
    let to_two = house.trunk(LegId(2), &carrier_two, Codec::Pcma, None);
    house.media.bridge(LegId(1), SeatId(1));
    house.media.bridge(LegId(2), SeatId(2));
    let _voices = (
        carrier_one.speak(to_one, 440.0, 8),
        carrier_two.speak(to_two, 550.0, 8),
        one.speak(1000.0),
        two.speak(1200.0),
    );
    one.ear.hears(440.0, &[550.0]).await;
    two.ear.hears(550.0, &[440.0]).await;
    carrier_one.ear.hears(1000.0, &[1200.0]).await;
    carrier_two.ear.hears(1200.0, &[1000.0]).await;
    // Swapping the calls needs nothing of the browsers; and a bridge ends the earlier ones of both.
    house.media.bridge(LegId(1), SeatId(2));
    two.ear.hears(440.0, &[550.0]).await;
    carrier_one.ear.hears(1200.0, &[1000.0]).await;
    carrier_two.ear.clear();
    house.media.bridge(LegId(2), SeatId(1));
    one.ear.hears(550.0, &[440.0]).await;
    carrier_two.ear.hears(1000.0, &[1200.0]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_at_the_muxed_port_disturbs_nobody() {
    let mut house = House::new();
    let (_, offer) = Browser::new().await;
    let answer = house.media.seat_offer(SeatId(99), offer).await.unwrap();
    let field = |name: &str| answer.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let port: u16 = field("a=candidate:").split(' ').nth(5).unwrap().parse().unwrap();
    let hostile = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    hostile.connect(("127.0.0.1", port)).unwrap();
    let ufrag = field("a=ice-ufrag:");
    let spray = move |round: u32| {
        let mut octets: Vec<u8> = (0..round % 1400).map(|at| (at.wrapping_mul(round) >> 3) as u8).collect();
        for first in [0u8, 1, 22, 23, 128, 200, 255] {
            octets.splice(0..octets.len().min(2), [first, first]);
            let _ = hostile.send(&octets);
        }
        // A check with a name that is known and a password that is not.
        let mut stun = vec![0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42];
        stun.extend([round as u8; 12]);
        let name = format!("{ufrag}:evil");
        stun.extend([0, 6, 0, name.len() as u8]);
        stun.extend(name.as_bytes());
        stun.resize(stun.len().next_multiple_of(4), 0);
        stun.extend([0, 8, 0, 20]);
        stun.extend([7; 20]);
        let len = stun.len() as u16 - 20;
        stun[2..4].copy_from_slice(&len.to_be_bytes());
        let _ = hostile.send(&stun);
        // And one that asks for an answer: there must be none.
        hostile.set_nonblocking(true).unwrap();
        assert!(hostile.recv(&mut [0; 64]).is_err(), "a stranger gets no answer");
    };
    let noise = std::thread::spawn(move || (1..3000).for_each(spray));
    let mut browser = house.seat(SEAT).await;
    let carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    browser.ear.hears(440.0, &[]).await;
    noise.join().unwrap();
    browser.ear.clear();
    browser.ear.hears(440.0, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_reloads_keeps_its_call() {
    let mut house = House::new();
    let mut first = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    first.ear.hears(440.0, &[]).await;
    let (mut second, offer) = Browser::new().await;
    let answer = house.media.seat_offer(SEAT, offer).await.unwrap();
    second.answer(answer).await;
    let first_word = house.event(Some).await;
    assert!(matches!(first_word, MediaEvent::SeatUp { seat: SEAT }), "the older leg goes quietly, not {first_word:?}");
    let _agent = second.speak(1000.0);
    second.ear.hears(440.0, &[]).await;
    carrier.ear.hears(1000.0, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sequence_numbers_turn_over_on_both_ways() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    // Test voices start just below the turn; the carrier's also runs a whole one ahead, as 22 minutes would.
    let _agent = browser.speak(1000.0);
    let (mut voice, mut clock) = (Voice::new(440.0, 8), far::clock());
    for _ in 0..80 {
        clock.tick().await;
        let packet = voice.next_frame();
        voice.header.sequence = voice.header.sequence.wrapping_add(2000);
        carrier.send(ours, &[packet]).await;
    }
    browser.ear.hears(440.0, &[]).await;
    while browser.ear.heard.len() < 75 {
        browser.ear.next().await;
    }
    carrier.ear.hears(1000.0, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_hangs_up_is_down_at_once() {
    let mut house = House::new();
    let browser = house.seat(SEAT).await;
    browser.peer.close().await.unwrap();
    let down = house.event(|event| matches!(event, MediaEvent::SeatDown { seat: SEAT }).then_some(()));
    timeout(Duration::from_secs(3), down).await.expect("well before silence would tell");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tones_give_way_to_the_call() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    house.media.tone(SEAT, Tone::RingBack);
    browser.ear.hears(450.0, &[]).await;
    let carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, None);
    house.media.bridge(LEG, SEAT);
    let callee = carrier.speak(ours, 800.0, 8);
    browser.ear.hears(800.0, &[450.0]).await;
    drop(callee);
    house.media.tone(SEAT, Tone::Busy);
    browser.ear.hears(450.0, &[800.0]).await;
    house.media.tone(SEAT, Tone::Silence);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_certificate_is_never_up() {
    never_up(|offer| {
        let at = offer.find("sha-256 ").unwrap() + 8;
        let other = if &offer[at..at + 2] == "00" { "11" } else { "00" };
        offer.replace(&offer[at..at + 95], &format!("{other}{}", &offer[at + 2..at + 95]))
    })
    .await;
}

/// The browser's offer is altered on its way: no media, and the service hears of it within seconds (RC5).
async fn never_up(alter: impl Fn(String) -> String) {
    let mut house = House::new();
    let (browser, offer) = Browser::new().await;
    let forged = alter(offer);
    let answer = house.media.seat_offer(SEAT, forged).await.unwrap();
    browser.answer(answer).await;
    let began = tokio::time::Instant::now();
    let up = house
        .event(|event| match event {
            MediaEvent::SeatUp { .. } => Some(true),
            MediaEvent::SeatDown { .. } => Some(false),
            _ => None,
        })
        .await;
    assert!(!up);
    assert!(began.elapsed() < Duration::from_secs(8), "closed after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_that_cannot_be_taken_are_refused() {
    let house = House::new();
    let (_browser, offer) = Browser::new().await;
    let bad = |sdp: String| house.media.seat_offer(SEAT, sdp);
    assert!(matches!(bad(String::new()).await, Err(OfferError::Bad(_))));
    assert!(matches!(bad("x".repeat(100_000)).await, Err(OfferError::Bad(_))));
    assert!(matches!(
        bad(offer.replace("PCMA", "opus").replace(" 8 ", " 111 ").replace(":8 ", ":111 ")).await,
        Err(OfferError::NoCodec)
    ));
    assert!(matches!(bad(offer.replace("a=fingerprint", "a=fingers")).await, Err(OfferError::Bad(_))));
    assert!(matches!(bad(offer.replace("fingerprint:sha-256", "fingerprint:md5")).await, Err(OfferError::Bad(_))));
    assert!(matches!(bad(offer.replace("m=audio", "m=video")).await, Err(OfferError::Bad(_))));
    // A hostile list of candidates is not even read.
    let hostile: String =
        (0..200).map(|at| format!("a=candidate:{at} 1 udp 1 127.0.0.1 {} typ host\r\n", 1000 + at)).collect();
    let answer = bad(format!("{offer}{hostile}")).await.unwrap();
    assert!(answer.contains("a=ice-lite") && answer.contains("a=setup:passive"), "{answer}");
    let candidates: Vec<_> = answer.lines().filter(|line| line.starts_with("a=candidate:")).collect();
    assert!(!candidates.is_empty() && candidates.iter().all(|line| line.contains(" 127.0.0.1 ")), "{answer}");
    assert!(candidates.len() <= 2, "ours only: {answer}");
    assert!(answer.contains("a=rtpmap:126 telephone-event/8000"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutting_down_closes_what_is_open() {
    let mut house = House::new();
    let carrier = Carrier::new().await;
    house.trunk(LEG, &carrier, Codec::Pcma, None);
    let (_folder, path) = record(&house, "11.wav");
    let media = house.media.clone();
    tokio::task::spawn_blocking(move || media.shutdown()).await.unwrap();
    assert_eq!(house.closed_recording().await.path, path);
    assert!(matches!(house.media.seat_offer(SEAT, Browser::new().await.1).await, Err(OfferError::Gone)));
}
