//! The simulated carrier: a SIP user agent server over loopback UDP with seeded callees and real RTP. Its messages are
//! parsed and built with `rsip`, so that the service always faces a second, independent parser. Its log is the truth
//! about calls when the service is killed.

mod arrivals;
mod call;
mod callee;
mod hostile;
mod log;
mod voice;
mod wire;

use anyhow::{Context, bail};
use call::Call;
use std::{
    collections::{HashMap, HashSet},
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};
use tokio::{net::UdpSocket, time::MissedTickBehavior};

#[derive(clap::Args, Debug, Clone)]
pub struct Args {
    /// Loopback address and port to listen on; port 0 takes a free one.
    #[arg(long)]
    pub listen: SocketAddr,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Rings and talks of seconds instead of a real day's.
    #[arg(long)]
    pub quick: bool,
    /// One JSON line per event is appended here.
    #[arg(long)]
    pub log: Option<PathBuf>,
    /// Challenge INVITE and REGISTER for this account.
    #[arg(long, requires = "password")]
    pub user: Option<String>,
    #[arg(long)]
    pub password: Option<String>,
    /// Realm of the challenge; the listen address if absent.
    #[arg(long)]
    pub realm: Option<String>,
    /// Exit when standard input closes.
    #[arg(long)]
    pub die_with_parent: bool,
    /// Exit when the service has not said a word for so many seconds (its OPTIONS come every 30 s) and no call is up.
    #[arg(long)]
    pub orphan_exit: Option<u64>,
}

/// Live calls at most; more are refused with 503.
const MOST_CALLS: usize = 2_000;

pub fn run(args: Args) -> anyhow::Result<()> {
    if !args.listen.ip().is_loopback() {
        bail!("the simulated carrier listens on loopback only, not on {}", args.listen);
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve(args))
}

async fn serve(args: Args) -> anyhow::Result<()> {
    let socket = UdpSocket::bind(args.listen).await.with_context(|| format!("cannot bind {}", args.listen))?;
    let address = socket.local_addr()?;
    // `try_send_to` fails until the runtime has once seen the socket writable.
    socket.writable().await?;
    let log = log::Log::open(args.log.as_deref())?;
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    if args.die_with_parent {
        watch_parent();
    }
    println!("{}", serde_json::json!({ "listening": address.to_string() }));
    let mut carrier = Carrier {
        args,
        address,
        socket,
        log,
        calls: HashMap::new(),
        no_circuit: HashSet::new(),
        epoch: Instant::now(),
    };
    let mut ticks = tokio::time::interval(Duration::from_millis(20));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut buffer = vec![0u8; 65_536];
    let mut heard = Instant::now();
    loop {
        tokio::select! {
            received = carrier.socket.recv_from(&mut buffer) => if let Ok((length, from)) = received {
                heard = Instant::now();
                carrier.datagram(from, &buffer[..length]);
            },
            _ = ticks.tick() => {
                carrier.tick();
                let orphan = carrier.args.orphan_exit.is_some_and(|s| heard.elapsed() > Duration::from_secs(s));
                if orphan && carrier.calls.is_empty() {
                    return Ok(());
                }
            }
            _ = terminate.recv() => return Ok(()),
        }
    }
}

/// Standard input is read on a thread of its own: its end is the parent's.
fn watch_parent() {
    std::thread::spawn(|| {
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        std::process::exit(0);
    });
}

struct Carrier {
    args: Args,
    address: SocketAddr,
    socket: UdpSocket,
    log: log::Log,
    calls: HashMap<String, Call>,
    /// Numbers that found no circuit once; the next try gets through.
    no_circuit: HashSet<String>,
    epoch: Instant,
}

impl Carrier {
    fn now(&self) -> u64 {
        self.epoch.elapsed().as_millis() as u64
    }

    fn send(&self, to: SocketAddr, bytes: &[u8]) {
        // A lost datagram is repeated by its transaction.
        let _ = self.socket.try_send_to(bytes, to);
    }

    fn datagram(&mut self, from: SocketAddr, bytes: &[u8]) {
        match rsip::SipMessage::try_from(bytes) {
            Ok(rsip::SipMessage::Request(request)) => self.request(from, &request),
            Ok(rsip::SipMessage::Response(response)) => self.response(&response),
            // Keep-alives are no messages either.
            Err(error) if bytes.len() > 4 => self.log.odd(&format!("{error}")),
            Err(_) => {}
        }
    }

