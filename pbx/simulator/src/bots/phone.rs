//! A bot's standing WebRTC leg: an independent full peer (the async `webrtc` crate), A-law only, no trickle.
//! It sends RTP only while it talks, as a page does whose track is taken away between calls.

use super::voice::{self, Ear, PACKET};
use anyhow::Context;
use bytes::Bytes;
use rtc::{
    media_stream::MediaStreamTrack,
    peer_connection::configuration::media_engine::{MIME_TYPE_PCMA, MIME_TYPE_TELEPHONE_EVENT},
    rtp,
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
};
use std::{future::Future, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    task::AbortHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use webrtc::{
    media_stream::{
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCPeerConnectionState, RTCSessionDescription, Registry,
    },
};

const PCMA: u8 = 8;
/// As Chromium numbers telephone-event/8000.
const TELEPHONE_EVENT: u8 = 126;
const SETUP: Duration = Duration::from_secs(10);

/// What the leg tells its bot.
#[derive(Debug, PartialEq, Eq)]
pub enum PhoneEvent {
    Gathered,
    Up,
    Down,
    /// The dominant frequency of the far end, once a talk.
    Heard(u32),
    /// Packets of the far end that never came, within a talk.
    Missed(u16),
}

/// Whether the bot is talking; `turn` tells one talk from the next, even when no packet comes between them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Talk {
    on: bool,
    turn: u32,
}

pub struct Phone {
    peer: Arc<dyn PeerConnection>,
    events: mpsc::UnboundedReceiver<PhoneEvent>,
    talk: watch::Sender<Talk>,
    speaker: AbortHandle,
}

impl Phone {
    /// Connects a leg with a voice of `hz`; `exchange` takes our offer to the service and brings its answer.
    ///
    /// # Errors
    /// No socket, a refused or unusable answer, or no connection within 10 s.
    pub async fn connect<F>(hz: u32, exchange: impl FnOnce(String) -> F) -> anyhow::Result<Phone>
    where
        F: Future<Output = anyhow::Result<String>>,
    {
        let (tell, events) = mpsc::unbounded_channel();
        let (talk, talking) = watch::channel(Talk::default());
        let handler = Arc::new(Handler { tell, talking: talking.clone() });
        let peer: Arc<dyn PeerConnection> = Arc::new(
            PeerConnectionBuilder::new()
                .with_media_engine(engine()?)
                // No interceptors: G.711 over loopback needs no NACK, and they cost a fifth of a packet.
                .with_interceptor_registry(Registry::new())
                .with_handler(handler)
                .with_udp_addrs(vec!["127.0.0.1:0"])
                .build()
                .await?,
        );
        let ssrc = rand::random();
        let track = Arc::new(TrackLocalStaticRTP::new(microphone(ssrc)));
        peer.add_transceiver_from_track(track.clone(), None).await?.set_codec_preferences(codecs()).await?;
        let speaker = tokio::spawn(speak(track, ssrc, voice::tone(hz), talking)).abort_handle();
        let mut phone = Phone { peer, events, talk, speaker };
        phone.negotiate(exchange).await?;
        Ok(phone)
    }

    async fn negotiate<F>(&mut self, exchange: impl FnOnce(String) -> F) -> anyhow::Result<()>
    where
        F: Future<Output = anyhow::Result<String>>,
    {
        let offer = self.peer.create_offer(None).await?;
        self.peer.set_local_description(offer).await?;
        self.wait_for(PhoneEvent::Gathered).await?;
        let offer = self.peer.local_description().await.context("no local description")?;
        let answer = exchange(offer.sdp).await?;
        self.peer.set_remote_description(RTCSessionDescription::answer(answer)?).await?;
        self.wait_for(PhoneEvent::Up).await
    }

    async fn wait_for(&mut self, wanted: PhoneEvent) -> anyhow::Result<()> {
        let wait = async {
            while self.events.recv().await? != wanted {}
            Some(())
        };
        timeout(SETUP, wait).await.ok().flatten().with_context(|| format!("media leg: no {wanted:?} within 10 s"))
    }

    /// Starts or stops voice and ear; the ear starts afresh with each talk.
    pub fn talk(&self, on: bool) {
        self.talk.send_if_modified(|talk| {
            let changed = talk.on != on;
            *talk = Talk { on, turn: talk.turn + u32::from(changed) };
            changed
        });
    }

    /// The next event; `Down` for ever once the leg is gone.
    pub async fn event(&mut self) -> PhoneEvent {
        self.events.recv().await.unwrap_or(PhoneEvent::Down)
    }

    pub async fn close(self) {
        // Closing takes a few milliseconds of DTLS; a failure means it is closed already.
        let _ = self.peer.close().await;
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        self.speaker.abort();
    }
}

/// A-law and keys, as a page's setCodecPreferences leaves them.
fn codecs() -> Vec<RTCRtpCodecParameters> {
    [(MIME_TYPE_PCMA, PCMA), (MIME_TYPE_TELEPHONE_EVENT, TELEPHONE_EVENT)]
        .map(|(mime_type, payload_type)| RTCRtpCodecParameters { rtp_codec: codec(mime_type), payload_type })
        .into()
}

fn engine() -> anyhow::Result<MediaEngine> {
    let mut engine = MediaEngine::default();
    for codec in codecs() {
        engine.register_codec(codec, RtpCodecKind::Audio)?;
    }
    Ok(engine)
}

fn codec(mime_type: &str) -> RTCRtpCodec {
    RTCRtpCodec { mime_type: mime_type.to_owned(), clock_rate: voice::RATE, ..Default::default() }
}

fn microphone(ssrc: u32) -> MediaStreamTrack {
    let coding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        codec: codec(MIME_TYPE_PCMA),
        ..Default::default()
    };
    let name = |part: &str| format!("bot-{part}");
    MediaStreamTrack::new(name("stream"), name("voice"), name("voice"), RtpCodecKind::Audio, vec![coding])
}

