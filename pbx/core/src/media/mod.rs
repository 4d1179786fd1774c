//! The mathematics of media: bytes in, bytes out. No sockets, no clock, no files; the service's media thread drives it.

pub mod dtmf;
pub mod g711;
pub mod goertzel;
pub mod peaks;
pub mod placement;
pub mod rewrite;
pub mod rtp;
pub mod tone;
pub mod wav;

/// Samples of one packet: 20 ms at 8 kHz.
pub const FRAME: usize = 160;
/// Samples a second of everything here.
pub const RATE: u32 = 8000;
