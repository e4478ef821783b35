//! Timestamps on checkpoints by an authority made on the spot with openssl: carried by hand, asked for over HTTP, and checked by openssl itself.
//! Nothing is compared with our own reading of an answer: the command that is printed is run.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command::{Desk, stderr};
use crate::evidence_outside::{grow, ledger};

/// A time stamping authority in a folder, made with openssl; `None` where there is no openssl.
fn authority(dir: &Path) -> Option<()> {
    let openssl = |args: &[&str]| Command::new("openssl").args(args).current_dir(dir).output();
    if openssl(&["version"]).is_err() {
        eprintln!("SKIPPED: openssl is not installed, so no timestamp was made or verified");
        return None;
    }
    fs::write(
        dir.join("tsa.cnf"),
        "[req]\ndistinguished_name=dn\n[dn]\n[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n\
         [tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\ncerts=ca.pem\nsigner_key=tsa.key\nsigner_digest=sha256\n\
         default_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=yes\ntsa_name=no\ness_cert_id_chain=no\n",
    )
    .unwrap();
    fs::write(dir.join("serial"), "01\n").unwrap();
    for args in [
        &["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Invented CA", "-days", "2"][..],
        &["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Invented TSA", "-config", "tsa.cnf"],
        &["x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem", "-days", "2", "-extfile", "tsa.cnf", "-extensions", "ext"],
    ] {
        let done = openssl(args).unwrap();
        assert!(done.status.success(), "{args:?}: {}", stderr(&done));
    }
    Some(())
}

/// The authority's answer to `query.tsq` in its folder.
fn answered(dir: &Path, out: &str) -> PathBuf {
    let args = ["ts", "-reply", "-queryfile", "query.tsq", "-config", "tsa.cnf", "-section", "t", "-out", out];
    let made = Command::new("openssl").args(args).current_dir(dir).output().unwrap();
    assert!(made.status.success(), "{}", stderr(&made));
    dir.join(out)
}

/// Runs the very command that was printed, with the authority's CA in the place it says.
fn openssl_agrees(desk: &Desk, dir: &Path, stamped: &serde_json::Value) {
    let check = stamped["check"].as_str().unwrap().replace("CA.pem", dir.join("ca.pem").to_str().unwrap());
    let words: Vec<&str> = check.split_whitespace().collect();
    let checked = Command::new(words[0]).args(&words[1..]).current_dir(desk.path()).output().unwrap();
    assert!(checked.status.success(), "{check}: {}", stderr(&checked));
}

#[test]
fn a_timestamp_is_fetched_on_a_data_carrier_and_openssl_agrees() {
    let desk = ledger(5);
    let tsa = tempfile::tempdir().unwrap();
    if authority(tsa.path()).is_none() {
        return;
    }
    let query = tsa.path().join("query.tsq");
    desk.done(&["checkpoint", "timestamp", "--request-only", "-o", query.to_str().unwrap()]);
    let answer = answered(tsa.path(), "answer.tsr");
    // Days later, the ledger has gone on.
    grow(&desk, 5, 20);
    let stamped = desk.json(&["checkpoint", "timestamp", "--attach", answer.to_str().unwrap(), "--json"]);
    assert_eq!(stamped["size"], 6);
    assert_eq!(desk.json(&["status", "--json"])["timestamped"], serde_json::json!([6]));
    openssl_agrees(&desk, tsa.path(), &stamped);

    // Another query's answer, a refusal, and no answer at all.
    let other = ledger(3);
    let foreign = other.run(&["checkpoint", "timestamp", "--attach", answer.to_str().unwrap()]);
    assert_eq!(foreign.status.code(), Some(1), "{}", stderr(&foreign));
    fs::write(&query, b"nonsense").unwrap();
    let refused = answered(tsa.path(), "refused.tsr");
    let refused = desk.run(&["checkpoint", "timestamp", "--attach", refused.to_str().unwrap()]);
    assert!(refused.status.code() == Some(1) && stderr(&refused).contains("did not grant"), "{}", stderr(&refused));
    desk.write("none.tsr", "hello");
    assert_eq!(desk.run(&["checkpoint", "timestamp", "--attach", "none.tsr"]).status.code(), Some(1));
    let nowhere = desk.run(&["checkpoint", "timestamp"]);
    assert_eq!(nowhere.status.code(), Some(2));
}

#[test]
fn a_timestamp_is_asked_for_over_http() {
    let desk = ledger(5);
    let tsa = tempfile::tempdir().unwrap();
    if authority(tsa.path()).is_none() {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsr", listener.local_addr().unwrap());
    let dir = tsa.path().to_owned();
    let serving = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = BufReader::new(stream.try_clone().unwrap());
        let (mut len, mut kind, mut line) = (0, false, String::new());
        while request.read_line(&mut line).unwrap() > 2 {
            let lower = line.to_lowercase();
            len = lower.strip_prefix("content-length:").map_or(len, |n| n.trim().parse().unwrap());
            kind |= lower.trim() == "content-type: application/timestamp-query";
            line.clear();
        }
        let mut query = vec![0; len];
        request.read_exact(&mut query).unwrap();
        fs::write(dir.join("query.tsq"), query).unwrap();
        let answer = fs::read(answered(&dir, "answer.tsr")).unwrap();
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", answer.len()).unwrap();
        stream.write_all(&answer).unwrap();
        kind
    });
    let stamped = desk.json(&["checkpoint", "timestamp", "--tsa", &url, "--json"]);
    assert!(serving.join().unwrap(), "the content type of the query");
    assert_eq!(stamped["size"], 6);
    openssl_agrees(&desk, tsa.path(), &stamped);
    let gone = desk.run(&["checkpoint", "timestamp", "--tsa", &url]);
    assert!(gone.status.code() == Some(2) && stderr(&gone).contains("cannot be reached"), "{}", stderr(&gone));
}
