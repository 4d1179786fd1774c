//! The HTTP face: login and sessions, the catalogue's pages, imports, recordings, the live socket and the embedded page.
//! The routes are written down in hutong-api's `page` module.

mod activity;
mod alarms;
mod board;
mod bulk;
mod caller;
mod embedded;
mod export;
mod face;
mod failures;
mod files;
mod gate;
mod guard;
mod hidden;
mod imports;
mod live;
mod login;
mod lookups;
mod monitor;
mod notices;
mod numbers;
pub mod openapi;
mod pages;
mod password;
mod phone;
mod preview;
mod problem;
mod recording;
mod router;
mod routes;
mod seats;
mod sockets;
#[cfg(test)]
mod tests;
mod tls;
mod x_pairs;

#[cfg(test)]
use router::router;

use crate::{config::Config, media::Media, shell::Shell, store::Store};
use axum_server::Server;
use hyper_util::rt::TokioTimer;
use std::{net::SocketAddr, time::Duration};

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
pub async fn serve(app: App) -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(app.config.http_listen)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let tls = app.config.tls.then(|| tls::config(&app.config)).transpose()?;
    let face = face::Face::new(app);
    tokio::spawn(x_pairs::keep_asking(face.clone()));
    tokio::spawn(notices::keep_announcing(face.clone()));
    let service = router::routes(face).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let ended = match tls {
            Some(tls) => match axum_server::from_tcp_rustls(listener, tls) {
                Ok(server) => patient(server).serve(service).await,
                Err(error) => Err(error),
            },
            None => match axum_server::from_tcp(listener) {
                Ok(server) => patient(server).serve(service).await,
                Err(error) => Err(error),
            },
        };
        if let Err(error) = ended {
            tracing::error!(%error, "the HTTP server ended");
        }
    });
    Ok(address)
}

/// Longest wait for a request's head, on a kept connection too. Longer than clients keep an idle one, so that theirs close first.
const HEAD_PATIENCE: Duration = Duration::from_secs(60);

/// Lets nobody hold connections by never finishing a request. (`http1_only()` is not for us: that server drops
/// connections that are upgraded, and the live socket is one.)
fn patient<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEAD_PATIENCE);
    server
}
