//! Against the simulated carrier, whose parser is another than ours.

use super::office::{Office, ended, trunk};
use hutong::sip::{DialogRecord, SipEvent, SipTrunk};
use hutong_core::io::{LegEndHow, LegEvent};
use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
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

/// The simulator beside this test; built first where it is missing or older than its source.
fn binary() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        let binary = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("hutong-simulator");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/../simulator/src");
        let age = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
        let newest = files(Path::new(source)).iter().filter_map(|f| age(f)).max();
        if age(&binary) < newest {
            let status =
                Command::new(env!("CARGO")).args(["build", "--quiet", "-p", "hutong-simulator"]).status().unwrap();
            assert!(status.success());
        }
        binary
    };
    BUILT.get_or_init(find).clone()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
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

#[tokio::test]
async fn endings_of_calls_that_are_not_answered() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let endings = [
        ("13800000001", 486, Some(17)),
        ("13800000003", 404, Some(1)),
        ("13800000006", 603, Some(21)),
        ("13800000008", 480, Some(20)),
        ("13800000013", 503, Some(34)),
        ("13800000014", 302, None),
        ("13800000016", 404, Some(1)),
    ];
    for (at, (number, sip, q850)) in endings.into_iter().enumerate() {
        let leg = office.dial(100 + at as i64, number);
        assert_eq!(office.end(leg).await, ended(LegEndHow::Refused, Some(sip), q850), "{number}");
        assert_eq!(office.record, None, "{number}");
    }
}

#[tokio::test]
async fn the_announcement_of_a_vacant_number_is_early_media() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let leg = office.dial(1, "13800000003");
    assert_eq!(office.leg(leg).await, LegEvent::Sent);
    assert_eq!(office.leg(leg).await, LegEvent::Ringing { early_media: true });
    assert_eq!(office.leg(leg).await, LegEvent::Ended(ended(LegEndHow::Refused, Some(404), Some(1))));
}

#[tokio::test]
async fn a_ringing_call_is_cancelled() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let leg = office.dial(1, "13800000002");
    office.until(leg, LegEvent::Ringing { early_media: false }).await;
    office.sip.hang_up(leg);
    assert_eq!(office.leg(leg).await, LegEvent::Ended(ended(LegEndHow::WeHungUp, Some(487), None)));
    assert_eq!(carrier.events(), ["invite", "ringing", "cancel", "end"]);
}

#[tokio::test]
async fn the_callee_hangs_up() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let leg = office.dial(1, "13800000007");
    office.until(leg, LegEvent::Answered).await;
    assert_eq!(office.leg(leg).await, LegEvent::Ended(ended(LegEndHow::FarHangUp, Some(200), Some(16))));
    assert_eq!(office.record, None);
}

#[tokio::test]
async fn an_answer_without_a_description_is_ended_at_once() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let leg = office.dial(1, "13800000015");
    assert_eq!(office.end(leg).await, ended(LegEndHow::Refused, Some(488), None));
    office.cleared().await;
    assert_eq!(carrier.events(), ["invite", "answer", "bye_in", "end"]);
}

#[tokio::test]
async fn a_challenge_is_answered_once_and_only_to_its_own_realm() {
    let carrier = Carrier::start(&["--user", "office", "--password", "secret"]);
    let right = SipTrunk { password: "secret".into(), ..trunk(carrier.address) };
    let mut office = Office::with(right.clone()).await;
    let leg = office.dial(1, "13800000004");
    office.until(leg, LegEvent::Answered).await;
    office.sip.hang_up(leg);
    office.cleared().await;

    let refused = ended(LegEndHow::Refused, Some(407), None);
    for wrong in [
        SipTrunk { password: "guess".into(), ..right.clone() },
        SipTrunk { password: String::new(), ..right.clone() },
        SipTrunk { user: "office@elsewhere.example".into(), ..right.clone() },
    ] {
        let mut office = Office::with(wrong.clone()).await;
        let leg = office.dial(1, "13800000004");
        assert_eq!(office.end(leg).await, refused, "{wrong:?}");
    }
    assert_eq!(carrier.events(), ["invite", "answer", "bye_in", "end"]);
}

