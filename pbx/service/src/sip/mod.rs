//! SIP towards trunks. No SIP type leaves this folder: the shell sees `LegEvent`s and trunk health.
//!
//! Messages, header names, URIs and the digest sum are `rsipstack`'s. Its transaction and dialog layers are not used:
//! they keep about 30 KB of a call for 64 s after its end and cost up to 0.9 ms of CPU a call, their channels have no
//! bound, they restore only answered dialogs after a crash (a phone that still rings needs its INVITE's Via for CANCEL),
//! and they read the socket themselves, so that nothing can stand in front. Instead a pure machine (`stack`) with the
//! client transactions of RFC 3261 §17 takes time and datagrams in and gives datagrams out; `task` is its only I/O.
//!
//! Requests within a call are sent to where the call's answer came from, with the route set and remote target written
//! into them: trunks are one hop away, and a Contact must not be able to point us at a third party.

mod build;
mod dialing;
mod digest;
mod farewell;
mod frame;
mod guard;
mod leg;
mod message;
mod sdp;
mod serving;
mod stack;
mod task;
#[cfg(test)]
mod tests;
mod transaction;
mod trunk;

use crate::media::Media;
use hutong_api::{LegId, TrunkId};
use hutong_core::io::{Dial, LegEvent};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use task::Command;
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
    /// Account name, or name@realm where the carrier's realm is not its host: challenges of any other realm are refused.
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
pub struct Sip {
    commands: UnboundedSender<Command>,
    events: UnboundedSender<SipEvent>,
    address: SocketAddr,
}

impl Sip {
    /// Binds the socket and starts the tasks of this room.
    pub async fn start(config: SipConfig, media: Media, events: UnboundedSender<SipEvent>) -> anyhow::Result<Sip> {
        let (commands, address) = task::start(config, media, events.clone()).await?;
        Ok(Sip { commands, events, address })
    }

    /// Where the socket is bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Replaces the whole set of trunks.
    pub fn set_trunks(&self, trunks: Vec<SipTrunk>) {
        self.command(Command::Trunks(trunks));
    }

    /// Sends the INVITE. Exactly one `Ended` follows, also when it cannot be sent.
    pub fn dial(&self, dial: Dial) {
        // The guard ends the leg wherever the command is lost.
        let guard = guard::Guard::new(dial.leg, self.events.clone());
        self.command(Command::Dial(dial, guard));
    }

    /// CANCEL, BYE, or "do not send after all", whichever fits. `Ended` follows.
    pub fn hang_up(&self, leg: LegId) {
        self.command(Command::HangUp(leg));
    }

    /// Clears a dialog of a dead process.
    pub fn clear(&self, record: DialogRecord) {
        self.command(Command::Clear(record));
    }

    fn command(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::error!("the SIP task is gone");
        }
    }
}
