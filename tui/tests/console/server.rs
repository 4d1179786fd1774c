//! A small service: HTTP and the live socket, enough of both to face the real client.

use crate::fixture;
use hutong_api::{
    Lang,
    board::BoardMsg,
    live::{ClientMsg, Command, RefusalText, ServerMsg},
    page::*,
};
use std::{
    collections::{BTreeSet, VecDeque},
    io::{self, BufRead, BufReader, ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};
use tungstenite::{Message, WebSocket, handshake::derive_accept_key, protocol::Role};

pub struct Server {
    pub at: SocketAddr,
    office: Arc<Office>,
    /// What clients asked for over the live socket.
    pub commands: mpsc::Receiver<Command>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Office {
    tls: Option<Arc<rustls::ServerConfig>>,
    commands: mpsc::Sender<Command>,
    sessions: Mutex<BTreeSet<String>>,
    logins: AtomicU32,
    /// Bodies of uploads, as they came.
    uploads: Mutex<Vec<Vec<u8>>>,
    /// Imports asked for after a look.
    wishes: Mutex<Vec<ImportWish>>,
    /// Boards waiting to be pushed.
    news: Mutex<VecDeque<ServerMsg>>,
    open: Mutex<Vec<TcpStream>>,
    closing: AtomicBool,
}

impl Server {
    pub fn start(at: &str, tls: Option<Arc<rustls::ServerConfig>>) -> Server {
        let listener = TcpListener::bind(at).unwrap();
        let at = listener.local_addr().unwrap();
        let (sender, commands) = mpsc::channel();
        let office = Arc::new(Office {
            tls,
            commands: sender,
            sessions: Mutex::default(),
            logins: AtomicU32::default(),
            uploads: Mutex::default(),
            wishes: Mutex::default(),
            news: Mutex::default(),
            open: Mutex::default(),
            closing: AtomicBool::default(),
        });
        let inner = office.clone();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if inner.closing.load(Ordering::SeqCst) {
                    return;
                }
                inner.open.lock().unwrap().push(stream.try_clone().unwrap());
                let office = inner.clone();
                std::thread::spawn(move || drop(office.meet(stream)));
            }
        });
        Server { at, office, commands, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("{}://127.0.0.1:{}", if self.office.tls.is_some() { "https" } else { "http" }, self.at.port())
    }

    pub fn push(&self, msg: ServerMsg) {
        self.office.news.lock().unwrap().push_back(msg);
    }

    pub fn uploads(&self) -> Vec<Vec<u8>> {
        self.office.uploads.lock().unwrap().clone()
    }

    pub fn wishes(&self) -> Vec<ImportWish> {
        self.office.wishes.lock().unwrap().clone()
    }

    pub fn logins(&self) -> u32 {
        self.office.logins.load(Ordering::SeqCst)
    }
}

/// As a kill would: every socket is gone at once.
impl Drop for Server {
    fn drop(&mut self) {
        self.office.closing.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.at));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        for stream in self.office.open.lock().unwrap().drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }
}

struct Asked {
    method: String,
    path: String,
    token: String,
    key: String,
    body: Vec<u8>,
}

impl Office {
    fn meet(&self, tcp: TcpStream) -> io::Result<()> {
        let timeouts = tcp.try_clone()?;
        match &self.tls {
            None => self.talk(tcp, &timeouts),
            Some(config) => {
                let conn = rustls::ServerConnection::new(config.clone()).map_err(io::Error::other)?;
                self.talk(rustls::StreamOwned::new(conn, tcp), &timeouts)
            }
        }
    }

