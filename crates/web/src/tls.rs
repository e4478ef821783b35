//! Encryption of the pages by a certificate and a key in files: rustls, with the one cryptography that the program has anyway.
//! Refuses a key that everybody may read or that is not the certificate's; a renewed pair is taken up without a restart, a bad one never.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

use crate::server::ServeError;

/// Where the certificate and its key are, in PEM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFiles {
    /// The certificate, then those between it and an authority's.
    pub cert: PathBuf,
    /// Its private key: PKCS #8, PKCS #1 or SEC 1.
    pub key: PathBuf,
}

/// How long a client may take to agree on keys.
const PATIENCE: Duration = Duration::from_secs(10);
/// Clients agreeing on keys at the same time.
const AT_ONCE: usize = 256;

/// When two files were written and how long they are: another pair has other ones.
type Stamp = [Option<(SystemTime, u64)>; 2];

/// The certificate in use.
#[derive(Debug)]
pub(crate) struct Certificates {
    files: CertificateFiles,
    current: RwLock<Arc<CertifiedKey>>,
    seen: Mutex<Stamp>,
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Certificates {
    /// Reads a certificate and its key.
    ///
    /// # Errors
    /// Files that cannot be read, are not what they must be, do not belong together, or a key that everybody may read.
    pub(crate) fn read(files: CertificateFiles) -> Result<Self, ServeError> {
        let seen = stamp(&files);
        let pair = pair(&files)?;
        Ok(Self { files, current: RwLock::new(Arc::new(pair)), seen: Mutex::new(seen) })
    }

    /// Takes up a pair that was renewed on the disk. What is said is for whoever runs the service; nothing while nothing changed.
    pub(crate) fn look(&self) -> Option<String> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let now = stamp(&self.files);
        if *seen == now {
            return None;
        }
        *seen = now;
        match pair(&self.files) {
            Ok(pair) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(pair);
                Some(format!("the certificate of {} is used from now on", self.files.cert.display()))
            }
            Err(error) => Some(format!("the certificate used until now stays in use: {error}")),
        }
    }
}

fn stamp(files: &CertificateFiles) -> Stamp {
    [&files.cert, &files.key].map(|path| fs::metadata(path).ok().and_then(|m| Some((m.modified().ok()?, m.len()))))
}

fn refused(what: String, hint: &str) -> ServeError {
    ServeError::Refused { what, hint: hint.to_owned() }
}

fn pair(files: &CertificateFiles) -> Result<CertifiedKey, ServeError> {
    let (cert, key) = (&files.cert, &files.key);
    let pem = |path: &Path| fs::read(path).map_err(|e| refused(format!("{}: {e}", path.display()), "give the PEM files of a certificate and of its key"));
    let chain: Result<Vec<CertificateDer<'static>>, _> = CertificateDer::pem_slice_iter(&pem(cert)?).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| {
        refused(format!("{} holds no certificate in PEM", cert.display()), "it begins with -----BEGIN CERTIFICATE-----, the server's own first")
    })?;
    only_for_its_owner(key)?;
    let secret = PrivateKeyDer::from_pem_slice(&pem(key)?)
        .map_err(|_| refused(format!("{} holds no private key in PEM", key.display()), "it begins with -----BEGIN PRIVATE KEY-----, without a passphrase"))?;
    CertifiedKey::from_der(chain, secret, &ring::default_provider()).map_err(|error| {
        if matches!(error, rustls::Error::InconsistentKeys(_)) {
            return refused(format!("the key in {} is not that of the certificate in {}", key.display(), cert.display()), "give the two files that were made together");
        }
        refused(format!("{} and {} cannot be used: {error}", cert.display(), key.display()), "RSA, ECDSA (P-256, P-384) and Ed25519 keys can")
    })
}

/// Refuses a key that everybody may read, or that others may write. A group may read it: so are keys handed to services.
#[cfg(unix)]
fn only_for_its_owner(key: &Path) -> Result<(), ServeError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(key).map_err(|e| refused(format!("{}: {e}", key.display()), "give the PEM file of the certificate's key"))?.permissions().mode();
    if mode & 0o037 != 0 {
        return Err(refused(format!("{} can be read by everybody or written by others (mode {:o})", key.display(), mode & 0o777), "chmod 600 it, and make another key if somebody may have read it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> Result<(), ServeError> {
    Ok(())
}

/// Connections on which keys were agreed.
pub(crate) struct Encrypted {
    agreed: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Encrypted {
    /// Listens; whoever takes long to agree on keys is waited for by nobody else.
    pub(crate) fn on(listener: TcpListener, certificates: Arc<Certificates>) -> Result<Self, ServeError> {
        let failed = |e: rustls::Error| refused(format!("encryption cannot be set up: {e}"), "this is a fault of the program");
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_cert_resolver(certificates);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let address = listener.local_addr().map_err(|e| refused(e.to_string(), "listen elsewhere"))?;
        let (send, agreed) = mpsc::channel(AT_ONCE);
        let accepting = tokio::spawn(accept(listener, acceptor, send));
        Ok(Self { agreed, address, accepting })
    }
}

async fn accept(mut listener: TcpListener, acceptor: TlsAcceptor, send: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        // axum's own: waits out what cannot be accepted now, as when no file may be opened any more.
        let (stream, from) = Listener::accept(&mut listener).await;
        let (acceptor, send) = (acceptor.clone(), send.clone());
        tokio::spawn(async move {
            // Whoever does not agree on keys is not told why: it may be anybody.
            if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, acceptor.accept(stream)).await {
                let _ = send.send((stream, from)).await;
            }
            drop(place);
        });
    }
}

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.agreed.recv().await {
            Some(agreed) => agreed,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}
