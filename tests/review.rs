//! The reviewer's side through the binary: visits with and without proof, an agency that rolled back or rewrote, findings altered under the agency's own key.
//! The agency's keys are fixed, as an insider has them; everybody is invented.

use std::path::Path;

use domain::KnownAt;
use ledger::{CreateOptions, Expect, Ledger};
use scenario::script;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::command::{Desk, stderr};
use crate::riverbend::riverbend;

fn at(n: i64) -> KnownAt {
    KnownAt::from_micros(KnownAt::parse("2025-01-01T12:00:00Z").unwrap().micros() + n * 60_000_000)
}

/// An agency with so many people engaged; `other` gives the same keys another history.
fn agency(origin: &str, people: i64, other: bool) -> Desk {
    let desk = Desk::empty();
    let options = CreateOptions { origin: origin.into(), simulated: true, now: at(0), entropy: Some([9; 32]) };
    let mut ledger = Ledger::create(&desk.ledger(), &options).unwrap();
    let name = |n| if other && n == 3 { format!("Q{n}") } else { format!("P{n}") };
    let line = |n| format!("person_engaged person={} start_on=2024-01-01 source_id=hr:{n}", name(n));
    let drafts: Vec<domain::Draft> = (0..people).map(|n| script::draft(&line(n), at(n), |_| None).unwrap()).collect();
    ledger.append(&drafts, Expect::Any, at(0)).unwrap();
    ledger.sign_checkpoint().unwrap();
    desk
}

fn pack(agency: &Desk, to: &Path, more: &[&str]) {
    let all: Vec<&str> = ["pack", "create", "-o", to.to_str().unwrap()].iter().chain(more).copied().collect();
    agency.done(&all);
}

/// Reviews a pack and gives exit code and what was said of it.
fn review(desk: &Desk, name: &str, more: &[&str]) -> (Option<i32>, Value) {
    let all: Vec<&str> = ["review", name, "--record", "rec", "--json"].iter().chain(more).copied().collect();
    let output = desk.run(&all);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", stderr(&output)));
    (output.status.code(), said["packs"][0].clone())
}

fn outcome(found: &(Option<i32>, Value)) -> (Option<i32>, &str) {
    (found.0, found.1["visit"]["outcome"].as_str().unwrap_or("none"))
}

const ORIGIN: &str = "ledger.test.example";

#[test]
fn visits_go_on_from_each_other_only_with_a_proof_and_never_back() {
    let me = Desk::empty();
    let to = |name: &str| me.path().join(name);
    let then = agency(ORIGIN, 20, false);
    pack(&then, &to("one"), &["--from", "0", "--to", "4"]);
    let first = review(&me, "one", &[]);
    assert_eq!(outcome(&first), (Some(0), "first_visit"));
    assert!(first.1["visit"]["sentence"].as_str().unwrap().contains("compare it with the agency's by another way"));
    let kept = to(first.1["visit"]["checkpoint"].as_str().unwrap());
    assert_eq!(outcome(&review(&me, "one", &[])), (Some(0), "same"));
    pack(&then, &to("without"), &["--from", "0", "--to", "4"]);
    let without = review(&me, "without", &[]);
    assert_eq!(outcome(&without), (Some(1), "not_shown"));
    assert!(without.1["visit"]["ask"].as_str().unwrap().contains("--since checkpoint-"));
    pack(&then, &to("with"), &["--from", "0", "--to", "4", "--since", kept.to_str().unwrap()]);
    let with = review(&me, "with", &[]);
    assert_eq!(outcome(&with), (Some(0), "continued"));
    assert!(with.1["visit"]["sentence"].as_str().unwrap().starts_with("Nothing was removed since your last visit on"));
    assert_eq!(with.1["verdict"], "verified");
    assert_eq!(outcome(&review(&me, "one", &[])), (Some(0), "seen_before"));
    // Rolled back to fewer events than were ever shown.
    pack(&agency(ORIGIN, 10, false), &to("rolled"), &[]);
    let rolled = review(&me, "rolled", &[]);
    assert_eq!(outcome(&rolled), (Some(1), "shorter"));
    assert_eq!(rolled.1["visit"]["evidence"].as_array().unwrap().len(), 2);
    // Rewritten under the same key, longer than what was shown, and all of it handed over.
    pack(&agency(ORIGIN, 40, true), &to("rewritten"), &[]);
    let rewritten = review(&me, "rewritten", &[]);
    assert_eq!(outcome(&rewritten), (Some(1), "changed"));
    for path in rewritten.1["visit"]["evidence"].as_array().unwrap() {
        assert!(to(path.as_str().unwrap()).exists());
    }
    // None of these touched the record; another agency has its own.
    assert_eq!(outcome(&review(&me, "with", &[])), (Some(0), "same"));
    pack(&agency("ledger.other.example", 5, false), &to("other"), &[]);
    assert_eq!(outcome(&review(&me, "other", &[])), (Some(0), "first_visit"));
    let strange = Desk::simulated();
    strange.write("people.jsonl", "{\"recorded_at\":\"2025-01-02T12:00:00Z\",\"type\":\"individual_registered\",\"individual\":\"I-1\",\"part2\":false}\n");
    strange.done(&["import", "people.jsonl"]);
    pack(&strange, &to("strange"), &[]);
    assert_eq!(outcome(&review(&me, "strange", &[])), (Some(1), "other_key"));
}

