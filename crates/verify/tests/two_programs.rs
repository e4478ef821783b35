//! Every byte of a pack of 200 events changed, one at a time, before two programs of different authorship: this crate, and the plain Python of `tests/second_verifier`.
//! Refuses to pass silently where python3 with `cryptography` is missing: it says so.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::process::Command;

use support::Log;
use verify::{Given, check};

/// One bit of every byte, a different one from byte to byte.
fn change(at: usize) -> u8 {
    1 << (at % 8)
}

#[test]
fn both_notice_every_changed_byte_of_a_pack_of_200_events() {
    let there = Command::new("python3").args(["-c", "import cryptography"]).output().is_ok_and(|output| output.status.success());
    if !there {
        println!("SKIPPED: no python3 with `cryptography` here, so no second verifier was asked");
        return;
    }
    let log = Log::of(200);
    let mut file = log.whole();
    let given = Given { first_failure: true, ..log.given() };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("pack"), &file).unwrap();
    std::fs::write(at("changes"), (0..file.len()).map(|at| format!("{at} {}\n", change(at))).collect::<String>()).unwrap();
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/second_verifier/verify_pack.py");
    let python = |more: &[&str]| {
        let key = log.signer.verifier().to_string();
        let output = Command::new("python3").arg("-B").arg(&program).args(["pack", "--key", &key]).args(more).current_dir(folder.path()).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(check(&file, &given).verdict().is_green());
    assert!(python(&[]).starts_with("verified: "), "{}", python(&[]));
    let theirs = python(&["--changes", "changes"]);
    assert_eq!(theirs.lines().count(), file.len());
    for (at, theirs) in theirs.lines().enumerate() {
        file[at] ^= change(at);
        assert_eq!((check(&file, &given).verdict().as_str(), theirs), ("failed", "failed"), "byte {at} ^ {:#x}", change(at));
        file[at] ^= change(at);
    }
}
