//! RTP of one call: the callee's voice out, the service's voice listened to.

use super::{
    arrivals::{Arrivals, Evenness},
    callee::Voice,
};
use std::net::{SocketAddr, UdpSocket};

const FRAME: usize = 160;
/// Silence after a beep of the same length, in frames.
const BEEP: u64 = 25;
/// Frames sent at once after a stall of this process, half a second: a hole in the voice would look like the service's.
const MOST_LATE: u64 = 25;

pub struct Rtp {
    socket: UdpSocket,
    arrivals: Arrivals,
    pub evenness: Evenness,
    pub address: SocketAddr,
    remote: Option<SocketAddr>,
    event_type: Option<u8>,
    ssrc: u32,
    sequence: u16,
    timestamp: u32,
    /// When the first frame left and how many should have since.
    talking: Option<(u64, u64)>,
    voice: Option<Voice>,
    phase: f32,
    key: Option<(u8, u32)>,
    pub packets_in: u64,
    pub packets_out: u64,
    pub last_in: Option<u64>,
    ear: Ear,
    last_event: Option<u32>,
    pub heard_key: Option<char>,
}

impl Rtp {
    pub fn new(ip: std::net::IpAddr, remote: Option<(SocketAddr, Option<u8>)>) -> std::io::Result<Rtp> {
        let socket = UdpSocket::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        Ok(Rtp {
            address: socket.local_addr()?,
            arrivals: Arrivals::of(&socket)?,
            evenness: Evenness::default(),
            socket,
            // Real packets stay on this machine whatever the description says.
            remote: remote.map(|r| r.0).filter(|r| r.ip().is_loopback()),
            event_type: remote.and_then(|r| r.1),
            ssrc: rand::random(),
            sequence: rand::random(),
            timestamp: rand::random(),
            talking: None,
            voice: None,
            phase: 0.0,
            key: None,
            packets_in: 0,
            packets_out: 0,
            last_in: None,
            ear: Ear::default(),
            last_event: None,
            heard_key: None,
        })
    }

    pub fn speak(&mut self, now: u64, voice: Voice) {
        self.voice = Some(voice);
        self.talking.get_or_insert((now, 0));
    }

    pub fn press(&mut self, key: char) {
        let event = "0123456789*#ABCD".find(key).map(|e| e as u8);
        self.key = event.map(|e| (e, 0));
    }

    pub fn heard_hz(&self) -> Option<u32> {
        self.ear.heard
    }

    /// Sends what is due and takes what has come. True when the first packet came, the tone heard changed or a key was heard.
    pub fn tick(&mut self, now: u64) -> bool {
        let before = (self.packets_in > 0, self.ear.heard, self.heard_key);
        self.hear(now);
        self.send_due(now);
        before != (self.packets_in > 0, self.ear.heard, self.heard_key)
    }

    fn hear(&mut self, now: u64) {
        while let Some(packet) = self.arrivals.next() {
            let buffer = &packet.bytes;
            if Some(packet.from) != self.remote || buffer.len() < 12 || buffer[0] >> 6 != 2 {
                continue;
            }
            self.packets_in += 1;
            self.last_in = Some(now);
            self.evenness.take(packet.at, buffer);
            let (kind, payload) = (buffer[1] & 0x7f, &buffer[12..]);
            if kind == 8 {
                self.ear.listen(payload);
            } else if Some(kind) == self.event_type && payload.len() >= 4 && payload[1] & 0x80 != 0 {
                let stamp = u32::from_be_bytes([buffer[4], buffer[5], buffer[6], buffer[7]]);
                if self.last_event.replace(stamp) != Some(stamp) {
                    self.heard_key = "0123456789*#ABCD".chars().nth(payload[0].into());
                }
            }
        }
    }

    fn send_due(&mut self, now: u64) {
        let Some((since, sent)) = self.talking else { return };
        let due = (now - since) / 20 + 1;
        for frame in sent..due.min(sent + MOST_LATE) {
            self.frame(frame);
        }
        // After a longer stall the clock moves on rather than bursting.
        self.talking = Some((since, due));
    }

    fn frame(&mut self, frame: u64) {
        let mut packet = [0u8; 12 + FRAME];
        let length = match self.key {
            Some((event, step)) => self.key_packet(&mut packet, event, step),
            None => {
                self.voice_packet(&mut packet, frame);
                self.timestamp = self.timestamp.wrapping_add(FRAME as u32);
                packet.len()
            }
        };
        self.sequence = self.sequence.wrapping_add(1);
        if let Some(remote) = self.remote
            && self.socket.send_to(&packet[..length], remote).is_ok()
        {
            self.packets_out += 1;
        }
    }

    fn header(&self, packet: &mut [u8], kind: u8, marker: bool) {
        packet[0] = 0x80;
        packet[1] = kind | if marker { 0x80 } else { 0 };
        packet[2..4].copy_from_slice(&self.sequence.to_be_bytes());
        packet[4..8].copy_from_slice(&self.timestamp.to_be_bytes());
        packet[8..12].copy_from_slice(&self.ssrc.to_be_bytes());
    }

