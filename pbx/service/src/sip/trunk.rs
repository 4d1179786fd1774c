//! A trunk: where it is, how fast it may be dialled, whether it lives.

use super::{
    SipEvent, SipTrunk, build,
    build::Request,
    digest,
    leg::Phase,
    message::{Message, param, split_list},
    stack::{Output, Stack, Timer},
    transaction::{HEALTH_PATIENCE, Key, What},
};
use hutong_api::{LegId, TrunkId};
use hutong_core::io::LegEndHow;
use rand::Rng;
use rsipstack::sip::{Auth, Host, HostWithPort, Method, Scheme, Uri};
use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr},
};

const HEALTH_EVERY: u64 = 30_000;
/// Seconds asked for in REGISTER.
const EXPIRES: u64 = 300;
/// Answers of legs on a removed trunk are still heard for so long, ms.
const AFTERLIFE: u64 = 4 * 3_600_000;
/// An INVITE that waited longer for its turn is sent no more; the engine paces far more finely.
const LONGEST_WAIT: u64 = 30_000;

#[derive(Debug)]
pub struct Trunk {
    pub cfg: SipTrunk,
    host: HostWithPort,
    /// The first is sent to; all are heard. Empty until looked up.
    pub peers: Vec<SocketAddr>,
    /// What we write as our address towards it.
    pub local: SocketAddr,
    pub queue: VecDeque<LegId>,
    next_slot: u64,
    health_at: u64,
    asking: bool,
    last_heard: Option<u64>,
    told: Option<(bool, Option<String>)>,
    registration: Registration,
}

#[derive(Debug, Default)]
struct Registration {
    call_id: String,
    tag: String,
    cseq: u32,
    challenged: bool,
    expires: u64,
}

impl Trunk {
    fn new(cfg: SipTrunk, port: u16) -> Option<Trunk> {
        let host = parse_host(&cfg.host)?;
        let local = SocketAddr::from(([127, 0, 0, 1], port));
        let registration = Registration { expires: EXPIRES, ..Registration::default() };
        Some(Trunk {
            cfg,
            host,
            peers: vec![],
            local,
            queue: VecDeque::new(),
            next_slot: 0,
            health_at: 0,
            asking: false,
            last_heard: None,
            told: None,
            registration,
        })
    }

    pub fn uri(&self, user: Option<&str>) -> Uri {
        let auth = user.map(|user| Auth { user: user.to_owned(), password: None });
        Uri { scheme: Some(Scheme::Sip), auth, host_with_port: self.host.clone(), params: vec![], headers: vec![] }
    }

    /// `sip:user@host`, without a port.
    pub fn address_of_record(&self, user: &str) -> Uri {
        let host_with_port = HostWithPort { host: self.host.host.clone(), port: None };
        Uri { host_with_port, ..self.uri(Some(user)) }
    }

    /// The account name; `user` may be written as `name@realm` where the carrier's realm is not its host.
    pub fn account(&self) -> &str {
        let name = self.cfg.user.split('@').next().unwrap_or("");
        if name.is_empty() { "anonymous" } else { name }
    }

    pub fn secret(&self) -> digest::Secret<'_> {
        let (user, realm) = match self.cfg.user.split_once('@') {
            Some((user, realm)) => (user, realm),
            None => (self.cfg.user.as_str(), self.cfg.host.rsplit_once(':').map_or(self.cfg.host.as_str(), |(h, _)| h)),
        };
        digest::Secret { user, password: &self.cfg.password, realm }
    }

    pub fn contact(&self) -> String {
        format!("<sip:{}@{}>", Auth { user: self.account().to_owned(), password: None }, self.local)
    }

    fn same_peer(&self, other: &SipTrunk) -> bool {
        let a = &self.cfg;
        (&a.host, &a.user, &a.password, a.register) == (&other.host, &other.user, &other.password, other.register)
    }

    fn interval(&self) -> u64 {
        1_000u64.div_ceil(u64::from(self.cfg.cps.max(1)))
    }
}

