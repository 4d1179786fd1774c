//! The real transport against the small service: login, live socket, reconnect, uploads, pinned certificates.

use crate::{fixture, server::Server};
use hutong_api::{
    BatchId, CampaignId, Lang, SeatId,
    live::{Command, ServerMsg},
    page::ImportWish,
};
use hutong_console::{
    event::{Deed, NetEvent, Request},
    net::{Address, Net, tls::Pins},
};
use std::{
    path::PathBuf,
    sync::{Arc, mpsc},
    time::Duration,
};

struct Client {
    net: Net,
    events: mpsc::Receiver<NetEvent>,
}

impl Client {
    fn new(url: &str, pins: Pins, patient: bool) -> Client {
        let (sender, events) = mpsc::channel();
        let emit = Arc::new(move |event| drop(sender.send(event)));
        Client { net: Net::new(Address::parse(url).unwrap(), pins, patient, emit).unwrap(), events }
    }

    fn plain(server: &Server) -> Client {
        let url = server.url();
        Client::new(&url, Pins::load(None, "x"), false)
    }

    fn log_in(&self, password: &str) {
        let [company, account, password] = ["ab01", "admin", password].map(str::to_owned);
        self.net.request(Request::Login { company, account, password, lang: Lang::Zh });
    }

    /// The first event that `pick` takes; others are passed over.
    fn wait<T>(&self, what: &str, pick: impl Fn(NetEvent) -> Option<T>) -> T {
        let until = std::time::Instant::now() + Duration::from_secs(20);
        loop {
            let left = until.saturating_duration_since(std::time::Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => {
                    if let Some(found) = pick(event) {
                        return found;
                    }
                }
                Err(_) => panic!("no {what}"),
            }
        }
    }

    fn wait_board(&self) -> u32 {
        self.wait("board", |e| match e {
            NetEvent::Live(ServerMsg::Board(board)) => Some(board.totals.unwrap().dialled),
            _ => None,
        })
    }

    fn wait_refusal(&self) -> String {
        self.wait("refusal", |e| match e {
            NetEvent::LoginRefused(r) | NetEvent::Refused { refusal: r, .. } => Some(r.text),
            _ => None,
        })
    }
}

#[test]
fn logs_in_watches_and_commands() {
    let server = Server::start("127.0.0.1:0", None);
    let client = Client::plain(&server);
    client.log_in("wrong");
    assert_eq!(client.wait_refusal(), "密码不对");
    client.log_in("right");
    assert_eq!(client.wait_board(), 1243);
    let mut board = fixture::board();
    board.totals.as_mut().unwrap().dialled = 1244;
    server.push(ServerMsg::Board(board));
    assert_eq!(client.wait_board(), 1244);
    let cmd = Command::CampaignPause { campaign: CampaignId(537) };
    client.net.request(Request::Send { req: 9, cmd: cmd.clone() });
    assert!(server.commands.iter().any(|c| c == cmd));
    client.wait("reply", |e| matches!(e, NetEvent::Live(ServerMsg::Reply { req: 9, refusal: None })).then_some(()));
}

#[test]
fn survives_a_restart_that_forgot_the_session() {
    let server = Server::start("127.0.0.1:0", None);
    let at = server.at.to_string();
    let client = Client::plain(&server);
    client.log_in("right");
    client.wait_board();
    drop(server);
    client.wait("link down", |e| matches!(e, NetEvent::LinkDown { .. }).then_some(()));
    let server = Server::start(&at, None);
    client.wait("silent login", |e| matches!(e, NetEvent::LoggedIn(_)).then_some(()));
    client.wait("link up", |e| matches!(e, NetEvent::LinkUp).then_some(()));
    client.wait_board();
    assert_eq!(server.logins(), 1);
}

#[test]
fn with_a_given_password_it_waits_for_the_service() {
    let server = Server::start("127.0.0.1:0", None);
    let at = server.at.to_string();
    let url = server.url();
    drop(server);
    let client = Client::new(&url, Pins::load(None, "x"), true);
    client.log_in("right");
    client.wait("failure", |e| matches!(e, NetEvent::LoginFailed(_)).then_some(()));
    let _server = Server::start(&at, None);
    client.wait_board();
}

#[test]
fn uploads_downloads_and_says_what_failed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("名单.csv");
    std::fs::write(&file, "电话\r\n13800138000\r\n").unwrap();
    let server = Server::start("127.0.0.1:0", None);
    let client = Client::plain(&server);
    client.log_in("right");
    client.wait_board();
    client.net.request(Request::Upload {
        page: "campaigns".into(),
        campaign: Some(537),
        sync: false,
        path: file.clone(),
    });
    let batch = client.wait("import", |e| if let NetEvent::Import(s) = e { Some(s.batch) } else { None });
    assert_eq!(batch, BatchId(7));
    let body = String::from_utf8(server.uploads().remove(0)).unwrap();
    assert!(body.contains("filename=\"名单.csv\"") && body.contains("\r\n\r\n电话\r\n13800138000\r\n\r\n--"), "{body}");

    let into = dir.path().join("名单.rejects.csv");
    let saved = |into: &PathBuf| {
        client.net.request(Request::Download { path: "/api/import/7/rejects".into(), into: into.clone() });
        client.wait("file", |e| if let NetEvent::FileSaved(path) = e { Some(path) } else { None })
    };
    assert_eq!(saved(&into), into);
    assert_eq!(saved(&into), dir.path().join("名单.rejects-2.csv"), "nothing is overwritten");
    assert_eq!(std::fs::read_to_string(&into).unwrap(), "行,原因\r\n14,坏\r\n");

    client.net.request(Request::Upload {
        page: "campaigns".into(),
        campaign: None,
        sync: false,
        path: dir.path().join("none"),
    });
    assert!(client.wait_refusal().contains("读不了文件"));
    let values = [("mobile".to_owned(), "1".to_owned())].into();
    client.net.request(Request::Save { page: "customers".into(), id: None, values });
    assert_eq!(client.wait_refusal(), "号码已存在");
}

