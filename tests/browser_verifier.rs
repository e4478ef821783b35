//! The page that checks packs in a browser, `verifier/dist/verify.html`: built from its sources, opened from the disk in headless Chromium, and held against `verify` step by step.
//! Refuses to pass silently where node, its packages or Chromium are missing: it says so, and what would install them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use verify::{Given, Report, Verdict, Verifier, check};

use crate::command::{Desk, stdout};
use crate::riverbend::riverbend;

const FLIPPED: usize = 300;
const RESEALED: usize = 400;

fn verifier(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("verifier").join(name)
}

fn runs(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|output| output.status.success())
}

/// Whether the page can be built here; where not, the output of the test says so.
fn can_build() -> bool {
    let there = runs("node", "--version") && verifier("node_modules/esbuild").is_dir();
    if !there {
        println!("SKIPPED: no node with the packages of verifier/package.json here (`npm ci` in verifier/ installs them)");
    }
    there
}

/// The browser, where the page can be opened; where not, the output of the test says so.
pub(crate) fn chromium() -> Option<PathBuf> {
    let found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].iter().map(PathBuf::from).find(|path| path.exists());
    let found = found.filter(|_| can_build() && verifier("node_modules/playwright-core").is_dir());
    if found.is_none() {
        println!("SKIPPED: no Chromium with node here, so the page was not opened");
    }
    found
}

/// Has the page do a task (see `verifier/test/drive.mjs`) and gives what it showed.
pub(crate) fn drive(desk: &Desk, chromium: &Path, mut task: Value) -> Value {
    let pictures = desk.path().join("pictures");
    std::fs::create_dir_all(&pictures).unwrap();
    task["chromium"] = json!(chromium);
    task["page"] = json!(verifier("dist/verify.html"));
    task["pictures"] = json!(pictures);
    desk.write("task.json", &task.to_string());
    let output = Command::new("node").arg(verifier("test/drive.mjs")).arg(desk.path().join("task.json")).output().unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let requests: Vec<&str> = said["requests"].as_array().unwrap().iter().map(|url| url.as_str().unwrap()).collect();
    assert!(requests.iter().all(|url| url.starts_with("file://") && url.ends_with("/verifier/dist/verify.html")), "the page asked for {requests:?}");
    assert_eq!(said["blocked"], true, "the policy of the page lets it send something");
    said
}

/// Each step's id and outcome, as the page gives them.
fn steps(report: &Report) -> String {
    let word = |outcome: verify::Outcome| outcome.as_str().replace(' ', "_");
    report.steps.iter().map(|step| format!("{}:{}", step.id, word(step.outcome))).collect::<Vec<_>>().join(" ")
}

fn summary(report: &Report) -> String {
    format!("{} {}", report.verdict().as_str(), steps(report))
}

fn given(key: &str) -> Given {
    Given { key: Some(Verifier::parse(key).unwrap()), ..Given::default() }
}

#[test]
fn the_page_that_is_checked_in_is_what_its_sources_build() {
    if can_build() {
        let folder = tempfile::tempdir().unwrap();
        let built = folder.path().join("verify.html");
        let output = Command::new("node").arg(verifier("build.mjs")).arg(&built).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let same = std::fs::read(&built).unwrap() == std::fs::read(verifier("dist/verify.html")).unwrap();
        assert!(same, "verifier/dist/verify.html is not what its sources and PAYLOADS.md give: `npm ci && npm run build` in verifier/, and check it in");
    }
}

