//! The ledger is the only ground state: everything beside it can be thrown away, and what is derived comes again byte for byte.
//! Deletes whatever is not database, keys or high-water mark, without knowing what that is.

use std::fs;

use crate::command::{Desk, copy_folder, stderr};
use crate::riverbend::riverbend;

/// What is not derived: events and tree, keys, and the last signed checkpoint outside the database.
const GROUND: [&str; 3] = ["ledger.redb", "keys", "high-water"];

/// Everything a reader of the ledger can be told, as bytes.
fn answers(desk: &Desk, ledger: &str) -> Vec<Vec<u8>> {
    let asked: [&[&str]; 5] = [
        &["scan", "--json", "--dry-run", "--fail-on", "never"],
        &["scan", "--json", "--as-of", "2025-03-31", "--fail-on", "never"],
        &["events", "--format", "ndjson"],
        &["events", "--subject", "P-826"],
        &["history", "person", "P-826", "--json"],
    ];
    asked.iter().map(|args| desk.done(&[&["--ledger", ledger], *args].concat()).stdout).collect()
}

#[test]
fn what_is_derived_comes_again_byte_for_byte() {
    let desk = riverbend();
    desk.done(&["scan", "--fail-on", "never"]);
    let before = answers(&desk, "countersign");
    assert!(before.iter().all(|bytes| bytes.len() > 1_000));
    let mut deleted = Vec::new();
    for entry in fs::read_dir(desk.ledger()).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if !GROUND.contains(&name.as_str()) {
            if entry.path().is_dir() { fs::remove_dir_all(entry.path()).unwrap() } else { fs::remove_file(entry.path()).unwrap() }
            deleted.push(name);
        }
    }
    assert!(answers(&desk, "countersign") == before, "an answer changed after {deleted:?} were deleted");
    desk.done(&["verify"]);
    desk.done(&["doctor"]);
    desk.done(&["scan", "--fail-on", "never"]);
}

/// A copy of the ground state in another place is the same ledger; without its keys it can still be verified by nobody.
#[test]
fn the_ground_state_is_all_there_is_to_keep() {
    let desk = riverbend();
    let before = answers(&desk, "countersign");
    let copied = desk.path().join("copy");
    fs::create_dir(&copied).unwrap();
    for name in GROUND {
        let from = desk.ledger().join(name);
        if from.is_dir() { copy_folder(&from, &copied.join(name)) } else { fs::copy(from, copied.join(name)).map(drop).unwrap() }
    }
    assert!(answers(&desk, "copy") == before, "a copy of the ground state answers otherwise");
    fs::remove_dir_all(copied.join("keys")).unwrap();
    let output = desk.run(&["--ledger", "copy", "status"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("master-key"), "{}", stderr(&output));
}
