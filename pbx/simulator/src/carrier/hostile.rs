//! Text of a carrier that means harm (RE6), in every place of a message that holds text: a control sequence of one
//! character, characters that turn the direction of reading, a script, a formula, a line break in disguise.

/// No quote and no control character that a parser must refuse.
pub const TEXT: &str = "\u{9b}2J\u{202e}\u{2066}<script>alert(1)</script>=cmd|' /C calc'!A0%0d%0aInjected: yes\u{2028}";

/// The same message with that text as its reason phrase, as display names, product names, warnings and reasons, and
/// folded over lines.
pub fn worded(message: &[u8]) -> Vec<u8> {
    let message = String::from_utf8_lossy(message);
    let Some((head, body)) = message.split_once("\r\n\r\n") else { return message.as_bytes().to_vec() };
    let mut lines = head.split("\r\n");
    let start = lines.next().unwrap_or_default();
    let mut out = match start.strip_prefix("SIP/2.0 ").and_then(|rest| rest.get(..3)) {
        Some(code) => format!("SIP/2.0 {code} {TEXT}"),
        None => start.to_owned(),
    };
    for line in lines {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.trim();
        out += &match name {
            "To" | "From" | "Contact" if value.starts_with('<') => format!("\r\n{name}: \"{TEXT}\" {value}"),
            "Reason" => format!("\r\n{name}: {};text=\"{TEXT}\"", value.split(";text").next().unwrap_or(value)),
            _ => format!("\r\n{line}"),
        };
    }
    for name in ["User-Agent", "Server", "Subject", "Organization", "X-Carrier"] {
        out += &format!("\r\n{name}: {TEXT}\r\n\t{TEXT}");
    }
    out += &format!("\r\nWarning: 399 carrier \"{TEXT}\"");
    out += &format!("\r\nP-Asserted-Identity: \"{TEXT}\" <sip:1@127.0.0.1>");
    format!("{out}\r\n\r\n{body}").into_bytes()
}

/// The same with an escape and a bare line break, which no header may hold.
pub fn with_controls(message: &[u8]) -> Vec<u8> {
    let message = String::from_utf8_lossy(message);
    message.replacen("<script>", "\u{1b}[2J\nInjected: yes\n<script>", 1).into_bytes()
}
