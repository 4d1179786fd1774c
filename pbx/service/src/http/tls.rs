//! HTTPS with an own CA made at first start: a browser gives the microphone to nothing else on a LAN (docs/rules.md).
//! data_dir/tls: ca.pem, ca.key, leaf.pem, leaf.key. The keys are 0600.

use crate::config::Config;
use anyhow::Context;
use axum_server::tls_rustls::RustlsConfig;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use std::{
    collections::BTreeSet,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

const DAY: Duration = Duration::from_secs(86_400);
const CA_DAYS: u32 = 3_650;
/// Browsers take no longer leaf than 398 days.
const LEAF_DAYS: u32 = 397;
/// A leaf this old is made anew at the next start.
const RENEW_AFTER_DAYS: u32 = 300;

/// The certificate to serve with, made or renewed where needed.
pub fn config(config: &Config) -> anyhow::Result<RustlsConfig> {
    let dir = config.data_dir.join("tls");
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let (certificate, key) = leaf(&dir, &names())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates(&certificate)?, private_key(&key)?)?;
    // The live socket needs HTTP/1.1, and one protocol is enough.
    server.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(server)))
}

fn certificates(pem: &str) -> anyhow::Result<Vec<rustls::pki_types::CertificateDer<'static>>> {
    use rustls::pki_types::pem::PemObject;
    Ok(rustls::pki_types::CertificateDer::pem_slice_iter(pem.as_bytes()).collect::<Result<_, _>>()?)
}

fn private_key(pem: &str) -> anyhow::Result<rustls::pki_types::PrivateKeyDer<'static>> {
    use rustls::pki_types::pem::PemObject;
    Ok(rustls::pki_types::PrivateKeyDer::from_pem_slice(pem.as_bytes())?)
}

/// Chain (leaf, CA) and key. A leaf that is old, or lacks one of today's names, is replaced.
fn leaf(dir: &Path, names: &BTreeSet<String>) -> anyhow::Result<(String, String)> {
    let (chain, key, listed) = (dir.join("leaf.pem"), dir.join("leaf.key"), dir.join("leaf.names"));
    let wanted = names.iter().cloned().collect::<Vec<_>>().join("\n");
    let fresh = age(&chain).is_some_and(|age| age < DAY * RENEW_AFTER_DAYS)
        && std::fs::read_to_string(&listed)
            .is_ok_and(|have| names.is_subset(&have.lines().map(str::to_owned).collect()));
    if !fresh || !key.exists() {
        let ca = ca(dir)?;
        let (new_chain, new_key) = issue(&ca, names)?;
        write(&key, &new_key, 0o600)?;
        write(&listed, &wanted, 0o644)?;
        write(&chain, &new_chain, 0o644)?;
    }
    Ok((std::fs::read_to_string(chain)?, std::fs::read_to_string(key)?))
}

struct Ca {
    pem: String,
    key: String,
}

fn ca(dir: &Path) -> anyhow::Result<Ca> {
    let (certificate, key) = (dir.join("ca.pem"), dir.join("ca.key"));
    if !certificate.exists() || !key.exists() {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = named("Hutong CA");
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        valid(&mut params, CA_DAYS);
        write(&key, &pair.serialize_pem(), 0o600)?;
        write(&certificate, &params.self_signed(&pair)?.pem(), 0o644)?;
    }
    Ok(Ca { pem: std::fs::read_to_string(certificate)?, key: std::fs::read_to_string(key)? })
}

fn issue(ca: &Ca, names: &BTreeSet<String>) -> anyhow::Result<(String, String)> {
    let issuer = Issuer::from_ca_cert_pem(&ca.pem, KeyPair::from_pem(&ca.key)?)?;
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
    let mut params = CertificateParams::new(names.iter().cloned().collect::<Vec<_>>())?;
    params.distinguished_name = named("Hutong");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.use_authority_key_identifier_extension = true;
    valid(&mut params, LEAF_DAYS);
    let leaf = params.signed_by(&pair, &issuer)?;
    Ok((format!("{}{}", leaf.pem(), ca.pem), pair.serialize_pem()))
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// From a day ago, so that a clock that is a little behind still takes it.
fn valid(params: &mut CertificateParams, days: u32) {
    let start = SystemTime::now() - DAY;
    params.not_before = start.into();
    params.not_after = (start + DAY * days).into();
}

/// Host name, localhost and every address of this box.
fn names() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    if let Ok(host) = std::fs::read_to_string("/proc/sys/kernel/hostname") {
        let host = host.trim().to_lowercase();
        let plain = host.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.');
        if !host.is_empty() && plain {
            names.insert(format!("{host}.local"));
            names.insert(host);
        }
    }
    let addresses = if_addrs::get_if_addrs().unwrap_or_default();
    let link_local = |ip: &std::net::IpAddr| matches!(ip, std::net::IpAddr::V6(v6) if v6.is_unicast_link_local());
    names.extend(addresses.iter().map(if_addrs::Interface::ip).filter(|ip| !link_local(ip)).map(|ip| ip.to_string()));
    names
}

fn age(path: &PathBuf) -> Option<Duration> {
    std::fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// Whole or not at all: a crash half way leaves the old file.
fn write(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    drop(std::fs::remove_file(&part));
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&part)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn made_once_kept_and_renewed_for_a_new_name() {
        let dir = tempfile::tempdir().unwrap();
        let names: BTreeSet<String> = ["localhost", "127.0.0.1"].map(str::to_owned).into();
        let (chain, key) = leaf(dir.path(), &names).unwrap();
        assert_eq!(certificates(&chain).unwrap().len(), 2);
        private_key(&key).unwrap();
        for secret in ["ca.key", "leaf.key"] {
            let mode = std::fs::metadata(dir.path().join(secret)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{secret}");
        }
        assert_eq!(leaf(dir.path(), &names).unwrap().0, chain);
        let more: BTreeSet<String> = names.iter().cloned().chain(["office.local".to_owned()]).collect();
        let ca = std::fs::read_to_string(dir.path().join("ca.pem")).unwrap();
        assert_ne!(leaf(dir.path(), &more).unwrap().0, chain);
        assert_eq!(std::fs::read_to_string(dir.path().join("ca.pem")).unwrap(), ca);
    }

    #[test]
    fn the_real_configuration_loads() {
        let dir = tempfile::tempdir().unwrap();
        config(&Config { data_dir: dir.path().to_owned(), ..Config::default() }).unwrap();
    }
}
