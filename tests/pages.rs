//! The pages in a real browser: the officer's morning with JavaScript off, a waiver by a second person, a reviewer kept to their bounds, and axe on
//! every page at three widths. Refuses to pass silently where node, its packages or Chromium are missing: it says so.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use crate::browser_verifier::chromium;
use crate::command::Desk;
use crate::riverbend::riverbend;

const PASSWORD: &str = "four invented words here";

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(name)
}

/// The pages being served; ended at the end.
struct Service {
    child: Child,
    base: String,
}

impl Service {
    fn start(desk: &Desk) -> Self {
        let mut child = desk.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        let base = loop {
            said.clear();
            assert!(errors.read_line(&mut said).unwrap() > 0, "it ended before it served");
            if let Some(at) = said.split_whitespace().find(|word| word.starts_with("http://")) {
                break at.trim_end_matches('/').to_owned();
            }
        };
        // What it says later must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        Self { child, base }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Nothing is written by it that a kill could spoil.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn account(desk: &Desk, name: &str, args: &[&str]) {
    let mut child = desk.command(&[&["account", "add", name, "--stdin"], args].concat()).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success(), "{name}");
}

/// Does a task (see `tests/pages/visit.mjs`) and gives what was seen.
fn visit(desk: &Desk, task: &Value) -> Value {
    desk.write("task.json", &task.to_string());
    let output = Command::new("node").arg(here("visit.mjs")).arg(desk.path().join("task.json")).output().unwrap();
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(seen["error"], Value::Null, "{}", seen["error"].as_str().unwrap_or_default());
    seen
}

/// A field of the first event of a type.
fn first(desk: &Desk, kind: &str, field: &str) -> Option<String> {
    desk.json(&["events", "--type", kind, "--json"])["events"].as_array()?.first()?[field].as_str().map(str::to_owned)
}