#[test]
fn the_page_shows_what_the_program_says() {
    let Some(chromium) = chromium() else { return };
    let desk = riverbend();
    desk.write("kept.txt", &stdout(&desk.done(&["checkpoint", "sign"])));
    let key = desk.vkey();
    let report = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    let finding = report["findings"].as_array().unwrap().iter().find(|f| f["about"]["claims"].as_array().is_some_and(|c| !c.is_empty())).unwrap();
    let [claim, whom] = [&finding["about"]["claims"][0], &finding["about"]["individual"]].map(|value| value.as_str().unwrap());
    desk.pack("claim.pack", &["--claim", claim, "--since", "kept.txt"]);
    desk.pack("everything.pack", &[]);
    desk.done(&["erase", whom, "--reason", "asked for it", "--approved-by", "Ana Ortiz"]);
    desk.pack("erased.pack", &["--from", "0", "--to", "999"]);
    desk.write("empty.pack", "");
    let other = Desk::simulated().vkey();
    let kept = desk.path().join("kept.txt");
    let at = |name: &str| desk.path().join(name);
    // A pack, the key, the checkpoints, and how it is given to the page.
    let shown = [
        ("green", "claim.pack", key.as_str(), true, false),
        ("dropped", "everything.pack", key.as_str(), false, true),
        ("alone", "claim.pack", "", false, false),
        ("erased", "erased.pack", key.as_str(), false, false),
        ("unproved", "erased.pack", key.as_str(), true, false),
        ("other", "claim.pack", other.as_str(), false, false),
        ("empty", "empty.pack", key.as_str(), false, false),
        ("no-key", "claim.pack", "ledger.test.example", false, false),
    ];
    let task: Vec<Value> = shown
        .iter()
        .map(|(name, pack, key, with_kept, drop)| json!({"name": name, "pack": at(pack), "key": key, "checkpoints": if *with_kept { vec![&kept] } else { vec![] }, "drop": drop, "picture": *name == "green"}))
        .collect();
    let said = drive(&desk, &chromium, json!({"shown": task, "flipped": null, "many": null}));
    let refused = said["problems"].as_array().unwrap().iter().filter(|problem| !problem.as_str().unwrap().contains("127.0.0.1:9")).count();
    assert_eq!(refused, 0, "{}", said["problems"]);
    for ((name, pack, key, with_kept, _), page) in shown.into_iter().zip(said["shown"].as_array().unwrap()) {
        assert_eq!(page["wider"], 0, "{name}: the page is wider than its window");
        if name == "no-key" {
            assert_eq!((&page["hidden"], page["problem"].as_str().unwrap().is_empty()), (&json!(true), false), "{name}");
            continue;
        }
        let checkpoints = if with_kept { vec![("kept.txt".to_owned(), std::fs::read(&kept).unwrap())] } else { Vec::new() };
        let ours = check(&std::fs::read(at(pack)).unwrap(), &Given { key: Verifier::parse(key).ok(), checkpoints, ..Given::default() });
        assert_eq!((page["verdict"].as_str().unwrap(), page["steps"].as_str().unwrap()), (ours.verdict().as_str(), steps(&ours).as_str()), "{name}");
        if ours.verdict() != Verdict::Failed {
            assert_eq!(page["sentence"].as_str().unwrap(), ours.sentence().replace("check with --key", "check with the log's key"), "{name}");
            let evidence: Vec<String> = ours.restated.iter().take(20).flat_map(|f| &f.evidence).map(|(seq, says)| format!("seq {seq}: {says}")).collect();
            assert!(!evidence.is_empty() && page["findings"] == json!(evidence), "{name}: the findings' evidence is told otherwise");
        }
        let (begins, green) = match name {
            "green" | "dropped" => ("✓ Verified", true),
            "erased" => ("✓ Verified, with erased parts", true),
            "alone" => ("○ Self-consistent only", false),
            _ => ("✗ Failed", false),
        };
        assert!(page["heading"].as_str().unwrap().starts_with(begins), "{name}: {page}");
        assert_eq!(ours.verdict().is_green(), green, "{name}");
        assert!(page["live"].as_str().unwrap().starts_with(begins), "{name}: a screen reader is told the verdict");
    }
}

#[test]
fn the_page_agrees_with_the_program_step_by_step_on_hundreds_of_changed_packs() {
    let Some(chromium) = chromium() else { return };
    let desk = riverbend();
    desk.write("kept.txt", &stdout(&desk.done(&["checkpoint", "sign"])));
    let path = desk.pack("sweep", &["--from", "0", "--to", "5", "--since", "kept.txt"]);
    let key = desk.vkey();
    let mut file = std::fs::read(&path).unwrap();
    let changes: Vec<(usize, u8)> = (0..FLIPPED).map(|i| (i * file.len() / FLIPPED, [0x01, 0x20, 0x80, 0xff][i % 4])).collect();

    let folder = desk.path().join("resealed");
    let secret = desk.ledger().join("keys/log-key");
    let mut resealed: Vec<PathBuf> = Vec::new();
    if crate::second_verifier::is_there() {
        std::fs::create_dir(&folder).unwrap();
        crate::second_verifier::reseal(&path, &secret, RESEALED, &folder);
        resealed = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        resealed.sort();
    }
    let many = if resealed.is_empty() { Value::Null } else { json!({"folder": folder, "key": key}) };
    let flipped = json!({"pack": path, "key": key, "checkpoints": [desk.path().join("kept.txt")], "changes": changes});
    let said = drive(&desk, &chromium, json!({"shown": [], "flipped": flipped, "many": many}));

    let kept = vec![("kept.txt".to_owned(), std::fs::read(desk.path().join("kept.txt")).unwrap())];
    let with_kept = Given { checkpoints: kept, ..given(&key) };
    let mut disagreements = Vec::new();
    let mut compare = |what: String, ours: &str, theirs: &Value| {
        if theirs != ours {
            disagreements.push(format!("{what}\n  program: {ours}\n  page:    {theirs}"));
        }
    };
    assert_eq!(said["flipped"].as_array().unwrap().len(), FLIPPED);
    for ((at, xor), theirs) in changes.into_iter().zip(said["flipped"].as_array().unwrap()) {
        file[at] ^= xor;
        let ours = check(&file, &with_kept);
        assert_eq!(ours.verdict(), Verdict::Failed, "byte {at} xor {xor}");
        compare(format!("byte {at} xor {xor}"), &summary(&ours), theirs);
        file[at] ^= xor;
    }
    assert_eq!(said["many"].as_array().unwrap().len(), resealed.len());
    let mut green = 0;
    for (name, theirs) in resealed.iter().zip(said["many"].as_array().unwrap()) {
        let ours = check(&std::fs::read(name).unwrap(), &given(&key));
        green += usize::from(ours.verdict().is_green());
        compare(name.display().to_string(), &summary(&ours), theirs);
    }
    assert!(resealed.is_empty() || (green > 20 && resealed.len() - green > 200), "{green} of {} changes mean nothing, the others are refused", resealed.len());
    assert!(disagreements.is_empty(), "{}:\n{}", disagreements.len(), disagreements.join("\n"));
}
