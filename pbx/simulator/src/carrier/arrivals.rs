//! Packets of one call as they arrive, each with its moment, and how evenly they came.

use std::{net::SocketAddr, time::Instant};
use tokio::{net::UdpSocket, sync::mpsc, task::AbortHandle};

/// Waiting packets at most: two seconds of them; what comes on top is dropped as a full socket would.
const WAITING: usize = 100;

pub struct Packet {
    pub at: Instant,
    pub from: SocketAddr,
    pub bytes: Vec<u8>,
}

/// The receiving half of a socket. A task of its own waits for it, so that a packet's moment is when it came and not when
/// the carrier's next tick looked.
pub struct Arrivals {
    packets: mpsc::Receiver<Packet>,
    task: AbortHandle,
}

impl Arrivals {
    /// Within a runtime only.
    pub fn of(socket: &std::net::UdpSocket) -> std::io::Result<Arrivals> {
        let socket = UdpSocket::from_std(socket.try_clone()?)?;
        let (give, packets) = mpsc::channel(WAITING);
        let receive = async move {
            let mut buffer = [0u8; 2048];
            loop {
                // An error is the far end's closed port, told once a packet.
                let Ok((length, from)) = socket.recv_from(&mut buffer).await else { continue };
                drop(give.try_send(Packet { at: Instant::now(), from, bytes: buffer[..length].to_vec() }));
            }
        };
        Ok(Arrivals { packets, task: tokio::spawn(receive).abort_handle() })
    }

    pub fn next(&mut self) -> Option<Packet> {
        self.packets.try_recv().ok()
    }
}

impl Drop for Arrivals {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// How a stream of 8 kHz packets came.
#[derive(Debug, Default)]
pub struct Evenness {
    last: Option<Last>,
    jitter: f64,
    /// Packets that never came.
    pub lost: u64,
    /// The largest interarrival jitter (RFC 3550 §6.4.1) so far, ms.
    pub jitter_ms: f64,
    /// The longest that a packet came later than its predecessor let expect, ms.
    pub late_ms: f64,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    at: Instant,
    ssrc: [u8; 4],
    sequence: u16,
    stamp: u32,
}

impl Evenness {
    /// `packet` is an RTP packet of at least 12 bytes. A marker begins a new talk: the pause before it is no delay.
    pub fn take(&mut self, at: Instant, packet: &[u8]) {
        let Some(&[_, kind, s0, s1, t0, t1, t2, t3, a, b, c, d]) = packet.first_chunk::<12>() else { return };
        let now = Last {
            at,
            ssrc: [a, b, c, d],
            sequence: u16::from_be_bytes([s0, s1]),
            stamp: u32::from_be_bytes([t0, t1, t2, t3]),
        };
        let Some(last) = self.last.filter(|last| last.ssrc == now.ssrc) else {
            self.last = Some(now);
            return;
        };
        let step = now.sequence.wrapping_sub(last.sequence) as i16;
        if step <= 0 {
            // One out of order was counted as lost.
            self.lost = self.lost.saturating_sub(u64::from(step < 0));
            return;
        }
        self.lost += step as u64 - 1;
        self.last = Some(now);
        if kind & 0x80 == 0 {
            let expected = f64::from(now.stamp.wrapping_sub(last.stamp) as i32) / 8.0;
            let late = at.duration_since(last.at).as_secs_f64() * 1_000.0 - expected;
            self.jitter += (late.abs() - self.jitter) / 16.0;
            self.jitter_ms = self.jitter_ms.max(self.jitter);
            self.late_ms = self.late_ms.max(late);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn packet(sequence: u16, marker: bool) -> [u8; 12] {
        let mut packet = [0x80, if marker { 0x88 } else { 8 }, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4];
        packet[2..4].copy_from_slice(&sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&(u32::from(sequence) * 160).to_be_bytes());
        packet
    }

    #[test]
    fn counts_what_is_missing_and_how_late_the_rest_came() {
        let (begun, mut evenness) = (Instant::now(), Evenness::default());
        // Number 4 never comes, number 7 comes 30 ms late, number 9 begins a new talk a second later.
        let moments = [(1, 20), (2, 40), (3, 60), (5, 100), (6, 120), (7, 170), (8, 170), (9, 1_190)];
        for (sequence, ms) in moments {
            evenness.take(begun + Duration::from_millis(ms), &packet(sequence, sequence == 9));
        }
        assert_eq!(evenness.lost, 1);
        assert!((29.9..30.1).contains(&evenness.late_ms), "{evenness:?}");
        assert!((3.0..4.0).contains(&evenness.jitter_ms), "30 ms early and late, a sixteenth each: {evenness:?}");
    }
}
