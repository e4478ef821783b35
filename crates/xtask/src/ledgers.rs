//! Ledgers and packs of this version, kept so that every later version proves that it still reads and verifies them.
//! It refuses to write a folder that is there: what was once kept is never changed, a new format gets a new folder.
//!
//! They are made by the program itself from a month of the invented agency, so everybody in them is made up and their keys are no secret.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// The folder of this version, from the repository's root.
pub const FOLDER: &str = "fixtures/ledgers/v1";

/// Makes the folder with a built `countersign`. Returns what was written. Errors: it is there already, or the program does not do what is asked of it.
pub fn run(root: &Path, program: &Path) -> Result<Vec<String>> {
    let folder = root.join(FOLDER);
    if folder.exists() {
        bail!("{FOLDER} is there, and is never changed; a new format gets a folder of its own");
    }
    let program = std::path::absolute(program).context("no such program")?;
    let work = folder.join("work");
    fs::create_dir_all(&work).context("cannot make the folder")?;
    let run = |args: &[&str]| -> Result<Value> {
        let output = Command::new(&program).args(args).current_dir(&work).env_remove("COUNTERSIGN_LEDGER").output().context("countersign cannot be started")?;
        if !output.status.success() {
            bail!("countersign {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    };
    let events = fs::read_to_string(root.join("fixtures/conformance/mhotrs-cred-01-revoked-backwards/events.jsonl")).context("cannot read the case")?;
    fs::write(work.join("first.jsonl"), &events)?;
    let told: String = (0..300).map(complaint).collect();
    fs::write(work.join("more.jsonl"), told)?;
    run(&["init", "--origin", "ledger.riverbend.example", "--simulated"])?;
    run(&["import", "first.jsonl"])?;
    run(&["scan", "--today", "2025-07-01", "--fail-on", "never"])?;
    run(&["key", "rotate"])?;
    run(&["import", "more.jsonl"])?;
    let erased = run(&["erase", "I-ERASED", "--reason", "an invented request", "--approved-by", "Ben Cole", "--on", "2025-07-02"]);
    erased.context("the erasure of somebody invented")?;
    run(&["checkpoint", "sign"])?;
    let status = run(&["status", "--json"])?;
    let size = status["size"].as_u64().context("status has no size")?;
    run(&["pack", "create", "--from", "0", "--to", &(size - 1).to_string(), "-o", "range.pack"])?;
    run(&["backup", "ledger", "--keys", "keys"])?;
    // With the export of the pack, which is an event of its own.
    let verified = run(&["verify", "--json"])?;
    let key = run(&["checkpoint", "key", "--json"])?;
    let findings = run(&["scan", "--today", "2025-07-01", "--dry-run", "--fail-on", "never", "--json"])?;
    let expected = json!({
        "size": verified["events"], "root": verified["root"], "key": key["vkey"], "erased_values": verified["erased_values"],
        "findings": findings["findings"].as_array().map(|all| all.iter().map(|f| json!([f["rule"], f["subject"], f["class"]])).collect::<Vec<_>>()),
    });
    for name in ["ledger", "keys", "range.pack"] {
        fs::rename(work.join(name), folder.join(name)).with_context(|| format!("cannot move {name}"))?;
    }
    fs::write(folder.join("expected.json"), serde_json::to_string_pretty(&expected)? + "\n")?;
    fs::remove_dir_all(&work).context("cannot remove the working folder")?;
    Ok(vec![format!("{FOLDER}: a ledger of {size} events, its keys, a pack of all of them, and what is expected of them")])
}

fn complaint(n: u32) -> String {
    let day = 1 + n % 28;
    match n {
        0 => "{\"type\":\"individual_registered\",\"source_id\":\"x:0\",\"individual\":\"I-ERASED\",\"birth_date\":\"1984-05-06\",\"recorded_at\":\"2025-07-01T12:00:00Z\"}\n".to_owned(),
        _ => format!(
            "{{\"type\":\"complaint_recorded\",\"source_id\":\"x:{n}\",\"category\":\"kind {}\",\"received_on\":\"2025-06-{day:02}\",\"recorded_at\":\"2025-07-01T12:{:02}:{:02}Z\"}}\n",
            n % 7,
            n / 60,
            n % 60
        ),
    }
}