#[tokio::test]
async fn a_trunk_registers_and_tells_its_health() {
    let carrier = Carrier::start(&["--user", "office", "--password", "secret"]);
    let right = SipTrunk { password: "secret".into(), register: true, ..trunk(carrier.address) };
    let mut office = Office::with(right.clone()).await;
    let SipEvent::Trunk { up, fault, .. } = office.event().await else { panic!() };
    assert_eq!((up, fault), (true, None));
    let mut office = Office::with(SipTrunk { password: "guess".into(), ..right }).await;
    let SipEvent::Trunk { up, fault, .. } = office.event().await else { panic!() };
    assert_eq!((up, fault), (false, Some("401 Unauthorized".into())));
}

#[tokio::test]
async fn a_dead_process_leaves_nothing_at_the_far_end() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::new(carrier.address).await;
    let (ringing, talking) = (office.dial(1, "13800000002"), office.dial(2, "13800000004"));
    let mut records = std::collections::HashMap::new();
    while !records.get(&talking).is_some_and(|r: &DialogRecord| r.answered) || !records.contains_key(&ringing) {
        if let SipEvent::Dialog { leg, record: Some(record) } = office.any().await {
            records.insert(leg, record);
        }
    }
    // The process dies: its socket closes with the last handle, nothing is said.
    drop(office);
    let mut office = Office::new(carrier.address).await;
    for record in records.into_values() {
        office.sip.clear(record);
    }
    let mut cleared = 0;
    while cleared < 2 {
        cleared += usize::from(matches!(office.any().await, SipEvent::Dialog { record: None, .. }));
    }
    let mut events = carrier.events();
    events.sort();
    assert_eq!(events, ["answer", "bye_in", "cancel", "end", "end", "invite", "invite", "ringing"]);
}

#[tokio::test]
async fn invites_keep_the_trunks_pace_and_waiting_ones_can_be_withdrawn() {
    let carrier = Carrier::start(&[]);
    let slow = SipTrunk { cps: 4, ..trunk(carrier.address) };
    let mut office = Office::with(slow).await;
    let legs: Vec<_> = (1..=5).map(|n| office.dial(n, "13800000002")).collect();
    office.sip.hang_up(legs[4]);
    let mut sent = vec![];
    while sent.len() < 4 {
        match office.event().await {
            SipEvent::Leg { event: LegEvent::Sent, .. } => sent.push(std::time::Instant::now()),
            SipEvent::Leg { leg, event: LegEvent::Ended(end) } => {
                assert_eq!((leg, end), (legs[4], ended(LegEndHow::NotSent, None, None)));
            }
            _ => {}
        }
    }
    let took = sent[3] - sent[0];
    assert!(took >= std::time::Duration::from_millis(730), "{took:?}");
}

/// A mixed crowd: one end for every dial, and the carrier's log agrees on who answered.
#[tokio::test]
async fn two_hundred_calls_end_once_each() {
    let carrier = Carrier::start(&[]);
    let mut office = Office::with(SipTrunk { cps: 100, ..trunk(carrier.address) }).await;
    let legs: Vec<_> = (1..=200).map(|n| office.dial(n, &format!("1390000{:04}", 1_000 + n))).collect();
    let (mut sent, mut answered, mut ended) = (0, 0, std::collections::HashMap::new());
    while ended.len() < legs.len() {
        match office.event().await {
            SipEvent::Leg { event: LegEvent::Sent, .. } => {
                sent += 1;
                if sent == legs.len() {
                    // Some ring, some talk, some are just being refused.
                    legs.iter().for_each(|leg| office.sip.hang_up(*leg));
                }
            }
            SipEvent::Leg { event: LegEvent::Answered, .. } => answered += 1,
            SipEvent::Leg { leg, event: LegEvent::Ended(end) } => {
                assert_eq!(ended.insert(leg, end), None, "{leg} ended twice");
            }
            _ => {}
        }
    }
    let events = carrier.events();
    let count = |name: &str| events.iter().filter(|e| *e == name).count();
    // An answer that crossed its CANCEL is the carrier's alone.
    assert!(count("answer") >= answered && answered > 20, "{answered} answered");
    assert_eq!((count("invite"), count("end"), count("odd")), (200, 200, 0));
    assert!(ended.values().all(|e| e.how != LegEndHow::Lost && e.how != LegEndHow::NotSent), "{ended:?}");
}
