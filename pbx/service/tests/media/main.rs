//! The media plane through real sockets: carriers on plain UDP, browsers on the full WebRTC stack.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod far;

use far::{BROWSER_EVENT, Browser, Carrier, Ear, PATIENCE, Packet, Voice, key_packets};
use hutong::media::{Codec, Media, MediaConfig, MediaEvent, TrunkMedia};
use hutong_api::{CallId, LegId, PromptId, SeatId};
use hutong_core::media::tone;
use std::{net::SocketAddr, time::Duration};
use tokio::{sync::mpsc, time::timeout};

const LEG: LegId = LegId(1);
const SEAT: SeatId = SeatId(7);

struct House {
    media: Media,
    events: mpsc::UnboundedReceiver<MediaEvent>,
}

impl House {
    fn new() -> House {
        House::with_ports((0, 0))
    }

    fn with_ports(trunk_ports: (u16, u16)) -> House {
        let (events_in, events) = mpsc::unbounded_channel();
        let local: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let config = MediaConfig { trunk_ip: local.ip(), trunk_ports, browser: vec![local] };
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

    /// A trunk leg whose far end has answered; where it listens.
    fn trunk(&self, leg: LegId, carrier: &Carrier, codec: Codec, dtmf: Option<u8>) -> SocketAddr {
        let ours = self.media.open_trunk(leg).unwrap();
        self.media.connect_trunk(leg, TrunkMedia { remote: carrier.address(), codec, dtmf });
        ours
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tone_each_way() {
    let mut house = House::new();
    let mut browser = house.seat(SEAT).await;
    let mut carrier = Carrier::new().await;
    let ours = house.trunk(LEG, &carrier, Codec::Pcma, Some(101));
    house.media.bridge(LEG, SEAT);
    let _callee = carrier.speak(ours, 440.0, 8);
    let _agent = browser.speak(1000.0);
    browser.ear.hears(440.0, &[1000.0]).await;
    carrier.ear.hears(1000.0, &[440.0]).await;
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
