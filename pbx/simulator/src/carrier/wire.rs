//! Messages built and read with `rsip`.

use rsip::{
    Header, Headers, SipMessage,
    headers::{ToTypedHeader, UntypedHeader},
    message::{HasHeaders, HeadersExt},
};
use std::net::SocketAddr;

pub fn call_id(message: &impl HeadersExt) -> Option<String> {
    Some(message.call_id_header().ok()?.value().to_owned())
}

/// The value of the first header of this name.
pub fn value(message: &impl HasHeaders, name: &str) -> Option<String> {
    message.headers().iter().find_map(|header| {
        let text = header.to_string();
        let (said, value) = text.split_once(':')?;
        said.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// A response to `request`; `tag` is added to To where it has none.
pub fn response(request: &rsip::Request, code: u16, tag: &str, extras: &[(&str, &str)], sdp: Option<&str>) -> Vec<u8> {
    let mut headers = Headers::default();
    for header in request.headers.iter() {
        match header {
            Header::Via(_) | Header::From(_) | Header::CallId(_) | Header::CSeq(_) | Header::RecordRoute(_) => {
                headers.push(header.clone());
            }
            Header::To(to) => {
                let text = to.value().to_owned();
                let tagged = if text.contains(";tag=") || tag.is_empty() { text } else { format!("{text};tag={tag}") };
                headers.push(Header::To(rsip::headers::To::new(tagged)));
            }
            _ => {}
        }
    }
    extras.iter().for_each(|(name, value)| headers.push(Header::Other((*name).to_owned(), (*value).to_owned())));
    let body = with_body(&mut headers, sdp);
    let response = rsip::Response { status_code: code.into(), version: rsip::Version::V2, headers, body };
    SipMessage::from(response).into()
}

/// A BYE in the dialog that `invite` began: their From is our To.
pub fn bye(invite: &rsip::Request, tag: &str, local: SocketAddr, branch: &str) -> Option<Vec<u8>> {
    let target = value(invite, "Contact")?;
    let target = target.split('<').nth(1).and_then(|t| t.split('>').next()).unwrap_or(&target).to_owned();
    let (from, to) = (value(invite, "To")?, value(invite, "From")?);
    let mut headers = Headers::default();
    headers.push(Header::Via(rsip::headers::Via::new(format!("SIP/2.0/UDP {local};rport;branch=z9hG4bK{branch}"))));
    headers.push(Header::MaxForwards(rsip::headers::MaxForwards::new("70")));
    headers.push(Header::From(rsip::headers::From::new(format!("{from};tag={tag}"))));
    headers.push(Header::To(rsip::headers::To::new(to)));
    headers.push(Header::CallId(rsip::headers::CallId::new(call_id(invite)?)));
    headers.push(Header::CSeq(rsip::headers::CSeq::new("1 BYE")));
    headers.push(Header::Other("Reason".to_owned(), "Q.850;cause=16;text=\"Normal call clearing\"".to_owned()));
    let body = with_body(&mut headers, None);
    let uri = rsip::Uri::try_from(target.as_str()).ok()?;
    let request = rsip::Request { method: rsip::Method::Bye, uri, version: rsip::Version::V2, headers, body };
    Some(SipMessage::from(request).into())
}

fn with_body(headers: &mut Headers, sdp: Option<&str>) -> Vec<u8> {
    if sdp.is_some() {
        headers.push(Header::ContentType(rsip::headers::ContentType::new("application/sdp")));
    }
    let length = sdp.map_or(0, str::len).to_string();
    headers.push(Header::ContentLength(rsip::headers::ContentLength::new(length)));
    sdp.unwrap_or("").as_bytes().to_vec()
}

/// The number called and the caller's.
pub fn numbers(request: &rsip::Request) -> Option<(String, String)> {
    let called = request.uri.auth.as_ref()?.user.replace("%23", "#");
    let caller = request.from_header().ok()?.typed().ok()?.uri.auth.map(|a| a.user).unwrap_or_default();
    Some((called, caller))
}

/// Where the caller hears us: the address of its audio stream, and its telephone-event number.
pub fn remote_media(request: &rsip::Request) -> Option<(SocketAddr, Option<u8>)> {
    let sdp = std::str::from_utf8(&request.body).ok()?;
    let ip = sdp.lines().find_map(|l| l.strip_prefix("c=IN IP4 "))?.trim().parse().ok()?;
    let mut audio = sdp.lines().find_map(|l| l.strip_prefix("m=audio "))?.split(' ');
    let port = audio.next()?.parse().ok()?;
    audio.any(|format| format == "8").then_some(())?;
    let event = sdp.lines().find(|l| l.contains("telephone-event/8000"));
    let event = event.and_then(|l| l.strip_prefix("a=rtpmap:")?.split(' ').next()?.parse().ok());
    Some((SocketAddr::new(ip, port), event))
}

pub fn sdp(rtp: SocketAddr, event: Option<u8>) -> String {
    let ip = rtp.ip();
    let events = event.map(|pt| format!("a=rtpmap:{pt} telephone-event/8000\r\na=fmtp:{pt} 0-15\r\n"));
    format!(
        "v=0\r\no=carrier 1 1 IN IP4 {ip}\r\ns=-\r\nc=IN IP4 {ip}\r\nt=0 0\r\nm=audio {} RTP/AVP 8{}\r\n\
         a=rtpmap:8 PCMA/8000\r\n{}a=ptime:20\r\na=sendrecv\r\n",
        rtp.port(),
        event.map(|pt| format!(" {pt}")).unwrap_or_default(),
        events.unwrap_or_default(),
    )
}

/// Whether the request carries a right answer to our challenge.
pub fn proves(request: &rsip::Request, user: &str, password: &str, realm: &str, nonce: &str) -> bool {
    let said = value(request, "Proxy-Authorization").or_else(|| value(request, "Authorization"));
    let Some(auth) = said.and_then(|v| rsip::headers::Authorization::new(v).into_typed().ok()) else { return false };
    auth.username == user
        && auth.realm == realm
        && auth.nonce == nonce
        && auth.uri.to_string() == request.uri.to_string()
        && rsip::services::DigestGenerator::from(&auth, password, &request.method).verify(&auth.response)
}
