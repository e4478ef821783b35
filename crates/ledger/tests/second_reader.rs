//! A reader in another language, written from the pages alone, reads every event as this crate does and finds the same root and link.
//! It refuses to pass without python3 being asked: where there is none, it says so and checks nothing.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::process::Command;

use domain::field::{Kind, Raw};
use domain::*;
use ledger::*;
use support::*;

/// JSON as Python writes it without spaces; the texts here have no control characters.
fn json(raw: &Raw<'_>, out: &mut String) {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match raw {
        Raw::Null => out.push_str("null"),
        Raw::Bool(b) => out.push_str(&b.to_string()),
        Raw::Int(n) => out.push_str(&n.to_string()),
        Raw::Number(n) => out.push_str(&quoted(n)),
        Raw::Text(text) => out.push_str(&quoted(text)),
        Raw::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                json(item, out);
            }
            out.push(']');
        }
        Raw::Record(fields) => {
            out.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&format!("{}:", quoted(name)));
                json(value, out);
            }
            out.push('}');
        }
    }
}

/// A value as somebody without keys sees it: individuals as pseudonyms, confidential values by their place.
fn masked(raw: Raw<'static>, kind: Kind, secret: &[u8; 32], place: &mut u16) -> Raw<'static> {
    match (raw, kind) {
        (Raw::Text(text), Kind::Id(domain::ids::IdKind::Individual)) => {
            Raw::owned(format!("pseudonym:{}", vault::pseudonym(secret, "individual", &text)))
        }
        (Raw::Text(_), Kind::BirthDate | Kind::Confidential) => {
            *place += 1;
            Raw::owned(format!("sealed:{}", *place - 1))
        }
        (Raw::List(items), Kind::List(inner)) => Raw::List(items.into_iter().map(|item| masked(item, *inner, secret, place)).collect()),
        // The corrections of this test are of a credential.
        (Raw::Record(fields), Kind::Changes) => {
            let schema = Event::schema_of("credential_granted").unwrap();
            let kind = |name: &str| schema.fields.iter().find(|field| field.name == name).unwrap().kind;
            Raw::Record(fields.into_iter().map(|(name, value)| (name.clone(), masked(value, kind(&name), secret, place))).collect())
        }
        (other, _) => other,
    }
}

#[test]
fn the_python_reader_agrees_on_every_event() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("no python3 here: the second reader was not run");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = sample(dir.path());
    let ledger = Ledger::open_reader(&path).unwrap();
    let export = dir.path().join("frames");
    let head = ledger.export_frames(std::io::BufWriter::new(std::fs::File::create(&export).unwrap())).unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3").arg(folder.join("tests/decoder.py")).arg(&export).arg(folder.join("PAYLOADS.md")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();

    let master = vault::MasterKey::open(&path.join("keys/master-key")).unwrap();
    let vault = vault::Vault::open_read_only(&path.join("keys"), &master).unwrap();
    for recorded in all(&ledger) {
        let schema = recorded.event.schema();
        let (mut fields, mut place) = (Vec::new(), 0);
        for ((name, value), field) in recorded.event.fields().into_iter().zip(schema.fields) {
            fields.push((name.into(), masked(value.into_owned(), field.kind, vault.agency_secret(), &mut place)));
        }
        let mut expected = String::new();
        json(&Raw::Record(fields), &mut expected);
        let line = lines.next().unwrap();
        assert!(line.starts_with(&format!("{{\"seq\":{},\"type\":\"{}\",", recorded.seq, schema.name)), "{line}");
        assert!(line.ends_with(&format!(",\"fields\":{expected}}}")), "{line}\nis not\n{expected}");
    }
    assert_eq!(lines.next(), Some(format!("root {}", head.root.to_hex()).as_str()));
    assert_eq!(lines.next(), Some(format!("link {}", head.link).as_str()));

    // It is no rubber stamp: a changed byte is refused.
    let mut bytes = std::fs::read(&export).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&export, bytes).unwrap();
    let output = Command::new("python3").arg(folder.join("tests/decoder.py")).arg(&export).arg(folder.join("PAYLOADS.md")).output().unwrap();
    assert!(!output.status.success());
}
