//! The scan that nobody watches, through the binary: what it says, sends, keeps and refuses, with real receivers on this machine.
//! What is sent is searched for every identifier of the fixture; nothing that names anybody may be in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::command::{Desk, stderr, stdout};
use crate::http_receiver::{Receiver, Reply};
use crate::smtp_sink::{Mood, Sink};

pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Riverbend's files.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// A desk with Riverbend's year in its ledger.
pub(crate) fn riverbend() -> Desk {
    let desk = Desk::simulated();
    let files = fs::read_dir(fixtures().join("riverbend")).unwrap().flatten().map(|e| e.path().to_str().unwrap().to_owned());
    let files: Vec<String> = files.filter(|p| !p.ends_with("case.json")).collect();
    let import: Vec<&str> = ["import", "--quiet"].into_iter().chain(files.iter().map(String::as_str)).collect();
    desk.done(&import);
    desk
}

/// A desk with one event in its ledger.
pub(crate) fn small() -> Desk {
    let desk = Desk::simulated();
    complaint(&desk, "2024-05-01");
    desk
}

/// An event in which no rule finds anything.
fn complaint(desk: &Desk, day: &str) {
    desk.write("one.jsonl", &format!("{{\"recorded_at\":\"{day}T12:00:00Z\",\"type\":\"complaint_recorded\",\"category\":\"other\",\"received_on\":\"{day}\"}}\n"));
    desk.done(&["import", "--quiet", "one.jsonl"]);
}

pub(crate) fn revoke(desk: &Desk) {
    desk.done(&["import", "--quiet", fixtures().join("riverbend-revocation.jsonl").to_str().unwrap()]);
}