fn parse_host(text: &str) -> Option<HostWithPort> {
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(HostWithPort { host: Host::IpAddr(address.ip()), port: Some(address.port().into()) });
    }
    if let Ok(ip) = text.trim_matches(['[', ']']).parse::<IpAddr>() {
        return Some(HostWithPort { host: Host::IpAddr(ip), port: None });
    }
    let (name, port) = match text.split_once(':') {
        Some((name, port)) => (name, Some(port.parse::<u16>().ok()?.into())),
        None => (text, None),
    };
    let fits = (1..=253).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    fits.then(|| HostWithPort { host: Host::Domain(name.into()), port })
}

impl Stack {
    pub(super) fn set_trunks(&mut self, now: u64, wanted: Vec<SipTrunk>) {
        let gone: Vec<TrunkId> = self.trunks.keys().copied().filter(|id| !wanted.iter().any(|t| t.id == *id)).collect();
        for id in gone {
            self.retire(now, id);
        }
        for cfg in wanted {
            if let Some(known) = self.trunks.get_mut(&cfg.id).filter(|t| t.same_peer(&cfg)) {
                known.cfg = cfg;
                continue;
            }
            let id = cfg.id;
            self.retire(now, id);
            let Some(trunk) = Trunk::new(cfg, self.port) else {
                let fault = Some("refusal.sip.host_unknown".to_owned());
                self.out.push(Output::Event(SipEvent::Trunk { trunk: id, up: false, fault }));
                continue;
            };
            self.out.push(Output::Resolve { trunk: id, host: trunk.cfg.host.clone() });
            self.trunks.insert(id, trunk);
        }
    }

    /// Forgets a trunk; its waiting legs end, its live ones are still heard.
    fn retire(&mut self, now: u64, id: TrunkId) {
        let Some(trunk) = self.trunks.remove(&id) else { return };
        trunk.queue.into_iter().for_each(|leg| self.not_sent(leg));
        self.cleared.retain(|_, (_, until)| *until > now);
        self.cleared.extend(trunk.peers.iter().map(|p| (p.ip(), (trunk.local, now + AFTERLIFE))));
    }

    pub(super) fn resolved(&mut self, now: u64, id: TrunkId, host: &str, found: Option<(Vec<SocketAddr>, IpAddr)>) {
        let (port, external) = (self.port, self.external);
        let Some(trunk) = self.trunks.get_mut(&id).filter(|t| t.cfg.host == host) else { return };
        match found {
            Some((peers, local)) if !peers.is_empty() => {
                trunk.peers = peers;
                trunk.local = SocketAddr::new(external.unwrap_or(local), port);
                self.health_in(now, id, 0);
                self.pump(now, id);
            }
            _ => {
                let waiting = std::mem::take(&mut trunk.queue);
                waiting.into_iter().for_each(|leg| self.not_sent(leg));
                self.opinion(id, false, Some("refusal.sip.host_unknown".into()));
                self.health_in(now, id, HEALTH_EVERY);
            }
        }
    }

    fn not_sent(&mut self, leg: LegId) {
        if self.legs.get(&leg).is_some_and(|l| l.phase == Phase::Waiting) {
            self.finish(leg, LegEndHow::NotSent, None, None, false);
        }
    }

    /// Lets waiting INVITEs leave, never sooner than the trunk's calls per second allow.
    pub(super) fn pump(&mut self, now: u64, id: TrunkId) {
        let Some(trunk) = self.trunks.get_mut(&id).filter(|t| !t.peers.is_empty()) else { return };
        let mut stale = vec![];
        while let Some(leg) = trunk.queue.front().copied() {
            if self.legs.get(&leg).is_none_or(|l| l.phase != Phase::Waiting) {
                trunk.queue.pop_front();
                continue;
            }
            if now < trunk.next_slot {
                let due = trunk.next_slot;
                self.at(due, Timer::Slot(id));
                break;
            }
            trunk.queue.pop_front();
            if self.legs.get(&leg).is_some_and(|l| l.since + LONGEST_WAIT < now) {
                stale.push(leg);
                continue;
            }
            trunk.next_slot = now + trunk.interval();
            self.out.push(Output::Open(leg));
        }
        stale.into_iter().for_each(|leg| self.not_sent(leg));
    }

