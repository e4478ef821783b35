//! Backups as a person makes and needs them: beside a writer, without keys, put back on another machine, and refused when they are too old.
//! Everything is rehearsed through the commands of docs/operations.md; the people are invented.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::command::{Desk, copy_folder, stderr, stdout};

fn complaints(desk: &Desk, name: &str, range: std::ops::Range<u32>) {
    let line = |n| format!("{{\"type\":\"complaint_recorded\",\"source_id\":\"c:{n}\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}}\n");
    desk.write(name, &range.map(line).collect::<String>());
}

/// A ledger with an individual whose birth date is sealed, and a few hundred events.
fn agency() -> Desk {
    let desk = Desk::real();
    complaints(&desk, "first.jsonl", 0..300);
    desk.write("people.jsonl", "{\"type\":\"individual_registered\",\"individual\":\"I-17\",\"birth_date\":\"1984-05-06\"}\n");
    desk.done(&["import", "first.jsonl", "people.jsonl"]);
    desk
}

fn root(desk: &Desk, ledger: &str) -> serde_json::Value {
    let status = desk.json(&["--ledger", ledger, "status", "--json"]);
    serde_json::json!([status["size"], status["root"], status["signed_size"]])
}

#[test]
fn a_backup_holds_no_key_is_its_owners_alone_and_comes_back_on_another_machine() {
    let desk = agency();
    let said = stdout(&desk.done(&["backup", "kept/backup", "--keys", "safe/keys"]));
    assert!(said.starts_with("302 events of ledger.test.example are in kept/backup, and every one of them verifies there."), "{said}");
    let files = |dir: &str| {
        let mut names: Vec<String> = fs::read_dir(desk.path().join(dir)).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(files("kept/backup"), ["high-water", "ledger.redb"]);
    assert_eq!(files("safe/keys"), ["log-key", "master-key", "subjects.vault"]);
    for (path, mode) in [("kept/backup", 0o700), ("kept/backup/ledger.redb", 0o600), ("safe/keys", 0o700), ("safe/keys/subjects.vault", 0o600)] {
        assert_eq!(fs::metadata(desk.path().join(path)).unwrap().permissions().mode() & 0o777, mode, "{path}");
    }
    // Without its keys nothing in it can be read, and the refusal says what is missing.
    let alone = desk.run(&["--ledger", "elsewhere", "restore", "kept/backup"]);
    assert_eq!(alone.status.code(), Some(2), "{}", stdout(&alone));
    assert!(stderr(&alone).contains("elsewhere/keys holds no keys"), "{}", stderr(&alone));
    assert!(!desk.path().join("elsewhere").exists());

    let rehearsed = desk.json(&["--ledger", "elsewhere", "restore", "kept/backup", "--keys", "safe/keys", "--dry-run", "--json"]);
    assert_eq!((&rehearsed["verified"], &rehearsed["size"], &rehearsed["dry_run"]), (&true.into(), &302.into(), &true.into()));
    assert!(!desk.path().join("elsewhere").exists());

    let before = root(&desk, "countersign");
    fs::remove_dir_all(desk.ledger()).unwrap();
    let said = stdout(&desk.done(&["--ledger", "elsewhere", "restore", "kept/backup", "--keys", "safe/keys"]));
    assert!(said.starts_with("302 events of ledger.test.example are back in elsewhere, and every one of them verifies."), "{said}");
    assert_eq!(root(&desk, "elsewhere"), before);
    desk.done(&["--ledger", "elsewhere", "verify"]);
    desk.done(&["--ledger", "elsewhere", "doctor"]);
    assert!(stdout(&desk.done(&["--ledger", "elsewhere", "events", "--type", "individual_registered"])).contains("I-17"));
    // It is a ledger like any other: what is there already is skipped, and it goes on.
    complaints(&desk, "second.jsonl", 290..310);
    let again = stdout(&desk.done(&["--ledger", "elsewhere", "import", "second.jsonl"]));
    assert!(again.starts_with("20 events read: 10 appended, 10 already there"), "{again}");
    desk.done(&["--ledger", "elsewhere", "verify"]);
}

#[test]
fn backups_beside_a_writer_are_whole_each_of_them() {
    let desk = agency();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let backups = std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 0.. {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                complaints(&desk, "more.jsonl", 1_000 + n * 50..1_050 + n * 50);
                desk.done(&["import", "more.jsonl"]);
            }
        });
        let sizes: Vec<u64> = (0..4).map(|n| {
            let kept = desk.run(&["backup", &format!("b{n}"), "--keys", &format!("k{n}"), "--json"]);
            stop.store(n == 3 || !kept.status.success(), std::sync::atomic::Ordering::Relaxed);
            assert!(kept.status.success(), "{}", stderr(&kept));
            serde_json::from_slice::<serde_json::Value>(&kept.stdout).unwrap()["size"].as_u64().unwrap()
        }).collect();
        sizes
    });
    assert!(backups.is_sorted() && backups[0] < backups[3], "appends went on meanwhile: {backups:?}");
    for (n, size) in backups.iter().enumerate() {
        let ledger = format!("r{n}");
        desk.done(&["--ledger", &ledger, "restore", &format!("b{n}"), "--keys", &format!("k{n}")]);
        assert_eq!(root(&desk, &ledger)[0], *size);
    }
    // The ledger itself never noticed, and continues every one of its copies.
    desk.done(&["verify"]);
    let copies: Vec<String> = (0..4).map(|n| format!("b{n}/high-water")).collect();
    let against: Vec<&str> = ["verify", "--against"].into_iter().chain(copies.iter().map(String::as_str)).collect();
    desk.done(&against);
}