/// Writes a file that only its owner can read.
pub(crate) fn secret(desk: &Desk, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = desk.ledger().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn settings(desk: &Desk, text: &str) {
    fs::write(desk.ledger().join("unattended.toml"), text).unwrap();
}

pub(crate) fn hook(receiver: &Receiver) -> String {
    format!("[webhook]\nurl = \"{}/\"\nsecret = \"hook\"\ntries = 1\n", receiver.url())
}

pub(crate) fn status(code: u16) -> Reply {
    Reply::Says(format!("HTTP/1.1 {code} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"))
}

fn mail(sink: &Sink) -> String {
    format!("[mail]\nserver = \"127.0.0.1\"\nport = {}\nencryption = \"none\"\nfrom = \"countersign@riverbend.example\"\nto = [\"compliance@riverbend.example\"]\n", sink.port())
}

/// Every identifier, number and birth date of the fixture: the cells of the columns that hold some.
fn identifiers() -> BTreeSet<String> {
    const WORDS: &[&str] = &[
        "recorded_at", "entered_at", "type", "phase", "format", "mode", "site", "component", "activities", "basis", "recipient", "credential", "level", "issuer",
        "service", "services", "kind", "populations", "roles", "engagement", "elements", "capacity", "discipline", "hcpcs", "modifiers", "rate_code", "name", "value",
        "from", "to", "start", "end", "units", "reason", "on", "at", "status", "fields", "version", "topics", "events", "paid_cents", "charge_cents", "intensity",
    ];
    let mut found = BTreeSet::new();
    let mut take = |column: &str, value: &str| {
        let named = !WORDS.contains(&column) && (!column.ends_with("_on") && !column.ends_with("_at"));
        // A few digits alone, such as a rate code, stand in any count or time by chance.
        if named && value.len() > 2 && value.chars().any(|c| c.is_ascii_digit()) && value.chars().any(|c| !c.is_ascii_digit()) {
            found.extend(value.split(';').map(str::to_owned));
        }
    };
    for entry in fs::read_dir(fixtures().join("riverbend")).unwrap().flatten() {
        let text = fs::read_to_string(entry.path()).unwrap();
        if entry.path().extension().is_some_and(|e| e == "csv") {
            let mut lines = text.lines();
            let columns: Vec<&str> = lines.next().unwrap().split(',').collect();
            for line in lines.filter(|l| !l.contains('"')) {
                columns.iter().zip(line.split(',')).for_each(|(column, value)| take(column, value));
            }
        } else {
            for line in text.lines().filter(|l| l.starts_with('{')) {
                walk("", &serde_json::from_str(line).unwrap_or(Value::Null), &mut take);
            }
        }
    }
    found
}

fn walk(key: &str, value: &Value, take: &mut impl FnMut(&str, &str)) {
    match value {
        Value::String(text) => take(key, text),
        Value::Array(all) => all.iter().for_each(|one| walk(key, one, take)),
        Value::Object(map) => map.iter().for_each(|(key, one)| walk(key, one, take)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[test]
fn two_nights_of_riverbend_are_told_to_machines_and_mailboxes_without_naming_anybody() {
    let desk = riverbend();
    let receiver = Receiver::new(vec![status(200), status(200)]);
    let sink = Sink::new(vec![Mood::Good, Mood::Good]);
    settings(&desk, &format!("link_base_url = \"https://compliance.riverbend.example\"\n[metrics]\nfile = \"countersign.prom\"\n{}{}", hook(&receiver), mail(&sink)));
    secret(&desk, "hook", SECRET);

    let first = desk.run(&["nightly"]);
    assert_eq!(first.status.code(), Some(1), "violations stand: {}", stderr(&first));
    assert_eq!(
        stdout(&first),
        "SIMULATED ledger.test.example 2025-06-18: the first scan; open: 48 violations, 20 documentation gaps, 136 advisories; $2,692.38 at risk.\n"
    );
    let said = stderr(&first);
    assert!(said.contains("webhook about the scan at seq 5557: delivered.") && said.contains("mail about the scan at seq 5557: delivered."), "{said}");
    let size = desk.size();

    // Nothing changed: nothing is appended, nothing sent, and the line is the same.
    let again = desk.run(&["nightly"]);
    assert_eq!(stdout(&again), stdout(&first));
    assert!(stderr(&again).contains("nothing was appended"), "{}", stderr(&again));
    assert_eq!((desk.size(), receiver.requests().len(), sink.mails().len()), (size, 1, 1));

    revoke(&desk);
    let second = desk.json(&["nightly", "--json", "--fail-on", "never"]);
    assert_eq!(second["appended"], true);
    let since = &second["tidings"]["since"];
    assert_eq!((&since["new"]["violation"], &since["cleared"], &since["exposure_cents"]), (&Value::from(25), &Value::from(0), &Value::from(269_238)));
    assert_eq!(since["because"], serde_json::json!([{"type": "credential_revoked", "findings": 25}]));
    assert_eq!(second["tidings"]["links"]["scan"], "https://compliance.riverbend.example/scans/5559");
    let line = "SIMULATED ledger.test.example 2025-06-20: 25 new violations since the scan of 2025-06-18; open: 73 violations, 20 documentation gaps, \
                136 advisories; $3,915.16 at risk instead of $2,692.38.";
    assert_eq!(second["line"], line);
    assert_eq!(desk.json(&["scans", "--json"])["scans"].as_array().unwrap().len(), 2);

    let requests = receiver.requests();
    let body: Value = serde_json::from_str(&requests[1].body).unwrap();
    assert_eq!(body["data"], second["tidings"]);
    assert_ne!(requests[0].header("webhook-id"), requests[1].header("webhook-id"));
    let mails = sink.mails();
    assert!(mails[1].text().contains("25 new violations since the scan of 2025-06-18, because of credential_revoked (25)."), "{}", mails[1].text());

    let metrics = fs::read_to_string(desk.ledger().join("countersign.prom")).unwrap();
    for line in [
        "countersign_findings_open{ledger=\"ledger.test.example\",class=\"violation\"} 73",
        "countersign_findings_new{ledger=\"ledger.test.example\",class=\"violation\"} 25",
        "countersign_ledger_events{ledger=\"ledger.test.example\"} 5560",
        "countersign_checkpoint_events{ledger=\"ledger.test.example\"} 5560",
        "countersign_deliveries_waiting{ledger=\"ledger.test.example\",channel=\"mail\"} 0",
    ] {
        assert!(metrics.lines().any(|l| l == line), "{line} is not in\n{metrics}");
    }
    promtool(&["check", "metrics"], &metrics);

    let identifiers = identifiers();
    assert!(identifiers.len() > 5_000 && identifiers.contains("P-826") && identifiers.contains("MH-1") && identifiers.contains("1966-10-19"), "{}", identifiers.len());
    let mut told: Vec<String> = requests.iter().map(|r| format!("{}{}", r.head, r.body)).chain(mails.iter().map(|m| m.data.clone() + &m.text())).collect();
    told.extend([metrics, stdout(&first), said, second.to_string()]);
    for folder in fs::read_dir(desk.ledger().join("outbox")).unwrap().flatten().filter(|e| e.path().is_dir()) {
        told.extend(fs::read_dir(folder.path()).unwrap().flatten().map(|e| fs::read_to_string(e.path()).unwrap()));
    }
    for text in told {
        let leaked: Vec<&String> = identifiers.iter().filter(|id| text.contains(id.as_str())).collect();
        assert!(leaked.is_empty(), "{leaked:?} in\n{text}");
    }
}

/// Runs promtool over a text where it is installed, and says so where not.
pub(crate) fn promtool(args: &[&str], text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("text");
    fs::write(&file, text).unwrap();
    let mut command = Command::new("promtool");
    command.args(args);
    if args.contains(&"rules") {
        command.arg(&file);
    }
    match command.stdin(fs::File::open(&file).unwrap()).output() {
        Ok(output) => assert!(output.status.success(), "promtool {args:?}: {}{}\n{text}", stdout(&output), stderr(&output)),
        Err(error) => eprintln!("promtool {args:?} was not run: {error} (Debian package prometheus)"),
    }
}

#[test]
fn a_delivery_that_fails_is_told_and_kept_and_changes_neither_the_scan_nor_the_exit_code() {
    let desk = small();
    let receiver = Receiver::new(vec![status(503), status(204)]);
    settings(&desk, &hook(&receiver));
    secret(&desk, "hook", SECRET);
    let first = desk.run(&["nightly"]);
    assert_eq!(first.status.code(), Some(0), "there are no findings");
    assert!(stderr(&first).contains("warning: webhook about the scan at seq 3: not delivered, kept for the next run: the receiver answered 503."), "{}", stderr(&first));
    assert!(stdout(&desk.run(&["nightly", "--check"])).contains("outbox    webhook: 1 message waiting, 0 given up"));

    // The next run appends nothing, and delivers what is owed.
    let second = desk.json(&["nightly", "--json"]);
    assert_eq!((&second["appended"], &second["deliveries"][0]["standing"]), (&Value::from(false), &Value::from("delivered")));
    let ids: Vec<String> = receiver.requests().iter().map(|r| r.header("webhook-id").to_owned()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(receiver.requests()[0].body, receiver.requests()[1].body);

    // A receiver that is gone: the scan is as good.
    drop(receiver);
    complaint(&desk, "2024-05-02");
    let third = desk.run(&["nightly", "--quiet"]);
    assert_eq!(third.status.code(), Some(0));
    assert!(stderr(&third).contains("the receiver refused the connection"), "{}", stderr(&third));
    assert_eq!(stdout(&third).lines().count(), 1);

    // Held back on purpose, and sent later.
    let quiet = desk.json(&["nightly", "--json", "--no-send"]);
    assert_eq!(quiet["deliveries"], serde_json::json!([]));
}

#[test]
fn a_run_repeated_after_a_crash_tells_the_same_under_the_same_id() {
    let desk = riverbend();
    let receiver = Receiver::new((0..8).map(|_| status(200)).collect());
    settings(&desk, &hook(&receiver));
    secret(&desk, "hook", SECRET);
    desk.run(&["nightly"]);
    revoke(&desk);
    desk.run(&["nightly"]);
    let size = desk.size();
    let outbox = desk.ledger().join("outbox");
    // The receiver had it, and the move to delivered was lost; then the whole outbox was, with what was told last.
    fs::rename(outbox.join("delivered/000000005559-webhook.json"), outbox.join("waiting/000000005559-webhook.json")).unwrap();
    desk.run(&["nightly"]);
    fs::remove_file(outbox.join("delivered/000000005559-webhook.json")).unwrap();
    desk.run(&["nightly"]);
    fs::remove_dir_all(&outbox).unwrap();
    desk.run(&["nightly"]);
    assert_eq!(desk.size(), size, "no second scan_completed");
    let got = receiver.requests();
    assert_eq!(got.len(), 5);
    for repeated in &got[2..] {
        assert_eq!(repeated.header("webhook-id"), got[1].header("webhook-id"));
        assert_eq!(repeated.body, got[1].body);
    }
    // An attended scan in between is nobody's night: the next one counts from the last night told.
    let attended = stdout(&desk.run(&["scan", "--summary-line"]));
    assert_eq!(attended.lines().count(), 1);
    assert!(attended.contains(": nothing changed since the scan of 2025-06-20; open: 73 violations"), "{attended}");
    complaint(&desk, "2025-06-21");
    let night = desk.json(&["nightly", "--json"]);
    assert_eq!(night["tidings"]["since"]["seq"], 5559);
}

#[test]
fn a_second_run_waits_or_ends_with_5_and_says_who_holds_the_lock() {
    let desk = small();
    let lock = fs::OpenOptions::new().create(true).truncate(false).write(true).open(desk.ledger().join("nightly.lock")).unwrap();
    lock.lock().unwrap();
    fs::write(desk.ledger().join("nightly.lock"), "process 4711 on night-watch\n").unwrap();
    let turned_away = desk.run(&["nightly", "--wait", "0"]);
    assert_eq!(turned_away.status.code(), Some(5));
    assert!(stderr(&turned_away).contains("another nightly run is under way, by process 4711 on night-watch"), "{}", stderr(&turned_away));
    let waiting = desk.command(&["nightly", "--wait", "60"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(400));
    drop(lock);
    assert_eq!(waiting.wait_with_output().unwrap().status.code(), Some(0));

    // The same for an import that holds the ledger.
    complaint(&desk, "2024-05-02");
    let writer = ledger::Ledger::open(&desk.ledger()).unwrap();
    let turned_away = desk.run(&["nightly", "--wait", "0"]);
    assert_eq!(turned_away.status.code(), Some(5));
    assert!(stderr(&turned_away).contains(&format!("the ledger is being written by process {}", std::process::id())), "{}", stderr(&turned_away));
    let waiting = desk.command(&["nightly", "--wait", "60"]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    drop(writer);
    assert_eq!(waiting.wait_with_output().unwrap().status.code(), Some(0));
    assert_eq!(desk.json(&["scans", "--json"])["scans"].as_array().unwrap().len(), 2);
}

#[test]
fn settings_and_secrets_that_cannot_work_are_named_with_file_line_and_hint() {
    let desk = small();
    settings(&desk, "[webhook]\nurl = \"https://hooks.riverbend.example/\"\nsecrt = \"hook\"\n");
    for args in [&["nightly"][..], &["nightly", "--check"], &["serve", "--scan-at", "02:30"]] {
        let refused = desk.run(args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        let said = stderr(&refused);
        assert!(said.contains("unattended.toml:3: unknown field `secrt`") && said.contains("hint: docs/unattended.md"), "{said}");
    }
    assert_eq!(desk.size(), 2, "nothing was scanned");

    let receiver = Receiver::new(vec![status(200)]);
    settings(&desk, &hook(&receiver));
    fs::write(desk.ledger().join("hook"), SECRET).unwrap();
    let check = desk.run(&["nightly", "--check"]);
    assert_eq!(check.status.code(), Some(2));
    assert!(stderr(&check).contains("others than its owner may use this secret (mode 0"), "{}", stderr(&check));
    let night = desk.run(&["nightly"]);
    assert_eq!(night.status.code(), Some(0), "the scan is not the secret's");
    assert!(stderr(&night).contains("not delivered, kept for the next run") && stderr(&night).contains("chmod 600"), "{}", stderr(&night));

    // A credential of systemd comes before the file.
    let credentials = desk.path().join("credentials");
    fs::create_dir(&credentials).unwrap();
    fs::write(credentials.join("hook"), SECRET).unwrap();
    let check = desk.command(&["nightly", "--check"]).env("CREDENTIALS_DIRECTORY", &credentials).output().unwrap();
    assert!(stdout(&check).contains(&format!("webhook   {}, the secret can be read", receiver.url())), "{}", stderr(&check));
    let night = desk.command(&["nightly"]).env("CREDENTIALS_DIRECTORY", &credentials).output().unwrap();
    assert!(stderr(&night).contains("delivered."), "{}", stderr(&night));
    assert_eq!(receiver.requests().len(), 1);
}
