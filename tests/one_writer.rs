//! What stands between a command and the disk: another writer, a disk that fills up, a place that cannot be written.
//! Nothing may be lost, and the next attempt must work once the trouble is over.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::command::{Desk, stderr, stdout};

/// More events than a small disk takes, in one file.
fn many(desk: &Desk, count: u32) {
    let line = |n: u32| {
        let odd = n.wrapping_mul(2_654_435_761);
        format!("{{\"type\":\"complaint_recorded\",\"source_id\":\"c:{n}\",\"category\":\"{odd:x}{n:x}{odd}\",\"received_on\":\"2024-05-01\"}}\n")
    };
    desk.write("many.jsonl", &(0..count).map(line).collect::<String>());
}

#[test]
fn a_second_writer_is_turned_away_by_name_and_readers_are_not() {
    let desk = Desk::real();
    desk.write("one.jsonl", "{\"type\":\"complaint_recorded\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}\n");
    let first = ledger::Ledger::open(&desk.ledger()).unwrap();
    let holder = format!("the ledger is being written by process {}", std::process::id());
    for args in [&["import", "one.jsonl"][..], &["scan"], &["checkpoint", "sign"]] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(5), "{args:?}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains(&holder) && stderr(&output).contains("try again when it has finished"), "{}", stderr(&output));
    }
    for args in [&["status"][..], &["verify"], &["scan", "--dry-run"], &["events"], &["checkpoint", "key"]] {
        desk.done(args);
    }
    assert_eq!(desk.size(), 1);
    drop(first);
    // A process that another test is just starting shares this one's open files, lock included, until it runs its program.
    let free = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        desk.run(&["import", "one.jsonl"]).status.success()
    });
    assert!(free, "the lock goes with its holder");
    assert_eq!(desk.size(), 2);
}

/// Imports into a ledger that must survive whatever the import meets, and imports again once `relieved`.
fn fills_up(desk: &Desk, ledger: &str, import: impl Fn() -> Output, relieve: impl FnOnce()) {
    let status = || desk.json(&["--ledger", ledger, "status", "--json"]);
    let before = status();
    let output = import();
    let said = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{}{said}", stdout(&output));
    assert!(said.starts_with("error: ") && !said.contains("panicked"), "{said}");
    let meanwhile = desk.run(&["--ledger", ledger, "status"]);
    assert!(meanwhile.status.success() || stderr(&meanwhile).contains("Nothing is lost: make room on the disk and try again"), "{}", stderr(&meanwhile));
    relieve();
    let after = status();
    assert_eq!((&after["size"], &after["root"]), (&before["size"], &before["root"]), "nothing was appended, nothing was lost");
    desk.done(&["--ledger", ledger, "verify"]);
    let again = desk.done(&["--ledger", ledger, "import", "many.jsonl"]);
    assert!(stdout(&again).starts_with("20,000 events read: 20,000 appended"), "{}", stdout(&again));
    desk.done(&["--ledger", ledger, "verify"]);
}

/// The system refuses to let a file grow, as a quota does.
#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    let desk = Desk::real();
    many(&desk, 20_000);
    let script = "trap '' XFSZ; ulimit -f 400; exec \"$0\" import many.jsonl";
    let import = || desk.script("sh", script).output().unwrap();
    fills_up(&desk, "countersign", import, || {});
}

fn system(command: &str, args: &[&str], path: &Path) -> bool {
    Command::new(command).args(args).arg(path).output().is_ok_and(|o| o.status.success())
}

/// A disk of a size, in memory, where this user may mount one.
fn small<'p>(disk: &'p Path, size: &str) -> Option<Unmount<'p>> {
    fs::create_dir(disk).unwrap();
    let is_mounted = system("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "none"], disk);
    if !is_mounted {
        println!("not tried: this user may not mount a small disk; a file that may not grow stands for it");
    }
    is_mounted.then(|| Unmount(disk))
}

#[test]
fn a_full_disk_loses_nothing_and_says_so() {
    let desk = Desk::empty();
    let disk = desk.path().join("disk");
    let Some(mounted) = small(&disk, "600k") else { return };
    many(&desk, 20_000);
    desk.done(&["--ledger", "disk/ledger", "init", "--origin", "ledger.test.example"]);
    let import = || {
        let output = desk.run(&["--ledger", "disk/ledger", "import", "many.jsonl"]);
        assert!(stderr(&output).contains("The disk is full; nothing was appended: make room and try again"), "{}", stderr(&output));
        output
    };
    fills_up(&desk, "disk/ledger", import, || assert!(system("mount", &["-o", "remount,size=64m"], &disk)));
    drop(mounted);
}

