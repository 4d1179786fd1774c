//! A session: the login, then the live socket for as long as it lasts, opened again whenever it breaks.

use super::{Shared, http, lock, now_ms};
use crate::event::NetEvent;
use hutong_api::{
    live::{ClientMsg, Command, ServerMsg},
    page::{LoginRequest, Session},
};
use rustls::{ClientConnection, StreamOwned, pki_types::ServerName};
use std::{
    io::{self, ErrorKind, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    sync::mpsc,
    time::{Duration, Instant},
};
use tungstenite::{Message, WebSocket, client::client, handshake::client::generate_key};

const PING: Duration = Duration::from_secs(5);
/// Without a word from the service for this long the link is taken for dead (pings are answered).
const SILENCE: Duration = Duration::from_secs(15);
/// The longest a command waits before it is sent.
const TURN: Duration = Duration::from_millis(40);
const HANDSHAKE: Duration = Duration::from_secs(8);
/// Seconds before the next try, by the number of tries that failed.
const RETRY_S: [u64; 4] = [1, 2, 4, 8];

pub type Outgoing = (u32, Command);

/// Hands a command to the socket's thread; while there is none it is dropped, never kept.
pub fn send(shared: &Shared, req: u32, cmd: Command) {
    if let Some(commands) = lock(&shared.commands).as_ref() {
        drop(commands.send((req, cmd)));
    }
}

/// Runs until the session ends or another login takes its place.
pub fn session(shared: &Shared, login: LoginRequest, generation: u64) {
    let Some(mut session) = log_in(shared, &login, generation) else { return };
    *lock(&shared.credentials) = Some(login);
    let mut failed = 0;
    while shared.current(generation) {
        let (to_socket, commands) = mpsc::channel();
        match open(shared) {
            Ok(socket) => {
                failed = 0;
                *lock(&shared.commands) = Some(to_socket);
                shared.emit(NetEvent::LinkUp);
                let watch = session.permissions.iter().any(|p| p == "wall.view" || p == "*");
                if run(shared, socket, &commands, watch, generation) == End::Bye {
                    return;
                }
                *lock(&shared.commands) = None;
            }
            Err(Closed::Unauthorized) => match renew(shared, generation) {
                Some(fresh) => {
                    session = fresh;
                    continue;
                }
                None if lock(&shared.credentials).is_none() => return,
                None => {}
            },
            Err(Closed::Broken) => {}
        }
        wait(shared, failed, generation);
        failed += 1;
    }
}

/// The first login. None: it was refused, or another took its place.
fn log_in(shared: &Shared, login: &LoginRequest, generation: u64) -> Option<Session> {
    loop {
        if !shared.current(generation) {
            return None;
        }
        match http::login(shared, login) {
            Ok(session) => return Some(accept(shared, session)),
            Err(http::Fault::Refused(refusal) | http::Fault::Session(refusal)) => {
                shared.emit(NetEvent::LoginRefused(refusal));
                return None;
            }
            Err(http::Fault::Silent(why)) => {
                if let Some(fingerprint) = shared.pins.take_refused() {
                    shared.emit(NetEvent::Certificate { fingerprint, known: shared.pins.known() });
                    return None;
                }
                shared.emit(NetEvent::LoginFailed(why));
                if !shared.patient {
                    return None;
                }
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }
}

/// After a restart the service may have forgotten the session: log in again without a word.
fn renew(shared: &Shared, generation: u64) -> Option<Session> {
    let login = lock(&shared.credentials).clone()?;
    match http::login(shared, &login) {
        Ok(session) if shared.current(generation) => Some(accept(shared, session)),
        Ok(_) => None,
        Err(http::Fault::Refused(refusal) | http::Fault::Session(refusal)) => {
            *lock(&shared.credentials) = None;
            shared.emit(NetEvent::LoginRefused(refusal));
            None
        }
        Err(http::Fault::Silent(_)) => None,
    }
}

fn accept(shared: &Shared, session: Session) -> Session {
    *lock(&shared.token) = session.token.clone();
    *lock(&shared.lang) = session.lang;
    shared.emit(NetEvent::LoggedIn(Box::new(session.clone())));
    session
}

/// Says when the next try will be, and waits for it.
fn wait(shared: &Shared, failed: usize, generation: u64) {
    let delay = Duration::from_secs(RETRY_S[failed.min(RETRY_S.len() - 1)]);
    shared.emit(NetEvent::LinkDown { retry_at: now_ms() + delay.as_millis() as i64 });
    let until = Instant::now() + delay;
    while shared.current(generation) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[derive(PartialEq)]
enum End {
    Broken,
    Bye,
}

enum Closed {
    Broken,
    Unauthorized,
}

/// Carries messages both ways until the socket breaks.
fn run(
    shared: &Shared,
    mut socket: WebSocket<Stream>,
    commands: &mpsc::Receiver<Outgoing>,
    watch: bool,
    generation: u64,
) -> End {
    let (mut heard, mut pinged) = (Instant::now(), Instant::now());
    if watch && write(&mut socket, 0, Command::WatchBoard { on: true }).is_err() {
        return End::Broken;
    }
    while shared.current(generation) {
        match socket.read() {
            Ok(Message::Text(text)) => {
                heard = Instant::now();
                // A message this console does not know is not for it.
                if let Ok(msg) = serde_json::from_str::<ServerMsg>(&text) {
                    let bye = matches!(msg, ServerMsg::Bye(_));
                    shared.emit(NetEvent::Live(msg));
                    if bye {
                        return End::Bye;
                    }
                }
            }
            Ok(_) => heard = Instant::now(),
            Err(tungstenite::Error::Io(e)) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(_) => return End::Broken,
        }
        for (req, cmd) in commands.try_iter() {
            if write(&mut socket, req, cmd).is_err() {
                return End::Broken;
            }
        }
        if pinged.elapsed() >= PING {
            pinged = Instant::now();
            if write(&mut socket, 0, Command::Ping { quality: None }).is_err() {
                return End::Broken;
            }
        }
        if heard.elapsed() >= SILENCE {
            return End::Broken;
        }
    }
    drop(socket.close(None));
    drop(socket.flush());
    End::Bye
}

fn write(socket: &mut WebSocket<Stream>, req: u32, cmd: Command) -> Result<(), tungstenite::Error> {
    let text = serde_json::to_string(&ClientMsg { req, cmd }).map_err(io::Error::from)?;
    socket.send(Message::text(text))
}

fn open(shared: &Shared) -> Result<WebSocket<Stream>, Closed> {
    let stream = dial(shared).map_err(|_| Closed::Broken)?;
    let server = shared.address.server();
    let token = lock(&shared.token).clone().unwrap_or_default();
    let request = tungstenite::http::Request::get(shared.url("/api/live").replacen("http", "ws", 1))
        .header("Host", &server)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", generate_key())
        .header("Authorization", format!("Bearer {token}"))
        .body(())
        .map_err(|_| Closed::Broken)?;
    let (mut socket, _) = client(request, stream).map_err(|e| match e {
        tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer)) if answer.status().as_u16() == 401 => {
            Closed::Unauthorized
        }
        _ => Closed::Broken,
    })?;
    socket.get_mut().tcp().set_read_timeout(Some(TURN)).map_err(|_| Closed::Broken)?;
    Ok(socket)
}

fn dial(shared: &Shared) -> io::Result<Stream> {
    let address = &shared.address;
    let host = address.host.trim_matches(['[', ']']);
    let mut last = io::Error::from(ErrorKind::NotFound);
    for at in (host, address.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&at, Duration::from_secs(5)) {
            Ok(tcp) => return wrap(shared, host, tcp),
            Err(e) => last = e,
        }
    }
    Err(last)
}

fn wrap(shared: &Shared, host: &str, tcp: TcpStream) -> io::Result<Stream> {
    tcp.set_nodelay(true)?;
    tcp.set_read_timeout(Some(HANDSHAKE))?;
    tcp.set_write_timeout(Some(HANDSHAKE))?;
    if !shared.address.tls {
        return Ok(Stream::Plain(tcp));
    }
    let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
    let conn = ClientConnection::new(shared.tls.clone(), name).map_err(io::Error::other)?;
    Ok(Stream::Tls(Box::new(StreamOwned::new(conn, tcp))))
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => &tls.sock,
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.read(buf),
            Stream::Tls(tls) => tls.read(buf),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        match self {
            Stream::Plain(tcp) => tcp.write(buf),
            Stream::Tls(tls) => tls.write(buf),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Stream::Plain(tcp) => tcp.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
    }
}
