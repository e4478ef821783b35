//! What is handed out for unattended operation: the systemd units and every block of docs/unattended.md, held against the program.
//! Tools that are not installed are named; what they would have checked is then only parsed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use notify::tidings::Tidings;
use notify::{mail, wording};
use serde_json::Value;

use crate::command::{BINARY, stderr, stdout};
use crate::http_receiver::Receiver;
use crate::unattended::{SECRET, hook, promtool, secret, small, status};

fn text(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Section, key and value of every line of a unit; a line that is none of these fails.
fn unit(path: &str) -> BTreeMap<(String, String), Vec<String>> {
    let mut entries: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in text(path).lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name.to_owned();
        } else {
            let (key, value) = line.split_once('=').unwrap_or_else(|| panic!("{path}: {line}"));
            assert!(!section.is_empty() && key.chars().all(char::is_alphanumeric), "{path}: {line}");
            entries.entry((section.clone(), key.to_owned())).or_default().push(value.to_owned());
        }
    }
    entries
}

/// That the command line takes a command as it is written: its help is printed, so nothing before it was refused.
fn understood(words: &[&str]) {
    let output = Command::new(BINARY).args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", stderr(&output));
}

#[test]
fn the_service_runs_a_command_that_exists_and_may_write_the_ledger_only() {
    let service = unit("deploy/systemd/countersign-scan.service");
    let get = |key: &str| service.get(&("Service".to_owned(), key.to_owned())).unwrap_or_else(|| panic!("no {key}")).join("|");
    let command = get("ExecStart");
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(words[0], "/usr/bin/countersign");
    assert!(words.contains(&"nightly"));
    understood(&words[1..]);
    // With `--fail-on never` no success hides behind another code than 0.
    assert!(words.windows(2).any(|w| w == ["--fail-on", "never"]) && !service.contains_key(&("Service".to_owned(), "SuccessExitStatus".to_owned())));
    let ledger = words[words.iter().position(|w| *w == "--ledger").unwrap() + 1];
    assert!(get("ReadWritePaths").split('|').any(|path| path == ledger));
    for (key, value) in [("Type", "oneshot"), ("ProtectSystem", "strict"), ("PrivateTmp", "yes"), ("NoNewPrivileges", "yes"), ("UMask", "0077")] {
        assert_eq!(get(key), value, "{key}");
    }
    // The credentials have the names that the settings of the page use.
    let settings = block("toml");
    for credential in get("LoadCredential").split('|') {
        let name = credential.split(':').next().unwrap();
        assert!(settings.contains(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn the_timer_runs_once_every_night_of_new_york_and_never_at_a_time_that_may_not_exist() {
    let timer = unit("deploy/systemd/countersign-scan.timer");
    let get = |key: &str| timer[&("Timer".to_owned(), key.to_owned())].join("|");
    let calendar = get("OnCalendar");
    let hour: u32 = calendar.strip_prefix("*-*-* ").and_then(|c| c.strip_suffix(":30:00 America/New_York")).unwrap().parse().unwrap();
    assert!(!(1..3).contains(&hour), "{calendar}: systemd leaves out a night on which the time does not exist");
    assert_eq!((get("Persistent").as_str(), get("Unit").as_str()), ("true", "countersign-scan.service"));
    assert!(timer.contains_key(&("Timer".to_owned(), "RandomizedDelaySec".to_owned())));
    assert_eq!(timer[&("Install".to_owned(), "WantedBy".to_owned())], ["timers.target"]);
}

#[test]
fn systemd_finds_nothing_wrong_with_the_units() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for name in ["countersign-scan.service", "countersign-scan.timer"] {
        // The program under test stands where the installed one would.
        let written = text(&format!("deploy/systemd/{name}")).replace("/usr/bin/countersign", BINARY);
        fs::write(folder.path().join(name), written).unwrap();
        files.push(folder.path().join(name));
    }
    match Command::new("systemd-analyze").arg("verify").args(&files).output() {
        Ok(output) => {
            let ours: Vec<String> = stderr(&output).lines().filter(|l| l.contains("countersign")).map(str::to_owned).collect();
            assert!(output.status.success() && ours.is_empty(), "{ours:?} {}", stderr(&output));
        }
        Err(error) => eprintln!("systemd-analyze was not run: {error} (Debian package systemd)"),
    }
}

/// The only block of a kind on the page.
fn block(kind: &str) -> String {
    let page = text("docs/unattended.md");
    let mut blocks = page.split("\n```").skip(1).step_by(2).filter_map(|b| b.strip_prefix(&format!("{kind}\n")).map(|b| format!("{b}\n")));
    let found = blocks.next().unwrap_or_else(|| panic!("no {kind} block"));
    assert!(blocks.next().is_none(), "two {kind} blocks");
    found
}

/// Every path of keys in a JSON value, arrays looked through.
fn keys(at: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            into.insert(format!("{at}.{key}"));
            keys(&format!("{at}.{key}"), value, into);
        }),
        Value::Array(all) => all.iter().for_each(|one| keys(at, one, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn what_the_page_shows_is_what_is_sent() {
    let shown: Value = serde_json::from_str(&block("json")).unwrap();
    let tidings: Tidings = serde_json::from_value(shown["data"].clone()).unwrap();
    assert_eq!(block("mail"), mail::text(&tidings));
    assert_eq!(block("text").trim_end(), wording::line(&tidings));
    let sent: Value = serde_json::from_str(&notify::webhook::body(&tidings).unwrap()).unwrap();
    assert_eq!(sent, shown);
    let mut documented = BTreeSet::new();
    keys("", &shown, &mut documented);
    assert_eq!(documented.len(), 48, "a field more or less is a change of the page too: {documented:?}");
}

#[test]
fn the_pages_settings_metrics_and_alerts_are_those_of_the_program() {
    let desk = small();
    fs::write(desk.ledger().join("unattended.toml"), block("toml")).unwrap();
    secret(&desk, "webhook-secret", SECRET);
    secret(&desk, "smtp-password", "a password");
    let said = stdout(&desk.done(&["nightly", "--check"]));
    for line in ["understood", "webhook   https://hooks.riverbend.example, the secret can be read", "mail      countersign@riverbend.example to 1 reader by smtp.riverbend.example:587"] {
        assert!(said.contains(line), "{said}");
    }

    fs::write(desk.ledger().join("unattended.toml"), "[metrics]\nfile = \"m.prom\"\n").unwrap();
    desk.done(&["nightly"]);
    let written = fs::read_to_string(desk.ledger().join("m.prom")).unwrap();
    let written: BTreeSet<&str> = written.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('{').next()).collect();
    let page = text("docs/unattended.md");
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_ascii_lowercase() && c != '_').filter(|w| w.starts_with("countersign_")).map(str::to_owned).collect()
    };
    let rows: String = page.lines().filter(|l| l.starts_with("| `countersign_")).collect();
    assert_eq!(words(&rows), written.iter().map(|w| (*w).to_owned()).collect());
    let alerts = block("yaml");
    assert!(words(&alerts).iter().all(|w| written.contains(w.as_str())), "{:?}", words(&alerts));
    promtool(&["check", "rules"], &alerts);
}

#[test]
fn the_commands_of_the_set_up_exist() {
    let mut seen = 0;
    let page = block("console");
    assert_eq!(page.lines().count(), 10, "ten lines, as the heading of the issue promises");
    for line in page.lines() {
        assert!(line.starts_with("# "), "{line}");
        if let Some((_, command)) = line.split_once("-- countersign ") {
            understood(&command.split_whitespace().collect::<Vec<_>>());
            seen += 1;
        }
        for file in line.split_whitespace().filter(|w| w.starts_with("deploy/")) {
            assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{file}");
        }
    }
    assert_eq!(seen, 1);
    understood(&["serve", "--scan-at", "02:30"]);
}

#[test]
fn the_pages_python_verifies_a_real_webhook_and_nothing_else() {
    let desk = small();
    let receiver = Receiver::new(vec![status(200)]);
    fs::write(desk.ledger().join("unattended.toml"), hook(&receiver)).unwrap();
    secret(&desk, "hook", SECRET);
    desk.done(&["nightly"]);
    let request = receiver.requests().remove(0);
    let headers: BTreeMap<&str, &str> = ["webhook-id", "webhook-timestamp", "webhook-signature"].into_iter().map(|name| (name, request.header(name))).collect();
    let given = serde_json::json!({"headers": headers, "body": request.body, "secret": SECRET});
    desk.write("given.json", &given.to_string());
    let function = block("python");
    let body_lines = function.lines().skip_while(|l| !l.starts_with("def ")).skip(1).filter(|l| !l.trim().is_empty()).count();
    assert_eq!(body_lines, 5, "five lines of Python");
    let driver = r#"
import json
given = json.load(open("given.json", encoding="utf-8"))
headers, body, secret = given["headers"], given["body"].encode(), given["secret"]
sent = int(headers["webhook-timestamp"])
assert genuine(headers, body, secret), "the real one"
assert genuine({**headers, "webhook-signature": "v1,AAAA " + headers["webhook-signature"]}, body, secret), "one of several"
assert not genuine(headers, body.replace(b"0", b"1", 1), secret), "another body"
assert not genuine({**headers, "webhook-id": "scan_x"}, body, secret), "another id"
assert not genuine({**headers, "webhook-timestamp": str(sent + 1)}, body, secret), "another time"
assert not genuine(headers, body, "whsec_AAECAwQFBgcICQoLDA0ODw=="), "another secret"
assert not genuine(headers, body, secret, now=sent + 301), "late"
print("checked")
"#;
    desk.write("check.py", &format!("{function}{driver}"));
    match Command::new("python3").arg("check.py").current_dir(desk.path()).output() {
        Ok(output) => assert_eq!(stdout(&output).trim(), "checked", "{}", stderr(&output)),
        Err(error) => eprintln!("the page's Python was not run: {error}"),
    }
}
