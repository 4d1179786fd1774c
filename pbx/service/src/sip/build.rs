//! What we put on the wire, as text.

use super::message::{Message, param, split_list};
use std::net::SocketAddr;

pub const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE";

/// A request under construction; headers in the order given.
pub struct Request {
    text: String,
}

impl Request {
    pub fn new(method: &str, uri: &str, via: &str) -> Request {
        Request { text: format!("{method} {uri} SIP/2.0\r\nVia: {via}\r\nMax-Forwards: 70\r\n") }
    }

    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(value);
        self.text.push_str("\r\n");
        self
    }

    pub fn maybe(self, header: Option<(&str, &str)>) -> Request {
        match header {
            Some((name, value)) => self.header(name, value),
            None => self,
        }
    }

    pub fn routes(self, routes: &[String]) -> Request {
        routes.iter().fold(self, |request, route| request.header("Route", route))
    }

    pub fn identity(self, from: &str, to: &str, call_id: &str, cseq: u32, method: &str) -> Request {
        self.header("From", from)
            .header("To", to)
            .header("Call-ID", call_id)
            .header("CSeq", &format!("{cseq} {method}"))
    }

    pub fn end(mut self, sdp: Option<&str>) -> Vec<u8> {
        match sdp {
            Some(sdp) => self
                .text
                .push_str(&format!("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}", sdp.len())),
            None => self.text.push_str("Content-Length: 0\r\n\r\n"),
        }
        self.text.into_bytes()
    }
}

/// `SIP/2.0/UDP host:port;rport;branch=…`
pub fn via(local: SocketAddr, branch: &str) -> String {
    format!("SIP/2.0/UDP {local};rport;branch={branch}")
}

/// An answer to a request (RFC 3261 §8.2.6, RFC 3581 §4). `to_tag` is added where the request has none.
pub fn answer(
    request: &Message,
    from: SocketAddr,
    code: u16,
    to_tag: &str,
    headers: &[(&str, &str)],
    sdp: Option<&str>,
) -> Vec<u8> {
    let mut text = format!("SIP/2.0 {code} {}\r\n", reason(code));
    let vias = request.headers("Via").flat_map(split_list);
    for (at, via) in vias.enumerate() {
        let via = if at == 0 { received(via, from) } else { via.to_owned() };
        text.push_str(&format!("Via: {via}\r\n"));
    }
    for route in request.headers("Record-Route") {
        text.push_str(&format!("Record-Route: {route}\r\n"));
    }
    let tag = if request.to_tag.is_none() { format!(";tag={to_tag}") } else { String::new() };
    text.push_str(&format!(
        "From: {}\r\nTo: {}{tag}\r\nCall-ID: {}\r\nCSeq: {} {}\r\n",
        request.from, request.to, request.call_id, request.cseq, request.method
    ));
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    match sdp {
        Some(sdp) => {
            text.push_str(&format!("Content-Type: application/sdp\r\nContent-Length: {}\r\n\r\n{sdp}", sdp.len()))
        }
        None => text.push_str("Content-Length: 0\r\n\r\n"),
    }
    text.into_bytes()
}

/// The top Via with the source written into it.
fn received(via: &str, from: SocketAddr) -> String {
    if param(via, "rport") != Some("") {
        return format!("{via};received={}", from.ip());
    }
    let parts = via.split(';').map(|p| match p.trim().eq_ignore_ascii_case("rport") {
        true => format!("rport={};received={}", from.port(), from.ip()),
        false => p.trim().to_owned(),
    });
    parts.collect::<Vec<_>>().join(";")
}

/// The standard phrase (RFC 3261 §21) of the codes we send or show.
pub fn reason(code: u16) -> &'static str {
    match code {
        200 => "OK",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        416 => "Unsupported URI Scheme",
        420 => "Bad Extension",
        423 => "Interval Too Brief",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        488 => "Not Acceptable Here",
        491 => "Request Pending",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        505 => "Version Not Supported",
        _ => "Refused",
    }
}