    /// Any datagram of the peer's is a sign of life.
    pub(super) fn heard(&mut self, now: u64, ip: IpAddr) {
        for trunk in self.trunks.values_mut().filter(|t| t.peers.iter().any(|p| p.ip() == ip)) {
            trunk.last_heard = Some(now);
        }
    }

    fn health_in(&mut self, now: u64, id: TrunkId, after: u64) {
        let Some(trunk) = self.trunks.get_mut(&id) else { return };
        trunk.health_at = now + after;
        self.at(now + after, Timer::Health(id));
    }

    /// A call found the trunk silent: ask at once.
    pub(super) fn ping_now(&mut self, now: u64, id: TrunkId) {
        if self.trunks.get(&id).is_some_and(|t| !t.asking && !t.peers.is_empty()) {
            self.health_in(now, id, 0);
        }
    }

    pub(super) fn health_due(&mut self, now: u64, id: TrunkId, due: u64) {
        let Some(trunk) = self.trunks.get_mut(&id).filter(|t| t.health_at == due && !t.asking) else { return };
        if trunk.peers.is_empty() {
            let host = trunk.cfg.host.clone();
            return self.out.push(Output::Resolve { trunk: id, host });
        }
        trunk.asking = true;
        if trunk.cfg.register {
            trunk.registration.challenged = false;
            self.register(now, id, None);
        } else {
            self.ping(now, id);
        }
    }

    fn ping(&mut self, now: u64, id: TrunkId) {
        let (key, tag, call_id) = (self.new_key(), self.tag(), format!("hto-{:032x}", self.rng.random::<u128>()));
        let Some(trunk) = self.trunks.get(&id) else { return };
        let uri = trunk.uri(None).to_string();
        let from = format!("<{}>;tag={tag}", trunk.address_of_record(trunk.account()));
        let bytes = Request::new("OPTIONS", &uri, &build::via(trunk.local, &Key::branch(key.id)))
            .identity(&from, &format!("<{uri}>"), &call_id, 1, "OPTIONS")
            .header("Contact", &trunk.contact())
            .header("Accept", "application/sdp")
            .header("User-Agent", "Hutong")
            .end(None);
        let Some(peer) = trunk.peers.first().copied() else { return };
        self.begin(now, key, What::Ping(id), peer, bytes);
    }

    /// Whatever it answers, it lives.
    pub(super) fn pinged(&mut self, now: u64, id: TrunkId) {
        self.settle(now, id, true, None, HEALTH_EVERY);
    }

    pub(super) fn health_timed_out(&mut self, now: u64, id: TrunkId) {
        let Some(trunk) = self.trunks.get(&id) else { return };
        let lives = !trunk.cfg.register && trunk.last_heard.is_some_and(|at| at + HEALTH_PATIENCE >= now);
        let fault = (!lives).then(|| "refusal.sip.trunk_silent".to_owned());
        self.settle(now, id, lives, fault, HEALTH_EVERY - HEALTH_PATIENCE);
    }

    fn settle(&mut self, now: u64, id: TrunkId, up: bool, fault: Option<String>, next: u64) {
        if let Some(trunk) = self.trunks.get_mut(&id) {
            trunk.asking = false;
        }
        self.opinion(id, up, fault);
        self.health_in(now, id, next);
    }

    fn opinion(&mut self, id: TrunkId, up: bool, fault: Option<String>) {
        let Some(trunk) = self.trunks.get_mut(&id) else { return };
        let opinion = Some((up, fault.clone()));
        if trunk.told != opinion {
            trunk.told = opinion;
            self.out.push(Output::Event(SipEvent::Trunk { trunk: id, up, fault }));
        }
    }

