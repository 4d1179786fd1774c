//! SIP towards trunks. No SIP type leaves this folder: the shell sees `LegEvent`s and `TrunkHealth`.

use crate::media::Media;
use hutong_api::{LegId, TrunkId};
use hutong_core::io::{Dial, LegEvent};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use tokio::sync::mpsc::UnboundedSender;

#[derive(Debug, Clone)]
pub struct SipConfig {
    pub listen: SocketAddr,
    pub external_ip: Option<IpAddr>,
}

/// A trunk as SIP needs it: its peer and secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipTrunk {
    pub id: TrunkId,
    /// host or host:port of the carrier (request URI and To); resolved once when set.
    pub host: String,
    pub user: String,
    /// Empty = authenticated by address; challenges are then refused.
    pub password: String,
    /// REGISTER and keep registered.
    pub register: bool,
    /// Most new INVITEs per second.
    pub cps: u32,
}

#[derive(Debug, Clone)]
pub enum SipEvent {
    Leg {
        leg: LegId,
        event: LegEvent,
    },
    /// From OPTIONS (every 30 s) or REGISTER.
    Trunk {
        trunk: TrunkId,
        up: bool,
        fault: Option<String>,
    },
    /// Must be stored before or soon after: what clears the far end after a crash. None = the dialog is over.
    Dialog {
        leg: LegId,
        record: Option<DialogRecord>,
    },
}

/// Enough to send CANCEL (not yet answered) or BYE (answered) from another process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialogRecord {
    pub trunk: TrunkId,
    pub peer: SocketAddr,
    pub call_id: String,
    pub local: String,
    pub remote: String,
    /// Request URI of the INVITE before the answer, remote target after it.
    pub target: String,
    pub route: Vec<String>,
    pub cseq: u32,
    /// Top Via of the INVITE, for CANCEL.
    pub via: String,
    pub answered: bool,
}

#[derive(Debug, Clone)]
pub struct Sip {}

impl Sip {
    /// Binds the socket and starts the tasks of this room.
    pub async fn start(_config: SipConfig, _media: Media, _events: UnboundedSender<SipEvent>) -> anyhow::Result<Sip> {
        Ok(Sip {})
    }

    /// Replaces the whole set of trunks.
    pub fn set_trunks(&self, _trunks: Vec<SipTrunk>) {}

    /// Sends the INVITE. Exactly one `Ended` follows, also when it cannot be sent.
    pub fn dial(&self, _dial: Dial) {}

    /// CANCEL, BYE, or "do not send after all", whichever fits. `Ended` follows.
    pub fn hang_up(&self, _leg: LegId) {}

    /// Clears a dialog of a dead process.
    pub fn clear(&self, _record: DialogRecord) {}
}