#[test]
fn nothing_is_overwritten_and_keys_lie_apart() {
    let desk = agency();
    desk.done(&["backup", "kept"]);
    for (args, words) in [
        (&["backup", "kept"][..], "kept exists already and is not overwritten"),
        (&["backup", "other", "--keys", "other/keys"], "keys and backup are to lie apart"),
        (&["restore", "kept"], "is in the way, and nothing is overwritten"),
        (&["--ledger", "nowhere", "backup", "other"], "nowhere holds no ledger"),
        (&["--ledger", "nowhere", "restore", "empty", "--keys", "countersign/keys"], "empty holds no ledger"),
    ] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stdout(&output));
        assert!(stderr(&output).contains(words), "{args:?}: {}", stderr(&output));
    }
    assert!(!desk.path().join("other").exists() && !desk.path().join("nowhere").exists());
    // What an interrupted one left behind is named, and is in nobody's way but its own.
    fs::create_dir(desk.path().join("next.unfinished")).unwrap();
    let output = desk.run(&["backup", "next"]);
    assert!(stderr(&output).contains("next.unfinished was left by a backup or restore that was interrupted"), "{}", stderr(&output));
}

#[test]
fn a_backup_that_is_too_old_is_refused_where_more_was_signed_and_the_way_out_is_said() {
    let desk = agency();
    desk.done(&["backup", "monday"]);
    complaints(&desk, "second.jsonl", 300..320);
    desk.done(&["import", "second.jsonl"]);
    desk.done(&["backup", "tuesday"]);
    // The database is lost; keys and high-water file lie on.
    fs::rename(desk.ledger().join("ledger.redb"), desk.path().join("evidence.redb")).unwrap();
    let sick = desk.run(&["doctor"]);
    assert_eq!(sick.status.code(), Some(1));
    assert!(stdout(&sick).contains("`countersign restore` puts a backup back"), "{}", stdout(&sick));

    let refused = desk.run(&["restore", "monday"]);
    assert_eq!(refused.status.code(), Some(1), "{}", stdout(&refused));
    for words in ["the database holds 302 events, but a checkpoint over 322 events was signed", "docs/operations.md says what to do when there is none"] {
        assert!(stderr(&refused).contains(words), "{}", stderr(&refused));
    }
    assert!(!desk.ledger().join("ledger.redb").exists(), "nothing was put back");
    desk.done(&["restore", "tuesday"]);
    desk.done(&["verify"]);
    assert_eq!(desk.size(), 322);

    // Put in place by hand, the old one is refused by everything, and the way out stands in the refusal.
    fs::copy(desk.path().join("monday/ledger.redb"), desk.ledger().join("ledger.redb")).unwrap();
    for args in [&["status"][..], &["import", "first.jsonl"], &["scan"], &["backup", "wednesday"]] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(stderr(&output).contains("put a newer backup in its place with `countersign restore`"), "{args:?}: {}", stderr(&output));
    }
    fs::remove_file(desk.ledger().join("ledger.redb")).unwrap();
    desk.done(&["restore", "tuesday"]);
    desk.done(&["import", "first.jsonl"]);
}