/// Replaces text in an entry by text of the same length, and seals the pack again as the holder of the log's key can.
fn altered(file: &[u8], ledger: &Path, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut entries: Vec<(String, Vec<u8>)> = verify::entries(file).iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    let place = |entries: &[(String, Vec<u8>)], name: &str| entries.iter().position(|(n, _)| n == name).unwrap();
    let hex = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let (findings, manifest, note) = (place(&entries, "findings.json"), place(&entries, "manifest.json"), place(&entries, "manifest.note"));
    let before = hex(&entries[findings].1);
    let text = String::from_utf8(entries[findings].1.clone()).unwrap();
    assert!(text.contains(from));
    entries[findings].1 = text.replacen(from, to, 1).into_bytes();
    let listed = String::from_utf8(entries[manifest].1.clone()).unwrap().replace(&before, &hex(&entries[findings].1));
    entries[manifest].1 = listed.into_bytes();
    let signed = format!("countersign pack v1\n{ORIGIN}\nsha256 {}\n", hex(&entries[manifest].1));
    entries[note].1 = Ledger::open(ledger).unwrap().sign_manifest(&signed).unwrap().into_bytes();
    // The lengths are the same, so only bytes and checksums change where they lie.
    let mut sealed = file.to_vec();
    for ((name, old), (_, new)) in verify::entries(file).iter().zip(&entries) {
        let start = old.as_ptr() as usize - file.as_ptr() as usize;
        sealed[start..start + new.len()].copy_from_slice(new);
        let (was, is) = (crc32fast::hash(old).to_le_bytes(), crc32fast::hash(new).to_le_bytes());
        sealed[start - name.len() - 16..start - name.len() - 12].copy_from_slice(&is);
        let central = (0..file.len() - 46 - name.len()).rfind(|at| file[*at..].starts_with(b"PK\x01\x02") && file[at + 46..].starts_with(name.as_bytes())).unwrap();
        assert_eq!(sealed[central + 16..central + 20], was);
        sealed[central + 16..central + 20].copy_from_slice(&is);
    }
    sealed
}

fn honest_findings(file: &[u8]) -> Value {
    let (_, bytes) = verify::entries(file).into_iter().find(|(name, _)| *name == "findings.json").unwrap();
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn findings_altered_under_the_agencys_own_key_verify_but_are_not_those_of_the_rules() {
    let desk = riverbend();
    let path = desk.path().join("all");
    pack(&desk, &path, &[]);
    let (code, honest) = review(&desk, "all", &[]);
    assert_eq!((code, honest["rules"]["comparison"].as_str(), honest["rules"]["whole"].as_bool()), (Some(0), Some("same"), Some(true)), "{}", honest["rules"]["sentence"]);
    assert_eq!(honest["rules"]["same"], honest["rules"]["findings"]);
    assert!(honest["rules"]["same"].as_u64() > Some(50));
    let file = std::fs::read(&path).unwrap();
    std::fs::write(desk.path().join("lie"), altered(&file, &desk.ledger(), "\"status\":\"open\"", "\"status\":\"gone\"")).unwrap();
    let (code, lie) = review(&desk, "lie", &[]);
    assert_eq!((code, lie["verdict"].as_str(), lie["rules"]["comparison"].as_str()), (Some(1), Some("verified"), Some("different")), "{lie}");
    assert_eq!(lie["rules"]["different"].as_array().unwrap().len(), 1);
    // Counts that flatter, and money that does.
    let summary = |field: &str| {
        let from = format!("\"{field}\":{}", honest_findings(&file)["summary"][field]);
        let last = from.len() - 1;
        let digit = if from.ends_with('1') { '2' } else { '1' };
        (from.clone(), format!("{}{digit}", &from[..last]))
    };
    for field in ["violation", "exposure_cents"] {
        let (from, to) = summary(field);
        std::fs::write(desk.path().join(field), altered(&file, &desk.ledger(), &from, &to)).unwrap();
        let (code, lie) = review(&desk, field, &[]);
        assert_eq!((code, lie["rules"]["comparison"].as_str(), lie["rules"]["counts_different"].as_array().map(Vec::len)), (Some(1), Some("different"), Some(1)), "{field}: {lie}");
        assert!(lie["rules"]["sentence"].as_str().unwrap().starts_with("THE COUNTS"), "{lie}");
    }
    // A selection comes out the same as far as it can be judged again, and says what it cannot tell.
    let claim = desk.json(&["findings", "list", "--json"])["findings"].as_array().unwrap().iter().find_map(|f| f["about"]["claims"][0].as_str().map(str::to_owned)).unwrap();
    pack(&desk, &desk.path().join("claim"), &["--claim", &claim]);
    let (_, part) = review(&desk, "claim", &[]);
    assert_eq!((part["rules"]["comparison"].as_str(), part["rules"]["whole"].as_bool()), (Some("same"), Some(false)), "{part}");
    assert!(part["rules"]["sentence"].as_str().unwrap().contains("cannot be told"));
}