#[test]
fn a_file_is_looked_at_imported_and_taken_back() {
    let server = Server::start("127.0.0.1:0", None);
    let client = Client::plain(&server);
    client.log_in("right");
    client.wait_board();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("客户名单6月.csv");
    std::fs::write(&path, "电话,姓名\n15400001111,谢\n").unwrap();
    client.net.request(Request::Look { page: "customers".into(), path });
    let look = client.wait("look", |e| if let NetEvent::Looked(look) = e { Some(look) } else { None });
    assert_eq!(look, fixture::look(Lang::Zh));
    let body = String::from_utf8(server.uploads().remove(0)).unwrap();
    assert!(body.contains("filename=\"客户名单6月.csv\"") && body.contains("15400001111"), "{body}");
    let wish =
        ImportWish { look: look.look, existing: "merge".into(), owners: vec![SeatId(4)], ..ImportWish::default() };
    client.net.request(Request::RunImport { page: "customers".into(), wish: wish.clone() });
    let done = client.wait("end", |e| match e {
        NetEvent::Live(ServerMsg::Import(status)) => Some(status),
        _ => None,
    });
    assert_eq!((server.wishes(), done.undo.as_deref()), (vec![wish], Some("import-7")));
    client.net.request(Request::Undo("import-7".into()));
    let reply = client.wait("undo", |e| if let NetEvent::Undone(reply) = e { Some(reply) } else { None });
    assert_eq!(reply.text.as_deref(), Some("已撤销 import-7"));
    let deed = Deed { page: "customers".into(), action: "assign".into(), ids: vec![1, 2], ..Deed::default() };
    client.net.request(Request::Action(deed));
    let done =
        client.wait("action", |e| if let NetEvent::ActionDone { reply, .. } = e { Some(reply.done) } else { None });
    assert_eq!(done, 2);
    client.net.request(Request::Permissions);
    let tree = client.wait("tree", |e| if let NetEvent::Permissions(tree) = e { Some(tree.len()) } else { None });
    assert_eq!(tree, 2);
    client.net.request(Request::Look { page: "customers".into(), path: dir.path().join("none") });
    assert!(client.wait_refusal().contains("读不了文件"));
}

/// A service that takes everything in and says nothing.
#[test]
fn a_silent_service_holds_nobody_up() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new(&format!("http://{}", silent.local_addr().unwrap()), Pins::load(None, "x"), false);
    let began = std::time::Instant::now();
    client.log_in("right");
    for tag in 0..50 {
        client.net.request(Request::List { page: "customers".into(), tag, query: vec![] });
        client.net.request(Request::Send { req: 1, cmd: Command::WatchBoard { on: true } });
    }
    client.net.request(Request::Look { page: "customers".into(), path: "/etc/hostname".into() });
    assert!(began.elapsed() < Duration::from_secs(2), "asking waits for no answer: {:?}", began.elapsed());

    let mut desk = fixture::Desk::open(Lang::Zh, (120, 36));
    desk.press("5");
    for request in desk.asked() {
        client.net.request(request);
    }
    desk.press("9").press("<Tab>").press("8").press("<Tab><Down>").press(":").press("<Esc>").press("3<Down>");
    assert_eq!(desk.state.screen, hutong_console::state::Screen::Agents);
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

#[test]
fn a_certificate_is_asked_about_once_and_again_when_it_changes() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("hutong").join("pins");
    let server = Server::start("127.0.0.1:0", Some(certificate()));
    let (at, name, url) = (server.at.to_string(), server.at.to_string(), server.url());
    let client = Client::new(&url, Pins::load(Some(file.clone()), &name), false);
    let asked = |client: &Client| {
        client.log_in("right");
        client.wait("question", |e| match e {
            NetEvent::Certificate { fingerprint, known } => Some((fingerprint, known)),
            NetEvent::LoggedIn(_) => panic!("logged in without a question"),
            _ => None,
        })
    };
    let (first, known) = asked(&client);
    assert_eq!((first.len(), known), (64, None));
    assert_eq!(asked(&client).0, first, "asking is not accepting");
    client.net.request(Request::Trust(first.clone()));
    client.log_in("right");
    client.wait_board();
    drop(client);
    drop(server);

    let other = Server::start(&at, Some(certificate()));
    let client = Client::new(&url, Pins::load(Some(file), &name), false);
    let (second, known) = asked(&client);
    assert_ne!(second, first);
    assert_eq!(known, Some(first), "kept from the first run");
    assert_eq!(other.logins(), 0, "the password went to nobody");
}

fn certificate() -> Arc<rustls::ServerConfig> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".into()]).unwrap();
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key.into()).unwrap())
}
