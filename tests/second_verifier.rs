//! Two programs of different authorship about the same packs: `verify`, and `tests/second_verifier/`, which was written from the format pages alone.
//! They must give the same verdict on every pack, whole or changed; refuses to pass silently where python3 with `cryptography` is missing: it says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use verify::{Given, Verifier, check};

use crate::command::{Desk, stderr, stdout};
use crate::riverbend::riverbend;

const CHANGES: usize = 2_400;
const RESEALED: usize = 1_200;

fn python(program: &str) -> Command {
    let mut command = Command::new("python3");
    command.arg("-B").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_verifier").join(program));
    command
}

/// Whether there is anything to ask; where not, the output of the test says that nothing was compared.
pub(crate) fn is_there() -> bool {
    let asked = Command::new("python3").args(["-c", "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey"]).output();
    let there = asked.is_ok_and(|output| output.status.success());
    if !there {
        println!("SKIPPED: no python3 with `cryptography` here, so no second verifier was asked");
    }
    there
}

/// Exit code and verdict of each of the two.
pub(crate) fn both(desk: &Desk, name: &str, more: &[&str]) -> [(Option<i32>, String); 2] {
    let ours = desk.run(&[&["pack", "verify", name, "--json"], more].concat());
    let said: serde_json::Value = serde_json::from_slice(&ours.stdout).unwrap_or_default();
    let theirs = python("verify_pack.py").arg(name).args(more).current_dir(desk.path()).output().unwrap();
    let word = stdout(&theirs).split(':').next().unwrap_or_default().to_owned();
    [(ours.status.code(), said["verdict"].as_str().unwrap_or_default().to_owned()), (theirs.status.code(), word)]
}

/// Fills a folder with packs that are changed behind their checksums and sealed anew with the log's own key.
pub(crate) fn reseal(pack: &Path, secret: &Path, count: usize, folder: &Path) {
    lines(&python("reseal.py").arg(pack).arg(secret).arg(count.to_string()).arg(folder).output().unwrap());
}

/// The same pack with one more signature line on its checkpoint, sealed anew.
pub(crate) fn add_line(pack: &Path, secret: &Path, line: &str, to: &Path) {
    lines(&python("reseal.py").arg(pack).arg(secret).arg("--line").arg(line).arg(to).output().unwrap());
}

/// The bytes of one entry of a pack.
pub(crate) fn entry(pack: &Path, name: &str) -> Vec<u8> {
    let file = std::fs::read(pack).unwrap();
    verify::entries(&file).into_iter().find(|(entry, _)| *entry == name).unwrap().1.to_vec()
}

fn lines(output: &Output) -> Vec<String> {
    assert!(output.status.success(), "{}", stderr(output));
    stdout(output).lines().map(str::to_owned).collect()
}

#[test]
fn blake3_of_the_second_verifier_agrees_with_the_official_vectors() {
    if is_there() {
        let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/second_verifier/blake3_vectors.json");
        assert_eq!(lines(&python("blake3.py").arg(vectors).output().unwrap()), ["6 official cases agree"]);
    }
}

