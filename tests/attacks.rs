//! The ledger's rows of the attack table, with whole files and through the commands that must notice; and the one case nobody can notice alone.
//! Forged rows inside the database are in `crates/ledger/tests/attacks.rs`, packs in `crates/pack`, witnesses in the tests of theirs.

use std::path::{Path, PathBuf};

use domain::KnownAt;
use ledger::{CreateOptions, Expect, Ledger};
use scenario::script;

use crate::command::{Desk, copy_folder, stderr, stdout};

fn at(n: i64) -> KnownAt {
    KnownAt::from_micros(KnownAt::parse("2025-01-01T12:00:00Z").unwrap().micros() + n * 60_000_000)
}

/// A ledger in which peers are engaged one a minute; the same keys every time, as an insider has them. One of them can be another person.
fn history(dir: &Path, people: i64, other: Option<i64>) -> PathBuf {
    let options = CreateOptions { origin: "ledger.test.example".into(), simulated: true, now: at(0), entropy: Some([9; 32]) };
    let mut ledger = Ledger::create(dir, &options).unwrap();
    let name = |n| if other == Some(n) { format!("Q{n}") } else { format!("P{n}") };
    let line = |n| format!("person_engaged person={} start_on=2024-01-01 source_id=hr:{n}", name(n));
    let drafts: Vec<domain::Draft> = (0..people).map(|n| script::draft(&line(n), at(n), |_| None).unwrap()).collect();
    ledger.append(&drafts, Expect::Any, at(0)).unwrap();
    ledger.sign_checkpoint().unwrap();
    dir.to_owned()
}

/// A desk whose ledger has a year, with a copy of everything from when there was less of it.
fn grown() -> (Desk, PathBuf) {
    let desk = Desk::empty();
    history(&desk.ledger(), 20, None);
    let old = desk.path().join("old");
    copy_folder(&desk.ledger(), &old);
    let mut ledger = Ledger::open(&desk.ledger()).unwrap();
    let draft = script::draft("person_separated person=P3 separated_on=2025-02-01 source_id=hr:x", at(100), |_| None).unwrap();
    ledger.append(&[draft], Expect::Any, at(100)).unwrap();
    ledger.sign_checkpoint().unwrap();
    (desk, old)
}

