//! The service behind a socket: encryption by files and their renewal, an end that finishes what was begun, and appends that wait for no page.
#![allow(clippy::unwrap_used)]
#![allow(clippy::disallowed_methods, reason = "how long the end of the service takes is what is tested")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{Office, PASSWORD, copy, noon, riverbend};
use crate::server::{ServeError, Settings, serve};
use crate::tls::{CertificateFiles, Certificates};

/// A certificate of one's own, its key, and how others know it.
struct Made {
    cert: String,
    key: String,
    root: CertificateDer<'static>,
}

fn made() -> Made {
    let made = rcgen::generate_simple_self_signed(vec!["ledger.invented.example".to_owned()]).unwrap();
    Made { cert: made.cert.pem(), key: made.signing_key.serialize_pem(), root: CertificateDer::from(made.cert.der().to_vec()) }
}

fn put(folder: &Path, made: &Made, mode: u32) -> CertificateFiles {
    let files = CertificateFiles { cert: folder.join("cert.pem"), key: folder.join("key.pem") };
    fs::write(&files.cert, &made.cert).unwrap();
    fs::write(&files.key, &made.key).unwrap();
    allow(&files.key, mode);
    files
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The service on a thread of its own.
struct Running {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), ServeError>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Running {
    fn start(ledger: &Path, listen: &str, tls: Option<CertificateFiles>) -> Result<Self, ServeError> {
        let (ready, at) = std::sync::mpsc::channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let told = Arc::clone(&said);
        let tell = Arc::new(move |words: &str| told.lock().unwrap().push(words.to_owned()));
        let settings = Settings { ledger: ledger.to_owned(), listen: listen.parse().unwrap(), clock: Arc::new(noon), tls, tell };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let served = runtime.block_on(serve(settings, |address| ready.send(address).unwrap(), async { stopped.await.unwrap_or(()) }));
            runtime.shutdown_background();
            served
        });
        match at.recv() {
            Ok(address) => Ok(Self { address: SocketAddr::from(([127, 0, 0, 1], address.port())), stop: Some(stop), thread: Some(thread), said }),
            Err(_) => Err(thread.join().unwrap().unwrap_err()),
        }
    }

    /// Asks it to end, and gives how long that took.
    fn end(&mut self) -> Duration {
        let begun = Instant::now();
        drop(self.stop.take());
        self.thread.take().unwrap().join().unwrap().unwrap();
        begun.elapsed()
    }

    fn plain(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Asks by an encrypted connection, trusting one certificate.
    fn ask(&self, root: &CertificateDer<'static>, request: &str) -> std::io::Result<String> {
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
        let connection = ClientConnection::new(Arc::new(config), ServerName::try_from("ledger.invented.example").unwrap()).unwrap();
        let mut stream = StreamOwned::new(connection, self.plain());
        stream.write_all(request.as_bytes())?;
        let mut got = Vec::new();
        // A server that closes without saying goodbye has still answered.
        let _ = stream.read_to_end(&mut got);
        Ok(String::from_utf8_lossy(&got).into_owned())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nhost: ledger.invented.example\r\nconnection: close\r\n\r\n")
}

#[test]
fn pages_are_encrypted_by_files_and_a_renewed_certificate_is_taken_up() {
    let (office, first, second) = (Office::open(), made(), made());
    let folder = tempfile::tempdir().unwrap();
    let files = put(folder.path(), &first, 0o600);
    let refused = Running::start(&office.ledger, "0.0.0.0:0", None).err().unwrap();
    assert!(matches!(&refused, ServeError::Refused { what, hint } if what.contains("reached by others") && hint.contains("--tls-cert")), "{refused}");
    // Encrypted, others may come in.
    let mut running = Running::start(&office.ledger, "0.0.0.0:0", Some(files)).unwrap();
    let health = running.ask(&first.root, &get("/healthz")).unwrap();
    assert!(health.starts_with("HTTP/1.1 200") && health.contains("strict-transport-security: max-age=31536000") && health.ends_with("ok\n"), "{health}");
    assert!(running.ask(&second.root, &get("/healthz")).is_err(), "a certificate that is not trusted");
    let form = format!("name=officer+one&password={}", PASSWORD.replace(' ', "+"));
    let login = format!("POST /login HTTP/1.1\r\nhost: ledger.invented.example\r\norigin: https://ledger.invented.example\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{form}", form.len());
    let let_in = running.ask(&first.root, &login).unwrap();
    assert!(let_in.starts_with("HTTP/1.1 303") && let_in.contains("SameSite=Strict; Secure"), "{let_in}");
    // Who does not encrypt learns nothing, and who never agrees on keys keeps nobody waiting.
    let mut plain = running.plain();
    plain.write_all(get("/healthz").as_bytes()).unwrap();
    let mut got = Vec::new();
    let _ = plain.read_to_end(&mut got);
    assert!(!String::from_utf8_lossy(&got).contains("HTTP/1.1"), "{got:?}");
    let silent: Vec<TcpStream> = (0..20).map(|_| running.plain()).collect();
    assert!(running.ask(&first.root, &get("/healthz")).unwrap().ends_with("ok\n"));
    drop(silent);
    // The key alone is renewed first: the pair does not fit, and the old one stays.
    fs::write(folder.path().join("key.pem"), &second.key).unwrap();
    let waits = |what: &str, done: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !done() {
            assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {:?}", running.said.lock().unwrap());
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    waits("it is told", &|| running.said.lock().unwrap().iter().any(|s| s.contains("stays in use") && s.contains("is not that of the certificate")));
    assert!(running.ask(&first.root, &get("/healthz")).is_ok());
    fs::write(folder.path().join("cert.pem"), &second.cert).unwrap();
    waits("it is taken up", &|| running.ask(&second.root, &get("/healthz")).is_ok());
    assert!(running.ask(&first.root, &get("/healthz")).is_err());
    assert!(running.end() < Duration::from_secs(20));
}

#[test]
fn a_certificate_that_cannot_be_used_says_why() {
    let (one, other) = (made(), made());
    let folder = tempfile::tempdir().unwrap();
    let why = |files: CertificateFiles| match Certificates::read(files) {
        Err(ServeError::Refused { what, .. }) => what,
        _ => String::new(),
    };
    assert_eq!(why(put(folder.path(), &one, 0o600)), "");
    assert_eq!(why(put(folder.path(), &one, 0o640)), "", "a group may read it");
    let open = why(put(folder.path(), &one, 0o644));
    assert!(open.contains("can be read by everybody") && open.contains("644"), "{open}");
    let mixed = Made { cert: one.cert.clone(), key: other.key.clone(), root: one.root.clone() };
    assert!(why(put(folder.path(), &mixed, 0o600)).contains("is not that of the certificate"));
    for (cert, key, says) in [("no certificate", one.key.as_str(), "holds no certificate"), (one.cert.as_str(), "no key", "holds no private key"), (one.key.as_str(), one.key.as_str(), "holds no certificate")] {
        let bad = Made { cert: cert.to_owned(), key: key.to_owned(), root: one.root.clone() };
        let said = why(put(folder.path(), &bad, 0o600));
        assert!(said.contains(says), "{says}: {said}");
    }
    let gone = why(CertificateFiles { cert: folder.path().join("none.pem"), key: folder.path().join("key.pem") });
    assert!(gone.contains("none.pem"), "{gone}");
}

/// A form whose end has not come yet: a request under way for as long as a test likes.
fn half_sent(running: &Running) -> (TcpStream, &'static str) {
    let mut stream = running.plain();
    stream.write_all(b"POST /login HTTP/1.1\r\nhost: here.example\r\norigin: http://here.example\r\ncontent-length: 27\r\n\r\nname=nobody&").unwrap();
    std::thread::sleep(Duration::from_millis(300));
    (stream, "password=nothing")
}

#[test]
fn the_end_finishes_what_was_begun_and_waits_for_nobody_who_asks_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger");
    copy(riverbend(), &ledger);
    let mut running = Running::start(&ledger, "127.0.0.1:0", None).unwrap();
    let idle = running.plain();
    let mut kept = running.plain();
    kept.write_all(b"GET /healthz HTTP/1.1\r\nhost: here.example\r\n\r\n").unwrap();
    assert!(kept.read(&mut [0; 4096]).unwrap() > 0, "a connection that is kept open");
    let (mut under_way, rest) = half_sent(&running);
    drop(running.stop.take());
    std::thread::sleep(Duration::from_secs(4));
    assert!(!running.thread.as_ref().unwrap().is_finished(), "it waits for the request under way");
    assert!(TcpStream::connect(running.address).and_then(|mut s| { s.write_all(get("/healthz").as_bytes())?; let mut b = [0; 16]; s.set_read_timeout(Some(Duration::from_secs(5)))?; s.read(&mut b) }).is_ok_and(|n| n == 0) || TcpStream::connect(running.address).is_err(), "nothing new is begun");
    // The form is one byte longer than what is sent: the last byte ends it.
    under_way.write_all(&rest.as_bytes()[..15]).unwrap();
    let mut answer = String::new();
    under_way.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 401") && answer.contains("are not right"), "{answer}");
    let begun = Instant::now();
    running.thread.take().unwrap().join().unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(20), "an idle connection is not waited for");
    drop(idle);
}

