//! Deliveries over TLS to receivers on this machine whose certificates were made for the test: https, SMTP with STARTTLS, SMTP over TLS.
//! A certificate that nobody vouches for ends the attempt before anything is said.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use notify::delivery::Standing;
use notify::tidings::{Ledger, Open, SCHEMA, Scan};
use notify::{Channel, Outbox, Secrets, Surroundings, Tidings, deliver, settings};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server is given and what those who trust it are given.
struct Authority {
    server: Arc<ServerConfig>,
    pem: String,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca = params.self_signed(&key).unwrap();
    let issuer = Issuer::new(params, key);
    let leaf_key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&leaf_key, &issuer).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(leaf_key.serialize_der()));
    let server = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], private)
        .unwrap();
    Authority { server: Arc::new(server), pem: ca.pem() }
}

/// What a server talks.
#[derive(Clone, Copy, PartialEq)]
enum Speech {
    Http,
    Smtp,
    SmtpStarttls,
}

/// Serves connections one after the other, and keeps every line heard under encryption.
fn serve(speech: Speech, config: Arc<ServerConfig>) -> (u16, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // The other side may leave at any time, and does when it does not trust us.
            let _ = talk(stream, speech, &config, &kept);
        }
    });
    (port, heard)
}

fn talk(mut plain: TcpStream, speech: Speech, config: &Arc<ServerConfig>, heard: &Mutex<String>) -> std::io::Result<()> {
    if speech == Speech::SmtpStarttls {
        plain.write_all(b"220 sink.example ESMTP\r\n")?;
        line(&mut plain)?;
        plain.write_all(b"250-sink.example\r\n250 STARTTLS\r\n")?;
        assert!(line(&mut plain)?.starts_with("STARTTLS"));
        plain.write_all(b"220 go on\r\n")?;
    }
    let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), plain);
    match speech {
        Speech::Http => {
            let mut length = 0;
            loop {
                let line = line(&mut stream)?;
                heard.lock().unwrap().push_str(&line);
                if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line == "\r\n" {
                    break;
                }
            }
            stream.read_exact(&mut vec![0; length])?;
            stream.write_all(b"HTTP/1.1 204 X\r\nconnection: close\r\n\r\n")?;
            stream.conn.send_close_notify();
            stream.flush()
        }
        Speech::Smtp | Speech::SmtpStarttls => {
            if speech == Speech::Smtp {
                stream.write_all(b"220 sink.example ESMTP\r\n")?;
            }
            loop {
                let said = line(&mut stream)?;
                heard.lock().unwrap().push_str(&said);
                let reply: &[u8] = match said.split([' ', '\r']).next().unwrap() {
                    "EHLO" => b"250-sink.example\r\n250 AUTH PLAIN\r\n",
                    "AUTH" => b"235 welcome\r\n",
                    "DATA" => {
                        stream.write_all(b"354 go on\r\n")?;
                        while line(&mut stream)? != ".\r\n" {}
                        b"250 taken\r\n"
                    }
                    _ => b"250 ok\r\n",
                };
                stream.write_all(reply)?;
            }
        }
    }
}

/// A line, byte by byte: nothing that follows may be taken before the encryption begins.
fn line(stream: &mut impl Read) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    while bytes.last() != Some(&b'\n') {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        bytes.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One run of deliveries by these settings, with the authority's certificate beside them.
fn run(channel: Channel, text: &str, ca: &str) -> Standing {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("unattended.toml"), text).unwrap();
    fs::write(folder.path().join("ca.pem"), ca).unwrap();
    fs::write(folder.path().join("secret"), "a secret of the tests, long enough").unwrap();
    fs::set_permissions(folder.path().join("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    let tidings = Tidings {
        schema: SCHEMA.to_owned(),
        ledger: Ledger { origin: "ledger.riverbend.example".to_owned(), simulated: true, events: 42 },
        scan: Scan { seq: 42, recorded_at: "2025-07-01T06:30:04Z".to_owned(), today: "2025-07-01".to_owned(), rule_set: "blake3:0a1b".to_owned() },
        open: Open::default(),
        after_waivers: Open::default(),
        not_evaluated: 0,
        events_not_interpreted: 0,
        since: None,
        links: None,
    };
    let outbox = Outbox::of(folder.path());
    outbox.put(channel, "scan_1", &tidings, 0).unwrap();
    let around = Surroundings {
        secrets: Secrets { dir: folder.path(), credentials: None },
        now: &|| 0,
        pause: &|_| true,
        stopping: &|| false,
        random: &|| 0,
    };
    let (mut told, troubles) = deliver(&outbox, &settings::read(folder.path()).unwrap(), &around);
    assert!(troubles.is_empty(), "{troubles:?}");
    told.remove(0).standing
}

#[test]
fn a_webhook_goes_over_tls_to_a_receiver_that_the_settings_vouch_for_and_to_no_other() {
    let authority = authority();
    let (port, heard) = serve(Speech::Http, Arc::clone(&authority.server));
    let text = format!("[webhook]\nurl = \"https://localhost:{port}/x\"\nsecret = \"secret\"\ntries = 1\n");
    let Standing::Waits { why } = run(Channel::Webhook, &text, "") else { panic!("nobody vouches for it") };
    assert!(why.to_lowercase().contains("certificate") || why.to_lowercase().contains("issuer"), "{why}");
    assert_eq!(*heard.lock().unwrap(), "");
    let trusting = format!("{text}ca_file = \"ca.pem\"\n");
    assert_eq!(run(Channel::Webhook, &trusting, &authority.pem), Standing::Accepted);
    assert!(heard.lock().unwrap().starts_with("POST /x HTTP/1.1\r\n"));
    let elsewhere = trusting.replace("localhost", "127.0.0.1");
    assert!(matches!(run(Channel::Webhook, &elsewhere, &authority.pem), Standing::Waits { .. }), "the certificate is for another name");
    let Standing::Waits { why } = run(Channel::Webhook, &trusting, "no certificate") else { panic!() };
    assert!(why.contains("no certificate in PEM is here"), "{why}");
}

#[test]
fn mail_goes_over_tls_from_the_beginning_or_after_starttls() {
    let authority = authority();
    for (speech, encryption) in [(Speech::Smtp, "tls"), (Speech::SmtpStarttls, "starttls")] {
        let (port, heard) = serve(speech, Arc::clone(&authority.server));
        let text = format!(
            "[mail]\nserver = \"localhost\"\nport = {port}\nencryption = \"{encryption}\"\nuser = \"u\"\npassword = \"secret\"\nfrom = \"a@b.example\"\n\
             to = [\"c@d.example\"]\ntries = 1\ntimeout_seconds = 10\n"
        );
        assert!(matches!(run(Channel::Mail, &text, ""), Standing::Waits { .. }), "nobody vouches for it");
        assert!(!heard.lock().unwrap().contains("AUTH"), "{encryption}");
        assert_eq!(run(Channel::Mail, &format!("{text}ca_file = \"ca.pem\"\n"), &authority.pem), Standing::Accepted, "{encryption}");
        let heard = heard.lock().unwrap();
        assert!(heard.contains("AUTH PLAIN") && heard.contains("RCPT TO:<c@d.example>"), "{heard}");
    }
}