    fn voice_packet(&mut self, packet: &mut [u8], frame: u64) {
        self.header(packet, 8, frame == 0);
        let hz = match self.voice {
            Some(Voice::Tone(hz)) => hz,
            Some(Voice::Beeps) if (frame / BEEP).is_multiple_of(2) => 450,
            _ => 0,
        };
        for sample in &mut packet[12..] {
            self.phase = (self.phase + hz as f32 / 8_000.0).fract();
            let value = if hz == 0 { 0.0 } else { (self.phase * std::f32::consts::TAU).sin() * 8_000.0 };
            *sample = alaw(value as i16);
        }
    }

    /// RFC 4733: one event of 160 ms, its end told three times under one timestamp.
    fn key_packet(&mut self, packet: &mut [u8], event: u8, step: u32) -> usize {
        let kind = self.event_type.unwrap_or(101);
        self.header(packet, kind, step == 0);
        let end = step >= 8;
        let duration = (step.min(7) + 1) * FRAME as u32;
        packet[12] = event;
        packet[13] = 10 | if end { 0x80 } else { 0 };
        packet[14..16].copy_from_slice(&(duration as u16).to_be_bytes());
        self.key = Some((event, step + 1));
        if step == 10 {
            self.key = None;
            self.timestamp = self.timestamp.wrapping_add(11 * FRAME as u32);
        }
        16
    }
}

/// Looks for one clear tone in the first 200 ms of every second.
struct Ear {
    frames: u64,
    power: [f32; 35],
    energy: f32,
    heard: Option<u32>,
}

impl Default for Ear {
    fn default() -> Ear {
        Ear { frames: 0, power: [0.0; 35], energy: 0.0, heard: None }
    }
}

impl Ear {
    fn listen(&mut self, payload: &[u8]) {
        let at = self.frames % 50;
        self.frames += 1;
        if at < 10 {
            let samples: Vec<f32> = payload.iter().take(FRAME).map(|b| f32::from(linear(*b))).collect();
            self.energy += samples.iter().map(|s| s * s).sum::<f32>();
            for (step, power) in self.power.iter_mut().enumerate() {
                *power += goertzel(&samples, 300.0 + 50.0 * step as f32);
            }
        }
        if at == 10 {
            self.heard = self.judge();
            (self.power, self.energy) = ([0.0; 35], 0.0);
        }
    }

    /// A pure tone of amplitude A holds A²N/2 of energy and A²N²/4 in its bin.
    fn judge(&self) -> Option<u32> {
        let (step, best) = self.power.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
        let share = best / (self.energy * FRAME as f32 / 2.0).max(1.0);
        let loud = self.energy > 10.0 * FRAME as f32 * 100.0 * 100.0;
        (loud && share > 0.3).then_some(300 + 50 * step as u32)
    }
}

fn goertzel(samples: &[f32], hz: f32) -> f32 {
    let k = 2.0 * (std::f32::consts::TAU * hz / 8_000.0).cos();
    let (mut a, mut b) = (0.0f32, 0.0f32);
    for sample in samples {
        (a, b) = (sample + k * a - b, a);
    }
    a * a + b * b - k * a * b
}

/// G.711 A-law of 16 bit linear.
pub fn alaw(sample: i16) -> u8 {
    let sign = if sample >= 0 { 0x80 } else { 0 };
    let magnitude = (if sample >= 0 { i32::from(sample) } else { -1 - i32::from(sample) }) >> 3;
    let code = if magnitude < 32 {
        magnitude >> 1
    } else {
        let segment = (31 - (magnitude as u32).leading_zeros() as i32) - 4;
        (segment << 4) | ((magnitude >> segment) & 0x0f)
    };
    (code as u8 | sign) ^ 0x55
}

/// 16 bit linear of G.711 A-law.
pub fn linear(code: u8) -> i16 {
    let code = code ^ 0x55;
    let (segment, mantissa) = (i32::from(code >> 4 & 7), i32::from(code & 15));
    let magnitude = if segment == 0 { (mantissa << 4) + 8 } else { ((mantissa << 4) + 264) << (segment - 1) };
    (if code & 0x80 != 0 { magnitude } else { -magnitude }) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alaw_round_trips_every_code() {
        for code in 0..=255u8 {
            assert_eq!(alaw(linear(code)), code);
        }
        assert_eq!(alaw(0), 0xd5);
    }

    #[test]
    fn the_ear_names_the_tone_and_not_silence_or_noise() {
        for hz in [300, 450, 750, 1_000, 1_500, 2_000] {
            let mut ear = Ear::default();
            for frame in 0..11 {
                let tone = |i: usize| {
                    ((frame * FRAME + i) as f32 * hz as f32 / 8_000.0 * std::f32::consts::TAU).sin() * 8_000.0
                };
                ear.listen(&(0..FRAME).map(|i| alaw(tone(i) as i16)).collect::<Vec<_>>());
            }
            assert_eq!(ear.heard, Some(hz));
        }
        let mut ear = Ear::default();
        (0..11).for_each(|_| ear.listen(&[0xd5; FRAME]));
        assert_eq!(ear.heard, None);
        let mut noise = 1u64;
        let mut ear = Ear::default();
        for _ in 0..11 {
            ear.listen(&std::array::from_fn::<u8, FRAME, _>(|_| {
                noise = super::super::callee::mix(noise);
                alaw((noise as i16) / 4)
            }));
        }
        assert_eq!(ear.heard, None);
    }
}