/// One packet every 20 ms while talking, nothing otherwise.
async fn speak(track: Arc<TrackLocalStaticRTP>, ssrc: u32, tone: Bytes, mut talking: watch::Receiver<Talk>) {
    let started = Instant::now();
    let (mut sequence, mut spoken) = (rand::random::<u16>(), 0);
    while talking.wait_for(|talk| talk.on).await.is_ok() {
        let mut clock = interval(Duration::from_millis(20));
        clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
        // The RTP clock runs on while nothing is sent (RFC 3550 5.1).
        let mut timestamp = (started.elapsed().as_millis() as u32).wrapping_mul(voice::RATE / 1000);
        let mut marker = true;
        while talking.borrow().on {
            clock.tick().await;
            let header = rtp::Header {
                version: 2,
                marker,
                payload_type: PCMA,
                sequence_number: sequence,
                timestamp,
                ssrc,
                ..Default::default()
            };
            let payload = tone.slice(spoken..spoken + PACKET);
            if track.write_rtp(rtp::Packet { header, payload }).await.is_err() {
                return;
            }
            marker = false;
            sequence = sequence.wrapping_add(1);
            timestamp = timestamp.wrapping_add(PACKET as u32);
            spoken = (spoken + PACKET) % tone.len();
        }
    }
}

async fn listen(track: Arc<dyn TrackRemote>, talking: watch::Receiver<Talk>, tell: mpsc::UnboundedSender<PhoneEvent>) {
    let (mut turn, mut ear, mut last) = (0, Ear::default(), None::<u16>);
    while let Some(event) = track.poll().await {
        let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
        let talk = *talking.borrow();
        if talk.turn != turn {
            (turn, ear, last) = (talk.turn, Ear::default(), None);
        }
        let number = packet.header.sequence_number;
        let step = last.map_or(1, |last| number.wrapping_sub(last) as i16);
        if step > 0 {
            last = Some(number);
        }
        if talk.on && step > 1 {
            let _ = tell.send(PhoneEvent::Missed(step as u16 - 1));
        }
        if talk.on
            && packet.header.payload_type == PCMA
            && let Some(hz) = ear.hear(&packet.payload)
        {
            let _ = tell.send(PhoneEvent::Heard(hz));
        }
    }
}

struct Handler {
    tell: mpsc::UnboundedSender<PhoneEvent>,
    talking: watch::Receiver<Talk>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _ = self.tell.send(PhoneEvent::Gathered);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        use RTCPeerConnectionState::*;
        let event = match state {
            Connected => PhoneEvent::Up,
            Disconnected | Failed | Closed => PhoneEvent::Down,
            _ => return,
        };
        let _ = self.tell.send(event);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        tokio::spawn(listen(track, self.talking.clone(), self.tell.clone()));
    }
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    /// The far end of a leg, played by the same library as answerer.
    pub async fn answer(offer: String, hz: u32) -> (Phone, String) {
        assert!(offer.contains("a=rtpmap:8 PCMA/8000") && offer.contains("telephone-event/8000"), "{offer}");
        assert!(offer.contains("a=candidate") && !offer.contains("PCMU"), "{offer}");
        let (tell, events) = mpsc::unbounded_channel();
        let (talk, talking) = watch::channel(Talk::default());
        let handler = Arc::new(Handler { tell, talking: talking.clone() });
        let builder = PeerConnectionBuilder::new().with_media_engine(engine().unwrap()).with_handler(handler);
        let peer: Arc<dyn PeerConnection> =
            Arc::new(builder.with_udp_addrs(vec!["127.0.0.1:0"]).build().await.unwrap());
        let ssrc = rand::random();
        let track = Arc::new(TrackLocalStaticRTP::new(microphone(ssrc)));
        peer.add_track(track.clone()).await.unwrap();
        let speaker = tokio::spawn(speak(track, ssrc, voice::tone(hz), talking)).abort_handle();
        let mut far = Phone { peer, events, talk, speaker };
        far.peer.set_remote_description(RTCSessionDescription::offer(offer).unwrap()).await.unwrap();
        let answer = far.peer.create_answer(None).await.unwrap();
        far.peer.set_local_description(answer).await.unwrap();
        far.wait_for(PhoneEvent::Gathered).await.unwrap();
        let sdp = far.peer.local_description().await.unwrap().sdp;
        (far, sdp)
    }

    #[tokio::test]
    async fn two_ends_hear_each_other_only_while_they_talk() {
        let (far_out, mut far_in) = mpsc::unbounded_channel();
        let mut bot = Phone::connect(913, |offer| async move {
            let (far, sdp) = answer(offer, 450).await;
            far_out.send(far).unwrap();
            Ok(sdp)
        })
        .await
        .unwrap();
        let mut far = far_in.recv().await.unwrap();
        for _ in 0..2 {
            far.talk(true);
            bot.talk(true);
            let heard = async {
                (
                    bot.wait_for(PhoneEvent::Heard(450)).await.unwrap(),
                    far.wait_for(PhoneEvent::Heard(913)).await.unwrap(),
                )
            };
            timeout(SETUP, heard).await.unwrap();
            // Nothing comes while the bot still listens, so that only a new talk can open its ear again.
            far.talk(false);
            assert!(timeout(Duration::from_millis(600), bot.events.recv()).await.is_err());
            bot.talk(false);
            // Long enough for a block of 400 ms had it gone on talking.
            assert!(timeout(Duration::from_millis(600), far.events.recv()).await.is_err());
        }
        far.close().await;
        assert_eq!(timeout(SETUP, bot.event()).await.unwrap(), PhoneEvent::Down);
    }
}
