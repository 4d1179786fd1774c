//! The live socket over a real connection.

use super::{Office, PASSWORD};
use crate::{
    http::{App, live::complete, serve},
    shell::{Msg, Shell},
};
use futures_util::{SinkExt, StreamExt};
use hutong_api::{
    Lang,
    live::{Pop, ServerMsg},
};
use hutong_core::io::{Input, SeatEvent};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub async fn connect(address: SocketAddr, token: &str, origin: Option<&str>) -> Result<Socket, Error> {
    let mut request = format!("ws://{address}/api/live").into_client_request().unwrap();
    if !token.is_empty() {
        request.headers_mut().insert("cookie", format!("hutong={token}").parse().unwrap());
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    connect_async(request).await.map(|(socket, _)| socket)
}

pub fn status(result: Result<Socket, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("{other:?}"),
    }
}

pub async fn next(socket: &mut Socket) -> ServerMsg {
    loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            return serde_json::from_str(&text).unwrap();
        }
    }
}

/// The refusal's code of the reply to a command, empty when done.
pub async fn ask(socket: &mut Socket, req: u32, command: &str) -> String {
    socket.send(Message::Text(format!(r#"{{"req":{req},{command}}}"#).into())).await.unwrap();
    loop {
        if let ServerMsg::Reply { req: answered, refusal } = next(socket).await {
            assert_eq!(answered, req);
            return refusal.map(|refusal| refusal.code).unwrap_or_default();
        }
    }
}

#[tokio::test]
async fn commands_are_answered_checked_and_a_newer_login_ends_the_older() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    assert_eq!(status(connect(address, "", None).await), 401);
    let token = login(address, "agent").await;
    assert_eq!(status(connect(address, &token, Some("http://evil.example")).await), 403);

    let own = format!("http://{address}");
    let mut socket = connect(address, &token, Some(&own)).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    assert_eq!(ask(&mut socket, 2, r#""cmd":"watch_board","on":true"#).await, "permission.denied");
    assert_eq!(ask(&mut socket, 3, r#""cmd":"force_idle","seat":5"#).await, "permission.denied");
    assert_eq!(ask(&mut socket, 4, r#""cmd":"dial","number":"1a""#).await, "import.number.not_a_number");
    assert_eq!(ask(&mut socket, 5, r#""cmd":"sign_in""#).await, "service.stopping");
    socket.send(Message::Text("nonsense".into())).await.unwrap();
    assert!(matches!(next(&mut socket).await, ServerMsg::Reply { req: 0, refusal: Some(_) }));

    login(address, "agent").await;
    let ServerMsg::Bye(bye) = next(&mut socket).await else { panic!("no bye") };
    assert_eq!(bye.code, "session.newer_login");
    assert!(matches!(socket.next().await, None | Some(Ok(Message::Close(_)) | Err(_))));
}

#[tokio::test]
async fn a_supervisor_reaches_his_own_company_only() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let token = login(address, "admin").await;
    let mut socket = connect(address, &token, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"watch_board","on":true"#).await, "");
    for (req, command) in [
        (2, r#""cmd":"force_idle","seat":14"#),
        (3, r#""cmd":"campaign_start","campaign":11"#),
        (4, r#""cmd":"hang_up_call","call":1"#),
    ] {
        assert_eq!(ask(&mut socket, req, command).await, "row.unknown", "{command}");
    }
    assert_eq!(ask(&mut socket, 5, r#""cmd":"campaign_start","campaign":1"#).await, "service.stopping");
    office.sql("UPDATE role SET permissions = '[]' WHERE id = 1").await;
    assert_eq!(ask(&mut socket, 6, r#""cmd":"campaign_start","campaign":1"#).await, "permission.denied");
}

/// A page that died still has a leg: it must not pass for the phone of the next login.
#[tokio::test]
async fn a_login_puts_the_older_leg_down_a_reconnect_does_not() {
    let office = Office::open().await;
    let (shell, mut heard) = Shell::overheard();
    let address = serve(App { shell, ..office.app.clone() }).await.unwrap();
    let mut next_event = async || loop {
        if let Msg::Input(input) = heard.recv().await.unwrap()
            && let Input::Seat { event, .. } = *input
        {
            return event;
        }
    };
    let token = login(address, "agent").await;
    assert_eq!(next_event().await, SeatEvent::PhoneDown);
    for _ in 0..2 {
        let socket = connect(address, &token, None).await.unwrap();
        assert_eq!(next_event().await, SeatEvent::Online);
        drop(socket);
        assert_eq!(next_event().await, SeatEvent::Offline);
    }
    login(address, "agent").await;
    assert_eq!(next_event().await, SeatEvent::PhoneDown);
}

#[tokio::test]
async fn a_second_tab_takes_the_place_of_the_first() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let token = login(address, "agent").await;
    let mut first = connect(address, &token, None).await.unwrap();
    assert_eq!(ask(&mut first, 1, r#""cmd":"ping""#).await, "");
    let mut second = connect(address, &token, None).await.unwrap();
    assert_eq!(ask(&mut second, 1, r#""cmd":"ping""#).await, "");
    let ServerMsg::Bye(bye) = next(&mut first).await else { panic!("no bye") };
    assert_eq!(bye.code, "session.other_tab");
    assert_eq!(ask(&mut second, 2, r#""cmd":"ping""#).await, "", "the second goes on");
}

#[tokio::test]
async fn who_is_online_hears_that_the_customers_fields_have_changed() {
    let office = Office::open().await;
    let address = serve(office.app.clone()).await.unwrap();
    let (agent, admin) = (login(address, "agent").await, login(address, "admin").await);
    let mut socket = connect(address, &agent, None).await.unwrap();
    assert_eq!(ask(&mut socket, 1, r#""cmd":"ping""#).await, "");
    post(address, "/api/p/customer_fields", &admin, r#"{"name":"车牌"}"#).await;
    let ServerMsg::Changed { page } = next(&mut socket).await else { panic!("not told") };
    assert_eq!(page, "customer_fields");
}

#[test]
fn a_projects_form_begins_with_the_pages_own_fields_in_the_readers_language() {
    let pop = |form: serde_json::Value| -> Pop {
        serde_json::from_value(
            serde_json::json!({"call": 1, "kind": "campaign", "number": "", "card": {}, "form": form}),
        )
        .unwrap()
    };
    let mut plain = pop(serde_json::json!([]));
    complete(&mut plain, Lang::En);
    assert!(plain.form.is_empty(), "the page's own form");
    let further = serde_json::json!([{"id": "p1", "title": "预算", "kind": "number", "required": false, "max_chars": 0,
        "choices": [], "options_from": null, "default": "", "fixed": false, "advanced": false}]);
    let mut own = pop(further);
    complete(&mut own, Lang::En);
    let titles: Vec<_> = own.form.iter().map(|field| field.title.as_str()).collect();
    assert_eq!(titles, ["Visit type", "Disposition", "Content", "预算"]);
}

/// Over the wire, as a page does.
pub async fn login(address: SocketAddr, account: &str) -> String {
    let body = format!(r#"{{"company":"c1","account":"{account}","password":"{PASSWORD}"}}"#);
    let (_, reply) = post(address, "/api/login", "", &body).await;
    let token = reply.split("\"token\":\"").nth(1).expect(&reply);
    token[..64].to_owned()
}

/// Status and whole answer of a request to the served address, whose sockets are others than the bare router's.
pub async fn post(address: SocketAddr, path: &str, token: &str, body: &str) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(address).await.unwrap();
    let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n{bearer}Content-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    let status = reply.split(' ').nth(1).and_then(|code| code.parse().ok()).expect(&reply);
    (status, reply)
}

/// The next text frame as it came over the wire; None when nothing comes for a while.
pub async fn frame(socket: &mut Socket) -> Option<String> {
    let next = async {
        loop {
            if let Message::Text(text) = socket.next().await?.ok()? {
                return Some(text.to_string());
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), next).await.ok().flatten()
}

/// A file with its multipart frame, posted to the same service that holds the sockets.
pub async fn post_file(address: SocketAddr, token: &str, path: &str, body: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: multipart/form-data; boundary=B\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();
    reply
}