    fn request(&mut self, from: SocketAddr, request: &rsip::Request) {
        let Some(call_id) = wire::call_id(request) else { return };
        let now = self.now();
        match request.method {
            rsip::Method::Invite => self.invite(now, from, &call_id, request),
            rsip::Method::Ack => {
                if let Some(call) = self.calls.get_mut(&call_id) {
                    call.acknowledged();
                }
            }
            rsip::Method::Options => self.send(from, &wire::response(request, 200, "c0", &[], None)),
            rsip::Method::Register => self.register(from, request),
            rsip::Method::Bye | rsip::Method::Cancel | rsip::Method::Info => {
                let Some(call) = self.calls.get_mut(&call_id) else {
                    return self.send(from, &wire::response(request, 481, "c0", &[], None));
                };
                let out = match request.method {
                    rsip::Method::Bye => call.bye(now, from, request, &mut self.log),
                    rsip::Method::Cancel => call.cancel(now, from, request, &mut self.log),
                    _ => vec![(from, wire::response(request, 200, "c0", &[], None))],
                };
                out.iter().for_each(|(to, bytes)| self.send(*to, bytes));
            }
            _ => self.send(from, &wire::response(request, 501, "c0", &[], None)),
        }
    }

    fn invite(&mut self, now: u64, from: SocketAddr, call_id: &str, request: &rsip::Request) {
        if let Some(call) = self.calls.get(call_id) {
            let again = call.invited_again(request);
            return again.into_iter().for_each(|(to, bytes)| self.send(to, &bytes));
        }
        self.send(from, &wire::response(request, 100, "", &[], None));
        if !self.may(request) {
            return self.challenge(from, request);
        }
        if self.calls.len() >= MOST_CALLS {
            return self.send(from, &wire::response(request, 503, "c0", &[], None));
        }
        match Call::new(now, from, self.address, request, &self.args) {
            Some(mut call) => {
                if let Some(plan) = callee::next_try(self.args.seed, &call.number, self.args.quick)
                    && !self.no_circuit.insert(call.number.clone())
                {
                    call.plan = plan;
                }
                self.log.call("invite", &call, None);
                self.calls.insert(call_id.to_owned(), call);
            }
            None => self.send(from, &wire::response(request, 400, "c0", &[], None)),
        }
    }

    fn realm(&self) -> String {
        self.args.realm.clone().unwrap_or_else(|| self.address.ip().to_string())
    }

    fn may(&self, request: &rsip::Request) -> bool {
        match (&self.args.user, &self.args.password) {
            (Some(user), Some(password)) => wire::proves(request, user, password, &self.realm(), &self.nonce()),
            _ => true,
        }
    }

    /// One nonce a run is enough here: what is tested is the client.
    fn nonce(&self) -> String {
        format!("n{:016x}", callee::mix(self.args.seed ^ u64::from(self.address.port())))
    }

    fn challenge(&self, from: SocketAddr, request: &rsip::Request) {
        let ask = format!("Digest realm=\"{}\", nonce=\"{}\", algorithm=MD5, qop=\"auth\"", self.realm(), self.nonce());
        let register = request.method == rsip::Method::Register;
        let (code, name) = if register { (401, "WWW-Authenticate") } else { (407, "Proxy-Authenticate") };
        self.send(from, &wire::response(request, code, "c0", &[(name, &ask)], None));
    }

    fn register(&self, from: SocketAddr, request: &rsip::Request) {
        if !self.may(request) {
            return self.challenge(from, request);
        }
        let contact = wire::value(request, "Contact").map(|c| format!("{c};expires=120"));
        let headers: Vec<(&str, &str)> = contact.iter().map(|c| ("Contact", c.as_str())).collect();
        self.send(from, &wire::response(request, 200, "c0", &headers, None));
    }

    fn response(&mut self, response: &rsip::Response) {
        if let Some(call) = wire::call_id(response).and_then(|id| self.calls.get_mut(&id)) {
            call.answered_bye(response);
        }
    }

    fn tick(&mut self) {
        let now = self.now();
        let mut out = Vec::new();
        for call in self.calls.values_mut() {
            call.tick(now, &mut self.log, &mut out);
        }
        out.iter().for_each(|(to, bytes)| self.send(*to, bytes));
        self.calls.retain(|_, call| !call.over(now));
    }
}
