//! Against SIPp as the carrier: tests/sipp/*.xml. SIPp judges each message it gets; its exit status is half of each verdict.

use super::office::{Office, ended, trunk};
use hutong::sip::SipTrunk;
use hutong_api::LegId;
use hutong_core::io::{LegEnd, LegEndHow, LegEvent};
use std::{net::SocketAddr, path::Path, process::Stdio, time::Duration};

struct Sipp {
    process: tokio::process::Child,
    address: SocketAddr,
    folder: tempfile::TempDir,
}

impl Sipp {
    async fn play(scenario: &str) -> Sipp {
        let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        drop(free);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/sipp").join(scenario).with_extension("xml");
        let folder = tempfile::tempdir().unwrap();
        let process = tokio::process::Command::new("sipp")
            .args(["-sf".as_ref(), file.canonicalize().unwrap().as_os_str()])
            .args(["-i", "127.0.0.1", "-p", &address.port().to_string(), "-m", "1", "-nostdin", "-aa"])
            .args([
                "-timeout",
                "30s",
                "-timeout_error",
                "-recv_timeout",
                "10000",
                "-trace_err",
                "-error_file",
                "errors",
            ])
            .args(["-trace_msg", "-message_file", "messages"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("sipp is installed (Debian: sip-tester)");
        // Bound as soon as the port is taken.
        while std::net::UdpSocket::bind(address).is_ok() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Sipp { process, address, folder }
    }

    /// SIPp saw its scenario through.
    async fn content(mut self) {
        let status = tokio::time::timeout(Duration::from_secs(40), self.process.wait()).await.unwrap().unwrap();
        let read = |name: &str| std::fs::read(self.folder.path().join(name)).unwrap_or_default();
        let said = [read("errors"), read("messages")].concat();
        assert!(status.success(), "{status}\n{}", String::from_utf8_lossy(&said));
    }
}

const NUMBER: &str = "13800138000";

async fn dialled(scenario: &str) -> (Sipp, Office, LegId) {
    dialled_with(scenario, |trunk| trunk).await
}

async fn dialled_with(scenario: &str, change: impl Fn(SipTrunk) -> SipTrunk) -> (Sipp, Office, LegId) {
    let sipp = Sipp::play(scenario).await;
    let mut office = Office::with(change(trunk(sipp.address))).await;
    let leg = office.dial(1, NUMBER);
    assert_eq!(office.leg(leg).await, LegEvent::Sent);
    (sipp, office, leg)
}

async fn ends(scenario: &str, end: LegEnd) {
    let (sipp, mut office, leg) = dialled(scenario).await;
    assert_eq!(office.end(leg).await, end);
    office.cleared().await;
    sipp.content().await;
}

#[tokio::test]
async fn busy() {
    ends("busy", ended(LegEndHow::Refused, Some(486), Some(17))).await;
}

#[tokio::test]
async fn moved_is_not_followed() {
    ends("moved", ended(LegEndHow::Refused, Some(302), None)).await;
}

#[tokio::test]
async fn a_phrase_in_gbk() {
    ends("gbk", ended(LegEndHow::Refused, Some(404), Some(1))).await;
}

#[tokio::test]
async fn an_answer_without_a_description() {
    ends("no_sdp", ended(LegEndHow::Refused, Some(488), None)).await;
}

#[tokio::test]
async fn bye_from_the_callee() {
    ends("bye_from_callee", ended(LegEndHow::FarHangUp, Some(200), Some(16))).await;
}

#[tokio::test]
async fn no_answer_is_cancelled() {
    let (sipp, mut office, leg) = dialled("no_answer").await;
    office.until(leg, LegEvent::Ringing { early_media: false }).await;
    office.sip.hang_up(leg);
    assert_eq!(office.end(leg).await, ended(LegEndHow::WeHungUp, Some(487), None));
    sipp.content().await;
}

#[tokio::test]
async fn a_200_that_crosses_the_cancel_is_acknowledged_and_ended() {
    let (sipp, mut office, leg) = dialled("cancel_race").await;
    office.until(leg, LegEvent::Ringing { early_media: false }).await;
    office.sip.hang_up(leg);
    assert_eq!(office.end(leg).await, ended(LegEndHow::WeHungUp, Some(200), None));
    office.cleared().await;
    sipp.content().await;
}

#[tokio::test]
async fn early_media_then_an_answer() {
    let (sipp, mut office, leg) = dialled("early_media").await;
    assert_eq!(office.leg(leg).await, LegEvent::Ringing { early_media: true });
    assert_eq!(office.leg(leg).await, LegEvent::Answered);
    office.sip.hang_up(leg);
    assert_eq!(office.end(leg).await, ended(LegEndHow::WeHungUp, Some(200), None));
    sipp.content().await;
}

#[tokio::test]
async fn bye_from_us() {
    let (sipp, mut office, leg) = dialled("bye_from_us").await;
    office.until(leg, LegEvent::Answered).await;
    office.sip.hang_up(leg);
    office.cleared().await;
    sipp.content().await;
}

#[tokio::test]
async fn hold_refresh_and_keys_from_the_callee() {
    let (sipp, mut office, leg) = dialled("reinvite").await;
    office.until(leg, LegEvent::Answered).await;
    assert_eq!(office.leg(leg).await, LegEvent::Key('5'));
    assert_eq!(office.end(leg).await, ended(LegEndHow::FarHangUp, Some(200), None));
    sipp.content().await;
}

fn with_password(trunk: SipTrunk) -> SipTrunk {
    SipTrunk { password: "secret".into(), ..trunk }
}

#[tokio::test]
async fn a_digest_that_sipp_verifies() {
    let (sipp, mut office, leg) = dialled_with("digest_401", with_password).await;
    office.until(leg, LegEvent::Answered).await;
    office.sip.hang_up(leg);
    office.cleared().await;
    sipp.content().await;
}

#[tokio::test]
async fn a_second_challenge_ends_the_call() {
    let (sipp, mut office, leg) = dialled_with("digest_407", with_password).await;
    assert_eq!(office.end(leg).await, ended(LegEndHow::Refused, Some(407), None));
    sipp.content().await;
}

#[tokio::test]
async fn a_foreign_realm_gets_no_answer() {
    let (sipp, mut office, leg) = dialled_with("foreign_realm", with_password).await;
    assert_eq!(office.end(leg).await, ended(LegEndHow::Refused, Some(401), None));
    sipp.content().await;
}