#[test]
fn an_altered_backup_and_the_keys_of_another_ledger_are_refused() {
    let desk = agency();
    desk.done(&["backup", "kept", "--keys", "keys"]);
    desk.done(&["--ledger", "stranger", "init", "--origin", "ledger.other.example"]);
    let strange = desk.run(&["--ledger", "new", "restore", "kept", "--keys", "stranger/keys"]);
    assert_ne!(strange.status.code(), Some(0), "{}", stdout(&strange));
    assert!(!desk.path().join("new/ledger.redb").exists());
    let path = desk.path().join("kept/ledger.redb");
    let bytes = fs::read(&path).unwrap();
    let leaf = ledger::Ledger::open_reader(&desk.ledger()).unwrap().tree_hash(0, 100).unwrap().0;
    let at = bytes.windows(32).position(|w| w == leaf).unwrap();
    for offset in [0, 32, 64] {
        let mut changed = bytes.clone();
        changed[at + offset] ^= 1;
        fs::write(&path, changed).unwrap();
        let output = desk.run(&["--ledger", "new", "restore", "kept", "--keys", "keys", "--dry-run"]);
        assert_eq!(output.status.code(), Some(1), "offset {offset}: {}{}", stdout(&output), stderr(&output));
    }
}

/// What `doctor` says is wrong: the first words of each trouble.
fn troubles(desk: &Desk) -> Vec<String> {
    let output = desk.run(&["doctor", "--json"]);
    let seen: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found: Vec<String> = seen["checks"].as_array().unwrap().iter().filter(|c| c["ok"] == false).map(|c| c["trouble"].as_str().unwrap().to_owned()).collect();
    assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())), "{found:?}");
    assert_eq!(seen["ok"], found.is_empty());
    found
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn doctor_finds_and_explains() {
    let desk = agency();
    assert!(troubles(&desk).is_empty());
    let said = stdout(&desk.done(&["doctor"]));
    assert!(said.contains("note     somebody outside remembers what was signed:"), "an unanchored ledger is told: {said}");

    set_mode(&desk.ledger(), 0o755);
    set_mode(&desk.ledger().join("keys/subjects.vault"), 0o644);
    let said = troubles(&desk).join("\n");
    assert!(said.contains("others on this machine can use") && said.contains("keys/subjects.vault") && said.contains("chmod -R go= "), "{said}");
    set_mode(&desk.ledger(), 0o700);
    set_mode(&desk.ledger().join("keys/subjects.vault"), 0o600);

    // A high-water file that is gone, and one that is older than the database: the next checkpoint mends both.
    let high_water = desk.ledger().join("high-water");
    let old = fs::read(&high_water).unwrap();
    complaints(&desk, "second.jsonl", 300..310);
    desk.done(&["import", "second.jsonl"]);
    fs::write(&high_water, &old).unwrap();
    let said = troubles(&desk).join("\n");
    assert!(said.contains("the high-water file says 302 events, the database was signed over 312"), "{said}");
    fs::remove_file(&high_water).unwrap();
    assert!(troubles(&desk).join("\n").contains("the high-water file is missing"));
    desk.done(&["checkpoint", "sign"]);
    assert!(troubles(&desk).is_empty());

    desk.done(&["backup", "kept", "--keys", "safe"]);
    for (name, lost) in [("log-key", "nothing can be appended or signed any more"), ("master-key", "neither read nor verified"), ("subjects.vault", "no body checked")] {
        let path = desk.ledger().join("keys").join(name);
        fs::remove_file(&path).unwrap();
        let said = troubles(&desk).join("\n");
        assert!(said.contains(&format!("keys/{name} is missing")) && said.contains(lost), "{said}");
        fs::copy(desk.path().join("safe").join(name), &path).unwrap();
        assert!(troubles(&desk).is_empty());
    }

    copy_folder(&desk.path().join("kept"), &desk.path().join("bare"));
    let output = desk.run(&["--ledger", "bare", "doctor"]);
    assert_eq!(output.status.code(), Some(1));
    // A writer at work is no trouble.
    let writer = ledger::Ledger::open(&desk.ledger()).unwrap();
    assert!(troubles(&desk).is_empty());
    drop(writer);
}
