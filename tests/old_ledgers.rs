//! Ledgers and packs that earlier versions wrote: each is opened, verified, judged and gone on with by this one.
//! The folders under fixtures/ledgers are never changed; `cargo xtask ledgers` made them, from invented people.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use crate::command::{Desk, copy_folder, stdout};

fn versions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/ledgers");
    let mut versions: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    versions.sort();
    versions
}

#[test]
fn ledgers_and_packs_of_every_version_are_read_verified_judged_and_continued() {
    let versions = versions();
    assert!(!versions.is_empty());
    for version in versions {
        let expected: serde_json::Value = serde_json::from_str(&fs::read_to_string(version.join("expected.json")).unwrap()).unwrap();
        let desk = Desk::empty();
        copy_folder(&version, &desk.path().join("old"));
        // A checkout does not keep modes, and key files that others may read are refused.
        for name in fs::read_dir(desk.path().join("old/keys")).unwrap() {
            fs::set_permissions(name.unwrap().path(), fs::Permissions::from_mode(0o600)).unwrap();
        }
        desk.done(&["restore", "old/ledger", "--keys", "old/keys"]);
        let verified = desk.json(&["verify", "--json"]);
        let expected_state = if expected["erased_values"] == 0 { "verified" } else { "verified_with_erased_parts" };
        assert_eq!((&verified["state"], &verified["events"], &verified["root"]), (&expected_state.into(), &expected["size"], &expected["root"]), "{}", version.display());
        assert_eq!(verified["erased_values"], expected["erased_values"]);
        let scanned = desk.json(&["scan", "--today", "2025-07-01", "--dry-run", "--fail-on", "never", "--json"]);
        let findings: Vec<serde_json::Value> = scanned["findings"].as_array().unwrap().iter().map(|f| serde_json::json!([f["rule"], f["subject"], f["class"]])).collect();
        let missing: Vec<&serde_json::Value> = expected["findings"].as_array().unwrap().iter().filter(|f| !findings.contains(f)).collect();
        assert!(missing.is_empty(), "{}: findings that are no more: {missing:?}", version.display());
        let key = expected["key"].as_str().unwrap();
        let pack = stdout(&desk.done(&["pack", "verify", "old/range.pack", "--key", key]));
        assert!(!pack.is_empty());
        // It goes on where the earlier version stopped.
        desk.write("later.jsonl", "{\"type\":\"complaint_recorded\",\"source_id\":\"later\",\"category\":\"other\",\"received_on\":\"2025-07-03\",\"recorded_at\":\"2099-01-01T00:00:00Z\"}\n");
        let imported = stdout(&desk.done(&["import", "later.jsonl"]));
        assert!(imported.contains("1 event read: 1 appended"), "{imported}");
        desk.done(&["verify"]);
        desk.done(&["doctor"]);
    }
}
