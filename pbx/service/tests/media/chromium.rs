//! The same leg with a real browser: Chromium with a tone as its microphone. Run with `--ignored` where Chromium is installed.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::{House, LEG, SEAT, far};
use axum::{
    Router,
    extract::{Query, State},
    response::Html,
    routing::{get, post},
};
use far::Carrier;
use hutong::media::{Codec, Media, MediaEvent};
use hutong_core::media::tone;
use std::collections::HashMap;
use tokio::{sync::mpsc, time::timeout};

const PAGE: &str = r#"<!doctype html><script>
(async () => {
  const pc = new RTCPeerConnection();
  const mic = await navigator.mediaDevices.getUserMedia(
    {audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
  const wire = pc.addTransceiver(mic.getAudioTracks()[0], {direction: 'sendrecv'});
  wire.setCodecPreferences(RTCRtpReceiver.getCapabilities('audio').codecs.filter(codec =>
    codec.mimeType === 'audio/PCMA' || (codec.mimeType === 'audio/telephone-event' && codec.clockRate === 8000)));
  pc.ontrack = ({track}) => {
    const stream = new MediaStream([track]), audio = new Audio(), context = new AudioContext();
    audio.srcObject = stream; audio.muted = true; audio.play();
    const ear = context.createAnalyser(); ear.fftSize = 8192;
    context.createMediaStreamSource(stream).connect(ear);
    setInterval(() => {
      const bins = new Float32Array(ear.frequencyBinCount); ear.getFloatFrequencyData(bins);
      const peak = bins.indexOf(Math.max(...bins));
      fetch(`/heard?hertz=${peak * context.sampleRate / ear.fftSize}&level=${bins[peak]}`);
    }, 300);
  };
  pc.onconnectionstatechange = () => {
    fetch('/state?is=' + pc.connectionState);
    if (pc.connectionState === 'connected') setTimeout(() => wire.sender.dtmf.insertDTMF('5', 160), 3000);
  };
  await pc.setLocalDescription();
  const answer = await fetch('/offer', {method: 'POST', body: pc.localDescription.sdp});
  await pc.setRemoteDescription({type: 'answer', sdp: await answer.text()});
})().catch(fault => fetch('/state?is=' + encodeURIComponent(fault)));
</script>"#;

type Told = mpsc::UnboundedSender<HashMap<String, String>>;

async fn offer(State((media, _)): State<(Media, Told)>, sdp: String) -> String {
    media.seat_offer(SEAT, sdp).await.unwrap()
}

async fn told(State((_, told)): State<(Media, Told)>, Query(words): Query<HashMap<String, String>>) {
    let _ = told.send(words);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_browser_hears_and_is_heard() {
    let mut house = House::new();
    let (told_in, mut words) = mpsc::unbounded_channel();
    let router = Router::new()
        .route("/", get(|| async { Html(PAGE) }))
        .route("/offer", post(offer))
        .route("/heard", get(told))
        .route("/state", get(told))
        .with_state((house.media.clone(), told_in));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let page = format!("http://{}/", listener.local_addr().unwrap());
    let _server = far::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let folder = tempfile::tempdir().unwrap();
    let microphone = folder.path().join("microphone.wav");
    std::fs::write(&microphone, pcm_wav(&tone::sine(1000.0, 10_000))).unwrap();
    let mut chromium = tokio::process::Command::new("chromium")
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"])
        .args(["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"])
        .arg(format!("--use-file-for-fake-audio-capture={}", microphone.display()))
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(&page)
        .kill_on_drop(true)
        .spawn()
        .expect("chromium is installed");

    house.event(|event| matches!(event, MediaEvent::SeatUp { seat: SEAT }).then_some(())).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, Some(101));
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    carrier.ear.hears(1000.0, &[440.0]).await;
    let heard = async {
        loop {
            let words = words.recv().await.unwrap();
            let hertz: f64 = words.get("hertz").map_or(0.0, |hertz| hertz.parse().unwrap());
            if (hertz - 440.0).abs() < 12.0 {
                return;
            }
        }
    };
    timeout(far::PATIENCE, heard).await.expect("the browser hears the callee");
    carrier.ear.hears_key('5', 101).await;
    chromium.kill().await.unwrap();
    let began = tokio::time::Instant::now();
    house.event(|event| matches!(event, MediaEvent::SeatDown { seat: SEAT }).then_some(())).await;
    assert!(began.elapsed().as_secs() < 9, "a dead browser is missed after {:?}", began.elapsed());
}

fn pcm_wav(alaw: &[u8]) -> Vec<u8> {
    let data: Vec<u8> =
        alaw.iter().flat_map(|&octet| hutong_core::media::g711::ALAW[usize::from(octet)].to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8000u32.to_le_bytes());
    file.extend(16_000u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}
