//! What a demo office must remember of itself to go on after a crash: ports, logins, its children.

use super::Options;
use hutong_api::{CampaignId, CompanyId, SeatId};
use serde::{Deserialize, Serialize};
use std::{
    fs::{OpenOptions, Permissions},
    io::Write,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::Path,
};

const FILE: &str = "demo.json";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct State {
    pub seed: u64,
    pub quick: bool,
    pub http_port: u16,
    pub sip_port: u16,
    pub carrier: Option<SocketAddr>,
    pub carrier_pid: Option<u32>,
    pub bots_pid: Option<u32>,
    pub company: CompanyId,
    pub campaign: CampaignId,
    pub admin_seat: SeatId,
    pub admin_password: String,
    /// A seat for a person with a browser.
    pub person: Login,
    pub bots: Vec<Login>,
    /// The numbers were imported.
    pub loaded: bool,
    /// The campaign was not yet started.
    pub starting: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Login {
    pub account: String,
    pub password: String,
}

impl State {
    pub(super) fn load(data: &Path) -> anyhow::Result<Option<State>> {
        match std::fs::read(data.join(FILE)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn new(options: &Options, http_port: u16) -> anyhow::Result<State> {
        let sip_port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let first = 8001;
        let login = |account: String| Login { account, password: password() };
        Ok(State {
            seed: options.seed,
            quick: options.quick,
            http_port,
            sip_port,
            carrier: None,
            carrier_pid: None,
            bots_pid: None,
            company: CompanyId::default(),
            campaign: CampaignId::default(),
            admin_seat: SeatId::default(),
            admin_password: password(),
            person: login("8000".into()),
            bots: (first..first + u32::from(options.agents)).map(|n| login(n.to_string())).collect(),
            loaded: false,
            starting: true,
        })
    }

    /// Written beside and renamed, so that a crash leaves the old or the new.
    pub(super) fn save(&self, data: &Path) -> anyhow::Result<()> {
        let next = data.join("demo.json.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&next)?;
        // One left by a crash keeps its mode otherwise; the file holds passwords.
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(next, data.join(FILE))?;
        Ok(())
    }
}

/// Eight letters and digits without the ones people confuse.
fn password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    (0..8).map(|_| char::from(LETTERS[usize::from(rand::random::<u8>()) % LETTERS.len()])).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Typed {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn the_file_with_the_passwords_is_the_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        let left = dir.path().join("demo.json.new");
        std::fs::write(&left, "").unwrap();
        std::fs::set_permissions(&left, Permissions::from_mode(0o644)).unwrap();
        let state = State::new(&Typed::parse_from(["demo"]).options, 1).unwrap();
        state.save(dir.path()).unwrap();
        let mode = std::fs::metadata(dir.path().join(FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(State::load(dir.path()).unwrap().unwrap().admin_password, state.admin_password);
    }
}
