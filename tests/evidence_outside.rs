//! Evidence that outsiders check without trusting the ledger: exported files read alone, proofs, key changes, a witness in another process,
//! policies, and a print typed in again.
//! Nothing here reads the ledger's files to check what was handed out, except to attack them.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use transparency::{Hash, KeyChain, Note, Policy, TlogProof, Verifier, leaf_hash, root_of, verify_consistency};

use crate::command::{Desk, copy_folder, stderr, stdout};

/// A ledger with `n` invented contracts that ended.
pub(crate) fn ledger(n: u64) -> Desk {
    let desk = Desk::simulated();
    grow(&desk, 0, n);
    desk
}

pub(crate) fn grow(desk: &Desk, from: u64, to: u64) {
    let line = |n| format!("{{\"type\":\"contract_ended\",\"recorded_at\":\"2025-01-01T00:00:00Z\",\"contract\":\"K-{n}\",\"ended_on\":\"2025-01-31\"}}\n");
    desk.write("events.jsonl", &(from..to).map(line).collect::<String>());
    desk.done(&["import", "events.jsonl"]);
    desk.done(&["checkpoint", "sign"]);
}

fn vkey(desk: &Desk) -> String {
    desk.json(&["checkpoint", "key", "--json"])["vkey"].as_str().unwrap().to_owned()
}

/// Reads an export as a monitor does, by paths alone: entries to leaf hashes, these compared with the tiles, and all to the root.
fn root_of_export(dir: &Path, key: &str) -> (u64, Vec<Hash>) {
    let note = Note::parse(&fs::read(dir.join("checkpoint")).unwrap()).unwrap();
    let accepted = Policy::of_log(Verifier::parse(key).unwrap()).check(&note).unwrap();
    let (size, mut leaves) = (accepted.checkpoint.size(), Vec::new());
    let name = |index: u64, width: u64| if width == 256 { format!("{index:03}") } else { format!("{index:03}.p/{width}") };
    for index in 0..size.div_ceil(256) {
        let width = (size - index * 256).min(256);
        let entries = fs::read(dir.join("tile/entries").join(name(index, width))).unwrap();
        let mut rest = entries.as_slice();
        let before = leaves.len();
        while let [high, low, after @ ..] = rest {
            let (entry, after) = after.split_at(usize::from(*high) << 8 | usize::from(*low));
            leaves.push(leaf_hash(entry));
            rest = after;
        }
        let tile: Vec<u8> = leaves[before..].iter().flat_map(|hash| hash.0).collect();
        assert_eq!(fs::read(dir.join("tile/0").join(name(index, width))).unwrap(), tile);
    }
    let full = size / 256;
    if full > 0 {
        let above: Vec<u8> = leaves.chunks_exact(256).flat_map(|tile| root_of(tile).0).collect();
        assert_eq!(fs::read(dir.join("tile/1").join(name(0, full))).unwrap(), above);
    }
    assert_eq!(root_of(&leaves), accepted.checkpoint.root());
    (size, leaves)
}

