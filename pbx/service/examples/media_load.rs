//! What a call costs: N calls carrier ↔ browser through the media thread, its CPU read from the kernel by thread name.
//! `cargo run --release -p hutong --example media_load -- [CALLS] [SECONDS] [plain|recorded]`; the last line is JSON.
//! The far ends run in the same process on threads of their own and are not counted.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../tests/media/far.rs"]
mod far;

use far::{Browser, Carrier, Packet, Task};
use hutong::media::{Codec, Media, MediaConfig, MediaEvent, TrunkMedia};
use hutong_api::{CallId, LegId, SeatId};
use std::{fs, net::SocketAddr, time::Duration};
use tokio::sync::mpsc;

struct Call {
    carrier: Carrier,
    browser: Browser,
    _voices: [Task; 2],
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default: u64| arguments.get(at).map_or(default, |text| text.parse().expect("a number"));
    let (calls, seconds) = (number(0, 20), number(1, 30));
    let recorded = arguments.get(2).is_none_or(|word| word == "recorded");
    let folder = tempfile::tempdir().unwrap();
    let (events_in, mut events) = mpsc::unbounded_channel();
    let local: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let config = MediaConfig { trunk_ip: local.ip(), trunk_ports: (0, 0), browser: vec![local] };
    let media = Media::start(config, events_in).unwrap();

    let mut held = Vec::new();
    let before_set_up = cpu("media");
    for call in 1..=calls as i64 {
        let (mut browser, offer) = Browser::new().await;
        browser.answer(media.seat_offer(SeatId(call), offer).await.unwrap()).await;
        browser.connected().await;
        while !matches!(events.recv().await, Some(MediaEvent::SeatUp { .. })) {}
        let carrier = Carrier::new().await;
        let ours = media.open_trunk(LegId(call)).unwrap();
        media.connect_trunk(LegId(call), TrunkMedia { remote: carrier.address(), codec: Codec::Pcma, dtmf: Some(101) });
        media.bridge(LegId(call), SeatId(call));
        if recorded {
            media.record(LegId(call), CallId(call), folder.path().join(format!("{call}.wav")));
        }
        let _voices = [carrier.speak(ours, 440.0, 8), browser.speak(1000.0)];
        held.push(Call { carrier, browser, _voices });
    }
    let set_up = (cpu("media") - before_set_up) * 1000.0 / calls as f64;
    tokio::time::sleep(Duration::from_secs(2)).await;
    for call in &mut held {
        call.carrier.ear.clear();
        call.browser.ear.clear();
    }

    let (media_before, writer_before) = (cpu("media"), cpu("media-writer"));
    let began = std::time::Instant::now();
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let call_minutes = calls as f64 * began.elapsed().as_secs_f64() / 60.0;
    let media_cpu = (cpu("media") - media_before) / call_minutes;
    let writer_cpu = (cpu("media-writer") - writer_before) / call_minutes;
    let (mut packets, mut lost) = ([0; 2], [0; 2]);
    for call in &mut held {
        for (way, ear) in [&mut call.carrier.ear, &mut call.browser.ear].into_iter().enumerate() {
            while let Ok(packet) = ear.packets.try_recv() {
                ear.heard.push(packet);
            }
            packets[way] += ear.heard.len();
            lost[way] += missing(&ear.heard);
        }
    }
    println!("{calls} calls, {seconds} s, {}", if recorded { "recorded" } else { "not recorded" });
    println!("set-up of a browser leg on the media thread: {set_up:.2} ms");
    println!("CPU seconds a call-minute: media {media_cpu:.4}, writer {writer_cpu:.4}");
    println!("packets to carriers {} (lost {}), to browsers {} (lost {})", packets[0], lost[0], packets[1], lost[1]);
    println!(
        "{{\"calls\":{calls},\"seconds\":{seconds},\"recorded\":{recorded},\"media_cpu_s_per_call_minute\":{media_cpu:.5},\
         \"writer_cpu_s_per_call_minute\":{writer_cpu:.5},\"set_up_ms\":{set_up:.3},\"lost\":{}}}",
        lost[0] + lost[1]
    );
    media.shutdown();
    // The far ends have nothing to say goodbye to; waiting for each of them would only take time.
    std::process::exit(0);
}

fn missing(heard: &[Packet]) -> usize {
    let step = |pair: &[Packet]| pair[1].0.sequence.wrapping_sub(pair[0].0.sequence) as i16;
    heard.windows(2).map(|pair| (step(pair) - 1).max(0) as usize).sum()
}

/// CPU seconds of the thread of that name so far.
fn cpu(name: &str) -> f64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
    let of_name = tasks.filter(|task| fs::read_to_string(task.join("comm")).is_ok_and(|comm| comm.trim() == name));
    let nanoseconds = of_name.map(|task| {
        let stat = fs::read_to_string(task.join("schedstat")).unwrap();
        stat.split(' ').next().unwrap().parse::<f64>().unwrap()
    });
    nanoseconds.sum::<f64>() / 1e9
}
