//! The carrier as a program: its start, its ends, and a call with real RTP seen by a caller made by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{BufRead, BufReader},
    net::{SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

fn carrier(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_hutong-simulator"))
        .arg("carrier")
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn listening(child: &mut Child) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    ready["listening"].as_str().unwrap().parse().unwrap()
}

#[test]
fn only_loopback_is_listened_on() {
    let output = carrier(&["--listen", "0.0.0.0:0"]).wait_with_output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback only"));
}

#[test]
fn it_dies_with_its_parent() {
    let mut child = carrier(&["--listen", "127.0.0.1:0", "--die-with-parent"]);
    listening(&mut child);
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn sigterm_ends_it() {
    let mut child = carrier(&["--listen", "127.0.0.1:0"]);
    listening(&mut child);
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(child.wait().unwrap().success());
}

/// A-law of a sine, frame by frame.
fn tone(hz: f64, frame: usize) -> Vec<u8> {
    let sample = |i: usize| ((frame * 160 + i) as f64 * hz / 8_000.0 * std::f64::consts::TAU).sin() * 8_000.0;
    (0..160).map(|i| alaw(sample(i) as i32)).collect()
}

/// G.711 written from its table of segments, not from the carrier's code.
fn alaw(sample: i32) -> u8 {
    let (sign, x) = if sample >= 0 { (0x80, sample / 16) } else { (0, (-sample - 1) / 16) };
    let segment = (0..8).rfind(|s| x >= if *s == 0 { 0 } else { 16 << (s - 1) }).unwrap();
    let low = if segment == 0 { x } else { (x >> (segment - 1)) & 15 };
    (sign | segment << 4 | low) as u8 ^ 0x55
}

/// Zero crossings a second of a stretch of A-law: twice the pitch of a pure tone.
fn pitch(samples: &[u8]) -> f64 {
    let positive: Vec<bool> = samples.iter().map(|s| (s ^ 0x55) & 0x80 != 0).collect();
    let crossings = positive.windows(2).filter(|w| w[0] != w[1]).count();
    crossings as f64 / 2.0 / (samples.len() as f64 / 8_000.0)
}

#[test]
fn a_call_carries_a_tone_each_way_and_the_log_tells_it() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut child =
        carrier(&["--listen", "127.0.0.1:0", "--quick", "--die-with-parent", "--log", log.path().to_str().unwrap()]);
    let address = listening(&mut child);
    let (sip, rtp) = (UdpSocket::bind("127.0.0.1:0").unwrap(), UdpSocket::bind("127.0.0.1:0").unwrap());
    sip.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    rtp.set_nonblocking(true).unwrap();
    let us = sip.local_addr().unwrap();
    let sdp = format!(
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {} RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n",
        rtp.local_addr().unwrap().port()
    );
    let head = |method: &str, cseq: u32, to: &str| {
        format!(
            "{method} sip:13900000004@{address} SIP/2.0\r\nVia: SIP/2.0/UDP {us};rport;branch=z9hG4bK{method}{cseq}\r\nMax-Forwards: 70\r\n\
             From: <sip:1@{us}>;tag=a\r\nTo: {to}\r\nCall-ID: one\r\nCSeq: {cseq} {method}\r\nContact: <sip:1@{us}>\r\n"
        )
    };
    let to = format!("<sip:13900000004@{address}>");
    let invite = format!(
        "{}Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}",
        head("INVITE", 1, &to),
        sdp.len()
    );
    sip.send_to(invite.as_bytes(), address).unwrap();
    let mut buffer = [0u8; 4096];
    let answer = loop {
        let length = sip.recv(&mut buffer).unwrap();
        let text = String::from_utf8_lossy(&buffer[..length]).into_owned();
        if text.starts_with("SIP/2.0 200") {
            break text;
        }
    };
    let to = answer.lines().find_map(|l| l.strip_prefix("To: ")).unwrap();
    let port: u16 = answer.split("m=audio ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
    sip.send_to(format!("{}Content-Length: 0\r\n\r\n", head("ACK", 1, to)).as_bytes(), address).unwrap();

    let (start, mut heard) = (Instant::now(), vec![]);
    for frame in 0..75u32 {
        let mut packet = vec![0x80, 8, 0, frame as u8];
        packet.extend((frame * 160).to_be_bytes());
        packet.extend([0, 0, 0, 9]);
        packet.extend(tone(1_000.0, frame as usize));
        rtp.send_to(&packet, ("127.0.0.1", port)).unwrap();
        while let Ok(length) = rtp.recv(&mut buffer) {
            heard.extend_from_slice(&buffer[12..length]);
        }
        std::thread::sleep((start + Duration::from_millis(20) * (frame + 1)).saturating_duration_since(Instant::now()));
    }
    sip.send_to(format!("{}Content-Length: 0\r\n\r\n", head("BYE", 2, to)).as_bytes(), address).unwrap();
    let length = sip.recv(&mut buffer).unwrap();
    assert!(buffer[..length].starts_with(b"SIP/2.0 200"));

    // 0004 speaks at 500 + 50 × (4 mod 21) Hz.
    assert!(heard.len() > 40 * 160, "{} samples heard", heard.len());
    assert!((pitch(&heard) - 700.0).abs() < 10.0, "{} Hz heard", pitch(&heard));
    let text = std::fs::read_to_string(log.path()).unwrap();
    let end: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!((end["event"].as_str(), end["code"].as_u64()), (Some("end"), Some(200)));
    assert_eq!((end["number"].as_str(), end["heard_hz"].as_u64()), (Some("13900000004"), Some(1_000)));
    assert!(end["packets_in"].as_u64().unwrap() >= 70, "{end}");
    child.kill().unwrap();
    child.wait().unwrap();
}