#[test]
fn a_slow_page_keeps_nobody_from_appending() {
    let office = Office::open();
    let (busy, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let (name, key) = office.key(crate::roles::Role::Officer);
    let (site, seen, over) = (office.site.clone(), Arc::clone(&busy), Arc::clone(&done));
    // Judges the whole ledger at two points, again and again, on other threads.
    let reader = std::thread::spawn(move || {
        let mut read = 0;
        while !over.load(Ordering::Relaxed) {
            seen.store(true, Ordering::Relaxed);
            let request = axum::http::Request::get("/scans/diff.csv?from=100&to=now").header(name, &key).body(axum::body::Body::empty()).unwrap();
            let status = super::send(&site, request).status;
            assert!(status == axum::http::StatusCode::OK || status == axum::http::StatusCode::TOO_MANY_REQUESTS, "{status}");
            read += 1;
        }
        read
    });
    while !busy.load(Ordering::Relaxed) {
        std::thread::yield_now();
    }
    let list: serde_json::Value = serde_json::from_str(&office.get(crate::roles::Role::Service, "/findings.json?limit=5").body).unwrap();
    let before = audit::desk::size(&office.ledger).unwrap();
    let mut longest = Duration::ZERO;
    for f in list["findings"].as_array().unwrap() {
        let asked = audit::worklist::Asked {
            word: audit::acts::Word::Acknowledged,
            by: "Ana Ortiz".to_owned(),
            to: None,
            approver: None,
            on: None,
            rationale: None,
            due_on: None,
            today: None,
            at: None,
        };
        let begun = Instant::now();
        // Nothing is tried again: an append that a page kept out would fail here as busy.
        audit::worklist::act(&office.ledger, &audit::worklist::Which::Ids(vec![f["id"].as_str().unwrap().to_owned()]), &asked, noon()).unwrap();
        longest = longest.max(begun.elapsed());
    }
    done.store(true, Ordering::Relaxed);
    assert!(reader.join().unwrap() > 0);
    assert_eq!(audit::desk::size(&office.ledger).unwrap(), before + 5);
    assert!(longest < Duration::from_secs(60), "{longest:?}");
}

#[test]
fn requests_that_somebody_else_makes_of_the_description_are_answered_as_it_says() {
    let has = |arguments: &[&str]| std::process::Command::new("python3").args(arguments).output().is_ok_and(|o| o.status.success());
    if !has(&["-c", "import schemathesis"]) {
        println!("SKIPPED: the python package schemathesis is not here (.ci/run installs it)");
        return;
    }
    let office = Office::open();
    let (_, token) = office.key(crate::roles::Role::Service);
    let mut running = Running::start(&office.ledger, "127.0.0.1:0", None).unwrap();
    // A fixed number of requests, always the same ones: what is found here is found everywhere. Comparing two points is limited, and of the forms
    // two stand for all. One worker: CPython 3.11 parses on two threads at once with a recursion count they share, and now and then fails at that.
    let command = "import signal; signal.alarm(240); from schemathesis.cli import schemathesis; schemathesis()";
    let told = std::process::Command::new("python3")
        .args(["-c", command, "run", &format!("http://{}/openapi.json", running.address), "--header", &format!("Authorization: {token}")])
        .args(["--phases", "examples,coverage,fuzzing", "--max-examples", "6", "--seed", "1", "--generation-deterministic"])
        .args(["--request-timeout", "60", "--workers", "1", "--no-color", "--no-shrink", "--suppress-health-check", "all", "--continue-on-failure"])
        .args(["--exclude-path-regex", "^/scans/diff|(xlsx|html)$"])
        .current_dir(office.ledger.parent().unwrap())
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    if told.status.code().is_none() {
        println!("SKIPPED: schemathesis was not done in four minutes on this machine");
        return;
    }
    assert!(told.status.success(), "{said}");
    assert!(running.said.lock().unwrap().is_empty());
    running.end();
}
