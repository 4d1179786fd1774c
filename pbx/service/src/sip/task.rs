//! The I/O of this room: one socket, one task, one clock around the pure machine.

use super::{
    DialogRecord, SipConfig, SipEvent, SipTrunk,
    guard::Guard,
    stack::{Input, Output, Stack},
};
use crate::media::Media;
use anyhow::Context;
use hutong_api::{LegId, TrunkId};
use hutong_core::io::{Dial, LegEvent};
use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, SocketAddr},
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};
use tokio::{
    net::UdpSocket,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

#[derive(Debug)]
pub enum Command {
    Trunks(Vec<SipTrunk>),
    Dial(Dial, Guard),
    HangUp(LegId),
    Clear(DialogRecord),
    Resolved { trunk: TrunkId, host: String, found: Option<(Vec<SocketAddr>, IpAddr)> },
}

/// Datagrams taken from the socket before commands and timers get their turn.
const BATCH: usize = 64;

pub async fn start(
    config: SipConfig,
    media: Media,
    events: UnboundedSender<SipEvent>,
) -> anyhow::Result<(UnboundedSender<Command>, SocketAddr)> {
    let socket = UdpSocket::bind(config.listen).await.with_context(|| format!("SIP cannot bind {}", config.listen))?;
    let address = socket.local_addr()?;
    // `try_send_to` fails until the runtime has once seen the socket writable.
    socket.writable().await?;
    let (commands, inbox) = unbounded_channel();
    let room = Room {
        socket,
        media,
        events,
        commands: commands.downgrade(),
        machine: machine(&config, address),
        config,
        address,
        guards: HashMap::new(),
        trunks: vec![],
        epoch: Instant::now(),
    };
    tokio::spawn(room.run(inbox));
    Ok((commands, address))
}

fn machine(config: &SipConfig, address: SocketAddr) -> Stack {
    Stack::new(address.port(), config.external_ip, rand::random())
}

struct Room {
    socket: UdpSocket,
    media: Media,
    events: UnboundedSender<SipEvent>,
    /// For the look-ups this room starts; the room itself ends with the last handle.
    commands: tokio::sync::mpsc::WeakUnboundedSender<Command>,
    machine: Stack,
    config: SipConfig,
    address: SocketAddr,
    guards: HashMap<LegId, Guard>,
    trunks: Vec<SipTrunk>,
    epoch: Instant,
}

impl Room {
    async fn run(mut self, mut inbox: UnboundedReceiver<Command>) {
        loop {
            let wait = self.machine.next_due().map(|due| self.epoch + Duration::from_millis(due));
            tokio::select! {
                biased;
                command = inbox.recv() => match command {
                    Some(command) => self.obey(command),
                    None => return,
                },
                ready = self.socket.readable() => match ready {
                    Ok(()) => self.receive(),
                    Err(error) => tracing::warn!(%error, "SIP socket"),
                },
                _ = until(wait) => self.step(Input::Tick),
            }
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Trunks(trunks) => {
                self.trunks.clone_from(&trunks);
                self.step(Input::Trunks(trunks));
            }
            Command::Dial(dial, guard) => {
                if self.guards.contains_key(&dial.leg) {
                    tracing::error!(leg = dial.leg.0, "dialled twice");
                    return guard.disarm();
                }
                self.guards.insert(dial.leg, guard);
                self.step(Input::Dial(dial));
            }
            Command::HangUp(leg) => self.step(Input::HangUp(leg)),
            Command::Clear(record) => self.step(Input::Clear(record)),
            Command::Resolved { trunk, host, found } => self.step(Input::Resolved { trunk, host, found }),
        }
    }

    fn receive(&mut self) {
        let mut buffer = [0u8; super::frame::LONGEST + 1];
        for _ in 0..BATCH {
            match self.socket.try_recv_from(&mut buffer) {
                Ok((length, from)) => self.step(Input::Datagram { from, bytes: &buffer[..length] }),
                Err(error) => {
                    if error.kind() != std::io::ErrorKind::WouldBlock {
                        tracing::debug!(%error, "SIP receive");
                    }
                    return;
                }
            }
        }
    }

    fn step(&mut self, input: Input) {
        let now = self.epoch.elapsed().as_millis() as u64;
        match catch_unwind(AssertUnwindSafe(|| self.machine.handle(now, input))) {
            Ok(outputs) => self.act(outputs),
            Err(_) => self.start_over(),
        }
    }

    fn act(&mut self, outputs: Vec<Output>) {
        let mut queue = VecDeque::from(outputs);
        while let Some(output) = queue.pop_front() {
            match output {
                Output::Send(to, bytes) => {
                    // A full socket buffer is a lost datagram; the transactions repeat it.
                    if let Err(error) = self.socket.try_send_to(&bytes, to) {
                        tracing::debug!(%error, %to, "SIP send");
                    }
                }
                Output::Event(event) => self.tell(event),
                Output::Resolve { trunk, host } => self.resolve(trunk, host),
                Output::Open(leg) => {
                    let rtp = self.open(leg);
                    let now = self.epoch.elapsed().as_millis() as u64;
                    match catch_unwind(AssertUnwindSafe(|| self.machine.handle(now, Input::Opened { leg, rtp }))) {
                        Ok(outputs) => outputs.into_iter().rev().for_each(|o| queue.push_front(o)),
                        Err(_) => return self.start_over(),
                    }
                }
                Output::Connect(leg, media) => self.media.connect_trunk(leg, media),
                Output::Close(leg) => self.media.close_trunk(leg),
            }
        }
    }

    fn open(&mut self, leg: LegId) -> Option<SocketAddr> {
        match self.media.open_trunk(leg) {
            Ok(address) => Some(address),
            Err(error) => {
                tracing::error!(%error, leg = leg.0, "no RTP socket");
                None
            }
        }
    }

    /// The one place where events leave: an `Ended` passes only with its guard, which stands down with it.
    fn tell(&mut self, event: SipEvent) {
        match &event {
            SipEvent::Leg { leg, event: LegEvent::Ended(_) } => match self.guards.remove(leg) {
                Some(guard) => guard.disarm(),
                None => return tracing::error!(leg = leg.0, "ended twice"),
            },
            SipEvent::Leg { leg, event: LegEvent::Sent } => {
                if let Some(guard) = self.guards.get_mut(leg) {
                    guard.sent();
                }
            }
            SipEvent::Dialog { leg, record } => {
                if let Some(guard) = self.guards.get_mut(leg) {
                    guard.record.clone_from(record);
                }
            }
            _ => {}
        }
        if self.events.send(event).is_err() {
            tracing::debug!("nobody hears SIP events");
        }
    }

    /// A defect in the machine: every leg ends as lost, the far ends are cleared, and dialling goes on with a new machine.
    fn start_over(&mut self) {
        tracing::error!("the SIP machine failed; all its calls are ended");
        self.machine = machine(&self.config, self.address);
        let guards = std::mem::take(&mut self.guards);
        let records: Vec<DialogRecord> = guards.values().filter_map(|g| g.record.clone()).collect();
        for (leg, guard) in guards {
            self.media.close_trunk(leg);
            drop(guard);
        }
        self.obey(Command::Trunks(self.trunks.clone()));
        records.into_iter().for_each(|record| self.obey(Command::Clear(record)));
    }

    fn resolve(&self, trunk: TrunkId, host: String) {
        let commands = self.commands.clone();
        let bound = self.address.ip();
        tokio::spawn(async move {
            let found = look_up(&host, bound).await;
            if let Some(commands) = commands.upgrade() {
                let _ = commands.send(Command::Resolved { trunk, host, found });
            }
        });
    }
}

async fn until(wait: Option<Instant>) {
    match wait {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// The peer's addresses of our family, and the address we have towards the first.
async fn look_up(host: &str, bound: IpAddr) -> Option<(Vec<SocketAddr>, IpAddr)> {
    let bare = host.parse::<IpAddr>().is_ok() || !host.contains(':') || host.ends_with(']');
    let with_port = match host.parse::<IpAddr>() {
        Ok(ip) => SocketAddr::new(ip, 5060).to_string(),
        Err(_) if bare => format!("{host}:5060"),
        Err(_) => host.to_owned(),
    };
    let found =
        tokio::net::lookup_host(&with_port).await.inspect_err(|error| tracing::warn!(host, %error, "trunk look-up"));
    let peers: Vec<SocketAddr> = found.ok()?.filter(|p| p.is_ipv4() == bound.is_ipv4()).take(16).collect();
    let first = *peers.first()?;
    if !bound.is_unspecified() {
        return Some((peers, bound));
    }
    let probe = std::net::UdpSocket::bind(SocketAddr::new(bound, 0)).ok()?;
    probe.connect(first).ok()?;
    Some((peers, probe.local_addr().ok()?.ip()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::media::MediaConfig;
    use hutong_api::{CallId, CompanyId, Phone};
    use hutong_core::{io::LegEndHow, time::Mono};

    fn dial(leg: i64) -> Dial {
        Dial {
            leg: LegId(leg),
            call: CallId(leg),
            company: CompanyId(1),
            trunk: TrunkId(1),
            phone: Phone::from_digits("13800138000").unwrap(),
            caller: "1".into(),
            not_after: Mono(u64::MAX),
        }
    }

    #[tokio::test]
    async fn a_failed_machine_ends_its_calls_clears_the_far_end_and_is_replaced() {
        let carrier = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let peer = carrier.local_addr().unwrap();
        let (events, mut heard) = unbounded_channel();
        let config = SipConfig { listen: "127.0.0.1:0".parse().unwrap(), external_ip: None };
        let media_config = MediaConfig { trunk_ip: [127, 0, 0, 1].into(), trunk_ports: (0, 0), browser: vec![] };
        let socket = UdpSocket::bind(config.listen).await.unwrap();
        socket.writable().await.unwrap();
        let address = socket.local_addr().unwrap();
        let (commands, _inbox) = unbounded_channel();
        let mut room = Room {
            socket,
            media: Media::start(media_config, unbounded_channel().0).unwrap(),
            events: events.clone(),
            commands: commands.downgrade(),
            machine: machine(&config, address),
            config,
            address,
            guards: HashMap::new(),
            trunks: vec![],
            epoch: Instant::now(),
        };
        let host = peer.to_string();
        let user = String::new();
        let trunk =
            SipTrunk { id: TrunkId(1), host: host.clone(), user, password: String::new(), register: false, cps: 50 };
        room.obey(Command::Trunks(vec![trunk]));
        let resolved =
            || Command::Resolved { trunk: TrunkId(1), host: host.clone(), found: Some((vec![peer], address.ip())) };
        room.obey(resolved());
        room.obey(Command::Dial(dial(1), Guard::new(LegId(1), events.clone())));
        room.machine.fail = true;
        room.step(Input::Tick);
        room.obey(resolved());
        room.obey(Command::Dial(dial(2), Guard::new(LegId(2), events.clone())));

        let mut told = vec![];
        while let Ok(event) = heard.try_recv() {
            match event {
                SipEvent::Leg { leg, event: LegEvent::Sent } => told.push((leg.0, None)),
                SipEvent::Leg { leg, event: LegEvent::Ended(end) } => told.push((leg.0, Some(end.how))),
                _ => {}
            }
        }
        assert_eq!(told, [(1, None), (1, Some(LegEndHow::Lost)), (2, None)]);
        let mut wire = String::new();
        let mut buffer = [0; 4096];
        while !wire.contains("CANCEL") || wire.matches("INVITE sip").count() < 2 {
            let length = carrier.recv(&mut buffer).await.unwrap();
            wire.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
        }
    }
}