    /// The trunk lives, but asks for the password under a name that is not its own.
    pub(super) fn foreign_realm(&mut self, id: TrunkId, realm: &str) {
        tracing::warn!(
            trunk = id.0,
            realm,
            "challenge of a foreign realm refused; write the account as name@realm to allow it"
        );
        let up = self.trunks.get(&id).and_then(|t| t.told.as_ref()).is_none_or(|(up, _)| *up);
        self.opinion(id, up, Some("refusal.sip.realm_foreign".into()));
    }

    fn register(&mut self, now: u64, id: TrunkId, credentials: Option<(&str, &str)>) {
        let (key, tag, random) = (self.new_key(), self.tag(), self.rng.random::<u128>());
        let Some(trunk) = self.trunks.get_mut(&id) else { return };
        if trunk.registration.call_id.is_empty() {
            (trunk.registration.call_id, trunk.registration.tag) = (format!("htr-{random:032x}"), tag);
        }
        trunk.registration.cseq += 1;
        let aor = trunk.address_of_record(trunk.account());
        let r = &trunk.registration;
        let bytes =
            Request::new("REGISTER", &trunk.uri(None).to_string(), &build::via(trunk.local, &Key::branch(key.id)))
                .identity(&format!("<{aor}>;tag={}", r.tag), &format!("<{aor}>"), &r.call_id, r.cseq, "REGISTER")
                .header("Contact", &trunk.contact())
                .header("Expires", &r.expires.to_string())
                .maybe(credentials)
                .header("User-Agent", "Hutong")
                .end(None);
        let Some(peer) = trunk.peers.first().copied() else { return };
        self.begin(now, key, What::Register(id), peer, bytes);
    }

    pub(super) fn registered(&mut self, now: u64, id: TrunkId, answer: &Message) {
        let code = answer.code.unwrap_or(0);
        match code {
            200..300 => {
                let granted = self.trunks.get(&id).map_or(EXPIRES, |t| granted(answer, t)).clamp(20, 3_600);
                self.settle(now, id, true, None, granted * 1_000 * 4 / 5);
            }
            401 | 407 => self.register_challenged(now, id, code, answer),
            423 => {
                let least = answer.header("Min-Expires").and_then(|v| v.parse().ok()).unwrap_or(EXPIRES);
                if let Some(trunk) = self.trunks.get_mut(&id) {
                    trunk.registration.expires = least.clamp(60, 7_200);
                }
                self.settle(now, id, false, Some("423 Interval Too Brief".into()), 1_000);
            }
            code => self.settle(now, id, false, Some(format!("{code} {}", build::reason(code))), HEALTH_EVERY),
        }
    }

    fn register_challenged(&mut self, now: u64, id: TrunkId, code: u16, answer: &Message) {
        let cnonce = self.tag();
        let Some(trunk) = self.trunks.get_mut(&id) else { return };
        let first = !std::mem::replace(&mut trunk.registration.challenged, true);
        let fault = match digest::answer(answer, trunk.secret(), Method::Register, &trunk.uri(None), &cnonce) {
            digest::Challenge::Answer(name, value) if first => return self.register(now, id, Some((name, &value))),
            digest::Challenge::Foreign(realm) => {
                tracing::warn!(trunk = id.0, realm, "challenge of a foreign realm refused");
                "refusal.sip.realm_foreign".to_owned()
            }
            _ => format!("{code} {}", build::reason(code)),
        };
        self.settle(now, id, false, Some(fault), HEALTH_EVERY);
    }
}

/// Seconds granted to our contact.
fn granted(answer: &Message, trunk: &Trunk) -> u64 {
    let mut contacts = answer.headers("Contact").flat_map(split_list);
    let ours = contacts.find(|c| c.contains(&trunk.local.to_string()));
    let said = ours.and_then(|c| param(c, "expires")).or_else(|| answer.header("Expires"));
    said.and_then(|s| s.trim().parse().ok()).unwrap_or(trunk.registration.expires)
}
