//! The program as a reviewer runs it: what it prints, and its three exit codes.
//! Packs come from the invented log beside; nothing is read but the files given.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::Log;

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_countersign-verify")).args(args).current_dir(dir).output().unwrap()
}

#[test]
fn it_ends_with_0_1_or_2_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let log = Log::of(30);
    let mut file = log.whole();
    std::fs::write(dir.join("good.zip"), &file).unwrap();
    std::fs::write(dir.join("kept.txt"), log.checkpoint(20)).unwrap();
    let middle = file.len() / 2;
    file[middle] ^= 1;
    std::fs::write(dir.join("bad.zip"), &file).unwrap();
    let key = log.signer.verifier().to_string();
    let good = run(dir, &["good.zip", "--key", &key, "--checkpoint", "kept.txt"]);
    let said = String::from_utf8(good.stdout).unwrap();
    assert_eq!(good.status.code(), Some(0), "{said}");
    for words in ["passed", "not checked", "seq 1  credential_revoked: person P-001", "unchanged since your checkpoint kept.txt over 20 events", "SIMULATED"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    for (args, code) in [
        (vec!["good.zip"], 1),
        (vec!["bad.zip", "--key", &key], 1),
        (vec!["kept.txt", "--key", &key], 1),
        (vec!["missing.zip", "--key", &key], 2),
        (vec!["good.zip", "--key", "not a key"], 2),
        (vec!["good.zip", "--key", &key, "--checkpoint", "missing.txt"], 2),
        (vec![], 2),
        (vec!["--help"], 0),
    ] {
        let output = run(dir, &args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
    }
    let json = run(dir, &["bad.zip", "--key", &key, "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(report["verdict"], "failed");
}
