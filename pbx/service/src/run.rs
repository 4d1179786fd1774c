//! `hutong serve`: the whole service on one data directory.

use crate::{
    config::Config,
    http::{self, App},
    media::{Media, MediaConfig},
    operator::Operator,
    shell::{self, Parts, Shell},
    sip::{Sip, SipConfig},
    store::Store,
};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket},
    sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc::unbounded_channel;

/// How long a stopping service waits for its calls to close.
const DRAIN: Duration = Duration::from_secs(10);

/// A running service.
pub struct Service {
    pub address: SocketAddr,
    pub shell: Shell,
    pub store: Store,
    media: Media,
    operator: Option<Operator>,
}

/// Starts every room on an opened (and so locked) store.
pub async fn start(config: Config, store: Store, demo: bool) -> anyhow::Result<Service> {
    crate::desk::import::clean_staging(&store).await?;
    let (media_out, media_events) = unbounded_channel();
    let (sip_out, sip_events) = unbounded_channel();
    let media = Media::start(media_config(&config), media_out)?;
    let sip_config = SipConfig { listen: config.sip_listen, external_ip: config.external_ip };
    let sip = Sip::start(sip_config, media.clone(), sip_out).await?;
    let parts = Parts {
        data_dir: config.data_dir.clone(),
        store: store.clone(),
        media: media.clone(),
        media_events,
        sip,
        sip_events,
    };
    let shell = shell::start(parts).await?;
    let app = App { config: Arc::new(config), store: store.clone(), shell: shell.clone(), media: media.clone(), demo };
    let address = http::serve(app).await?;
    tokio::spawn(crate::desk::pool::keep_recycling(store.clone()));
    let operator = match Operator::start(store.clone(), shell.clone()) {
        Ok(operator) => Some(operator),
        Err(error) => {
            // E.g. a path too long for a socket: calls matter more than the convenience.
            tracing::warn!(%error, "hutong admin cannot reach this service");
            None
        }
    };
    Ok(Service { address, shell, store, media, operator })
}

impl Service {
    /// Hangs up what is up, stores it, and returns.
    pub async fn stop(self) {
        drop(self.operator);
        if tokio::time::timeout(DRAIN, self.shell.drain()).await.is_err() {
            tracing::warn!("calls were still open when the service stopped; they are closed at the next start");
        }
        // Closes the recordings; their verdicts are still carried to the store by the shell.
        let media = self.media.clone();
        if tokio::task::spawn_blocking(move || media.shutdown()).await.is_err() {
            tracing::error!("the media thread could not be stopped");
        }
        if crate::shell::recordings_closed(&self.store).await.is_err() {
            tracing::warn!("a recording's verdict is left to the next start");
        }
    }
}

/// Waits for SIGINT or SIGTERM.
pub async fn until_stopped() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut int, mut term) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = int.recv() => {}
        _ = term.recv() => {}
    }
    Ok(())
}

fn media_config(config: &Config) -> MediaConfig {
    let ips = if config.browser_ips.is_empty() { own_addresses() } else { config.browser_ips.clone() };
    MediaConfig {
        trunk_ip: config.sip_listen.ip(),
        trunk_ports: config.rtp_ports,
        browser: ips.into_iter().map(|ip| SocketAddr::new(ip, config.browser_media_port)).collect(),
    }
}

/// Loopback, and the address this box would use towards its network (no packet is sent).
fn own_addresses() -> Vec<IpAddr> {
    let mut found = vec![IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let routed = UdpSocket::bind("0.0.0.0:0").and_then(|socket| {
        socket.connect("192.0.2.1:9")?;
        socket.local_addr()
    });
    if let Ok(address) = routed
        && !address.ip().is_loopback()
    {
        found.push(address.ip());
    }
    found
}
