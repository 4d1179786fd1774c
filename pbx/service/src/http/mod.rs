//! The HTTP face: login and sessions, the catalogue's pages, imports, recordings, the live socket and the embedded page.

use crate::{config::Config, media::Media, shell::Shell, store::Store};

/// What every handler may use.
#[derive(Clone)]
pub struct App {
    pub config: std::sync::Arc<Config>,
    pub store: Store,
    pub shell: Shell,
    pub media: Media,
    pub demo: bool,
}

/// Serves until the process ends. Returns the address bound (port 0 picks one).
pub async fn serve(_app: App) -> anyhow::Result<std::net::SocketAddr> {
    anyhow::bail!("not built")
}
