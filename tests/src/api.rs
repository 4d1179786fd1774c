//! A person's requests, as the page makes them.

use anyhow::{Context, bail};
use hutong_api::{
    live::{ClientMsg, Command, RefusalText},
    page::{Created, ImportStage, ImportStatus, LoginRequest, Session},
};
use serde::de::DeserializeOwned;
use std::{io::ErrorKind, net::TcpStream, path::Path, time::Duration};
use tungstenite::{Message, WebSocket, client::IntoClientRequest};

pub struct Person {
    url: String,
    http: ureq::Agent,
    token: String,
}

/// What the service answered.
#[derive(Debug)]
pub enum Answer<T> {
    Done(T),
    Refused(u16, RefusalText),
}

impl<T> Answer<T> {
    /// # Errors
    /// It was refused.
    pub fn done(self) -> anyhow::Result<T> {
        match self {
            Answer::Done(done) => Ok(done),
            Answer::Refused(status, refusal) => bail!("{status} {}: {}", refusal.code, refusal.text),
        }
    }
}

impl Person {
    pub fn login(url: &str, company: &str, account: &str, password: &str) -> anyhow::Result<Person> {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(600)))
            .http_status_as_error(false)
            .build();
        let mut person = Person { url: url.trim_end_matches('/').into(), http: config.into(), token: String::new() };
        let request = LoginRequest {
            company: company.into(),
            account: account.into(),
            password: password.into(),
            lang: Default::default(),
        };
        let body = serde_json::to_vec(&request)?;
        let session: Session = person.post("/api/login", "application/json", &body)?.done()?;
        person.token = session.token.context("no token")?;
        Ok(person)
    }

    pub fn get<T: DeserializeOwned>(&self, path: &str) -> anyhow::Result<Answer<T>> {
        let request = self.http.get(format!("{}{path}", self.url));
        read(request.header("Authorization", format!("Bearer {}", self.token)).call()?)
    }

    pub fn post<T: DeserializeOwned>(&self, path: &str, mime: &str, body: &[u8]) -> anyhow::Result<Answer<T>> {
        let mut request = self.http.post(format!("{}{path}", self.url)).header("Content-Type", mime);
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        read(request.send(body)?)
    }

    /// What the service answers, whatever it is: status and bytes.
    pub fn raw(&self, path: &str) -> anyhow::Result<(u16, Vec<u8>)> {
        let request = self.http.get(format!("{}{path}", self.url));
        let mut response = request.header("Authorization", format!("Bearer {}", self.token)).call()?;
        let bytes = response.body_mut().with_config().limit(u64::MAX).read_to_vec()?;
        Ok((response.status().as_u16(), bytes))
    }

    /// A page's form, filled in; the new or changed row's id.
    pub fn fill(&self, path: &str, values: &[(&str, &str)]) -> anyhow::Result<i64> {
        let values: std::collections::BTreeMap<_, _> = values.iter().copied().collect();
        let created: Created = self.post(path, "application/json", &serde_json::to_vec(&values)?)?.done()?;
        Ok(created.id)
    }

    /// The live socket of this session.
    pub fn live(&self) -> anyhow::Result<Live> {
        let address = self.url.strip_prefix("http://").context("http only")?;
        let mut request = format!("ws://{address}/api/live").into_client_request()?;
        request.headers_mut().insert("Authorization", format!("Bearer {}", self.token).parse()?);
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        let (socket, _) = tungstenite::client(request, stream).map_err(|error| anyhow::anyhow!("live: {error}"))?;
        Ok(Live { socket })
    }

    /// Uploads a file into a row, as 上传语音 does.
    pub fn put_file(&self, path: &str, file: &Path) -> anyhow::Result<Answer<Created>> {
        let (mime, body) = multipart(file)?;
        self.post(path, &mime, &body)
    }

    /// Bytes of a file that the service sends, read as they come and kept nowhere.
    pub fn download(&self, path: &str) -> anyhow::Result<u64> {
        let request = self.http.get(format!("{}{path}", self.url));
        let mut response = request.header("Authorization", format!("Bearer {}", self.token)).call()?;
        if !response.status().is_success() {
            bail!("{path}: {}", response.status());
        }
        let mut body = response.body_mut().with_config().limit(u64::MAX).reader();
        Ok(std::io::copy(&mut body, &mut std::io::sink())?)
    }

    /// Uploads a file and waits until the import has come to its end, refused or done.
    pub fn import(&self, path: &str, file: &Path) -> anyhow::Result<Answer<ImportStatus>> {
        let (mime, body) = multipart(file)?;
        let mut status: ImportStatus = match self.post(path, &mime, &body)? {
            Answer::Done(status) => status,
            refused => return Ok(refused),
        };
        while matches!(status.stage, ImportStage::Reading | ImportStage::Storing) {
            std::thread::sleep(Duration::from_millis(50));
            status = self.get(&format!("/api/import/{}", status.batch))?.done()?;
        }
        Ok(match status.refusal.clone() {
            Some(refusal) => Answer::Refused(400, refusal),
            None => Answer::Done(status),
        })
    }
}

/// A person's live socket.
pub struct Live {
    socket: WebSocket<TcpStream>,
}

impl Live {
    pub fn send(&mut self, cmd: Command) -> anyhow::Result<()> {
        let text = serde_json::to_string(&ClientMsg { req: 1, cmd })?;
        Ok(self.socket.send(Message::text(text))?)
    }

    /// The next message as it came; None after a second of silence.
    pub fn heard(&mut self) -> anyhow::Result<Option<String>> {
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Ok(Some(text.to_string())),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// Content type and body of a form with one file.
fn multipart(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    const MARK: &str = "----hutong-tests";
    let name = file.file_name().and_then(|name| name.to_str()).context("file name")?;
    let mut body = format!(
        "--{MARK}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
    )
    .into_bytes();
    body.extend(std::fs::read(file)?);
    body.extend(format!("\r\n--{MARK}--\r\n").as_bytes());
    Ok((format!("multipart/form-data; boundary={MARK}"), body))
}

fn read<T: DeserializeOwned>(mut response: ureq::http::Response<ureq::Body>) -> anyhow::Result<Answer<T>> {
    let status = response.status();
    let body = response.body_mut().read_to_string()?;
    if status.is_success() {
        let done = serde_json::from_str(&body).with_context(|| format!("answer not understood: {body}"))?;
        return Ok(Answer::Done(done));
    }
    let refusal = serde_json::from_str(&body).with_context(|| format!("{status} without a refusal: {body}"))?;
    Ok(Answer::Refused(status.as_u16(), refusal))
}