#[test]
fn two_verifiers_agree_on_packs_of_every_scope() {
    if !is_there() {
        return;
    }
    let desk = riverbend();
    let kept = stdout(&desk.done(&["checkpoint", "sign"]));
    desk.write("kept.txt", &kept);
    let report = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    let finding = report["findings"].as_array().unwrap().iter().find(|f| f["about"]["claims"].as_array().is_some_and(|c| !c.is_empty())).unwrap();
    let [id, claim, contact, whom, peer] = [&finding["id"], &finding["about"]["claims"][0], &finding["subject"]["contact"], &finding["about"]["individual"], &finding["about"]["peer"]]
        .map(|value| value.as_str().unwrap());
    desk.write("sample.txt", &format!("{claim}\n"));
    let key = desk.vkey();
    let with_key = ["--key", key.as_str()];
    let green = |name: &str, more: &[&str], word: &str| {
        let wanted = (Some(0), word.to_owned());
        assert_eq!(both(&desk, name, &[&with_key, more].concat()), [wanted.clone(), wanted], "{name}");
        let alone = (Some(1), "self_consistent_only".to_owned());
        assert_eq!(both(&desk, name, more), [alone.clone(), alone], "{name} without a key");
    };
    for (name, args) in [
        ("claim", vec!["--claim", claim]),
        ("contact", vec!["--contact", contact]),
        ("finding", vec!["--finding", id]),
        ("individual", vec!["--individual", whom]),
        ("sample", vec!["--sample", "sample.txt"]),
        ("person", vec!["--person", peer]),
        ("days", vec!["--person", peer, "--days", "2024-07-01..2024-12-31"]),
        ("range", vec!["--from", "100", "--to", "199"]),
    ] {
        desk.pack(name, &args);
        green(name, &[], "verified");
    }
    desk.pack("since", &["--claim", claim, "--since", "kept.txt"]);
    green("since", &["--checkpoint", "kept.txt"], "verified");
    desk.done(&["erase", whom, "--reason", "asked for it", "--approved-by", "Ana Ortiz"]);
    desk.pack("erased", &["--from", "0", "--to", "999"]);
    green("erased", &[], "verified_with_erased_parts");

    let other = Desk::simulated();
    let theirs = other.vkey();
    let failed = |name: &str, more: &[&str]| {
        let wanted = (Some(1), "failed".to_owned());
        assert_eq!(both(&desk, name, more), [wanted.clone(), wanted], "{name} {more:?}");
    };
    // A pack made later that does not show that it continues the checkpoint.
    failed("contact", &["--key", &key, "--checkpoint", "kept.txt"]);
    failed("claim", &["--key", &theirs]);
    failed("kept.txt", &with_key);
    desk.write("empty", "");
    failed("empty", &with_key);
    failed("since", &["--key", &key, "--checkpoint", "empty"]);
    for (name, more) in [("nowhere", &with_key[..]), ("claim", &["--key", "no key"]), ("claim", &["--key", &key, "--checkpoint", "nowhere"]), ("claim", &["--no-such-option"])] {
        assert_eq!(both(&desk, name, more).map(|(code, _)| code), [Some(2), Some(2)], "{name} {more:?}");
    }
}

#[test]
fn two_verifiers_agree_on_every_one_of_thousands_of_changed_packs() {
    if !is_there() {
        return;
    }
    let desk = riverbend();
    let kept = stdout(&desk.done(&["checkpoint", "sign"]));
    desk.write("kept.txt", &kept);
    let path = desk.pack("sweep", &["--from", "0", "--to", "5", "--since", "kept.txt"]);
    let key = desk.vkey();
    let given = Given { key: Some(Verifier::parse(&key).unwrap()), first_failure: true, ..Given::default() };

    // As they lie: every change meets a digest, a checksum or the spelling of the file.
    let mut file = std::fs::read(&path).unwrap();
    assert!(file.len() > CHANGES, "every change is at a place of its own");
    let changes: Vec<(usize, u8)> = (0..CHANGES).map(|i| (i * file.len() / CHANGES, [0x01, 0x20, 0x80, 0xff][i % 4])).collect();
    desk.write("changes", &changes.iter().map(|(at, xor)| format!("{at} {xor}\n")).collect::<String>());
    let theirs = lines(&python("verify_pack.py").args(["sweep", "--key", &key, "--changes", "changes"]).current_dir(desk.path()).output().unwrap());
    assert_eq!(theirs.len(), CHANGES);
    for ((at, xor), theirs) in changes.into_iter().zip(&theirs) {
        file[at] ^= xor;
        let ours = check(&file, &given).verdict().as_str();
        assert_eq!((ours, theirs.as_str()), ("failed", "failed"), "byte {at} xor {xor}");
        file[at] ^= xor;
    }

    // Behind the checksums, sealed anew with the log's own key: now each field speaks for itself, and some changes are none (a word on the cover).
    let folder = desk.path().join("resealed");
    std::fs::create_dir(&folder).unwrap();
    let secret = desk.ledger().join("keys/log-key");
    reseal(&path, &secret, RESEALED, &folder);
    let mut names: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let theirs = lines(&python("verify_pack.py").arg("--many").arg(&folder).args(["--key", &key]).output().unwrap());
    assert_eq!(theirs.len(), names.len());
    let mut disagreements = Vec::new();
    let mut green = 0;
    for (name, theirs) in names.iter().zip(&theirs) {
        let verdict = check(&std::fs::read(name).unwrap(), &given).verdict();
        green += usize::from(verdict.is_green());
        if verdict.as_str() != theirs {
            disagreements.push(format!("{}: {} here, {theirs} there", name.file_name().unwrap().display(), verdict.as_str()));
        }
    }
    assert!(disagreements.is_empty(), "{} of {}:\n{}", disagreements.len(), names.len(), disagreements.join("\n"));
    assert!(green > 100 && names.len() - green > 500, "{green} of {} changes mean nothing, the others are refused", names.len());
}
