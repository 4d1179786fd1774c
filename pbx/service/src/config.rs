//! hutong.toml: machine things only (listen addresses, data directory, TLS). Everything else is in SQLite.
//! flag > HUTONG_* > file > default.

use hutong_api::Refusal;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
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
    /// The carrier of X numbers (docs/x-numbers.md).
    pub x_numbers: XNumbers,
}

/// `[x_numbers]`: without a url nothing is bound.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct XNumbers {
    /// https, or http on this box.
    pub url: String,
    /// Sent as a bearer token.
    pub token: String,
    /// Seconds for one answer, 1–30.
    pub timeout_s: u64,
}

impl Default for XNumbers {
    fn default() -> XNumbers {
        XNumbers { url: String::new(), token: String::new(), timeout_s: 5 }
    }
}

/// The token is nobody's to read in a log.
impl fmt::Debug for XNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XNumbers").field("url", &self.url).field("timeout_s", &self.timeout_s).finish_non_exhaustive()
    }
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
            x_numbers: XNumbers::default(),
        }
    }
}

impl Config {
    /// Refusals: `cli.no_config`, `cli.bad_config`, `cli.x_numbers_url`, `cli.x_numbers_timeout`. An empty file is a whole one: every key has a default.
    pub fn read(path: &Path) -> Result<Config, Refusal> {
        let bad = |why: String| Refusal::new("cli.bad_config").with("file", path.display()).with("why", why);
        let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Refusal::new("cli.no_config").with("file", path.display()),
            _ => bad(error.to_string()),
        })?;
        let config: Config = toml::from_str(&text).map_err(|error| bad(error.to_string().trim_end().to_owned()))?;
        crate::carrier_x::check(&config.x_numbers).map_err(|refusal| refusal.with("file", path.display()))?;
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use hutong_api::Lang;

    const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/hutong.example.toml");

    #[test]
    fn the_example_shows_every_key_with_its_default() {
        let example = Config::read(Path::new(EXAMPLE)).unwrap();
        assert_eq!(toml::to_string(&example).unwrap(), toml::to_string(&Config::default()).unwrap());
        let text = std::fs::read_to_string(EXAMPLE).unwrap();
        let all = Config { external_ip: Some(Ipv4Addr::LOCALHOST.into()), ..Config::default() };
        let shown = |wanted: String| text.lines().any(|line| line.trim_start_matches("# ").starts_with(&wanted));
        for (key, value) in toml::Table::try_from(&all).unwrap() {
            match value.as_table() {
                None => assert!(shown(format!("{key} = ")), "{key}"),
                Some(section) => {
                    assert!(shown(format!("[{key}]")), "{key}");
                    section.keys().for_each(|key| assert!(shown(format!("{key} = ")), "{key}"));
                }
            }
        }
    }

    #[test]
    fn without_a_file_it_says_what_to_do() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("hutong.toml");
        let refused = Config::read(&path).unwrap_err();
        assert_eq!(refused.code, "cli.no_config");
        for lang in [Lang::Zh, Lang::En] {
            let said = refused.text(lang);
            assert!(said.contains(&path.display().to_string()) && said.contains("hutong serve --config"), "{said}");
        }
        std::fs::write(&path, "http_port = 1").unwrap();
        let refused = Config::read(&path).unwrap_err();
        assert_eq!(refused.code, "cli.bad_config");
        assert!(refused.text(Lang::Zh).contains("http_port"), "the key is named");
        std::fs::write(&path, "[x_numbers]\nurl = \"http://x.example\"").unwrap();
        let refused = Config::read(&path).unwrap_err();
        assert_eq!(refused.code, "cli.x_numbers_url");
        assert!(refused.text(Lang::Zh).contains(&path.display().to_string()), "{}", refused.text(Lang::Zh));
        std::fs::write(&path, "").unwrap();
        Config::read(&path).unwrap();
    }
}
