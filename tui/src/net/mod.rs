//! The service over HTTP and its live socket. Every request runs on a thread of its own; answers come back as events.

mod http;
mod live;
pub mod tls;

use crate::event::{NetEvent, Request};
use hutong_api::{Lang, page::LoginRequest};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
    mpsc,
};
use tls::Pins;

/// Where the service is: `http://` or `https://`, host, port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub tls: bool,
    pub host: String,
    pub port: u16,
}

impl Address {
    pub fn parse(url: &str) -> Option<Address> {
        let (tls, rest) = match url.split_once("://") {
            Some(("http", rest)) => (false, rest),
            Some(("https", rest)) => (true, rest),
            Some(_) => return None,
            None => (true, url),
        };
        let rest = rest.trim_end_matches('/');
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok()?),
            _ => (rest, if tls { 8443 } else { 80 }),
        };
        (!host.is_empty() && !host.contains('/')).then(|| Address { tls, host: host.to_owned(), port })
    }

    /// `host:port`
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    fn base(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.server())
    }
}

pub type Emit = Arc<dyn Fn(NetEvent) + Send + Sync>;

/// A handle; clones share one session.
#[derive(Clone)]
pub struct Net {
    shared: Arc<Shared>,
}

struct Shared {
    address: Address,
    agent: ureq::Agent,
    tls: Arc<rustls::ClientConfig>,
    pins: Arc<Pins>,
    emit: Emit,
    /// Log in again and again while the service does not answer yet: the password came with the start.
    patient: bool,
    token: Mutex<Option<String>>,
    /// Kept for the silent new login after a restart of the service.
    credentials: Mutex<Option<LoginRequest>>,
    lang: Mutex<Lang>,
    commands: Mutex<Option<mpsc::Sender<live::Outgoing>>>,
    /// Counts logins; a thread of an older one ends.
    generation: AtomicU64,
}

impl Net {
    /// Errors where TLS cannot be set up at all.
    pub fn new(address: Address, pins: Pins, patient: bool, emit: Emit) -> anyhow::Result<Net> {
        let pins = Arc::new(pins);
        let tls = tls::config(pins.clone())?;
        let agent = http::agent(tls.clone());
        let shared = Shared {
            address,
            agent,
            tls,
            pins,
            emit,
            patient,
            token: Mutex::default(),
            credentials: Mutex::default(),
            lang: Mutex::default(),
            commands: Mutex::default(),
            generation: AtomicU64::default(),
        };
        Ok(Net { shared: Arc::new(shared) })
    }

    /// Never blocks.
    pub fn request(&self, request: Request) {
        let net = self.clone();
        match request {
            Request::Send { req, cmd } => live::send(&self.shared, req, cmd),
            Request::Trust(fingerprint) => {
                if let Err(error) = self.shared.pins.trust(&fingerprint) {
                    http::refuse(&self.shared, "error.save", &error.to_string());
                }
            }
            Request::Logout => {
                self.shared.generation.fetch_add(1, Ordering::SeqCst);
                *lock(&self.shared.credentials) = None;
                *lock(&self.shared.commands) = None;
                let token = lock(&self.shared.token).take();
                spawn(move || http::logout(&net.shared, token));
            }
            Request::Login { company, account, password, lang } => {
                let generation = self.shared.generation.fetch_add(1, Ordering::SeqCst) + 1;
                let login = LoginRequest { company, account, password, lang };
                spawn(move || live::session(&net.shared, login, generation));
            }
            Request::Audio(_) | Request::Redraw => {}
            other => spawn(move || http::serve(&net.shared, other)),
        }
    }
}

impl Shared {
    fn emit(&self, event: NetEvent) {
        (self.emit)(event);
    }

    fn url(&self, path: &str) -> String {
        self.address.base() + path
    }

    fn current(&self, generation: u64) -> bool {
        self.generation.load(Ordering::SeqCst) == generation
    }
}

fn spawn(work: impl FnOnce() + Send + 'static) {
    // Without a thread there is no answer; the person asks again.
    drop(std::thread::Builder::new().name("net".into()).spawn(work));
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `a=1&b=%E5…`
pub fn query_string(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(k, v)| format!("{}={}", percent(k), percent(v))).collect::<Vec<_>>().join("&")
}

fn percent(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Local epoch ms.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_addresses() {
        let address = |tls, host: &str, port| Some(Address { tls, host: host.into(), port });
        assert_eq!(Address::parse("http://127.0.0.1:8080"), address(false, "127.0.0.1", 8080));
        assert_eq!(Address::parse("box:8443"), address(true, "box", 8443));
        assert_eq!(Address::parse("https://box/"), address(true, "box", 8443));
        assert_eq!(Address::parse("https://[::1]"), address(true, "[::1]", 8443));
        assert_eq!(Address::parse("ftp://box"), None);
        assert_eq!(Address::parse("http://:80"), None);
        assert_eq!(Address::parse("http://a:b"), None);
    }

    #[test]
    fn queries_are_escaped() {
        let query = query_string(&[("q.name".into(), "张 &".into()), ("page".into(), "1".into())]);
        assert_eq!(query, "q.name=%E5%BC%A0%20%26&page=1");
    }
}
