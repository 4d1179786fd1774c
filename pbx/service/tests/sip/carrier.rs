//! Against the simulated carrier, whose parser is another than ours.

use super::office::{Office, ended, trunk};
use hutong::sip::SipEvent;
use hutong_core::io::{LegEndHow, LegEvent};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

struct Carrier {
    child: Child,
    address: SocketAddr,
    log: tempfile::NamedTempFile,
}

impl Carrier {
    fn start(more: &[&str]) -> Carrier {
        let log = tempfile::NamedTempFile::new().unwrap();
        let mut child = Command::new(binary())
            .args(["carrier", "--listen", "127.0.0.1:0", "--seed", "1", "--quick", "--die-with-parent", "--log"])
            .arg(log.path())
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
        Carrier { child, address: ready["listening"].as_str().unwrap().parse().unwrap(), log }
    }

    /// The events of its log, in order.
    fn events(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.log.path()).unwrap();
        let lines = text.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        lines.map(|l| l["event"].as_str().unwrap().to_owned()).filter(|e| e != "rtp").collect()
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The simulator of this build; built when this test is run alone.
fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let status = Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "hutong-simulator"]).status().unwrap();
        assert!(status.success());
        let deps = std::env::current_exe().unwrap();
        deps.parent().unwrap().parent().unwrap().join("hutong-simulator")
    };
    BUILT.get_or_init(build).clone()
}

#[tokio::test]
async fn dial_ring_answer_and_our_bye() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let leg = office.dial(1, "13800000012");
    assert_eq!(office.leg(leg).await, LegEvent::Sent);
    assert_eq!(office.leg(leg).await, LegEvent::Ringing { early_media: false });
    assert_eq!(office.leg(leg).await, LegEvent::Answered);
    assert!(office.record.as_ref().unwrap().answered);
    office.sip.hang_up(leg);
    assert_eq!(office.leg(leg).await, LegEvent::Ended(ended(LegEndHow::WeHungUp, Some(200), None)));
    office.cleared().await;
    assert_eq!(carrier.events(), ["invite", "ringing", "answer", "bye_in", "end"]);
}
