//! UDP sockets: trunk legs on even ports of the configured range, and the muxed ones for browsers.

use socket2::{Domain, Protocol, Socket, Type};
use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    sync::atomic::{AtomicU32, Ordering},
};

/// Expedited forwarding (RFC 3246): voice before data where the network cares.
const VOICE: u32 = 46 << 2;
/// Holds about two seconds of 50 agents; the kernel may cap it.
const MUXED_BUFFER: usize = 4 << 20;

/// Binds even ports in turn, so that a port just freed is the last to be used again and stray packets find no new call.
#[derive(Debug)]
pub struct Ports {
    ip: IpAddr,
    first: u16,
    count: u32,
    next: AtomicU32,
}

impl Ports {
    /// Ports `range.0..=range.1`; (0, 0) leaves the choice to the kernel.
    pub fn new(ip: IpAddr, range: (u16, u16)) -> io::Result<Ports> {
        let first = range.0.saturating_add(range.0 % 2);
        if first > range.1 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "no even port in the trunk RTP range"));
        }
        Ok(Ports { ip, first, count: u32::from((range.1 - first) / 2) + 1, next: AtomicU32::new(0) })
    }

    /// `AddrNotAvailable` when every port of the range is taken.
    pub fn bind(&self) -> io::Result<UdpSocket> {
        for _ in 0..self.count {
            let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.count;
            match bind(SocketAddr::new(self.ip, self.first + 2 * turn as u16), None) {
                Err(fault) if fault.kind() == io::ErrorKind::AddrInUse => {}
                outcome => return outcome,
            }
        }
        Err(io::Error::new(io::ErrorKind::AddrNotAvailable, "every trunk RTP port is in use"))
    }
}

pub fn bind_muxed(address: SocketAddr) -> io::Result<UdpSocket> {
    if address.ip().is_unspecified() {
        let why = "browser media needs explicit addresses: a wildcard cannot be offered to a browser";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    bind(address, Some(MUXED_BUFFER))
}

fn bind(address: SocketAddr, receive_buffer: Option<usize>) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_nonblocking(true)?;
    if address.is_ipv4() {
        // A refusal costs priority, not audio.
        let _ = socket.set_tos_v4(VOICE);
    }
    if let Some(octets) = receive_buffer {
        socket.set_recv_buffer_size(octets)?;
    }
    socket.bind(&address.into())?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::net::Ipv4Addr;

    #[test]
    fn even_ports_in_turn_until_none_is_left() {
        let ip = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 8));
        let ports = Ports::new(ip, (38_101, 38_106)).unwrap();
        let held: Vec<_> = (0..3).map(|_| ports.bind().unwrap()).collect();
        let numbers: Vec<_> = held.iter().map(|socket| socket.local_addr().unwrap().port()).collect();
        assert_eq!(numbers, [38_102, 38_104, 38_106]);
        assert_eq!(ports.bind().unwrap_err().kind(), io::ErrorKind::AddrNotAvailable);
        drop(held);
        assert_eq!(ports.bind().unwrap().local_addr().unwrap().port() % 2, 0);
        assert!(Ports::new(ip, (5, 5)).is_err());
    }
}