#[test]
fn a_morning_in_a_browser_without_scripts_and_every_page_as_axe_sees_it() {
    let Some(chromium) = chromium() else { return };
    if !here("node_modules/axe-core").is_dir() {
        println!("SKIPPED: the packages of tests/pages/package.json are not here (`npm ci` in tests/pages/ installs them)");
        return;
    }
    let desk = riverbend();
    desk.run(&["scan", "--quiet"]);
    account(&desk, "Ana Ortiz", &["--role", "officer"]);
    account(&desk, "Ben Cole", &["--role", "approver"]);
    account(&desk, "Rae Fox", &["--role", "reviewer", "--program", "MH-1", "--from", "2025-01-01", "--to", "2025-03-31", "--until", "2199-12-31"]);
    let finding = desk.json(&["findings", "list", "--class", "violation", "--json"])["findings"][0].clone();
    let (contact, claim) = (&finding["subject"]["contact"], &finding["about"]["claims"][0]);
    let peer = finding["about"]["peer"].as_str().unwrap();
    let at = desk.json(&["status", "--json"])["last_recorded_at"].clone();
    let line = json!({"type": "parameter_set", "source_id": "web:1", "recorded_at": at, "name": "pros.pss_effective_on", "value": "2024-05-01", "from": "2024-01-01", "approved_by": "compliance:1"});
    desk.write("settings.jsonl", &format!("{line}\n"));
    desk.write("faulty.jsonl", &format!("{line}\nno event\n"));
    let service = Service::start(&desk);
    let mut paths: Vec<String> = ["/home", "/findings", "/people", "/programs", "/exposure", "/exposure?by=program", "/due?days=300", "/waivers", "/rules", "/rules/MHOTRS-CRED-01", "/scans", "/ledger", "/activity", "/account", "/packs", "/import", "/settings", "/checklist?program=core", "/api", "/still-there?to=/findings", "/nothing"]
        .map(str::to_owned)
        .into();
    paths.extend([format!("/people/{peer}"), format!("/people/{peer}?as_of=2025-06-01"), format!("/people/{peer}/supervision"), format!("/people/{peer}/supervision?as_of=2025-06-01")]);
    paths.extend([format!("/programs/{}", finding["about"]["program"].as_str().unwrap()), format!("/individuals/{}", finding["about"]["individual"].as_str().unwrap())]);
    paths.push(format!("/individuals/{}/events", finding["about"]["individual"].as_str().unwrap()));
    paths.extend(first(&desk, "group_session_held", "group_session").map(|id| format!("/sessions/{id}")));
    paths.extend(desk.json(&["scans", "--json"])["scans"].as_array().unwrap().iter().map(|scan| format!("/scans/{}", scan["seq"])));
    paths.extend(contact.as_str().map(|id| format!("/contacts/{id}")));
    paths.extend(claim.as_str().map(|id| format!("/claims/{id}")));
    let task = json!({
        "chromium": chromium, "base": service.base, "password": PASSWORD, "officer": "Ana Ortiz", "approver": "Ben Cole", "reviewer": "Rae Fox",
        "widths": [320, 768, 1280], "paths": paths, "claim": claim, "vkey": desk.vkey(), "folder": desk.path(),
        "good": desk.path().join("settings.jsonl"), "faulty": desk.path().join("faulty.jsonl"),
    });
    let seen = visit(&desk, &task);
    let steps = &seen["steps"];
    assert!(steps["finding"].as_array().is_some_and(|lanes| !lanes.is_empty()), "{steps}");
    assert!(steps["assigned"].as_u64() > Some(0) && steps["waived"].as_u64() > Some(0), "{steps}");
    assert_eq!(steps["reviewerKeptOut"], 403);
    let (claim, trail) = (steps["reviewerClaim"].as_str().unwrap(), steps["reviewerReads"].as_str().unwrap());
    assert!(steps["reviewer"].as_str().unwrap().contains("claims") && steps["reviewerTrail"].as_str().unwrap().contains(claim), "{steps}");
    assert!(["submitted", "note"].iter().all(|word| trail.to_lowercase().contains(word)), "{trail}");
    assert!(steps["reviewerStaffTitle"].as_str().unwrap().contains(steps["reviewerStaff"].as_str().unwrap()), "{steps}");
    assert_eq!(steps["view"], "?class=violation&known=no");
    assert_eq!((&steps["faulty"], &steps["looked"], &steps["imported"]), (
        &json!("2 events read: 1 would be appended, 0 already there, 1 refused."),
        &json!("1 event read: 1 would be appended, 0 already there, 0 refused."),
        &json!("1 event read: 1 appended, 0 already there, 0 refused."),
    ));
    assert!(steps["problems"].as_str().is_some_and(|row| row.starts_with("faulty.jsonl") && row.contains('2')), "{steps}");
    assert_eq!(steps["chosen"], "Decide about 2 findings");
    assert_eq!(steps["unseen"], json!([]), "whatever has the focus is seen to have it");
    // The pack that was made, downloaded and checked in the browser is green to the program, too, and its cover is a PDF.
    assert_eq!(steps["verified"], "verified", "{steps}");
    desk.done(&["pack", "verify", "downloaded.pack", "--key", &desk.vkey()]);
    assert!(std::fs::read(desk.path().join("cover.pdf")).unwrap().starts_with(b"%PDF-1.7"));
    for (what, none) in [("violations", &seen["violations"]), ("wider than the window", &seen["wide"]), ("asked of others", &seen["elsewhere"])] {
        assert_eq!(none, &json!([]), "{what}");
    }
    // What was put on record in the browser stands in the ledger under the names of those who did it.
    let id = steps["findingAddress"].as_str().unwrap().rsplit('/').next().unwrap();
    let told = String::from_utf8_lossy(&desk.done(&["findings", "show", id]).stdout).into_owned();
    assert!(told.contains("Waived by Ana Ortiz") && told.contains("by Ben Cole") && told.contains("Assigned to Cy Dean"), "{told}");
}
