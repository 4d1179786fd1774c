//! HTTPS as a browser sees it that trusts the box's own CA.

use super::Office;
use crate::http::serve;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, Stream, pki_types::CertificateDer, pki_types::pem::PemObject,
};
use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

#[tokio::test]
async fn a_client_that_trusts_the_ca_is_served_by_name_and_address() {
    let mut office = Office::open().await;
    office.app.config = Arc::new(crate::config::Config { tls: true, ..(*office.app.config).clone() });
    let address = serve(office.app.clone()).await.unwrap();
    let ca = std::fs::read(office.dir.path().join("tls/ca.pem")).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&ca).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    for (name, trusted) in [("localhost", true), ("127.0.0.1", true), ("elsewhere.example", false)] {
        let config = config.clone();
        let answer = tokio::task::spawn_blocking(move || {
            let mut tls = ClientConnection::new(config, name.try_into().unwrap()).unwrap();
            let mut tcp = TcpStream::connect(address).unwrap();
            let mut stream = Stream::new(&mut tls, &mut tcp);
            let head = format!("GET /api/health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
            let mut answer = String::new();
            stream.write_all(head.as_bytes()).and_then(|()| stream.read_to_string(&mut answer)).map(|_| answer)
        });
        let answer = answer.await.unwrap();
        assert_eq!(answer.is_ok_and(|text| text.ends_with(r#"{"ok":true}"#)), trusted, "{name}");
    }
}
