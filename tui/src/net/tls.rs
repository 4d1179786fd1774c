//! HTTPS with the server's certificate pinned at first use: an office box has no name a public authority would vouch for.

use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    io::{Read, Write},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, Either, LazyBuffers, NextTimeout, Transport, TransportAdapter,
};

/// Server (`host:port`) → SHA-256 of its leaf certificate in hex, in a small text file of the user.
#[derive(Debug)]
pub struct Pins {
    file: Option<PathBuf>,
    server: String,
    pinned: Mutex<BTreeMap<String, String>>,
    /// The fingerprint that was refused last.
    refused: Mutex<Option<String>>,
}

impl Pins {
    /// `file` None: nothing is kept beyond this run.
    pub fn load(file: Option<PathBuf>, server: &str) -> Pins {
        let text = file.as_ref().and_then(|f| std::fs::read_to_string(f).ok()).unwrap_or_default();
        let pairs = text.lines().filter_map(|l| l.split_once(' '));
        let pinned = pairs.map(|(server, pin)| (server.to_owned(), pin.trim().to_owned())).collect();
        Pins { file, server: server.to_owned(), pinned: Mutex::new(pinned), refused: Mutex::default() }
    }

    /// ~/.config/hutong/pins
    pub fn default_file() -> Option<PathBuf> {
        let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from);
        let config = config.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        config.map(|dir| dir.join("hutong").join("pins"))
    }

    pub fn known(&self) -> Option<String> {
        lock(&self.pinned).get(&self.server).cloned()
    }

    pub fn take_refused(&self) -> Option<String> {
        lock(&self.refused).take()
    }

    pub fn trust(&self, fingerprint: &str) -> std::io::Result<()> {
        let mut pinned = lock(&self.pinned);
        pinned.insert(self.server.clone(), fingerprint.to_owned());
        let Some(file) = &self.file else { return Ok(()) };
        if let Some(dir) = file.parent() {
            std::fs::create_dir_all(dir)?;
        }
        let lines: String = pinned.iter().map(|(server, pin)| format!("{server} {pin}\n")).collect();
        let fresh = file.with_extension("new");
        std::fs::write(&fresh, lines)?;
        std::fs::rename(fresh, file)
    }
}

/// A client configuration that accepts the pinned leaf and nothing else.
pub fn config(pins: Arc<Pins>) -> Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(PinVerifier { pins, provider: provider.clone() });
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

#[derive(Debug)]
struct PinVerifier {
    pins: Arc<Pins>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let seen: String = Sha256::digest(leaf).iter().map(|b| format!("{b:02x}")).collect();
        if self.pins.known().as_deref() == Some(seen.as_str()) {
            return Ok(ServerCertVerified::assertion());
        }
        *lock(&self.pins.refused) = Some(seen);
        Err(rustls::Error::General("certificate not accepted yet".into()))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// ureq's own TLS knows no pins, hence this link in its chain of connectors.
#[derive(Debug)]
pub struct PinConnector(pub Arc<ClientConfig>);

impl<In: Transport> Connector<In> for PinConnector {
    type Out = Either<In, PinTransport>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let Some(transport) = chained else { return Ok(None) };
        if !details.needs_tls() {
            return Ok(Some(Either::A(transport)));
        }
        let host = details.uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host).map_err(|_| ureq::Error::Tls("not a server name"))?;
        let mut conn = ClientConnection::new(self.0.clone(), name).map_err(ureq::Error::Rustls)?;
        let mut sock = TransportAdapter::new(transport.boxed(), details.current_time.clone());
        sock.set_timeout(details.timeout);
        conn.complete_io(&mut sock)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Either::B(PinTransport { buffers, stream: StreamOwned { conn, sock } })))
    }
}

pub struct PinTransport {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl std::fmt::Debug for PinTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinTransport").finish_non_exhaustive()
    }
}

impl Transport for PinTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let output = &self.buffers.output()[..amount];
        Ok(self.stream.write_all(output)?)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.stream.get_mut().set_timeout(timeout);
        let input = self.buffers.input_append_buf();
        let amount = self.stream.read(input)?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.get_mut().get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