/// Whatever writes, on a disk without a free block: it says so and ends, nothing acknowledged is lost, and it goes on once there is room.
#[test]
fn on_a_full_disk_every_command_that_writes_says_so_and_goes_on_later() {
    let desk = Desk::empty();
    let disk = desk.path().join("disk");
    let Some(mounted) = small(&disk, "3m") else { return };
    let at = |args: &[&str]| -> Vec<String> { ["--ledger", "disk/ledger"].iter().chain(args).map(|arg| (*arg).to_owned()).collect() };
    let run = |args: &[&str]| desk.run(&at(args).iter().map(String::as_str).collect::<Vec<_>>());
    many(&desk, 300);
    for args in [&["init", "--origin", "ledger.test.example"][..], &["import", "many.jsonl"]] {
        assert!(run(args).status.success());
    }
    let status = || desk.json(&["--ledger", "disk/ledger", "status", "--json"]);
    let before = status();
    desk.write("one.jsonl", "{\"type\":\"complaint_recorded\",\"source_id\":\"c:more\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}\n");
    // The last block goes to a file that nobody needs; writing it fails at the end, which is what is wanted.
    let _ = fs::write(disk.join("ballast"), vec![7; 4 << 20]);
    let writers: [&[&str]; 6] = [
        &["import", "one.jsonl"],
        &["scan", "--fail-on", "never"],
        &["checkpoint", "sign"],
        &["pack", "create", "--from", "0", "--to", "1", "-o", "disk/range.pack"],
        &["backup", "disk/backup"],
        &["nightly"],
    ];
    for args in writers {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}{}", stdout(&output), stderr(&output));
        assert!(stderr(&output).contains("No space left on device"), "{args:?}: {}", stderr(&output));
        let after = status();
        assert_eq!((&after["size"], &after["root"]), (&before["size"], &before["root"]), "{args:?}");
        assert!(run(&["verify"]).status.success(), "{args:?}");
    }
    assert!(!disk.join("backup").exists() && !disk.join("range.pack").exists());
    let doctor = run(&["doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(stdout(&doctor).contains("not so: there is room on the disk") && stdout(&doctor).contains("0 MiB are free"), "{}", stdout(&doctor));
    fs::remove_file(disk.join("ballast")).unwrap();
    for args in writers {
        let output = run(args);
        assert!(output.status.success(), "{args:?}: {}{}", stdout(&output), stderr(&output));
    }
    assert!(run(&["verify"]).status.success());
    desk.done(&["--ledger", "elsewhere", "restore", "disk/backup", "--keys", "disk/ledger/keys", "--dry-run"]);
    drop(mounted);
}

/// Takes the disk away again, also when a test fails.
struct Unmount<'p>(&'p Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        system("umount", &[], self.0);
    }
}

/// A read-only file system, since a read-only directory does not stop the superuser.
#[test]
fn a_place_that_cannot_be_written_is_said_and_can_still_be_read() {
    let desk = Desk::real();
    let ledger = desk.ledger();
    let (frozen, how) = if system("mount", &["--bind", &ledger.display().to_string()], &ledger) {
        (system("mount", &["-o", "remount,bind,ro"], &ledger), Some(Unmount(&ledger)))
    } else {
        (system("chmod", &["-R", "a-w"], &ledger), None)
    };
    assert!(frozen, "the directory can be made read-only");
    desk.write("one.jsonl", "{\"type\":\"complaint_recorded\",\"category\":\"other\",\"received_on\":\"2024-05-01\"}\n");
    let output = desk.run(&["import", "one.jsonl"]);
    assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
    assert!(stderr(&output).contains("The directory must be writable by the user who runs countersign"), "{}", stderr(&output));
    for args in [&["status"][..], &["verify"], &["scan", "--dry-run"]] {
        desk.done(args);
    }
    if how.is_none() {
        assert!(system("chmod", &["-R", "u+w"], &ledger));
    }
    drop(how);
    desk.done(&["import", "one.jsonl"]);
    assert_eq!(desk.size(), 2);
}
