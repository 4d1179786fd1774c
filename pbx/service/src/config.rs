//! hutong.toml: machine things only (listen addresses, data directory, TLS). Everything else is in SQLite.
//! flag > HUTONG_* > file > default.

use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    pub data_dir: PathBuf,
    /// Page, API and live sockets.
    pub http_listen: SocketAddr,
    /// False only for the demo on loopback.
    pub tls: bool,
    /// SIP over UDP: our own socket.
    pub sip_listen: SocketAddr,
    /// Address put into SDP and Contact for trunks; default: that of `sip_listen`.
    pub external_ip: Option<IpAddr>,
    /// Trunk RTP ports, even ones used; 4 × channels is plenty.
    pub rtp_ports: (u16, u16),
    /// One muxed UDP port for all browsers' WebRTC legs; bound on `browser_ip`.
    pub browser_media_port: u16,
    /// Addresses offered to browsers as host candidates; empty = 127.0.0.1 and every LAN address.
    pub browser_ips: Vec<IpAddr>,
}

impl Default for Config {
    fn default() -> Config {
        let any = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
        Config {
            data_dir: PathBuf::from("/var/lib/hutong"),
            http_listen: any(8443),
            tls: true,
            sip_listen: any(5060),
            external_ip: None,
            rtp_ports: (20000, 20999),
            browser_media_port: 8443,
            browser_ips: Vec::new(),
        }
    }
}
