//! Three hundred strings that mean harm, through import, forms and file names into every sink: JSON, export, log.

use super::{Office, matrix::upload_named};
use crate::log::Plain;
use axum::http::{StatusCode, header};
use calamine::Reader;
use serde_json::json;
use std::{
    io::{Cursor, Write},
    time::Duration,
};

/// Thirty seeds in ten dresses.
fn strings() -> Vec<String> {
    const SEEDS: [&str; 30] = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "</td><svg/onload=alert(1)>",
        "javascript:alert(1)",
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "\u{202e}gpj.exe",
        "\u{2066}a\u{2069}",
        "\u{200e}b\u{200f}",
        "x\r\nSet-Cookie: a=b",
        "line\nline",
        "nul\0nul",
        "=HYPERLINK(\"http://x\",\"y\")",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "＝1+1",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE customer; --",
        "\" OR 1=1 --",
        "%' ESCAPE '\\",
        "{{7*7}}",
        "${jndi:ldap://x}",
        "{name}{value}",
        "../../etc/passwd",
        "👩\u{200d}👩\u{200d}👧\u{fe0f}",
        "Z\u{0351}\u{036b}a\u{0343}lgo",
        "\u{feff}bom",
        "a,b;c\t\"d\"",
    ];
    let mut out = Vec::new();
    for seed in SEEDS {
        out.extend([
            seed.to_owned(),
            format!(" {seed}"),
            format!("\t{seed}"),
            format!("{seed} "),
            format!("甲{seed}"),
            format!("{seed}{seed}"),
            format!("\u{200b}{seed}"),
            format!("'{seed}"),
            seed.to_uppercase(),
            format!("{seed}{}", "长".repeat(30)),
        ]);
    }
    out
}

fn number(n: usize) -> String {
    format!("1540000{:04}", 2_000 + n)
}

fn quoted(text: &str) -> String {
    // A file with a NUL is refused whole (import.nul).
    format!("\"{}\"", text.replace('"', "\"\"").replace('\0', ""))
}

#[tokio::test]
async fn hostile_text_stays_text_in_every_sink() {
    let office = Office::open().await;
    let token = office.token(1, "admin").await;
    let strings = strings();
    assert_eq!(strings.len(), 300);
    // In: half by file, half by form, and every one as a file's name.
    let lines: Vec<_> = strings[..150]
        .iter()
        .enumerate()
        .map(|(n, text)| format!("{},{},{}", number(n), quoted(text), quoted(text)))
        .collect();
    let file = format!("手机,姓名,备注\r\n{}\r\n", lines.join("\r\n"));
    let begun = upload_named(&office, "/api/import/customers", &token, "a.csv", &file).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    let batch = begun.json()["batch"].clone();
    let mut status = begun.json();
    for _ in 0..400 {
        if status["stage"] == "done" || status["stage"] == "refused" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        status = office.get(&format!("/api/import/{batch}"), &token).await.json();
    }
    assert!(status["added"].as_u64() > Some(100), "{status}");
    for (n, text) in strings.iter().enumerate().skip(150) {
        let reply =
            office.post("/api/p/customers", &token, json!({"mobile": number(n), "name": text, "note": text})).await;
        assert!(
            reply.status == StatusCode::OK || reply.status == StatusCode::BAD_REQUEST,
            "{text:?}: {}",
            reply.text()
        );
    }
    for text in &strings {
        let name: String = text.chars().filter(|c| !matches!(c, '\r' | '\n' | '"' | '\0')).collect();
        let reply = upload_named(&office, "/api/import/customers", &token, &name, "手机\r\n").await;
        assert!(!reply.status.is_server_error(), "{text:?}: {}", reply.text());
        headers_are_plain(&reply);
    }
    // Out: JSON is JSON and never HTML.
    let mut rows = Vec::new();
    for page in 1.. {
        let reply = office.get(&format!("/api/p/customers?size=200&page={page}"), &token).await;
        assert_eq!(reply.headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(reply.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let found = reply.json()["rows"].as_array().unwrap().clone();
        if found.is_empty() {
            break;
        }
        rows.extend(found);
    }
    assert!(rows.len() > 240, "{}", rows.len());
    for row in &rows {
        let name = row["cells"]["name"].as_str().unwrap();
        assert!(!name.chars().any(char::is_control), "{name:?}");
    }
    // A search by such a text finds its row or nothing, and never breaks.
    for text in &strings {
        let value: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for path in ["customers?q.name=", "customers?q.mobile=", "calls?q.content=", "customers?sort="] {
            let reply = office.get(&format!("/api/p/{path}{value}"), &token).await;
            assert!(!reply.status.is_server_error(), "{path}{text:?}: {}", reply.text());
        }
    }
    exports_are_disarmed(&office, &token).await;
    assert_eq!(office.get("/api/p/customers", &token).await.status, StatusCode::OK, "the table still stands");
}

fn headers_are_plain(reply: &super::Reply) {
    for (name, value) in &reply.headers {
        assert!(!value.as_bytes().iter().any(u8::is_ascii_control), "{name}: {value:?}");
    }
}

async fn exports_are_disarmed(office: &Office, token: &str) {
    let reply = office.get("/api/p/customers/export", token).await;
    headers_are_plain(&reply);
    let mut reader = csv::ReaderBuilder::new().from_reader(&reply.body[3..]);
    let mut lines = 0;
    for record in reader.records() {
        lines += 1;
        record.unwrap().iter().for_each(disarmed);
    }
    assert!(lines > 240, "{lines}");
    let book = office.get("/api/p/customers/export?format=xlsx", token).await;
    if let Ok(mut book) = calamine::Xlsx::new(Cursor::new(&book.body)) {
        for (_, range) in book.worksheets() {
            for (_, _, cell) in range.cells() {
                assert!(matches!(cell, calamine::Data::String(_) | calamine::Data::Empty), "only text: {cell:?}");
            }
        }
        for name in book.sheet_names() {
            assert!(
                book.worksheet_formula(&name).unwrap().cells().all(|(_, _, formula)| formula.is_empty()),
                "a formula"
            );
        }
    }
}

/// Nothing a spreadsheet takes for a formula, even after blanks and signs that are not seen.
fn disarmed(cell: &str) {
    let unseen =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}');
    let first = cell.trim_start_matches(unseen).chars().next();
    assert!(!first.is_some_and(|c| "=+-@＝＋－＠".contains(c)), "{cell:?}");
    assert!(!cell.contains(['\0', '\u{1b}']), "{cell:?}");
}

#[test]
fn an_event_is_one_line_of_the_log_whatever_is_in_it() {
    let log = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    #[derive(Clone)]
    struct Into(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
    impl Write for Into {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let into = Into(log.clone());
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || Plain(into.clone())).finish();
    let strings = strings();
    tracing::subscriber::with_default(subscriber, || {
        for text in &strings {
            tracing::info!(name = %text, said = ?text, "{text}");
        }
    });
    let written = String::from_utf8(log.lock().unwrap().clone()).unwrap();
    assert_eq!(written.lines().count(), strings.len());
    let harm = |c: &char| {
        (c.is_control() && *c != '\n')
            || matches!(*c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert_eq!(written.chars().find(harm), None);
}