/// Commands that must not believe such a ledger: exit 1, and say why.
fn refused(desk: &Desk, words: &str) {
    for args in [&["verify"][..], &["status"], &["scan", "--dry-run", "--fail-on", "never"], &["checkpoint", "sign"], &["events"]] {
        let output = desk.run(args);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

#[test]
fn a_byte_changed_in_the_file_is_told_by_verify() {
    let (desk, _) = grown();
    desk.done(&["verify"]);
    let database = desk.ledger().join("ledger.redb");
    let bytes = std::fs::read(&database).unwrap();
    let leaf = Ledger::open_reader(&desk.ledger()).unwrap().tree_hash(0, 0).unwrap().0;
    let events = desk.size() as usize;
    let places: Vec<usize> = bytes.windows(32).enumerate().filter(|(_, w)| *w == leaf).map(|(at, _)| at).collect();
    // After the leaves come the packed events; the last copy in the file need not be the one in force, so all are changed alike.
    for offset in [32 * 5, 32 * events + 12, 32 * events + 40, 32 * events + 90] {
        let mut changed = bytes.clone();
        places.iter().for_each(|at| changed[at + offset] ^= 0x10);
        std::fs::write(&database, &changed).unwrap();
        let output = desk.run(&["verify", "--json"]);
        assert_eq!(output.status.code(), Some(1), "offset {offset}: {}{}", stdout(&output), stderr(&output));
        assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    }
    std::fs::write(&database, &bytes).unwrap();
    desk.done(&["verify"]);
}

#[test]
fn an_old_backup_put_back_is_refused_by_the_high_water_file() {
    let (desk, old) = grown();
    std::fs::copy(old.join("ledger.redb"), desk.ledger().join("ledger.redb")).unwrap();
    refused(&desk, "an old copy was restored");
}

#[test]
fn a_whole_old_directory_is_only_met_by_a_checkpoint_kept_outside() {
    let (desk, old) = grown();
    desk.write("kept.txt", &stdout(&desk.done(&["checkpoint", "show"])));
    std::fs::remove_dir_all(desk.ledger()).unwrap();
    copy_folder(&old, &desk.ledger());
    // It agrees with itself: it was the ledger once. What was appended since is missed by whoever kept more.
    desk.done(&["verify"]);
    let against = desk.run(&["verify", "--against", "kept.txt"]);
    assert_eq!(against.status.code(), Some(1));
    assert!(stdout(&against).contains("events were removed, or an old copy was restored"), "{}", stdout(&against));
}

#[test]
fn a_history_rewritten_without_the_key_meets_its_signatures() {
    let (desk, _) = grown();
    let forged = desk.path().join("forged");
    history(&forged, 21, Some(7));
    // The forged database under the signed high-water file. Its own checkpoint cannot be made without the key, so it is that of the honest one.
    let honest = std::fs::read(desk.ledger().join("high-water")).unwrap();
    std::fs::copy(forged.join("ledger.redb"), desk.ledger().join("ledger.redb")).unwrap();
    std::fs::write(desk.ledger().join("high-water"), honest).unwrap();
    refused(&desk, "history was changed");
    // A high-water file that says something else under the same signature is not believed either.
    let (desk, _) = grown();
    let path = desk.ledger().join("high-water");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("\n22\n", "\n21\n", 1)).unwrap();
    refused(&desk, "cannot be trusted");
}

#[test]
fn a_ledger_of_another_key_is_not_the_one_that_others_know() {
    let (desk, _) = grown();
    desk.write("kept.txt", &stdout(&desk.done(&["checkpoint", "show"])));
    // The insider makes the ledger anew, with a key of their own and a history of their own.
    std::fs::remove_dir_all(desk.ledger()).unwrap();
    desk.done(&["init", "--origin", "ledger.test.example"]);
    desk.done(&["verify"]);
    let against = desk.run(&["verify", "--against", "kept.txt"]);
    assert_eq!(against.status.code(), Some(1), "{}", stdout(&against));
}

#[test]
fn a_ledger_without_any_signature_is_not_called_verified() {
    let desk = Desk::empty();
    let options = CreateOptions { origin: "ledger.test.example".into(), simulated: true, now: at(0), entropy: Some([9; 32]) };
    let mut ledger = Ledger::create(&desk.ledger(), &options).unwrap();
    let draft = script::draft("person_engaged person=P1 start_on=2024-01-01", at(1), |_| None).unwrap();
    ledger.append(&[draft], Expect::Any, at(1)).unwrap();
    drop(ledger);
    // As a forger without the key leaves it: whole in itself, no checkpoint in it, none beside it.
    let output = desk.run(&["verify"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("no signed checkpoint is left"), "{}", stdout(&output));
    let json: serde_json::Value = serde_json::from_slice(&desk.run(&["verify", "--json"]).stdout).unwrap();
    assert_eq!(json["state"], "failed");
}

#[test]
fn everything_rewritten_with_disk_and_key_is_told_by_an_outside_copy_alone_and_status_says_so() {
    let (desk, _) = grown();
    let said = stdout(&desk.done(&["status"]));
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Whoever holds both this directory and its keys could replace all of it unseen, until somebody outside keeps a checkpoint"), "{said}");
    desk.write("kept.txt", &stdout(&desk.done(&["checkpoint", "show"])));
    std::fs::remove_dir_all(desk.ledger()).unwrap();
    history(&desk.ledger(), 40, Some(7));
    // Nothing inside the directory can tell: same id, same key, every hash and signature right.
    assert!(stdout(&desk.done(&["verify"])).contains("are unchanged"));
    assert!(stdout(&desk.done(&["verify"])).contains("not checked: whether the whole ledger was replaced together with its key"));
    desk.done(&["doctor"]);
    // The checkpoint that somebody kept tells.
    let against = desk.run(&["verify", "--against", "kept.txt"]);
    assert_eq!(against.status.code(), Some(1));
    assert!(stdout(&against).contains("history was changed"), "{}", stdout(&against));
}
