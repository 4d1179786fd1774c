//! Digest authentication, client side (RFC 3261 §22, RFC 8760): answers one challenge, of one realm.
//! The library's arithmetic is used; its parsing of challenges is not, as it knows neither `SHA-256` nor a list of qop.

use super::message::Message;
use rsipstack::sip::{
    DigestGenerator, Method, Uri,
    headers::auth::{Algorithm, AuthQop},
};

/// Who we are to a trunk, and the only realm we answer.
#[derive(Debug, Clone, Copy)]
pub struct Secret<'a> {
    pub user: &'a str,
    pub password: &'a str,
    pub realm: &'a str,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Challenge {
    /// Header name and value to repeat the request with.
    Answer(&'static str, String),
    /// A realm that is not the trunk's: answering would hand a crackable hash to whoever asks (CVE-2021-41158).
    Foreign(String),
    /// No password, or nothing we can compute.
    Unanswerable,
}

/// Answers a 401 or 407.
pub fn answer(response: &Message, secret: Secret, method: Method, uri: &Uri, cnonce: &str) -> Challenge {
    let (ask, reply) = match response.code {
        Some(407) => ("Proxy-Authenticate", "Proxy-Authorization"),
        _ => ("WWW-Authenticate", "Authorization"),
    };
    if secret.password.is_empty() {
        return Challenge::Unanswerable;
    }
    let offered: Vec<Offered> = response.headers(ask).filter_map(Offered::read).collect();
    let own = offered.iter().filter(|o| o.realm.eq_ignore_ascii_case(secret.realm));
    let Some(best) = own.max_by_key(|o| o.sha256) else {
        return match offered.into_iter().next() {
            Some(foreign) => Challenge::Foreign(foreign.realm),
            None => Challenge::Unanswerable,
        };
    };
    Challenge::Answer(reply, best.answer(secret, method, uri, cnonce))
}

struct Offered {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    sha256: bool,
    /// The algorithm as they wrote it.
    algorithm: Option<String>,
    qop: bool,
}

impl Offered {
    fn read(value: &str) -> Option<Offered> {
        let (scheme, rest) = value.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("digest") || rest.len() > 2048 {
            return None;
        }
        let pairs = pairs(rest);
        let get = |name: &str| pairs.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.clone());
        let algorithm = get("algorithm");
        let sha256 = match algorithm.as_deref().unwrap_or("MD5") {
            a if a.eq_ignore_ascii_case("MD5") => false,
            a if a.eq_ignore_ascii_case("SHA-256") => true,
            _ => return None,
        };
        let qop = match get("qop") {
            Some(list) if list.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")) => true,
            Some(_) => return None,
            None => false,
        };
        // Quotes or line breaks cannot be in here: `pairs` ends a value at its quote, the framing at its line.
        Some(Offered { realm: get("realm")?, nonce: get("nonce")?, opaque: get("opaque"), sha256, algorithm, qop })
    }

    fn answer(&self, secret: Secret, method: Method, uri: &Uri, cnonce: &str) -> String {
        let qop = self.qop.then(|| AuthQop::Auth { cnonce: cnonce.to_owned(), nc: 1 });
        let response = DigestGenerator {
            username: secret.user,
            password: secret.password,
            nonce: &self.nonce,
            uri,
            realm: &self.realm,
            method: &method,
            qop: qop.as_ref(),
            algorithm: if self.sha256 { Algorithm::Sha256 } else { Algorithm::Md5 },
        }
        .compute();
        let mut text = format!(
            "Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{uri}\", response=\"{response}\"",
            secret.user, self.realm, self.nonce
        );
        if let Some(algorithm) = &self.algorithm {
            text.push_str(&format!(", algorithm={algorithm}"));
        }
        if let Some(opaque) = &self.opaque {
            text.push_str(&format!(", opaque=\"{opaque}\""));
        }
        if self.qop {
            text.push_str(&format!(", qop=auth, nc=00000001, cnonce=\"{cnonce}\""));
        }
        text
    }
}

/// `name=value` or `name="value"`, comma separated. A value with a backslash is refused rather than misread.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => match quoted.split_once('"') {
                Some((value, left)) if !value.contains('\\') => (value, left),
                _ => break,
            },
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        pairs.push((name.trim().to_owned(), value.trim().to_owned()));
        rest = left.trim_start().trim_start_matches(',').trim_start();
    }
    pairs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sip::frame::{self, Frame};

    fn challenged(header: &str) -> Message {
        let text = format!(
            "SIP/2.0 401 Unauthorized\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n\
             Call-ID: i\r\nCSeq: 1 INVITE\r\n{header}\r\n\r\n"
        );
        match frame::read(text.as_bytes()) {
            Frame::Message(m) => *m,
            other => panic!("{other:?}"),
        }
    }

    fn uri(text: &str) -> Uri {
        Uri::try_from(text).unwrap()
    }

    const MUFASA: Secret = Secret { user: "Mufasa", password: "Circle of Life", realm: "http-auth@example.org" };

    /// The example of RFC 7616 §3.9.1 with our method and URI put in by hand would prove nothing; the sums below are
    /// from an independent computation (md5sum and sha256sum of the strings of RFC 2617 §3.2.2).
    #[test]
    fn sums_agree_with_an_independent_computation() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let m = challenged(&format!(
            "WWW-Authenticate: Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, nonce=\"{nonce}\"\r\n\
             WWW-Authenticate: Digest realm=\"http-auth@example.org\", qop=\"auth\", algorithm=SHA-256, nonce=\"{nonce}\", opaque=\"o\""
        ));
        let Challenge::Answer(name, value) = answer(&m, MUFASA, Method::Invite, &uri("sip:138@127.0.0.1:5070"), "c0")
        else {
            panic!()
        };
        assert_eq!(name, "Authorization");
        assert!(value.contains("algorithm=SHA-256") && value.contains("opaque=\"o\""), "{value}");
        assert!(
            value.contains("response=\"006c2d863746e03b1a68023ebca3af7eb2fcdb9df9290342dfe90f164e4d5f03\""),
            "{value}"
        );
        let m = challenged("WWW-Authenticate: Digest realm=\"http-auth@example.org\", nonce=\"n\"");
        let Challenge::Answer(_, value) = answer(&m, MUFASA, Method::Invite, &uri("sip:138@127.0.0.1:5070"), "c0")
        else {
            panic!()
        };
        assert!(value.contains("response=\"cfd4e6ef703d0d825b0f71fe8dfc3fb9\""), "{value}");
    }

    #[test]
    fn a_foreign_realm_and_a_missing_password_are_not_answered() {
        let m = challenged("WWW-Authenticate: Digest realm=\"elsewhere\", nonce=\"n\"");
        let u = uri("sip:138@h");
        assert_eq!(answer(&m, MUFASA, Method::Invite, &u, "c"), Challenge::Foreign("elsewhere".into()));
        let m = challenged("WWW-Authenticate: Digest realm=\"http-auth@example.org\", nonce=\"n\"");
        let open = Secret { password: "", ..MUFASA };
        assert_eq!(answer(&m, open, Method::Invite, &u, "c"), Challenge::Unanswerable);
        let m = challenged("WWW-Authenticate: Digest realm=\"http-auth@example.org\", nonce=\"n\", algorithm=MD4");
        assert_eq!(answer(&m, MUFASA, Method::Invite, &u, "c"), Challenge::Unanswerable);
    }
}
