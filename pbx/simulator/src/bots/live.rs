//! The bot's live socket (hutong-api `live`).

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use hutong_api::live::{ClientMsg, Command, ServerMsg};
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

/// Without a message for so long the service is given up: our pings are answered every 5 s.
const SILENCE: Duration = Duration::from_secs(20);

pub struct Live {
    socket: WebSocketStream<TcpStream>,
    next_req: u32,
    /// What was asked and is not yet answered.
    asked: BTreeMap<u32, Command>,
    heard_at: Instant,
}

/// A message, with the command it answers if it is a reply.
pub struct Heard {
    pub msg: ServerMsg,
    pub answers: Option<Command>,
}

impl Live {
    /// # Errors
    /// No connection, or the service does not accept the token.
    pub async fn open(service: SocketAddr, token: &str) -> anyhow::Result<Live> {
        let mut request = format!("ws://{service}/api/live").into_client_request()?;
        request.headers_mut().insert("Authorization", HeaderValue::from_str(&format!("Bearer {token}"))?);
        let open = async {
            let stream = TcpStream::connect(service).await?;
            stream.set_nodelay(true)?;
            anyhow::Ok(tokio_tungstenite::client_async(request, stream).await?.0)
        };
        let socket = timeout(Duration::from_secs(10), open).await.context("live socket")??;
        Ok(Live { socket, next_req: 1, asked: BTreeMap::new(), heard_at: Instant::now() })
    }

    pub async fn send(&mut self, cmd: Command) -> anyhow::Result<()> {
        let req = self.next_req;
        self.next_req = self.next_req.wrapping_add(1);
        self.asked.insert(req, cmd.clone());
        let text = serde_json::to_string(&ClientMsg { req, cmd })?;
        timeout(Duration::from_secs(10), self.socket.send(Message::text(text)))
            .await
            .context("live socket is stuck")??;
        Ok(())
    }

    /// The next message; may be dropped and called again without losing one.
    ///
    /// # Errors
    /// The socket is closed, silent for 20 s, or says what we do not understand.
    pub async fn next(&mut self) -> anyhow::Result<Heard> {
        loop {
            // Counted from the last message, not from this call: the caller calls again at every timer of its own.
            let next = timeout_at(self.heard_at + SILENCE, self.socket.next());
            let message = next.await.context("live socket is silent")?;
            self.heard_at = Instant::now();
            let text = match message.context("live socket closed")?? {
                Message::Text(text) => text,
                Message::Close(_) => bail!("live socket closed"),
                _ => continue,
            };
            let msg: ServerMsg = serde_json::from_str(&text).with_context(|| format!("not understood: {text}"))?;
            let answers = match &msg {
                ServerMsg::Reply { req, .. } => self.asked.remove(req),
                _ => None,
            };
            return Ok(Heard { msg, answers });
        }
    }
}