#[test]
fn an_export_alone_gives_the_signed_root_and_grows_by_what_is_new() {
    let desk = ledger(300);
    let (dir, key) = (desk.path().join("public"), vkey(&desk));
    let first = desk.json(&["tiles", "export", "public", "--json"]);
    assert_eq!(first["size"], 301);
    let (size, old) = root_of_export(&dir, &key);
    assert_eq!(size, 301);
    let full = dir.join("tile/0/000");
    let written = fs::metadata(&full).unwrap().modified().unwrap();

    grow(&desk, 300, 900);
    let second = desk.json(&["tiles", "export", "public", "--json"]);
    assert_eq!((&second["size"], &second["kept"]), (&901.into(), &1.into()));
    let (_, new) = root_of_export(&dir, &key);
    assert_eq!(new[..old.len()], old);
    assert_eq!(fs::metadata(&full).unwrap().modified().unwrap(), written);
    assert!(!dir.join("tile/0/001.p").exists(), "a partial tile outlives the full one");

    // Another ledger's export is not written over, and one of a longer history neither.
    let other = ledger(3);
    let refused = other.run(&["tiles", "export", dir.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert_eq!(root_of_export(&dir, &key).0, 901);
}

#[test]
fn a_proof_is_checked_with_the_file_the_leaf_and_a_key_from_elsewhere() {
    let desk = ledger(300);
    let key = Verifier::parse(&vkey(&desk)).unwrap();
    desk.done(&["prove", "123", "-o", "123.tlog-proof"]);
    let proof = TlogProof::parse(&fs::read(desk.path().join("123.tlog-proof")).unwrap()).unwrap();
    let leaf = fs::read(desk.path().join("123.tlog-proof.leaf")).unwrap();
    let policy = Policy::of_log(key);
    assert_eq!(proof.verify(&leaf_hash(&leaf), &policy).unwrap().checkpoint.size(), 301);
    assert_eq!(proof.index, 123);
    let mut other = leaf.clone();
    other[40] ^= 1;
    assert!(proof.verify(&leaf_hash(&other), &policy).is_err());

    assert_eq!(desk.run(&["prove", "301", "-o", "x"]).status.code(), Some(2));
    assert!(!desk.path().join("x").exists());
}

#[test]
fn a_rotated_key_is_followed_from_the_old_one_and_old_checkpoints_verify() {
    let desk = ledger(5);
    let old = vkey(&desk);
    fs::write(desk.path().join("before"), &desk.done(&["checkpoint", "show"]).stdout).unwrap();
    fs::write(desk.path().join("statement"), &desk.done(&["key", "rotate"]).stdout).unwrap();
    let new = vkey(&desk);
    assert_ne!(old, new);
    let mut chain = KeyChain::new(Verifier::parse(&old).unwrap());
    chain.extend(Note::parse(&fs::read(desk.path().join("statement")).unwrap()).unwrap()).unwrap();
    assert_eq!(chain.current().to_string(), new);
    let shown = stdout(&desk.done(&["checkpoint", "key"]));
    assert!(shown.starts_with(&format!("{new}\n")) && shown.contains(&old), "{shown}");
    desk.done(&["verify", "--against", "before"]);
    assert!(stdout(&desk.done(&["events", "--type", "key_rotated"])).contains("rotated"));
}

/// A witness in a process of its own.
pub(crate) struct Running {
    child: Child,
    _said: BufReader<std::process::ChildStderr>,
    url: String,
    pub(crate) vkey: String,
}

impl Running {
    pub(crate) fn start(desk: &Desk, name: &str, logs: &[&str]) -> Self {
        let key = desk.path().join(format!("{name}.key"));
        let vkey = if key.exists() {
            fs::read_to_string(key.with_extension("vkey")).unwrap()
        } else {
            let made = stdout(&desk.done(&["witness", "key", &format!("{name}.example"), "-o", key.to_str().unwrap()]));
            fs::write(key.with_extension("vkey"), made.trim()).unwrap();
            made.trim().to_owned()
        };
        let state = desk.path().join(format!("{name}-state"));
        let mut args = vec!["witness", "serve", "--listen", "127.0.0.1:0", "--state", state.to_str().unwrap(), "--key", key.to_str().unwrap()];
        for log in logs {
            args.extend(["--log", log]);
        }
        let mut child = desk.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        stderr.read_line(&mut said).unwrap();
        let url = said.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_else(|| panic!("{said}")).to_owned();
        Self { child, _said: stderr, url, vkey }
    }

    pub(crate) fn submit(&self, desk: &Desk) -> std::process::Output {
        desk.run(&["witness", "submit", &self.url, "--witness", &self.vkey])
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_witness_cosigns_growth_and_its_word_stands_in_status_proofs_and_exports() {
    let desk = ledger(5);
    assert_eq!(desk.json(&["status", "--json"])["externally_anchored"], serde_json::Value::Null);
    assert!(stdout(&desk.done(&["status"])).contains("never"));
    let witness = Running::start(&desk, "w1", &[&vkey(&desk)]);
    let first = witness.submit(&desk);
    assert!(first.status.success(), "{}", stderr(&first));
    assert!(stdout(&first).starts_with("w1.example cosigned 6 events on "), "{}", stdout(&first));
    grow(&desk, 5, 400);
    // The ledger's memory of the witness is lost: the witness says where it stands.
    fs::remove_dir_all(desk.ledger().join("outside")).unwrap();
    assert!(witness.submit(&desk).status.success());
    assert_eq!(desk.json(&["status", "--json"])["externally_anchored"]["size"], 401);
    let shown = stdout(&desk.done(&["status"]));
    assert!(shown.contains("last at 401 events on ") && shown.contains("by w1.example"), "{shown}");

    desk.done(&["prove", "7", "-o", "7.tlog-proof"]);
    desk.done(&["tiles", "export", "public"]);
    let policy = format!("log {}\nwitness w1 {}\nquorum w1\n", vkey(&desk), witness.vkey);
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let proof = TlogProof::parse(&fs::read(desk.path().join("7.tlog-proof")).unwrap()).unwrap();
    let leaf = fs::read(desk.path().join("7.tlog-proof.leaf")).unwrap();
    assert_eq!(proof.verify(&leaf_hash(&leaf), &policy).unwrap().cosigned.len(), 1);
    assert!(policy.check(&Note::parse(&fs::read(desk.path().join("public/checkpoint")).unwrap()).unwrap()).is_ok());
    let verified = desk.json(&["verify", "--json"]);
    assert_eq!(verified["checkpoints"].as_array().unwrap().len(), 3, "{verified}");
}

#[test]
fn an_insider_with_disk_and_key_is_caught_by_the_witness_alone() {
    let desk = ledger(5);
    let key = vkey(&desk);
    // Everything the insider will put back: database, keys, high-water file, what witnesses said.
    copy_folder(&desk.ledger(), &desk.path().join("kept"));
    grow(&desk, 5, 50);
    let witness = Running::start(&desk, "w1", &[&key]);
    assert!(witness.submit(&desk).status.success());

    fs::remove_dir_all(desk.ledger()).unwrap();
    copy_folder(&desk.path().join("kept"), &desk.ledger());
    desk.done(&["verify"]);
    let rolled_back = witness.submit(&desk);
    assert_eq!(rolled_back.status.code(), Some(1), "{}", stderr(&rolled_back));
    assert!(stderr(&rolled_back).contains("51 events") && stderr(&rolled_back).contains("w1.example"), "{}", stderr(&rolled_back));
    // Another history of the same length and more, signed with the true key.
    grow(&desk, 1000, 1100);
    let rewritten = witness.submit(&desk);
    assert_eq!(rewritten.status.code(), Some(1), "{}", stderr(&rewritten));
    assert!(stderr(&rewritten).contains("history was changed"), "{}", stderr(&rewritten));

    // The witness has the signed contradiction on its disk.
    let state = desk.path().join("w1-state");
    let folder: PathBuf = fs::read_dir(&state).unwrap().flatten().map(|entry| entry.path()).find(|path| path.is_dir()).unwrap();
    let kept: Vec<PathBuf> = fs::read_dir(folder.join("evidence")).unwrap().flatten().map(|entry| entry.path()).collect();
    assert_eq!(kept.len(), 1);
    let request = transparency::AddCheckpoint::parse(&fs::read(&kept[0]).unwrap()).unwrap();
    assert!(request.note.verify(&[Verifier::parse(&key).unwrap()]).is_ok());
    let seen = Note::parse(&fs::read(folder.join("checkpoint")).unwrap()).unwrap();
    let seen = transparency::Checkpoint::parse(seen.text()).unwrap();
    assert!(verify_consistency(seen.size(), &seen.root(), request.checkpoint.size(), &request.checkpoint.root(), &request.proof).is_err());
}

#[test]
fn a_killed_witness_remembers_and_an_unknown_key_gets_nothing() {
    let desk = ledger(5);
    let witness = Running::start(&desk, "w1", &[&vkey(&desk)]);
    assert!(witness.submit(&desk).status.success());
    // kill -9.
    drop(witness);
    let stranger = ledger(9);
    let witness = Running::start(&desk, "w1", &[&vkey(&desk)]);
    let refused = witness.submit(&stranger);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("checkpoint key") || stderr(&refused).contains("does not know"), "{}", stderr(&refused));
    grow(&desk, 5, 9);
    assert!(witness.submit(&desk).status.success());
    // A new log key is not known to the witness until it is told.
    desk.done(&["key", "rotate"]);
    let unknown = witness.submit(&desk);
    assert!(stderr(&unknown).contains("does not know the key"), "{}", stderr(&unknown));
    let (old, new) = (vkey(&ledger(1)), vkey(&desk));
    drop(witness);
    let witness = Running::start(&desk, "w1", &[&old, &new]);
    assert!(witness.submit(&desk).status.success());
}

#[test]
fn a_policy_says_whose_word_is_enough() {
    let desk = ledger(5);
    let key = vkey(&desk);
    let (one, two) = (Running::start(&desk, "w1", &[&key]), Running::start(&desk, "w2", &[&key]));
    let text = |k: &str| format!("log {key}\nwitness a {} {}\nwitness b {} {}\ngroup g {k} a b\nquorum g\n", one.vkey, one.url, two.vkey, two.url);
    desk.write("policy", &text("all"));
    let enough = desk.run(&["witness", "submit", "--policy", "policy"]);
    assert!(enough.status.success() && stdout(&enough).contains("enough for the policy"), "{}{}", stdout(&enough), stderr(&enough));
    drop(two);
    grow(&desk, 5, 9);
    let policy = fs::read_to_string(desk.path().join("policy")).unwrap();
    let short = desk.run(&["witness", "submit", "--policy", "policy"]);
    assert_eq!(short.status.code(), Some(1), "{}", stdout(&short));
    assert!(stdout(&short).contains("not enough"), "{}", stdout(&short));
    desk.write("policy", &policy.replace("group g all", "group g any"));
    desk.done(&["witness", "submit", "--policy", "policy"]);
    desk.write("policy", "witness a b\n");
    let bad = desk.run(&["witness", "submit", "--policy", "policy"]);
    assert!(bad.status.code() == Some(2) && stderr(&bad).contains("line 1"), "{}", stderr(&bad));
}

#[test]
fn a_print_typed_in_again_is_compared_and_a_mismatch_names_both_roots() {
    let desk = ledger(5);
    let print = stdout(&desk.done(&["checkpoint", "print"]));
    assert!(print.lines().any(|line| line.contains('\u{2588}') && line.contains('\u{2580}')), "{print}");
    let typed: Vec<&str> = print.lines().take(3).collect();
    desk.write("typed", &format!("{}  \n {}\n{}", typed[0], typed[1], typed[2]));
    fs::write(desk.path().join("note"), &desk.done(&["checkpoint", "show"]).stdout).unwrap();
    desk.done(&["prove", "1", "-o", "1.tlog-proof"]);
    grow(&desk, 5, 300);
    let verified = desk.json(&["verify", "--against", "typed", "note", "1.tlog-proof", "--json"]);
    let agreed: Vec<(bool, bool)> =
        verified["against"].as_array().unwrap().iter().map(|c| (c["agrees"].as_bool().unwrap(), c["signed"].as_bool().unwrap())).collect();
    assert_eq!(agreed, [(true, false), (true, true), (true, true)]);

    let root = typed[2];
    let other = format!("{}{}", if root.starts_with('A') { 'B' } else { 'A' }, &root[1..]);
    desk.write("typed", &format!("{}\n{}\n{other}\n", typed[0], typed[1]));
    let mismatch = desk.run(&["verify", "--against", "typed"]);
    assert_eq!(mismatch.status.code(), Some(1));
    let said = stdout(&mismatch);
    assert!(said.contains(root) && said.contains(&other) && said.contains("first 6 events"), "{said}");
    desk.write("typed", &format!("{}\n9000\n{root}\n", typed[0]));
    assert!(stdout(&desk.run(&["verify", "--against", "typed"])).contains("events were removed"));
}