    fn talk<S: Read + Write>(&self, stream: S, timeouts: &TcpStream) -> io::Result<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let asked = read(&mut stream)?;
            let known = self.sessions.lock().unwrap().contains(&asked.token);
            if asked.path == "/api/live" && known {
                write!(
                    stream.get_mut(),
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                     Sec-WebSocket-Accept: {}\r\n\r\n",
                    derive_accept_key(asked.key.as_bytes())
                )?;
                stream.get_mut().flush()?;
                timeouts.set_read_timeout(Some(Duration::from_millis(20)))?;
                return self.live(stream.into_inner());
            }
            let (status, kind, body) = self.answer(&asked, known);
            let head = format!("HTTP/1.1 {status} x\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", body.len());
            let out = stream.get_mut();
            out.write_all(head.as_bytes())?;
            out.write_all(&body)?;
            out.flush()?;
        }
    }

    fn answer(&self, asked: &Asked, known: bool) -> (u16, &'static str, Vec<u8>) {
        let refuse = |status, text: &str| {
            let body = RefusalText { code: "test".into(), text: text.into() };
            (status, "application/json", serde_json::to_vec(&body).unwrap())
        };
        if asked.path == "/api/login" {
            let login: LoginRequest = serde_json::from_slice(&asked.body).unwrap();
            if login.password != "right" {
                return refuse(401, "密码不对");
            }
            let number = self.logins.fetch_add(1, Ordering::SeqCst);
            let token = format!("token-{}-{number}", std::process::id());
            self.sessions.lock().unwrap().insert(token.clone());
            return json(&Session { token: Some(token), ..fixture::session(login.lang, &["*"]) });
        }
        if !known {
            return refuse(401, "请重新登录");
        }
        let path = asked.path.split('?').next().unwrap_or_default();
        match (asked.method.as_str(), path) {
            ("GET", "/api/catalogue") => json(&fixture::pages(Lang::Zh)),
            ("GET", "/api/notices") => json(&fixture::notices()),
            ("GET", "/api/permissions") => json(&fixture::permissions()),
            ("GET", p) if p.contains("/options/") => json(&fixture::owners()),
            ("GET", "/api/import/7") => json(&fixture::import_done()),
            ("GET", p) if p.starts_with("/api/p/") && p.matches('/').count() == 3 => {
                json(&fixture::list(&p["/api/p/".len()..], Lang::Zh))
            }
            ("GET", p) if p.ends_with("/peaks") => json(&fixture::peaks()),
            ("GET", p) if p.starts_with("/api/recording/") => (200, "audio/wav", wav()),
            ("GET", "/api/import/7/rejects") => (200, "text/csv", "行,原因\r\n14,坏\r\n".into()),
            ("POST", "/api/import/customers/look") => {
                self.uploads.lock().unwrap().push(asked.body.clone());
                json(&fixture::look(Lang::Zh))
            }
            ("POST", "/api/import/customers/run") => {
                self.wishes.lock().unwrap().push(serde_json::from_slice(&asked.body).unwrap());
                self.news.lock().unwrap().push_back(ServerMsg::Import(fixture::import_done()));
                json(&fixture::import_status())
            }
            ("POST", p) if p.starts_with("/api/undo/") => {
                let text = Some(format!("已撤销 {}", &p["/api/undo/".len()..]));
                json(&ActionReply { done: 3, text, ..ActionReply::default() })
            }
            ("POST", p) if p.contains("/action/") => {
                let asked: ActionRequest = serde_json::from_slice(&asked.body).unwrap();
                json(&ActionReply { done: asked.ids.len() as u32, ..ActionReply::default() })
            }
            ("POST", p) if p.starts_with("/api/import/") => {
                self.uploads.lock().unwrap().push(asked.body.clone());
                json(&fixture::import_status())
            }
            ("POST", "/api/p/customers") => refuse(409, "号码已存在"),
            _ => refuse(404, "没有"),
        }
    }

    fn live<S: Read + Write>(&self, stream: S) -> io::Result<()> {
        let mut socket = WebSocket::from_raw_socket(stream, Role::Server, None);
        let say = |socket: &mut WebSocket<S>, msg: &ServerMsg| {
            let text = serde_json::to_string(msg).unwrap();
            socket.send(Message::text(text)).map_err(io::Error::other)
        };
        let mut seq = 0;
        loop {
            if self.closing.load(Ordering::SeqCst) {
                return Ok(());
            }
            let news = self.news.lock().unwrap().pop_front();
            if let Some(msg) = news {
                let msg = match msg {
                    ServerMsg::Board(board) => {
                        seq += 1;
                        ServerMsg::Board(BoardMsg { seq, ..board })
                    }
                    other => other,
                };
                say(&mut socket, &msg)?;
            }
            match socket.read() {
                Ok(Message::Text(text)) => {
                    let ClientMsg { req, cmd } = serde_json::from_str(&text).unwrap();
                    if cmd == (Command::WatchBoard { on: true }) {
                        seq = 1;
                        say(&mut socket, &ServerMsg::Board(fixture::board()))?;
                    }
                    say(&mut socket, &ServerMsg::Reply { req, refusal: None })?;
                    drop(self.commands.send(cmd));
                }
                Ok(_) => {}
                Err(tungstenite::Error::Io(e)) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                Err(e) => return Err(io::Error::other(e)),
            }
        }
    }
}

/// Two seconds of silence, as Hutong records it.
fn wav() -> Vec<u8> {
    let mut wav = b"RIFF\xa4\x7d\0\0WAVEfmt \x10\0\0\0\x06\0\x02\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x08\0".to_vec();
    wav.extend(b"data\0\x7d\0\0");
    wav.resize(wav.len() + 32_000, 0xd5);
    wav
}

fn json(value: &impl serde::Serialize) -> (u16, &'static str, Vec<u8>) {
    (200, "application/json", serde_json::to_vec(value).unwrap())
}

fn read(stream: &mut impl BufRead) -> io::Result<Asked> {
    let mut line = String::new();
    let mut next = |stream: &mut dyn BufRead| -> io::Result<String> {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    };
    let first = next(stream)?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (mut token, mut key, mut length, mut chunked) = (String::new(), String::new(), 0, false);
    loop {
        let header = next(stream)?;
        let Some((name, value)) = header.split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "authorization" => token = value.trim_start_matches("Bearer ").to_owned(),
            "sec-websocket-key" => key = value.to_owned(),
            "content-length" => length = value.parse().unwrap(),
            "transfer-encoding" => chunked = true,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    while chunked {
        let size = usize::from_str_radix(&next(stream)?, 16).unwrap();
        let start = body.len();
        body.resize(start + size, 0);
        stream.read_exact(&mut body[start..])?;
        next(stream)?;
        chunked = size > 0;
    }
    Ok(Asked { method, path, token, key, body })
}
